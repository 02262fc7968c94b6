"""Rows of the first sheet of an XLSX workbook.

The strings that cells share are kept in memory; rows are read one at a time.  Line breaks that the format
escapes (``_x000D_``) stay in the text; they are resolved for reading only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import ZipFile

from eligex.errors import InputError
from eligex.readers import packed
from eligex.readers.items import Item
from eligex.readers.tables import Table, table_of_cells
from eligex.readers.tablestream import item_of
from eligex.readers.xmlstream import local

_SHEETS = re.compile(r"xl/worksheets/sheet(?P<number>\d{1,6})\.xml")
_STRINGS = "xl/sharedStrings.xml"
_COLUMN = re.compile(r"(?P<letters>[A-Z]{1,3})\d{1,9}")


def rows(archive: ZipFile, *, name: str) -> Iterator[Item]:
    """Yield the rows of a registry's table in a workbook.

    Raises
    ------
    InputError
        If the workbook is damaged, or its first row has no names that a registry gives.
    """
    try:
        yield from _rows(archive, name)
    except ParseError as error:
        raise InputError(f"damaged workbook: {error}", where=name, remedy="Fetch the file again.") from None


def _rows(archive: ZipFile, name: str) -> Iterator[Item]:
    sheets = sorted(
        (int(match["number"]), match[0]) for each in archive.namelist() if (match := _SHEETS.fullmatch(each))
    )
    if not sheets:
        raise InputError("a workbook without a sheet", where=name)
    strings = list(_shared(archive, name)) if _STRINGS in archive.NameToInfo else []
    table: Table | None = None
    number = 0
    for line, cells in _cells(archive, sheets[0][1], strings, name):
        if not any(cells):
            continue
        if table is None:
            table = table_of_cells(cells, "\t")
            if table is None or not table.has_text:
                shown = ", ".join(cells[:8])
                raise InputError(
                    f"a workbook of unknown format; its first row is: {shown}",
                    where=name,
                    remedy="Workbooks of the WHO's ICTRP are read; save others as CSV.",
                )
            if table.named:
                continue
        number += 1
        cells += [""] * (len(table.columns) - len(cells))
        yield item_of(table, cells, number, f"{name}, row {line}")


def _shared(archive: ZipFile, name: str) -> Iterator[str]:
    for element in _elements(archive, _STRINGS, "si", name):
        yield _string(element)


def _cells(archive: ZipFile, sheet: str, strings: list[str], name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each row; a cell that the sheet leaves out is empty."""
    for count, element in enumerate(_elements(archive, sheet, "row", name), start=1):
        cells: list[str] = []
        for cell in element:
            place = _place(cell.get("r"), len(cells))
            cells += [""] * (place - len(cells))
            cells.append(_value(cell, strings))
        yield int(element.get("r") or count), cells


def _place(reference: str | None, following: int) -> int:
    """Return the column of a cell: 27 of "AB7"."""
    match = _COLUMN.fullmatch(reference or "")
    if match is None:
        return following
    place = 0
    for letter in match["letters"]:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _value(cell: Any, strings: list[str]) -> str:
    kind = cell.get("t")
    value = next((child.text or "" for child in cell if local(child.tag) == "v"), "")
    if kind == "s":
        return strings[int(value)] if value.isdigit() and int(value) < len(strings) else ""
    if kind == "inlineStr":
        return "".join(_string(child) for child in cell if local(child.tag) == "is")
    return value


def _string(element: Any) -> str:
    """Return the text of a string, of one piece or of several; not how to pronounce it."""
    parts = []
    for child in element:
        if local(child.tag) == "t":
            parts.append(child.text or "")
        elif local(child.tag) == "r":
            parts.append(_string(child))
    return "".join(parts)


def _elements(archive: ZipFile, member: str, tag: str, name: str) -> Iterator[Any]:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    with packed.opened_member(archive, archive.getinfo(member), f"{name}/{member}") as stream:
        top: Any = None
        try:
            for event, element in iterparse(stream, events=("start", "end")):
                if top is None:
                    top = element
                if event == "end" and local(element.tag) == tag:
                    yield element
                    element.clear()
                    top.clear()
        except DefusedXmlException:
            raise InputError("the workbook declares entities, which are refused", where=name) from None
