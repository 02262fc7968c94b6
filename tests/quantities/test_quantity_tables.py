"""Each row of each table of the quantity grammar proves itself.

Its example is read as it says, and otherwise without the row; its counter-example is read as it says with
and without the row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from eligex.quantities import ages, joins, kinds, rules, scale_rules, shapes, tnm, unit_rules

TABLES = (
    *((shapes.PRODUCTIONS, name) for name in shapes.PRODUCTIONS),
    (joins, "JOINS"),
    (ages, "AGES"),
    *((rules, name) for name in ("NAMES", "LENGTHS", "NUMBERS")),
    (unit_rules, "UNITS"),
    *((scale_rules, name) for name in ("RATIOS", "SCALES")),
    (kinds, "KINDS"),
    (tnm, "CONTEXTS"),
)


def rows() -> Iterator[Any]:
    for home, name in TABLES:
        for row in home[name] if isinstance(home, dict) else getattr(home, name):
            yield pytest.param(home, name, row, id=f"{name}: {row.name}")


ROWS = list(rows())


@pytest.mark.parametrize(("home", "table", "row"), ROWS)
def test_row_is_needed(
    said: Callable[[str], str], proves_itself: Callable[..., None], home: Any, table: str, row: Any
) -> None:
    proves_itself(home, table, row, lambda example: said(example.partition(" => ")[0]))


@pytest.mark.parametrize(("home", "table", "row"), ROWS)
def test_examples_are_read_as_they_say(said: Callable[[str], str], home: Any, table: str, row: Any) -> None:
    for example in (row.example, row.counter):
        text, _, expected = example.partition(" => ")
        assert said(text) == expected


def test_names_are_unique() -> None:
    names = [param.id for param in ROWS]
    assert len(set(names)) == len(names)
