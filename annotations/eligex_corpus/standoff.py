"""Criteria of real trials, annotated by reading and kept without their texts; joined with a user's own copy.

A line names the trial, the place of the criterion in its eligibility text and two hashes, and marks pieces of
the criterion by offsets.  If the text has changed since, the criterion is looked for among those of today's
text: as it was, then by its letters and digits alone, because registries write the same words with other line
breaks, bullets and escapes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from eligex.layout.segment import segment
from eligex_corpus.errors import SourceError

Item = TypeVar("Item")

KINDS = ("entities", "qualifiers", "values", "windows", "conditions", "exempt")
"""What is marked, as a line names it; only entities have labels."""
_KEPT = ("id", "nct_id", "start", "end", "type", "sample", "sha256", "letters")
"""The fields of a criterion that a line holds as they are."""
_SIGNS = frozenset("<>≤≥=~±\\+-–(")
_UNITS = frozenset("%°")
Status = Literal["same", "moved", "rewritten", "changed", "absent"]
STATUSES: dict[Status, str] = {
    "same": "at its place, as annotated",
    "moved": "as annotated, at another place",
    "rewritten": "the same letters and digits, written otherwise",
    "changed": "no longer in the text of its trial",
    "absent": "of a trial that is not in the texts",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked piece of a criterion, by its characters and by the letters and digits before its two ends.

    ``label`` is the type of an entity.
    """

    kind: str
    start: int
    end: int
    first: int
    last: int
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """An annotated criterion: ``start``–``end`` count in its trial's text, its marks in the criterion."""

    id: str
    nct_id: str
    start: int
    end: int
    type: str
    sample: str
    sha256: str
    letters: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """A criterion with the text of a user's copy, and its marks as offsets in it, if it was found."""

    criterion: Criterion
    status: Status
    start: int | None = None
    text: str | None = None
    marks: tuple[Mark, ...] = ()


def digest(text: str) -> str:
    """Return the SHA-256 of a criterion as it is written."""
    return hashlib.sha256(text.encode()).hexdigest()


def letters_digest(text: str) -> str:
    """Return the SHA-256 of the letters and digits of a criterion in lower case.

    >>> letters_digest("Age \\\\>= 18") == letters_digest("age: 18")
    True
    """
    return digest("".join(filter(str.isalnum, text)).lower())


def read(path: Path) -> list[Criterion]:
    """Read a file of annotated criteria.

    Raises
    ------
    SourceError
        For a line that is not one, with file and line.
    """
    return read_lines(path, _criterion)


def read_lines(path: Path, parse: Callable[[dict[str, Any]], Item]) -> list[Item]:
    """Return what ``parse`` makes of the object on each line that is not empty.

    Raises
    ------
    SourceError
        For a line of which it makes nothing, with file and line.
    """
    found = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1):
        if line:
            try:
                found.append(parse(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise SourceError(f"no annotated criterion: {error!r}", where=f"{path}:{number}") from error
    return found


def _criterion(data: dict[str, Any]) -> Criterion:
    marks = [Mark(kind, *item) for kind in KINDS for item in data[kind]]
    size = data["end"] - data["start"]
    if any(not 0 <= mark.start < mark.end <= size for mark in marks):
        raise ValueError("a mark outside the criterion")
    return Criterion(**{name: data[name] for name in _KEPT}, marks=tuple(marks))


def plain(criterion: Criterion) -> dict[str, Any]:
    """Return the line of a criterion."""
    line: dict[str, Any] = {name: getattr(criterion, name) for name in _KEPT}
    for kind in KINDS:
        marks = [mark for mark in criterion.marks if mark.kind == kind]
        line[kind] = [[m.start, m.end, m.first, m.last, *([m.label] if m.label else [])] for m in marks]
    return line


def join(criteria: Iterable[Criterion], texts: Mapping[str, str]) -> Iterator[Joined]:
    """Find every criterion in the text of its trial.

    Parameters
    ----------
    criteria
        What :func:`read` returned.
    texts
        Eligibility texts by trial id.
    """
    for criterion in criteria:
        text = texts.get(criterion.nct_id)
        yield Joined(criterion, "absent") if text is None else _found(criterion, text)


def _found(criterion: Criterion, text: str) -> Joined:
    here = text[criterion.start : criterion.end]
    if digest(here) == criterion.sha256:
        return Joined(criterion, "same", criterion.start, here, criterion.marks)
    places = [(item.start, text[item.start : item.end]) for item in segment(text).criteria]
    for start, today in places:
        if digest(today) == criterion.sha256:
            return Joined(criterion, "moved", start, today, criterion.marks)
    for start, today in places:
        if letters_digest(today) == criterion.letters:
            return Joined(criterion, "rewritten", start, today, moved(criterion.marks, today))
    return Joined(criterion, "changed")


def moved(marks: Iterable[Mark], today: str) -> tuple[Mark, ...]:
    """Return marks in a text with the same letters and digits; a value keeps the signs around it.

    >>> moved([Mark("values", 4, 8, 3, 5)], "Age \\\\>= 18")
    (Mark(kind='values', start=4, end=10, first=3, last=5, label=None),)
    """
    places = [place for place, char in enumerate(today) if char.isalnum()]
    found = []
    for mark in marks:
        if mark.first == mark.last:
            continue  # signs alone: nothing says where they are now
        start, end = places[mark.first], places[mark.last - 1] + 1
        if mark.kind == "values":
            while start and (today[start - 1] in _SIGNS or today[start - 1].isspace()):
                start -= 1
            while today[start].isspace():
                start += 1
            end += today[end : end + 1] in _UNITS and end < len(today)
        found.append(replace(mark, start=start, end=end))
    return tuple(found)


def write_joined(found: Joined) -> dict[str, Any]:
    """Return a found criterion as one object: its text, and its marks with their words."""
    criterion, text, start = found.criterion, found.text, found.start
    if text is None or start is None:
        raise ValueError(f"{criterion.id} was not found")
    line: dict[str, Any] = {"id": criterion.id, "nct_id": criterion.nct_id, "type": criterion.type}
    line |= {"sample": criterion.sample, "start": start, "end": start + len(text), "text": text}
    for kind in KINDS:
        line[kind] = [
            {"text": text[m.start : m.end], "start": m.start, "end": m.end}
            | ({} if m.label is None else {"label": m.label})
            for m in found.marks
            if m.kind == kind
        ]
    return line


def agreement(first: Sequence[Criterion], second: Sequence[Criterion]) -> dict[str, tuple[int, int, int]]:
    """Count what two readers of the same criteria marked: both, the first, the second, by kind.

    Marks agree if they overlap, one to one, and entities if they also have one label; ``entities, exact``
    asks for the same ends too.
    """
    others = {criterion.id: criterion for criterion in second}
    pairs = [(one.marks, others[one.id].marks) for one in first if one.id in others]
    counts = {}
    for kind in (*KINDS, "entities, exact"):
        both = mine = theirs = 0
        for one, other in pairs:
            a, b = ([m for m in marks if m.kind == kind.partition(",")[0]] for marks in (one, other))
            mine, theirs = mine + len(a), theirs + len(b)
            for mark in a:
                hit = next((m for m in b if _agree(mark, m, exact="exact" in kind)), None)
                if hit is not None:
                    b.remove(hit)
                    both += 1
        counts[kind] = both, mine, theirs
    return counts


def _agree(one: Mark, other: Mark, *, exact: bool) -> bool:
    same = (one.start, one.end) == (other.start, other.end)
    return one.label == other.label and (same if exact else one.start < other.end and other.start < one.end)
