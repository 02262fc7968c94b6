"""Criteria of real trials annotated whole, kept without their texts and joined with a user's own copy.

A line is an annotated criterion (predicates with entity, limit, effect, condition, window, logic) in which
every quotation is replaced by its place: ``{"text": "gout", "start": 7, "end": 11, "label": "Condition"}``
is ``{"at": [7, 11, 6, 10], "label": "Condition"}``, with the letters and digits before both ends.  What
names another predicate by its words (``exceptions``, ``exception_for``, ``example_of``) names it by its
number.  Words that the annotator supplied (``full``, ``note``) are left out; so is everything that is empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from eligex_corpus.standoff import (
    Criterion,
    Joined,
    Mark,
    digest,
    join,
    letters_digest,
    read,
    read_lines,
    write_joined,
)

Item = dict[str, Any]
_WORDS = ("text", "anchor", "condition")
"""Fields of a window's alternatives that hold words."""
_HEAD = ("id", "nct_id", "start", "end", "type", "sample", "split", "tags", "logic")
_FIELDS: dict[str, Any] = {
    "entity": None, "aliases": [], "comparator": None, "threshold": None, "threshold_high": None,
    "threshold_set": None, "unit": None, "alternatives": None, "value": None, "negated": False,
    "effect": None, "condition": None, "exceptions": [], "exception_for": None, "temporal": None,
    "qualifiers": [],
}  # fmt: skip
"""The fields of a predicate and what they are when nothing is said."""
_FLAGS = ("historical", "family", "planned", "hypothetical", "example_of")
_WINDOW = {"direction": None, "low": None, "high": None, "anchor": None}


def strip(item: Item) -> Item:
    """Return an annotated criterion without its words."""
    text = item["text"]
    names = {p["entity"]["text"]: p["n"] for p in reversed(item["predicates"])}
    allowed = {p["entity"]["text"]: p["n"] for p in reversed(item["predicates"]) if p["effect"] == "allow"}
    line = {name: item[name] for name in _HEAD if item.get(name) is not None}
    line |= {"sha256": digest(text), "letters": letters_digest(text)}
    line["predicates"] = [_stripped(p, text, names, allowed) for p in item["predicates"]]
    return line


def _stripped(p: Item, text: str, names: Mapping[str, int], allowed: Mapping[str, int]) -> Item:
    kept: Item = {"n": p["n"]}
    for name in (*_FIELDS, *_FLAGS):
        value = p.get(name)
        if name == "exceptions":
            value = [allowed.get(words, names.get(words)) for words in value or ()]
            value = [number for number in value if number is not None]
        elif name in ("exception_for", "example_of"):
            value = names.get(value) if value else None
        elif name == "temporal" and value:
            others = [
                {key: each[key] for key in each if key not in _WORDS}
                for each in value.get("alternatives") or ()
            ]
            value = _placed({**value, "anchor": _anchor(value, text), "alternatives": others}, text)
        else:
            value = _placed(value, text)
        if not _empty(value):
            kept[name] = value
    return kept


def _empty(value: Any) -> bool:
    """Tell whether a field says nothing; 0 says something."""
    return value is None or value is False or value == []


def _anchor(window: Item, text: str) -> Item | None:
    """Return the place of an anchor: in its window, behind it, or before it."""
    words = window["anchor"]
    if not words:
        return None
    start = text.find(words, window["start"] or 0)
    start = text.find(words) if start < 0 else start
    return None if start < 0 else {"text": words, "start": start, "end": start + len(words)}


def _placed(value: Any, text: str) -> Any:
    """Replace quotations by their places, at any depth."""
    if isinstance(value, list):
        return [_placed(each, text) for each in value]
    if not isinstance(value, dict):
        return value
    rest = {key: _placed(each, text) for key, each in value.items() if key not in ("text", "start", "end")}
    rest = {key: each for key, each in rest.items() if not _empty(each)}
    if "start" in value and value["start"] is not None:
        start, end = value["start"], value["end"]
        return {"at": [start, end, _letters(text[:start]), _letters(text[:end])], **rest}
    return rest


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def read_whole(path: Path) -> list[Item]:
    """Read a file of criteria without their words.

    Raises
    ------
    SourceError
        For a line that is not one, with file and line.
    """
    return read_lines(path, _checked)


def _checked(item: Item) -> Item:
    _criterion(item)
    return item


def _places(value: Any, kind: str = "spans") -> Iterator[tuple[Item, str]]:
    """Yield every object that has a place, with the kind of mark it is."""
    if isinstance(value, list):
        for each in value:
            yield from _places(each, kind)
    elif isinstance(value, dict):
        if "at" in value:
            yield value, kind
        for key, each in value.items():
            yield from _places(each, "values" if key == "value" else "spans")


def _criterion(item: Item) -> Criterion:
    """Return a stand-off criterion with a mark for every place, its number as label."""
    marks = tuple(
        Mark(kind, start, end, first, last, str(number))
        for number, (holder, kind) in enumerate(_places(item["predicates"]))
        for start, end, first, last in [holder["at"]]
    )
    size = item["end"] - item["start"]
    if any(not 0 <= mark.start < mark.end <= size for mark in marks):
        raise ValueError("a place outside the criterion")
    head = {
        name: item[name] for name in ("id", "nct_id", "start", "end", "type", "sample", "sha256", "letters")
    }
    return Criterion(**head, marks=marks)


def join_whole(items: Iterable[Item], texts: Mapping[str, str]) -> Iterator[tuple[Joined, Item | None]]:
    """Find every criterion in the text of its trial; yield it with its words where it was found."""
    listed = list(items)
    found = join((_criterion(item) for item in listed), texts)
    for item, joined in zip(listed, found, strict=True):
        yield joined, None if joined.text is None else _restored(item, joined)


def _restored(item: Item, joined: Joined) -> Item:
    text, start = joined.text or "", joined.start or 0
    copy = json.loads(json.dumps(item))
    marks = {mark.label: mark for mark in joined.marks}
    for number, (holder, _) in enumerate(list(_places(copy["predicates"]))):
        mark = marks.get(str(number))  # none where signs alone were marked and are written otherwise today
        span = (None, None) if mark is None else (mark.start, mark.end)
        holder |= {"text": "" if mark is None else text[slice(*span)], "start": span[0], "end": span[1]}
        del holder["at"]
    words = {p["n"]: p["entity"]["text"] for p in copy["predicates"]}
    line = {name: copy.get(name) for name in _HEAD} | {"start": start, "end": start + len(text), "text": text}
    line["predicates"] = [_filled(p, words) for p in copy["predicates"]]
    return line


def _filled(p: Item, words: Mapping[int, str]) -> Item:
    """Return a predicate with all its fields."""
    full = {"n": p["n"], **json.loads(json.dumps(_FIELDS)), **p}
    full["entity"] = {"text": "", "start": None, "end": None, **p["entity"]}
    full["exceptions"] = [words[number] for number in full["exceptions"]]
    for name in ("exception_for", "example_of"):
        if full.get(name) is not None:
            full[name] = words[full[name]]
    if full["temporal"] is not None:
        anchor = full["temporal"].get("anchor")
        full["temporal"] = {**_WINDOW, **full["temporal"], "anchor": anchor and anchor["text"]}
    return full


def trials_of(path: Path) -> set[str]:
    """Return the trials of a stand-off file, annotated whole or by marks."""
    return (
        {each["nct_id"] for each in read_whole(path)} if _is_whole(path) else {c.nct_id for c in read(path)}
    )


def join_file(path: Path, texts: Mapping[str, str]) -> tuple[list[Joined], list[str]]:
    """Join a stand-off file of either form; return all criteria, and the lines of those that were found."""
    if _is_whole(path):
        pairs = list(join_whole(read_whole(path), texts))
        rows = [item for _, item in pairs if item is not None]
        return [joined for joined, _ in pairs], [json.dumps(row, ensure_ascii=False) for row in rows]
    found = list(join(read(path), texts))
    rows = [write_joined(each) for each in found if each.text is not None]
    return found, [json.dumps(row, ensure_ascii=False) for row in rows]


def _is_whole(path: Path) -> bool:
    with path.open(encoding="utf-8") as lines:
        return '"predicates"' in next(iter(lines), "")
