"""What a disease needs is an entity, even if the recogniser took it for a description."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "<Condition|boils> <Qualifier|requiring drainage> within 2 years",
            "Condition: boils, Procedure: drainage",
            id="instead of the description",
        ),
        pytest.param(
            "<Condition|boils> that have required oral antibiotics in the last year",
            "Condition: boils, Drug: oral antibiotics",
            id="a drug",
        ),
        pytest.param(
            "<Condition|colic> which needed an admission in the last year",
            "Condition: colic, Visit: admission",
            id="a stay",
        ),
        pytest.param(
            "<Condition|colic> requiring ongoing therapy in the last year",
            "Condition: colic, Qualifier: ongoing, Procedure: therapy",
            id="described itself",
        ),
        pytest.param(
            "<Condition|colic> <Qualifier|requiring antibiotics or surgery> in the last year",
            "Condition: colic, Drug: antibiotics, Procedure: surgery",
            id="all of a list",
        ),
        pytest.param(
            "<Condition|colic> requiring oral and/or intravenous antibiotics in the last year",
            "Condition: colic, Drug: intravenous antibiotics",
            id="no adjective alone",
        ),
        pytest.param(
            "<Condition|colic> requiring treatment with steroids in the last year",
            "Condition: colic, Drug: steroids",
            id="what it is done with",
        ),
        pytest.param(
            "<Condition|colic> requiring interruption of treatment in the last year",
            "Condition: colic, Procedure: interruption of treatment",
            id="what is done to another",
        ),
        pytest.param(
            "<Condition|colic> <Qualifier|not requiring therapy> in the last year",
            "Condition: colic, Qualifier: not requiring therapy",
            id="not needed",
        ),
        pytest.param(
            "<Condition|colic> not requiring therapy in the last year",
            "Condition: colic",
            id="not needed, not described",
        ),
        pytest.param(
            "<Condition|colic> that is <Qualifier|growing> or <Qualifier|requires therapy> in the last year",
            "Condition: colic, Qualifier: growing, Qualifier: requires therapy",
            id="one of several descriptions",
        ),
        pytest.param(
            "<Condition|colic>, <Qualifier|growing requiring therapy> in the last year",
            "Condition: colic, Qualifier: growing requiring therapy",
            id="a description of more",
        ),
        pytest.param(
            "<Condition|colic> requiring <Drug|steroid therapy>",
            "Condition: colic, Drug: steroid therapy",
            id="recognised",
        ),
        pytest.param(
            "<Condition|boils> <Qualifier|requiring drainage>",
            "Condition: boils, Qualifier: requiring drainage",
            id="at no time that is told",
        ),
        pytest.param(
            "<Condition|boils> <Qualifier|requiring drainage>, surgery within 2 years",
            "Condition: boils, Qualifier: requiring drainage",
            id="the time of another",
        ),
        pytest.param(
            "<Condition|colic> requiring close attention in the last year", "Condition: colic", id="no thing"
        ),
        pytest.param(
            "<Condition|colic> requiring no therapy in the last year", "Condition: colic", id="nothing needed"
        ),
    ],
)
def test_needed(by_rules: Callable[[str], str], marked: str, expected: str) -> None:
    assert by_rules(marked) == expected
