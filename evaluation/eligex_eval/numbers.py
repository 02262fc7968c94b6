"""Read the value of an annotated number: a small parser of the harness's own.

It is deliberately independent of the grammar that it helps to measure.  It reads one annotated value, not
running text, and gives a float, a folded string for values that are not numbers (letters, stages such as
"iiib", visual acuity "20/40"), or ``None`` where nothing can be compared.
"""

from __future__ import annotations

import re
import unicodedata

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
).split()
WORDS: dict[str, float] = {word: float(value) for value, word in enumerate(_WORDS)} | {
    **{
        tens: 20.0 + 10 * i
        for i, tens in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
    },
    **{
        "half": 0.5,
        "once": 1.0,
        "twice": 2.0,
        "double": 2.0,
        "doubling": 2.0,
        "triple": 3.0,
        "hundred": 100.0,
    },
    **{"first": 1.0, "second": 2.0, "third": 3.0, "a": 1.0, "an": 1.0, "single": 1.0, "thousand": 1000.0},
}
ROMAN: dict[str, float] = {
    numeral: float(value)
    for value, numeral in enumerate("i ii iii iv v vi vii viii ix x xi xii".split(), start=1)
}
_MINUS_SIGNS = str.maketrans("\u2212\u2013\u2010", "---")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[,\s]\d{3})+(?:\.\d+)?")  # 100,000  1 500  3,000.5
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)?|\.\d+)")  # 18  18.5  18,5  .5  -2
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")  # 7th
_POWER = re.compile(r"([\d.,]+)\s*[x*·×]\s*10\s*(?:\^|\*\*|e)?\s*(\d{1,2})")  # 1.5 x 10^9
_SCALED = re.compile(r"([\d.,]+)\s*(thousand|million|billion)")  # 1.5 million
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_WEEKS_AND_DAYS = re.compile(r"(\d{1,2})\s*[ +]\s*([0-6])/7")  # 16 0/7
_RANKED = re.compile(
    r"(?P<acuity>\d{1,3})/(?P<of>\d{1,3})|1:(?P<titre>\d+)"
    r"|(?P<stage>[ivx]{1,4}|\d)[a-e]\d?|(?P<prefix>[a-z]{1,2})(?P<number>\d)|(?P<letter>[a-e])"
)  # 20/40  1:64  iiib  3a  vp4  b
_LETTERS = re.compile(r"[a-z]{1,4}\d?|\d{1,3}/\d{1,3}|\d[a-z]")  # b  iiib  20/40  3a


def parse_value(text: str) -> float | str | None:
    """Return the number of a written value.

    >>> [parse_value(t) for t in ("100,000", "18,5", "two", "III", "C", "IIIB", "10:40 pm")]
    [100000.0, 18.5, 2.0, 3.0, 'c', 'iiib', None]
    """
    folded = unicodedata.normalize("NFKC", text).strip().strip("()").casefold()
    folded = folded.translate(_MINUS_SIGNS).rstrip(".%+").strip()
    if folded in WORDS:
        return WORDS[folded]
    if folded in ROMAN:
        return ROMAN[folded]
    if _GROUPED.fullmatch(folded):
        return float(re.sub(r"[,\s]", "", folded))
    if _DECIMAL.fullmatch(folded):
        return float(folded.replace(",", "."))
    if match := _ORDINAL.fullmatch(folded):
        return float(match[1])
    if match := _POWER.fullmatch(folded):
        return float(match[1].replace(",", ".")) * 10.0 ** int(match[2])
    if match := _WEEKS_AND_DAYS.fullmatch(folded):
        return int(match[1]) + int(match[2]) / 7
    if match := _SCALED.fullmatch(folded):
        return float(match[1].replace(",", ".")) * _SCALES[match[2]]
    if match := re.fullmatch(r"([a-z]+)[\s-]([a-z]+)", folded):
        return _compound(match[1], match[2])
    return folded if _LETTERS.fullmatch(folded) else None


def _compound(first: str, second: str) -> float | None:
    """Read "twenty-four" and "two hundred"."""
    a, b = WORDS.get(first), WORDS.get(second)
    if a is None or b is None:
        return None
    return a * b if b >= 100 else a + b


def as_threshold(value: float | str) -> tuple[float, str | None] | None:
    """Return the number of a threshold, and its words if they are not that number.

    >>> [as_threshold(v) for v in (18, "III", "B", "IIIB", "20/40", "1:64", "high")]
    [(18, None), (3.0, None), (2, 'B'), (3.0, 'IIIB'), (0.5, '20/40'), (64, '1:64'), None]
    """
    if not isinstance(value, str):
        return value, None
    match = _RANKED.fullmatch(value.strip().casefold())
    if match is None:
        number = parse_value(value)
        return (number, None) if isinstance(number, float) else None
    if match["acuity"]:
        return int(match["acuity"]) / max(int(match["of"]), 1), value
    if match["stage"]:
        return ROMAN.get(match["stage"]) or float(match["stage"]), value
    if match["letter"]:
        return ord(match["letter"]) - ord("a") + 1, value
    return int(match["titre"] or match["number"]), value


def same_value(a: float | str, b: float | str) -> bool:
    """Compare two parsed values; numbers may differ by rounding only.

    >>> same_value(0.1 + 0.2, 0.3), same_value("b", "b"), same_value(1.0, "1")
    (True, True, False)
    """
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    return a == b or abs(a - b) <= 1e-9 * max(abs(a), abs(b))
