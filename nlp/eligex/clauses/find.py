"""Condition and exception clauses: "≤ 5 × ULN [if liver metastases]", "cancer [except cured melanoma]".

Decides where such a clause starts and ends, which of its words are the cue and which the content, and on
which side lies what it bears on.  What exactly it bears on (a limit, an entity) is for the binding.
"""

from __future__ import annotations

from collections.abc import Iterator

from eligex.clauses.conditions import ifs, limits, populations, sexes
from eligex.clauses.exceptions import exceptions, permissions
from eligex.clauses.spans import Clause
from eligex.language.blanks import Unwrapped, unwrap

__all__ = ["Clause", "find_clauses"]

# Words without which a reader need not look; looking for them is far cheaper than matching.
_EXCEPTION_WORDS = (
    "except",
    "unless",
    "other than",
    "apart",
    "aside",
    "besides",
    "but not",
    "exclu",
    "not including",
    "barring",
    "save for",
    "outside",
)
_PERMISSION_WORDS = (
    "allow",
    "permit",
    "accept",
    "eligible",
    "exempt",
    "authori",
    "exclu",
    "enrol",
    "includ",
    "particip",
    "enter",
    "apply",
    "count",
    "considered",
)
_IF_WORDS = (
    "if ",
    "if:",
    "provided",
    "as long",
    "so long",
    "on condition",
    " case",
    " event",
    "presence",
    "absence",
    "setting",
    "when ",
    "where ",
)
_PEOPLE_WORDS = ("for ", "in ", "among ")
_SEX_WORDS = ("men", "man", "male", "boy", "girl")
_LIMIT_WORDS = ("uln", "lln", "normal", "limit")


_READERS = (
    (_EXCEPTION_WORDS, exceptions),
    (_PERMISSION_WORDS, permissions),
    (_IF_WORDS, ifs),
    (_PEOPLE_WORDS, populations),
    (_LIMIT_WORDS, limits),
    (_SEX_WORDS, sexes),
)


def find_clauses(text: str, *, leading: bool = True) -> list[Clause]:
    """Find the condition and exception clauses of one sentence or criterion.

    Parameters
    ----------
    text
        The sentence.
    leading
        Whether it opens its criterion.  "Patients with treated brain metastases are eligible" is what the
        criterion says if it opens it, and an exception if it follows something else.

    Examples
    --------
    >>> text = "AST ≤ 3 × ULN (≤ 5 × ULN if liver metastases)"
    >>> [(c.type, text[c.content_start : c.content_end]) for c in find_clauses(text)]
    [('condition', 'liver metastases')]
    """
    unwrapped = unwrap(text)
    found: list[Clause] = []
    for clause in _candidates(unwrapped.text, unwrapped.text.lower(), leading=leading):
        if clause.content_end > clause.content_start and not any(_same(clause, other) for other in found):
            found.append(clause)
    if unwrapped.offsets is not None:
        found = [_outer(clause, unwrapped) for clause in found]
    return sorted(found, key=lambda c: (c.start, -c.end))


def _outer(clause: Clause, unwrapped: Unwrapped) -> Clause:
    start, end = unwrapped.outer(clause.start, clause.end)
    cue = unwrapped.outer(clause.cue_start, clause.cue_end)
    content = unwrapped.outer(clause.content_start, clause.content_end)
    return Clause(clause.type, start, end, *cue, *content, clause.governs)


def _candidates(text: str, lower: str, *, leading: bool) -> Iterator[Clause]:
    for words, read in _READERS:
        for word in words:
            if word in lower:
                yield from read(text, leading=leading)
                break


def _same(one: Clause, other: Clause) -> bool:
    return (
        one.type == other.type
        and one.content_start < other.content_end
        and other.content_start < one.content_end
    )
