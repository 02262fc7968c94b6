"""Which neighbours are members of one list: "asthma, stroke or gout".

Decides it by the connector between them and their labels, for each relation in its own way; what lies between
them in a criterion is the tree's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from eligex.language.connectors import COORDINATES, Connector, connector
from eligex.schema import TREATMENT_LABELS


class Placed(Protocol):
    """Something with a place in the text and a label."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def label(self) -> str:
        """Its type."""


Member = TypeVar("Member", bound=Placed)


class Members(Protocol[Member]):
    """Neighbours in text order."""

    @property
    def heads(self) -> Sequence[Member]:
        """All of them."""

    def place(self, head: Member, /) -> int:
        """Return the index of one of them."""


@dataclass(frozen=True, slots=True)
class Link:
    """The words between two neighbours, and how they join them.

    ``gap`` is what is left of the words once limits, windows and conditions are blanked; ``filled`` says
    that something was.
    """

    connector: Connector
    gap: str
    filled: bool


@dataclass(frozen=True, slots=True)
class Sharing:
    """Which neighbours are members of one list, for one relation.

    Members have one label, or labels of one of ``kinds``.  With ``loose`` other words may be beside the
    connector.
    """

    relation: str
    kinds: tuple[frozenset[str], ...] = ()
    loose: bool = False

    def alike(self, first: str, second: str) -> bool:
        """Whether things of these labels can be members of one list."""
        return first == second or any({first, second} <= kind for kind in self.kinds)

    def joins(self, found: Connector, first: str, second: str, *, filled: bool) -> bool:
        """Whether a connector makes things of these labels members of one list."""
        return (
            found.kind in COORDINATES
            and (found.tight or self.loose)
            and not filled
            and self.alike(first, second)
        )


Shared = Literal["limit", "window", "modifier", "condition", "exception", "negation", "cue", "knowledge"]
SHARING: dict[str, Sharing] = {
    row.relation: row
    for row in (
        Sharing("limit"),
        # things that happen: "infarction, stroke or bypass surgery within 3 months"
        Sharing("window", kinds=(frozenset({"Condition", "Procedure", "Drug", "Observation"}),)),
        Sharing("modifier"),
        # what is known, or shown by a test: "known allergy or contraindication", "positive for HBsAg or gout"
        Sharing("knowledge", kinds=(frozenset({"Condition", "Observation", "Measurement"}),)),
        Sharing("condition"),
        Sharing("exception"),
        Sharing("negation"),
        # what a context cue bears on: "no history of seizures, clinically relevant arrhythmia"
        Sharing(
            "cue",
            kinds=(
                frozenset({"Condition", "Observation", "Device"}),
                TREATMENT_LABELS,
            ),
            loose=True,
        ),
    )
}


def coordinated(gap: str, first: str, second: str, relation: Shared) -> bool:
    """Whether the words between two neighbours with these labels make them members of one list.

    Examples
    --------
    >>> coordinated(", or ", "Condition", "Condition", "modifier")
    True
    >>> coordinated(" on ", "Condition", "Condition", "modifier")
    False
    """
    return SHARING[relation].joins(connector(gap), first, second, filled=False)
