"""UCUM codes as quantities of pint: whether two units measure the same, and how many of one the other is.

Reads the part of UCUM that limits are written in.  What a conversion needs to know beyond its units (a molar
mass, a valence) is left to :mod:`eligex.concepts.analytes`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from eligex.concepts.normal import DATA
from eligex.lexicon.loader import read_toml

_PART = re.compile(
    r"""
    (?P<operator>[./]?)
    (?: 10\*(?P<power>-?\d{1,2})                  # 10*9
      | (?P<atom> (?:[A-Za-z]+ | \[[^\]\s]+\] | \{1\.73_m2\} )+? ) (?P<exponent>-?\d{1,2})?
      | (?P<note>\{[^}]*\})                       # {cells}: counts nothing
      | (?P<percent>%)
      | (?P<one>1) )
    (?=[./]|$|\{)
    """,
    re.VERBOSE,
)
_DAY = "(24.h)"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: ``size`` times a product of units of the registry with exponents."""

    size: float
    parts: tuple[tuple[str, int], ...]


@cache
def _table() -> dict[str, Any]:
    return read_toml(DATA / "ucum.toml", {"definitions": (), "atoms": (), "prefixes": ()})


@cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry(
        _table()["definitions"], on_redefinition="raise", autoconvert_offset_to_baseunit=True
    )


@lru_cache(maxsize=2000)
def parse(code: str) -> Unit | None:
    """Return the unit of a UCUM code, or None for one that is not understood.

    >>> parse("mg/dL").parts, parse("10*9/L").size
    ((('gram', 1), ('liter', -1)), 1000000000.0)
    """
    text = code.replace(_DAY, "d")
    size, parts, place = 1.0, dict[str, int](), 0
    while place < len(text):
        found = _PART.match(text, place)
        if (
            found is None
            or found.end() == place
            or (place > 0 and not found["operator"] and not found["note"])
        ):
            return None
        sign = -1 if found["operator"] == "/" else 1
        if found["power"]:
            size *= 10.0 ** (sign * int(found["power"]))
        elif found["percent"]:
            size *= 0.01**sign
        elif found["atom"]:
            atom = _atom(found["atom"])
            if atom is None:
                return None
            exponent = sign * int(found["exponent"] or 1)
            size *= atom[0] ** exponent
            parts[atom[1]] = parts.get(atom[1], 0) + exponent
        place = found.end()
    return Unit(size, tuple(sorted((name, n) for name, n in parts.items() if n))) if text else None


def _atom(text: str) -> tuple[float, str] | None:
    atoms, prefixes = _table()["atoms"], _table()["prefixes"]
    if text in atoms:
        return 1.0, atoms[text]
    if text[:1] in prefixes and text[1:] in atoms:
        return prefixes[text[0]], atoms[text[1:]]
    return None


@lru_cache(maxsize=10_000)
def factor(code: str, other: str) -> float | None:
    """Return how many of ``other`` one ``code`` is; None if they measure different things, or temperature.

    >>> factor("mg/dL", "g/L"), factor("/mm3", "10*9/L"), factor("mg/dL", "umol/L")
    (0.01, 0.001, None)
    """
    left, right = parse(code), parse(other)
    return None if left is None or right is None else ratio(left, right)


def ratio(left: Unit, right: Unit) -> float | None:
    """Return how many of the right unit one left unit is."""
    if is_temperature(left) or is_temperature(right):
        return None
    value = 1.0
    if left.parts != right.parts:
        a, b = _quantity(left), _quantity(right)
        if a.dimensionality != b.dimensionality:
            return None
        value = (a / b).to_base_units().magnitude
    return float(f"{value * left.size / right.size:.12g}")


def replaced(unit: Unit, name: str, by: str, size: float) -> Unit:
    """Return a unit in which each ``name`` is ``size`` times another unit: a mole 113.12 grams."""
    parts = dict(unit.parts)
    exponent = parts.pop(name, 0)
    if not exponent:
        return unit
    parts[by] = parts.get(by, 0) + exponent
    return Unit(unit.size * size**exponent, tuple(sorted((n, e) for n, e in parts.items() if e)))


def _quantity(unit: Unit) -> Any:
    quantity = _registry().Quantity(1)
    for name, exponent in unit.parts:
        quantity = quantity * _registry().Quantity(1, name) ** exponent
    return quantity


def is_temperature(unit: Unit) -> bool:
    """Whether a unit is one of temperature, whose scales have zeros of their own."""
    return any(name in ("celsius", "fahrenheit") for name, _ in unit.parts)


def temperature(value: float, code: str, other: str) -> float | None:
    """Convert a temperature: 101 [degF] -> 38.3 Cel."""
    left, right = parse(code), parse(other)
    if left is None or right is None or not (is_temperature(left) and is_temperature(right)):
        return None
    converted = _registry().Quantity(value, left.parts[0][0]).to(right.parts[0][0])
    return float(converted.magnitude)
