"""Entities that are a length of time: "[disease] duration ≥ 5 years", "duration of [diabetes]: 1 year".

Decides that a disease beside the word for how long it lasts is one name with it where a number follows, so
that the length is the value of the duration, not a window of the disease.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from collections.abc import Sequence

from spacy.tokens import Doc, Span

from eligex.lexicon.entity_rules import entity_words
from eligex.pipes.doc import lower_words

_WORDS = entity_words()
_LASTS = frozenset({"Condition", "Measurement", "Observation"})
_FAR = 5
"""Words between a name and its number: "duration must be at least 5 years"."""


def with_durations(doc: Doc, found: Sequence[Span]) -> list[Span]:
    """Return the entities, in text order, with those that last so long as durations.

    "[psoriasis] [duration of 6 months]" → "[psoriasis duration] of [6 months]"
    """
    low = lower_words(doc)
    if _WORDS.durations.isdisjoint(low):
        return list(found)
    kept: list[Span] = []
    for each in sorted(found, key=lambda span: span.start):
        start, end = each.start, each.end
        if kept and start < kept[-1].end:  # "[duration of 6 months]", of which the name took the first word
            start = kept[-1].end
            while start < end and low[start] in _WORDS.never_first:
                start += 1
            if start < end:
                kept.append(Span(doc, start, end, label=each.label))
            continue
        if each.label_ in _LASTS and (name := _duration(doc, low, each)):
            while kept and name[0] < kept[-1].end:
                kept.pop()
            kept.append(Span(doc, *name, label="Measurement"))
        else:
            kept.append(each)
    return kept


def _duration(doc: Doc, low: Sequence[str], entity: Span) -> tuple[int, int] | None:
    """Return where the name of a duration begins and ends that an entity is a part of; None without one."""
    start, end = entity.start, entity.end
    if end < len(low) and low[end] in _WORDS.durations and not doc[end].is_sent_start:
        return (start, end + 1) if _has_length(doc, low, end + 1) else None
    first = start - 2 - (low[start - 1] in _WORDS.hanging_articles)
    if first >= 0 and low[first] in _WORDS.durations and low[first + 1] == "of":
        told = any(token.is_sent_start for token in doc[first + 1 : end])
        return (first, end) if not told and _has_length(doc, low, end) else None
    return None


def _has_length(doc: Doc, low: Sequence[str], place: int) -> bool:
    """Whether a number follows soon, with nothing but words that lead to it: "of at least", "must be"."""
    for at in range(place, min(place + _FAR, len(low))):
        if doc[at].is_sent_start:
            return False
        if doc[at].like_num or low[at][:1].isdigit():
            return True
        if low[at] not in _WORDS.to_length:
            return False
    return False
