"""Routes that share the name of a drug: "*oral*, *rectal* or *parenteral steroids*" are three things.

Decides that each route in a list before a drug is an entity, as is each member of any list that shares its
last words, and that the last route belongs to the drug.  One route alone is left as the recogniser has it,
and so is a list that it takes for one drug.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from collections.abc import Sequence

from spacy.tokens import Doc, Span

from eligex.lexicon.entity_rules import entity_words
from eligex.pipes.doc import lower_words

_ROUTES = entity_words().listed_routes
_JOINS = frozenset({",", "/", "or", "and", "and/or"})
_MOST_JOINS = 4
"""Tokens between two routes: ", and / or"."""
_OWN = frozenset({"Drug", "Procedure", "Qualifier"})
"""What the recogniser takes a route for."""


def with_routes(doc: Doc, found: Sequence[Span]) -> list[Span]:
    """Return the entities with every route of such a list as one of them.

    "[oral|Qualifier] or inhaled [steroids|Drug]" → "oral", "inhaled steroids".
    """
    low = lower_words(doc)
    if sum(word in _ROUTES for word in low) < 2:
        return list(found)
    owner = {i: entity for entity in found for i in range(entity.start, entity.end)}
    gone: set[int] = set()
    new: list[Span] = []
    for drug in found:
        if drug.label_ != "Drug":
            continue
        first = drug.start if low[drug.start] in _ROUTES else drug.start - 1
        if first < 0 or first == drug.end - 1 or low[first] not in _ROUTES or doc[drug.start].is_sent_start:
            continue
        others = _before(doc, low, first)
        taken = [owner[i] for i in (*others, first) if i in owner and owner[i] is not drug]
        if not others or any(each.label_ not in _OWN or not _is_routes(low, each) for each in taken):
            continue
        gone |= {drug.start, *(each.start for each in taken)}
        new += [
            Span(doc, first, drug.end, label="Drug"),
            *(Span(doc, i, i + 1, label="Drug") for i in others),
        ]
    return sorted([each for each in found if each.start not in gone] + new, key=lambda each: each.start)


def _before(doc: Doc, low: Sequence[str], last: int) -> list[int]:
    """Return the places of the routes that are in one list with the last one."""
    found: list[int] = []
    while True:
        place = last - 1
        while place >= 0 and last - place <= _MOST_JOINS and low[place] in _JOINS:
            place -= 1
        if place < 0 or place == last - 1 or low[place] not in _ROUTES:
            return found
        if any(token.is_sent_start for token in doc[place + 1 : last + 1]):
            return found
        found.append(place)
        last = place


def _is_routes(low: Sequence[str], entity: Span) -> bool:
    """Whether an entity is nothing but routes."""
    return all(word in _ROUTES or word in _JOINS for word in low[entity.start : entity.end])
