"""The protocol of systems.

A system has a name and turns inputs (id and text, never the annotation) into results, in any order, one a
document.  It may describe itself for reports; a system that learns has ``train`` as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, runtime_checkable

from eligex.schema import TrialCriteria

from ..documents import Document, Input
from ..predictions import Prediction


class System(Protocol):
    """Anything that can be measured."""

    name: str

    def predict(self, inputs: Iterable[Input]) -> Iterator[TrialCriteria | Prediction]:
        """Yield a result for every input."""
        ...


@runtime_checkable
class Described(Protocol):
    """A system that says what it is made of; the description goes into reports and cache keys."""

    def describe(self) -> Mapping[str, Any]:
        """Return plain JSON values: version, model, settings."""
        ...


@runtime_checkable
class Trainable(Protocol):
    """A system that learns from documents before it predicts."""

    def train(self, documents: Iterable[Document]) -> None:
        """Learn from annotated documents."""
        ...


def description(system: System) -> dict[str, Any]:
    """Return the description of a system, with its name."""
    return {"name": system.name, **(system.describe() if isinstance(system, Described) else {})}
