"""Pipe: short forms tied to long forms → ``doc._.eligex_abbreviations``; "long (SHORT)" is one entity.

Decides which parenthesis defines a short form (Schwartz and Hearst's algorithm, as scispaCy has it, and a
lexicon of names that share no letters: "AST (SGOT)"), where the short form returns, and that an entity
grows over the parenthesis that defines its short form, which is how Chia annotates it more often than not.
What a name means is left to the binder.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scispacy.abbreviation import filter_matches, find_abbreviation
from spacy.language import Language
from spacy.tokens import Doc, Span

from eligex.lexicon.aliases import read_aliases
from eligex.pipes.doc import register_extensions

_LONGEST_PARENTHESIS = 9
"""In tokens: scispaCy takes long forms of up to 8, and a parenthesis that runs on defines nothing."""
_LONGEST_WORDS = 14
_BREAKERS = frozenset(";:()[]")


@dataclass(frozen=True, slots=True)
class Definition:
    """A short form and the long form beside it, in tokens; ``last`` ends the construction, ")" included."""

    short_start: int
    short_end: int
    long_start: int
    long_end: int
    last: int
    words: tuple[str, ...]


class AbbreviationFinder:
    """Finds the short forms that a text defines."""

    def __init__(self, name: str = "eligex_abbreviations", *, merge: bool = True) -> None:
        self.name = name
        self.merge = merge
        self._aliases = read_aliases()
        register_extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Find definitions and occurrences, leave them on ``doc`` and let entities take them in."""
        definitions = self.find(doc)
        self.set_annotations(doc, definitions)
        return doc

    def find(self, doc: Doc) -> list[Definition]:
        """Return the definitions of ``doc`` in order; a short form may be defined more than once."""
        found = (
            _definition(doc, *place) or _alias(doc, *place, self._aliases) for place in _parentheses(doc)
        )
        return [definition for definition in found if definition is not None]

    def set_annotations(self, doc: Doc, definitions: list[Definition]) -> None:
        """Write every occurrence as a plain dict, and the merged entities."""
        doc._.eligex_abbreviations = [_plain(doc, d, at) for d, at in _occurrences(doc, definitions)]
        if self.merge and definitions:
            doc.ents = merge_entities(doc, definitions)


def _parentheses(doc: Doc) -> Iterator[tuple[int, int]]:
    """Yield the tokens of "(" and ")" around short parentheses without another inside."""
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
    """Read "AST (SGOT)": two names of the same thing, each one token."""
    if closing - opening != 2 or opening == 0 or doc[opening].is_sent_start:
        return None
    before, inside = doc[opening - 1].lower_, doc[opening + 1].lower_
    if before == inside or aliases.get(before, -1) != aliases.get(inside, -2):
        return None
    words = (doc[opening + 1].text,)
    return Definition(opening + 1, closing, opening - 1, opening, closing + 1, words)


def _within_clause(doc: Doc, candidate: Span) -> Span:
    """Cut what lies before the last line end, sentence start or clause mark off a long-form candidate."""
    start = candidate.start
    for token in candidate:
        if token.text in _BREAKERS or (token.is_space and "\n\n" in token.text):
            start = token.i + 1
        elif token.is_sent_start and token.i > candidate.start:
            start = token.i
    return doc[start : candidate.end]


def _plausible(short: Span, long: Span) -> bool:
    """Refuse what the algorithm finds by accident: "and (any)", or a long form shorter than its short one."""
    if sum(character.isupper() for character in short.text) < 1 + (len(short.text) > 3):
        return False
    words = [token for token in long if token.is_alpha]
    if not words or len(long) > _LONGEST_WORDS or len(long.text) <= len(short.text) + 1:
        return False
    return short.text.lower() not in {token.lower_ for token in words}


def _occurrences(doc: Doc, definitions: list[Definition]) -> Iterator[tuple[Definition, int]]:
    """Yield each place of a short form with the definition that holds there: the last before it."""
    by_first: dict[str, list[Definition]] = {}
    for definition in definitions:
        by_first.setdefault(definition.words[0], []).append(definition)
    if not by_first:
        return
    firsts = np.array([doc.vocab.strings[word] for word in by_first], dtype=np.uint64)
    for place in np.flatnonzero(np.isin(doc.to_array("ORTH"), firsts)).tolist():
        candidates = [d for d in by_first[doc[place].text] if _stands_at(doc, d.words, place)]
        if candidates:
            before = [d for d in candidates if d.short_start <= place]
            yield before[-1] if before else candidates[0], place


def _stands_at(doc: Doc, words: tuple[str, ...], place: int) -> bool:
    return tuple(token.text for token in doc[place : place + len(words)]) == words


def _plain(doc: Doc, definition: Definition, at: int) -> dict[str, Any]:
    short = doc[at : at + len(definition.words)]
    long = doc[definition.long_start : definition.long_end]
    return {
        "short": [short.start_char, short.end_char],
        "long": [long.start_char, long.end_char],
        "long_text": " ".join(long.text.split()),
    }


def merge_entities(doc: Doc, definitions: list[Definition]) -> list[Span]:
    """Return the entities of ``doc``, grown over the parentheses that define their short forms.

    An entity that ends with the long form takes in "(SHORT)", with what the recogniser found there, unless
    that has another label or reaches out of the parenthesis.
    """
    entities = list(doc.ents)
    ending = {entity.end: entity for entity in entities}
    for definition in definitions:
        if definition.long_start > definition.short_start:
            continue
        entity = ending.get(definition.long_end)
        if entity is None:
            continue
        inner = [e for e in entities if e.start < definition.last and e.end > definition.long_end]
        if any(e.label != entity.label or e.end > definition.last or e.start < entity.end for e in inner):
            continue
        grown = Span(doc, entity.start, definition.last, label=entity.label)
        entities = [e for e in entities if e not in inner and e is not entity]
        entities.append(grown)
    return sorted(entities, key=lambda e: e.start)


@Language.factory(
    "eligex_abbreviations",
    assigns=["doc._.eligex_abbreviations", "doc.ents"],
    default_config={"merge": True},
)
def make_abbreviations(nlp: Language, name: str, merge: bool) -> AbbreviationFinder:
    """Create the pipe.

    Parameters
    ----------
    merge
        Whether the entity of a long form takes in the parenthesis with its short form.
    """
    return AbbreviationFinder(name, merge=merge)
