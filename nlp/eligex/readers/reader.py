"""From files, folders and streams to trials.

Trials in = trials out: every record gives a trial or a record with ``error``, in the order of the input.
Only a single input of which nothing can be read raises.
"""

from __future__ import annotations

import codecs
import gzip
import io
import logging
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, get_args
from zipfile import ZipFile, ZipInfo

from eligex.errors import EligexError, InputError, NoEligibilityError, failed
from eligex.readers import (
    aact,
    columns,
    euctr,
    jsonl,
    jsonstream,
    packed,
    postgres,
    records,
    tables,
    tablestream,
    xlsx,
    xmlstream,
)
from eligex.readers import text as text_format
from eligex.readers.decode import decode, encoding_of, is_wide, recoded
from eligex.readers.files import (
    OpenInput,
    check_exists,
    is_read,
    open_input,
    os_error,
    peeked,
    stem_of,
    walk,
)
from eligex.readers.items import Item, too_large
from eligex.readers.notes import Notes, Notify
from eligex.readers.section import Reading, sectioned
from eligex.readers.sniff import Format, Kind, kind_of_format, looks_like_json, sniff
from eligex.schema import CriterionType, Source, Trial, TrialCriteria

FORMATS: tuple[str, ...] = get_args(Format)
TYPES: tuple[str, ...] = get_args(CriterionType)
MAX_BYTES = 20_000_000
"""The largest text file, line or record that is read."""
PAGES = frozenset({text_format.FORMAT, jsonl.FORMAT, columns.FORMAT})
"""The formats whose texts may be pages around a section; the eligibility fields of registries are not."""

_log = logging.getLogger(__name__)
Input = str | Path | BinaryIO
Outcome = Trial | TrialCriteria


@dataclass(frozen=True, slots=True)
class _Options:
    format: str | None
    encoding: str | None
    max_bytes: int
    reading: Reading
    notes: Notes
    columns: columns.Asked
    seen: dict[str, str] = field(default_factory=dict)


def read(
    source: Input,
    *,
    format: str | None = None,
    encoding: str | None = None,
    max_bytes: int = MAX_BYTES,
    type: CriterionType | None = None,
    whole: bool = False,
    text_column: str | None = None,
    id_column: str | None = None,
    type_column: str | None = None,
    notify: Notify | None = None,
) -> Iterator[Outcome]:
    """Yield the trials of a file, a folder or a stream.

    Parameters
    ----------
    source
        A path to a file, a ZIP archive or a folder (read recursively, sorted by path), "-" for standard
        input, a binary stream, or the address of a database of AACT ("postgresql://…").  Gzip is recognised.
    format
        One of :data:`FORMATS`; by default the format of each record is recognised.
    encoding
        By default UTF-8, or that of a byte-order mark.
    max_bytes
        The largest text or record that is read.
    type
        The type of criteria under no heading that gives one, as in a file with exclusion criteria only.
    whole
        Whether to read all of each text; by default, only the eligibility section of a page is read.
    text_column, id_column, type_column
        The columns of a table (CSV, TSV, Parquet), or the fields of JSON objects, with the text, the id, and
        inclusion or exclusion; by default those with a usual name.
    notify
        Called with messages that are not errors: what is left out of a page, files that are not read, records
        without id, repeated ids; at most 20 of each kind, then their number.  By default they are logged as
        warnings.

    Yields
    ------
    Trial or TrialCriteria
        A record that cannot be read is a TrialCriteria with ``error``.

    Raises
    ------
    InputError
        If nothing of ``source`` can be read.
    """
    return read_all(
        [source],
        format=format,
        encoding=encoding,
        max_bytes=max_bytes,
        type=type,
        whole=whole,
        text_column=text_column,
        id_column=id_column,
        type_column=type_column,
        notify=notify,
    )


def read_all(
    sources: Iterable[Input],
    *,
    format: str | None = None,
    encoding: str | None = None,
    max_bytes: int = MAX_BYTES,
    type: CriterionType | None = None,
    whole: bool = False,
    text_column: str | None = None,
    id_column: str | None = None,
    type_column: str | None = None,
    notify: Notify | None = None,
) -> Iterator[Outcome]:
    """Yield the trials of several inputs one after the other; see :func:`read`.

    With several inputs, an unreadable one becomes a record with ``error``, and the others are read.

    Raises
    ------
    InputError
        If one of the paths does not exist, before anything is read.
    """
    if format is not None and format not in FORMATS:
        raise InputError(f"unknown input format {format!r}", remedy=f"Choose one of {', '.join(FORMATS)}.")
    if type is not None and type not in TYPES:
        raise InputError(f"unknown type {type!r}", remedy=f"Choose one of {', '.join(TYPES)}.")
    notes = Notes(notify or _log.warning)
    asked = columns.Asked(text_column, id_column, type_column)
    options = _Options(format, encoding, max_bytes, Reading(type, whole), notes, asked)
    inputs = list(sources)
    for source in inputs:
        if isinstance(source, str | Path) and not postgres.is_address(source):
            check_exists(source)
    return _read_inputs(inputs, options)


def _read_inputs(inputs: list[Input], options: _Options) -> Iterator[Outcome]:
    for source in inputs:
        if postgres.is_address(source):
            outcomes = _read_database(str(source), options)
        elif isinstance(source, str | Path) and str(source) != "-" and Path(source).is_dir():
            outcomes = _read_folder(Path(source), options)
        else:
            outcomes = _read_input(source, options)
        yield from _guarded(outcomes, source, raises=len(inputs) == 1)
    options.notes.close()


def _read_database(address: str, options: _Options) -> Iterator[Outcome]:
    if options.format not in (None, aact.FORMAT):
        raise InputError(f"a database is read as {aact.FORMAT}, not as {options.format}")
    name = postgres.shown(address)
    opened = OpenInput(name, name, "aact", "", io.BytesIO(), b"")
    for outcome in _read_items(postgres.rows(address), opened, options):
        yield _checked(outcome, opened, options)


def _read_folder(folder: Path, options: _Options) -> Iterator[Outcome]:
    for found in walk(folder, partial(options.notes.say, "files that are not read")):
        if isinstance(found, InputError):
            yield failed(Path(found.where or folder).name, _unread("unknown", found.where), found)
        else:
            yield from _guarded(_read_input(found, options), found, raises=False)


def _guarded(outcomes: Iterator[Outcome], source: Input, *, raises: bool) -> Iterator[Outcome]:
    """Pass ``outcomes`` on; an error becomes a record, unless it comes first and ``raises`` is set."""
    is_first = True
    try:
        for outcome in outcomes:
            is_first = False
            yield outcome
    except InputError as error:
        if raises and is_first:
            raise
        path = postgres.shown(str(source)) if isinstance(source, str | Path) else None
        stem = stem_of(path)[0] if path and path != "-" else "stdin"
        format = "text" if isinstance(error, NoEligibilityError) else "unknown"
        yield failed(stem, _unread(format, path), error)


def _read_input(source: Input, options: _Options) -> Iterator[Outcome]:
    name = str(source) if isinstance(source, str | Path) else "<stream>"
    try:
        with open_input(source) as opened:
            yield from _read_opened(opened, options)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"damaged gzip: {error}", where=name, remedy="Fetch the file again.") from None
    except OSError as error:
        raise os_error(error, name) from error


def _read_opened(opened: OpenInput, options: _Options, *, inside: bool = False) -> Iterator[Outcome]:
    """Yield the trials of an input; ``inside`` means that it lies in an archive itself."""
    if not opened.head.startswith(packed.ZIP):
        for outcome in _read_plain(opened, options):
            yield _checked(outcome, opened, options)
        return
    if inside:
        raise InputError("an archive inside an archive", where=opened.name, remedy="Unpack the outer one.")
    with packed.opened_zip(opened.stream, opened.path, opened.name) as archive:
        if packed.WORKBOOK in archive.NameToInfo:
            items = xlsx.rows(archive, name=opened.name)
            for outcome in _read_items(items, opened, options):
                yield _checked(outcome, opened, options)
        else:
            yield from _read_archive(archive, opened, options)


def _read_archive(archive: ZipFile, opened: OpenInput, options: _Options) -> Iterator[Outcome]:
    say = partial(options.notes.say, "files that are not read")
    for info in packed.members(archive, opened.name, is_read, aact.MEMBER, say):
        name = f"{opened.name}/{info.filename}"
        yield from _guarded(_read_member(archive, info, name, options), name, raises=False)


def _read_member(archive: ZipFile, info: ZipInfo, name: str, options: _Options) -> Iterator[Outcome]:
    with packed.opened_member(archive, info, name) as stream:
        yield from _read_opened(peeked(stream, name, name, *stem_of(name)), options, inside=True)


def _read_plain(opened: OpenInput, options: _Options) -> Iterator[Outcome]:
    say = partial(options.notes.say, "columns")
    if opened.head.startswith(columns.PARQUET) and options.format in (None, columns.FORMAT):
        yield from _read_items(columns.of_parquet(opened, options.columns, say), opened, options)
        return
    encoding = encoding_of(opened.head, options.encoding, opened.name)
    head = codecs.getincrementaldecoder(encoding)("replace").decode(opened.head)
    if options.format in (None, columns.FORMAT) and not _is_other(head, opened.suffix):
        table = columns.table_in(head, opened.suffix, options.columns)
        if table is not None:
            rows = _table_rows(table, opened, encoding, options)
            yield from _read_items(columns.of_rows(rows, options.columns, opened.name, say), opened, options)
            return
    kind = sniff(opened, head) if options.format is None else kind_of_format(options.format, opened, head)
    if kind == "text":
        yield _read_text(opened, encoding, options)
        return
    if kind == "json":
        items = jsonstream.items(opened, head, encoding=encoding, max_bytes=options.max_bytes)
        if options.format in (None, jsonl.FORMAT):
            items = columns.of_objects(items, options.columns, records.is_known, say)
    elif kind == "xml":
        items = xmlstream.records(
            opened.stream, name=opened.name, encoding=options.encoding, max_bytes=options.max_bytes
        )
    else:
        items = _lines_of(kind, opened, head, encoding, options)
    yield from _read_items(items, opened, options)


def _is_other(head: str, suffix: str) -> bool:
    """Whether an input is no table, whatever its name."""
    return looks_like_json(head, suffix) or euctr.begins(head.removeprefix("\ufeff"))


def _lines_of(kind: Kind, opened: OpenInput, head: str, encoding: str, options: _Options) -> Iterator[Item]:
    """Yield the records of a file that is read line by line: a table, or a download of the EU register."""
    if kind == "euctr":
        stream, encoding = _narrow(opened, encoding)
        return euctr.records(stream, name=opened.name, encoding=encoding, max_bytes=options.max_bytes)
    table = tables.table_of(head)
    if table is None:
        raise InputError("no table of a registry", where=opened.name)
    if not table.named:
        names = f"{table.format} ({', '.join(table.columns[:4])}, …)"
        options.notes.say(
            "tables without names",
            f"{opened.name}: the table has no names of columns; it is read as one of {names}",
        )
    return _table_rows(table, opened, encoding, options)


def _table_rows(table: tables.Table, opened: OpenInput, encoding: str, options: _Options) -> Iterator[Item]:
    stream, encoding = _narrow(opened, encoding)
    return tablestream.rows(stream, table, name=opened.name, encoding=encoding, max_bytes=options.max_bytes)


def _narrow(opened: OpenInput, encoding: str) -> tuple[BinaryIO, str]:
    """Return a stream whose line ends are single bytes, and its encoding."""
    if is_wide(encoding):
        return recoded(opened.stream, encoding, opened.name), "utf-8"
    return opened.stream, encoding


def _read_text(opened: OpenInput, encoding: str, options: _Options) -> Outcome:
    data = opened.stream.read(options.max_bytes + 1)
    if len(data) > options.max_bytes:
        size = len(data)
        while part := opened.stream.read(1 << 20):
            size += len(part)
        raise too_large(size, options.max_bytes, opened.name)
    text = decode(data, encoding, opened.name)
    trial = text_format.to_trial(text, trial_id=opened.stem, path=opened.path)
    return _sectioned(trial, opened.name, options)


def _read_items(items: Iterator[Item], opened: OpenInput, options: _Options) -> Iterator[Outcome]:
    count = 0
    for item in items:
        count += 1
        yield _read_record(item, count, opened, options)
    if not count:
        raise InputError("it holds no record", where=opened.name, remedy="Give at least one study or text.")


def _read_record(item: Item, count: int, opened: OpenInput, options: _Options) -> Outcome:
    found_id = records.id_of(item.value, options.format)
    trial_id = found_id or (opened.stem if count == 1 else f"{opened.stem}-{count}")
    try:
        if item.error is not None:
            raise item.error
        trial = records.to_trial(
            item.value, fallback_id=trial_id, where=item.where, path=opened.path, format=options.format
        )
        trial = _sectioned(trial, item.where, options)
    except EligexError as error:
        format = records.format_of(item.value, options.format) or "unknown"
        return failed(trial_id, _unread(format, opened.path), error)
    if found_id is None:
        options.notes.say(
            "records without id", f"{item.where}: the record has no id; it is called {trial_id}"
        )
    return trial


def _checked(outcome: Outcome, opened: OpenInput, options: _Options) -> Outcome:
    """Pass ``outcome`` on, and report a repeated id."""
    name = outcome.trial_id
    if name in options.seen:
        message = f"{opened.name}: trial id {name} was already in {options.seen[name]}; both are kept"
        options.notes.say("ids that occur twice", message)
    options.seen.setdefault(name, opened.name)
    return outcome


def _sectioned(trial: Trial, where: str, options: _Options) -> Trial:
    notify = partial(options.notes.say, "texts of which a part is read")
    page = trial.source.format in PAGES
    return sectioned(trial, options.reading, where=where, notify=notify, page=page)


def _unread(format: str, path: str | None) -> Source:
    """Return the source of a record in which no section was found."""
    return Source(format, path, None, 0, 0)
