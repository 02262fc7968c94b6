"""Tables of texts with any names of columns: CSV, TSV, Parquet, JSON objects, data frames.

Decides which column has the text, which the id and which the type of the criteria: those that the caller
names, else those with a usual name (``columns.toml``), else, for the text, the one with by far the longest
values.  What is decided without the caller is said.  Tables of registries have readers of their own
(:mod:`eligex.readers.tables`).
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from eligex.errors import InputError
from eligex.lexicon.columns import column_words
from eligex.readers import fields
from eligex.readers.files import OpenInput
from eligex.readers.items import Item
from eligex.readers.tables import DELIMITERS, Table, plain_name, table_of
from eligex.schema import CriterionType, Source, Trial

FORMAT = "table"
PARQUET = b"PAR1"
_SUFFIXES = {".csv": (",", ";", "\t", "|"), ".tsv": ("\t",), ".psv": ("|",)}
_SHORTEST_TEXT = 60
"""Average characters of the values of a column that is taken for the text by its length."""
_TIMES_LONGER = 3
_SAMPLE = 50
_BATCH_ROWS = 256
_OWN = frozenset({"predicate_id", "criterion_id", "entity"})
"""Columns that only results of eligex have."""

Record = Mapping[str, Any]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """The columns that the caller names."""

    text: str | None = None
    id: str | None = None
    type: str | None = None

    @property
    def is_any(self) -> bool:
        """Whether any column is named."""
        return any((self.text, self.id, self.type))


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one table: the text, or inclusion and exclusion criteria apart; id and type if any."""

    text: str | None = None
    id: str | None = None
    type: str | None = None
    inclusion: str | None = None
    exclusion: str | None = None

    def described(self) -> str:
        """Say in words which column has what."""
        parts = [
            f"{role} from {name!r}"
            for role, name in (
                ("texts", self.text),
                ("inclusion criteria", self.inclusion),
                ("exclusion criteria", self.exclusion),
                ("ids", self.id),
                ("types", self.type),
            )
            if name is not None
        ]
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class TextRow:
    """A row or an object, and the columns of its table."""

    record: Record
    columns: Columns
    format: str = FORMAT


def columns_of(
    names: Sequence[str],
    asked: Asked,
    where: str,
    *,
    samples: Sequence[Record] = (),
    say: Say = lambda _: None,
) -> Columns:
    """Return the columns of a table.

    Parameters
    ----------
    names
        The names of its columns.
    asked
        Those that the caller names.
    where
        The table, for messages.
    samples
        Some of its rows, by which a column with an unusual name is recognised.
    say
        Called with what was decided without the caller.

    Raises
    ------
    InputError
        If the caller names a column that there is not, or there is no column of texts.

    Examples
    --------
    >>> columns_of(["nct_id", "Criteria", "phase"], Asked(), "a.csv")
    Columns(text='Criteria', id='nct_id', type=None, inclusion=None, exclusion=None)
    """
    if set(names) >= _OWN:
        raise InputError(
            "eligex's own output, not an input", where=where, remedy="Give the trials' texts instead."
        )
    for name in (asked.text, asked.id, asked.type):
        if name is not None and name not in names:
            raise InputError(
                f"no column {name!r}; the columns are: {_some(names)}",
                where=where,
                remedy="Name one of these.",
            )
    text = asked.text or _named(names, "text")
    apart = (None, None) if text else (_named(names, "inclusion"), _named(names, "exclusion"))
    if text is None and apart == (None, None):
        text = _longest(names, samples)
    if text is None and apart == (None, None):
        raise InputError(
            f"no column of eligibility texts is recognised; the columns are: {_some(names)}",
            where=where,
            remedy="Name it with --text-column, in Python with text_column=… (of a data frame: text=…).",
        )
    kind = asked.type or (None if asked.is_any else _named(names, "type"))
    if kind is not None and asked.type is None and not _are_types(kind, samples):
        kind = None
    found = Columns(text, asked.id or _named(names, "id"), kind, *apart)
    if asked.text is None or (asked.id is None and found.id is not None):
        say(f"{where}: {found.described()}; --text-column, --id-column and --type-column name others")
    return found


def _some(names: Sequence[str]) -> str:
    return ", ".join(list(map(str, names))[:12]) + (", …" if len(names) > 12 else "")


def _named(names: Sequence[str], role: str) -> str | None:
    by_name = {plain_name(str(name)): name for name in reversed(names)}
    return next((by_name[name] for name in column_words().columns[role] if name in by_name), None)


def _longest(names: Sequence[str], samples: Sequence[Record]) -> str | None:
    """Return the column whose values are by far the longest texts."""
    lengths = sorted(((_average(name, samples), name) for name in names), reverse=True)
    if not lengths or lengths[0][0] < _SHORTEST_TEXT:
        return None
    second = lengths[1][0] if len(lengths) > 1 else 0
    return lengths[0][1] if lengths[0][0] >= _TIMES_LONGER * second else None


def _average(name: str, samples: Sequence[Record]) -> float:
    texts = [value for row in samples if isinstance(value := row.get(name), str)]
    return sum(map(len, texts)) / len(samples) if samples else 0


def _are_types(name: str, samples: Sequence[Record]) -> bool:
    """Whether a column that is called "type" has types of criteria."""
    values = [row.get(name) for row in samples]
    return any(map(_type_of, values)) and all(is_missing(value) or _type_of(value) for value in values)


def _type_of(value: object) -> CriterionType | None:
    plain = plain_name(value) if isinstance(value, str) else ""
    kinds: tuple[CriterionType, ...] = ("inclusion", "exclusion")
    return next((kind for kind in kinds if plain in column_words().types[kind]), None)


def is_missing(value: object) -> bool:
    """Whether a cell is empty: None, NaN, NaT or a blank text.

    >>> is_missing(float("nan")), is_missing(" "), is_missing(0)
    (True, True, False)
    """
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or str(value).strip() in ("", "NaT", "<NA>")


def recognises(row: object) -> bool:
    """Say whether this is a row of such a table."""
    return isinstance(row, TextRow)


def trial_id(row: TextRow) -> str | None:
    """Return the id of a row, or None; a whole number counts as its digits."""
    value = row.record.get(row.columns.id) if row.columns.id is not None else None
    if isinstance(value, bool) or is_missing(value):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def to_trial(row: TextRow, *, fallback_id: str, path: str | None, where: str) -> Trial:
    """Return the trial of a row.

    Raises
    ------
    InputError
        If its text is missing or no text, or its type is neither inclusion nor exclusion.
    """
    name = trial_id(row) or fallback_id
    columns = row.columns
    if columns.text is None:
        parts = [
            fields.Part(column, _text_in(row, column, where), kind)
            for column, kind in _apart(columns)
            if not is_missing(row.record.get(column))
        ]
        shown = " and ".join(column for column, _ in _apart(columns))
        return fields.joined(name, parts, format=row.format, field=shown, path=path, where=where)
    text = _text_in(row, columns.text, where)
    kind = row.record.get(columns.type) if columns.type is not None else None
    if not is_missing(kind) and _type_of(kind) is None:
        raise InputError(
            f"{columns.type!r} is {str(kind)[:40]!r}", where=where, remedy="Give inclusion or exclusion."
        )
    return Trial(name, text, Source(row.format, path, columns.text, 0, len(text)), type=_type_of(kind))


def _apart(columns: Columns) -> Iterator[tuple[str, CriterionType]]:
    if columns.inclusion is not None:
        yield columns.inclusion, "inclusion"
    if columns.exclusion is not None:
        yield columns.exclusion, "exclusion"


def _text_in(row: TextRow, column: str, where: str) -> str:
    value = row.record.get(column)
    if isinstance(value, str):
        return value
    what = "empty" if is_missing(value) else f"not text but {type(value).__name__}"
    raise InputError(f"{column!r} is {what}", where=where, remedy="Give the text of the criteria.")


@dataclass(slots=True)
class _Tables:
    """The columns of the tables that a stream of objects is of, by their names."""

    asked: Asked
    say: Say
    known: dict[tuple[str, ...], Columns | None] = field(default_factory=dict)

    def columns(self, record: Record, where: str) -> Columns | None:
        """Return the columns of an object; None if they are not recognised and none is named."""
        key = tuple(record)
        if key not in self.known:
            try:
                self.known[key] = columns_of(key, self.asked, where, say=self.say)
            except InputError:
                if self.asked.is_any:
                    raise
                self.known[key] = None
        return self.known[key]


def of_objects(
    items: Iterator[Item], asked: Asked, is_known: Callable[[Any], bool], say: Say
) -> Iterator[Item]:
    """Yield JSON objects as rows, where the caller names columns or nothing else reads them."""
    found = _Tables(asked, say)
    for item in items:
        record = item.value
        if item.error is not None or not isinstance(record, dict) or (is_known(record) and not asked.is_any):
            yield item
            continue
        try:
            columns = found.columns(record, item.where)
        except InputError as error:
            yield Item(item.number, item.where, record, error)
            continue
        row = record if columns is None else TextRow(record, columns, "jsonl")
        yield Item(item.number, item.where, row)


def table_in(head: str, suffix: str, asked: Asked) -> Table | None:
    """Return the table that a text begins, if it is one of any names of columns.

    A file that is not named as a table is one if the caller names one of its columns, or if its first line
    consists of names between tabs or ``|`` signs, one of which is that of a text.
    """
    head = head.removeprefix("\ufeff").lstrip("\r\n")
    if head.lstrip().startswith("<"):
        return None
    if not asked.is_any and table_of(head) is not None:
        return None
    best: list[str] = []
    found = ""
    for delimiter in _SUFFIXES.get(suffix, DELIMITERS):
        cells = next(csv.reader(head.splitlines(keepends=True), delimiter=delimiter), [])
        names = [cell.strip() for cell in cells]
        if len(names) > len(best) and _is_header(names, delimiter, suffix, asked):
            best, found = names, delimiter
    if not found:
        return None
    return Table(FORMAT, found, tuple(best), tuple(map(plain_name, best)), named=True, has_text=True)


def _is_header(names: Sequence[str], delimiter: str, suffix: str, asked: Asked) -> bool:
    if suffix in _SUFFIXES:
        return True
    if asked.is_any:
        return all(name is None or name in names for name in (asked.text, asked.id, asked.type))
    return delimiter in "\t|" and len(names) > 1 and _named(names, "text") is not None


def of_rows(items: Iterator[Item], asked: Asked, where: str, say: Say) -> Iterator[Item]:
    """Yield the rows of a delimited table, whose columns are recognised by its first rows."""
    first = list(islice(items, _SAMPLE))
    columns: Columns | None = None
    for item in chain(first, items):
        if item.value is None:
            yield item
            continue
        if columns is None:
            names = item.value.table.columns
            samples = [_record(each) for each in first if each.error is None]
            columns = columns_of(names, asked, where, samples=samples, say=say)
        yield Item(item.number, item.where, TextRow(_record(item), columns), item.error)


def _record(item: Item) -> Record:
    return dict(zip(item.value.table.columns, item.value.values, strict=False))


def of_parquet(opened: OpenInput, asked: Asked, say: Say) -> Iterator[Item]:
    """Yield the rows of a Parquet file, a few at a time.

    Raises
    ------
    InputError
        If the file is damaged, or has no column of texts.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # An archive or a stream cannot be read from its end, where the description of the columns is.
        source = _file_of(opened) or io.BytesIO(opened.stream.read())
        file = pq.ParquetFile(source)
        names = file.schema_arrow.names
        number = 0
        columns: Columns | None = None
        for batch in file.iter_batches(_BATCH_ROWS):
            records = batch.to_pylist()
            if columns is None:
                columns = columns_of(names, asked, opened.name, samples=records[:_SAMPLE], say=say)
            for record in records:
                number += 1
                yield Item(number, f"{opened.name}, row {number}", TextRow(record, columns))
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"damaged Parquet: {' '.join(str(error).split()[:30])}",
            where=opened.name,
            remedy="Fetch it again.",
        ) from None


def _file_of(opened: OpenInput) -> Path | None:
    """Return the file of an input that is neither packed nor a stream."""
    path = Path(opened.path) if opened.path else None
    if path is None or not path.is_file():
        return None
    with path.open("rb") as stream:
        return path if stream.read(len(PARQUET)) == PARQUET else None
