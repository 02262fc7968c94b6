"""Mutants of lexicon files: rows dropped, numbers changed.

Decides what a row is.  In a table (TSV) it is a line after the one that names the columns; in TOML a line of
a list of words, all but the last word of a list on one line (the loaders refuse an empty list), another entry
``word = value``, or a whole ``[[block]]``.  Files are not parsed but cut at lines,
so that everything else stays byte for byte.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator

from mutants import Edit, Mutant, one_line

_NUMBER = r"-?\d+(?:\.\d+)?"
_WORDS_LINE = re.compile(r"""\s+(?:(?:"[^"\\]*"|'[^']*'|\[[^\[\]]*\]|\{[^{}]*\})\s*,\s*)+(?:\#.*)?""")
_ENTRY = re.compile(rf"""[^\s#=\[][^=]*=\s*(?:(?P<number>{_NUMBER})|".*"|\[.*\]|\{{.*\}})\s*(?:\#.*)?""")
_LIST = re.compile(
    r"""[^\s#=\[][^=]*=\s*\[(?P<dropped>(?:\s*"[^"]*"\s*,)+)\s*"[^"]*"\s*,?\s*\]\s*(?:\#.*)?"""
)
# Rows of a table after this line are weights of a model: those with one first cell are changed together.
_TRAINED = re.compile(r"#\s*the rows below are trained\s*")


def data_mutants(package: str, path: str, source: bytes) -> Iterator[Mutant]:
    """Yield the mutants of one lexicon file."""
    lines = []
    start = 0
    for number, raw in enumerate(source.splitlines(keepends=True), start=1):
        lines.append((number, start, raw.decode()))
        start += len(raw)
    find = _of_table if path.endswith(".tsv") else _of_toml
    for kind, number, change, edits, key in find(lines):
        yield Mutant(kind, package, path, number, change, tuple(edits), f"{kind} {key}")


_Line = tuple[int, int, str]
_Found = tuple[str, int, str, list[Edit], str]


def _of_table(lines: list[_Line]) -> Iterator[_Found]:
    rows = [line for line in lines if line[2].strip() and not re.match(r"#(?:\s|$)", line[2])]
    if rows and not re.search(rf"\t{_NUMBER}\s*$", rows[0][2]):
        rows = rows[1:]  # the first line names the columns
    trained = next((number for number, _, text in lines if _TRAINED.fullmatch(text)), math.inf)
    groups: dict[str, list[tuple[int, Edit]]] = defaultdict(list)
    for number, start, text in rows:
        first = text.split("\t")[0]
        weights = number > trained
        if not weights:
            yield "row", number, f"without the line {one_line(text)!r}", [_removed(start, text)], text.strip()
        for begin, end, old in _cells((number, start, text)):
            if weights:
                groups[first].append((number, Edit(begin, end, b"0")))
                continue
            for new in _other_numbers(old):
                change = f"{one_line(text, 40)!r}: {old} becomes {new}"
                yield "cost", number, change, [Edit(begin, end, new.encode())], f"{text.strip()} {new}"
    for name, edits in groups.items():
        change = f"all {len(edits)} weights of {name!r} become 0"
        yield "cost", edits[0][0], change, [edit for _, edit in edits], f"weights {name}"


def _cells(row: _Line) -> Iterator[tuple[int, int, str]]:
    """Yield where the numbers of a line of a table are, after its first cell."""
    _, start, text = row
    for match in re.finditer(rf"(?<=\t){_NUMBER}(?=\t|\s*$)", text):
        begin = start + len(text[: match.start()].encode())
        yield begin, begin + len(match.group()), match.group()


def _of_toml(lines: list[_Line]) -> Iterator[_Found]:
    block = ""
    for index, (number, start, text) in enumerate(lines):
        bare = text.rstrip()
        if bare.startswith("["):
            block = bare
            if bare.startswith("[["):
                last = _last_of_block(lines, index)
                whole = "".join(line for _, _, line in lines[index : last + 1])
                edit = Edit(start, start + len(whole.encode()), b"")
                yield "row", number, f"without {one_line(whole)}", [edit], whole
            continue
        entry = _ENTRY.fullmatch(bare)
        if _WORDS_LINE.fullmatch(bare):
            change = f"{block} without the words {one_line(bare)}".strip()
            yield "row", number, change, [_removed(start, text)], f"{block} {bare}"
        elif entry and entry["number"]:
            begin = start + len(text[: entry.start("number")].encode())
            for new in _other_numbers(entry["number"]):
                edit = Edit(begin, begin + len(entry["number"]), new.encode())
                yield (
                    "cost",
                    number,
                    f"{block} {one_line(bare, 40)} becomes {new}",
                    [edit],
                    f"{block} {bare} {new}",
                )
        listed = _LIST.fullmatch(bare)
        if listed:
            begin = start + len(text[: listed.start("dropped")].encode())
            edit = Edit(begin, begin + len(listed["dropped"].encode()), b"")
            change = f"{block} {bare.split('=')[0]}without {one_line(listed['dropped'])}".strip()
            yield "row", number, change, [edit], f"{block} {bare}"
        elif entry and not block.startswith("[["):
            yield (
                "row",
                number,
                f"{block} without {one_line(bare)}".strip(),
                [_removed(start, text)],
                f"{block} {bare}",
            )


def _last_of_block(lines: list[_Line], first: int) -> int:
    """Return the index of the last line of the block that begins at ``first``, without comments after it."""
    last = first
    for index in range(first + 1, len(lines)):
        text = lines[index][2]
        if text.startswith("["):
            break
        if text.strip() and not text.startswith("#"):
            last = index
    return last


def _removed(start: int, text: str) -> Edit:
    return Edit(start, start + len(text.encode()), b"")


def _other_numbers(old: str) -> tuple[str, ...]:
    """Return what a number of a file becomes.

    >>> _other_numbers("0.5"), _other_numbers("0")
    (('0', '50.0'), ('100',))
    """
    number = float(old) if "." in old else int(old)
    return ("0", str(number * 100)) if number else ("100",)
