"""Which window, modifier, condition and exception belongs to which head.

Decides the heads only; what a window or a clause is was decided by the grammar.  Heads that turn out to be
the content of a condition leave the list (they are told by the condition), heads inside an exception stay
and are marked exempt.
"""

from __future__ import annotations

from eligex.binding.attachment import Relation, prefers_left
from eligex.binding.heads import Clause, Head, Mention, Piece, add_head, sentence_of
from eligex.language.connectors import NEXT_MEMBER, connector
from eligex.language.phrases import phrase_before
from eligex.schema import ModifierType, Window

_RELATION: dict[str, Relation] = {
    "Qualifier": "qualifier",
    "Value": "value",
    "Multiplier": "multiplier",
    "Temporal": "temporal",
}
# Things that happen, and so may share a window: "infarction, stroke or bypass surgery within 3 months".
_EVENTS = frozenset({"Condition", "Procedure", "Drug", "Observation"})
MODIFIER_TYPES: dict[str, ModifierType] = {
    "Qualifier": "qualifier",
    "Value": "value",
    "Multiplier": "multiplier",
    "Temporal": "temporal",
    "Mood": "mood",
    "Reference_point": "reference",
    "Negation": "negation",
}


def bind_windows(piece: Piece, heads: list[Head]) -> None:
    """Attach every window to its head and to the heads coordinated with it."""
    for window in piece.windows:
        inside = [h for h in heads if window.start <= h.start and h.end <= window.end]
        rest = [h for h in heads if h not in inside]
        owner = _neighbour(piece, rest, window.start, window.end, "temporal")
        if owner is None:
            owner = _event(piece, heads, window)
            rest = heads
        if owner is None:
            continue
        for head in group_of(piece, rest, owner, towards=window.start, labels=_EVENTS):
            head.windows.append(window)


def _event(piece: Piece, heads: list[Head], window: Window) -> Head | None:
    """What happened within a window where no entity tells: "other trial treatment within 3 months"."""
    low, _ = sentence_of(piece, window.start)
    span = phrase_before(piece.text, low, window.start)
    if span is None or window.direction == "during":
        return None
    return add_head(heads, Head(*span, "Observation", "phrase"))


def drop_anchors(piece: Piece, heads: list[Head]) -> None:
    """Remove heads that are words of a window or a value: "within 6 months after surgery", "70 years old"."""
    spans = [(window.start, window.end) for window in piece.windows]
    spans += [(value.quantity.start, value.quantity.end) for head in heads for value in head.values]
    for start, end in spans:
        for head in [h for h in heads if start <= h.start and h.end <= end and not h.values]:
            heads.remove(head)


def bind_modifiers(piece: Piece, heads: list[Head], modifiers: list[Mention]) -> None:
    """Attach qualifiers, moods, multipliers and values that are no quantities to their heads."""
    for mention in modifiers:
        if _covered(piece, heads, mention):
            continue
        relation = _RELATION.get(mention.label)
        owner = _neighbour(piece, heads, mention.start, mention.end, relation)
        if owner is None:
            continue
        for head in group_of(piece, heads, owner, towards=mention.start):
            head.modifiers.append(
                {"start": mention.start, "end": mention.end, "type": MODIFIER_TYPES[mention.label]}
            )


def _covered(piece: Piece, heads: list[Head], mention: Mention) -> bool:
    spans = [
        *((q.start, q.end) for q in piece.quantities),
        *((w.start, w.end) for w in piece.windows),
        *((h.start, h.end) for h in heads),
        *((c.start, c.end) for c in piece.clauses if c.type == "condition"),
    ]
    return any(start < mention.end and mention.start < end for start, end in spans)


def _neighbour(
    piece: Piece, heads: list[Head], start: int, end: int, relation: Relation | None
) -> Head | None:
    """The nearest head on the likelier side, within the sentence and not across a semicolon."""
    low, high = sentence_of(piece, start)
    if piece.clauses:
        heads = [h for h in heads if _excepted(piece, h.start) == _excepted(piece, start)]
    left = next((h for h in reversed(heads) if h.end <= start and h.start >= low), None)
    right = next((h for h in heads if h.start >= end and h.end <= high), None)
    if left is not None and ";" in piece.text[left.end : start]:
        left = None
    if right is not None and ";" in piece.text[end : right.start]:
        right = None
    if left is None or right is None:
        return left or right
    if relation is None:  # moods stand before their heads in all but a handful of Chia's cases
        return right
    left_gap, right_gap = piece.text[left.end : start], piece.text[end : right.start]
    # A new member of the list begins right behind: "stroke in the past year or current angina".
    if relation == "temporal" and NEXT_MEMBER.match(right_gap) and not NEXT_MEMBER.search(left_gap):
        return left
    likely_left = prefers_left(
        relation,
        left_gap,
        right_gap,
        left.label,
        right.label,
        piece.text[start:end],
    )
    return left if likely_left >= 0.5 else right


def _excepted(piece: Piece, position: int) -> int:
    """The start of the exception around ``position``; -1 outside of all."""
    inside = (c.start for c in piece.clauses if c.type == "exception" and c.start <= position < c.end)
    return next(inside, -1)


def group_of(
    piece: Piece, heads: list[Head], owner: Head, *, towards: int, labels: frozenset[str] = frozenset()
) -> list[Head]:
    """Return the heads in one list with ``owner``, walking away from ``towards``.

    Heads of one list have one label, or all of them one of ``labels``.
    """
    order = heads if towards <= owner.start else heads[::-1]
    following = order[order.index(owner) + 1 :]
    group = [owner]
    for head in following:
        first, second = sorted((group[-1], head), key=lambda h: h.start)
        link = connector(piece.text[first.end : second.start])
        alike = head.label == owner.label or {head.label, owner.label} <= labels
        if not link.tight or link.kind not in ("and", "or", "comma") or not alike:
            break
        group.append(head)
    return group


def apply_conditions(piece: Piece, heads: list[Head]) -> None:
    """Give every condition to the limits or heads it restricts, and take its own words out of the heads."""
    for clause in piece.clauses:
        if clause.type != "condition":
            continue
        for head in list(heads):
            if clause.content_start <= head.start and head.end <= clause.content_end and not head.values:
                heads.remove(head)
    for clause in piece.clauses:
        if clause.type == "condition":
            _condition(piece, heads, clause)


def _condition(piece: Piece, heads: list[Head], clause: Clause) -> None:
    content = (clause.content_start, clause.content_end)
    low, high = region_of(piece, clause)
    leads = not piece.text[low : clause.start].strip(" \t\r\n-*•(,")
    if clause.governs != "left" and leads and _restrict_following(heads, clause, high, content):
        return
    limits = [v for h in heads for v in h.values if v.quantity.end <= clause.start]
    bare = [h for h in heads if h.end <= clause.start and not h.values]
    limit_end = max((v.quantity.end for v in limits), default=-1)
    if limit_end >= max((h.end for h in bare), default=-1):
        for value in limits:
            if value.quantity.end == limit_end:
                value.condition = value.condition or content
    else:
        for head in group_of(piece, heads, bare[-1], towards=clause.start):
            head.condition = head.condition or content


def _restrict_following(heads: list[Head], clause: Clause, high: int, content: tuple[int, int]) -> bool:
    """Give the condition to everything up to ``high``; False if there is nothing."""
    values = [v for h in heads for v in h.values if clause.end <= v.quantity.start < high]
    bare = [h for h in heads if clause.end <= h.start and h.end <= high and not h.values]
    for value in values:
        value.condition = value.condition or content
    for head in bare:
        head.condition = head.condition or content
    return bool(values or bare)


def region_of(piece: Piece, clause: Clause) -> tuple[int, int]:
    """Return the innermost bracket, or the part between semicolons, of the sentence around ``clause``."""
    low, high = sentence_of(piece, clause.start)
    depth = 0
    for position in range(clause.start - 1, low - 1, -1):
        char = piece.text[position]
        depth += (char in ")]") - (char in "([")
        if depth < 0 or (char == ";" and depth == 0):
            low = position + 1
            break
    depth = 0
    for position in range(clause.end, high):
        char = piece.text[position]
        depth += (char in "([") - (char in ")]")
        if depth < 0 or (char == ";" and depth == 0):
            high = position
            break
    return low, high


def apply_exceptions(piece: Piece, heads: list[Head]) -> None:
    """Mark what an exception exempts, and list it at the heads it is an exception to."""
    for clause in piece.clauses:
        if clause.type != "exception":
            continue
        inside = [h for h in heads if clause.content_start <= h.start and h.end <= clause.content_end]
        owners = [h for h in heads if h.end <= clause.start and not h.exempt]
        if not owners:
            continue
        if not inside:
            start, end = clause.content_start, min(clause.content_end, piece.end)
            if not any(char.isalnum() for char in piece.text[start:end]):
                continue
            inside = [add_head(heads, Head(start, end, owners[-1].label, "phrase"))]
        for head in inside:
            head.exempt = True
        for owner in group_of(piece, [h for h in heads if not h.exempt], owners[-1], towards=clause.start):
            owner.exceptions.extend(inside)
