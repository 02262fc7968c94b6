"""The words around a number that say what it is: an age, a measurement, a label, the count of a noun.

Decides from the neighbouring words alone.  Loads ``contexts.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from eligex.language.tokens import NUM, WORD, Tokens
from eligex.lexicon.loader import DATA, read_toml
from eligex.quantities.units import parse_unit

_KEYS = {
    "measures": ("words", "fillers"),
    "labels": ("words", "months"),
    "ages": ("words", "fillers", "people"),
    "names": ("after", "lead"),
    "counts": ("stops", "adjectives", "nouns", "never"),
}


@dataclass(frozen=True, slots=True)
class Contexts:
    """The word lists of ``contexts.toml``."""

    measures: frozenset[str]
    measure_fillers: frozenset[str]
    labels: frozenset[str]
    months: frozenset[str]
    ages: frozenset[str]
    age_fillers: frozenset[str]
    people: frozenset[str]
    test_after: frozenset[str]
    test_lead: frozenset[str]
    stops: frozenset[str]
    nouns: frozenset[str]
    never: frozenset[str]
    adjectives: frozenset[str]


@cache
def contexts() -> Contexts:
    """Return the lists, read once."""
    data = read_toml(DATA / "contexts.toml", _KEYS)
    return Contexts(
        measures=frozenset(data["measures"]["words"]),
        measure_fillers=frozenset(data["measures"]["fillers"]),
        labels=frozenset(data["labels"]["words"]),
        months=frozenset(data["labels"]["months"]),
        ages=frozenset(data["ages"]["words"]),
        age_fillers=frozenset(data["ages"]["fillers"]),
        people=frozenset(data["ages"]["people"]),
        test_after=frozenset(data["names"]["after"]),
        test_lead=frozenset(data["names"]["lead"]),
        stops=frozenset(data["counts"]["stops"]),
        nouns=frozenset(data["counts"]["nouns"]),
        never=frozenset(data["counts"]["never"]),
        adjectives=frozenset(data["counts"]["adjectives"]),
    )


def age_before(tokens: Tokens, i: int, reach: int = 9) -> tuple[int, int] | None:
    """Return the span of the age word that the expression at token ``i`` follows, or None."""
    words = contexts()
    k = i - 1
    while k >= 0 and k >= i - reach:
        word = tokens.low[k]
        if word in words.ages:
            return tokens.start[k], tokens.end[k]
        if word not in words.age_fillers:
            return None
        k -= 1
    return None


def age_inside(tokens: Tokens, i: int, j: int) -> tuple[int, int] | None:
    """Return the span of an age word within the tokens ``[i, j)`` ("under the age of 18"), or None."""
    words = contexts().ages
    return next(((tokens.start[k], tokens.end[k]) for k in range(i, j) if tokens.low[k] in words), None)


def measured(tokens: Tokens, i: int) -> bool:
    """Whether a measurement's name stands right before token ``i`` ("BMI of", "eGFR =", "score (")."""
    words = contexts()
    k = i - 1
    while k >= 0 and k >= i - 6:
        word = tokens.low[k]
        if word in words.measures:
            return True
        if word not in words.measure_fillers:
            return False
        k -= 1
    return False


def labelled(tokens: Tokens, i: int) -> bool:
    """Whether the number at token ``i`` is a label, a date or a part of a name ("Part 1", "IL-6")."""
    words = contexts()
    before = tokens.low[i - 1] if i else ""
    if before in ("-", "#", ".", "_") and tokens.glued(i) and i > 1 and tokens.glued(i - 1):
        return tokens.kind[i - 2] == WORD
    if before == "." and i > 1:
        before = tokens.low[i - 2]
    return before in words.labels or before in words.months


def people_before(tokens: Tokens, i: int) -> bool:
    """Whether the expression at token ``i`` opens its sentence or follows a word for people."""
    words = contexts()
    k = i - 1
    skipped = 0
    while k >= 0 and skipped < 5:
        word = tokens.low[k]
        if word in words.people:
            return True
        if tokens.kind[k] == NUM:
            return False
        if word in (
            ",",
            "(",
            "-",
            "*",
            "•",
            "and",
            "or",
            "/",
            "must",
            "be",
            "is",
            "are",
            "of",
            ")",
            ":",
            "either",
        ):
            k -= 1
            skipped += 1
            continue
        return False
    return k < 0


def test_name(tokens: Tokens, i: int, j: int) -> bool:
    """Whether the duration ``[i, j)`` names a test: "24-hour urine", "6 minute walk", "FEV in 1 second"."""
    words = contexts()
    if tokens.low[j] in words.test_after:
        return True
    return tokens.low[i - 1] == "in" and i > 1 and tokens.low[i - 2] in words.test_lead


def counted(tokens: Tokens, j: int, plural: bool) -> tuple[str, int, int] | None:
    """Read the noun phrase of counted things at token ``j``.

    Returns
    -------
    tuple of str, int and int, or None
        The counted noun in lower case with its "per" part if any, and the tokens of the noun phrase.
    """
    words = contexts()
    low, kind = tokens.low, tokens.kind
    phrase: list[int] = []
    k = j
    while (
        k < j + 9
        and len(phrase) < 6
        and kind[k] == WORD
        and low[k] not in words.stops
        and not tokens.broken(k)
    ):
        phrase.append(k)
        k += 1
        if low[k] == "-" and tokens.glued(k) and tokens.glued(k + 1) and kind[k + 1] == WORD:
            phrase.pop()
            k += 1
    while phrase and low[phrase[-1]] in words.adjectives:
        phrase.pop()
    head = _head(tokens, phrase, plural)
    if head is None or any(low[x] in words.never for x in range(j, head + 1)):
        return None
    noun, end = low[head], head + 1
    rate = parse_unit(tokens, end) if low[end] in ("/", "per") else None
    if rate is not None:
        return noun + "}" + rate.code, j, rate.j
    return noun, j, end


def _head(tokens: Tokens, phrase: list[int], plural: bool) -> int | None:
    """Choose the counted noun of a phrase: its first plural, else the last noun of the list, else its end."""
    low, nouns = tokens.low, contexts().nouns
    if plural:
        for k in phrase:
            if _is_plural(low[k]):
                return k
    listed = [k for k in phrase if low[k] in nouns]
    if listed:
        return listed[-1]
    if plural or not phrase or low[phrase[-1]].endswith(("ly", "able", "ible", "ed")):
        return None
    return phrase[-1]


def _is_plural(word: str) -> bool:
    if len(word) < 4 or not word.endswith("s"):
        return word in (
            "children",
            "teeth",
            "women",
            "men",
            "people",
            "metastases",
            "criteria",
            "feet",
            "ova",
        )
    return not word.endswith(("ss", "us", "is", "ous")) or word in ("metastasis",)
