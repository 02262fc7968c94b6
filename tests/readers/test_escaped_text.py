from __future__ import annotations

from collections.abc import Iterator

import pytest

import eligex
from eligex.schema import TrialCriteria

PLAIN = (
    "\ufeffInclusion Criteria:\n\n• Age ≥ 18 years\n• Platelet count > 100,000/mm3\n"
    "• ALT ≤ 3 x ULN if < 65 years\n\n"
    "Exclusion Criteria:\n\n• Pregnancy\n• Serum creatinine > 1.5 mg/dL\n"
)
ESCAPED = PLAIN.replace("<", "&lt;").replace(">", "&gt;").replace("≥", "&#8805;").replace("≤", "&le;")
ESCAPED = ESCAPED.replace("•", "&bull;").replace("Pregnancy", "<b>Preg</b>nancy")


def predicates(result: TrialCriteria) -> list[tuple[object, ...]]:
    return [
        (criterion.type, predicate.comparator, predicate.threshold, predicate.unit, predicate.effect)
        for criterion in result.criteria
        for predicate in criterion.predicates
    ]


def quotations(result: TrialCriteria) -> Iterator[tuple[int, int, str]]:
    for span in (*result.headings, *result.entities, *result.criteria, *result.unparsed):
        yield span.start, span.end, span.text
    for criterion in result.criteria:
        for predicate in criterion.predicates:
            yield predicate.entity.start, predicate.entity.end, predicate.entity.text
            if predicate.value_text is not None:
                assert predicate.value_start is not None
                assert predicate.value_end is not None
                yield predicate.value_start, predicate.value_end, predicate.value_text


def test_escaped_text_says_the_same() -> None:
    assert len(predicates(eligex.extract(PLAIN))) >= 5
    assert predicates(eligex.extract(ESCAPED)) == predicates(eligex.extract(PLAIN))


@pytest.mark.parametrize(
    "text", [PLAIN, ESCAPED, ESCAPED.replace("\n", "\0\n")], ids=["plain", "escaped", "nul"]
)
def test_quotations_are_of_the_source(text: str) -> None:
    found = list(quotations(eligex.extract(text)))
    assert len(found) > 15
    assert all(text[start:end] == quoted for start, end, quoted in found)


def test_markers_are_of_the_source() -> None:
    assert {criterion.marker for criterion in eligex.extract(ESCAPED).criteria} == {"&bull;"}
