"""Modifiers: which qualifier, multiplier, mood, window and value belongs to which entity.

Items are pairs of a modifier and an entity.  A gold modifier is asked for only of the entity that its
annotation names, and, where that is a member of an or-group, of all members.

Measures, each also by type ("bound/qualifier")
-----------------------------------------------
found
    Modifiers of the same type with overlapping spans, one to one, whatever they are said of.
bound
    Pairs with the same type whose modifiers overlap and whose entities overlap, one to one.
attached
    Of the found modifiers whose entity is found too (some predicate overlaps it), those that are bound to
    it.  This is what attachment alone decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..atoms import all_predicates
from ..counts import Share, Tally, plus
from ..documents import Fragment, Modified, overlap
from ..matching import maximum_matching
from ..modifiers import TYPES, result_modifiers
from ..predictions import Pair
from .base import DocumentScore, ErrorItem, Side, in_order, one_to_one, unmatched
from .predicates import entity_span


def _bound(gold: Modified, said: Modified) -> bool:
    return overlap(gold.span, said.span) and overlap(gold.entity, said.entity)


class Modifiers:
    """Modifiers of entities, found and bound."""

    name = "modifiers"
    rule = "modifiers of one type by overlapping span, one to one; bound: on an overlapping entity"
    layer = "modifiers"

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        key, text = pair.document.id, pair.document.text
        kinds = "missed or elsewhere", "spurious or elsewhere"
        tallies: dict[str, Tally] = {}
        errors: list[ErrorItem] = []
        entities = [entity_span(p) for p in all_predicates(pair.result)]
        everything = result_modifiers(pair.result)
        for kind in TYPES:
            gold = [m for m in pair.document.gold.modifiers or () if m.type == kind]
            said = [m for m in everything if m.type == kind]
            matching = maximum_matching(gold, said, _bound)
            own: dict[str, Tally] = {
                "found": _found(gold, said),
                "bound": one_to_one(len(gold), len(said), len(matching.pairs)),
                "attached": _attached(gold, said, entities),
            }
            for name, tally in own.items():
                tallies[name] = plus(tallies.get(name), tally)
                tallies[f"{name}/{kind}"] = tally
            errors += unmatched(key, matching, gold, said, partial(_side, text=text), kinds)
        return DocumentScore(key, tallies, in_order(errors))


def _found(gold: Sequence[Modified], said: Sequence[Modified]) -> Tally:
    golds, guesses = ([*dict.fromkeys(m.span for m in side)] for side in (gold, said))
    return one_to_one(len(golds), len(guesses), len(maximum_matching(golds, guesses, overlap).pairs))


def _attached(gold: Sequence[Modified], said: Sequence[Modified], entities: Sequence[Fragment]) -> Tally:
    """Judge each gold modifier that is found and has a found entity: right if bound to no other entity."""
    right = total = 0
    for span in dict.fromkeys(m.span for m in gold):
        heads = [m.entity for m in gold if m.span == span]
        owners = [m.entity for m in said if overlap(m.span, span)]
        if owners and any(overlap(head, entity) for head in heads for entity in entities):
            total += 1
            right += all(any(overlap(owner, head) for head in heads) for owner in owners)
    return Share(right, total)


def _side(item: Modified, text: str) -> Side:
    return f"{item.type} {text[slice(*item.span)]!r} of {text[slice(*item.entity)]!r}", (
        item.span,
        item.entity,
    )
