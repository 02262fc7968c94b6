"""Which quantity belongs to which entity.

Decides: the head of every quantity, and over which coordinated heads it is distributed ("AST and ALT ≤ 3 ×
ULN").  A quantity that finds no head is left unbound and makes no predicate.  Whether something is a
quantity at all, or a time window, was decided before.
"""

from __future__ import annotations

from dataclasses import replace

from eligex.binding.heads import Head, Piece, Value, add_head, sentence_of
from eligex.binding.named import instrument, named_head, scale_head, with_short_form
from eligex.binding.ownership import (
    BRACKETED,
    CIRCUMSTANCE,
    FOLLOWING_THING,
    GENERIC_SCALE,
    NEXT_LIMIT,
    OPENS_PHRASE,
    OWNS_DURATION,
)
from eligex.language.connectors import connector
from eligex.language.phrases import content_words, phrase_before
from eligex.schema import Quantity
from eligex.windows.find import as_window

# How unlikely a label is to own a value, on the scale of two a content word between them; set by the tuple
# figure on LCT outside its development part.
_LABEL_COST = {
    "Measurement": 0.0,
    "Observation": 1.0,
    "Person": 1.0,
    "Procedure": 2.0,
    "Device": 2.0,
    "Condition": 5.5,
    "Drug": 2.5,
    "Visit": 6.0,
}
_DOSE_UNITS = ("g", "mg", "ug", "ng", "[IU]", "U", "{units}", "mL", "L")
_MAX_COST = 6.0
# A number without a comparator ("FEV1/FVC 0.7") is a value only right beside a thing that has values.
_BARE_COST = 1.0
_BARE_LABELS = ("Measurement", "Observation", "Drug")


def bind_values(piece: Piece, heads: list[Head]) -> None:
    """Attach every quantity of ``piece`` to its heads; adds heads where the value names its own.

    ``heads`` stays sorted by start.
    """
    previous: tuple[Quantity, list[Head]] | None = None
    for found in piece.quantities:
        quantity = found if previous is None else _with_comparator_of(found, previous[0])
        bounds = sentence_of(piece, quantity.start)
        near = [h for h in heads if _same_clause(piece, h, quantity)]
        named = named_head(piece, heads, quantity)
        chained = [] if named else _chained(piece, near, quantity, previous, bounds)
        if not chained:
            quantity = found
        owners = [(named, 0.5)] if named else chained
        if not owners:
            owners = _nearest(piece, heads, near, quantity, bounds)
        if not owners and (scale := scale_head(piece, heads, quantity)):
            owners = [(scale, 2.0)]
        _attach(piece, heads, quantity, owners)
        previous = (quantity, [head for head, _ in owners]) if owners else None


def _with_comparator_of(quantity: Quantity, before: Quantity) -> Quantity:
    """A second limit may leave out its comparator: "> 14 units a week for women or 21 units for men"."""
    same = _is_bare(quantity) and quantity.unit is not None and quantity.unit == before.unit
    if not same or quantity.kind == "duration" or before.comparator not in ("<", "<=", ">", ">="):
        return quantity
    return replace(quantity, comparator=before.comparator, threshold_inclusive=before.threshold_inclusive)


def _attach(piece: Piece, heads: list[Head], quantity: Quantity, owners: list[tuple[Head, float]]) -> None:
    """Give the heads their value; a duration that they cannot have as a value is how long they lasted."""
    window = as_window(quantity)
    lead_start = max(sentence_of(piece, quantity.start)[0], quantity.start - 60)
    for head, cost in owners:
        _take_short_form(piece, heads, head, quantity)
        measured = head.origin == "named" or (head.origin == "entity" and head.label == "Measurement")
        if window is None or measured or OWNS_DURATION.search(piece.text, lead_start, quantity.start):
            head.values.append(Value(quantity, cost))
        else:
            head.windows.append(window)


def _take_short_form(piece: Piece, heads: list[Head], head: Head, quantity: Quantity) -> None:
    """Let a head take in the short form between it and its value: "partial pressure (PaO2) > 60"."""
    end = with_short_form(piece, head.end)
    if head.end < end <= quantity.start and content_words(piece.text[end : quantity.start]) == 0:
        for other in [h for h in heads if head.end <= h.start and h.end <= end and not h.values]:
            heads.remove(other)
        head.end = end


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
    if not NEXT_LIMIT.match(_without_conditions(piece, before.end, quantity.start)):
        return []
    after = next((h for h in heads if h.start >= quantity.end), None)
    if (
        after is not None
        and not piece.text[quantity.end : after.start].strip()
        and quantity.comparator == "="
    ):
        return []
    return [(head, 1.0) for head in owners]


def _is_bare(quantity: Quantity) -> bool:
    return quantity.comparator == "=" and quantity.scale is None and "=" not in quantity.text


def _same_clause(piece: Piece, head: Head, quantity: Quantity) -> bool:
    """A condition keeps its values and its things to itself: "≥ 5 if bilirubin > 3"."""
    return not piece.clauses or all(
        (c.content_start <= head.start < c.content_end) == (c.content_start <= quantity.start < c.content_end)
        for c in piece.clauses
        if c.type == "condition"
    )


def _without_conditions(piece: Piece, start: int, end: int) -> str:
    """The text between, with conditions blanked: "> 440 ms (men) and > 450"."""
    chars = list(piece.text[start:end])
    for clause in piece.clauses:
        if clause.type == "condition":
            for i in range(max(clause.start, start), min(clause.end, end)):
                chars[i - start] = " "
    return "".join(chars)


def _nearest(
    piece: Piece, heads: list[Head], near: list[Head], quantity: Quantity, bounds: tuple[int, int]
) -> list[tuple[Head, float]]:
    candidates = [c for h in near if (c := _cost(piece, h, quantity, bounds)) is not None]
    best = min(candidates, key=lambda c: c[1], default=None)
    phrase = _phrase(piece, heads, quantity, bounds, best)
    if phrase is not None:
        return [(phrase, 4.0)]
    if best is None or best[1] > _MAX_COST:
        return []
    head, cost = _what_is_scored(piece, heads, best[0], quantity) or best[0], best[1]
    if _is_bare(quantity) and not (cost < _BARE_COST and head.label in _BARE_LABELS):
        return []
    return [(head, cost), *((h, cost + 0.5) for h in _coordinated(piece, heads, head, quantity))]


def _what_is_scored(piece: Piece, heads: list[Head], head: Head, quantity: Quantity) -> Head | None:
    """The instrument behind, or the thing right before, a head that is only a "total score"."""
    if head.end > quantity.start or not GENERIC_SCALE.fullmatch(piece.text[head.start : head.end]):
        return None
    before = next((h for h in reversed(heads) if h.end <= head.start), None)
    if before is None or before.label == "Person":
        return instrument(piece, heads, quantity)
    if not piece.text[with_short_form(piece, before.end) : head.start].strip():
        return before
    return instrument(piece, heads, quantity)


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
        gap = BRACKETED.sub(" ", gap)
        aside = 3.0 if gap.lstrip()[:1] in (")", "]") else 0.0
        if head.label != "Measurement" and CIRCUMSTANCE.search(piece.text, bounds[0], head.start):
            aside += 3.0
        return head, content_words(gap) * 2 + gap.count(" ") * 0.1 + gap.count(",") * 2 + label + aside
    if head.start >= quantity.end:
        gap = piece.text[quantity.end : head.start]
        if not FOLLOWING_THING.match(gap):
            return None
        beside = 1.5 if head.label == "Measurement" and not gap.strip() else 3.0
        return head, beside + content_words(gap) + label
    return None


def _phrase(
    piece: Piece,
    heads: list[Head],
    quantity: Quantity,
    bounds: tuple[int, int],
    best: tuple[Head, float] | None,
) -> Head | None:
    """A noun phrase right before the value, where it is nearer than any entity."""
    if _is_bare(quantity) or (best is not None and best[1] < 2.5):
        return None
    if best is not None and best[0].start >= quantity.end and best[1] < 5:
        return None
    start = max([bounds[0], *(q.end for q in piece.quantities if q.end <= quantity.start)])
    span = _measured(piece, start, quantity, best[0] if best is not None else None)
    if span is None or any(head.start < span[1] and span[0] < head.end for head in heads):
        return None
    if GENERIC_SCALE.fullmatch(piece.text[span[0] : span[1]]) and (on := instrument(piece, heads, quantity)):
        return on
    if not OPENS_PHRASE.search(piece.text[bounds[0] : span[0]]):
        return None
    return add_head(heads, Head(span[0], span[1], "Measurement", "phrase"))


def _measured(piece: Piece, start: int, quantity: Quantity, best: Head | None) -> tuple[int, int] | None:
    """The phrase before the value, or the one before its circumstance: "temperature on admission"."""
    span = phrase_before(piece.text, start, quantity.start)
    circumstance = None if span is None else CIRCUMSTANCE.search(piece.text, start, span[0])
    taken = best is not None and (span is None or (span[0] < best.end and best.start < span[1]))
    if best is not None and taken and best.end <= quantity.start and best.label != "Measurement":
        circumstance = CIRCUMSTANCE.search(piece.text, start, best.start)
        if circumstance is not None and circumstance["preposition"].lower().startswith("of"):
            circumstance = None
    if circumstance is None:
        return span
    return phrase_before(piece.text, start, circumstance.start()) or span


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
