"""The nested regions of a criterion: sentence > part (between semicolons) > bracket > part > bracket …

Decides how punctuation nests a text, in one scan that answers every "in the same bracket?", "across a
semicolon?", "does it open its sentence?".  The caller gives the sentences, and decides what an answer means
for a clause or a limit.

- A bracket of any shape is closed by one of any shape: "(0, 1]".
- A closing bracket that was never opened closes nothing: "a) stroke; b) asthma" has two parts.
- A bracket that is never closed ends with its part: "(mild; stroke" has the parts "(mild" and "stroke".
- A semicolon divides the sentence or the bracket right around it; the one of "&gt;" does not.
- A full stop between two sentences divides a bracket: "(Cured cancer is allowed. Others are not)".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

RegionKind = Literal["criterion", "sentence", "part", "bracket"]
MarkKind = Literal["opening", "closing", "semicolon", "stop"]
Mark = tuple[int, MarkKind]
"""Where a mark is, and what it does."""

_OPENING = "([（［【"
_CLOSING = ")]）］】"
_SEMICOLONS = ";；"
_MARK = re.compile(rf"[{re.escape(_OPENING + _CLOSING + _SEMICOLONS)}&.!?]")
"""What every mark begins with."""
_ESCAPE = re.compile(r"&(?:[lg][te]|amp|nbsp|\#\d{1,5});")
# "… is allowed[.] Others", not "e.g. Others", "St. John"
_STOP = re.compile(r"""(?<! \b St) (?<=[\w)\]%][\w)\]%])[.!?](?=\s+["'(]?[A-Z])""", re.VERBOSE)
_KIND_OF: Mapping[str, MarkKind] = {
    **dict.fromkeys(_OPENING, "opening"),
    **dict.fromkeys(_CLOSING, "closing"),
    **dict.fromkeys(_SEMICOLONS, "semicolon"),
}
_MAY_MARK = re.compile(rf"[{re.escape(_OPENING)})\]）］】;；.!?](?:(?<=[^.!?])|(?=\s))")
"""What every mark but an escape begins with; much faster to search for, and absent from most sentences."""
_DEEPEST = 16
"""Brackets nested deeper are not separate regions, so that the path out of any region is short."""
_WORD = re.compile(r"[^ \t\r\n\xa0*•,\-–—]")
"""What is not a blank, a bullet or a comma, as at the beginning of a region: "- ", ", "."""


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of text, without the marks that bound it.

    ``first`` is where its words begin; ``parent`` is the region right around it.
    """

    kind: RegionKind
    start: int
    end: int
    first: int
    parent: Region | None

    def holds(self, position: int) -> bool:
        """Whether ``position`` lies in the region or in one nested in it."""
        return self.start <= position < self.end


class Regions:
    """The regions of one criterion: built in one scan, queried in O(log n).

    Parameters
    ----------
    text
        The text that offsets count in.
    start, end
        Where the criterion begins and ends in it.
    sentences
        The spans of its sentences, in order and apart; without any, the criterion is one sentence.

    Examples
    --------
    >>> text = "bilirubin ≤ 2 (≤ 3 if icteric); no stroke"
    >>> regions = Regions(text)
    >>> inside = regions.innermost(text.index("if"))
    >>> inside.kind, text[inside.start : inside.end]
    ('bracket', '≤ 3 if icteric')
    >>> regions.opens(text.index("no")), regions.opens(text.index("stroke"))
    (True, False)
    """

    __slots__ = ("_bounds", "_owners", "_starts", "_text", "bracketed")

    def __init__(
        self, text: str, start: int = 0, end: int | None = None, sentences: Iterable[tuple[int, int]] = ()
    ) -> None:
        stop = len(text) if end is None else end
        self._text, self._bounds = text, [(start, stop), *(list(sentences) or [(start, stop)])]
        self._starts: list[int] = []
        self._owners: list[Region] = []
        self.bracketed = any(text.find(mark, start, stop) >= 0 for mark in _OPENING)
        """Whether there is any bracket."""

    def innermost(self, position: int) -> Region:
        """Return the smallest region around a position; a bracket or semicolon is outside what it bounds."""
        if not self._starts:
            self._scan()
        return self._owners[max(bisect_right(self._starts, position) - 1, 0)]

    def _scan(self) -> None:
        start, end = self._bounds[0]
        if _MAY_MARK.search(self._text, start, end) is None:
            self._nest_sentences()
            return
        scan = _Scan(start, end)
        for low, high in self._bounds[1:]:
            scan.sentence(self._text, low, high)
        regions = scan.regions(self._text)
        self._starts = [position for position, _ in scan.changes]
        self._owners = [regions[number] for _, number in scan.changes]

    def _nest_sentences(self) -> None:
        """Set the regions of a text without a mark: the criterion and its sentences, each of one part."""
        whole = self._region("criterion", *self._bounds[0], None)
        self._starts, self._owners = [whole.start], [whole]
        for low, high in self._bounds[1:]:
            self._starts += [low, high]
            self._owners += [self._region("sentence", low, high, whole), whole]

    def _region(self, kind: RegionKind, start: int, end: int, parent: Region | None) -> Region:
        word = _WORD.search(self._text, start, end)
        return Region(kind, start, end, end if word is None else word.start(), parent)

    def bracket(self, position: int) -> Region | None:
        """Return the innermost bracket around a position."""
        if not self.bracketed:
            return None
        region: Region | None = self.innermost(position)
        while region is not None and region.kind != "bracket":
            region = region.parent
        return region

    def opens(self, position: int) -> bool:
        """Whether no word of its region lies before ``position``."""
        return position <= self.innermost(position).first


@dataclass(slots=True)
class _Node:
    """A region whose end is not known yet; ``closed`` is true for a bracket with a closing one."""

    kind: RegionKind
    start: int
    end: int
    parent: int
    closed: bool = True


class _Scan:
    """Reads the punctuation of a criterion from left to right, with the open regions on a stack.

    Every sentence and bracket contains a part from the start; if no semicolon divides it, the part is removed
    at the end.  ``changes`` lists the positions at which another node becomes the innermost.
    """

    def __init__(self, start: int, end: int) -> None:
        self.nodes = [_Node("criterion", start, end, -1)]
        self.changes = [(start, 0)]
        self._open = [0]

    def sentence(self, text: str, start: int, end: int) -> None:
        """Read the sentence at ``start``–``end``."""
        marks = _marks(text, start, end)
        closings = _closings(marks)
        ends = set(closings.values())
        self._begin("sentence", start)
        for position, kind in marks:
            if kind == "opening" and len(self._open) > 2 * _DEEPEST:
                ends.discard(closings.get(position, -1))
            elif kind == "opening":
                self._begin("bracket", position + 1, closed=position in closings)
            elif kind == "closing" and position in ends:
                self._end(position)
            elif kind == "semicolon" or (kind == "stop" and len(self._open) > 3):
                while not self.nodes[self._open[-2]].closed:
                    self._end(position)
                self._end(position, parts_only=True)
                self._push("part", position + 1)
        while len(self._open) > 1:
            self._end(end)

    def _begin(self, kind: RegionKind, position: int, *, closed: bool = True) -> None:
        self._push(kind, position, closed=closed)
        self._push("part", position)

    def _push(self, kind: RegionKind, position: int, *, closed: bool = True) -> None:
        self.nodes.append(_Node(kind, position, position, self._open[-1], closed))
        self._open.append(len(self.nodes) - 1)
        self.changes.append((position, self._open[-1]))

    def _end(self, position: int, *, parts_only: bool = False) -> None:
        """End the innermost part, and the sentence or bracket that it lies in."""
        for _ in range(1 if parts_only else 2):
            self.nodes[self._open.pop()].end = position
        self.changes.append((position, self._open[-1]))

    def regions(self, text: str) -> list[Region]:
        """Return the region of every node."""
        found: list[Region] = []
        for node in self.nodes:
            parent = found[node.parent] if found else None
            if (
                parent is not None
                and node.kind == "part"
                and (node.start, node.end) == (parent.start, parent.end)
            ):
                found.append(parent)
                continue
            word = _WORD.search(text, node.start, node.end)
            first = node.end if word is None else word.start()
            found.append(Region(node.kind, node.start, node.end, first, parent))
        return found


def _marks(text: str, start: int, end: int) -> list[Mark]:
    """Return the marks of a stretch; the semicolon of "&gt;" is none."""
    found: list[Mark] = []
    escaped = start
    for mark in _MARK.finditer(text, start, end):
        position = mark.start()
        kind = _KIND_OF.get(mark[0])
        if kind is not None:
            if position >= escaped:
                found.append((position, kind))
        elif mark[0] == "&":
            escape = _ESCAPE.match(text, position, end)
            escaped = escaped if escape is None else escape.end()
        elif _STOP.match(text, position, end):
            found.append((position, "stop"))
    return found


def _closings(marks: Iterable[Mark]) -> dict[int, int]:
    """Return the closing position of each opening bracket that has one."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for position, kind in marks:
        if kind == "opening":
            opened.append(position)
        elif kind == "closing" and opened:
            found[opened.pop()] = position
    return found
