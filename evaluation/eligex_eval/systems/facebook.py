"""The output of Facebook Research's Clinical-Trial-Parser: a table with one relation a row.

Columns: trial, ``inclusion`` or ``exclusion``, type of variable, number of the criterion, its words, a
question and the relation as JSON (``{"name": "age", "unit": "year", "lower": {"incl": true, "value": "18"},
…}``).  The parser quotes no offsets and writes criteria with their lead-in: a row belongs to the line that
shares most of its words, the limit to its number in that line, the entity to the words of the variable or,
without these, the words in front.  Relations of exclusion criteria say who may take part; they are turned
round to say what is written.  A relation whose number is nowhere in the text counts as a wrong predicate.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from eligex.schema import Comparator, Criterion, Predicate

from ..documents import Fragment
from ..errors import PredictionError
from ..numbers import parse_value
from ..predictions import Prediction
from . import build
from .quantity_packages import units
from .words import line_before, sign_before, words_before

HEAD = "#nct_id"
_COLUMNS = 7
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3}){1,3}(?:\.\d+)?|\d{1,9}(?:\.\d{1,6})?|\b[IVX]{1,4}\b")


def read_facebook(path: Path, texts: Mapping[str, str]) -> Iterator[Prediction]:
    """Read the table; every trial of it is a prediction."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith(HEAD):
            row = _row(line, f"{path.name}:{number}")
            if row["key"] not in texts:
                raise PredictionError(
                    f"a prediction for an unknown document, {row['key']!r}", where=row["where"]
                )
            rows.setdefault(row["key"], []).append(row)
    for key, said in rows.items():
        yield predict(key, texts[key], said)


def _row(line: str, where: str) -> dict[str, Any]:
    cells = line.split("\t")
    if len(cells) != _COLUMNS:
        raise PredictionError(f"{len(cells)} columns, not {_COLUMNS}", where=where)
    try:
        relation = json.loads(cells[6])
    except json.JSONDecodeError as error:
        raise PredictionError(f"the relation is not JSON ({error.msg})", where=where) from error
    return {"key": cells[0], "type": cells[1], "words": cells[4], "relation": relation, "where": where}


def predict(key: str, text: str, rows: Sequence[dict[str, Any]]) -> Prediction:
    """Lay the relations of one trial onto its text."""
    criteria = build.lines(text)[1]
    predicates, lost = [], 0
    for row in rows:
        relation = row["relation"]
        if not (relation.get("lower") or relation.get("upper") or relation.get("value")):
            continue
        line = _line(criteria, row["type"], row["words"])
        made = None if line is None else _predicate(text, line, relation, row["type"] == "exclusion")
        predicates += [made] if made else []
        lost += made is None
    values = [(p.value_start or 0, p.value_end or 0) for p in predicates]
    found = [build.entity(text, *span, "Value") for span in values]
    found += [build.entity(text, p.entity.start, p.entity.end, "Measurement") for p in predicates]
    result = build.result(key, text, [e for e in found if e], predicates)
    lost += len(predicates) - sum(len(c.predicates) for c in result.criteria)
    return Prediction(result, unplaced_predicates=lost)


def _line(criteria: Sequence[Criterion], kind: str, words: str) -> Criterion | None:
    """Return the line of the section that shares most words with a criterion of the parser."""
    asked = _words(words)
    best = max(
        (c for c in criteria if c.type == kind),
        key=lambda c: (len(_words(c.text) & asked) / max(len(_words(c.text) | asked), 1), -c.start),
        default=None,
    )
    return best if best is not None and _words(best.text) & asked else None


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _predicate(text: str, line: Criterion, relation: Mapping[str, Any], excluded: bool) -> Predicate | None:
    limit = _limit(relation, excluded)
    if limit is None:
        return None
    comparator, numbers = limit
    places = [_place(text, line, number) for number in numbers]
    spans = [span for span in places if span is not None]
    if len(spans) < len(numbers):
        return None
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    before = line_before(text, start)
    sign = sign_before(before)
    start -= 0 if sign is None else len(before) - sign[1]
    entity = _named(line, str(relation.get("name") or "")) or words_before(start, line_before(text, start))
    unit = units("facebook").get(str(relation.get("unit") or ""))
    if comparator == "in":
        bare = build.number_predicate(text, entity or (start, end), (start, end), "=", numbers, None, None)
        limits = [(number, None) for number in sorted(numbers)]
        return build.limited(bare, text, (start, end), "in", limits, None)
    return build.number_predicate(text, entity or (start, end), (start, end), comparator, numbers, unit, None)


def _limit(relation: Mapping[str, Any], excluded: bool) -> tuple[Comparator, list[float]] | None:
    """Return the limit as the text has it; in an exclusion ``lower: 18`` stands for "< 18".

    >>> _limit({"lower": {"incl": True, "value": "18"}}, True)
    ('<', [18.0])
    """
    if relation.get("value"):
        numbers = [n for n in map(parse_value, relation["value"]) if isinstance(n, float)]
        return ("=" if len(numbers) == 1 else "in", numbers) if numbers else None
    ends: dict[str, tuple[float, bool]] = {}
    for name in ("lower", "upper"):
        if end := relation.get(name):
            try:
                ends[name] = float(str(end["value"]).replace(",", "")), bool(end["incl"])
            except ValueError:
                return None
    if len(ends) == 2:
        return "between", [ends["lower"][0], ends["upper"][0]]
    ((name, (number, inclusive)),) = ends.items()
    sign = ">" if (name == "lower") != excluded else "<"
    closed = inclusive != excluded
    return (f"{sign}=" if closed else sign), [number]  # type: ignore[return-value]


def _place(text: str, line: Criterion, number: float) -> Fragment | None:
    for match in _NUMBER.finditer(text, line.start, line.end):
        if parse_value(match[0]) == number:
            return match.span()
    return None


def _named(line: Criterion, name: str) -> Fragment | None:
    words = [re.escape(word) for word in name.split("_") if word]
    match = re.search(r"\W{1,3}".join(words), line.text, re.IGNORECASE) if words else None
    return None if match is None else (line.start + match.start(), line.start + match.end())
