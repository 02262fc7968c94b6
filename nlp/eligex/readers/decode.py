"""From bytes to text, strictly.

UTF-8 unless a byte-order mark says UTF-16 or UTF-32, or the caller names an encoding.  Nothing is guessed and
nothing is replaced: an invalid byte is an error that names the encoding.  A UTF-8 byte-order mark stays in
the text as one character, so that offsets are those of any program that reads the file as UTF-8; newlines are
kept.
"""

from __future__ import annotations

import codecs
import io
import re
from typing import BinaryIO, cast

from eligex.errors import InputError

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "a PDF file", "Save its eligibility section as UTF-8 text first."),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "Save its text as UTF-8 first."),
    (b"{\\rtf", "an RTF document", "Save its text as UTF-8 first."),
    (b"SQLite format 3", "an SQLite database", "Export its records as JSON Lines first."),
    (b"PAR1", "a Parquet file", "Export its records as JSON Lines first."),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it first."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it first, or pack it with gzip."),
    (b"BZh", "a bzip2 archive", "Unpack it first, or pack it with gzip."),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "Unpack it first, or pack it with gzip."),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BINARY_SHARE = 0.1
"""The least share of control bytes in a sample of a binary file; a text has a stray NUL at most."""


def encoding_of(head: bytes, asked: str | None, where: str) -> str:
    """Return the encoding to read with: the requested one, that of the byte-order mark, or UTF-8.

    Raises
    ------
    InputError
        If Python does not know the requested encoding, or the bytes are not text.
    """
    if asked is not None:
        try:
            return codecs.lookup(asked).name
        except LookupError:
            raise InputError(
                f"unknown encoding {asked!r}",
                where=where,
                remedy="Use a name such as utf-8, utf-16 or cp1252.",
            ) from None
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    _check_text(head, where)
    return "utf-8"


def _check_text(head: bytes, where: str) -> None:
    for magic, what, remedy in _MAGIC:
        if head.startswith(magic):
            raise InputError(f"this is {what}, not text", where=where, remedy=remedy)
    if head.count(b"\0") > len(head) * 0.3:
        raise InputError(
            "binary data, or UTF-16 without a byte-order mark",
            where=where,
            remedy="If it is UTF-16, say so with --encoding utf-16-le or utf-16-be.",
        )
    if len(_CONTROL.findall(head)) > len(head) * _BINARY_SHARE:
        raise InputError("binary data, not text", where=where, remedy="Give the text as UTF-8.")


def decode(data: bytes, encoding: str, where: str) -> str:
    """Decode strictly.

    Raises
    ------
    InputError
        If a byte does not fit; the message names it and the encoding.
    """
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise not_decodable(error, encoding, where) from None


def is_wide(encoding: str) -> bool:
    """Whether a character takes two bytes or more, so that lines cannot be found by a byte."""
    return encoding.startswith(("utf-16", "utf-32", "utf_16", "utf_32"))


def recoded(stream: BinaryIO, encoding: str, name: str) -> BinaryIO:
    """Return a stream in a wide encoding as one in UTF-8; a byte that does not fit raises InputError."""
    return cast(BinaryIO, io.BufferedReader(_Recoded(stream, encoding, name)))


class _Recoded(io.RawIOBase):
    """A stream of UTF-8 that another stream is turned into."""

    def __init__(self, stream: BinaryIO, encoding: str, name: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._name = name
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._ready = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill ``buffer`` with the next bytes."""
        target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._ready:
            data = self._stream.read(1 << 16)
            try:
                self._ready = self._decoder.decode(data, final=not data).encode()
            except UnicodeDecodeError as error:
                raise not_decodable(error, self._encoding, self._name) from None
            if not data:
                break
        part, self._ready = self._ready[: len(target)], self._ready[len(target) :]
        target[: len(part)] = part
        return len(part)


def not_decodable(error: UnicodeDecodeError, encoding: str, where: str, *, offset: int = 0) -> InputError:
    """Return the error of a text that is not in ``encoding``; ``offset`` is its first byte."""
    bad = error.object[error.start]
    remedy = "Convert it, or name its encoding with --encoding"
    if encoding == "utf-8":
        remedy += " (text from Windows is often cp1252)"
    return InputError(
        f"not {encoding.upper()} text: byte 0x{bad:02X} at position {offset + error.start} does not fit; "
        f"tried {encoding}",
        where=where,
        remedy=f"{remedy}.",
    )
