"""Pipe: entities, quantities, windows, clauses, cues of every criterion → ``doc._.criteria``, ``doc.spans``.

A thin adaptor: for each criterion, it passes the results of the earlier pipes to :mod:`eligex.binding`, and
writes the finished criteria as plain dicts.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any, Generic, TypeVar

from spacy.language import Language
from spacy.tokens import Doc

from eligex.binding.across import Unit, share
from eligex.binding.categories import with_categories
from eligex.binding.criteria import build, read
from eligex.binding.finished import criterion
from eligex.binding.naming import cues_by_entity, with_names
from eligex.binding.openings import Item as Placed
from eligex.binding.openings import permitted_items
from eligex.binding.states import with_states
from eligex.binding.tree import Mention, Piece, Tagged
from eligex.binding.unstated import stating
from eligex.clauses.find import Clause
from eligex.language.asides import asides
from eligex.language.formulas import formulas
from eligex.language.methods import Methods
from eligex.language.short_forms import short_forms
from eligex.layout.paragraphs import Place, paragraphs
from eligex.pipes.arcs import arcs_of
from eligex.pipes.base import Component
from eligex.pipes.doc import entities_of, text_of, write_criteria
from eligex.pipes.groups import write_groups
from eligex.pipes.tags import chances_of, suspected_of
from eligex.schema import Criterion, Quantity, Window
from eligex.spans import all_of_plain

Item = TypeVar("Item")
_start = attrgetter("start")


class Assembler(Component[list[Criterion]]):
    """Builds the criteria of a document from the results of the earlier pipes.

    Parameters
    ----------
    numbers_only
        Whether a criterion without a limit or window has no predicates.
    """

    def __init__(self, name: str = "eligex_assemble", *, numbers_only: bool = False) -> None:
        super().__init__(name)
        self.numbers_only = numbers_only

    def find(self, doc: Doc) -> list[Criterion]:
        """Return the criteria of ``doc``, with offsets into ``doc.text``."""
        found = doc._.eligex_segments or {}
        segments, headings = found.get("criteria", []), found.get("headings", [])
        pieces = Pieces(doc, numbers_only=self.numbers_only)
        names = long_names(doc._.eligex_abbreviations or (), pieces.mentions.items)
        chances = chances_of(doc._.eligex_chances or (), ((m.start, m.end) for m in pieces.mentions.items))
        homes = share(read(pieces.units(segments, headings=headings)))
        built = {home.unit.name: build(home, names=names, chances=chances) for home in homes}
        below = children_of(segments)
        return [criterion(pieces.text, s, built[s["id"]], below.get(s["id"], ())) for s in segments]

    def set_annotations(self, doc: Doc, found: list[Criterion]) -> None:
        """Write the criteria, and their spans."""
        write_criteria(doc, found)
        write_groups(doc, found)


@Language.factory(
    "eligex_assemble",
    requires=[
        "doc.ents",
        "doc.spans",
        "doc._.eligex_segments",
        "doc._.eligex_abbreviations",
        "doc._.eligex_quantities",
        "doc._.eligex_windows",
        "doc._.eligex_context",
        "doc._.eligex_clauses",
        "doc._.eligex_chances",
        "doc._.eligex_named",
    ],
    assigns=["doc._.eligex_criteria", "doc._.criteria", "doc.spans"],
    default_config={"numbers_only": False},
)
def make_assembler(nlp: Language, name: str, *, numbers_only: bool) -> Assembler:
    """Create the pipe.

    Parameters
    ----------
    numbers_only
        Whether a criterion without a limit or window has no predicates.
    """
    return Assembler(name, numbers_only=numbers_only)


class Pieces:
    """The results of all pipes on a Doc, prepared for selection by criterion; methods are qualifiers."""

    def __init__(self, doc: Doc, *, numbers_only: bool = False) -> None:
        self.text, self._numbers_only = text_of(doc), numbers_only
        methods = Methods(self.text)
        mentions = [
            Mention(start, end, "Qualifier" if methods.hold(start) else label)
            for start, end, label in entities_of(doc)
        ]
        self.quantities = _Sorted(all_of_plain(Quantity, doc._.eligex_quantities))
        self.windows = _Sorted(all_of_plain(Window, doc._.eligex_windows))
        limits = [(each.start, each.end) for each in self.quantities.items]
        limits += [(each.start, each.end) for each in self.windows.items]
        mentions = stating(self.text, sorted(mentions), sorted(limits))
        mentions = with_states(self.text, mentions)
        cues = cues_by_entity(doc._.eligex_context or [])
        mentions, cues = with_categories(self.text, mentions, self.quantities.items, cues)
        named, self.cues = with_names(self.text, mentions, cues)
        self.mentions = _Sorted(named)
        self.clauses = _Sorted(all_of_plain(Clause, doc._.eligex_clauses))
        self.tags = _Sorted(suspected_of(doc))
        self.named = _Sorted([Mention(*each) for each in doc._.eligex_named or ()])
        arcs = arcs_of(doc)
        self.arcs = None if arcs is None else arcs.score
        self._known: dict[str, Piece] = {}

    def units(
        self, segments: Sequence[dict[str, Any]], *, headings: Sequence[dict[str, Any]] = ()
    ) -> list[Unit]:
        """Return the criteria of the document, each with the results that belong to it."""
        below = children_of(segments)
        above = wholes_of(segments)
        places = (Place(s["start"], s["end"], s["parent"], bool(s["marker"])) for s in segments)
        pieces = [
            self.of(s, below=[each for each in below.get(s["id"], ()) if not each["alternative"]])
            for s in segments
        ]
        numbers = paragraphs(self.text, places)
        items = [Placed(s["start"], s["end"], bool(s["marker"]), bool(s["parent"])) for s in segments]
        permitted = permitted_items(self.text, [(h["start"], h["end"]) for h in headings], items)
        found = []
        for place, (s, paragraph) in enumerate(zip(segments, numbers, strict=True)):
            piece, apart = pieces[place], numbers[place + 1 : place + 2] != [paragraph]
            beside = place > 0 and pieces[place - 1].excepts
            beside = beside or (apart and any(each.excepts_by_rule for each in pieces[place + 1 : place + 2]))
            is_bound = not self._numbers_only or bool(piece.quantities or piece.windows)
            if beside:
                piece = replace(piece, beside_exception=True)
            unit = Unit(s["id"], s["type"], piece, above[s["id"]], paragraph, is_bound, place in permitted)
            found.append(unit)
        return found

    def of(
        self,
        segment: dict[str, Any],
        *,
        below: Iterable[dict[str, Any]] = (),
    ) -> Piece:
        """Return the results that belong to one criterion; ``below`` are the criteria right below it."""
        found = self._known.get(segment["id"])
        if found is None:  # a criterion is asked for again as one right below another
            found = self._known[segment["id"]] = self._alone(segment)
        hanging = tuple(self.of(each) for each in below)
        return replace(found, leads=True, below=hanging) if hanging else found

    def _alone(self, segment: dict[str, Any]) -> Piece:
        """Return the results that belong to one criterion, whatever is below it."""
        start, end = segment["start"], segment["end"]
        piece = Piece(
            self.text,
            start,
            end,
            tuple((s, e) for s, e in segment["sentences"]),
            self.mentions.between(start, end),
            self.quantities.between(start, end),
            self.windows.between(start, end),
            self.clauses.between(start, end),
            self.cues,
            tags=tuple(
                Tagged(tag.start, tag.end, tag.type, tag.probability)
                for tag in self.tags.between(start, end)
                if tag.end <= end
            ),
            arcs=self.arcs,
            named=self.named.between(start, end),
        )
        unstated = self._unstated(segment, piece.windows) if _holds_any(piece) else ()
        return _without(piece, unstated) if unstated else piece

    def _unstated(self, segment: dict[str, Any], windows: Iterable[Window]) -> list[tuple[int, int]]:
        """Return the stretches of a criterion that state nothing; "since surgery" is a window, no reason."""
        sentences = enumerate(segment["sentences"])
        found = [each for place, span in sentences for each in asides(self.text, *span, leading=place == 0)]
        found = [
            each for each in found if not any(window.start <= each[0] < window.end for window in windows)
        ]
        low, high = segment["start"], segment["end"]
        return [*found, *formulas(self.text, low, high), *short_forms(self.text, low, high)]


def children_of(segments: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the criteria right below each one that has any, by its id."""
    below: dict[str, list[dict[str, Any]]] = {}
    for segment in segments:
        if segment["parent"]:
            below.setdefault(segment["parent"], []).append(segment)
    return below


def wholes_of(segments: Iterable[dict[str, Any]]) -> dict[str, str | None]:
    """Return the criterion that each one is a part of; an alternative is a part of what its parent is."""
    above: dict[str, str | None] = {}
    for segment in segments:
        parent = segment["parent"]
        above[segment["id"]] = above[parent] if segment["alternative"] else parent
    return above


class _Sorted(Generic[Item]):
    """Items in text order, selected by the position of their start."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = sorted(items, key=_start)
        self._starts = [_start(item) for item in self.items]

    def between(self, start: int, end: int) -> tuple[Item, ...]:
        return tuple(self.items[bisect_left(self._starts, start) : bisect_left(self._starts, end)])


def _holds_any(piece: Piece) -> bool:
    """Whether anything was found in a criterion."""
    found = piece.mentions or piece.quantities or piece.windows or piece.clauses or piece.tags or piece.named
    return bool(found)


def _without(piece: Piece, unstated: Sequence[tuple[int, int]]) -> Piece:
    """Return a criterion without what begins where nothing is stated."""
    return replace(
        piece,
        mentions=_outside(unstated, piece.mentions),
        quantities=_outside(unstated, piece.quantities),
        windows=_outside(unstated, piece.windows),
        clauses=_outside(unstated, piece.clauses),
        tags=_outside(unstated, piece.tags),
        named=_outside(unstated, piece.named),
    )


def _outside(unstated: Sequence[tuple[int, int]], found: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return the items that begin in no stretch that states nothing."""
    return tuple(each for each in found if not any(low <= _start(each) < high for low, high in unstated))


def long_names(
    abbreviations: Iterable[dict[str, Any]], mentions: Iterable[Mention]
) -> dict[tuple[int, int], str]:
    """Return the long form of every entity that is or contains an abbreviation defined in the text."""
    names: dict[tuple[int, int], str] = {}
    for item in abbreviations:
        low, high = item["short"]
        for start, end, _ in mentions:
            if start <= low and high <= end:
                names[start, end] = item["long_text"]
    return names
