"""What a mutant is, and which mutants a run tries.

A mutant is one small fault put into one file of the library.  Candidates are found in the code
(``code_mutants``) and in the lexicon (``data_mutants``); this module picks from them, evenly over kinds and
packages.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

KINDS = ("constant", "row", "cost", "guard")
"""A decision replaced by a constant, a row dropped, a number changed, a guard never taken."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the bytes from ``start`` to ``end`` of a file."""

    start: int
    end: int
    new: bytes


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: where it is, what it changes in words, and the edits that make it.

    ``key`` names the changed thing without its line, so that a choice by key survives edits elsewhere in the
    file.  Listed mutants are tried before all others of their kind and package.
    """

    kind: str
    package: str
    path: str
    line: int
    change: str
    edits: tuple[Edit, ...]
    key: str
    listed: bool = False

    def apply(self, source: bytes) -> bytes:
        """Return the file with the fault in it; every other byte is as it was."""
        for edit in sorted(self.edits, key=lambda one: one.start, reverse=True):
            source = source[: edit.start] + edit.new + source[edit.end :]
        return source

    def __str__(self) -> str:
        return f"{self.kind:<8} {self.package:<10} {self.path}:{self.line}  {self.change}"


def one_line(text: str, width: int = 70) -> str:
    """Return the text on one line, cut to ``width`` characters.

    >>> one_line("a  long\\n  text", 6)
    'a lon…'
    """
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"


def choose(candidates: Iterable[Mutant], size: int, seed: int) -> list[Mutant]:
    """Pick ``size`` mutants, the same ones for the same seed, in turn from each pair of kind and package.

    A smaller choice is the beginning of a larger one.
    """
    cells: dict[tuple[str, str], list[Mutant]] = defaultdict(list)
    for mutant in candidates:
        cells[mutant.kind, mutant.package].append(mutant)

    def rank(mutant: Mutant) -> tuple[bool, str, int]:
        digest = hashlib.sha256(f"{seed} {mutant.path} {mutant.key}".encode()).hexdigest()
        return not mutant.listed, digest, mutant.line

    queues = [sorted(cells[cell], key=rank) for cell in sorted(cells)]
    chosen: list[Mutant] = []
    for turn in range(max(map(len, queues), default=0)):
        chosen.extend(queue[turn] for queue in queues if turn < len(queue))
    return chosen[:size]
