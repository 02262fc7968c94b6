"""Pipe: short forms tied to long forms → ``doc._.eligex_abbreviations``; "long (SHORT)" is one entity.

Decides which parenthesis defines a short form (by the algorithm of Schwartz and Hearst, from scispaCy, and a
lexicon of names that share no letters: "AST (SGOT)") and where the short form occurs again.  An entity is
extended over the parenthesis that defines its short form, which is how Chia usually annotates it. The binding
uses the names.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scispacy.abbreviation import filter_matches, find_abbreviation
from spacy.language import Language
from spacy.tokens import Doc, Span

from eligex.lexicon.aliases import read_aliases, with_aliases
from eligex.pipes.base import Component

_LONGEST_PARENTHESIS = 9
"""In tokens: scispaCy accepts long forms of up to 8, and a longer parenthesis defines nothing."""
_LONGEST_WORDS = 14
_BREAKERS = frozenset(";:()[]")


@dataclass(frozen=True, slots=True)
class Definition:
    """A short form and its long form, in tokens; ``last`` is the end of both with their parentheses."""

    short_start: int
    short_end: int
    long_start: int
    long_end: int
    last: int
    words: tuple[str, ...]


class AbbreviationFinder(Component[list[Definition]]):
    """Finds the short forms that a text defines."""

    def __init__(
        self, name: str = "eligex_abbreviations", *, merge: bool = True, aliases: str | None = None
    ) -> None:
        super().__init__(name)
        self.merge = merge
        self._aliases = read_aliases()
        if aliases is not None:
            self._aliases = with_aliases(self._aliases, read_aliases(Path(aliases)))

    def find(self, doc: Doc) -> list[Definition]:
        """Return the definitions in ``doc`` in order; a short form may be defined more than once."""
        found = (
            _definition(doc, *place) or _alias(doc, *place, self._aliases) for place in _parentheses(doc)
        )
        return [definition for definition in found if definition is not None]

    def set_annotations(self, doc: Doc, found: list[Definition]) -> None:
        """Write every occurrence as a plain dict, and the merged entities."""
        doc._.eligex_abbreviations = [_plain(doc, d, at) for d, at in _occurrences(doc, found)]
        if self.merge and found:
            doc.set_ents(merge_entities(doc, found))


def _parentheses(doc: Doc) -> Iterator[tuple[int, int]]:
    """Yield the indices of "(" and ")" of short parentheses that contain no other."""
    words = doc.to_array("ORTH")
    opening = doc.vocab.strings["("]
    opened: int | None = None
    for place in np.flatnonzero((words == opening) | (words == doc.vocab.strings[")"])).tolist():
        if words[place] == opening:
            opened = place
        else:
            if opened is not None and 1 < place - opened <= _LONGEST_PARENTHESIS:
                yield opened, place
            opened = None


def _definition(doc: Doc, opening: int, closing: int) -> Definition | None:
    for long_candidate, short_candidate in filter_matches([(0, opening + 1, closing)], doc):
        inner = long_candidate.start > opening
        narrowed = long_candidate if inner else _within_clause(doc, long_candidate)
        if not len(narrowed):
            continue
        short, long = find_abbreviation(narrowed, short_candidate)
        if long is None or not _plausible(short, long):
            continue
        words = tuple(token.text for token in short)
        return Definition(short.start, short.end, long.start, long.end, closing + 1, words)
    return None


def _alias(doc: Doc, opening: int, closing: int, aliases: dict[str, int]) -> Definition | None:
    """Read "AST (SGOT)": two names of one thing, each a single token."""
    if closing - opening != 2 or opening == 0 or doc[opening].is_sent_start:
        return None
    before, inside = doc[opening - 1].lower_, doc[opening + 1].lower_
    if before == inside or aliases.get(before, -1) != aliases.get(inside, -2):
        return None
    words = (doc[opening + 1].text,)
    return Definition(opening + 1, closing, opening - 1, opening, closing + 1, words)


def _within_clause(doc: Doc, candidate: Span) -> Span:
    """Cut a long-form candidate at its last line end, sentence start or clause mark."""
    start = candidate.start
    for token in candidate:
        if token.text in _BREAKERS or (token.is_space and "\n\n" in token.text):
            start = token.i + 1
        elif token.is_sent_start and token.i > candidate.start:
            start = token.i
    return doc[start : candidate.end]


def _plausible(short: Span, long: Span) -> bool:
    """Reject accidental finds: "and (any)", or a long form shorter than its short form."""
    if sum(character.isupper() for character in short.text) < 1 + (len(short.text) > 3):
        return False
    words = [token for token in long if token.is_alpha]
    if not words or len(long) > _LONGEST_WORDS or len(long.text) <= len(short.text) + 1:
        return False
    return short.text.lower() not in {token.lower_ for token in words}


def _occurrences(doc: Doc, definitions: list[Definition]) -> Iterator[tuple[Definition, int]]:
    """Yield each occurrence of a short form with its definition: the last one before it."""
    forms: dict[tuple[str, ...], list[Definition]] = {}
    lengths: dict[str, set[int]] = {}
    for definition in definitions:
        forms.setdefault(definition.words, []).append(definition)
        lengths.setdefault(definition.words[0], set()).add(len(definition.words))
    firsts = np.array([doc.vocab.strings[word] for word in lengths], dtype=np.uint64)
    for place in np.flatnonzero(np.isin(doc.to_array("ORTH"), firsts)).tolist():
        candidates = [
            _holding(forms[words], place)
            for length in lengths[doc[place].text]
            if (words := tuple(token.text for token in doc[place : place + length])) in forms
        ]
        before = [d for d in candidates if d.short_start <= place]
        if before:
            yield max(before, key=_place), place
        elif candidates:
            yield min(candidates, key=_place), place


def _holding(definitions: list[Definition], place: int) -> Definition:
    """Return the last definition up to ``place``, else the first one."""
    return definitions[max(bisect_right(definitions, place, key=_place) - 1, 0)]


def _place(definition: Definition) -> int:
    return definition.short_start


def _plain(doc: Doc, definition: Definition, at: int) -> dict[str, Any]:
    short = doc[at : at + len(definition.words)]
    long = doc[definition.long_start : definition.long_end]
    return {
        "short": [short.start_char, short.end_char],
        "long": [long.start_char, long.end_char],
        "long_text": " ".join(long.text.split()),
    }


def merge_entities(doc: Doc, definitions: list[Definition]) -> list[Span]:
    """Return the entities of ``doc``, extended over the parentheses that define their short forms.

    An entity that ends with the long form absorbs "(SHORT)", with any entity there, unless that has another
    label or crosses the parenthesis.
    """
    entities: list[Span | None] = list(doc.ents)
    ending = {entity.end: place for place, entity in enumerate(entities) if entity is not None}
    for definition in definitions:
        place = ending.get(definition.long_end)
        entity = None if place is None else entities[place]
        if place is None or entity is None or definition.long_start > definition.short_start:
            continue
        inner = _inside(entities, place + 1, definition.last)
        if any(e.label != entity.label or e.end > definition.last for e in inner.values()):
            continue
        entities[place] = Span(doc, entity.start, definition.last, label=entity.label)
        for taken in inner:
            entities[taken] = None
    return [entity for entity in entities if entity is not None]


def _inside(entities: list[Span | None], place: int, end: int) -> dict[int, Span]:
    """Return the entities from index ``place`` on that begin before token ``end``."""
    found: dict[int, Span] = {}
    while place < len(entities):
        entity = entities[place]
        if entity is not None:
            if entity.start >= end:
                break
            found[place] = entity
        place += 1
    return found


@Language.factory(
    "eligex_abbreviations",
    requires=["doc.ents"],
    assigns=["doc._.eligex_abbreviations", "doc.ents"],
    default_config={"merge": True, "aliases": None},
)
def make_abbreviations(nlp: Language, name: str, *, merge: bool, aliases: str | None) -> AbbreviationFinder:
    """Create the pipe.

    Parameters
    ----------
    merge
        Whether the entity of a long form absorbs the parenthesis with its short form.
    aliases
        Path of a file with more groups of names, in the format of ``lexicon/data/aliases.tsv``.
    """
    return AbbreviationFinder(name, merge=merge, aliases=aliases)
