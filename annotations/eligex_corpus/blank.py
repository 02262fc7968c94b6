"""A source without its annotation, for a second reader: header, segments and text stay, nothing else does.

The second reader annotates the same text, cut into the same criteria, and does not see what the first one
decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eligex_corpus.layout import OPENERS
from eligex_corpus.markup import strip_marks


def blank(lines: Sequence[str], name: str) -> Iterator[str]:
    """Yield the lines of a source without marks, statements and comments.

    >>> source = ["id: EC-0001", "---", "@c -", "- {P Age} {V over 18}", '@v V1 > 18 a ""', "@p P1 V1"]
    >>> list(blank(source, "EC-0001.src"))[2:]
    ['@c -', '- Age over 18']
    """
    body = lines.index("---") + 1 if "---" in lines else len(lines)
    yield from (line for line in lines[:body] if not line.startswith("abbr:"))
    pending: list[str] = []
    first = body + 1
    for number, line in enumerate(lines[body:], start=body + 1):
        if not line.startswith("@"):
            first = first if pending else number
            pending.append(line)
            continue
        yield from _plain(pending, f"{name}:{first}")
        pending = []
        if line[1:].partition(" ")[0] in OPENERS:
            yield line
    yield from _plain(pending, f"{name}:{first}")


def _plain(lines: list[str], where: str) -> Iterator[str]:
    if lines:
        yield from strip_marks("\n".join(lines), where)[0].split("\n")
