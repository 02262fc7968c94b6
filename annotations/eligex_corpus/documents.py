"""The corpus as data: where it lies and how it is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from eligex.schema import TrialCriteria

Split = Literal["train", "dev", "test"]
SPLITS: tuple[str, ...] = get_args(Split)


@dataclass(frozen=True, slots=True)
class Document:
    """One annotated eligibility section and what is known about it."""

    id: str
    split: str
    title: str
    area: str
    dialect: str
    result: TrialCriteria

    @property
    def text(self) -> str:
        """The text that all offsets count in."""
        return self.result.text or ""


def path() -> Path:
    """Return the folder of the corpus: ``data/`` (JSONL, metadata, splits) and ``brat/``."""
    return Path(__file__).resolve().parent


def read_records(folder: Path | None = None) -> list[dict[str, Any]]:
    """Return the contract's objects as they are in ``data/corpus.jsonl``, unchecked."""
    lines = ((folder or path()) / "data" / "corpus.jsonl").read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def read_second(folder: Path | None = None) -> list[dict[str, Any]]:
    """Return what a second reader annotated, of the documents that have been read twice."""
    lines = ((folder or path()) / "data" / "second.jsonl").read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def read_metadata(folder: Path | None = None) -> dict[str, Any]:
    """Return ``data/corpus.json``: name, version, licence, and title, area and dialect by document."""
    return _read_json((folder or path()) / "data" / "corpus.json")


def read_splits(folder: Path | None = None) -> dict[str, list[str]]:
    """Return the ids of the documents of each split."""
    return _read_json((folder or path()) / "data" / "splits.json")


def _read_json(file: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return data


def load(split: Split | None = None, *, folder: Path | None = None) -> list[Document]:
    """Return the documents of the corpus, in the order of their ids.

    Parameters
    ----------
    split
        ``train``, ``dev`` or ``test``; all documents if not given.
    folder
        A copy of the corpus elsewhere.

    Raises
    ------
    ValueError
        For a split of another name.
    pydantic.ValidationError
        For a record that is not an object of the contract.

    Examples
    --------
    >>> load()[0].id
    'EC-0001'
    """
    if split is not None and split not in SPLITS:
        raise ValueError(f"the corpus has the splits {', '.join(SPLITS)}, not {split!r}")
    return list(_documents(folder, split))


def read_split(split: str = "all") -> list[TrialCriteria]:
    """Return the annotated results of a split alone; ``all`` for the whole corpus.

    Raises
    ------
    ValueError
        For a split of another name.

    Examples
    --------
    >>> [result.trial_id for result in read_split("dev")][:2]
    ['EC-0002', 'EC-0006']
    """
    if split not in ("all", *SPLITS):
        raise ValueError(f"the corpus has the splits all, {', '.join(SPLITS)}, not {split!r}")
    return [document.result for document in _documents(None, None if split == "all" else split)]


def _documents(folder: Path | None, wanted: str | None) -> Iterator[Document]:
    """Read the documents of the split alone: the check of a record takes most of the time."""
    about = read_metadata(folder)["documents"]
    splits = {key: name for name, keys in read_splits(folder).items() for key in keys}
    for record in read_records(folder):
        if wanted is not None and splits.get(record["trial_id"], wanted) != wanted:
            continue
        result = TrialCriteria.from_dict(record)
        key = result.trial_id
        yield Document(
            key, splits[key], about[key]["title"], about[key]["area"], about[key]["dialect"], result
        )
