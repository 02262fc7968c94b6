"""Every organ of a list of functions is an entity if one is."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "Sufficient organ and <Measurement|marrow function>",
            "Qualifier: Sufficient, Measurement: organ, Measurement: marrow function",
            id="the first was missed",
        ),
        pytest.param(
            "Sufficient <Measurement|bone> marrow, lung and liver function",
            "Qualifier: Sufficient, Measurement: bone marrow, Measurement: lung, Measurement: liver function",
            id="a name of two words is one",
        ),
        pytest.param(
            "<Qualifier|Good> <Condition|lung> and <Observation|liver function>",
            "Qualifier: Good, Observation: lung, Observation: liver function",
            id="one label",
        ),
        pytest.param(
            "<Observation|Good lung/liver function>",
            "Qualifier: Good, Observation: lung, Observation: liver function",
            id="one entity over all",
        ),
        pytest.param(
            "Good organ <Measurement|function>", "Qualifier: Good, Measurement: organ function", id="one"
        ),
        pytest.param(
            "Good lung and <Measurement|liver function>, defined as <Measurement|ALT> < 40",
            "Measurement: lung, Measurement: liver function, Measurement: ALT",
            id="limits follow",
        ),
        pytest.param(
            "Good lung and liver function, <Condition|gout>", "Condition: gout", id="none recognised"
        ),
        pytest.param(
            "Good lung and <Measurement|liver function test>", "Measurement: liver function test", id="a test"
        ),
        pytest.param("Renal and <Condition|liver failure>", "Condition: liver failure", id="no function"),
    ],
)
def test_functions(by_rules: Callable[[str], str], marked: str, expected: str) -> None:
    assert by_rules(marked) == expected
