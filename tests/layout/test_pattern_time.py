"""No pattern of the layout or the readers, and none of the core, takes time that grows with the square of a
text: neither one that is looked for, nor one that is tried at one place.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
import re
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from types import ModuleType
from typing import Any

import pytest

import eligex.binding
import eligex.layout
import eligex.readers
from eligex.binding import window_words, words
from eligex.readers.sniff import FOREIGN

PUMPS = (
    " ",
    "\xa0",
    " \n",
    "x",
    "1,",
    ".",
    ":",
    "-",
    "(",
    "*",
    "~",
    "<",
    "the/",
    "the ",
    "must not ",
    "<br>",
)
SHORT, LONG = 2_000, 8_000
SEARCHED = {
    "window_words.COUNTS_AFTER": window_words.COUNTS_AFTER,
    "window_words.COUNTS_FROM": window_words.COUNTS_FROM,
    "words.NEXT_NEED": words.NEXT_NEED,
    "words.OF_ANOTHER": words.OF_ANOTHER,
    "words.PAIRED": words.PAIRED,
}
"""Most patterns of the core are tried at one place; these are looked for in what is between two things."""


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for package in (eligex.layout, eligex.readers):
        yield from patterns_of(package)
    yield from ((f"binding.{name}", pattern) for name, pattern in SEARCHED.items())
    yield from ((f"readers.sniff.{kind.name}", kind.pattern) for kind in FOREIGN)


def patterns_of(package: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        for name, value in vars(importlib.import_module(info.name)).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                yield f"{info.name.removeprefix('eligex.')}.{name}", value


def seconds(look: Callable[[str], Any], text: str) -> float:
    began = time.process_time()
    look(text)
    return time.process_time() - began


def assert_linear(name: str, look: Callable[[str], Any], pumps: Iterable[tuple[str, str]]) -> None:
    for lead, pump in pumps:
        short, long = (lead + pump * (length // len(pump)) for length in (SHORT, LONG))
        taken = seconds(look, short)
        if taken > 0.005:  # where that takes no time, the square of it is not worth a measure
            exponent = math.log(seconds(look, long) / taken, LONG / SHORT)
            assert exponent <= 1.5, (name, lead, pump, taken)  # a square has 2; 1.2 would fail by chance


@pytest.mark.parametrize(("name", "pattern"), [pytest.param(*each, id=each[0]) for each in patterns()])
def test_time_is_linear(name: str, pattern: re.Pattern[str]) -> None:
    assert_linear(name, pattern.findall, (("", pump) for pump in PUMPS))


def test_time_at_one_place_is_linear() -> None:
    found = {pattern: name for name, pattern in patterns_of(eligex.binding)}
    for pattern, name in found.items():
        for look in (pattern.match, pattern.fullmatch):
            assert_linear(name, look, product(("", "x", "the"), (" ", "\xa0", " \n", "x", "-", "(", "the ")))


def test_the_measure_detects_quadratic_growth() -> None:
    with pytest.raises(AssertionError):
        test_time_is_linear("blanks", re.compile(r"(?:--|__|::|;;|\s)+x"))  # slow enough on any machine
    with pytest.raises(AssertionError):
        assert_linear("blanks", re.compile(r"\s*,?\s*(?:and|or)").match, [("", " ")])
