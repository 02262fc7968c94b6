"""Concepts of mentions against codes given by reading: right at 1 and at 5, and how much of it is.

The gold is stand-off: a mention names its corpus, document and offsets, and a hash of its words.  Several
codes may be right, because vocabularies overlap; the code of a term that a vocabulary says to be the same is
right, too.  A link that is flagged ``broader`` makes no claim of identity: it counts as none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eligex.concepts.link import Link, Linker
from eligex.concepts.store import Store, own_vocabulary
from eligex.schema import DOMAIN_LABELS

from .corpora.registry import chia_documents
from .counts import Share
from .errors import CorpusError

_AROUND = 40
_SAME_SYSTEMS = ("MESH", "UMLS")


@dataclass(frozen=True, slots=True)
class Coded:
    """A mention with its words, what stands around it, and the codes that are right for it."""

    id: str
    label: str
    text: str
    around: str
    codes: tuple[str, ...]
    none: bool


@dataclass(slots=True)
class Scores:
    """Shares of mentions, in all, by label and by how they were linked."""

    at_1: Share = field(default_factory=Share)
    at_5: Share = field(default_factory=Share)
    precision: Share = field(default_factory=Share)
    none_kept: Share = field(default_factory=Share)
    by_label: dict[str, Share] = field(default_factory=dict)
    by_match: dict[str, Share] = field(default_factory=dict)
    errors: list[tuple[str, str, str | None, tuple[str, ...]]] = field(default_factory=list)


def read_gold(path: Path, data: Path) -> tuple[list[Coded], int]:
    """Return the mentions whose documents are in ``data``, and how many are missing or have changed.

    Raises
    ------
    CorpusError
        If the file cannot be read or a line lacks a field; the message names the line.
    """
    texts = _Texts(data)
    found: list[Coded] = []
    missing = 0
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise CorpusError(f"cannot be read: {error}", where=str(path)) from error
    for number, line in enumerate(lines, start=1):
        try:
            item = json.loads(line)
            start, end = item["start"], item["end"]
            text = texts.of(item["corpus"], item["doc"])
            words = None if text is None else text[start:end]
            if words is None or hashlib.sha256(words.encode()).hexdigest() != item["sha256"]:
                missing += 1
                continue
            around = (text or "")[max(start - _AROUND, 0) : end + _AROUND]
            found.append(Coded(item["id"], item["label"], words, around, tuple(item["codes"]), item["none"]))
        except (ValueError, KeyError, TypeError) as error:
            raise CorpusError(f"no coded mention: {error!r}", where=f"{path.name}:{number}") from error
    return found, missing


class _Texts:
    """The texts of documents, read when first asked for."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._structured: dict[str, str] | None = None

    def of(self, corpus: str, doc: str) -> str | None:
        if corpus == "structured":
            if self._structured is None:
                self._structured = self._read_structured()
            return self._structured.get(doc)
        path = self._data / "chia" / "without_scope" / f"{doc}.txt"
        return path.read_bytes().decode("utf-8") if path.is_file() else None

    def _read_structured(self) -> dict[str, str]:
        path = self._data / "structured" / "criteria.jsonl"
        if not path.is_file():
            return {}
        items = map(json.loads, path.read_text("utf-8").splitlines())
        return {item["id"]: item["text"] for item in items}


def is_same(code: str, right: Sequence[str], store: Store) -> bool:
    """Whether a code is one of those that are right, or of a term that is published to be the same."""
    if code in right:
        return True
    term = store.find(code)
    if term is None:
        return False
    own = set(store.xrefs(term))
    for other in right:
        known = store.find(other)
        if other in own:
            return True
        if known is not None:
            theirs = set(store.xrefs(known))
            shared = {x for x in own & theirs if x.partition(":")[0] in _SAME_SYSTEMS}
            if code in theirs or shared or store.label(known).lower() == store.label(term).lower():
                return True
    return False


def score(linker: Linker, mentions: Iterable[Coded], store: Store | None = None) -> Scores:
    """Score the links of mentions."""
    vocabulary = store or own_vocabulary()
    found = Scores()
    for each in mentions:
        link = linker.link(each.text, each.label, around=each.around)
        code = _claimed(link)
        right = each.none if code is None else is_same(code, each.codes, vocabulary)
        several = linker.candidates(each.text, each.label, around=each.around)
        among = any(
            is_same(f"{c.system}:{c.code}", each.codes, vocabulary) for c in several if c.match != "broader"
        )
        match = "none" if link is None else link.match
        found.at_1 += Share(right, 1)
        found.at_5 += Share(right or among, 1)
        found.by_label[each.label] = found.by_label.get(each.label, Share()) + Share(right, 1)
        found.by_match[match] = found.by_match.get(match, Share()) + Share(right, 1)
        if code is not None:
            found.precision += Share(right, 1)
        if not each.codes:
            found.none_kept += Share(code is None, 1)
        if not right:
            found.errors.append((each.id, each.text, code, each.codes))
    return found


def _claimed(link: Link | None) -> str | None:
    return None if link is None or link.match == "broader" else f"{link.system}:{link.code}"


def agreement(first: Path, second: Path) -> Share:
    """Return how often the codes of a second reading meet those of the first."""
    rows = {item["id"]: item for item in map(json.loads, first.read_text("utf-8").splitlines())}
    share = Share()
    for item in map(json.loads, second.read_text("utf-8").splitlines()):
        one = rows[item["id"]]
        both = set(one["codes"]) & set(item["codes"])
        share += Share(bool(both) or (one["none"] and item["none"]), 1)
    return share


def chia_mentions(data: Path) -> list[tuple[str, str]]:
    """Return (label, text) of the domain entities of Chia's training folds."""
    entities = (each for document in chia_documents(data, "train") for each in document.gold.entities or ())
    return [(each.label, each.text) for each in entities if each.label in DOMAIN_LABELS]


def coverage(
    linker: Linker, mentions: Iterable[tuple[str, str]], matches: Sequence[str] = ("alias", "exact", "rule")
) -> dict[str, Share]:
    """Return how many mentions of each label get a code by one of the ways."""
    shares: dict[str, Share] = {}
    for label, text in mentions:
        link = linker.link(text, label)
        got = link is not None and link.match in matches
        shares[label] = shares.get(label, Share()) + Share(got, 1)
    return shares


def report(scores: Scores, missing: int, show: Callable[[str], Any]) -> None:
    """Print scores."""
    parts = {
        "right at 1": scores.at_1,
        "right at 5": scores.at_5,
        "precision of what is linked": scores.precision,
        "none kept where none is right": scores.none_kept,
        **{f"right at 1, {label}": share for label, share in sorted(scores.by_label.items())},
        **{f"right, matched by {match}": share for match, share in sorted(scores.by_match.items())},
    }
    for name, share in parts.items():
        value = "n/a" if share.value is None else f"{share.value:.3f}"
        show(f"{name}: {value} ({share.right} of {share.total})")
    if missing:
        show(f"{missing} mentions left out: their documents are not in the data, or have changed")
