"""A corrected document, and the problems that are found in all of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from eligex.errors import InputError
from eligex.exports.graph import Graph
from eligex.schema import TrialCriteria

_SHOWN = 20


@dataclass(slots=True)
class Corrected:
    """A result as it was exported and the graph as it came back; no graph means nothing to apply."""

    result: TrialCriteria
    graph: Graph | None
    where: str


@dataclass(slots=True)
class Problems:
    """What is wrong, collected so that one run says all of it."""

    found: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    """Unknown labels, and where each is used first."""

    def add(self, where: str, what: str) -> None:
        """Note a problem."""
        self.found.append(f"{where}: {what}")

    def refuse_labels(self) -> None:
        """Raise if there are unknown labels."""
        if self.labels:
            listed = ", ".join(f"{label!r} ({where})" for label, where in sorted(self.labels.items()))
            raise InputError(
                f"unknown labels: {listed}",
                remedy=" ".join(["Rename each:", *(f"--map '{label}=NEW'" for label in sorted(self.labels))]),
            )

    def refuse(self) -> None:
        """Raise if there are problems."""
        if self.found:
            rest = len(self.found) - _SHOWN
            lines = self.found[:_SHOWN] + ([f"and {rest} more"] if rest > 0 else [])
            count = len(self.found)
            raise InputError(
                f"{count} correction{'s' if count > 1 else ''} cannot be applied: " + "; ".join(lines),
                remedy="Correct these in the annotation tool; nothing was written.",
            )
