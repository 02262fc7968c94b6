"""The words of the clause grammar (``lexicon/data/clauses.toml``) as tries over tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal, get_args

from eligex.errors import LexiconError
from eligex.language.phrase_sets import Phrases, written_out
from eligex.language.tokens import shadow
from eligex.lexicon.loader import DATA, read_text, read_words, where_is

CueKind = Literal["if", "when", "provided", "except", "unless", "other", "permission", "admission", "aside"]


@dataclass(frozen=True, slots=True)
class _File:
    lists: dict[str, tuple[str, ...]] = field(metadata={"shared": True})
    cues: dict[str, tuple[str, ...]] = field(metadata={"keys": get_args(CueKind)})
    classes: dict[str, tuple[str, ...]] = field(metadata={"shared": True})


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """``cues`` knows the kind of every cue; ``classes`` are the sets of phrases that the rules ask for."""

    cues: Phrases[str]
    classes: Mapping[str, Phrases[str]]


def read_clause_words(path: Path = DATA / "clauses.toml") -> ClauseWords:
    """Read the words.

    Raises
    ------
    LexiconError
        For what :func:`read_words` refuses, a list that a phrase refers to in vain, a phrase of which every
        word may be left out, or one that is a cue of two kinds.
    """
    read = read_words(path, _File)
    where = partial(where_is, path, read_text(path))
    kinds: dict[tuple[str, ...], str] = {}
    for kind, patterns in read.cues.items():
        for words in written_out(patterns, read.lists, where):
            if kinds.setdefault(words, kind) != kind:
                raise LexiconError(f"{' '.join(words)!r} is a cue of two kinds", where=where(kind))
    classes = {
        name: Phrases((words, name) for words in written_out(patterns, read.lists, where))
        for name, patterns in read.classes.items()
    }
    return ClauseWords(Phrases(kinds.items()), classes)


WORDS = read_clause_words()

_WORD = re.compile(r"[a-z]+")
_ONLY = re.compile(r"\bonly\s{0,2}[)\]]", re.IGNORECASE)
_KEYS = (
    WORDS.cues.keys(WORDS.classes["common"].first_words)
    | WORDS.classes["female"].keys()
    | WORDS.classes["male"].keys()
)
_SUBJECTS = WORDS.classes["people"].keys() | WORDS.classes["cohort"].keys()
_APPLY = WORDS.classes["applies_to"].keys()
_PAIRS = (
    (WORDS.classes["of_people"].keys(), WORDS.classes["people"].keys()),
    (_SUBJECTS, WORDS.classes["obliges"].keys()),
    (WORDS.classes["after_limit"].keys(), WORDS.classes["limit_of_normal"].keys()),
    (WORDS.classes["may"].first_words, WORDS.classes["people"].keys() | WORDS.classes["they"].keys()),
)
_CASES = frozenset().union(
    *(WORDS.classes[name].keys() for name in ("of_case", "sex_letter", "case", "person"))
)
_COMPARISONS = WORDS.classes["comparison"].keys()
_SIGNS = "<>≤≥"


def may_hold(text: str) -> bool:
    """Whether a text has any word that every clause needs; much cheaper than finding the clauses.

    >>> may_hold("Patients with gout"), may_hold("Hb > 9 in patients with gout")
    (False, True)
    """
    words = set(_WORD.findall(shadow(text).lower()))
    if not words.isdisjoint(_KEYS):
        return True
    if any(not (words.isdisjoint(first) or words.isdisjoint(second)) for first, second in _PAIRS):
        return True
    if text.endswith(":") or (":" in text and not words.isdisjoint(_SUBJECTS)):
        return True
    if not words.isdisjoint(_APPLY) and not words.isdisjoint(_SUBJECTS):
        return True
    if "only" in words and _ONLY.search(text) is not None:
        return True
    signs = sum(map(text.count, _SIGNS)) + len(words & _COMPARISONS)
    return signs > 1 and not words.isdisjoint(_CASES)
