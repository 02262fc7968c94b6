"""Turn a predicted result into atoms: one number with its comparator each.

``between`` gives a low and a high end, ``in`` one atom a value, anything else with a threshold one atom.
Alternatives (the same limit in another unit) are no atoms of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from eligex.schema import Predicate, Threshold, TrialCriteria

from .documents import Atom
from .numbers import parse_value
from .units import folded


def result_atoms(result: TrialCriteria) -> list[Atom]:
    """Return the atoms of all predicates that have a threshold and a value span."""
    atoms = [atom for p in all_predicates(result) for atom in predicate_atoms(p)]
    return sorted(atoms, key=lambda atom: (atom.start, atom.end))


def all_predicates(result: TrialCriteria) -> list[Predicate]:
    """Return the predicates of all criteria, in order."""
    return [p for criterion in result.criteria for p in criterion.predicates]


def predicate_atoms(predicate: Predicate) -> Iterator[Atom]:
    """Return the atoms of one predicate."""
    if predicate.comparator is None or predicate.value_start is None or predicate.value_end is None:
        return
    if predicate.comparator == "between":
        ends = [
            (predicate.threshold, predicate.threshold_inclusive, ">"),
            (predicate.threshold_high, predicate.threshold_high_inclusive, "<"),
        ]
        for threshold, inclusive, sign in ends:
            yield from _atom(predicate, threshold, sign if inclusive is False else f"{sign}=", True)
    elif predicate.comparator == "in":
        for threshold in predicate.threshold_set or ():
            yield from _atom(predicate, threshold, "=", False)
    else:
        yield from _atom(predicate, predicate.threshold, predicate.comparator, False)


def _atom(
    predicate: Predicate, threshold: Threshold | None, comparator: str, range_end: bool
) -> Iterator[Atom]:
    if threshold is None or predicate.value_start is None or predicate.value_end is None:
        return
    value = parse_value(threshold) if isinstance(threshold, str) else float(threshold)
    if value is None:
        value = str(threshold).casefold()
    units = tuple(dict.fromkeys(_units(predicate)))
    span = (predicate.entity.start, predicate.entity.end)
    yield Atom(
        predicate.value_start,
        predicate.value_end,
        value,
        comparator,
        range_end,
        units,
        (span,),
        predicate.unit_text or predicate.unit,
    )


def _units(predicate: Predicate) -> Iterator[str]:
    if predicate.unit:
        yield predicate.unit
    if predicate.unit_text:
        yield folded(predicate.unit_text)
