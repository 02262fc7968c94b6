"""Records of an XML file, one at a time.

Decides where a record begins and ends, by the tags of the registries, and forgets it once it is read.
Entities and external references are refused: they can make a small file fill the memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from eligex.errors import InputError
from eligex.readers.items import Item, too_large

RECORD_TAGS = frozenset({"clinical_study", "Trial", "trial"})
"""The elements that are records in the formats that eligex reads, without their namespaces."""
_KNOWN = "ClinicalTrials.gov (clinical_study), WHO ICTRP (Trial) and ISRCTN (trial)"


@dataclass(frozen=True, slots=True)
class XmlRecord:
    """An element that is a record; ``text`` and ``texts`` take paths without namespaces."""

    tag: str
    element: Any

    def has(self, path: str) -> bool:
        """Whether there is an element at ``path``."""
        return next(_found(self.element, path), None) is not None

    def text(self, path: str) -> str | None:
        """Return the text of the first element at ``path``, exactly as the file has it, or None."""
        return next((_text(found) for found in _found(self.element, path)), None)

    def texts(self, path: str) -> list[str]:
        """Return the texts of all elements at ``path``."""
        return [_text(found) for found in _found(self.element, path)]


def _found(element: Any, path: str) -> Iterator[Any]:
    first, _, rest = path.partition("/")
    for child in element:
        if local(child.tag) == first:
            if rest:
                yield from _found(child, rest)
            else:
                yield child


def _text(element: Any) -> str:
    """Return the text of an element and of the elements in it (``<br/>`` as a line break)."""
    parts = [element.text or ""]
    for child in element:
        parts += ["\n" if local(child.tag) == "br" else _text(child), child.tail or ""]
    return "".join(parts)


def local(tag: object) -> str:
    """Return the name of a tag without its namespace.

    >>> local("{http://www.67bricks.com/isrctn}trial")
    'trial'
    """
    return str(tag).rpartition("}")[2]


class _Counted:
    """A binary stream that refuses to go on once a single record has more than ``max_bytes``."""

    def __init__(self, stream: BinaryIO, max_bytes: int, name: str) -> None:
        self._stream = stream
        self._max_bytes = max_bytes
        self._name = name
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._stream.read(size)
        self.since += len(data)
        if self.since > self._max_bytes + (1 << 16):
            raise too_large(self.since, self._max_bytes, self._name)
        return data


def records(stream: BinaryIO, *, name: str, encoding: str | None, max_bytes: int) -> Iterator[Item]:
    """Yield the records of an XML file.

    What comes after a broken place cannot be read: the last Item has the error.

    Parameters
    ----------
    stream
        The file.
    name
        For messages.
    encoding
        The encoding, if not the one that the file itself names.
    max_bytes
        The largest record that is read.

    Raises
    ------
    InputError
        If the file is well-formed XML without any record.
    """
    number = 0
    root: list[str] = []
    try:
        for record in _elements(_Counted(stream, max_bytes, name), encoding, root):
            number += 1
            yield Item(number, f"{name}, record {number}", record)
    except (InputError, ParseError, ValueError, LookupError) as error:
        number += 1
        where = f"{name}, record {number}"
        yield Item(number, where, error=_error(error, where))
        return
    if not number:
        raise InputError(
            f"an XML file of unknown format: its root is <{root[0] if root else ''}>",
            where=name,
            remedy=f"eligex reads the XML of {_KNOWN}.",
        )


def _elements(stream: _Counted, encoding: str | None, root: list[str]) -> Iterator[XmlRecord]:
    from defusedxml.ElementTree import DefusedXMLParser, iterparse

    parser = DefusedXMLParser(encoding=encoding, forbid_entities=True, forbid_external=True)
    top: Any = None
    inside: Any = None
    for event, element in iterparse(stream, events=("start", "end"), parser=parser):
        tag = local(element.tag)
        if event == "start":
            if top is None:
                top = element
                root.append(tag)
            if inside is None and tag in RECORD_TAGS:
                inside = element
        elif element is inside:
            yield XmlRecord(tag, element)
            inside = None
            stream.since = 0
            element.clear()
            top.clear()
        elif inside is None:
            element.clear()


def _error(error: Exception, where: str) -> InputError:
    from defusedxml.common import DefusedXmlException

    if isinstance(error, InputError):
        return error
    if isinstance(error, DefusedXmlException):
        return InputError(
            "the XML declares entities or external references, which are refused",
            where=where,
            remedy="Replace them with plain characters.",
        )
    line = getattr(error, "position", None)
    place = f" at line {line[0]}" if line else ""
    what = str(error).partition(":")[0] or type(error).__name__
    return InputError(
        f"broken XML: {what}{place}",
        where=where,
        remedy="Fetch the file again; what comes after this place was not read.",
    )
