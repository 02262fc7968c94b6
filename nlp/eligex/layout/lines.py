"""Physical lines, and the blocks they form.

A block is what the author wrote as one paragraph or list item: registries hard-wrap at about 80 columns, so
its lines have to be rejoined.  A line continues the one before if there is no blank line, marker or heading
between them, and if the break is explained by the width (its first word would not have fitted) or by an
unfinished sentence.  ``items`` interprets the blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from eligex.layout.chars import INVISIBLE, trim
from eligex.layout.markers import Marker, Order, read_marker
from eligex.lexicon.layout import sentence_words
from eligex.lexicon.patterns import any_of

_BREAK = r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]"
_TAG = r"</?(?:br|p|li|ul|ol|div)\s{0,3}/?>"
_NEWLINE = re.compile(_BREAK)
# a line break beside a tag is one break with it
_NEWLINE_OR_TAG = re.compile(
    rf"(?:{_BREAK})?[ \t]{{0,12}}(?P<tag>{_TAG})(?:[ \t]{{0,12}}(?:{_BREAK}))?|{_BREAK}", re.IGNORECASE
)
_TILDE_OR_TAG = re.compile(rf"~|{_TAG}", re.IGNORECASE)
_WORDS = sentence_words()
_FUNCTION_WORD = re.compile(rf"\b{any_of(_WORDS.function_words)}$")
_CANNOT_END = re.compile(rf"\b{any_of(_WORDS.cannot_end)}$")
_AWAITS_NUMBER = re.compile(rf"(?:[<>≤≥=]|\b{any_of(_WORDS.awaits_number)})$")
# "Creatinine no" / "greater than 1.4 mg/dL"
_OPENS_LIMIT = re.compile(rf"\b{any_of(_WORDS.opens_limit)}$", re.IGNORECASE)
_RESTS_OF_LIMIT = re.compile(rf"{any_of(_WORDS.rests_of_limit)}\b")
# "No more than 2" / "prior regimens"
_AWAITS_NOUN = re.compile(rf"\b{any_of(_WORDS.awaits_number)}\s(?:\d{{1,3}}|{any_of(_WORDS.counts)})$")
# "SGOT and SGPT" / "no greater than 3 times ULN"
_GOES_ON_WITH_LIMIT = re.compile(rf"{any_of(_WORDS.goes_on_with_limit)}\s")
_UNFINISHED = re.compile(r"[a-z0-9)%,/-]$")
NARROWEST, WIDEST = 60, 112
_CLOSED = ".;:：；"


@dataclass(frozen=True, slots=True)
class Line:
    """A visible line: its span without blanks, its column, and whether a blank line precedes it."""

    start: int
    end: int
    indent: int
    gap: bool
    marker: Marker | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together; ``start`` is at the marker, if there is one."""

    start: int
    end: int
    indent: int
    gap: bool
    marker: Marker | None
    lines: int


def split_lines(text: str, start: int, end: int) -> tuple[list[Line], list[tuple[int, int]]]:
    """Return the visible lines of ``text[start:end]``, and the visible line breaks.

    ``<br>`` and paragraph tags break lines; so does ``~`` in a text without line breaks, which is how some
    bulk files of the registry write them.
    """
    lines: list[Line] = []
    signs: list[tuple[int, int]] = []
    at, empty = start, 0
    pattern = _breaks(text, start, end)
    for match in pattern.finditer(text, start, end):
        line = _line(text, at, match.start(), gap=empty > 0 and bool(lines))
        if line is None:
            empty += 1
        else:
            lines.append(line)
            empty = 0
        if pattern is not _NEWLINE:
            sign = match.span("tag") if pattern is _NEWLINE_OR_TAG else match.span()
            if sign[0] >= 0:
                empty += text[sign[0] + 1 : sign[0] + 2] in ("p", "P", "u", "U", "o", "O", "d", "D")
                signs.append(sign)
        at = match.end()
    line = _line(text, at, end, gap=empty > 0 and bool(lines))
    if line is not None:
        lines.append(line)
    return _confirm(lines), signs


def join_lines(text: str, lines: list[Line], is_heading: Callable[[int, int], bool]) -> list[Block]:
    """Rejoin hard-wrapped lines into blocks.

    Parameters
    ----------
    text
        The text of the offsets.
    lines
        The lines from ``split_lines``.
    is_heading
        Whether a span is a section heading, which is never joined with other lines.
    """
    width = _wrap_width(text, lines)
    blocks: list[Block] = []
    previous: Line | None = None
    for i, line in enumerate(lines):
        if previous is not None and blocks:
            block = blocks[-1]
            if (
                (_continues(text, block, previous, line, width) or _is_cut_in_two(text, lines, i))
                and not is_heading(line.start, line.end)
                and not (_closed_heading(text, previous, line) and is_heading(previous.start, previous.end))
            ):
                blocks[-1] = replace(block, end=line.end, lines=block.lines + 1)
                previous = line
                continue
        blocks.append(Block(line.start, line.end, line.indent, line.gap, line.marker, 1))
        previous = line
    return blocks


def _closed_heading(text: str, before: Line, line: Line) -> bool:
    """Return whether a heading ends with its line; "… if the following / criteria are met:" does not."""
    return text[before.end - 1] in ":：" or not text[line.start].islower()


def _breaks(text: str, start: int, end: int) -> re.Pattern[str]:
    tags = text.find("<", start, end) >= 0 and _NEWLINE_OR_TAG.search(text, start, end) is not None
    if text.count("~", start, end) >= 2 and _NEWLINE.search(text, start, end) is None:
        return _TILDE_OR_TAG
    return _NEWLINE_OR_TAG if tags else _NEWLINE


def _line(text: str, start: int, end: int, *, gap: bool) -> Line | None:
    first, last = trim(text, start, end)
    if first >= last:
        return None
    return Line(first, last, _columns(text, start, first), gap, read_marker(text, first, last))


def _columns(text: str, start: int, end: int) -> int:
    lead = text[start:end]
    if not lead.strip(" "):
        return len(lead)
    columns = 0
    for char in lead:
        if char == "\t":
            columns += 4 - columns % 4
        elif char == "\u3000":
            columns += 2
        elif char not in INVISIBLE:
            columns += 1
    return columns


def _confirm(lines: list[Line]) -> list[Line]:
    """Drop doubtful markers that no neighbour in the same style confirms."""
    if all(line.marker is None or line.marker.sure for line in lines):
        return lines
    seen: set[Order] = set()
    dashes = 0
    for line in lines:
        if line.marker:
            seen.update(line.marker.orders)
            dashes += line.marker.bullet is not None
    return [
        line
        if line.marker is None or line.marker.sure or _borne_out(line.marker, seen, dashes)
        else replace(line, marker=None)
        for line in lines
    ]


def _borne_out(marker: Marker, seen: set[Order], bullets: int) -> bool:
    if not marker.orders:
        return bullets > 1
    for style, value in marker.orders:
        before = (style, (*value[:-1], value[-1] - 1)) in seen
        after = (style, (*value[:-1], value[-1] + 1)) in seen
        if (value[-1] == 1 and after) or before:
            return True
    return False


def _wrap_width(text: str, lines: list[Line]) -> int | None:
    """Return the column at which the text is wrapped, or None if it is not wrapped."""
    if len(lines) < 2:
        return None
    width = max(line.indent + line.end - line.start for line in lines)
    if not NARROWEST <= width <= WIDEST:
        return None
    explained = unexplained = runs_on = 0
    for i, (before, line) in enumerate(pairwise(lines)):
        if line.gap or line.marker is not None:
            continue
        if _is_full(text, before, line, width):
            runs_on += text[line.start].islower() or _hangs(text, before)
            explained += 1
        elif _goes_on(text, line):
            unexplained += not _opens(text, lines, i)
        elif _UNFINISHED.search(text, before.start, before.end):
            unexplained += 2
    return width if runs_on and explained > unexplained else None


def _goes_on(text: str, line: Line) -> bool:
    """Return whether a line begins as no statement does: in lower case, or with a bracket."""
    return text[line.start].islower() or text[line.start] in "(["


def _opens(text: str, lines: list[Line], i: int) -> bool:
    """Return whether line ``i`` opens a section: of a paragraph that is copied it may be a part of a line."""
    return i == 0 or text[lines[i - 1].end - 1] in ":："


def _is_cut_in_two(text: str, lines: list[Line], i: int) -> bool:
    """Return whether a section is one sentence in two lines, ``i`` the second: "Use of / daily aspirin"."""
    before, line = lines[i - 1], lines[i]
    alone = i + 1 == len(lines) or lines[i + 1].gap or lines[i + 1].marker is not None
    if not alone or not _opens(text, lines, i - 1) or before.marker is not None or line.marker is not None:
        return False
    cased = text[before.start].isupper() and _goes_on(text, line)
    return cased and not line.gap and text[before.end - 1] not in _CLOSED


def _is_full(text: str, before: Line, line: Line, width: int) -> bool:
    """Return whether the first word of ``line`` would not have fitted after ``before``."""
    space = text.find(" ", line.start, line.end)
    word = (space if space >= 0 else line.end) - line.start
    return before.indent + before.end - before.start + 1 + word > width


def _hangs(text: str, line: Line) -> bool:
    """Return whether a line ends with a word that cannot end a statement: "… hospitals in"."""
    return _FUNCTION_WORD.search(text, max(line.start, line.end - 12), line.end) is not None


def _breaks_a_limit(text: str, before: Line, line: Line) -> bool:
    """Return whether a comparator or what its number counts is in the next line: "… no / greater than 2"."""
    if not text[line.start].islower() or line.marker is not None or text[before.end - 1] in _CLOSED:
        return False
    end = max(before.start, before.end - 24), before.end
    opened = _OPENS_LIMIT.search(text, *end) and _RESTS_OF_LIMIT.match(text, line.start, line.end)
    if opened or _AWAITS_NOUN.search(text, *end):
        return True
    return _GOES_ON_WITH_LIMIT.match(text, line.start, line.end) is not None


def _hangs_below(text: str, block: Block, before: Line, line: Line) -> bool:
    """Return whether a line is indented below a long line without a marker, and goes on from it.

    So it is where a criterion is copied without its bullet and the indent of its first line.
    """
    indented = block.marker is None and line.marker is None and line.indent > block.indent == 0
    first = text[line.start]
    goes_on = _goes_on(text, line) or first in "<>≥≤=" or (block.lines > 1 and line.indent == before.indent)
    long = before.end - before.start >= NARROWEST
    return indented and goes_on and long and text[before.end - 1] not in _CLOSED


def _continues(text: str, block: Block, before: Line, line: Line, width: int | None) -> bool:
    if line.gap:
        return False
    lower = text[line.start].islower()
    hanging = block.marker is not None and line.indent > block.indent and line.indent > 0
    if hanging and line.marker is None and text[line.start] in "([":
        return True
    if _hangs_below(text, block, before, line):
        return True
    if width is None:
        if line.marker is not None:
            return False
        if _breaks_a_limit(text, before, line):
            return True
        if _hangs(text, before) and (
            lower or _CANNOT_END.search(text, max(before.start, before.end - 6), before.end)
        ):
            return True
        awaited = text[line.start].isdigit() and _AWAITS_NUMBER.search(
            text, max(before.start, before.end - 12), before.end
        )
        return hanging and (lower or awaited is not None)
    full = _is_full(text, before, line, width)
    if line.marker is not None:
        aligned = (
            block.marker is not None
            and line.indent == block.indent + block.marker.content - block.marker.start
        )
        plain = block.lines > 1 and line.indent == before.indent
        weak = line.marker.bullet is None or not line.marker.sure
        return full and (aligned or (plain and block.marker is None and line.indent == 0)) and weak
    return full or _goes_on(text, line) or _hangs(text, before)
