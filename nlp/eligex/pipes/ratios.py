"""Names of ratios: one measurement, also where the recogniser found its two parts.

Decides that "albumin/creatinine ratio", "ratio of FEV1 to FVC" and "PaO2/FiO2" are one entity.  A sign alone
joins the members of a list ("AST/ALT"): the word "ratio" beside them, or a known pair, says that it is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from spacy.tokens import Doc, Span

from eligex.lexicon.entity_rules import entity_words
from eligex.pipes.doc import lower_words

_WORDS = entity_words()
_LONGEST = 4
"""How many tokens the second part of a ratio may have."""


def with_ratios(doc: Doc, entities: Sequence[Span], holds: Callable[[Span], bool]) -> list[Span]:
    """Return the entities, those that are parts of a ratio replaced by the ratio.

    Parameters
    ----------
    doc
        The document.
    entities
        Its entities.
    holds
        Whether a span may be an entity: it lies in one sentence of one criterion.

    Examples
    --------
    "[urine albumin]/[creatinine ratio] > 30" → "[urine albumin/creatinine ratio] > 30"
    """
    ratios = _Ratios(doc, entities)
    found = list(entities)
    for start, end in ratios.spans():
        parts = [entity for entity in found if entity.start < end and start < entity.end]
        first = min([start, *(entity.start for entity in parts)])
        span = Span(doc, first, max([end, *(entity.end for entity in parts)]), label="Measurement")
        if holds(span):
            found = [*(entity for entity in found if entity not in parts), span]
    return found


class _Ratios:
    """Finds the names of ratios among the tokens of a document."""

    def __init__(self, doc: Doc, entities: Sequence[Span]) -> None:
        self._doc = doc
        self._low = lower_words(doc)
        self._entities = entities

    @cached_property
    def _entity(self) -> dict[int, Span]:
        """The entity of each token; few documents have a ratio that asks for it."""
        return {place: entity for entity in self._entities for place in range(entity.start, entity.end)}

    def spans(self) -> Iterator[tuple[int, int]]:
        """Yield the first token of each name, and the token after its last."""
        done = 0
        for place, word in enumerate(self._low):
            span = None
            if word in _WORDS.ratio_words:
                span = self._after(place) or self._grown(self._before(place))
            elif word in _WORDS.ratio_signs and self._is_known(place):
                span = self._grown((place - 1, self._end(place + 2)))
            if span is not None and span[0] >= done:
                yield span
                done = span[1]

    def _end(self, place: int) -> int:
        """Return the token after "PaO2/FiO2", its marks and the word "ratio"."""
        while place < len(self._low) and self._low[place] in _WORDS.ratio_marks:
            place += 1
        return place + (place < len(self._low) and self._low[place] in _WORDS.ratio_words)

    def _is_known(self, sign: int) -> bool:
        """Whether the words beside a sign are a pair that is always a ratio."""
        return sign > 0 and " / ".join(self._low[sign - 1 : sign + 2 : 2]) in _WORDS.ratios

    def _after(self, place: int) -> tuple[int, int] | None:
        """Read "ratio of FEV1 to FVC" at its first word: two entities follow."""
        first = self._entity.get(place + 2) if self._low[place + 1 : place + 2] == ["of"] else None
        if first is None or first.end + 1 >= len(self._low) or not self._joins(first.end):
            return None
        second = self._entity.get(first.end + 1)
        return None if second is None else (place, second.end)

    def _before(self, place: int) -> tuple[int, int] | None:
        """Read "albumin/creatinine ratio" and "protein-to-creatinine ratio" from their last word."""
        sign = next((k for k in range(place - 1, max(0, place - 2 - _LONGEST), -1) if self._joins(k)), None)
        if sign is None or not self._is_name(sign + 1, place):
            return None
        word = sign - 1 if self._low[sign - 1] in _WORDS.ratio_joints else sign
        start = last = word - 1 - (word < sign and self._low[word - 1] == "-")
        while start > 0 and not self._doc[start - 1].whitespace_ and self._is_part(start - 1):
            start -= 1
        if last < 0 or not self._is_name(start, last + 1):
            return None
        signed = self._low[sign] in _WORDS.ratio_signs
        if not signed and last not in self._entity and place - 1 not in self._entity:
            return None
        return start, place + 1

    def _grown(self, span: tuple[int, int] | None) -> tuple[int, int] | None:
        """Return a name with the words before it that belong to it: "urine"."""
        if span is None:
            return None
        start, end = span
        while start and self._low[start - 1] in _WORDS.before:
            start -= 1
        return start, end

    def _joins(self, k: int) -> bool:
        """Whether a token may stand between the parts of a ratio."""
        word = self._low[k]
        if word == ":" and (self._doc[k].whitespace_ or (k and self._doc[k - 1].whitespace_)):
            return False  # a label: "Coagulation: normalized ratio"
        return word in _WORDS.ratio_signs or word in _WORDS.ratio_joints or word == "-"

    def _is_name(self, start: int, end: int) -> bool:
        """Whether tokens may name a part of a ratio: words, not the numbers of "a 2:1 ratio"."""
        plain = all(self._is_part(place) for place in range(start, end))
        return plain and any(char.isalpha() for word in self._low[start:end] for char in word)

    def _is_part(self, place: int) -> bool:
        word = self._low[place]
        return word == "-" or (word[0].isalnum() and word not in _WORDS.never_last)
