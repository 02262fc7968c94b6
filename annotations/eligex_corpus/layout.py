"""The lines of an annotation source: a header, the text cut into segments, statements about them.

A source has ``key: value`` lines, a line ``---``, and a body.  In the body, lines that start with ``@`` are
statements; all others are the document's own lines, with marks (:mod:`eligex_corpus.markup`).  A text line
that ends in two backslashes is joined to the next without a line break.

``@o`` (outside the section), ``@h TYPE`` (a heading; inc, exc or none), ``@c [MARKER] …`` (a criterion),
``@k`` / ``@kk`` (its child, grandchild) and ``@u REASON`` (an unparsed fragment) open a segment; everything
up to the next of them belongs to it.  ``@#`` is a comment.  Other statements belong to the open criterion.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from eligex_corpus.errors import SourceError

OPENERS = ("o", "h", "c", "k", "kk", "u")
STATEMENTS = ("v", "t", "p", "i", "l")
REQUIRED = ("id", "area", "dialect", "title")
_TOKEN = re.compile(r'"([^"]*)"(#\d+)?|(\S*?"[^"]*"(?:#\d+)?)|(\S+)')
_HEADER = re.compile(r"(?P<key>[a-z]+): (?P<value>.+)")


@dataclass(frozen=True, slots=True)
class Statement:
    """One ``@`` line: its letter, what follows, and its file and line."""

    name: str
    rest: str
    where: str

    @property
    def tokens(self) -> list[str]:
        """What follows, cut at blanks outside double quotes; the quotes are kept."""
        return [match.group(0) for match in _TOKEN.finditer(self.rest)]


@dataclass(slots=True)
class Block:
    """An opened segment: the statement that opened it, its marked-up text, the statements about it."""

    opener: Statement
    marked: str = ""
    statements: list[Statement] = field(default_factory=list)


@dataclass(slots=True)
class SourceFile:
    """A source file, read but not compiled."""

    name: str
    header: dict[str, str]
    abbreviations: dict[str, str]
    blocks: list[Block]


def read_source(lines: Sequence[str], name: str) -> SourceFile:
    """Read the lines (without their line breaks) of one source file.

    Raises
    ------
    SourceError
        With file and line, for a header that lacks a key, an unknown statement, or text before any segment.
    """
    header: dict[str, str] = {}
    abbreviations: dict[str, str] = {}
    body = len(lines)
    for number, line in enumerate(lines, start=1):
        if line == "---":
            body = number
            break
        match = _HEADER.fullmatch(line)
        if match is None:
            raise SourceError(f"not a header line: {line!r}", where=f"{name}:{number}")
        if match["key"] == "abbr":
            short, _, long = match["value"].partition(" = ")
            abbreviations[short] = long
        elif match["key"] in header:
            raise SourceError(f"{match['key']} is given twice", where=f"{name}:{number}")
        else:
            header[match["key"]] = match["value"]
    missing = [key for key in REQUIRED if key not in header]
    if missing:
        raise SourceError(f"the header lacks {', '.join(missing)}", where=f"{name}:1")
    blocks = _blocks(lines, body, name, "\r\n" if header.get("newline") == "crlf" else "\n")
    return SourceFile(name, header, abbreviations, blocks)


def _blocks(lines: Sequence[str], body: int, name: str, newline: str) -> list[Block]:
    blocks: list[Block] = []
    for number, line in enumerate(lines[body:], start=body + 1):
        where = f"{name}:{number}"
        if line.startswith("@#"):
            continue
        if line.startswith("@"):
            letter, _, rest = line[1:].partition(" ")
            statement = Statement(letter, rest.strip(), where)
            if letter in OPENERS:
                blocks.append(Block(statement))
            elif letter not in STATEMENTS:
                raise SourceError(f"unknown statement @{letter}", where=where)
            elif not blocks or blocks[-1].opener.name not in ("c", "k", "kk"):
                raise SourceError(f"@{letter} outside a criterion", where=where)
            else:
                blocks[-1].statements.append(statement)
        elif not blocks:
            raise SourceError("text before the first segment", where=where)
        else:
            joined = line.endswith("\\\\")
            blocks[-1].marked += line[:-2] if joined else line + newline
    return blocks
