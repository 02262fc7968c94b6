"""What a check returns, and the walk over the predicates of a record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the corpus: which document, which check, what exactly."""

    document: str
    check: str
    detail: str

    def __str__(self) -> str:
        return f"{self.document}: {self.check}: {self.detail}"


def predicates(record: Record) -> Iterator[tuple[Record, Record]]:
    """Yield each predicate with its criterion."""
    for criterion in record["criteria"]:
        for predicate in criterion["predicates"]:
            yield criterion, predicate
