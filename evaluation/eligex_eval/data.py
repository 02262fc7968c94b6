"""Find the corpora on disk and read the splits that figures are reported on."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from eligex.schema import LABELS

from .corpora import chia, lct
from .corpora.flat import Conventions
from .documents import Document, Input
from .errors import CorpusError
from .splits import read_list

Split = Literal["dev", "train", "test", "all"]
DEV_FOLD = 1


def data_folder(given: Path | None = None) -> Path:
    """Return the folder of the corpora: the one given, else ``$ELIGEX_DATA``."""
    path = given or (Path(os.environ["ELIGEX_DATA"]) if os.environ.get("ELIGEX_DATA") else None)
    if path is None:
        raise CorpusError("no data folder", remedy="Give --data or set ELIGEX_DATA.")
    if not path.is_dir():
        raise CorpusError("not a folder", where=str(path), remedy="Give --data or set ELIGEX_DATA.")
    return path


def lct_documents(data: Path, split: Split = "dev") -> list[Document]:
    """Read LCT: ``dev`` is the fixed list, ``train`` everything else."""
    _no_test("lct", split)
    folder = data / "lct"
    dev = read_list("lct_dev")
    if split == "dev":
        return lct.read(folder, ids=dev)
    if split == "all":
        return lct.read(folder)
    return lct.read(folder, ids=sorted({path.stem for path in folder.glob("*.ann")} - set(dev)))


def chia_documents(
    data: Path, split: Split = "dev", conventions: Conventions | None = None, *, scope: bool = False
) -> list[Document]:
    """Read Chia: ``dev`` is fold 1, ``train`` all other trials that are here."""
    _no_test("chia", split)
    folder = data / "chia" / ("with_scope" if scope else "without_scope")
    labels = chia.SCOPED_LABELS if scope else LABELS
    everything = {path.stem.rsplit("_", 1)[0] for path in folder.glob("*.ann")}
    dev = _chia_dev(data)
    ids = {"dev": dev, "train": everything - dev, "all": everything}[split]
    if split == "dev" and (missing := sorted(dev - everything)):
        raise CorpusError(
            f"{len(missing)} trials of fold 1 are missing, the first is {missing[0]}", where=str(folder)
        )
    return chia.read(folder, ids=ids, conventions=conventions, labels=labels)


def _chia_dev(data: Path) -> set[str]:
    """Return the trials of fold 1: by the fold file beside the corpus, else by the list kept here."""
    path = data / "chia" / "folds.json"
    return set(chia.fold_ids(path, [DEV_FOLD])) if path.exists() else set(read_list("chia_fold1"))


def _no_test(name: str, split: Split) -> None:
    if split == "test":
        raise CorpusError(f"{name} has no test part here", remedy="Choose dev, train or all.")


def unlabelled(data: Path, sample: int | None = None, *, seed: int = 1) -> list[Input]:
    """Read the unlabelled texts; with ``sample``, evenly spaced ones, the same every time."""
    path = data / "unlabelled" / "ctgov_eligibility.jsonl.gz"
    if not path.exists():
        raise CorpusError("no unlabelled texts", where=str(path))
    everything = list(_lines(path))
    return spaced(everything, sample, seed) if sample is not None else everything


def _lines(path: Path) -> Iterator[Input]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as stream:
        for line in stream:
            record = json.loads(line)
            yield Input(record["nct_id"], record["text"])


def spaced(items: Sequence[Input], size: int, offset: int = 1) -> list[Input]:
    """Return evenly spaced items, so that a sample covers the whole file.

    >>> [item.id for item in spaced([Input(str(i), "") for i in range(10)], 3, 0)]
    ['0', '3', '6']
    """
    if size >= len(items):
        return list(items)
    step = len(items) / size
    return [items[(int(i * step) + offset) % len(items)] for i in range(size)]
