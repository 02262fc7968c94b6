"""The frozen parts of the leaderboard: which documents, and which figures a row shows.

A part never changes once figures have been reported on it: its documents are a fixed list or what a fixed
list leaves over, and a row names the hash of the data it was made on.  A part whose corpus is not in the
data folder is left out, saying so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .corpora.flat import Conventions
from .corpora.registry import Split, data_folder, open_corpus
from .errors import CorpusError
from .figures import Figure
from .runs import Corpus


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a corpus, and the figures that its table shows, the headline first."""

    name: str
    corpus: str
    split: Split
    title: str
    figures: tuple[Figure, ...]


def _f1(task: str, *measures: str) -> tuple[Figure, ...]:
    return tuple(Figure(task, measure, "f1") for measure in measures)


def _share(task: str, *measures: str) -> tuple[Figure, ...]:
    return tuple(Figure(task, measure, "share") for measure in measures)


_CHIA = (*_f1("entities", "strict", "relaxed"), *_f1("negation", "negated, with missed"))
_LCT = (*_f1("numeric", "tuple", "value", "comparator", "unit"), *_f1("windows", "length", "bound"))
_OWN = (
    *_f1("predicates", "tuple", "exact"),
    *_f1("entities", "strict"),
    *_f1("numeric", "tuple"),
    *_f1("scopes", "window bound", "condition bound", "exception bound"),
    *_share("logic", "criteria by truth"),
)
_STATED = (
    *_share("structured", "full", "whole", "numeric whole"),
    *_f1("structured", "entity", "condition", "window"),
    *_share("structured", "criteria right", "logic"),
)
_MARKED = _f1("entities", "strict", "relaxed")
PARTS = (
    Part("chia-dev", "chia", "dev", "Chia, development part (fold 1)", _CHIA),
    Part("chia-test", "chia", "test", "Chia, test part (folds 0 and 5)", _CHIA),
    Part("lct-dev", "lct", "dev", "Leaf Clinical Trials, development part", _LCT),
    Part("lct-test", "lct", "test", "Leaf Clinical Trials, test part", _LCT),
    Part("corpus-dev", "corpus", "dev", "eligex corpus, development part", _OWN),
    Part("corpus-test", "corpus", "test", "eligex corpus, test part", _OWN),
    Part("criteria-dev", "corpus-criteria", "dev", "eligex corpus, criterion by criterion, dev", _STATED),
    Part("criteria-test", "corpus-criteria", "test", "eligex corpus, criterion by criterion, test", _STATED),
    Part("structured-dev", "structured", "dev", "Criteria of real trials, annotated whole", _STATED),
    Part("standoff-test", "standoff", "test", "Criteria of real trials, read twice", _MARKED),
    Part("frd", "frd", "all", "Facebook Research data", _MARKED),
)


def named(names: Sequence[str] | None) -> tuple[Part, ...]:
    """Return the parts of these names, all by default.

    Raises
    ------
    CorpusError
        If there is no such part.
    """
    known = {part.name: part for part in PARTS}
    for name in names or ():
        if name not in known:
            raise CorpusError(f"no part named {name!r}", remedy=f"There are: {', '.join(known)}.")
    return tuple(known[name] for name in names) if names else PARTS


def open_parts(
    parts: Sequence[Part], data: Path | None = None, conventions: Conventions | None = None
) -> tuple[dict[str, Corpus], dict[str, str]]:
    """Read the parts that are there; say of the others why they are not."""
    found: dict[str, Corpus] = {}
    absent: dict[str, str] = {}
    for part in parts:
        try:
            spec = f"frd:{data_folder(data) / 'frd'}" if part.corpus == "frd" else part.corpus
            documents = open_corpus(spec, folder=data, split=part.split, conventions=conventions)
        except CorpusError as error:
            absent[part.name] = str(error)
        else:
            found[part.name] = Corpus(part.title, part.split, documents)
    return found, absent
