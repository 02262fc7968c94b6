"""Which fold an annotated trial belongs to, and by which pipeline its criteria are read for the tables.

The table of bearers is told what ``arcs.py`` learned, which must not have learned it from the same criteria:
there is a pipeline for each fold, whose arcs have not seen it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

from spacy.language import Language

import eligex

FOLDS = 3
Item = Mapping[str, Any]


def fold_of(trial: str) -> int:
    """Return the fold of a trial, which depends on its id alone."""
    return crc32(trial.encode()) % FOLDS


def by_fold(folder: Path, items: Iterable[Item]) -> Iterator[tuple[Language, list[Item]]]:
    """Yield the pipelines in ``folder`` ("fold0", "fold1", …), each with the criteria of its fold."""
    of_folds: list[list[Item]] = [[] for _ in range(FOLDS)]
    for item in items:
        of_folds[fold_of(item["nct_id"])].append(item)
    for number, some in enumerate(of_folds):
        yield eligex.load(folder / f"fold{number}"), some
