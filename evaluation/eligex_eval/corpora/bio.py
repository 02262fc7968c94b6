"""Simple tokens and their begin-inside-outside tags, for files and systems that think in tags."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..documents import GoldEntity

_TOKEN = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*|[^\w\s]|\w")
OUTSIDE = "O"
Token = tuple[int, int, str]


def tokenize(text: str) -> list[Token]:
    """Cut a text into words, numbers and signs.

    >>> [word for _, _, word in tokenize("Hb >= 9.5 g/dL")]
    ['Hb', '>', '=', '9.5', 'g', '/', 'dL']
    """
    return [(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(text)]


def tag(tokens: Sequence[Token], entities: Sequence[GoldEntity]) -> list[str]:
    """Return begin-inside-outside tags; a token belongs to the entity it overlaps.

    >>> tag(tokenize("no asthma"), [GoldEntity(3, 9, "Condition", "asthma")])
    ['O', 'B-Condition']
    """
    tags = [OUTSIDE] * len(tokens)
    ordered = sorted(entities, key=lambda e: e.start)
    number = 0
    for entity in ordered:
        while number < len(tokens) and tokens[number][1] <= entity.start:
            number += 1
        first, here = True, number
        while here < len(tokens) and tokens[here][0] < entity.end:
            tags[here] = f"{'B' if first else 'I'}-{entity.label}"
            first, here = False, here + 1
    return tags
