"""Tables of limits by age and sex: "Age: maximum serum creatinine (mg/dL)" over "2 to < 6 years: 0.8 (male)".

Decides what the limits of such a table measure, and which ages and sex are their condition.  A row is bound
here as a whole, because read as a sentence it would limit the years of age.  What a table measures is the
last measurement of the words above it that have the word "age" and no limit.  What is a row is decided in
:mod:`eligex.binding.rows`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from eligex.binding.across import Home, Unit
from eligex.binding.bound import Bound, Inherited, Limit
from eligex.binding.heads import Head, Row
from eligex.binding.rows import (
    AGE,
    AGE_UNIT,
    CELL_UNIT,
    COLUMN_NAME,
    IN_UNIT,
    MOST,
    PLAIN,
    SEX,
    Cell,
    Line,
    Rows,
    rows_of,
)
from eligex.binding.sides import sides
from eligex.binding.stages import settle
from eligex.binding.tree import Mention, Piece, Span, Tree
from eligex.quantities.find import find_quantities
from eligex.schema import Quantity
from eligex.spans import shifted

_BESIDE = 80
"""Characters between "age" and what a table measures, or "maximum" and it."""


class Column(NamedTuple):
    """What the limits of a table measure; ``sexes`` are the columns, ``most`` whether each is a maximum."""

    head: Head
    most: bool = False
    unit: str | None = None
    sexes: tuple[Span, ...] = ()


class Above(NamedTuple):
    """What a table measures whose rows come next, and the criteria that say so, by name.

    ``parent`` is the criterion above the first of them: its items, and theirs, may quote the column.
    ``has_rows`` once a row has been read.
    """

    column: Column | None = None
    sources: tuple[str, ...] = ()
    parent: str | None = None
    has_rows: bool = False


def read(unit: Unit, inherited: Inherited, above: Above) -> tuple[Tree, Bound, Above]:
    """Bind a criterion; return what a table that follows it measures, too.

    A criterion that ends with rows is bound up to them, and then given their limits.
    """
    piece, section = unit.piece, unit.section
    rows = _rows(piece, above)
    if rows is not None:
        quotes = unit.parent == above.parent or unit.parent in above.sources
        column, parent = above.column if quotes else None, above.parent
        bound = Bound(inherited=inherited, section=section)
        if any(map(str.isalnum, piece.text[piece.start : rows.start])):
            _, bound = settle(until(piece, rows.start), inherited, section=section)
            own = column_of(piece, rows.start, bound)
            column, parent = own or column, unit.parent if own else above.parent
            bound = _without_columns(piece.text, bound)
        with_rows = with_lines(piece, bound, rows, column)
        if with_rows is not None:
            tree = Tree(piece)
            following = Above(column or above.column, above.sources, parent, has_rows=True)
            return tree, sides(tree, with_rows), following
    tree, bound = settle(piece, inherited, section=section)
    own = column_of(piece, piece.end, bound)
    if own is None:
        return tree, bound, Above()
    known = above.column if unit.parent in above.sources else None
    if known is not None:  # what the criterion above names is nearer to what rows may quote
        own = own._replace(head=known.head, unit=own.unit or known.unit)
    sources, parent = (above.sources, above.parent) if known else ((), unit.parent)
    return tree, bound, Above(own, (*sources, unit.name), parent)


def _rows(piece: Piece, above: Above) -> Rows | None:
    """Return the rows that a criterion ends with; none if nothing says what they measure, which is quick."""
    measured = any(each.label == "Measurement" for each in piece.mentions)
    if above.column is None and not (measured and AGE.search(piece.text, piece.start, piece.end)):
        return None
    return rows_of(piece.text, piece.start, piece.end)


def given_away(home: Home, column: Column, *, above: bool) -> Home:
    """Return a criterion without what its table measures, which has its limits in the rows.

    ``above`` if the rows are below it in the tree: their expressions take the place of the measurement.
    """
    bound = home.bound
    free = [each for each in bound.heads if each not in bound.limits]
    head = next((each for each in free if each.start == column.head.start), None)
    if above and head is not None:
        return replace(home, bound=_without_columns(home.tree.text, bound._replace(below=head)))
    gone = set(free) if head is None else {head}
    kept = tuple(each for each in bound.heads if each not in gone)
    return replace(home, bound=_without_columns(home.tree.text, bound._replace(heads=kept)))


def _without_columns(text: str, bound: Bound) -> Bound:
    """Drop the names of columns: "[Age] Maximum serum creatinine [Male Female]"."""
    free = (each for each in bound.heads if each not in bound.limits)
    named = {each for each in free if COLUMN_NAME.fullmatch(text, each.start, each.end)}
    return bound._replace(heads=tuple(each for each in bound.heads if each not in named))


def column_of(piece: Piece, end: int, bound: Bound) -> Column | None:
    """Return what a table measures whose rows begin at ``end``: the last measurement before it.

    Examples
    --------
    "Age: Maximum Serum Creatinine (mg/dL)" → Serum Creatinine in mg/dL, the most that may be.
    """
    text, start = piece.text, piece.start
    measured = [head for head in bound.heads if head.label == "Measurement"]
    inside = Row(measured).within(start, end) if measured else []
    if not inside or inside[-1] in bound.limits:
        return None
    head = inside[-1]
    near = max(start, head.start - _BESIDE), min(piece.end, head.end + _BESIDE)
    if AGE.search(text, *near) is None:
        return None
    unit = IN_UNIT.search(text, head.start, end)
    sexes = tuple(found.span() for found in SEX.finditer(text, head.end, end))
    named = head
    if unit and unit.start() < head.end:  # "serum creatinine (mg/dL)"
        named = head._replace(end=unit.start())
    return Column(
        named, MOST.search(text, *near) is not None, unit and unit["unit"], sexes if len(sexes) == 2 else ()
    )


def with_lines(piece: Piece, bound: Bound, table: Rows, column: Column | None) -> Bound | None:
    """Return what is bound before a table with the limits of its rows, or None if nothing is measured."""
    heads, limits, stated = Row(bound.heads), dict(bound.limits), dict(bound.stated)
    for line in table.lines:
        measured = _measured(piece, line) or (column if PLAIN.fullmatch(piece.text, *line.named) else None)
        ages = _ages(piece.text, line)
        if measured is None or ages is None:
            return None
        head = heads.add(measured.head)
        if measured.unit is None:
            measured = measured._replace(unit=_unit(piece.text, line.cells))
        for cell, sex in _with_columns(piece, line.cells, measured.sexes):
            quantity = _limit(piece.text, cell, measured)
            if quantity is None:
                return None
            whose = _sex(piece.text, sex)
            condition = _condition(piece.text, line.ages, whose)
            stated[condition] = (ages[0], *((Head(*whose, "Person"),) if whose else ()))
            limits[ages[0]] = tuple(Limit(each, 0.0) for each in ages[1])
            limits[head] = (*limits.get(head, ()), Limit(quantity, 0.0, condition))
    return bound._replace(heads=tuple(heads.heads), limits=limits, stated=stated)


def _with_columns(
    piece: Piece, cells: Sequence[Cell], columns: Sequence[Span]
) -> Iterator[tuple[Cell, Span | None]]:
    """Yield the limits of a row, each with its sex: that beside it, or that above its column.

    Both sexes have a limit that both columns say.
    """
    texts = {piece.text[slice(*cell.value)] for cell in cells}
    if len(cells) == 2 and not any(cell.sex for cell in cells):
        named = len(columns) == 2 and piece.start <= columns[0][0]
        if len(texts) == 1:
            yield cells[0], None
        else:
            yield from zip(cells, columns if named else (None, None), strict=True)
    else:
        yield from ((cell, cell.sex) for cell in cells)


def _measured(piece: Piece, line: Line) -> Column | None:
    """Return what a row itself names: "Age ≥ 16 years: maximum serum creatinine 1.7 mg/dL"."""
    inside = [m for m in piece.mentions if line.named[0] <= m.start and m.end <= line.named[1] + 1]
    measured = [m for m in inside if m.label == "Measurement"]
    if not measured:
        return None
    last = measured[-1]
    unit = IN_UNIT.search(piece.text, last.start, line.named[1])
    end = unit.start() if unit and unit.start() < last.end else last.end
    most = MOST.search(piece.text, line.named[0], line.named[1])
    return Column(Head(last.start, end, last.label), most is not None, unit and unit["unit"])


def _ages(text: str, line: Line) -> tuple[Head, tuple[Quantity, ...]] | None:
    """Return the ages of a row with the word that carries them."""
    lead, (start, end) = "Age: ", line.ages
    found = [
        shifted(each, start - len(lead))
        for each in find_quantities(lead + text[start:end])
        if each.kind == "age" and each.start >= len(lead)
    ]
    word = AGE_UNIT.search(text, start, end)
    if not found or word is None:
        return None
    head = Head(*word.span(), "Person", "named", "age")
    return head, tuple(replace(each, about=None) for each in found)


def _limit(text: str, cell: Cell, column: Column) -> Quantity | None:
    lead, (start, end) = "creatinine: ", cell.value
    found = find_quantities(lead + text[start:end])
    if len(found) != 1:
        return None
    quantity = shifted(found[0], start - len(lead))
    if quantity.unit is None and column.unit is not None:
        known = find_quantities(f"{lead}1 {column.unit}")
        quantity = replace(quantity, unit=known[0].unit, unit_text=column.unit) if known else quantity
    if quantity.comparator == "=" and column.most:
        quantity = replace(quantity, comparator="<=")
    return replace(quantity, about=None)


def _unit(text: str, cells: Sequence[Cell]) -> str | None:
    """Return the unit that one of the limits of a row has: "male 0.8 mg/dL, female 0.7"."""
    found = (CELL_UNIT.search(text, *cell.value) for cell in cells)
    return next((unit[0] for unit in found if unit), None)


def _sex(text: str, sex: Span | None) -> Span | None:
    """Return the word that names one sex; none where both have the limit."""
    if sex is None:
        return None
    words = [found.span() for found in SEX.finditer(text, *sex)]
    return words[0] if len(words) == 1 else None


def _condition(text: str, ages: Span, sex: Span | None) -> Span:
    """Return the words from the age to the sex, or the other way round, with brackets that they open."""
    if sex is None:
        return ages
    start, end = min(ages[0], sex[0]), max(ages[1], sex[1])
    if text.find(")", start, end) < max(text.find("(", start, end), 0):
        start -= text[start - 1 : start] == "("
    opened = text.count("(", start, end) > text.count(")", start, end)
    return start, end + (opened and text[end : end + 1] == ")")


def until(piece: Piece, end: int) -> Piece:
    """Return the part of a criterion before a table."""

    def before(items: Sequence[Mention]) -> tuple[Mention, ...]:
        return tuple(takewhile(lambda each: each.end <= end, items))

    return replace(
        piece,
        end=end,
        sentences=tuple((low, min(high, end)) for low, high in piece.sentences if low < end),
        mentions=before(piece.mentions),
        quantities=tuple(each for each in piece.quantities if each.end <= end),
        windows=tuple(each for each in piece.windows if each.end <= end),
        clauses=tuple(each for each in piece.clauses if each.end <= end),
        tags=tuple(each for each in piece.tags if each.end <= end),
        named=before(piece.named),
    )
