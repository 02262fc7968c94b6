"""Conversions of analytes against published factors, and there and back again."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from eligex.concepts.analytes import Analyte, analytes, canonical, conversion, from_canonical
from eligex.quantities.units import normalise

from .errors import CorpusError

WITHIN = 0.01
_VALUES = (0.1, 1.0, 7.0, 250.0)


@dataclass(frozen=True, slots=True)
class Compared:
    """A published factor beside ours; ``note`` is why they may differ."""

    analyte: str
    source: str
    target: str
    published: float
    ours: float | None
    note: str

    @property
    def difference(self) -> float | None:
        """How far ours is from the published one, relative to it."""
        return None if self.ours is None else abs(self.ours - self.published) / self.published

    @property
    def agrees(self) -> bool:
        """Whether they are the same within 1 %."""
        return self.difference is not None and self.difference <= WITHIN


def published() -> Iterator[Compared]:
    """Compare with the factors of the usual tables, which come with the harness."""
    known = {each.name: each for each in analytes()}
    text = (files("eligex_eval") / "data" / "published_factors.tsv").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith(("#", "analyte\t")):
            continue
        name, source, target, factor, note = line.split("\t")
        ours = conversion(known[name], source, target)
        yield Compared(name, source, target, float(factor), ours, note)


def loinc_factors(path: Path) -> Iterator[Compared]:
    """Compare with the rows of ``conversions.tsv`` whose LOINC codes belong to one analyte.

    A row says that a value in the unit of one code is the factor times a value in that of the other; which
    way it goes is not written the same way everywhere, so both are tried.
    """
    by_code = {code.partition(":")[2]: each for each in analytes() for code in each.codes}
    try:
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            lines = stream.read().splitlines()[1:]
    except OSError as error:
        raise CorpusError(f"cannot be read: {error}", where=str(path)) from error
    for line in lines:
        _, code, unit, other_code, other, factor, _, check = line.split("\t")
        analyte = by_code.get(code) or by_code.get(other_code)
        one, two = _ucum(unit), _ucum(other)
        if analyte is None or one is None or two is None:
            continue
        there, back = conversion(analyte, one, two), conversion(analyte, two, one)
        ways = [way for way in (there, back) if way is not None]
        if ways:
            value = float(factor)
            nearest = min(ways, key=lambda way: abs(way - value) / value)
            yield Compared(analyte.name, unit, other, value, nearest, check)


def _ucum(unit: str) -> str | None:
    return normalise(unit) or (unit if "/" in unit else None)


def round_trips() -> Iterator[tuple[Analyte, str, float]]:
    """Yield each analyte and unit with the greatest error of going to the canonical unit and back."""
    for analyte in analytes():
        for unit in (analyte.unit, *analyte.units):
            worst = 0.0
            for value in _VALUES:
                there = canonical(analyte, value, unit)
                back = None if there is None else from_canonical(analyte, there, unit)
                worst = max(worst, float("inf") if back is None else abs(back - value) / value)
            yield analyte, unit, worst
