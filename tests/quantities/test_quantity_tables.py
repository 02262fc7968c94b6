"""Each row of each table of the quantity grammar proves itself.

Its example is read as it says, and otherwise without the row; its counter-example is read as it says with
and without the row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from eligex.quantities import ages, joins, kinds, rules, shapes

Drop = Callable[[pytest.MonkeyPatch], None]


def without_production(name: str, row: shapes.Production) -> Drop:
    rest = tuple(other for other in shapes.PRODUCTIONS[name] if other is not row)
    return lambda monkeypatch: monkeypatch.setitem(shapes.PRODUCTIONS, name, rest)


def without_rule(module: Any, table: str, row: Any) -> Drop:
    rest = tuple(other for other in getattr(module, table) if other is not row)
    return lambda monkeypatch: monkeypatch.setattr(module, table, rest)


def rows() -> Iterator[Any]:
    for name, productions in shapes.PRODUCTIONS.items():
        for row in productions:
            yield pytest.param(row, without_production(name, row), id=f"{name}: {row.name}")
    tables = (
        (joins, ("JOINS",)),
        (ages, ("AGES",)),
        (rules, ("NAMES", "RATIOS", "SCALES", "LENGTHS", "UNITS", "NUMBERS")),
        (kinds, ("KINDS",)),
    )
    for module, names in tables:
        for name in names:
            for row in getattr(module, name):
                yield pytest.param(row, without_rule(module, name, row), id=f"{name}: {row.name}")


ROWS = list(rows())


@pytest.mark.parametrize(("row", "drop"), ROWS)
def test_the_example_needs_the_row(
    said: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, row: Any, drop: Drop
) -> None:
    text, _, expected = row.example.partition(" => ")
    assert said(text) == expected
    drop(monkeypatch)
    assert said(text) != expected


@pytest.mark.parametrize(("row", "drop"), ROWS)
def test_the_counter_example_does_not(
    said: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, row: Any, drop: Drop
) -> None:
    text, _, expected = row.counter.partition(" => ")
    assert said(text) == expected
    drop(monkeypatch)
    assert said(text) == expected


def test_names_are_unique() -> None:
    names = [param.id for param in ROWS]
    assert len(set(names)) == len(names)
