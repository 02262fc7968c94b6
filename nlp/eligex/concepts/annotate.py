"""Criteria → the same with concepts, limits in one unit for each analyte, and what is doubtful in them.

Decides what is asked of the linker and the analytes; works on the plain data of criteria.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from eligex.concepts import analytes, ucum
from eligex.concepts.analytes import Analyte
from eligex.concepts.link import Link, Linker
from eligex.concepts.normal import concept_words, plain_words, stem

Plain = dict[str, Any]
_AROUND = 40
_PAIR = re.compile(r"\d/\d")  # "90/45"
_CUT = re.compile(r"[\d×x˄^*]\s?$")  # the "1.5 x " before "10/L"
_FLAT = re.compile(r"\b10(?:6|9|12)\s?/\s?l\b", re.IGNORECASE)  # "109/L", which was 10⁹/L
_place = itemgetter("start", "end", "label", "name")
_CHANGE_BEFORE, _CHANGE_AFTER = 80, 20
"""How far before and after a limit a word may stand that makes it one of a change."""
_ALIKE = 0.06
"""How far two ways to write one limit may lie apart: protocols round 176.8 to 177 or 180."""


def annotate(criteria: Sequence[Plain], text: str, linker: Linker, conditions: Sequence[str] = ()) -> None:
    """Add ``concept``, ``xrefs``, ``canonical_…`` and ``warnings`` to the predicates of ``criteria``.

    Parameters
    ----------
    criteria
        Plain criteria with offsets into ``text``; they are changed.
    text
        The text of the section.
    linker
        Where concepts are looked up.
    conditions
        The conditions that the trial is about, where its record names them.
    """
    known: dict[tuple[Any, ...], Link | None] = {}  # an entity has a predicate for each of its limits
    for criterion in criteria:
        for predicate in _predicates(criterion["predicates"]):
            entity = predicate["entity"]
            start, end, label, name = place = _place(entity)
            if place not in known:
                around = text[max(start - _AROUND, 0) : end + _AROUND]
                known[place] = linker.link(
                    entity["text"], label, name=name, around=around, conditions=conditions
                )
            link = known[place]
            if link is not None:
                entity["concept"] = _concept(link)
                entity["xrefs"] = list(link.xrefs)
            if predicate["threshold"] is not None:
                _measure(predicate, link, text)
        _spare_shared(criterion["predicates"])


def _predicates(items: Sequence[Plain]) -> Iterator[Plain]:
    for item in items:
        yield item
        yield from _predicates(item["condition_predicates"])


def _spare_shared(predicates: Sequence[Plain]) -> None:
    """Drop the flags of a limit that several entities share, if it is plausible for one of them."""
    fine = {
        p["value_start"] for p in predicates if p["canonical_threshold"] is not None and not p["warnings"]
    }
    for predicate in predicates:
        if predicate["value_start"] in fine and predicate["warnings"]:
            predicate["warnings"] = []


def _concept(link: Link) -> Plain:
    return {
        "system": link.system,
        "code": link.code,
        "name": link.name,
        "match": link.match,
        "score": link.score,
    }


def _measure(predicate: Plain, link: Link | None, text: str) -> None:
    entity = predicate["entity"]
    certain = link is not None and link.match != "broader"
    code = f"{link.system}:{link.code}" if link is not None and certain else None
    analyte = analytes.analyte_of(code, (entity["text"], entity["name"] or ""))
    if analyte is None:
        return
    unit, low, high = predicate["unit"], predicate["threshold"], predicate["threshold_high"]
    if unit in analytes.RELATIVE:
        predicate["canonical_unit"] = unit
        predicate["canonical_threshold"], predicate["canonical_threshold_high"] = low, high
        return
    limits = [None if each is None else analytes.canonical(analyte, each, unit) for each in (low, high)]
    if limits[0] is None:
        return
    predicate["canonical_unit"] = analyte.unit
    predicate["canonical_threshold"], predicate["canonical_threshold_high"] = limits
    if _is_judged(predicate, text):
        predicate["warnings"] = _doubts(predicate, analyte, limits)


def _is_judged(predicate: Plain, text: str) -> bool:
    """Whether a limit is one to which a range applies and that was read whole.

    A change ("a decrease of 2 g/dL") has another range, a pair ("< 90/45 mmHg") is of two analytes, what
    follows a digit or a sign of multiplication ("1.5 10˄9/L") is the end of a number, and of "109/L" the
    exponent is lost.
    """
    before = text[max(predicate["value_start"] - 3, 0) : predicate["value_start"]]
    value = text[predicate["value_start"] : predicate["value_end"]]
    is_whole = not (_PAIR.search(value) or _CUT.search(before) or _FLAT.search(value))
    return is_whole and not _is_change(predicate, text)


def _is_change(predicate: Plain, text: str) -> bool:
    first = min(predicate["entity"]["start"], predicate["value_start"])
    last = max(predicate["entity"]["end"], predicate["value_end"])
    words = plain_words(text[max(first - _CHANGE_BEFORE, 0) : last + _CHANGE_AFTER])
    return not _changes().isdisjoint(map(stem, words))


@cache
def _changes() -> frozenset[str]:
    return concept_words().changes


def _doubts(predicate: Plain, analyte: Analyte, limits: Sequence[float | None]) -> list[Plain]:
    """Return what is doubtful in a limit; nothing if it cannot be one of its analyte in any unit.

    That is of something else: the height of a wart, or how far two temperatures lie apart.
    """
    found = _implausible(predicate, analyte, limits)
    if found is not None and found["unit"] is None:
        return []
    return [*([] if found is None else [found]), *_mismatched(predicate, analyte, limits)]


def _implausible(predicate: Plain, analyte: Analyte, limits: Sequence[float | None]) -> Plain | None:
    for written, limit in zip((predicate["threshold"], predicate["threshold_high"]), limits, strict=True):
        if limit is None or analytes.is_plausible(analyte, limit):
            continue
        likely = analytes.likely_unit(analyte, written, predicate["unit"])
        return {
            "kind": "implausible",
            "unit": likely,
            "message": (
                f"{analyte.name} {written:g} {predicate['unit']} is outside "
                f"{analyte.low:g} to {analyte.high:g} {analyte.unit}; {likely} may be meant"
            ),
        }
    return None


def _mismatched(predicate: Plain, analyte: Analyte, limits: Sequence[float | None]) -> Iterator[Plain]:
    for other in predicate["alternatives"]:
        again = analytes.canonical(analyte, other["threshold"], other["unit"])
        known = [limit for limit in limits if limit]
        if not again or not known or ucum.parse(other["unit"]) is None:
            continue
        rounded = again * _half_a_digit(other["threshold"]) / other["threshold"]
        if all(abs(again - limit) > max(_ALIKE * max(again, limit), rounded) for limit in known):
            written = f"{predicate['threshold']:g} {predicate['unit']}"
            yield {
                "kind": "mismatch",
                "unit": None,
                "message": (
                    f"{written} of {analyte.name} is {known[0]:g} {analyte.unit}, "
                    f"but {other['threshold']:g} {other['unit']} is {again:g}"
                ),
            }


def _half_a_digit(number: float) -> float:
    """Return half of the last place of a number as it is written: 0.4 -> 0.05, 177 -> 0.5."""
    return 0.5 * 10.0 ** -len(f"{number:g}".partition(".")[2])
