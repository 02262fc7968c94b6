"""The heads that a value expression names itself: an age word, a scale, a counted noun.

Decides which word stands for the entity where the grammar or the wording points at one; values that name
nothing are bound by nearness in ``values``.
"""

from __future__ import annotations

from eligex.binding.heads import Head, Piece, add_head, sentence_of
from eligex.binding.ownership import (
    AGE_WORDS,
    EPISODES_OF,
    GENERIC_SCALE,
    GESTATION,
    NEXT_LIMIT,
    OWNS_DURATION,
    SCALE_OF,
    SCALE_ON,
    SCALE_TO,
    SHORT_FORM,
    STANDS_ALONE,
)
from eligex.language.phrases import phrase_after
from eligex.schema import Quantity

_AGE_REACH = 40
"""How far before a value its age word is looked for, in characters."""


def named_head(piece: Piece, heads: list[Head], quantity: Quantity) -> Head | None:
    """Return the head ``quantity`` names, adding it to ``heads`` where no entity is there yet."""
    gestation = GESTATION.search(piece.text, quantity.start, min(quantity.end + 20, piece.end))
    if gestation is not None and quantity.unit in ("wk", "d", "mo"):
        return _claim(piece, heads, gestation.start(), gestation.end(), "Measurement")
    if quantity.kind == "age" or _is_bare_age(piece, heads, quantity):
        return _age(piece, heads, quantity)
    if quantity.about is None:
        return None
    start, end = quantity.about
    if quantity.kind == "count" and (happened := _counted_event(piece, heads, quantity)):
        return happened
    if GENERIC_SCALE.fullmatch(piece.text[start:end]):
        return _beside(piece, heads, quantity)
    return _claim(piece, heads, start, end, "Observation" if quantity.kind == "count" else "Measurement")


def _counted_event(piece: Piece, heads: list[Head], quantity: Quantity) -> Head | None:
    """What a counted episode or dose is of: "two or more episodes of wheezing"."""
    of = EPISODES_OF.match(piece.text, quantity.about[0] if quantity.about else quantity.start, piece.end)
    right = next((h for h in heads if of is not None and h.start >= of.end()), None)
    near = of is not None and right is not None and right.start <= of.end() + 20
    return right if near and right is not None and right.label != "Person" else None


def scale_head(piece: Piece, heads: list[Head], quantity: Quantity) -> Head | None:
    """A stage or grade that is of nothing else in the sentence stands for itself: "stage I-III"."""
    if quantity.about is None or not STANDS_ALONE.fullmatch(piece.text[slice(*quantity.about)]):
        return None
    return _claim(piece, heads, *quantity.about, "Measurement")


def _claim(piece: Piece, heads: list[Head], start: int, end: int, label: str) -> Head:
    """The entity on a span, or a new head there."""
    for head in heads:
        same = (label == "Person") == (head.label == "Person") or (head.start <= start and end <= head.end)
        if head.start < end and start < head.end and same:
            return head
    return add_head(heads, Head(start, with_short_form(piece, end), label, "named"))


def with_short_form(piece: Piece, end: int) -> int:
    """Return ``end``, or the end of a bracketed short form right behind it."""
    match = SHORT_FORM.match(piece.text, end, piece.end)
    return match.end() if match else end


def _age(piece: Piece, heads: list[Head], quantity: Quantity) -> Head | None:
    low, high = sentence_of(piece, quantity.start)
    before = [q.end for q in piece.quantities if low <= q.end <= quantity.start]
    start = max([low, quantity.start - _AGE_REACH, *before])
    end = min(high, quantity.end + 12)
    for words in AGE_WORDS:
        again = bool(before) and NEXT_LIMIT.match(piece.text[max(before) : quantity.start])
        if words is AGE_WORDS[-1] and again:
            return None  # the second of two limits: it is the first one's age again
        match = words.search(piece.text, start, end)
        if match is not None:
            return _claim(piece, heads, match.start(), match.end(), "Person")
    if quantity.about is not None:
        return _claim(piece, heads, *quantity.about, "Person")
    return None


def _is_bare_age(piece: Piece, heads: list[Head], quantity: Quantity) -> bool:
    """Whether a limit in years belongs to nothing but the people: "women > 18 years"."""
    if quantity.kind != "duration" or quantity.unit != "a" or quantity.comparator == "=":
        return False
    low, _ = sentence_of(piece, quantity.start)
    if OWNS_DURATION.search(piece.text, low, quantity.start):
        return False
    near = next((h for h in reversed(heads) if low <= h.start and h.end <= quantity.start), None)
    touching = near is not None and not piece.text[near.end : quantity.start].strip(" :,(")
    return near is None or near.label == "Person" or not touching


def instrument(piece: Piece, heads: list[Head], quantity: Quantity) -> Head | None:
    """The instrument behind a score: "a score of 24 or above on the Folstein"."""
    on = SCALE_ON.match(piece.text, quantity.end, piece.end)
    if on is None:
        return None
    right = next((h for h in heads if h.start >= on.end()), None)
    if right is not None and right.start <= on.end() + 25 and right.label != "Person":
        return right
    span = phrase_after(piece.text, on.end(), sentence_of(piece, quantity.start)[1])
    return add_head(heads, Head(*span, "Measurement", "phrase")) if span else None


def _beside(piece: Piece, heads: list[Head], quantity: Quantity) -> Head | None:
    """What a bare "grade" or "score" is of: "grade III heart failure", "a score of 24 on the MMSE"."""
    about = quantity.about or (quantity.start, quantity.end)
    start, end = min(quantity.start, about[0]), max(quantity.end, about[1])
    left = next((h for h in reversed(heads) if h.end <= start), None)
    right = next((h for h in heads if h.start >= end), None)
    if right is not None and right.label != "Person" and SCALE_OF.fullmatch(piece.text[end : right.start]):
        return right
    if (on := instrument(piece, heads, quantity)) is not None:
        return on
    if left is None or left.label == "Person":
        return None
    gap_start = min(with_short_form(piece, left.end), start)
    return left if SCALE_TO.fullmatch(piece.text[gap_start:start]) else None
