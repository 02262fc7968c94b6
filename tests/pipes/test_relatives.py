"""Relatives are no entities where the words around them say whose disease it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param("<Person|Mother> with <Condition|gout>", "Condition: gout", id="the mother"),
        pytest.param("<Observation|Father with gout>", "Condition: gout", id="one entity"),
        pytest.param("<Drug|Sister with insulin>", "Drug: insulin", id="one entity that has a label"),
        pytest.param(
            "<Person|First-degree relative> with <Condition|gout>", "Condition: gout", id="a degree"
        ),
        pytest.param(
            "<Person|1st or 2nd degree relatives> with <Condition|gout>", "Condition: gout", id="more before"
        ),
        pytest.param(
            "<Person|Brother> or <Person|sister> with <Condition|gout>", "Condition: gout", id="two relatives"
        ),
        pytest.param("<Condition|Gout> <Qualifier|in a sibling>", "Condition: Gout", id="behind"),
        pytest.param("<Condition|Gout> in <Person|relatives>", "Condition: Gout", id="behind, a part"),
        pytest.param(
            "<Person|Mothers> with <Condition|gout>", "Person: Mothers, Condition: gout", id="who takes part"
        ),
        pytest.param(
            "Patients and <Person|family members> with <Condition|gout>",
            "Person: family members, Condition: gout",
            id="who takes part, too",
        ),
        pytest.param(
            "<Person|Parent> with a <Person|child> with <Condition|gout>",
            "Person: Parent, Person: child, Condition: gout",
            id="whose child it is",
        ),
        pytest.param(
            "<Condition|Gout in a sibling>", "Condition: Gout in a sibling", id="a name that holds it"
        ),
        pytest.param("<Person|Mother> of twins", "Person: Mother", id="no disease"),
    ],
)
def test_relatives(by_rules: Callable[[str], str], marked: str, expected: str) -> None:
    assert by_rules(marked) == expected
