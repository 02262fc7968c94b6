"""Pipe: entities, quantities, windows, clauses and cues of every criterion → ``doc._.criteria``.

A thin adaptor: it hands each criterion its share of what the earlier pipes left on the Doc to
:mod:`eligex.binding`, and writes the finished criteria as plain dicts.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from spacy.language import Language
from spacy.tokens import Doc

from eligex.binding.criteria import Built, build, criterion, cues_by_entity
from eligex.binding.stages import Inherited
from eligex.binding.tree import Mention, Piece
from eligex.clauses.find import Clause
from eligex.pipes.doc import register_extensions, text_of, write_criteria
from eligex.pipes.quantities import from_plain
from eligex.schema import Count, Criterion, Window

Item = TypeVar("Item")


class Assembler:
    """Builds the criteria of a document from what the earlier pipes found."""

    def __init__(self, name: str) -> None:
        self.name = name
        register_extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Assemble the criteria of ``doc`` and leave them on it."""
        write_criteria(doc, [asdict(each) for each in self.find(doc)])
        return doc

    def find(self, doc: Doc) -> list[Criterion]:
        """Return the criteria of ``doc``, offsets counting in ``doc.text``."""
        segments = (doc._.eligex_segments or {}).get("criteria", [])
        pieces = Pieces(doc)
        names = long_names(doc)
        built: dict[str, Built] = {}
        children: dict[str, list[str]] = {}
        for segment in segments:
            above = built[segment["parent"]].passes_on if segment["parent"] in built else Inherited()
            piece = pieces.of(segment)
            built[segment["id"]] = build(piece, segment["id"], segment["type"], names=names, above=above)
            if segment["parent"]:
                children.setdefault(segment["parent"], []).append(segment["id"])
        return [criterion(pieces.text, s, built[s["id"]], children.get(s["id"], [])) for s in segments]


@Language.factory("eligex_assemble", requires=["doc._.eligex_segments"], assigns=["doc._.criteria"])
def make_assembler(nlp: Language, name: str) -> Assembler:
    """Create the pipe."""
    return Assembler(name)


class Pieces:
    """Everything on a Doc, ready to be cut by criterion."""

    def __init__(self, doc: Doc) -> None:
        self.text = text_of(doc)
        self.cues = cues_by_entity(doc._.eligex_context or [])
        self.mentions = _Row([Mention(e.start_char, e.end_char, e.label_) for e in doc.ents], _start)
        self.quantities = _Row([from_plain(q) for q in doc._.eligex_quantities or []], _start)
        self.windows = _Row([window_from_plain(w) for w in doc._.eligex_windows or []], _start)
        self.clauses = _Row([clause_from_plain(c) for c in doc._.eligex_clauses or []], _start)

    def of(self, segment: dict[str, Any]) -> Piece:
        """Return the share of one criterion."""
        start, end = segment["start"], segment["end"]
        return Piece(
            self.text,
            start,
            end,
            tuple((s, e) for s, e in segment["sentences"]),
            self.mentions.between(start, end),
            self.quantities.between(start, end),
            self.windows.between(start, end),
            self.clauses.between(start, end),
            self.cues,
        )


def _start(item: Any) -> int:
    start: int = item.start
    return start


class _Row(Sequence[Item]):
    """Items in text order, cut by the position of their start."""

    def __init__(self, items: list[Item], key: Callable[[Item], int]) -> None:
        self._items = sorted(items, key=key)
        self._starts = [key(item) for item in self._items]

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: Any) -> Any:
        return self._items[index]

    def between(self, start: int, end: int) -> tuple[Item, ...]:
        return tuple(self._items[bisect_left(self._starts, start) : bisect_left(self._starts, end)])


def window_from_plain(data: dict[str, Any]) -> Window:
    """Return the window that the temporal pipe wrote."""

    def length(value: Any) -> Any:
        return Count(**value) if isinstance(value, dict) else value

    return Window(
        **{
            **data,
            "low": length(data["low"]),
            "high": length(data["high"]),
            "alternatives": tuple(length(a) for a in data["alternatives"]),
        }
    )


def clause_from_plain(data: dict[str, Any]) -> Clause:
    """Return the clause that the context pipe wrote."""
    start, end = data["content"]
    return Clause(data["type"], data["start"], data["end"], *data["cue"], start, end, data["governs"])


def long_names(doc: Doc) -> dict[tuple[int, int], str]:
    """Return the long form of every entity that is, or contains, an abbreviation the text defines."""
    names: dict[tuple[int, int], str] = {}
    found = doc._.eligex_abbreviations or []
    if not found:
        return names
    spans = [(e.start_char, e.end_char) for e in doc.ents]
    for item in found:
        low, high = item["short"]
        for start, end in spans:
            if start <= low and high <= end:
                names[start, end] = item["long_text"]
    return names
