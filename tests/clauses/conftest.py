"""Marked-up sentences: ``[…]`` is a clause and ``{…}`` its content; one that is all content is ``[{…}]``."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eligex.clauses.find import Clause

Shape = tuple[int, int, int, int]


def read_marked(sentence: str) -> tuple[str, list[Shape]]:
    """Return the plain sentence and the (start, end, content start, content end) of its clauses."""
    plain, clauses, stack, content = "", [], [], (0, 0)
    for char in sentence:
        if char in "[{":
            stack.append(len(plain))
        elif char in "]}":
            if len(stack) != (1 if char == "]" else 2):
                raise ValueError(f"unbalanced brackets in {sentence!r}")
            span = (stack.pop(), len(plain))
            if char == "}":
                content = span
            else:
                clauses.append((*span, *content))
        else:
            plain += char
    if stack:
        raise ValueError(f"unbalanced brackets in {sentence!r}")
    return plain, clauses


def shape_of(clause: Clause) -> Shape:
    return clause.start, clause.end, clause.content_start, clause.content_end


@pytest.fixture(name="marked", scope="session")
def marked_fixture() -> Callable[[str], tuple[str, list[Shape]]]:
    return read_marked


@pytest.fixture(name="shape", scope="session")
def shape_fixture() -> Callable[[Clause], Shape]:
    return shape_of
