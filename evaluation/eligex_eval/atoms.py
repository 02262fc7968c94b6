"""Turn a predicted result into atoms: one number with its comparator each.

``between`` gives a low and a high end, ``in`` one atom for each value, every other threshold one atom.
Alternatives (the same limit in another unit) are not atoms.
"""

from __future__ import annotations

from collections.abc import Iterator

from eligex.schema import Predicate, TrialCriteria

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
    said = list(_values(predicate))
    if predicate.comparator == "between" and len(said) == 2:
        ends = ((predicate.threshold_inclusive, ">"), (predicate.threshold_high_inclusive, "<"))
        for value, (inclusive, sign) in zip(said, ends, strict=True):
            yield from _atom(predicate, value, sign if inclusive is False else f"{sign}=", True)
    elif predicate.comparator == "in":
        for value in said:
            yield from _atom(predicate, value, "=", False)
    elif predicate.comparator is not None and said:
        yield from _atom(predicate, said[0], predicate.comparator, False)


def _values(predicate: Predicate) -> Iterator[float | str]:
    """Return the thresholds, as the text has them where that is not the number: a stage is "iiib", not 3."""
    ends = [each for each in (predicate.threshold, predicate.threshold_high) if each is not None]
    numbers = predicate.threshold_set or ends
    words = predicate.threshold_text
    if words is None:
        yield from map(float, numbers)
        return
    for word in (words,) if isinstance(words, str) else words:
        value = parse_value(word)
        yield word.casefold() if value is None else value


def _atom(predicate: Predicate, value: float | str, comparator: str, range_end: bool) -> Iterator[Atom]:
    if predicate.value_start is None or predicate.value_end is None:
        return
    yield Atom(
        predicate.value_start,
        predicate.value_end,
        value,
        comparator,
        range_end,
        tuple(dict.fromkeys(_units(predicate))),
        ((predicate.entity.start, predicate.entity.end),),
        predicate.unit_text or predicate.unit,
    )


def _units(predicate: Predicate) -> Iterator[str]:
    if predicate.unit:
        yield predicate.unit
    if predicate.unit_text:
        yield folded(predicate.unit_text)
