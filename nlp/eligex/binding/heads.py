"""The shapes that binding works on: what earlier steps found in one criterion, and the heads it builds.

Decides nothing; all offsets count in the document's text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from eligex.schema import Quantity, Window

Origin = Literal["entity", "named", "phrase"]


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity of the document."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition or an exception; ``content`` is its text without the cue.

    ``governs`` says on which side of a condition the things it restricts stand, where its wording tells.
    """

    type: Literal["condition", "exception"]
    start: int
    end: int
    content_start: int
    content_end: int
    governs: Literal["left", "right"] | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """A context cue that bears on one entity."""

    category: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Everything found in one criterion, each list in text order."""

    text: str
    start: int
    end: int
    sentences: tuple[tuple[int, int], ...]
    mentions: tuple[Mention, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    windows: tuple[Window, ...] = ()
    clauses: tuple[Clause, ...] = ()
    cues: dict[tuple[int, int], tuple[Cue, ...]] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Value:
    """A quantity bound to a head, with the condition that limits this one limit."""

    quantity: Quantity
    cost: float
    condition: tuple[int, int] | None = None


@dataclass(slots=True, eq=False)
class Head:
    """A mention that will become one predicate or more.

    ``origin`` says where it comes from: an entity of the model or of a rule, a word the quantity grammar
    named ("aged", "ECOG"), or a noun phrase taken because a value had no entity beside it.
    """

    start: int
    end: int
    label: str
    origin: Origin = "entity"
    values: list[Value] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    modifiers: list[dict[str, Any]] = field(default_factory=list)
    condition: tuple[int, int] | None = None
    exempt: bool = False
    negated: bool = False
    exceptions: list[Head] = field(default_factory=list)


def sentence_of(piece: Piece, position: int) -> tuple[int, int]:
    """Return the sentence that holds ``position``; the whole piece if none does."""
    for start, end in piece.sentences:
        if start <= position < end:
            return start, end
    return piece.start, piece.end


def add_head(heads: list[Head], head: Head) -> Head:
    """Insert ``head`` at its place in text order and return it."""
    at = next((i for i, other in enumerate(heads) if other.start > head.start), len(heads))
    heads.insert(at, head)
    return head
