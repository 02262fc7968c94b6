"""Freeze the output of eligex and show, field by field, what a change of the code alters.

A snapshot is gzipped JSON Lines: a header (versions, commit, hash of the texts), then one contract object a
text, without the text.  The texts are eligex's own corpus and evenly spaced registry texts.  Comparing pairs
criteria and predicates by position, never by id, so that one surplus predicate does not shift all others.
This module decides nothing about which output is right; it only says where two versions differ.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

import eligex
from eligex.pipeline import AFTER_NER, doc_of, result_of
from eligex.pipes.tags import GROUP, tags_of
from eligex.readers.text import read_string

from .corpora.registry import own_corpus, unlabelled
from .documents import Input
from .errors import CorpusError
from .provenance import stamp, without_empty

REGISTRY_TEXTS = 2000
_MARKING = ("ner", "ner_chia", "eligex_tags")
"""The pipes of a model whose marks are kept; arcs are asked for later, and are worked out anew."""
_IDS = frozenset({"id", "parent", "logic", "exceptions"})
"""Fields that name predicates or criteria; compared with the names replaced by positions."""


@dataclass(slots=True)
class Changes:
    """How two snapshots differ.

    ``fields`` counts differing values by "level.field"; ``examples`` holds (text id, where, before, after).
    """

    texts: int = 0
    predicates: int = 0
    differing: int = 0
    changed_texts: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[tuple[str, str, Any, Any]]] = field(default_factory=lambda: defaultdict(list))

    def note(self, name: str, text_id: str, where: str, before: Any, after: Any) -> None:
        """Count one difference and keep it."""
        self.fields[name] += 1
        self.examples[name].append((text_id, where, before, after))


def texts(data: Path | None, size: int = REGISTRY_TEXTS) -> list[Input]:
    """Return the texts of a snapshot: the corpus, and ``size`` registry texts where ``data`` has them."""
    own = [Input(document.id, document.text) for document in own_corpus("all")]
    return own if data is None else own + unlabelled(data, size)


def records(
    inputs: Iterable[Input], model: str | None = None, marks: dict[str, dict[str, Any]] | None = None
) -> Iterator[dict[str, Any]]:
    """Extract from each text; one that fails gives a record with the error in place of the result.

    ``model_marks`` of a record are what the trained model found: entities, their chances, and tags, by their
    places in the section.  With ``marks`` (by text id) these are taken for the model's, which marks nothing
    anew: what differs is due to the rules.
    """
    nlp = eligex.load(model)
    for item in inputs:
        try:
            yield _record(nlp, item, None if marks is None else marks.get(item.id))
        except Exception as error:  # noqa: BLE001 - a failure is one of the things that are compared
            yield {"trial_id": item.id, "error": {"type": type(error).__name__, "message": str(error)}}


def _record(nlp: Language, item: Input, marks: dict[str, Any] | None) -> dict[str, Any]:
    trial = read_string(item.text, trial_id=item.id)
    doc = doc_of(nlp, trial)
    for name, pipe in nlp.pipeline:
        if marks is not None and name in _MARKING:
            continue
        if name == AFTER_NER[0]:
            if marks is not None:
                _mark(doc, marks)
            found = _marks(doc)
        doc = pipe(doc)
    result = {**result_of(doc, trial, nlp).to_dict(), "model_marks": found}
    plain: dict[str, Any] = json.loads(json.dumps(result))  # lists for tuples, as in what was written
    return plain


def _marks(doc: Doc) -> dict[str, Any]:
    """Return what a model has left on a Doc."""
    tags = [(tag.start, tag.end, tag.type, tag.probability) for tag in tags_of(doc)]
    entities = [(e.start_char, e.end_char, e.label_) for e in doc.ents]
    return {"entities": entities, "chances": doc._.eligex_chances, "tags": tags}


def _mark(doc: Doc, marks: dict[str, Any]) -> None:
    """Leave the same on a Doc that no model has seen."""
    spans = (doc.char_span(start, end, label=label) for start, end, label in marks["entities"])
    doc.ents = tuple(span for span in spans if span is not None)
    doc._.eligex_chances = marks["chances"]
    tags = [(doc.char_span(start, end, label=label), sure) for start, end, label, sure in marks["tags"]]
    kept = [(span, sure) for span, sure in tags if span is not None]
    sures = {"probabilities": [sure for _, sure in kept]}
    doc.spans[GROUP] = SpanGroup(doc, name=GROUP, spans=[span for span, _ in kept], attrs=sures)


def write(path: Path, found: Iterable[dict[str, Any]]) -> int:
    """Write a snapshot and return how many texts are in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number = 0
    with gzip.open(path, "wt", encoding="utf-8", errors="surrogatepass", newline="\n") as stream:
        stream.write(json.dumps({"snapshot": 1, **stamp()}) + "\n")
        for record in found:
            stream.write(json.dumps(record) + "\n")
            number += 1
    return number


def read(path: Path) -> list[dict[str, Any]]:
    """Read the records of a snapshot.

    Raises
    ------
    CorpusError
        If the file is not a snapshot.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8", errors="surrogatepass") as stream:
            head, *lines = stream.read().splitlines()
            if json.loads(head).get("snapshot") != 1:
                raise ValueError("no header")
            return [json.loads(line) for line in lines]
    except (OSError, ValueError) as error:
        raise CorpusError(
            "not a snapshot", where=str(path), remedy="Write one with: eligex-eval snapshot FILE"
        ) from error


def compare(before: Iterable[dict[str, Any]], after: Iterable[dict[str, Any]]) -> Changes:
    """Compare text by text, and count the differences."""
    changes = Changes()
    new = {record["trial_id"]: record for record in after}
    for old in before:
        text_id = old["trial_id"]
        changes.texts += 1
        seen = sum(changes.fields.values())
        _compare_text(changes, text_id, old, new.pop(text_id, {"error": {"type": "missing"}}))
        changes.changed_texts += sum(changes.fields.values()) > seen
    for text_id in new:
        changes.note("text: added", text_id, "", None, None)
    return changes


def _compare_text(changes: Changes, text_id: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    if old.get("error") or new.get("error"):
        if (old.get("error") or {}) != (new.get("error") or {}):
            changes.note("error", text_id, "", old.get("error"), new.get("error"))
        return
    for name in ("headings", "entities", "unparsed"):
        _compare_items(changes, text_id, name, _keyed(old[name]), _keyed(new[name]))
    _compare_criteria(changes, text_id, _keyed(old["criteria"]), _keyed(new["criteria"]))


def _keyed(items: Iterable[dict[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Index items by position, with a number for those that share one."""
    count: Counter[tuple[Any, ...]] = Counter()
    found = {}
    for item in items:
        place = (
            (item["entity"]["start"], item["entity"]["end"], item["value_start"] or -1)
            if "entity" in item
            else (item["start"], item["end"])
        )
        found[(*place, count[place])] = item
        count[place] += 1
    return found


def _compare_items(
    changes: Changes, text_id: str, level: str, old: dict[Any, dict[str, Any]], new: dict[Any, dict[str, Any]]
) -> None:
    for key in sorted(old.keys() | new.keys()):
        if key not in new or key not in old:
            what = "gone" if key in old else "added"
            changes.note(f"{level}: {what}", text_id, str(key), old.get(key), new.get(key))
            continue
        _compare_fields(changes, text_id, level, str(key), old[key], new[key])


def _compare_criteria(
    changes: Changes, text_id: str, old: dict[Any, dict[str, Any]], new: dict[Any, dict[str, Any]]
) -> None:
    names = _names(old), _names(new)
    _compare_items(
        changes,
        text_id,
        "criterion",
        {key: _positioned(item, names[0]) for key, item in old.items()},
        {key: _positioned(item, names[1]) for key, item in new.items()},
    )
    for key in sorted(old.keys() | new.keys()):
        was, now = (_keyed(side[key]["predicates"] if key in side else ()) for side in (old, new))
        changes.predicates += len(was.keys() | now.keys())
        for place in sorted(was.keys() | now.keys()):
            seen = sum(changes.fields.values())
            one = {place: _positioned(was[place], names[0])} if place in was else {}
            other = {place: _positioned(now[place], names[1])} if place in now else {}
            _compare_items(changes, text_id, "predicate", one, other)
            changes.differing += sum(changes.fields.values()) > seen


def _names(criteria: dict[Any, dict[str, Any]]) -> dict[str, str]:
    """Map the id of every criterion and predicate to its position."""
    names = {}
    for key, item in criteria.items():
        names[item["id"]] = "c" + "-".join(map(str, key[:2]))
        for place, predicate in _keyed(item["predicates"]).items():
            names[predicate["id"]] = "p" + "-".join(map(str, place))
    return names


def _positioned(item: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    plain = {key: value for key, value in item.items() if key != "predicates"}
    return {key: _renamed(value, names) if key in _IDS else value for key, value in plain.items()}


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, dict):
        return {key: _renamed(inner, names) for key, inner in value.items()}
    return [_renamed(inner, names) for inner in value] if isinstance(value, list) else value


def _compare_fields(
    changes: Changes, text_id: str, level: str, where: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    for name in dict.fromkeys((*old, *new)):
        before, after = without_empty(old.get(name)), without_empty(new.get(name))
        if before != after:
            changes.note(f"{level}.{name}", text_id, where, before, after)
