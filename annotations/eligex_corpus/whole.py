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


def agreement_of_whole(first: Iterable[Item], second: Iterable[Item]) -> dict[str, tuple[int, int, int]]:
    """Count what two readers of the same criteria say: both, the first, the second, by kind.

    Predicates are paired one to one where their entities overlap, those that agree most first; of a pair, a
    value, window or condition is said by both if the places overlap.
    """
    others = {item["id"]: item for item in second}
    counts = {kind: [0, 0, 0] for kind in (*_SAID, "criteria alike")}
    for item in first:
        if item["id"] not in others:
            continue
        mine, theirs = (_at_once(each["predicates"]) for each in (item, others[item["id"]]))
        pairs = _paired(mine, theirs)
        for kind in _SAID:
            both = sum(_alike(kind, one, other) for one, other in pairs if _says(kind, one))
            for place, number in enumerate(
                (both, *(sum(_says(kind, p) for p in each) for each in (mine, theirs)))
            ):
                counts[kind][place] += number
        alike = len(pairs) == len(mine) == len(theirs) and all(
            _alike(kind, one, other) for one, other in pairs for kind in _SAID
        )
        for place, number in enumerate((int(alike), 1, 1)):
            counts["criteria alike"][place] += number
    return {kind: (both, mine, theirs) for kind, (both, mine, theirs) in counts.items()}


_SAID = ("entities", "values", "windows", "conditions", "negated", "exempt")
_PLACED = {"values": "value", "windows": "windows", "conditions": "condition"}


def _at_once(predicates: Iterable[Item]) -> list[Item]:
    """Return predicates with all their windows: one that has several has a line for each."""
    found: dict[tuple[int, str], Item] = {}
    for each in predicates:
        key = each["n"], json.dumps(each["entity"]["at"])
        known = found.setdefault(key, {**each, "windows": []})
        known["windows"] += [each["temporal"]] if each.get("temporal") else []
    return list(found.values())


def _paired(mine: list[Item], theirs: list[Item]) -> list[tuple[Item, Item]]:
    ranked = sorted(
        (-sum(_alike(kind, one, other) for kind in _SAID), a, b)
        for a, one in enumerate(mine)
        for b, other in enumerate(theirs)
        if any(_overlap(x, y) for x in _names(one) for y in _names(other))
    )
    left: set[int] = set()
    right: set[int] = set()
    found = []
    for _, a, b in ranked:
        if a not in left and b not in right:
            left.add(a)
            right.add(b)
            found.append((mine[a], theirs[b]))
    return found


def _names(predicate: Item) -> list[Item]:
    return [each for each in (predicate["entity"], *predicate.get("aliases", ())) if "at" in each]


def _says(kind: str, predicate: Item) -> bool:
    if kind == "exempt":
        return bool(predicate.get("effect") == "allow")
    return kind == "entities" or bool(predicate.get(_PLACED.get(kind, kind)))


def _alike(kind: str, one: Item, other: Item) -> bool:
    if not _says(kind, one) or kind not in _PLACED:
        return _says(kind, one) == _says(kind, other)
    mine, theirs = (_places_of(each.get(_PLACED[kind])) for each in (one, other))
    return len(mine) == len(theirs) and all(any(_overlap(x, y) for y in theirs) for x in mine)


def _places_of(value: Any) -> list[Item]:
    found: list[Item] = value if isinstance(value, list) else [value] if value else []
    return found


def _overlap(one: Item, other: Item) -> bool:
    return bool(one["at"][0] < other["at"][1] and other["at"][0] < one["at"][1])


def trials_of(path: Path) -> set[str]:
    """Return the trials of a stand-off file, annotated whole or by marks."""
    return {each["nct_id"] for each in read_whole(path)} if is_whole(path) else {c.nct_id for c in read(path)}


def join_file(path: Path, texts: Mapping[str, str]) -> tuple[list[Joined], list[str]]:
    """Join a stand-off file of either form; return all criteria, and the lines of those that were found."""
    if is_whole(path):
        pairs = list(join_whole(read_whole(path), texts))
        rows = [item for _, item in pairs if item is not None]
        return [joined for joined, _ in pairs], [json.dumps(row, ensure_ascii=False) for row in rows]
    found = list(join(read(path), texts))
    rows = [write_joined(each) for each in found if each.text is not None]
    return found, [json.dumps(row, ensure_ascii=False) for row in rows]


def is_whole(path: Path) -> bool:
    """Whether a stand-off file holds criteria annotated whole, and not only marks."""
    with path.open(encoding="utf-8") as lines:
        return '"predicates"' in next(iter(lines), "")
