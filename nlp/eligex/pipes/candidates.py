"""Which doubtful entities count: those that the recogniser marked, and those that the tags hint at.

The recogniser decides by the words around; a second network over its layers sees what it missed.  Here each
candidate of both has a probability that a careful reader marks it, from how sure the networks are, its words
and its neighbours; the weights are the table ``lexicon/data/candidates.tsv``, trained by
``models/training/candidates.py``.  Without chances and hints on the Doc (another model), all stays as it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from spacy.tokens import Doc, Span

from eligex.binding.attach import logistic, read_weights
from eligex.lexicon.loader import DATA
from eligex.pipes.doc import lower_words, sentence_bounds
from eligex.pipes.tags import chances_of
from eligex.schema import DOMAIN_LABELS

RELATION = "entity"
KEPT, ADDED = "kept", "added"
"""The features that hold the probability from which an entity stays, and from which a hint becomes one."""
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
    weights = load_weights()
    gone: set[tuple[int, int]] = set()
    added: list[Span] = []
    for each, features in described(doc, entities):
        counts = logistic(weights, features) >= weights[ADDED if each.hinted else KEPT]
        if each.hinted and counts:
            added.append(Span(doc, each.start, each.end, label=each.label))
        elif not each.hinted and not counts:
            gone.add((each.start, each.end))
    return [entity for entity in entities if (entity.start, entity.end) not in gone], added


def described(doc: Doc, entities: Sequence[Span]) -> Iterator[tuple[Candidate, list[str]]]:
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
        self._low, self._found = lower_words(doc), found
        self._bounds = sentence_bounds(doc)
        self._types = _types(doc)
        self._starts = [doc[each.start].idx for each in found]

    def features(self, place: int) -> list[str]:
        """Return the features of a candidate."""
        each, low = self._found[place], self._low
        sentence = bisect_right(self._bounds, each.start) - 1
        first, last = self._bounds[sentence], self._bounds[sentence + 1]
        before = [word for word in low[max(first, each.start - _BEFORE) : each.start] if not word.isspace()]
        after = [word for word in low[each.end : min(last, each.end + _AFTER)] if not word.isspace()]
        own = [word for word in low[each.start : each.end] if not word.isspace()]
        source, label = f"hinted={each.hinted}", f"label={each.label}"
        sure = f"chance={bisect_right(_CHANCES, each.chance)}"
        inside = _bracketed(before, after)
        plain = [
            label,
            sure,
            f"length={min(len(own), 7)}",
            f"bracket={inside}",
            f"section={self._section(place)}",
            f"first={own[0] if own else ''}",
            f"last={own[-1] if own else ''}",
            f"before={before[-1] if before else ''}",
            f"after={after[0] if after else ''}",
        ]
        found = [source, f"{label}:{sure}", f"{label}:{sure}:{source}", *plain]
        found += [f"{source}:{name}" for name in plain]
        found += [f"{label}:{name}" for name in plain[2:]]
        found += [f"before={' '.join(before[-2:])}", f"after={' '.join(after[:2])}"]
        found += [f"left={word}" for word in set(before)] + [f"right={word}" for word in set(after)]
        found += [f"own={word}" for word in set(own)]
        if len(own) <= _LONGEST:
            found.append(f"text={' '.join(own)}")
        found += self._beside(place, source)
        return found

    def _beside(self, place: int, source: str) -> Iterator[str]:
        """Yield what the candidates on both sides are, and how near."""
        each = self._found[place]
        for name, other in (("previous", place - 1), ("next", place + 1)):
            beside = self._found[other] if 0 <= other < len(self._found) else None
            if beside is None:
                yield f"{name}=none"
                continue
            low, high = sorted((each, beside))
            gap = [word for word in self._low[low.end : high.start] if not word.isspace()]
            near = " ".join(gap) if len(gap) <= 2 else "far"
            yield f"{name}={near}:{beside.label}"
            yield f"{source}:{name}={near}"

    def _section(self, place: int) -> str:
        found = bisect_right(self._types, (self._starts[place], "~")) - 1
        return self._types[found][1] if found >= 0 else "none"


def _types(doc: Doc) -> list[tuple[int, str]]:
    """Return where each criterion begins, with its type."""
    segments = doc._.eligex_segments or {}
    return sorted((each["start"], each["type"]) for each in segments.get("criteria", ()))


def _bracketed(before: Sequence[str], after: Sequence[str]) -> str:
    """Return whether a bracket opens before, closes after, or both."""
    opened = any(word in _OPENING for word in before) and not any(word in _CLOSING for word in before)
    closed = any(word in _CLOSING for word in after) and not any(word in _OPENING for word in after)
    return f"{opened},{closed}"


@cache
def load_weights() -> Mapping[str, float]:
    """Read the weights; see :func:`eligex.binding.attach.read_weights` for what it raises."""
    return read_weights(DATA / "candidates.tsv", (RELATION,))[RELATION]
