"""The open section of an outline, and the group of patients that its items are about.

A group is named by a heading ("Part B:") or with a section ("Inclusion criteria for controls").  How long it
applies depends on where it was named, which :class:`Group` tracks as a small state machine:

========== ============ ================ =================== ==============
state      group named  section heading  section with group  topic or item
========== ============ ================ =================== ==============
NAMED      NAMED        ABOVE            SECTION             SECTION
SECTION    NAMED        nobody           SECTION             SECTION
ABOVE      NAMED        ABOVE            SECTION             ABOVE
========== ============ ================ =================== ==============
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, auto

from eligex.layout.headings import HeadingMatch
from eligex.layout.nesting import Node, Outermost
from eligex.schema import CriterionType


class Reach(Enum):
    """How long a group applies."""

    NAMED = auto()
    """Its heading was read last: the next line decides."""
    SECTION = auto()
    """Until the next section heading."""
    ABOVE = auto()
    """Until another group is named: it was named directly before a section heading."""


@dataclass(frozen=True, slots=True)
class Group:
    """The group of patients that items are about, None for everybody."""

    name: str | None = None
    reach: Reach = Reach.SECTION

    def at_heading(self, heading: HeadingMatch) -> Group:
        """Return the group after a heading."""
        if heading.rank == "cohort":
            return Group(heading.cohort, Reach.NAMED)
        if heading.rank == "topic":
            return self.at_item()
        if heading.cohort is not None:
            return Group(heading.cohort, Reach.SECTION)
        return Group() if self.reach is Reach.SECTION else replace(self, reach=Reach.ABOVE)

    def at_item(self) -> Group:
        """Return the group after an item."""
        return replace(self, reach=Reach.SECTION) if self.reach is Reach.NAMED else self


@dataclass(slots=True)
class Section:
    """What lies between two headings: its type and topic, and the items that are open in it."""

    number: int = 0
    type: CriterionType | None = None
    topic: bool = False
    stack: list[Node] = field(default_factory=list)
    outer: Outermost = field(default_factory=Outermost)
    latest: int = 0
    """The number that the latest section has."""

    def following(self, heading: HeadingMatch) -> Section:
        """Return the section that a heading opens after this one."""
        number = self.latest + 1
        if heading.rank == "cohort":
            return Section(number, self.type, self.topic, latest=number)
        has_type = heading.type is not None or heading.resets
        kind = heading.type if has_type else self.type
        return Section(number, kind, heading.rank == "topic", latest=number)

    def resumed(self, aside: Section) -> Section:
        """Return this section, taken up again after ``aside``."""
        return replace(self, latest=aside.latest)

    def open_orders(self) -> dict[str, int]:
        """Return the last number of each numbered list that is open, by its style."""
        return {
            style: value[0]
            for node in self.stack
            if node.marker
            for style, value in node.marker.orders
            if len(value) == 1
        }
