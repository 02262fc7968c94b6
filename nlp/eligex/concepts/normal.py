"""How names of concepts are compared: folded words, stems, and the bag of stems that is a name's key.

Decides when two ways of writing are one name: case, accents, hyphens, British and American spelling, plurals,
the order of words ("Neoplasms, Lung") and fillers.  What a name means is left to others.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from eligex.lexicon.loader import read_words

DATA = Path(__file__).parent / "data"
_WORD = re.compile(r"[a-z0-9]+")
_POSSESSIVE = re.compile(r"['’`]s\b")  # "Crohn's"
_GREEK = str.maketrans(
    {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "µ": "u", "μ": "u"}
)
_SPELLINGS = (
    ("ae", "e"),
    ("oe", "e"),
    ("our", "or"),
    ("isation", "ization"),
    ("phth", "pth"),
    ("sulph", "sulf"),
)
_PLURALS = (
    ("ases", "asi"),  # metastases
    ("oses", "osi"),
    ("yses", "ysi"),
    ("eses", "esi"),
    ("ises", "isi"),
    ("ies", "y"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("xes", "x"),
    ("sses", "ss"),
)
_KEPT_ENDS = ("ss",)
_NUMERALS = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_NUMBERED = frozenset(("type", "stage", "grade", "class", "factor", "phase"))


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of ``words.toml``; the file says what each is for."""

    fillers: frozenset[str]
    modifiers: frozenset[str]
    measured: frozenset[str]
    kept: frozenset[str]
    denying: frozenset[str]
    biomarker: frozenset[str]
    changes: frozenset[str]
    endings: frozenset[str]
    adjectives: frozenset[str]
    ailments: frozenset[str]
    general: frozenset[str]
    same: dict[str, str]


@cache
def concept_words() -> Words:
    """Return the words by which names are compared."""
    return read_words(DATA / "words.toml", Words)


def folded(text: str) -> str:
    """Return ``text`` in lower case, without accents and possessives: "Ménière's" -> "meniere"."""
    text = text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_GREEK))
        text = "".join(c for c in text if not unicodedata.combining(c))
    return _POSSESSIVE.sub("", text)


def plain_words(text: str) -> list[str]:
    """Return the words of a name, folded: "Beta-Blocker" -> ["beta", "blocker"]."""
    return _WORD.findall(folded(text))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return a word in American spelling and without its plural.

    >>> [stem(word) for word in ("haemorrhages", "metastases", "tumours", "diabetes", "pregnancies")]
    ['hemorrhage', 'metastasi', 'tumor', 'diabete', 'pregnancy']
    """
    if len(word) > 4:
        for british, american in _SPELLINGS:
            word = word.replace(british, american)
    if len(word) > 3 and word.endswith("s") and not word.endswith(_KEPT_ENDS):
        for ending, singular in _PLURALS:
            if word.endswith(ending):
                return word[: -len(ending)] + singular
        return word[:-1]
    return word


def stems(text: str) -> list[str]:
    """Return the stems of a name in their order, with numerals after "type" and the like as digits.

    >>> stems("Diabetes Mellitus, Type II")
    ['diabete', 'mellitu', 'type', '2']
    """
    found = [stem(word) for word in plain_words(text)]
    for place, word in enumerate(found):
        if word in ("ii", "iii") or (word in _NUMERALS and place and found[place - 1] in _NUMBERED):
            found[place] = _NUMERALS[word]
    return found


def bag(text: str) -> tuple[str, ...]:
    """Return the sorted stems of a name without fillers; all of them if nothing else is left.

    >>> bag("Neoplasms of the Lung") == bag("lung neoplasm")
    True
    """
    return bag_of(stems(text))


def bag_of(words: list[str]) -> tuple[str, ...]:
    """Return the bag of stems that were found already."""
    fillers = concept_words().fillers
    if fillers.isdisjoint(words):
        return tuple(sorted(words))
    return tuple(sorted(word for word in words if word not in fillers)) or tuple(sorted(words))


def key(words: tuple[str, ...]) -> int:
    """Return the 32-bit number under which a bag is kept; two bags may share one."""
    return zlib.crc32(" ".join(words).encode())


def alike(a: str, b: str) -> float:
    """Return the Dice coefficient of the letter pairs of two words."""
    left, right = ({word[i : i + 2] for i in range(len(word) - 1)} for word in (a, b))
    return 2 * len(left & right) / max(len(left) + len(right), 1)
