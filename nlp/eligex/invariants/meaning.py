"""Rules of what predicates mean: concepts, limits in canonical units, and warnings."""

from __future__ import annotations

import math
from collections.abc import Iterator

from eligex.invariants.subject import Subject

_RELATIVE = ("[ULN]", "[LLN]", "{baseline}")


def concept(it: Subject) -> Iterator[str]:
    """A concept has a system, a code, a name and a score from 0 to 1; references need a concept."""
    for _, each in it.predicates:
        found = each.entity.concept
        if found is None:
            if each.entity.xrefs:
                yield f"{each.id}: references without a concept"
            continue
        if not (found.system and found.code and found.name) or ":" in found.system:
            yield f"{each.id}: the concept {found.system!r} {found.code!r} {found.name!r} lacks a part"
        if not 0 <= found.score <= 1:
            yield f"{each.id}: a concept with a score of {found.score}"
        for xref in each.entity.xrefs:
            if not all(xref.partition(":")):
                yield f"{each.id}: the reference {xref!r} is not SYSTEM:CODE"


def canonical(it: Subject) -> Iterator[str]:
    """A canonical limit has a unit and a limit as written; relative limits stay as they are."""
    for _, each in it.predicates:
        low, high, unit = each.canonical_threshold, each.canonical_threshold_high, each.canonical_unit
        if (low is None) != (unit is None):
            yield f"{each.id}: the canonical limit {low!r} and the unit {unit!r}"
        if low is None:
            if high is not None:
                yield f"{each.id}: an upper canonical limit without a lower one"
            continue
        if each.unit is None:
            yield f"{each.id}: a canonical limit, and no unit as written"
        if each.comparator == "between" and each.threshold_high is not None and high is None:
            yield f"{each.id}: the upper end {each.threshold_high!r} and the canonical one {high!r}"
        if not all(math.isfinite(limit) for limit in (low, high) if limit is not None):
            yield f"{each.id}: the canonical limit {low!r} to {high!r} is not finite"
        if unit in _RELATIVE and (unit, low, high) != (each.unit, each.threshold, each.threshold_high):
            yield f"{each.id}: {each.threshold!r} {each.unit} became {low!r} {unit}"


def warnings(it: Subject) -> Iterator[str]:
    """Warnings are of limits that could be converted, and say something."""
    for _, each in it.predicates:
        for found in each.warnings:
            if each.canonical_threshold is None or each.canonical_unit in _RELATIVE:
                yield f"{each.id}: a warning of a limit that was not converted"
            if not found.message:
                yield f"{each.id}: a warning without words"
            if found.kind == "mismatch" and not each.alternatives:
                yield f"{each.id}: a mismatch, and nothing to mismatch"


RULES = (concept, canonical, warnings)
