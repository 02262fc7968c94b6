"""Bound-atom scoring of numeric predicates, at four levels.

A gold atom and a predicted atom can be a pair if

value
    their values are equal and their value spans overlap;
comparator
    and their comparators are equal; where either is an end of a range, ``>`` and ``>=`` count as equal, and
    ``<`` and ``<=``;
unit
    and their units are equal after normalisation; a gold atom without a unit accepts any;
tuple
    and the predicted entity overlaps the gold trigger or name.

Each level is a maximum matching of its own, one to one within the document.  A predicted atom that overlaps
a gold comparison in another role (stage, severity, dose, duration, temporality, minimum count) and no
numeric one is left out of all levels and counted as such.  A predicate with a number but without a value
span counts as wrong.
"""

from __future__ import annotations

from collections.abc import Callable

from eligex.schema import Predicate

from ..atoms import result_atoms
from ..counts import Counts, Share, Tally
from ..documents import Atom, Document, overlap
from ..matching import maximum_matching, overlap_quality
from ..numbers import same_value
from ..predictions import Pair
from .base import DocumentScore, ErrorItem

_LOOSE = {">": ">=", "<": "<="}


def value_matches(gold: Atom, predicted: Atom) -> bool:
    """Equal values on overlapping spans."""
    return overlap((gold.start, gold.end), (predicted.start, predicted.end)) and same_value(
        gold.value, predicted.value
    )


def comparator_matches(gold: Atom, predicted: Atom) -> bool:
    """Equal comparators; ends of ranges by direction."""
    if gold.range_end or predicted.range_end:
        left, right = (_LOOSE.get(a.comparator, a.comparator) for a in (gold, predicted))
        return left == right
    return gold.comparator == predicted.comparator


def unit_matches(gold: Atom, predicted: Atom) -> bool:
    """A unit in common, or none asked for."""
    return not gold.units or bool(set(gold.units) & set(predicted.units))


def entity_matches(gold: Atom, predicted: Atom) -> bool:
    """The predicted entity overlaps the gold trigger or name."""
    return any(overlap(g, p) for g in gold.entities for p in predicted.entities)


PARTS: tuple[tuple[str, Callable[[Atom, Atom], bool]], ...] = (
    ("value", value_matches),
    ("comparator", comparator_matches),
    ("unit", unit_matches),
    ("tuple", entity_matches),
)
LEVELS = tuple(name for name, _ in PARTS)


class Numeric:
    """Numeric predicates at the four levels."""

    name = "numeric"
    rule = "atoms matched one to one in a document; value, then + comparator, + unit, + entity overlap"

    def applies(self, document: Document) -> bool:
        """Tell whether the document has atoms."""
        return document.gold.atoms is not None

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        gold = list(pair.document.gold.atoms or ())
        everything = result_atoms(pair.result)
        predicted = [atom for atom in everything if not self.left_out(atom, pair.document)]
        lost = pair.prediction.unplaced_predicates + sum(map(_has_no_place, _predicates(pair)))
        tallies: dict[str, Tally] = {"left out": Share(len(everything) - len(predicted), len(everything))}
        for depth, (name, _) in enumerate(PARTS, start=1):
            n = len(maximum_matching(gold, predicted, compatible(depth)).pairs)
            tallies[name] = Counts(len(gold), len(predicted) + lost, n, n)
        return DocumentScore(pair.document.id, tallies, tuple(_errors(pair.document, gold, predicted)))

    @staticmethod
    def left_out(atom: Atom, document: Document) -> bool:
        """Tell whether a predicted atom stands on a comparison of another role only."""
        span = (atom.start, atom.end)
        if not any(overlap(span, other) for other in document.gold.atoms_elsewhere):
            return False
        return not any(overlap(span, (gold.start, gold.end)) for gold in document.gold.atoms or ())


def _predicates(pair: Pair) -> list[Predicate]:
    return [p for criterion in pair.result.criteria for p in criterion.predicates]


def _has_no_place(predicate: Predicate) -> bool:
    """Tell whether a number is claimed without saying where it stands: it counts as wrong."""
    if predicate.threshold is None and not predicate.threshold_set:
        return False
    return predicate.value_start is None or predicate.value_end is None


def compatible(depth: int) -> Callable[[Atom, Atom], bool]:
    """Return the test of a level: the first ``depth`` parts all hold."""
    parts = [part for _, part in PARTS[:depth]]
    return lambda gold, predicted: all(part(gold, predicted) for part in parts)


def quality(gold: Atom, predicted: Atom) -> float:
    """Prefer the partner that is right in more parts, then the closer span."""
    right = sum(part(gold, predicted) for _, part in PARTS)
    return right + overlap_quality((gold.start, gold.end), (predicted.start, predicted.end))


def show_atom(atom: Atom, text: str) -> str:
    """Write an atom for an error list."""
    names = " | ".join(repr(text[start:end]) for start, end in atom.entities)
    unit = atom.unit_text or ""
    return f"{atom.comparator} {atom.value} {unit} [{', '.join(atom.units)}] of {names}"


def _errors(document: Document, gold: list[Atom], predicted: list[Atom]) -> list[ErrorItem]:
    """Name the first level at which each atom fails."""
    text, errors = document.text, []
    whole = maximum_matching(gold, predicted, compatible(len(PARTS)))
    golds = [gold[i] for i in whole.missed]
    guesses = [predicted[j] for j in whole.spurious]
    near = maximum_matching(golds, guesses, value_matches, quality)
    for i, j in near.pairs:
        kind = next((f"{name} wrong" for name, part in PARTS if not part(golds[i], guesses[j])), "pairing")
        kind = "entity wrong" if kind == "tuple wrong" else kind
        errors.append(_error(document.id, kind, golds[i], guesses[j], text))
    rest = [golds[i] for i in near.missed]
    others = [guesses[j] for j in near.spurious]
    touching = maximum_matching(rest, others, _touch, quality)
    errors += [_error(document.id, "value wrong", rest[i], others[j], text) for i, j in touching.pairs]
    errors += [_error(document.id, "missed", rest[i], None, text) for i in touching.missed]
    errors += [_error(document.id, "spurious", None, others[j], text) for j in touching.spurious]
    return sorted(errors, key=lambda e: (e.start, e.end, e.kind))


def _error(doc_id: str, kind: str, gold: Atom | None, predicted: Atom | None, text: str) -> ErrorItem:
    values = [(a.start, a.end) for a in (gold, predicted) if a is not None]
    words = [None if a is None else show_atom(a, text) for a in (gold, predicted)]
    sides = [() if a is None else ((a.start, a.end), *a.entities) for a in (gold, predicted)]
    start, end = min(s for s, _ in values), max(e for _, e in values)
    return ErrorItem(doc_id, kind, start, end, words[0], words[1], sides[0], sides[1])


def _touch(gold: Atom, predicted: Atom) -> bool:
    return overlap((gold.start, gold.end), (predicted.start, predicted.end))
