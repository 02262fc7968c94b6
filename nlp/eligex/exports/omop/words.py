"""The words of ``cohort.toml``: sexes, the day that windows count from, units that count records."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from eligex.lexicon.loader import DATA, read_words

Sexes = Literal["male", "female"]
_WORD = re.compile(r"[\w-]+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class CohortWords:
    """The tables of the file; its comments explain each key."""

    sexes: dict[str, tuple[str, ...]] = field(metadata={"keys": ("male", "female", "around")})
    anchors: dict[str, tuple[str, ...]] = field(metadata={"keys": ("index", "around")})
    units: dict[str, tuple[str, ...]] = field(metadata={"keys": ("records",)})
    modifiers: dict[str, tuple[str, ...]] = field(metadata={"keys": ("plain",)})


@cache
def cohort_words() -> CohortWords:
    """Return the words that ship with eligex."""
    return read_words(DATA / "cohort.toml", CohortWords)


def sex_of(text: str) -> Sexes | None:
    """Return the sex that words name and nothing else.

    >>> sex_of("Female patients"), sex_of("pregnant women"), sex_of("men and women")
    ('female', None, None)
    """
    words, known = _words(text), cohort_words().sexes
    named: dict[Sexes, bool] = {"male": False, "female": False}
    for word in words:
        if word in known["male"]:
            named["male"] = True
        elif word in known["female"]:
            named["female"] = True
        elif word not in known["around"]:
            return None
    found = [sex for sex, there in named.items() if there]
    return found[0] if len(found) == 1 else None


def is_index(anchor: str | None) -> bool:
    """Whether an anchor is the day on which a patient is looked at.

    >>> is_index(None), is_index("first dose of study drug"), is_index("last dose"), is_index("surgery")
    (True, True, False, False)
    """
    if anchor is None:
        return True
    words, known = _words(anchor), cohort_words().anchors
    return any(word in known["index"] for word in words) and all(
        word in known["index"] or word in known["around"] for word in words
    )


def counts_records(unit: str | None) -> bool:
    """Whether a number with this unit is a number of records.

    >>> counts_records("{episodes}"), counts_records("{score}")
    (True, False)
    """
    return unit in cohort_words().units["records"]


def says_no_more(modifier: str) -> bool:
    """Whether a modifier says no more than a record does.

    >>> says_no_more("Known"), says_no_more("severe")
    (True, False)
    """
    return " ".join(modifier.lower().split()) in cohort_words().modifiers["plain"]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
