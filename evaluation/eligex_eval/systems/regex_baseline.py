"""A baseline of the kind people write in an afternoon: a few regular expressions over each line.

It knows symbols and a few words for comparators, plain numbers, ranges, a list of units, and takes the
words before a number as what it is about.  Its errors show why more is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from eligex.schema import Comparator, Entity, Predicate, TrialCriteria

from ..documents import Fragment, Input
from . import build
from .words import SIGN, SIGNS, WINDOW_BEFORE, line_before, words_before

_UNITS = {
    "years": "a", "year": "a", "yrs": "a", "yr": "a", "months": "mo", "month": "mo", "weeks": "wk",
    "week": "wk", "days": "d", "day": "d", "hours": "h", "%": "%", "mg/dl": "mg/dL", "g/dl": "g/dL",
    "kg/m2": "kg/m2", "kg": "kg", "mmhg": "mm[Hg]", "mm hg": "mm[Hg]", "ml/min": "mL/min", "mmol/l": "mmol/L",
    "cm": "cm", "mm": "mm", "mg": "mg",
}  # fmt: skip
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:,\d{3}){1,3}|\d{1,6}(?:\.\d{1,4})?"
_RANGE = re.compile(
    rf"(?P<low>{_NUMBER})\s?(?:-|–|to|and)\s?(?P<high>{_NUMBER})\s?(?P<unit>{_UNIT})?(?![\w-])", re.IGNORECASE
)
_LIMIT = re.compile(rf"(?P<sign>{SIGN})\s?(?P<value>{_NUMBER})\s?(?P<unit>{_UNIT})?(?![\w-])", re.IGNORECASE)
_OR_OLDER = re.compile(
    rf"(?P<value>{_NUMBER})\s?(?P<unit>{_UNIT})\s(?:of age )?(?:or|and) (?:older|above|over|more)",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:no|not|without|absence of|denies)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_HISTORY = re.compile(
    r"\b(?:history of|diagnosis of|diagnosed with|known|presence of)\s+((?:[a-z][\w-]*\s?){1,4})",
    re.IGNORECASE,
)


class RegexBaseline:
    """Regular expressions, and nothing else."""

    name = "regex"

    def describe(self) -> dict[str, Any]:
        """Return the version of the rules."""
        return {"rules": 1}

    def predict(self, inputs: Iterable[Input]) -> Iterator[TrialCriteria]:
        """Yield a result for every input."""
        for item in inputs:
            predicates = list(_predicates(item.text))
            entities = [*_values(item.text, predicates), *_conditions(item.text)]
            yield build.result(item.id, item.text, entities, predicates)


def _predicates(text: str) -> Iterator[Predicate]:
    taken: list[Fragment] = []
    for pattern in (_RANGE, _OR_OLDER, _LIMIT):
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            before = line_before(text, match.start())
            if not WINDOW_BEFORE.search(before):
                yield _predicate(text, match, before)


def _predicate(text: str, match: re.Match[str], before: str) -> Predicate:
    groups = match.groupdict()
    unit_text = groups["unit"]
    unit = _UNITS[unit_text.casefold()] if unit_text else None
    if "low" in groups:
        comparator: Comparator = "between"
        numbers = [_number(groups["low"]), _number(groups["high"])]
    else:
        comparator = SIGNS[groups["sign"].casefold()] if groups.get("sign") else ">="
        numbers = [_number(groups["value"])]
    entity = words_before(match.start(), before) or match.span()
    return build.number_predicate(text, entity, match.span(), comparator, numbers, unit, unit_text)


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _values(text: str, predicates: list[Predicate]) -> Iterator[Entity]:
    for p in predicates:
        if p.value_start is not None and p.value_end is not None:
            value = build.entity(text, p.value_start, p.value_end, "Value")
            if value:
                yield value
        if p.entity.start != p.value_start:
            label = "Person" if "age" in p.entity.text.casefold() else "Measurement"
            named = build.entity(text, p.entity.start, p.entity.end, label)
            if named:
                yield named


def _conditions(text: str) -> Iterator[Entity]:
    for match in _HISTORY.finditer(text):
        negated = bool(_NEGATION.search(text[max(0, match.start() - 40) : match.start()]))
        end = match.start(1) + len(match[1].rstrip())
        found = build.entity(text, match.start(1), end, "Condition", negated)
        if found:
            yield found
