"""No pattern of the layout or the readers, and none that the core looks for, takes time that grows with the
square of a text.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

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
        for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(info.name)
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    yield f"{info.name.removeprefix('eligex.')}.{name}", value
    yield from ((f"binding.{name}", pattern) for name, pattern in SEARCHED.items())
    yield from ((f"readers.sniff.{kind.name}", kind.pattern) for kind in FOREIGN)


def seconds(pattern: re.Pattern[str], text: str) -> float:
    began = time.process_time()
    for _ in pattern.finditer(text):
        pass
    return time.process_time() - began


@pytest.mark.parametrize(("name", "pattern"), [pytest.param(*each, id=each[0]) for each in patterns()])
def test_time_is_linear(name: str, pattern: re.Pattern[str]) -> None:
    for pump in PUMPS:
        short, long = (pump * (length // len(pump)) for length in (SHORT, LONG))
        taken = seconds(pattern, short)
        if taken > 0.005:  # where that takes no time, the square of it is not worth a measure
            exponent = math.log(seconds(pattern, long) / taken, LONG / SHORT)
            assert exponent <= 1.5, (name, pump, taken)  # a square has 2; 1.2 would fail by chance


def test_the_measure_detects_quadratic_growth() -> None:
    with pytest.raises(AssertionError):
        test_time_is_linear("blanks", re.compile(r"(?:--|__|::|;;|\s)+x"))  # slow enough on any machine
