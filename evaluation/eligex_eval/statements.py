"""Predicates in the form in which criteria annotated by reading are compared: words and numbers, no ids.

Numbers compare by value, Roman numerals as numbers, letters as they are; a few units count as one (scores,
stages and grades have none; cells per volume have one scale).  A condition compares by its content words, a
window by its two lengths.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from eligex.schema import Count, Criterion, Predicate, TrialCriteria

from .documents import Fragment, Statement
from .numbers import ROMAN

_NO_UNIT = ("{score}", "{stage}", "{grade}", "{class}", "{points}")
_SAME_UNITS = {
    **dict.fromkeys(_NO_UNIT, ""),
    **dict.fromkeys(("10*3/uL", "10*3/mm3", "K/uL"), "10*9/L"),
    **dict.fromkeys(("/mm3", "10*6/L"), "/uL"),
}
_EMPTY_WORDS = frozenset(
    "the of a an with in or and to for who are is patients subjects participants".split()
)


def content_words(text: str | None) -> frozenset[str]:
    """Return the words of a condition that say something.

    >>> sorted(content_words("Patients with liver metastases"))
    ['liver', 'metastases']
    """
    return frozenset(re.findall(r"\w+", (text or "").lower())) - _EMPTY_WORDS


def plain_value(value: object) -> str:
    """Return a form in which equal values are equal.

    >>> [plain_value(v) for v in (2, "1,000", "III", "B")]
    ['2.0', '1000.0', '3.0', 'b']
    """
    text = str(value).strip().lower()
    try:
        return str(float(text.replace(",", "")))
    except ValueError:
        return str(ROMAN.get(text, text))


def values(
    comparator: str | None, threshold: object, high: object, members: Iterable[object] | None
) -> tuple[str, ...]:
    """Return the values of a limit: of a set sorted, of a range its two ends.

    >>> values("in", 1, None, (1, 0)), values("between", 18, 75, None), values(None, None, None, None)
    (('0.0', '1.0'), ('18.0', '75.0'), ())
    """
    if comparator == "in":
        return tuple(sorted(map(plain_value, members or (threshold,))))
    if comparator == "between":
        return plain_value(threshold), plain_value(high)
    return () if threshold is None else (plain_value(threshold),)


def same_unit(unit: str | None) -> str:
    """Return one unit for all equal units."""
    return _SAME_UNITS.get(unit or "", unit or "")


def length(value: Any) -> Any:
    """Return a length of time as a value that can be compared, from a contract object or from JSON."""
    if isinstance(value, Count):
        return value.value, value.unit
    return (value["value"], value["unit"]) if isinstance(value, dict) else value


def result_statements(result: TrialCriteria, section: Fragment) -> list[Statement]:
    """Return the predicates with an effect whose entity lies in the section."""
    return [
        _statement(p, criterion)
        for criterion in result.criteria
        for p in criterion.predicates
        if p.effect is not None and section[0] <= p.entity.start and p.entity.end <= section[1]
    ]


def _statement(p: Predicate, criterion: Criterion) -> Statement:
    return Statement(
        spans=((p.entity.start, p.entity.end),),
        name=p.entity.text,
        key=p.id,
        negated=p.negated,
        comparator=p.comparator,
        values=values(p.comparator, p.threshold, p.threshold_high, p.threshold_set),
        written=tuple(sorted(map(plain_value, _written(p)))),
        unit=same_unit(p.unit),
        effect=p.effect,
        condition=p.condition,
        cohort=criterion.cohort,
        window=None if p.temporal is None else (length(p.temporal.low), length(p.temporal.high)),
    )


def _written(p: Predicate) -> Iterator[str]:
    """Yield the thresholds as the text has them."""
    if isinstance(p.threshold_text, str):
        yield p.threshold_text
    else:
        yield from p.threshold_text or ()
