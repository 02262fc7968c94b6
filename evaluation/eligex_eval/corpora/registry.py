"""Find corpora by name, and read the splits that figures are reported on.

``lct``, ``chia`` (also ``chia-scope``), ``structured`` (also ``structured:natural`` and ``structured:hard``)
and ``standoff`` are read from the data folder and have splits; ``corpus`` is eligex's own, which comes with
the package (``corpus-criteria``: criterion by criterion).  Anything else is ``format:path``: ``brat:``,
``jsonl:``, ``docbin:``, ``conll:``, ``frd:``.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, TypeVar

from eligex.schema import LABELS
from eligex_corpus import load

from ..documents import Document, Input
from ..errors import CorpusError
from ..splits import read_list
from . import brat_folder, chia, conll, contract, docbin, frd, lct, own_criteria, standoff, structured
from .flat import Conventions

Split = Literal["dev", "train", "test", "all"]
T = TypeVar("T")
DEV_FOLD = 1
"""The fold of Chia that is the development part; nothing is trained on it."""
FORMATS: dict[str, Callable[[Path, Conventions], list[Document]]] = {
    "brat": brat_folder.read,
    "jsonl": lambda path, _: contract.read(path),
    "docbin": lambda path, _: docbin.read(path),
    "conll": lambda path, _: conll.read(path),
    "frd": frd.read,
}
NAMED = ("lct", "chia", "chia-scope", "structured", "standoff", "corpus", "corpus-criteria")


def open_corpus(
    spec: str,
    *,
    folder: Path | None = None,
    split: Split = "dev",
    conventions: Conventions | None = None,
) -> list[Document]:
    """Read a corpus by name or by format and path.

    Raises
    ------
    CorpusError
        For a name that is not known or a corpus that is not there.
    """
    name, _, argument = spec.partition(":")
    if name in FORMATS:
        if not argument:
            raise CorpusError("a path is missing", where=spec, remedy=f"Write {name}:PATH.")
        path = Path(argument)
        if not path.exists():
            raise CorpusError("no such file or folder", where=argument)
        return FORMATS[name](path, conventions or Conventions())
    if name == "lct":
        return lct_documents(data_folder(folder), split)
    if name in ("chia", "chia-scope"):
        return chia_documents(data_folder(folder), split, conventions, scope=name == "chia-scope")
    if name == "structured":
        return structured_documents(data_folder(folder), split, argument or None)
    if name == "standoff":
        return standoff_documents(data_folder(folder), split)
    if name == "corpus":
        return own_corpus(split)
    if name == "corpus-criteria":
        return own_criteria.read(item.result for item in (load() if split == "all" else load(split)))
    known = [*NAMED, *(f"{key}:PATH" for key in FORMATS)]
    raise CorpusError(f"no corpus named {spec!r}", remedy=f"There are: {', '.join(known)}.")


def own_corpus(split: Split = "all") -> list[Document]:
    """Read eligex's own corpus as installed."""
    items = load() if split == "all" else load(split)
    return [contract.document(item.result, Path("eligex_corpus"), "corpus") for item in items]


def data_folder(given: Path | None = None) -> Path:
    """Return the folder of the corpora: the given one, else ``$ELIGEX_DATA``."""
    path = given or (Path(os.environ["ELIGEX_DATA"]) if os.environ.get("ELIGEX_DATA") else None)
    if path is None:
        raise CorpusError("no data folder", remedy="Give --data or set ELIGEX_DATA.")
    if not path.is_dir():
        raise CorpusError("not a folder", where=str(path), remedy="Give --data or set ELIGEX_DATA.")
    return path


def lct_documents(data: Path, split: Split = "dev") -> list[Document]:
    """Read LCT: ``dev`` and ``train`` are fixed lists, ``test`` is everything else."""
    folder = data / "lct"
    dev = read_list("lct_dev")
    if split == "dev":
        return lct.read(folder, ids=dev)
    if split == "all":
        return lct.read(folder)
    everything = {path.stem for path in folder.glob("*.ann")}
    return lct.read(folder, ids=sorted(_part("lct", split, everything, set(dev))))


def chia_documents(
    data: Path, split: Split = "dev", conventions: Conventions | None = None, *, scope: bool = False
) -> list[Document]:
    """Read Chia: ``dev`` is fold 1, ``test`` folds 0 and 5, ``train`` the other seven."""
    folder = data / "chia" / ("with_scope" if scope else "without_scope")
    labels = chia.SCOPED_LABELS if scope else LABELS
    everything = {path.stem.rsplit("_", 1)[0] for path in folder.glob("*.ann")}
    dev = _chia_dev(data)
    ids = {"dev": dev, "all": everything}.get(split) or _part("chia", split, everything, dev)
    if split == "dev" and (missing := sorted(dev - everything)):
        raise CorpusError(
            f"{len(missing)} trials of fold 1 are missing, the first is {missing[0]}", where=str(folder)
        )
    return chia.read(folder, ids=ids, conventions=conventions, labels=labels)


def _chia_dev(data: Path) -> set[str]:
    """Return the trials of fold 1: from the fold file of the corpus, else from the list in this package."""
    path = data / "chia" / "folds.json"
    return set(chia.fold_ids(path, [DEV_FOLD])) if path.exists() else set(read_list("chia_fold1"))


def _part(name: str, split: Split, everything: set[str], dev: set[str]) -> set[str]:
    """Return the training part, which is a list, or the test part: what is neither on it nor in ``dev``.

    The trials of the test parts are nowhere named, so that nothing can be trained on them by mistake.
    """
    train = set(read_list(f"{name}_train"))
    if split == "train":
        return everything & train
    if not (test := everything - train - dev):
        raise CorpusError(
            f"the test part of {name} is not here",
            remedy=f"Get the whole corpus with eligex-eval fetch {name}; or choose dev, train or all.",
        )
    return test


def _no_test(name: str, split: Split) -> None:
    if split == "test":
        raise CorpusError(f"{name} has no test part here", remedy="Choose dev, train or all.")


def structured_documents(data: Path, split: Split = "dev", sample: str | None = None) -> list[Document]:
    """Read the criteria annotated whole; ``sample`` is ``natural`` or ``hard``, both if not given."""
    _no_test("structured", split)
    return structured.read(data / "structured" / "criteria.jsonl", None if split == "all" else split, sample)


def standoff_documents(data: Path, split: Split = "dev") -> list[Document]:
    """Read the criteria of ``annotations/standoff`` joined with their texts.

    ``test`` are the criteria that two readers annotated, ``train`` all others.
    """
    if split == "dev":
        raise CorpusError("standoff has no development part", remedy="Choose train, test or all.")
    both = set(read_list("standoff_test"))
    documents = standoff.read(data / "standoff" / "criteria.jsonl")
    return [each for each in documents if split == "all" or (each.id in both) == (split == "test")]


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


def spaced(items: Sequence[T], size: int, offset: int = 1) -> list[T]:
    """Return evenly spaced items, so that a sample covers the whole file.

    >>> spaced(range(10), 3, 0)
    [0, 3, 6]
    """
    if size >= len(items):
        return list(items)
    step = len(items) / size
    return [items[(int(i * step) + offset) % len(items)] for i in range(size)]
