"""Analytes: which one a predicate limits, its limit in one unit, and limits that cannot be meant.

Decides what is converted: only limits of an analyte of ``analytes.tsv``, whose molar mass, valence or rule is
known.  Units as such are read by :mod:`eligex.concepts.ucum`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from eligex.concepts import ucum
from eligex.concepts.normal import DATA, plain_words
from eligex.errors import LexiconError
from eligex.lexicon.loader import Row, read_table

COLUMNS = ("analyte", "unit", "units", "mass", "valence", "iu", "low", "high", "codes", "names")
RELATIVE = frozenset(("[ULN]", "[LLN]", "{baseline}"))
"""Units that count in what is normal for a laboratory or a patient; they are the same for every analyte."""
_GLYCATED = "hemoglobin A1c"
_NGSP_SLOPE, _NGSP_SHIFT = 10.93, -23.5  # IFCC mmol/mol = 10.93 x NGSP % - 23.5
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Analyte:
    """What is measured, the unit its limits are compared in, and what they can be."""

    name: str
    unit: str
    units: tuple[str, ...]
    mass: float | None
    valence: float | None
    iu: float | None
    low: float
    high: float
    codes: tuple[str, ...]
    names: tuple[str, ...]


@cache
def analytes(path: Path = DATA / "analytes.tsv") -> tuple[Analyte, ...]:
    """Return the analytes of the table.

    Raises
    ------
    LexiconError
        For an unknown unit, a cell that is no number, a range without extent, or a code or name listed twice.
    """
    found, seen = [], dict[str, str]()
    for row in read_table(path, COLUMNS, key="analyte"):
        each = _analyte(row)
        for word in (*each.codes, *each.names):
            if word in seen:
                raise LexiconError(f"{word!r} is already at {seen[word]}", where=row.where)
            seen[word] = row.where
        found.append(each)
    return tuple(found)


def _analyte(row: Row) -> Analyte:
    name, unit, units, *amounts, low, high, codes, names = row.cells
    for code in (unit, *units.split()):
        if ucum.parse(code) is None:
            raise LexiconError(f"unknown unit {code!r}", where=row.where)
    try:
        mass, valence, iu = (float(cell) if cell else None for cell in amounts)
        least, most = float(low), float(high)
    except ValueError as error:
        raise LexiconError(f"not a number: {error}", where=row.where) from error
    if least >= most:
        raise LexiconError(f"low {low} is not below high {high}", where=row.where)
    return Analyte(
        name, unit, tuple(units.split()), mass, valence, iu, least, most, _listed(codes), _listed(names)
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


@cache
def _by_code() -> dict[str, Analyte]:
    return {code: each for each in analytes() for code in each.codes}


@cache
def _by_name() -> dict[str, Analyte]:
    return {" ".join(plain_words(name)): each for each in analytes() for name in (each.name, *each.names)}


def analyte_of(code: str | None, names: Iterable[str] = ()) -> Analyte | None:
    """Return the analyte of a concept, else of a name.

    >>> analyte_of("LOINC:2160-0").name, analyte_of(None, ["Insulin level"]).name
    ('creatinine', 'insulin')
    """
    found = _by_code().get(code or "")
    for name in names:
        found = found or _by_name().get(" ".join(plain_words(name)))
    return found


def canonical(analyte: Analyte, value: float, unit: str | None) -> float | None:
    """Return a limit in the canonical unit of its analyte, or None if it cannot be converted.

    >>> creatinine = analyte_of("LOINC:2160-0")
    >>> canonical(creatinine, 2, "mg/dL"), canonical(creatinine, 2, "mL/min")
    (176.803, None)
    """
    found = None if unit is None else _converted(analyte, value, unit, analyte.unit)
    return None if found is None else float(f"{found:.{_DIGITS}g}")


def from_canonical(analyte: Analyte, value: float, unit: str) -> float | None:
    """Return a limit in the canonical unit as one in another unit."""
    return _converted(analyte, value, analyte.unit, unit)


def _converted(analyte: Analyte, value: float, unit: str, other: str) -> float | None:
    if analyte.name == _GLYCATED and unit != other:
        return _glycated(value, unit, other)
    if unit == other:
        return value
    factor = conversion(analyte, unit, other)
    return ucum.temperature(value, unit, other) if factor is None else value * factor


def _glycated(value: float, unit: str, other: str) -> float | None:
    if (unit, other) == ("%", "mmol/mol"):
        return _NGSP_SLOPE * value + _NGSP_SHIFT
    if (unit, other) == ("mmol/mol", "%"):
        return (value - _NGSP_SHIFT) / _NGSP_SLOPE
    return None


@cache
def conversion(analyte: Analyte, unit: str, other: str) -> float | None:
    """Return how many of ``other`` one ``unit`` of the analyte is."""
    left, right = ucum.parse(unit), ucum.parse(other)
    if left is None or right is None:
        return None
    return ucum.ratio(_as_mass(analyte, left), _as_mass(analyte, right))


def _as_mass(analyte: Analyte, unit: ucum.Unit) -> ucum.Unit:
    """Return a unit with amounts, equivalents and international units of the analyte as its mass."""
    if analyte.iu is not None:
        unit = ucum.replaced(unit, "international_unit", "mole", analyte.iu * 1e-9)
    else:  # for what is measured by its activity, the two units are one
        unit = ucum.replaced(unit, "international_unit", "enzyme_unit", 1)
    if analyte.valence is not None:
        unit = ucum.replaced(unit, "equivalent", "mole", 1 / analyte.valence)
    return unit if analyte.mass is None else ucum.replaced(unit, "mole", "gram", analyte.mass)


def is_plausible(analyte: Analyte, value: float) -> bool:
    """Whether a limit in the canonical unit is one that a trial can mean; 0 always is."""
    return value == 0 or analyte.low <= value <= analyte.high


def likely_unit(analyte: Analyte, value: float, unit: str) -> str | None:
    """Return the unit in which an implausible limit would be plausible, the commonest first.

    >>> likely_unit(analyte_of("LOINC:718-7"), 9, "mg/dL")
    'g/dL'
    """
    for other in (*analyte.units, analyte.unit):
        if other != unit:
            found = canonical(analyte, value, other)
            if found is not None and found and is_plausible(analyte, found):
                return other
    return None
