"""Read the Leaf Clinical Trials corpus (Dobbins et al. 2022) and turn its comparisons into atoms.

An atom is one number with its comparator.  Every event whose role ``Numeric-Filter`` points to an
``Eq-Comparison`` with at least one number gives atoms; a comparison shared by two events gives the atoms of
both.  BETWEEN, or two operators of opposite direction, gives a low and a high end; else every value is an
atom with the comparison's operator.  No operator is ``=``.  What is unusual is kept by the rule below and
counted as a note:

- an inclusive second operator ("less than" + "or equal", "<" + "=") makes the first inclusive;
- several operators of one direction: the first in the text counts;
- the same span annotated as two values is one value;
- PLUS-MINUS has no counterpart among the comparators and matches none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..documents import (
    Atom,
    Document,
    Event,
    Exemption,
    Fragment,
    Gold,
    Note,
    SourceEntity,
    SourceView,
    TimeWindow,
)
from ..durations import of_unit
from ..errors import CorpusError
from ..numbers import parse_value
from ..units import gold_units
from . import brat
from .sections import heading_regions

COMPARATORS = {"LT": "<", "LTEQ": "<=", "EQ": "=", "GTEQ": ">=", "GT": ">", "PLUS-MINUS": "+-"}
TIME_ROLES = ("Temporality", "Duration")
LEFT_OUT_ROLES = ("Stage", "Severity", "Dose", "Duration", "Temporality", "Minimum-Count")
"""Roles that also have numbers but that numeric scoring does not include."""


def read(folder: Path, *, ids: Iterable[str] | None = None) -> list[Document]:
    """Read the documents of an LCT folder, sorted by name."""
    paths = sorted(folder.glob("*.ann"))
    if not paths:
        raise CorpusError(
            "no .ann files here", where=str(folder), remedy="Give the folder of LCT's brat files."
        )
    if ids is None:
        return [read_document(path) for path in paths]
    by_id = {path.stem: path for path in paths}
    wanted = sorted(set(ids))
    missing = [key for key in wanted if key not in by_id]
    if missing:
        raise CorpusError(
            f"{len(missing)} of {len(wanted)} asked documents are missing, the first is {missing[0]}",
            where=str(folder),
        )
    return [read_document(by_id[key]) for key in wanted]


def read_document(path: Path) -> Document:
    """Read one ``.ann`` file and the ``.txt`` beside it."""
    text_path = path.with_suffix(".txt")
    if not text_path.exists():
        raise CorpusError("its .txt file is missing", where=str(path))
    text = brat.read_text(text_path)
    source, notes = brat.parse(brat.read_text(path), text, path.stem)
    gold, more = harmonise(path.stem, text, source)
    return Document(path.stem, text, "lct", source, gold, (*notes, *more))


def harmonise(doc_id: str, text: str, source: SourceView) -> tuple[Gold, tuple[Note, ...]]:
    """Build the atoms, the spans that numeric scoring leaves out, and the section regions."""
    reader = _Reader(doc_id, text, source)
    atoms = reader.atoms()
    gold = Gold(
        atoms=atoms,
        atoms_elsewhere=reader.elsewhere(),
        windows=reader.windows(),
        windows_elsewhere=reader.no_windows(),
        exemptions=reader.exemptions(),
        subgroup_limits=reader.subgroup_limits(),
        regions=heading_regions(text),
    )
    return gold, tuple(reader.notes)


@dataclass(frozen=True, slots=True)
class _Value:
    entity: SourceEntity
    value: float | str


class _Reader:
    """The comparisons of one document."""

    def __init__(self, doc_id: str, text: str, source: SourceView) -> None:
        self.doc_id = doc_id
        self.text = text
        self.source = source
        self.entities = {entity.id: entity for entity in source.entities}
        self.events = {event.id: event for event in source.events}
        self.notes: list[Note] = []

    def note(self, kind: str, entity: SourceEntity | None) -> None:
        self.notes.append(Note(self.doc_id, kind, entity.text[:80] if entity else ""))

    def resolve(self, key: str) -> SourceEntity:
        """Return the text span of an entity or of an event's trigger."""
        return self.entities[self.events[key].trigger if key in self.events else key]

    def atoms(self) -> tuple[Atom, ...]:
        result: list[Atom] = []
        for event in self.source.events:
            for key in event.targets("Numeric-Filter"):
                comparison = self.events.get(key)
                if comparison is None or comparison.type != "Eq-Comparison":
                    self.note("numeric filter that is not a comparison", self.resolve(key))
                else:
                    result += self.comparison(event, comparison)
        return tuple(sorted(result, key=lambda atom: (atom.start, atom.end)))

    def comparison(self, event: Event, comparison: Event) -> list[Atom]:
        """Return the atoms of one comparison for one event."""
        trigger = self.resolve(comparison.id)
        values = self.values(comparison, trigger)
        if not values:
            self.note("comparison without a number: no atom", trigger)
            return []
        operators = self.operators(comparison)
        if self.is_range(operators) and len(values) == 2:
            low, high = self.order(values)
            ends = [(low, ">=", True), (high, "<=", True)]
        else:
            if self.is_range(operators):
                self.note(f"range with {len(values)} value(s): operator of each kept", trigger)
            elif len(values) > 1:
                self.note("several values with at most one operator: an atom each", trigger)
            comparator = self.single(operators, trigger)
            ends = [(value, comparator, False) for value in values]
        units, unit_text = self.units(comparison)
        spans = self.names(event)
        return [
            Atom(v.entity.start, v.entity.end, v.value, c, is_end, units, spans, unit_text)
            for v, c, is_end in ends
        ]

    def values(self, comparison: Event, trigger: SourceEntity) -> list[_Value]:
        result: dict[Fragment, _Value] = {}
        for key in comparison.targets("Value"):
            entity = self.resolve(key)
            value = parse_value(entity.text)
            if value is None:
                self.note("value that is not a number: no atom", entity)
            elif (entity.start, entity.end) in result:
                self.note("value annotated twice: one atom", trigger)
            else:
                result[entity.start, entity.end] = _Value(entity, value)
        return [result[span] for span in sorted(result)]

    def operators(self, comparison: Event) -> list[tuple[str, SourceEntity]]:
        """Return (operator, span) in text order."""
        found = []
        for key in comparison.targets("Operator"):
            entity = self.resolve(key)
            name = dict(entity.attributes).get("Eq-Operator-Value")
            if name is None:
                self.note("operator without a value: ignored", entity)
            else:
                found.append((name, entity))
        return sorted(found, key=lambda item: item[1].start)

    @staticmethod
    def is_range(operators: list[tuple[str, SourceEntity]]) -> bool:
        names = {name for name, _ in operators}
        return "BETWEEN" in names or bool(names & {"GT", "GTEQ"} and names & {"LT", "LTEQ"})

    @staticmethod
    def order(values: list[_Value]) -> tuple[_Value, _Value]:
        first, second = values
        if (
            not isinstance(first.value, str)
            and not isinstance(second.value, str)
            and first.value > second.value
        ):
            return second, first
        return first, second

    def single(self, operators: list[tuple[str, SourceEntity]], trigger: SourceEntity) -> str:
        """Return the comparator of a comparison that is not a range of two values."""
        plain = [(name, entity) for name, entity in operators if name != "BETWEEN"]
        if not plain:
            return "="
        comparator = COMPARATORS[plain[0][0]]
        if len(plain) > 1:
            self.note("several operators on one value", trigger)
            if any(name == "EQ" or "equal" in entity.text.casefold() for name, entity in plain):
                ordered = [COMPARATORS[name] for name, _ in plain if name != "EQ"] or ["="]
                comparator = {"<": "<=", ">": ">="}.get(ordered[0], ordered[0])
        if comparator == "+-":
            self.note("plus-minus: matches no comparator", trigger)
        return comparator

    def units(self, comparison: Event) -> tuple[tuple[str, ...], str | None]:
        tops = [self.resolve(key) for key in comparison.targets("Unit", "Temporal-Unit")]
        bottoms = [self.resolve(key) for key in comparison.targets("Per")]
        parts = sorted([*tops, *bottoms], key=lambda e: e.start)
        if not parts:
            return (), None
        whole = self.text[parts[0].start : parts[-1].end]
        forms = gold_units([e.text for e in tops], [e.text for e in bottoms], whole)
        for entity in tops:
            kind = dict(entity.attributes).get("Eq-Unit-Value")
            extra = {"ref-range-high": "[ULN]", "ref-range-low": "[LLN]"}.get(kind or "")
            if extra and extra not in forms:
                forms = (*forms, extra)
        return forms, whole

    def names(self, event: Event) -> tuple[Fragment, ...]:
        keys = (event.trigger, *event.targets("Name"))
        return tuple(dict.fromkeys((self.resolve(k).start, self.resolve(k).end) for k in keys))

    def windows(self) -> tuple[TimeWindow, ...]:
        """Return the comparisons with a length in the roles of time, once for each event."""
        found = []
        for event in self.source.events:
            for key in event.targets(*TIME_ROLES):
                window = self.window(event, self.events.get(key))
                if window is not None:
                    found.append(window)
        return tuple(sorted(found, key=lambda w: (w.start, w.end, w.entities)))

    def window(self, event: Event, comparison: Event | None) -> TimeWindow | None:
        """Return the window of a comparison; None without a number and a calendar unit."""
        if comparison is None or comparison.type != "Eq-Comparison":
            return None
        units = [
            dict(self.resolve(key).attributes).get("Eq-Temporal-Unit-Value", "")
            for key in comparison.targets("Temporal-Unit")
        ]
        values = [parse_value(self.resolve(key).text) for key in comparison.targets("Value")]
        lengths = [of_unit(v, units[0]) for v in values if isinstance(v, float)] if units else []
        if not lengths or None in lengths:
            return None
        trigger = self.resolve(comparison.id)
        operators = {name for name, _ in self.operators(comparison)}
        low, high, either = lengths[0], None, False
        if len(lengths) > 1:
            low, high = lengths[0], lengths[1]
        elif operators & {"LT", "LTEQ"}:
            low, high = None, lengths[0]
        elif not operators & {"GT", "GTEQ"}:
            either = True
        return TimeWindow(trigger.start, trigger.end, low, high, either, self.names(event))

    def exemptions(self) -> tuple[Exemption, ...]:
        """Return a pair for everything that an Exception event exempts from something."""
        return tuple(
            Exemption(self.spans(source), self.spans(exempted))
            for event in self.source.events
            if event.type == "Exception"
            for source in event.targets("From")
            for exempted in event.targets("Except")
        )

    def subgroup_limits(self) -> tuple[tuple[Fragment, Fragment], ...]:
        """Return (value, subgroup) for If-Then relations onto a comparison with a number."""
        found = []
        for relation in self.source.relations:
            limit = self.events.get(relation.tail)
            if relation.type != "If-Then" or limit is None or limit.type != "Eq-Comparison":
                continue
            if any(parse_value(self.resolve(key).text) is not None for key in limit.targets("Value")):
                value, group = self.resolve(limit.id), self.resolve(relation.head)
                found.append(((value.start, value.end), (group.start, group.end)))
        return tuple(sorted(found))

    def spans(self, key: str) -> tuple[Fragment, ...]:
        """Return the spans that count as an annotation: its own or its trigger, and its name."""
        event = self.events.get(key)
        if event is not None:
            return self.names(event)
        entity = self.resolve(key)
        return ((entity.start, entity.end),)

    def no_windows(self) -> tuple[Fragment, ...]:
        """Return the spans of all comparisons that give no window with a length."""
        spans = set()
        for event in self.source.events:
            for role, key in event.arguments:
                comparison = self.events.get(key)
                if comparison is None or comparison.type != "Eq-Comparison":
                    continue
                if role not in TIME_ROLES or self.window(event, comparison) is None:
                    trigger = self.resolve(key)
                    spans.add((trigger.start, trigger.end))
        return tuple(sorted(spans))

    def elsewhere(self) -> tuple[Fragment, ...]:
        """Return the spans of comparisons in the roles that are left out, and in no numeric filter."""
        numeric = {key for event in self.source.events for key in event.targets("Numeric-Filter")}
        others = {
            key
            for event in self.source.events
            for key in event.targets(*LEFT_OUT_ROLES)
            if key not in numeric
        }
        spans = {(self.resolve(key).start, self.resolve(key).end) for key in others}
        return tuple(sorted(spans))
