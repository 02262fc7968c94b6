"""Packages that find quantities in any text: quantulum3, and the quantities of edsnlp.

What the package finds is taken as it is: the value, the unit, the span.  Neither says whose quantity it is;
edsnlp gives a comparator, quantulum3 none.  The words in front (:mod:`.words`) fill in what is missing, and
a value after "within", "in the past" is a time window and no limit.  A package that is not installed is an
error that says how to install it; edsnlp needs Python 3.12 or an environment without medspaCy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from importlib.resources import files
from typing import Any

from eligex.schema import Comparator, Predicate, TrialCriteria

from ..documents import Input
from ..errors import SystemFailedError
from . import build
from .words import WINDOW_BEFORE, line_before, sign_before, words_before


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity that a package found; two numbers are the ends of a range."""

    start: int
    end: int
    numbers: tuple[float, ...]
    unit: str
    comparator: Comparator | None = None


@cache
def units(tool: str) -> dict[str, str]:
    """Return the UCUM codes of the units of a tool by its own names.

    >>> units("quantulum3")["gram per decilitre"]
    'g/dL'
    """
    text = files("eligex_eval").joinpath("data/foreign_units.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: code for of, name, code in rows if of == tool}


class Quantities:
    """A package that finds quantities, as a system."""

    name = ""
    package = ""

    def describe(self) -> dict[str, Any]:
        """Return the version of the package."""
        return {"package": self.package, "version": metadata.version(self.package)}

    def find(self, text: str) -> Iterator[Found]:
        """Yield the quantities of a text."""
        raise NotImplementedError

    def predict(self, inputs: Iterable[Input]) -> Iterator[TrialCriteria]:
        """Yield a result for every input."""
        for item in inputs:
            predicates = [p for each in self.find(item.text) if (p := self._predicate(item.text, each))]
            values = [build.entity(item.text, *span, "Value") for span in _spans(predicates)]
            named = [build.entity(item.text, p.entity.start, p.entity.end, "Measurement") for p in predicates]
            entities = [each for each in (*values, *named) if each]
            yield build.result(item.id, item.text, entities, predicates)

    def _predicate(self, text: str, found: Found) -> Predicate | None:
        before = line_before(text, found.start)
        sign = sign_before(before)
        start = found.start if sign is None else found.start - len(before) + sign[1]
        before = line_before(text, start)
        if WINDOW_BEFORE.search(before):
            return None
        ranged = len(found.numbers) == 2
        comparator = "between" if ranged else found.comparator or (sign[0] if sign else "=")
        entity = words_before(start, before) or (start, found.end)
        unit = units(self.package).get(found.unit)
        value = start, found.end
        return build.number_predicate(text, entity, value, comparator, found.numbers, unit, None)


def _spans(predicates: Iterable[Predicate]) -> Iterator[tuple[int, int]]:
    for p in predicates:
        if p.value_start is not None and p.value_end is not None:
            yield p.value_start, p.value_end


class Quantulum(Quantities):
    """quantulum3, without its trained choice between units of one name."""

    name = "quantulum3"
    package = "quantulum3"

    def __init__(self) -> None:
        try:
            from quantulum3 import classifier, parser
        except ImportError as error:
            raise SystemFailedError("quantulum3 is not installed", remedy="pip install quantulum3") from error
        classifier.USE_CLF = False  # its pickled classifier loads with one version of scikit-learn alone
        self.parse = parser.parse

    def find(self, text: str) -> Iterator[Found]:
        """Yield the quantities of a text; a mean with its uncertainty is the range it came from."""
        for item in self.parse(text):
            start, end = item.span
            numbers: tuple[float, ...] = (float(item.value),)
            if item.uncertainty:
                numbers = (item.value - item.uncertainty, item.value + item.uncertainty)
            yield Found(start, end, numbers, item.unit.name)


class EdsQuantities(Quantities):
    """The quantities of edsnlp, all that it knows."""

    name = "edsnlp-quantities"
    package = "edsnlp"

    def __init__(self) -> None:
        try:
            import edsnlp
        except ImportError as error:
            raise SystemFailedError(
                "edsnlp is not installed",
                remedy='pip install "eligex[bench]" has it from Python 3.12 on: it needs spaCy 3.8.',
            ) from error
        self.nlp = edsnlp.blank("eds")
        self.nlp.add_pipe("eds.sentences")
        settings = {"quantities": "all", "extract_ranges": True, "use_tables": False}
        self.nlp.add_pipe("eds.quantities", config=settings)

    def find(self, text: str) -> Iterator[Found]:
        """Yield the quantities of a text."""
        for span in self.nlp(text).spans["quantities"]:
            items = list(span._.value)
            numbers = tuple(number for item in items for number in _numbers(item.value))[:2]
            yield Found(
                span.start_char, span.end_char, numbers, str(items[0].unit), _sign(span.text, items[0])
            )


def _numbers(value: Any) -> tuple[float, ...]:
    """Return the number of a quantity of edsnlp, or the two ends of a range."""
    return tuple(map(float, value)) if isinstance(value, tuple | list) else (float(value),)


def _sign(words: str, item: Any) -> Comparator | None:
    """Return the comparator of a quantity of edsnlp, which takes ``>=`` for ``>``: what is written counts."""
    if words.startswith((">=", "<=")):
        return ">=" if words.startswith(">") else "<="
    said = getattr(item, "value_range", None)
    return ">" if said == ">" else "<" if said == "<" else None
