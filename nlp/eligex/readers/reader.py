"""From files, folders and streams to trials.

Trials in = trials out: every record gives a trial or a record with ``error``, in the order of the input.
Only a single input of which nothing can be read raises.
"""

from __future__ import annotations

import codecs
import gzip
import logging
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, get_args

from eligex.errors import EligexError, InputError, NoEligibilityError, failed
from eligex.readers import ctgov_v2, jsonstream, records
from eligex.readers import text as text_format
from eligex.readers.decode import decode, encoding_of
from eligex.readers.files import OpenInput, check_exists, open_input, os_error, stem_of, walk
from eligex.readers.notes import Notes, Notify
from eligex.readers.section import Reading, sectioned
from eligex.readers.sniff import Format, Kind, looks_like_json, sniff
from eligex.schema import CriterionType, Source, Trial, TrialCriteria

FORMATS: tuple[str, ...] = get_args(Format)
TYPES: tuple[str, ...] = get_args(CriterionType)
MAX_BYTES = 20_000_000
"""The largest text file, JSON line or JSON record that is read."""

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
    seen: dict[str, str] = field(default_factory=dict)


def read(
    source: Input,
    *,
    format: str | None = None,
    encoding: str | None = None,
    max_bytes: int = MAX_BYTES,
    type: CriterionType | None = None,
    whole: bool = False,
    notify: Notify | None = None,
) -> Iterator[Outcome]:
    """Yield the trials of a file, a folder or a stream.

    Parameters
    ----------
    source
        A path to a file or a folder (read recursively, sorted by path), "-" for standard input, or a
        binary stream.  Gzip is recognised.
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
    options = _Options(format, encoding, max_bytes, Reading(type, whole), notes)
    inputs = list(sources)
    for source in inputs:
        if isinstance(source, str | Path):
            check_exists(source)
    return _read_inputs(inputs, options)


def _read_inputs(inputs: list[Input], options: _Options) -> Iterator[Outcome]:
    for source in inputs:
        if isinstance(source, str | Path) and str(source) != "-" and Path(source).is_dir():
            outcomes = _read_folder(Path(source), options)
        else:
            outcomes = _read_input(source, options)
        yield from _guarded(outcomes, source, raises=len(inputs) == 1)
    options.notes.close()


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
        path = str(source) if isinstance(source, str | Path) else None
        stem = stem_of(path)[0] if path and path != "-" else "stdin"
        format = "text" if isinstance(error, NoEligibilityError) else "unknown"
        yield failed(stem, _unread(format, path), error)


def _read_input(source: Input, options: _Options) -> Iterator[Outcome]:
    name = str(source) if isinstance(source, str | Path) else "<stream>"
    try:
        with open_input(source) as opened:
            for outcome in _read_opened(opened, options):
                yield _checked(outcome, opened, options)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"damaged gzip: {error}", where=name, remedy="Fetch the file again.") from None
    except OSError as error:
        raise os_error(error, name) from error


def _read_opened(opened: OpenInput, options: _Options) -> Iterator[Outcome]:
    encoding = encoding_of(opened.head, options.encoding, opened.name)
    if _kind(opened, encoding, options) == "text":
        return _read_text(opened, encoding, options)
    return _read_json(opened, encoding, options)


def _kind(opened: OpenInput, encoding: str, options: _Options) -> Kind:
    head = _head_text(opened, encoding)
    if options.format is None:
        return sniff(opened, head)
    if options.format == "text":
        return "text"
    if not looks_like_json(head, ".json"):
        raise InputError(
            f"its content is not JSON, and so not {options.format}: it begins {head.strip()[:20]!r}",
            where=opened.name,
            remedy="Leave out --input-format to have it recognised.",
        )
    return "json"


def _head_text(opened: OpenInput, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)("replace").decode(opened.head)


def _read_text(opened: OpenInput, encoding: str, options: _Options) -> Iterator[Outcome]:
    data = opened.stream.read(options.max_bytes + 1)
    if len(data) > options.max_bytes:
        size = len(data)
        while part := opened.stream.read(1 << 20):
            size += len(part)
        raise jsonstream.too_large(size, options.max_bytes, opened.name)
    text = decode(data, encoding, opened.name)
    trial = text_format.to_trial(text, trial_id=opened.stem, path=opened.path)
    yield _sectioned(trial, opened.name, options)


def _read_json(opened: OpenInput, encoding: str, options: _Options) -> Iterator[Outcome]:
    layout = jsonstream.layout_of(_head_text(opened, encoding), opened.suffix)
    is_wide = encoding.startswith(("utf-16", "utf-32", "utf_16", "utf_32"))
    read_items = jsonstream.values if layout == "values" or is_wide else jsonstream.lines
    items = read_items(opened.stream, name=opened.name, encoding=encoding, max_bytes=options.max_bytes)
    count = 0
    for item in items:
        for index, record in enumerate(_studies(item.value)):
            count += 1
            where = item.where if not index else f"{item.where}, study {index + 1}"
            numbered = jsonstream.Item(item.number, where, record, item.error)
            yield _read_record(numbered, count, opened, options)
    if not count:
        raise InputError(
            "the JSON holds no record", where=opened.name, remedy="Give at least one study or text."
        )


def _studies(value: object) -> list[object]:
    """Return the studies of an API page on one line, or the value itself."""
    if isinstance(value, dict) and isinstance(value.get(jsonstream.PAGE_FIELD), list):
        return list(value[jsonstream.PAGE_FIELD])
    return [value]


def _read_record(item: jsonstream.Item, count: int, opened: OpenInput, options: _Options) -> Outcome:
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
        return failed(trial_id, _unread(options.format or "json", opened.path), error)
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
    notify = partial(options.notes.say, "pages")
    page = trial.source.format != ctgov_v2.FORMAT
    return sectioned(trial, options.reading, where=where, notify=notify, page=page)


def _unread(format: str, path: str | None) -> Source:
    """Return the source of a record in which no section was found."""
    return Source(format, path, None, 0, 0)
