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

from eligex.schema import Predicate

from ..atoms import all_predicates, result_atoms
from ..documents import Atom, Document, Fragment, overlap
from ..numbers import same_value
from ..predictions import Pair
from .base import DocumentScore, Side, disagreement, in_order
from .levels import Scale, on_another_role

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


def place(atom: Atom) -> Fragment:
    """Return the span of the value."""
    return atom.start, atom.end


SCALE = Scale[Atom, Atom](
    (
        ("value", value_matches),
        ("comparator", comparator_matches),
        ("unit", unit_matches),
        ("tuple", entity_matches),
    ),
    (place, place),
)
LEVELS = SCALE.names


class Numeric:
    """Numeric predicates at the four levels."""

    name = "numeric"
    rule = "atoms matched one to one in a document; value, then + comparator, + unit, + entity overlap"
    layer = "atoms"

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        gold = list(pair.document.gold.atoms or ())
        everything = result_atoms(pair.result)
        predicted = [atom for atom in everything if not self.left_out(atom, pair.document)]
        lost = pair.prediction.unplaced_predicates + sum(map(_has_no_place, all_predicates(pair.result)))
        errors = [
            disagreement(pair.document.id, kind, *(_side(atom, pair.document.text) for atom in sides))
            for kind, *sides in SCALE.errors(gold, predicted)
        ]
        tallies = SCALE.tallies(gold, predicted, len(everything), lost)
        return DocumentScore(pair.document.id, tallies, in_order(errors))

    @staticmethod
    def left_out(atom: Atom, document: Document) -> bool:
        """Tell whether a predicted atom overlaps a comparison of another role only."""
        gold = map(place, document.gold.atoms or ())
        return on_another_role(place(atom), gold, document.gold.atoms_elsewhere)


def _has_no_place(predicate: Predicate) -> bool:
    """Tell whether a number has no span: it counts as wrong."""
    if predicate.threshold is None and not predicate.threshold_set:
        return False
    return predicate.value_start is None or predicate.value_end is None


def _side(atom: Atom | None, text: str) -> Side | None:
    """Write an atom for an error list."""
    if atom is None:
        return None
    names = " | ".join(repr(text[start:end]) for start, end in atom.entities)
    words = f"{atom.comparator} {atom.value} {atom.unit_text or ''} [{', '.join(atom.units)}] of {names}"
    return words, (place(atom), *atom.entities)
