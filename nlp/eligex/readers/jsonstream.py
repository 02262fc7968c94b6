"""JSON values of a file, one at a time, whatever their layout.

Values are read one by one, never all at once: JSON Lines, an array, an API page (``{"studies": [...]}``), one
object, or several objects one after the other.  Decides where a record begins and ends, and reports broken
ones; :mod:`eligex.readers.records` interprets the records.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Literal

from eligex.errors import InputError
from eligex.readers.decode import is_wide, not_decodable
from eligex.readers.files import OpenInput
from eligex.readers.items import Item, too_large

Layout = Literal["lines", "values"]

PAGE_FIELDS = ("studies", "FullStudies")
"""The arrays of records in the pages of ClinicalTrials.gov's API 2 and 1."""
WRAPPER = "FullStudiesResponse"
"""The object that is all of a page of API 1."""
_PAGE_KEYS = (*PAGE_FIELDS, WRAPPER, "totalCount", "nextPageToken")
_FIRST_KEY = re.compile(r'\s{0,1000} \{ \s{0,1000} " (?P<key> [^"\\]{1,100} ) "', re.VERBOSE)
_BLANK = re.compile(r"[\s\ufeff]*")
_LINE_SUFFIXES = (".jsonl", ".ndjson")
_CHUNK = 1 << 18


def layout_of(head: str, suffix: str) -> Layout:
    """Return the layout of the records in a file that begins with ``head``.

    It is "lines" only if that is certain: by the suffix, because the first line is a whole object, or because
    a second object begins the second line (so that a broken first line does not hide the others).
    """
    head = head.removeprefix("\ufeff").lstrip()
    first_key = _FIRST_KEY.match(head)
    if head.startswith("[") or (first_key and first_key["key"] in _PAGE_KEYS):
        return "values"
    if suffix in _LINE_SUFFIXES:
        return "lines"
    first, newline, rest = head.partition("\n")
    if not newline:  # one object, or lines longer than the head
        return "lines"
    if rest.lstrip("\r\n").startswith("{"):
        return "lines"
    try:
        json.loads(first)
    except ValueError:
        return "values"
    return "lines"


def items(opened: OpenInput, head: str, *, encoding: str, max_bytes: int) -> Iterator[Item]:
    """Yield the records of an input whatever its layout; ``head`` is the beginning of its text."""
    layout = layout_of(head, opened.suffix)
    read = values if layout == "values" or is_wide(encoding) else lines
    for item in read(opened.stream, name=opened.name, encoding=encoding, max_bytes=max_bytes):
        for index, record in enumerate(studies_of(item.value)):
            where = item.where if not index else f"{item.where}, study {index + 1}"
            yield Item(item.number, where, record, item.error)


def lines(stream: BinaryIO, *, name: str, encoding: str, max_bytes: int) -> Iterator[Item]:
    """Yield the value of each line; an invalid line is an Item with an error, and reading goes on."""
    number = 0
    while line := stream.readline(max_bytes + 1):
        number += 1
        where = f"{name}, line {number}"
        if len(line) > max_bytes:
            size = len(line) + _rest_of_line(stream, line)
            yield Item(number, where, error=too_large(size, max_bytes, where))
        elif line.strip(b" \t\r\n\x0b\x0c"):
            yield _line(line, number, where, encoding)


def _rest_of_line(stream: BinaryIO, line: bytes) -> int:
    size = 0
    while line and not line.endswith(b"\n"):
        line = stream.readline(_CHUNK)
        size += len(line)
    return size


def _line(line: bytes, number: int, where: str, encoding: str) -> Item:
    try:
        return Item(number, where, json.loads(line.decode(encoding).strip("\ufeff \t\r\n")))
    except UnicodeDecodeError as error:
        return Item(number, where, error=not_decodable(error, encoding, where))
    except json.JSONDecodeError as error:
        what = f"broken JSON: {error.msg.lower().removesuffix(' at')} at column {error.colno}"
        return Item(number, where, error=InputError(what, where=where, remedy="Repair or remove this line."))
    except (ValueError, RecursionError) as error:
        return Item(number, where, error=InputError(f"broken JSON: {error}", where=where))


def values(stream: BinaryIO, *, name: str, encoding: str, max_bytes: int) -> Iterator[Item]:
    """Yield the elements of an array or page, or the objects one after the other.

    A broken value ends the file, because the start of the next one is unknown: the last Item has the error.
    """
    scanner = _Scanner(stream, encoding, max_bytes, name)
    number = 0
    try:
        while scanner.peek():
            for value in _top_level(scanner):
                number += 1
                yield Item(number, f"{name}, record {number}", value)
    except InputError as error:
        yield Item(number + 1, f"{name}, record {number + 1}", error=error)


def studies_of(value: Any) -> list[Any]:
    """Return the studies of a page that is a value of its own, or the value itself.

    >>> studies_of({"studies": [1, 2]}), studies_of({"text": "Adults"})
    ([1, 2], [{'text': 'Adults'}])
    """
    inner = value.get(WRAPPER, value) if isinstance(value, dict) else None
    pages = (inner.get(name) for name in PAGE_FIELDS) if isinstance(inner, dict) else ()
    return next((list(page) for page in pages if isinstance(page, list)), [value])


def _top_level(scanner: _Scanner) -> Iterator[Any]:
    if scanner.peek() == "[":
        yield from scanner.array()
    elif scanner.peek() == "{":
        yield from _object_or_page(scanner)
    else:
        raise scanner.broken("expecting an object or an array")


def _object_or_page(scanner: _Scanner) -> Iterator[Any]:
    whole: dict[str, Any] = {}
    is_page = False
    scanner.expect("{")
    while scanner.peek() != "}":
        if whole or is_page:
            scanner.expect(",")
        key = scanner.value()
        scanner.expect(":")
        if key in PAGE_FIELDS and scanner.peek() == "[":
            is_page = True
            yield from scanner.array()
        elif key == WRAPPER and scanner.peek() == "{":
            is_page = True
            yield from _object_or_page(scanner)
        else:
            whole[str(key)] = scanner.value()
    scanner.expect("}")
    if not is_page:
        yield whole


class _Scanner:
    """A cursor over the text of a stream that holds one value in memory at a time."""

    def __init__(self, stream: BinaryIO, encoding: str, max_bytes: int, name: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._parser = json.JSONDecoder()
        self._max_bytes = max_bytes
        self._name = name
        self._buffer = ""
        self._position = 0
        self._bytes_read = 0
        self._newlines = 0
        self._at_end = False

    def peek(self) -> str:
        """Return the next character that is not blank, or "" at the end."""
        while True:
            blank = _BLANK.match(self._buffer, self._position)
            self._position = blank.end() if blank else self._position
            if self._position < len(self._buffer) or self._at_end:
                return self._buffer[self._position : self._position + 1]
            self._fill(_CHUNK)

    def expect(self, character: str) -> None:
        """Step over ``character``."""
        if self.peek() != character:
            raise self.broken(f"expecting {character!r}")
        self._position += 1

    def array(self) -> Iterator[Any]:
        """Yield the elements of the array that begins here."""
        self.expect("[")
        is_first = True
        while self.peek() != "]":
            if not is_first:
                self.expect(",")
            is_first = False
            yield self.value()
        self.expect("]")

    def value(self) -> Any:
        """Return the value that begins here."""
        self.peek()
        want = _CHUNK
        while True:
            try:
                found, end = self._parser.raw_decode(self._buffer, self._position)
            except json.JSONDecodeError as error:
                if self._at_end or self._is_beyond_repair(error):
                    raise self.broken(error.msg.lower(), error.pos) from None
            except RecursionError:
                raise self.broken("nested too deeply") from None
            else:
                # A number may continue in the part that is not read yet.
                if end < len(self._buffer) or self._at_end or isinstance(found, str | list | dict):
                    self._position = end
                    return found
            size = len(self._buffer) - self._position
            if size > self._max_bytes:
                raise too_large(size, self._max_bytes, f"{self._name}, {self._line(self._position)}")
            self._fill(want)
            want *= 2

    def _is_beyond_repair(self, error: json.JSONDecodeError) -> bool:
        """Whether more text cannot repair the value; an unfinished string is reported at its start."""
        return error.pos < len(self._buffer) - 32 and not error.msg.startswith("Unterminated string")

    def _fill(self, size: int) -> None:
        self._newlines += self._buffer.count("\n", 0, self._position)
        self._buffer = self._buffer[self._position :]
        self._position = 0
        data = self._stream.read(size)
        try:
            self._buffer += self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            offset = self._bytes_read + len(data) - len(error.object)
            raise not_decodable(error, self._encoding, self._name, offset=max(offset, 0)) from None
        self._bytes_read += len(data)
        self._at_end = not data

    def _line(self, position: int) -> str:
        return f"line {self._newlines + self._buffer.count(chr(10), 0, position) + 1}"

    def broken(self, what: str, position: int | None = None) -> InputError:
        """Return the error of a file that is not JSON from here on."""
        at = self._position if position is None else position
        if self._at_end and (at >= len(self._buffer) or what.startswith("unterminated string")):
            what = "the file ends in the middle of a value"
        return InputError(
            f"broken JSON: {what.removesuffix(' at')}",
            where=f"{self._name}, {self._line(at)}",
            remedy="Repair the file; what comes after this place was not read.",
        )
