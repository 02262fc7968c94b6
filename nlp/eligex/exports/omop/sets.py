"""Sets of concepts, each with a name; the same entity has one set in the whole trial."""

from __future__ import annotations

from dataclasses import dataclass

from eligex.exports.omop.vocabulary import Code, Found, OmopConcept
from eligex.schema import PredicateEntity


@dataclass(frozen=True, slots=True)
class ConceptSet:
    """A concept and all that OMOP has below it; without codes and concepts it is a place to fill in."""

    id: int
    name: str
    codes: tuple[Code, ...]
    concepts: tuple[OmopConcept, ...]
    why: str | None = None


def set_for(sets: list[ConceptSet], entity: PredicateEntity, found: Found) -> ConceptSet:
    """Return the set of an entity, which is added if there is none like it."""
    name = name_of(entity, found)
    for known in sets:
        same = (known.codes, known.concepts) == (found.codes, found.concepts)
        if same and (known.name == name or (found.why is None and known.why is None)):
            return known
    made = ConceptSet(len(sets), name, found.codes, found.concepts, found.why)
    sets.append(made)
    return made


def name_of(entity: PredicateEntity, found: Found) -> str:
    """Return the name of a set; one to be filled in has the code that the entity has elsewhere.

    >>> name_of(PredicateEntity("gout flare", 0, 10, "Condition"), Found(why="it has no code"))
    'gout flare (no OMOP concept)'
    """
    words = " ".join((entity.name or entity.text).split())
    if found.why is None:
        return entity.concept.name if entity.concept else words
    elsewhere = f"; {entity.concept.system}:{entity.concept.code}" if entity.concept else ""
    return f"{words} (no OMOP concept{elsewhere})"
