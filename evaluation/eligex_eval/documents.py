"""What the harness reads: documents with the annotation as published and the annotation as it is scored.

A :class:`Document` keeps two views.  ``source`` is what the publisher wrote (entities with fragments,
relations, groups, events), with offsets repaired where the repair is certain.  ``gold`` is the harmonised
view, a set of layers that tasks read; a layer that a corpus does not have is ``None``, so that no task can
mistake "not annotated" for "nothing there".  Everything that was dropped or repaired on the way is a
:class:`Note`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from eligex.schema import LABELS, CriterionType, TrialCriteria

Fragment = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SourceEntity:
    """A text span as published: one or more fragments, in text order."""

    id: str
    label: str
    fragments: tuple[Fragment, ...]
    text: str
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def start(self) -> int:
        """Where the first fragment starts."""
        return self.fragments[0][0]

    @property
    def end(self) -> int:
        """Where the last fragment ends."""
        return self.fragments[-1][1]


@dataclass(frozen=True, slots=True)
class Relation:
    """A directed relation between two annotations."""

    id: str
    type: str
    head: str
    tail: str


@dataclass(frozen=True, slots=True)
class Group:
    """An undirected set of annotations (brat's ``*`` lines, such as Chia's OR groups)."""

    type: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A trigger entity with arguments: (role without its number, id of an entity or an event)."""

    id: str
    type: str
    trigger: str
    arguments: tuple[tuple[str, str], ...]
    attributes: tuple[tuple[str, str], ...] = ()

    def targets(self, *roles: str) -> tuple[str, ...]:
        """Return the ids of the arguments in these roles, in file order."""
        return tuple(target for role, target in self.arguments if role in roles)


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader dropped, repaired or found odd: never silent."""

    doc_id: str
    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """The annotation as published."""

    entities: tuple[SourceEntity, ...] = ()
    relations: tuple[Relation, ...] = ()
    groups: tuple[Group, ...] = ()
    events: tuple[Event, ...] = ()

    def entity(self, key: str) -> SourceEntity | None:
        """Return the entity with this id, or None."""
        return next((entity for entity in self.entities if entity.id == key), None)


@dataclass(frozen=True, slots=True)
class GoldEntity:
    """A span with a label, as it is scored.

    ``negated`` is the publisher's own mark; ``negated_by_group`` also counts a mark that the annotation
    shares over an or-group.
    """

    start: int
    end: int
    label: str
    text: str
    negated: bool = False
    negated_by_group: bool = False


@dataclass(frozen=True, slots=True)
class Atom:
    """One number with its comparator: the unit of numeric scoring.

    Parameters
    ----------
    start, end
        The span of the value.
    value
        A number; or a folded string for letters and other values that are not numbers.
    comparator
        ``<`` ``<=`` ``=`` ``!=`` ``>=`` ``>``, or an operator of the corpus that has no counterpart.
    range_end
        Whether the atom is an end of a range; ends compare by direction only.
    units
        Every canonical form that counts as its unit; empty where none was given.
    entities
        The spans that count as what the number is about.
    """

    start: int
    end: int
    value: float | str
    comparator: str
    range_end: bool = False
    units: tuple[str, ...] = ()
    entities: tuple[Fragment, ...] = ()
    unit_text: str | None = None


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """A time window, annotated or predicted: its lengths in comparable form, and its entity.

    ``either`` marks a length that the annotation does not call the near or the far end.
    """

    start: int
    end: int
    low: tuple[str, float, float] | None
    high: tuple[str, float, float] | None
    either: bool = False
    entities: tuple[Fragment, ...] = ()


@dataclass(frozen=True, slots=True)
class Exemption:
    """An exemption: the spans of what is exempted, and of what it is exempted from."""

    source: tuple[Fragment, ...]
    exempted: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True, order=True)
class Modified:
    """A modifier of an entity: where it is, its type, and where the entity is."""

    span: Fragment
    type: str
    entity: Fragment


@dataclass(frozen=True, slots=True)
class Statement:
    """A predicate in comparable form (see :mod:`.statements`); ``spans`` are its entity and aliases.

    ``key`` names it in the logic of its criterion.  ``written`` and ``cohort`` are known of predictions only.
    """

    spans: tuple[Fragment, ...]
    name: str
    comparator: str | None
    values: tuple[str, ...]
    unit: str
    effect: str | None
    condition: str | None
    window: tuple[Any, Any] | None
    key: Any = None
    negated: bool = False
    written: tuple[str, ...] = ()
    cohort: str | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of text whose section type is known independently; ``None`` means known to be unclear."""

    start: int
    end: int
    type: CriterionType | None


@dataclass(frozen=True, slots=True)
class Gold:
    """The harmonised layers; ``None`` where the corpus does not have one.

    ``atoms_elsewhere`` are the spans of comparisons in roles that numeric scoring leaves out;
    ``windows_elsewhere`` those of comparisons that are not windows with a length.
    ``subgroup_limits`` are (value, subgroup) spans of limits that hold for a subgroup only;
    ``joined`` are pairs of domain entities with the operator that joins them; ``stated`` are the predicates
    of a criterion that was annotated by reading, and ``logic`` its expression over their keys.
    ``result`` is the whole contract, for corpora annotated to it.  ``labels`` are the types of entity that
    were annotated; a prediction of another type is neither right nor wrong.
    """

    entities: tuple[GoldEntity, ...] | None = None
    labels: tuple[str, ...] = LABELS
    nested: tuple[GoldEntity, ...] | None = None
    atoms: tuple[Atom, ...] | None = None
    atoms_elsewhere: tuple[Fragment, ...] = ()
    windows: tuple[TimeWindow, ...] | None = None
    windows_elsewhere: tuple[Fragment, ...] = ()
    regions: tuple[Region, ...] | None = None
    joined: tuple[tuple[Fragment, Fragment, str], ...] | None = None
    exemptions: tuple[Exemption, ...] | None = None
    subgroup_limits: tuple[tuple[Fragment, Fragment], ...] = ()
    modifiers: tuple[Modified, ...] | None = None
    stated: tuple[Statement, ...] | None = None
    logic: Any = None
    result: TrialCriteria | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """What a system may see of a document."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One annotated text."""

    id: str
    text: str
    corpus: str
    source: SourceView = field(default_factory=SourceView)
    gold: Gold = field(default_factory=Gold)
    notes: tuple[Note, ...] = ()

    @property
    def input(self) -> Input:
        """The document without its annotation."""
        return Input(self.id, self.text)


def overlap(a: Fragment, b: Fragment) -> bool:
    """Tell whether two half-open spans share a character.

    >>> overlap((0, 3), (2, 5)), overlap((0, 3), (3, 5))
    (True, False)
    """
    return a[0] < b[1] and b[0] < a[1]


def notes_by_kind(documents: Iterable[Document]) -> dict[str, int]:
    """Count the notes of all documents by kind, most frequent first."""
    counts: dict[str, int] = {}
    for document in documents:
        for note in document.notes:
            counts[note.kind] = counts.get(note.kind, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
