"""Which quantity belongs to which entity.

Decides: the head of every quantity, and over which coordinated heads it is distributed ("AST and ALT ≤ 3 ×
ULN").  A quantity that finds no head is left unbound and makes no predicate.  Whether something is a
quantity at all, or a time window, was decided before.
"""

from __future__ import annotations

import re

from eligex.assembly.mentions import Head, Piece, Value
from eligex.grammar.connectors import connector
from eligex.grammar.phrases import content_words, phrase_before
from eligex.schema import Quantity

# How unlikely a label is to own a value; from the labels of Has_value heads in Chia's training folds.
_LABEL_COST = {
    "Measurement": 0.0,
    "Observation": 1.0,
    "Person": 1.0,
    "Procedure": 2.0,
    "Device": 2.0,
    "Condition": 2.5,
    "Drug": 2.5,
    "Visit": 6.0,
}
_DOSE_UNITS = ("g", "mg", "ug", "ng", "[IU]", "mL", "L")
_MAX_COST = 12.0
_CHAIN = re.compile(
    r"^[\s,/;()\[\]:]*(?:(?:and|or|to|but|and/or|i\.?e\.?|for|if|with|not)[\s,(]*){0,2}$", re.IGNORECASE
)  # between two limits of one thing: "≤ 3 x ULN (≤ 5", "> 30 or < 18"
_RIGHT = re.compile(
    r"^[\s)]*(?:(?:of|for|in|a|the|daily|per\s\w+|oral|equivalent|or|more|prior|previous)[\s,]+){0,4}$",
    re.IGNORECASE,
)  # between a value and a thing after it: "10 mg of prednisone", "3 or more prior relapses"


def bind_values(piece: Piece, heads: list[Head]) -> None:
    """Attach every quantity of ``piece`` to its heads; adds heads where the value names its own.

    ``heads`` stays sorted by start.
    """
    previous: tuple[Quantity, list[Head]] | None = None
    for quantity in piece.quantities:
        bounds = sentence_of(piece, quantity.start)
        owners = _named(piece, heads, quantity) or _chained(piece, heads, quantity, previous, bounds)
        if not owners:
            owners = _nearest(piece, heads, quantity, bounds)
        for head, cost in owners:
            head.values.append(Value(quantity, cost))
        previous = (quantity, [head for head, _ in owners]) if owners else None


def sentence_of(piece: Piece, position: int) -> tuple[int, int]:
    """Return the sentence that holds ``position``; the whole piece if none does."""
    for start, end in piece.sentences:
        if start <= position < end:
            return start, end
    return piece.start, piece.end


def add_head(heads: list[Head], head: Head) -> Head:
    """Insert ``head`` at its place."""
    at = next((i for i, other in enumerate(heads) if other.start > head.start), len(heads))
    heads.insert(at, head)
    return head


def _named(piece: Piece, heads: list[Head], quantity: Quantity) -> list[tuple[Head, float]]:
    """Heads the expression names itself: the scale, the age word, the counted noun."""
    if quantity.about is None:
        return _bare_age(piece, heads, quantity)
    start, end = quantity.about
    if _GENERIC_SCALE.fullmatch(piece.text[start:end]) and (beside := _beside(piece, heads, quantity)):
        return [(beside, 0.5)]
    for head in heads:
        if head.start < end and start < head.end:
            if quantity.kind == "age" and head.label != "Person":
                continue
            return [(head, 0.0)]
    label = (
        "Person" if quantity.kind == "age" else "Observation" if quantity.kind == "count" else "Measurement"
    )
    return [(add_head(heads, Head(start, end, label, "named")), 0.5)]


_GENERIC_SCALE = re.compile(r"(?:ctc|ctcae|nci)?\s*(?:grade|class|stage|score|level|status)s?", re.IGNORECASE)


def _beside(piece: Piece, heads: list[Head], quantity: Quantity) -> Head | None:
    """The thing a bare "grade" or "class" grades: "grade III or IV heart failure", "diarrhea grade 2"."""
    start = min(quantity.start, quantity.about[0]) if quantity.about else quantity.start
    end = max(quantity.end, quantity.about[1]) if quantity.about else quantity.end
    left = next((h for h in reversed(heads) if h.end <= start), None)
    right = next((h for h in heads if h.start >= end), None)
    if right is not None and right.label != "Person" and _OF.fullmatch(piece.text[end : right.start]):
        return right
    if left is not None and left.label != "Person" and _TO.fullmatch(piece.text[left.end : start]):
        return left
    return None


_OF = re.compile(r"\s*(?:of|for|or\s+(?:higher|greater|worse|more|above))?\s*", re.IGNORECASE)
_TO = re.compile(
    r"[\s,(:]*(?:of|is|was|to|with|in|at|than|must\s+be|has\s+resolved\s+to|\(NYHA\)?)*[\s(]*", re.IGNORECASE
)
_AGE_UNITS = ("a", "mo", "wk", "d")
_OWNS_DURATION = re.compile(
    r"\b(?:survival|expectancy|duration|interval|time|gestation\w*|follow.?up|onset|diagnos\w+|length|period|since"
    r"|stay|half.?life|treatment|therapy|history|disease|symptoms?|QTc?\w*|PR|QRS)\b",
    re.IGNORECASE,
)  # what a leftover duration may be the value of: "life expectancy of more than 3 months"


def _bare_age(piece: Piece, heads: list[Head], quantity: Quantity) -> list[tuple[Head, float]]:
    """An age that no word calls one: "women > 18 years"; its unit stands for the entity."""
    if quantity.unit not in _AGE_UNITS or not quantity.unit_text or quantity.comparator == "=":
        return []
    low, _ = sentence_of(piece, quantity.start)
    if quantity.kind != "age":
        left = [h for h in heads if low <= h.start and h.end <= quantity.start]
        near = left[-1] if left else None
        if _OWNS_DURATION.search(piece.text[low : quantity.start]) or quantity.unit != "a":
            return []
        if (
            near is not None
            and near.label != "Person"
            and not piece.text[near.end : quantity.start].strip(" :,(")
        ):
            return []
    at = piece.text.rfind(quantity.unit_text.split()[0], quantity.start, quantity.end)
    if at < 0:
        return []
    return [(add_head(heads, Head(at, at + len(quantity.unit_text.split()[0]), "Person", "named")), 1.0)]


def _chained(
    piece: Piece,
    heads: list[Head],
    quantity: Quantity,
    previous: tuple[Quantity, list[Head]] | None,
    bounds: tuple[int, int],
) -> list[tuple[Head, float]]:
    """The heads of the limit just before: "BMI > 30 or < 18", "≤ 3 × ULN (≤ 5 × ULN if …)"."""
    if previous is None or not bounds[0] <= previous[0].start < bounds[1]:
        return []
    before, owners = previous
    if quantity.start < before.end:
        return [(head, 1.0) for head in owners] if quantity.part else []
    if not _CHAIN.match(piece.text[before.end : quantity.start]):
        return []
    after = next((h for h in heads if h.start >= quantity.end), None)
    if (
        after is not None
        and not piece.text[quantity.end : after.start].strip()
        and quantity.comparator == "="
    ):
        return []
    return [(head, 1.0) for head in owners]


def _nearest(
    piece: Piece, heads: list[Head], quantity: Quantity, bounds: tuple[int, int]
) -> list[tuple[Head, float]]:
    candidates = [c for h in heads if (c := _cost(piece, h, quantity, bounds)) is not None]
    best = min(candidates, key=lambda c: c[1], default=None)
    phrase = _phrase(piece, heads, quantity, bounds, best)
    if phrase is not None:
        return [(phrase, 4.0)]
    if best is None or best[1] > _MAX_COST:
        return []
    head, cost = best
    return [(head, cost), *((h, cost + 0.5) for h in _coordinated(piece, heads, head, quantity))]


def _cost(piece: Piece, head: Head, quantity: Quantity, bounds: tuple[int, int]) -> tuple[Head, float] | None:
    if not (bounds[0] <= head.start and head.end <= bounds[1]):
        return None
    label = _LABEL_COST.get(head.label, 8.0)
    if head.label == "Drug" and (quantity.unit or "").split("/")[0] in _DOSE_UNITS:
        label = 0.5
    if head.end <= quantity.start:
        gap = piece.text[head.end : quantity.start]
        if ";" in gap or any(head.end <= q.start and q.end <= quantity.start for q in piece.quantities):
            return None
        return head, content_words(gap) * 2 + gap.count(" ") * 0.1 + gap.count(",") * 2 + label
    if head.start >= quantity.end:
        gap = piece.text[quantity.end : head.start]
        if not _RIGHT.match(gap):
            return None
        return head, 3.0 + content_words(gap) + label
    return None


def _phrase(
    piece: Piece,
    heads: list[Head],
    quantity: Quantity,
    bounds: tuple[int, int],
    best: tuple[Head, float] | None,
) -> Head | None:
    """A noun phrase right before the value, where it is nearer than any entity."""
    if best is not None and best[1] < 2.5:
        return None
    if quantity.kind == "duration" and quantity.comparator == "=":
        return None
    start = max([bounds[0], *(q.end for q in piece.quantities if q.end <= quantity.start)])
    span = phrase_before(piece.text, start, quantity.start)
    if span is None:
        return None
    for head in heads:
        if head.start < span[1] and span[0] < head.end:
            return None
    if best is not None and best[0].start >= quantity.end and best[1] < 5:
        return None
    return add_head(heads, Head(span[0], span[1], "Measurement", "phrase"))


def _coordinated(piece: Piece, heads: list[Head], head: Head, quantity: Quantity) -> list[Head]:
    """The heads before ``head`` in one list with it: AST in "AST and ALT ≤ 3 × ULN"."""
    if head.start >= quantity.end:
        return []
    found: list[Head] = []
    last = head
    for other in reversed(heads[: heads.index(head)]):
        link = connector(piece.text[other.end : last.start])
        valued = any(v.quantity.end > other.end and v.quantity.start < last.start for v in other.values)
        if not link.tight or link.kind not in ("and", "or", "comma") or valued or other.label != head.label:
            break
        if any(other.end <= q.start < last.start for q in piece.quantities):
            break
        found.append(other)
        last = other
    return found
