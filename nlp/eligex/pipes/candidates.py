"""Which doubtful entities count: those that the recogniser marked, and those that the tags hint at.

The recogniser decides by the words around; a second network over its layers sees what it missed.  Here each
candidate of both has a probability that a careful reader marks it, from how sure the networks are, its words
and its neighbours; the weights are in :mod:`eligex.pipes.candidate_table`, trained by
``models/training/candidates.py``.  Without chances and hints on the Doc (another model), all stays as it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import compress, pairwise
from typing import NamedTuple

import numpy as np
from spacy.tokens import Doc, Span

from eligex.pipes.candidate_table import Described, load_table
from eligex.pipes.doc import lower_words, sentence_bounds, token_starts
from eligex.pipes.tags import chances_of
from eligex.schema import DOMAIN_LABELS

_CHANCES = (0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.96, 0.99)
_BEFORE, _AFTER = 8, 5
"""Words of the sentence around a candidate that are read."""
_LONGEST = 5
"""Words of a candidate that are read as one feature."""
_OPENING, _CLOSING = frozenset("([（［"), frozenset(")]）］")
_WORD_ENDS = _OPENING | _CLOSING | frozenset(",;:.•*\"'≥≤<>=")
"""Marks that are no part of a word though no blank divides them from it."""


class Candidate(NamedTuple):
    """What may be an entity: its place in tokens, its label, how sure the networks are, and which has it."""

    start: int
    end: int
    label: str
    chance: float
    hinted: bool


def settled(doc: Doc, entities: Sequence[Span]) -> tuple[list[Span], list[Span]]:
    """Return the entities of the recogniser that count, and those to add, both in text order."""
    if doc._.eligex_hints is None:
        return list(entities), []
    table = load_table()
    gone: set[tuple[int, int]] = set()
    added: list[Span] = []
    for each, features in described(doc, entities):
        counts = table.counts(features)
        if each.hinted and counts:
            added.append(Span(doc, each.start, each.end, label=each.label))
        elif not each.hinted and not counts:
            gone.add((each.start, each.end))
    return [entity for entity in entities if (entity.start, entity.end) not in gone], added


def described(doc: Doc, entities: Sequence[Span]) -> Iterator[tuple[Candidate, Described]]:
    """Yield every candidate with its features."""
    found = candidates(doc, entities)
    around = _Around(doc, found)
    for place, candidate in enumerate(found):
        yield candidate, around.features(place)


def candidates(doc: Doc, entities: Sequence[Span]) -> list[Candidate]:
    """Return the domain entities and what else the tags take for one, in text order."""
    domain = [entity for entity in entities if entity.label_ in DOMAIN_LABELS]
    places = [(each.start_char, each.end_char) for each in domain]
    sure = chances_of(doc._.eligex_chances or (), places)
    found = [
        Candidate(each.start, each.end, each.label_, sure.get(place, 1.0), hinted=False)
        for each, place in zip(domain, places, strict=True)
    ]
    taken = {place for entity in entities for place in range(entity.start, entity.end)}
    for start, end, label, chance in doc._.eligex_hints or ():
        start, end = _whole_words(doc, start, end)
        if taken.isdisjoint(range(start, end)):
            found.append(Candidate(start, end, label, chance, hinted=True))
            taken.update(range(start, end))
    return sorted(found)


def _whole_words(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Return a stretch of tokens with the rest of the words that it cuts: "QLQ[-C30]" → "[QLQ-C30]"."""
    while start and not doc[start - 1].whitespace_ and doc[start - 1].text not in _WORD_ENDS:
        start -= 1
    while end < len(doc) and not doc[end - 1].whitespace_ and doc[end].text not in _WORD_ENDS:
        end += 1
    return start, end


class _Around:
    """Describes the candidates of a document by what is around them."""

    def __init__(self, doc: Doc, found: Sequence[Candidate]) -> None:
        self._found = found
        low, is_word = lower_words(doc), doc.to_array("IS_SPACE") == 0
        self._words = list(compress(low, is_word.tolist()))
        self._place = [0, *np.cumsum(is_word).tolist()]  # of each token among the words
        self._bounds = sentence_bounds(doc)
        self._types = _types(doc)
        self._starts: list[int] = token_starts(doc).tolist()
        self._gaps = [self._gap(left.end, right.start) for left, right in pairwise(found)]

    def features(self, place: int) -> Described:
        """Return the features of a candidate."""
        each = self._found[place]
        sentence = bisect_right(self._bounds, each.start) - 1
        first, last = self._bounds[sentence], self._bounds[sentence + 1]
        before = self._between(max(first, each.start - _BEFORE), each.start)
        after = self._between(each.end, min(last, each.end + _AFTER))
        own = self._between(each.start, each.end)
        left, right = set(before), set(after)
        crossed = (  # as in CROSSED
            str(bisect_right(_CHANCES, each.chance)),
            str(min(len(own), 7)),
            _bracketed(left, right),
            self._section(each.start),
            own[0] if own else "",
            own[-1] if own else "",
            before[-1] if before else "",
            after[0] if after else "",
        )
        alone: list[tuple[str, Collection[str]]] = [
            ("before", (" ".join(before[-2:]),)),
            ("after", (" ".join(after[:2]),)),
            ("left", left),
            ("right", right),
            ("own", set(own)),
        ]
        if len(own) <= _LONGEST:
            alone.append(("text", (" ".join(own),)))
        for side, other, gap in (("previous", place - 1, place - 1), ("next", place + 1, place)):
            if 0 <= other < len(self._found):
                near = self._gaps[gap]
                alone.append((side, (f"{near}:{self._found[other].label}",)))
                alone.append((f"hinted={each.hinted}:{side}", (near,)))
            else:
                alone.append((side, ("none",)))
        return Described(each.label, each.hinted, crossed, alone)

    def _between(self, start: int, end: int) -> list[str]:
        """Return the words of some tokens, of which blanks are none."""
        return self._words[self._place[start] : self._place[end]]

    def _gap(self, start: int, end: int) -> str:
        """Return the words between two candidates, "far" for many."""
        gap = self._between(start, end)
        return " ".join(gap) if len(gap) <= 2 else "far"

    def _section(self, token: int) -> str:
        found = bisect_right(self._types, (self._starts[token], "~")) - 1
        return self._types[found][1] if found >= 0 else "none"


def _types(doc: Doc) -> list[tuple[int, str]]:
    """Return where each criterion begins, with its type."""
    segments = doc._.eligex_segments or {}
    return sorted((each["start"], each["type"]) for each in segments.get("criteria", ()))


def _bracketed(before: set[str], after: set[str]) -> str:
    """Return whether a bracket opens before, closes after, or both."""
    opened = not _OPENING.isdisjoint(before) and _CLOSING.isdisjoint(before)
    closed = not _CLOSING.isdisjoint(after) and _OPENING.isdisjoint(after)
    return f"{opened},{closed}"
