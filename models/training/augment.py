"""Dresses annotated criteria in the layouts that registries use.

The corpora write one criterion a line; registries write bullets, numbers, hard wraps, markdown escapes and
headings.  A document is cut into lines with their spans, and put together again in a layout drawn at
random, with the spans carried along.  The layout is never annotated, so a model learns to leave it alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from corpora import Document, Span
from raw_text import MARKER

HEADINGS = (
    "Inclusion Criteria:",
    "Exclusion Criteria:",
    "INCLUSION CRITERIA:",
    "EXCLUSION CRITERIA:",
    "Key Inclusion Criteria:",
    "Key Exclusion Criteria",
    "Main inclusion criteria",
    "Inclusion Criteria",
    "Exclusion criteria",
    "inclusion criteria:",
    "Inclusion Criteria for healthy volunteers:",
    "Exclusion Criteria (Part B):",
    "Subjects are eligible if they meet all of the following criteria:",
    "Patients will be excluded if any of the following apply:",
    "Patients must fulfil all of the following to be included:",
    "Patients who meet any of the following criteria will not be enrolled:",
    "DISEASE CHARACTERISTICS:",
    "PATIENT CHARACTERISTICS:",
    "PRIOR CONCURRENT THERAPY:",
    "Part 1:",
    "Cohort A",
    "Criteria:",
)
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
ESCAPED = re.compile(r"[<>\[\]*~_]")
SIGNS = {"≥": (">=", "> =", "≧", ">/="), "≤": ("<=", "=<", "≦"), ">=": ("≥",), "<=": ("≤",)}


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion as the corpus writes it, without its marker, with spans that count in ``text``."""

    text: str
    spans: tuple[Span, ...]


def cut_lines(document: Document) -> list[Line]:
    """Cut a document at its line ends; a span that crosses one keeps its longest part."""
    lines, start = [], 0
    for raw in document.text.splitlines(keepends=True):
        head = MARKER.match(raw)
        begin = start + (head.end() if head else 0)
        end = start + len(raw.rstrip())
        if begin < end:
            inside = (
                Span(max(s.start, begin) - begin, min(s.end, end) - begin, s.label) for s in document.spans
            )
            whole = {(s.start, s.end): s for s in document.spans}
            kept = [s for s in inside if s.end > s.start]
            kept = [s for s in kept if 2 * (s.end - s.start) > _full_length(s, begin, whole)]
            lines.append(Line(document.text[begin:end], tuple(kept)))
        start += len(raw)
    return lines


def _full_length(span: Span, begin: int, whole: dict[tuple[int, int], Span]) -> int:
    for start, end in whole:
        if start <= span.start + begin and span.end + begin <= end:
            return end - start
    return span.end - span.start


class Builder:
    """Collects text piece by piece and moves spans to where their text went."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.spans: list[Span] = []
        self.starts: list[int] = []
        self.length = 0

    def add(self, text: str, spans: Sequence[Span] = (), *, starts: bool = False) -> None:
        """Append ``text``; ``starts`` says that a sentence begins with it."""
        if starts:
            self.starts.append(self.length)
        self.spans.extend(Span(s.start + self.length, s.end + self.length, s.label) for s in spans)
        self.parts.append(text)
        self.length += len(text)


def rewrite(line: Line, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> Line:
    """Replace matches of ``pattern`` and move the spans; ends inside a match go to its near side."""
    moved: list[tuple[int, int, int, int]] = []
    parts, at, shift = [], 0, 0
    for match in pattern.finditer(line.text):
        new = replace(match)
        parts += [line.text[at : match.start()], new]
        moved.append((match.start(), match.end(), shift, len(new)))
        shift += len(new) - len(match.group())
        at = match.end()
    parts.append(line.text[at:])

    def place(offset: int, *, is_end: bool) -> int:
        result = offset
        for start, end, before, length in moved:
            if offset >= end and (offset > start or is_end):
                result = offset + before + length - (end - start)
            elif offset > start:
                result = start + before + (length if is_end else 0)
        return result

    spans = tuple(Span(place(s.start, is_end=False), place(s.end, is_end=True), s.label) for s in line.spans)
    return Line("".join(parts), spans)


def wrap(line: Line, width: int, indent: int) -> Line:
    """Break a line at blanks as the classic XML records do."""
    column = 0
    breaks = set()
    for match in re.finditer(r"(\S+)(\s*)", line.text):
        if column and column + len(match.group(1)) > width:
            breaks.add(match.start() - 1)
            column = 0
        column += len(match.group())
    blanks = re.compile(r" ")
    return rewrite(line, blanks, lambda m: "\n" + " " * indent if m.start() in breaks else " ")


def escape(line: Line) -> Line:
    r"""Put the backslashes of markdown before its special characters ("\>= 18")."""
    return rewrite(line, ESCAPED, lambda m: "\\" + m.group())


def vary_signs(line: Line, rng: Random) -> Line:
    """Write comparators in another of their forms, now and then."""
    pattern = re.compile("|".join(re.escape(sign) for sign in SIGNS))
    return rewrite(line, pattern, lambda m: rng.choice(SIGNS[m.group()]) if rng.random() < 0.5 else m.group())


def recase(line: Line, rng: Random) -> Line:
    """Write the whole line in lower or upper case, now and then; lengths stay as they are."""
    draw = rng.random()
    text = line.text.lower() if draw < 0.03 else line.text.upper() if draw < 0.05 else line.text
    return Line(text, line.spans) if len(text) == len(line.text) else line


def marker(style: str, number: int) -> str:
    """Return the bullet or number of an item."""
    letter = "abcdefghijklmnopqrstuvwxyz"[(number - 1) % 26]
    styles = {
        "-": "- ",
        "*": "* ",
        "•": "• ",
        "-  ": "  -  ",
        "1.": f"{number}. ",
        "  1.": f"  {number}. ",
        "1)": f"{number}) ",
        "(1)": f"({number}) ",
        "a.": f"{letter}. ",
        "a)": f"{letter}) ",
        "(i)": f"({ROMAN[(number - 1) % len(ROMAN)]}) ",
        "- •": f"- • {number}. ",
        "": "",
    }
    return styles[style]


LIST_STYLES = ("-", "*", "•", "-  ", "1.", "  1.", "1)", "(1)", "a.", "a)", "(i)", "- •", "", "")


def dress(lines: Sequence[Line], rng: Random) -> Builder:
    """Put lines together in a layout drawn at random."""
    style = rng.choice(LIST_STYLES)
    escaped = rng.random() < (0.5 if style in {"*", "1."} else 0.1)
    wrapped = rng.random() < 0.3
    width, indent = rng.randint(60, 100), rng.choice((0, 2, 5, 5, 13))
    between = rng.choice(("\n", "\n", "\n\n", "\r\n", " \n"))
    builder = Builder()
    if rng.random() < 0.5:
        builder.add(rng.choice(HEADINGS) + rng.choice(("\n", "\n\n", "\r\n")), starts=True)
    for number, plain in enumerate(lines, start=1):
        line = recase(vary_signs(plain, rng) if rng.random() < 0.3 else plain, rng)
        line = wrap(line, width, indent) if wrapped else line
        line = escape(line) if escaped else line
        builder.add(marker(style, number), starts=True)
        builder.add(line.text, line.spans, starts=True)
        builder.add(rng.choice(("", "", "", ";", ".")) if line.text[-1].isalnum() else "")
        builder.add(between)
    return builder


def run_on(lines: Sequence[Line], rng: Random) -> Builder:
    """Put lines together in one paragraph, numbered or not."""
    style = rng.choice(("1)", "1.", "(1)", "", "-"))
    end = rng.choice((". ", "; ", ", " if style else ". "))
    builder = Builder()
    for number, line in enumerate(lines, start=1):
        builder.add(marker(style, number), starts=True)
        builder.add(line.text.rstrip(".;, ") if not line.spans else line.text, line.spans, starts=True)
        builder.add(end if line.text[-1].isalnum() or line.text[-1] == ")" else " ")
    return builder


def as_written(document: Document) -> Builder:
    """Keep the document as the corpus has it; a sentence starts with each line."""
    builder = Builder()
    at = 0
    for raw in document.text.splitlines(keepends=True):
        if raw.strip():
            builder.starts.append(at + len(raw) - len(raw.lstrip()))
        at += len(raw)
    builder.parts, builder.spans, builder.length = [document.text], list(document.spans), len(document.text)
    return builder
