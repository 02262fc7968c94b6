"""Criteria from pieces: binds, numbers the predicates, sets effects and writes the logic.

Decides what becomes a predicate and what it inherits from the criterion above it; the decisions about
single bindings are in ``values`` and ``narrowing``.  Everything returned is plain JSON values with the keys
of :class:`eligex.schema.Criterion`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from eligex.binding.heads import Cue, Head, Piece, Value
from eligex.binding.logic import Expression, Operand, Operator, combine, expression_of
from eligex.binding.narrowing import (
    apply_conditions,
    apply_exceptions,
    bind_modifiers,
    bind_windows,
    drop_anchors,
    group_of,
)
from eligex.binding.values import bind_values
from eligex.language.connectors import EITHER, HANGS_ON, HISTORY, INTRODUCES, NEGATED_LEAD, connector
from eligex.schema import DOMAIN_LABELS, CriterionType, Window

_CONTEXT_MODIFIERS = ("historical", "family", "hypothetical", "planned")
_BASE = {"entity": 0.95, "named": 0.95, "phrase": 0.7}


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a list's introduction says about every item of the list."""

    windows: tuple[Window, ...] = ()
    condition: tuple[int, int] | None = None
    negation: tuple[int, int] | None = None


@dataclass(slots=True)
class Built:
    """One criterion's predicates and expression, and what its children inherit."""

    predicates: list[dict[str, Any]]
    expression: Expression | None
    passes_on: Inherited
    main_ids: list[str] = field(default_factory=list)


def build(
    piece: Piece, segment: dict[str, Any], names: dict[tuple[int, int], str], above: Inherited
) -> Built:
    """Bind everything in ``piece`` and return its predicates.

    Parameters
    ----------
    piece
        What earlier steps found in the criterion.
    segment
        The criterion as the segmenter left it.
    names
        Long names of abbreviated entities, by span.
    above
        What the parent criterion passes on.
    """
    heads = [Head(m.start, m.end, m.label) for m in piece.mentions if m.label in DOMAIN_LABELS]
    modifiers = [m for m in piece.mentions if m.label not in DOMAIN_LABELS]
    bind_values(piece, heads)
    drop_anchors(piece, heads)
    bind_windows(piece, heads)
    apply_conditions(piece, heads)
    apply_exceptions(piece, heads)
    bind_modifiers(piece, heads, modifiers)
    _context(piece, heads, above)
    _histories(piece, heads)
    _spread_negation(piece, heads)
    return _number(piece, segment, heads, names, above)


def _context(piece: Piece, heads: list[Head], above: Inherited) -> None:
    for head in heads:
        for cue in piece.cues.get((head.start, head.end), ()):
            if cue.category == "negation":
                head.negated = True
                head.modifiers.append({"start": cue.start, "end": cue.end, "type": "negation"})
            elif cue.category == "permission":
                head.exempt = True
            elif cue.category in _CONTEXT_MODIFIERS:
                head.modifiers.append({"start": cue.start, "end": cue.end, "type": cue.category})
        if above.negation is not None and not head.negated:
            head.negated = True
            head.modifiers.append({"start": above.negation[0], "end": above.negation[1], "type": "negation"})


def _histories(piece: Piece, heads: list[Head]) -> None:
    """A "history" that was taken for an entity is what is said of the things it is a history of."""
    for head in list(heads):
        history = HISTORY.fullmatch(piece.text, head.start, head.end)
        after = [h for h in heads if h.start >= head.end]
        if history is None or head.values or not after:
            continue
        if not HANGS_ON.fullmatch(piece.text[head.end : after[0].start]):
            continue
        kind = "family" if history["family"] else "historical"
        for owner in group_of(piece, heads, after[0], towards=head.start):
            owner.modifiers.append({"start": head.start, "end": head.end, "type": kind})
            owner.windows = owner.windows or head.windows
            if head.negated and not owner.negated:
                owner.negated = True
                owner.modifiers.extend(m for m in head.modifiers if m["type"] == "negation")
        heads.remove(head)


def _spread_negation(piece: Piece, heads: list[Head]) -> None:
    """What hangs on a negated thing is denied with it: "no allergy to penicillin", "never treated with A"."""
    main = [head for head in heads if not head.exempt]
    spread: Head | None = None
    for left, right in pairwise(main):
        gap = piece.text[left.end : right.start]
        hangs = left.negated and HANGS_ON.fullmatch(gap) is not None
        link = connector(gap)
        listed = left is spread and link.tight and link.kind in ("and", "or", "comma")
        if right.negated or not (hangs or (listed and left.label == right.label)):
            continue
        right.negated = True
        right.modifiers.extend(m for m in left.modifiers if m["type"] == "negation")
        spread = right


def _number(
    piece: Piece,
    segment: dict[str, Any],
    heads: list[Head],
    names: dict[tuple[int, int], str],
    above: Inherited,
) -> Built:
    predicates: list[dict[str, Any]] = []
    ids: dict[Head, list[str]] = {}
    for head in heads:
        values: list[Value | None] = list(head.values) or [None]
        for value in values:
            identifier = f"{segment['id']}.{len(predicates) + 1}"
            ids.setdefault(head, []).append(identifier)
            predicates.append(_predicate(piece, segment, head, value, identifier, names, above))
    for head in heads:
        if head.exceptions:
            exempting = [i for other in head.exceptions for i in ids.get(other, ())]
            for predicate in predicates:
                if predicate["id"] in ids[head]:
                    predicate["exceptions"] = exempting
    main = [head for head in heads if not head.exempt]
    operands = [_operand(piece, head, ids[head], segment["type"]) for head in main]
    gaps = [_gap(piece, a, b) for a, b in pairwise(main)]
    return Built(
        predicates,
        expression_of(operands, gaps, segment["type"]),
        _passes_on(piece, heads, above),
        [i for head in main for i in ids[head]],
    )


def _operand(piece: Piece, head: Head, ids: list[str], kind: CriterionType) -> Operand:
    """Several limits of one head: "> 30 or < 18" is either; of subgroups' limits each holds for its own."""
    expression: Expression = ids[0]
    if len(ids) > 1:
        if any(value.condition for value in head.values):
            either = kind == "exclusion"
        else:
            gaps = (piece.text[a.quantity.end : b.quantity.start] for a, b in pairwise(head.values))
            either = any(EITHER.search(gap) for gap in gaps)
            if any(value.quantity.part for value in head.values):
                either = kind == "exclusion"  # a pressure is raised if either part is, normal if both are
        expression = combine("or" if either else "and", ids)
    negation = next(((m["start"], m["end"]) for m in head.modifiers if m["type"] == "negation"), None)
    return Operand(expression, head.label, bool(head.values), negation if head.negated else None)


def _gap(piece: Piece, left: Head, right: Head) -> str:
    """The words between two heads that are part of neither's value, window or condition."""
    start, end = left.end, right.start
    if end <= start:
        return ""
    spans = [
        *((v.quantity.start, v.quantity.end) for h in (left, right) for v in h.values),
        *((w.start, w.end) for h in (left, right) for w in h.windows),
        *((c.start, c.end) for c in piece.clauses if c.type == "condition"),
    ]
    if not any(low < end and start < high for low, high in spans):
        return piece.text[start:end]
    chars = list(piece.text[start:end])
    for low, high in spans:
        for i in range(max(low, start), min(high, end)):
            chars[i - start] = " "
    return "".join(chars)


def _passes_on(piece: Piece, heads: list[Head], above: Inherited) -> Inherited:
    own = piece.text[piece.start : piece.end]
    if not INTRODUCES.search(own):
        return above
    condition = next(((c.content_start, c.content_end) for c in piece.clauses if c.type == "condition"), None)
    bound = any(v.condition for h in heads for v in h.values)
    lead = NEGATED_LEAD.search(own)
    return Inherited(
        piece.windows or above.windows,
        above.condition if condition is None or bound else condition,
        (piece.start + lead.start(), piece.start + lead.end()) if lead else above.negation,
    )


def _effect(kind: str, head: Head) -> str:
    if head.exempt:
        return "allow"
    return "exclude" if (kind == "exclusion") != head.negated else "require"


def _predicate(
    piece: Piece,
    segment: dict[str, Any],
    head: Head,
    value: Value | None,
    identifier: str,
    names: dict[tuple[int, int], str],
    above: Inherited,
) -> dict[str, Any]:
    text = piece.text
    windows = head.windows or (list(above.windows) if not head.exempt else [])
    condition = (value.condition if value else None) or head.condition or above.condition
    modifiers = [
        *_modifiers(head),
        *({"start": w.start, "end": w.end, "type": "temporal"} for w in windows[1:]),
    ]
    return {
        "id": identifier,
        "entity": {
            "text": text[head.start : head.end],
            "start": head.start,
            "end": head.end,
            "label": head.label,
            "name": "age" if _is_unnamed_age(head, value) else names.get((head.start, head.end)),
            "concept": None,
        },
        **_value_fields(value),
        "negated": head.negated,
        "effect": _effect(segment["type"], head),
        "temporal": window_dict(windows[0]) if windows else None,
        "modifiers": [{"text": text[m["start"] : m["end"]], **m} for m in modifiers],
        "condition": text[condition[0] : condition[1]] if condition else None,
        "condition_start": condition[0] if condition else None,
        "condition_end": condition[1] if condition else None,
        "exceptions": [],
        "confidence": _confidence(head, value),
    }


def _modifiers(head: Head) -> list[dict[str, Any]]:
    """Drop what an overlapping one of its type says already, and negations where nothing is negated.

    The entity recogniser calls "except" and "unless" negations; that they exempt is told by the effect.
    """
    kept: list[dict[str, Any]] = []
    for modifier in sorted(head.modifiers, key=lambda m: m["start"] - m["end"]):
        told = any(
            other["type"] == modifier["type"]
            and other["start"] < modifier["end"]
            and modifier["start"] < other["end"]
            for other in kept
        )
        if not told and (head.negated or modifier["type"] != "negation"):
            kept.append(modifier)
    return [modifier for modifier in head.modifiers if any(modifier is other for other in kept)]


def _is_unnamed_age(head: Head, value: Value | None) -> bool:
    """Whether another word stands for the age: "women > 18 years"."""
    return head.origin == "named" and head.label == "Person" and value is not None


_NO_VALUE: dict[str, Any] = dict.fromkeys(
    (
        "comparator",
        "threshold",
        "threshold_high",
        "threshold_inclusive",
        "threshold_high_inclusive",
        "threshold_set",
        "threshold_text",
        "unit",
        "unit_text",
        "alternatives",
        "value_text",
        "value_start",
        "value_end",
    )
)


def _value_fields(value: Value | None) -> dict[str, Any]:
    if value is None:
        return {**_NO_VALUE, "alternatives": []}
    q = value.quantity
    return {
        "comparator": q.comparator,
        "threshold": q.threshold,
        "threshold_high": q.threshold_high,
        "threshold_inclusive": q.threshold_inclusive,
        "threshold_high_inclusive": q.threshold_high_inclusive,
        "threshold_set": None if q.threshold_set is None else list(q.threshold_set),
        "threshold_text": list(q.threshold_text) if isinstance(q.threshold_text, tuple) else q.threshold_text,
        "unit": q.unit,
        "unit_text": q.unit_text,
        "alternatives": [
            {"threshold": a.threshold, "unit": a.unit, "start": a.start, "end": a.end} for a in q.alternatives
        ],
        "value_text": q.text,
        "value_start": q.start,
        "value_end": q.end,
    }


def _confidence(head: Head, value: Value | None) -> float:
    base = _BASE[head.origin]
    return round(base if value is None else max(0.3, base - 0.03 * value.cost), 3)


def window_dict(window: Window) -> dict[str, Any]:
    """Return a window as plain values, lengths included."""
    return {
        "text": window.text,
        "start": window.start,
        "end": window.end,
        "direction": window.direction,
        "low": _length(window.low),
        "high": _length(window.high),
        "anchor": window.anchor,
        "strict": window.strict,
        "alternatives": [_length(a) for a in window.alternatives],
        "whichever": window.whichever,
    }


def _length(length: Any) -> Any:
    return (
        length if length is None or isinstance(length, str) else {"value": length.value, "unit": length.unit}
    )


def criterion_dict(
    text: str, segment: dict[str, Any], built: Built, children: Sequence[str]
) -> dict[str, Any]:
    """Return the finished criterion; ``children`` are the ids of the criteria directly below it."""
    parts: list[Expression] = [] if built.expression is None else [built.expression]
    if children:
        default: Operator = "and" if segment["type"] == "inclusion" else "or"
        operator: Operator = "and" if built.passes_on.negation else segment["children_logic"] or default
        below = combine(operator, list(children))
        if segment["children_minimum"] is not None and len(children) > 1:
            below = {"or": list(children), "minimum": segment["children_minimum"]}
        parts.append(below)
    logic = combine("and", parts) if parts else {"and": []}
    return {
        "id": segment["id"],
        "type": segment["type"],
        "text": text[segment["start"] : segment["end"]],
        "start": segment["start"],
        "end": segment["end"],
        "marker": segment["marker"],
        "marker_start": segment["marker_start"],
        "parent": segment["parent"],
        "type_basis": segment["type_basis"],
        "cohort": segment["cohort"],
        "predicates": built.predicates,
        "logic": logic if isinstance(logic, dict) else {"and": [logic]},
    }


def cues_by_entity(context: Sequence[dict[str, Any]]) -> dict[tuple[int, int], tuple[Cue, ...]]:
    """Index context cues by the entity they bear on."""
    table: dict[tuple[int, int], list[Cue]] = {}
    for item in context:
        key = (item["entity"][0], item["entity"][1])
        table.setdefault(key, []).append(Cue(item["category"], item["cue"][0], item["cue"][1]))
    return {key: tuple(cues) for key, cues in table.items()}
