"""The parts of a plain predicate: taking them away, adding them, moving their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from eligex.exports import graph as graphs
from eligex.exports.graph import Node
from eligex.quantities.find import find_quantities
from eligex.schema import LIMIT_FIELDS, Predicate, PredicateEntity, Quantity, Window
from eligex.spans import plain, shifted
from eligex.windows.find import find_windows

Record = dict[str, Any]
Span = tuple[int, int]
_EMPTY: Record = plain(Predicate("", PredicateEntity("", 0, 0, "Condition")))
_VALUE = (
    *LIMIT_FIELDS,
    "unit_text",
    "alternatives",
    "canonical_threshold",
    "canonical_threshold_high",
    "canonical_unit",
    "warnings",
    "value_text",
    "value_start",
    "value_end",
)
_TYPES = {arrow: kind for kind, arrow in graphs.MODIFIERS.items()}
_SPANS = (
    ("start", "end", "text"),
    ("value_start", "value_end", "value_text"),
    ("condition_start", "condition_end", "condition"),
)


def effect(criterion: Record, predicate: Record) -> str:
    """Return what a predicate does to a patient who has what it names."""
    return "exclude" if (criterion["type"] == "exclusion") is not predicate["negated"] else "require"


def entity(text: str, start: int, end: int, label: str) -> Record:
    """Return an entity."""
    return {"start": start, "end": end, "text": text[start:end], "label": label, "negated": False}


def insert(entities: list[Record], new: Record) -> None:
    """Add an entity in the order of the text."""
    entities.append(new)
    entities.sort(key=lambda each: (each["start"], each["end"]))


def predicate(criterion: Record, text: str, node: Node) -> Record:
    """Return a new predicate about an entity."""
    used = {each["id"] for each in criterion["predicates"]}
    number = len(used) + 1
    while f"{criterion['id']}.{number}" in used:
        number += 1
    about = PredicateEntity(text[node.start : node.end], node.start, node.end, node.label)  # type: ignore[arg-type]
    new: Record = plain(Predicate(f"{criterion['id']}.{number}", about, negated=node.negated))
    return new | {"effect": effect(criterion, new)}


def without(predicates: list[Record], gone: set[str]) -> list[Record]:
    """Return predicates without some of them, and without what refers to these."""
    kept = [each for each in predicates if each["id"] not in gone]
    for each in kept:
        each["exceptions"] = [key for key in each["exceptions"] if key not in gone]
        each["condition_predicates"] = without(each["condition_predicates"], gone)
    return kept


def detach(predicate: Record, name: str, span: Span) -> None:
    """Take away what an arrow pointed to."""
    if name == graphs.VALUE and (predicate["value_start"], predicate["value_end"]) == span:
        drop_value(predicate)
    elif name == graphs.CONDITION and (predicate["condition_start"], predicate["condition_end"]) == span:
        predicate |= {"condition": None, "condition_start": None, "condition_end": None}
        predicate["condition_predicates"] = []
    elif name == graphs.TEMPORAL:
        _set_windows(predicate, [each for each in _windows(predicate) if _place(each) != span])
    elif name in _TYPES:
        predicate["modifiers"] = [
            each for each in predicate["modifiers"] if _place(each) != span or each["type"] != _TYPES[name]
        ]


def drop_value(predicate: Record) -> None:
    """Take away the value of a predicate, with all that it means."""
    predicate |= {key: _EMPTY[key] for key in _VALUE}


def attach(predicate: Record, name: str, text: str, span: Span) -> str | None:
    """Add what an arrow points to; return what is wrong, if anything is."""
    start, end = span
    words = text[start:end]
    if name == graphs.VALUE:
        return _attach_value(predicate, words, start)
    if name == graphs.TEMPORAL:
        windows, _ = find_windows(words, find_quantities(words))
        if len(windows) != 1:
            return f"{words!r} is not read as one time window"
        found = plain(Window(**{**_attributes(windows[0]), "text": words, "start": start, "end": end}))
        _set_windows(predicate, sorted([*_windows(predicate), found], key=_place))
    elif name == graphs.CONDITION:
        if predicate["condition"] is not None:
            return "it has a condition already"
        predicate |= {"condition": words, "condition_start": start, "condition_end": end}
    else:
        new = {"text": words, "start": start, "end": end, "type": _TYPES[name]}
        predicate["modifiers"] = sorted([*predicate["modifiers"], new], key=_place)
    return None


def _attach_value(predicate: Record, words: str, start: int) -> str | None:
    if predicate["value_start"] is not None:
        return "it has a value already"
    found = find_quantities(words)
    if len(found) != 1:
        return f"{words!r} is not read as one value"
    quantity: Quantity = shifted(found[0], start)
    data = plain(quantity)
    predicate |= {key: data[key] for key in (*LIMIT_FIELDS, "unit_text", "alternatives")}
    predicate |= {"value_text": words, "value_start": start, "value_end": start + len(words)}
    return None


def _attributes(window: Window) -> Record:
    return {name: getattr(window, name) for name in Window.__dataclass_fields__}


def apply_note(predicate: Record, note: Any) -> str | None:
    """Set the fields of a note; return what is wrong, if anything is."""
    unknown = sorted(set(note) - set(graphs.NOTED)) if isinstance(note, dict) else ["no object"]
    if unknown:
        return f"unknown: {', '.join(unknown)}; it may have {', '.join(graphs.NOTED)}"
    windows = note.get("windows") or [each for each in [note.get("temporal")] if each]
    if len(windows) != len(_windows(predicate)):
        return f"{len(windows)} windows, but the spans have {len(_windows(predicate))}"
    for key in (*LIMIT_FIELDS, *graphs.STANCE):
        if key not in graphs.INCLUSIVE:
            predicate[key] = note.get(key, None if key == "effect" else _EMPTY[key])
    comparator = note.get("comparator")
    if comparator == "between":
        predicate |= {key: note.get(key, True) for key in graphs.INCLUSIVE}
    else:
        inclusive = None if comparator is None else comparator not in ("<", ">")
        predicate |= {"threshold_inclusive": inclusive, "threshold_high_inclusive": None}
    predicate |= {key: None for key in _VALUE if key.startswith("canonical")}
    defaults = plain(Window("", 0, 0, "before"))
    _set_windows(
        predicate,
        [
            {**defaults, **noted, **{key: window[key] for key in ("text", "start", "end")}}
            for window, noted in zip(_windows(predicate), windows, strict=True)
        ],
    )
    return None


def move(record: Record, text: str, places: Mapping[Span, Span]) -> None:
    """Move the spans of entities and predicates, and quote the text anew."""
    moved = {old: new for old, new in places.items() if old != new}
    if not moved:
        return
    for each in _with_spans(record):
        for start, end, quote in _SPANS:
            old = each.get(start), each.get(end)
            if old in moved:
                each[start], each[end] = moved[old]
                each[quote] = text[each[start] : each[end]]
    record["entities"].sort(key=lambda each: (each["start"], each["end"]))


def _with_spans(record: Record) -> Iterator[Record]:
    yield from record["entities"]
    waiting = [each for criterion in record["criteria"] for each in criterion["predicates"]]
    while waiting:
        predicate = waiting.pop()
        waiting += predicate["condition_predicates"]
        windows = list(predicate["windows"])
        if predicate["temporal"] is not None and predicate["temporal"] not in windows:
            windows.append(predicate["temporal"])
        if predicate["windows"]:
            predicate["temporal"] = predicate["windows"][0]  # one object, moved once
            windows = predicate["windows"]
        yield from (predicate, predicate["entity"], *windows, *predicate["modifiers"])


def _windows(predicate: Record) -> list[Record]:
    return list(predicate["windows"]) or [each for each in [predicate["temporal"]] if each is not None]


def _set_windows(predicate: Record, windows: list[Record]) -> None:
    predicate["temporal"] = windows[0] if windows else None
    predicate["windows"] = windows if len(windows) > 1 else []


def _place(each: Record) -> Span:
    return each["start"], each["end"]
