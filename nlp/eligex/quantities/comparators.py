"""Comparators in symbols and in words, before and after a number.

Decides which tokens say "at least" or "or older", and which of the contract's comparators that is.
``between``, ``outside``, ``within`` and ``from`` are returned under these names; the caller closes them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from eligex.errors import LexiconError
from eligex.language.phrase_sets import Phrases, split_phrase
from eligex.language.tokens import NUM, Tokens
from eligex.lexicon.loader import DATA, read_toml, where_is

SYMBOLS = {
    ">": ">",
    "³": ">=",
    "£": "<=",
    "<": "<",
    "≥": ">=",
    "≤": "<=",
    "=": "=",
    "≠": "!=",
    "≯": "<=",
    "≮": ">=",
}
_FONT = frozenset("³£")
"""What ≥ and ≤ of an old symbol font became."""
_BEFORE = frozenset({"<", "<=", "=", "!=", ">=", ">", "between", "outside", "within", "from"})
_KEYS = {
    "templates": ("up", "down", "strict", "inclusive", "denied", "after"),
    "bare": ("strict", "denied", "after"),
    "before": _BEFORE,
    "after": (">=", "<="),
    "marks": ("age", "good", "bad"),
    "denied": ("words",),
}
FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
LOWER = frozenset({">", ">="})
UPPER = frozenset({"<", "<="})


@dataclass(frozen=True, slots=True)
class Word:
    """The meaning of a comparator phrase.

    ``age`` says that it compares only ages, ``good`` that it is better or worse, ``denied`` that a "not" is
    in front ("not ≥").
    """

    comparator: str
    age: bool = False
    good: bool | None = None
    denied: bool = False


@cache
def phrases() -> tuple[Phrases[Word], Phrases[Word]]:
    """Return the phrases before and after a number."""
    path = DATA / "comparators.toml"
    data = read_toml(path, _KEYS)
    before: Phrases[Word] = Phrases()
    after: Phrases[Word] = Phrases()
    templates = data["templates"]
    for up in (True, False):
        for word in templates["up" if up else "down"]:
            for name, yes, no in (("strict", ">", "<"), ("inclusive", ">=", "<="), ("denied", "<=", ">=")):
                for template in templates[name]:
                    _add(before, template.replace("{}", word), yes if up else no)
            for template in templates["after"]:
                _add(after, template.replace("{}", word), ">=" if up else "<=")
    _add_bare(before, after, data["bare"], templates["up"])
    text = path.read_text(encoding="utf-8")
    for known, table in ((before, data["before"]), (after, data["after"])):
        seen: set[str] = set()
        for comparator, listed in table.items():
            for phrase in listed:
                if phrase in seen:
                    raise LexiconError(
                        f"phrase {phrase!r} is listed twice", where=where_is(path, text, phrase)
                    )
                seen.add(phrase)
                _add(known, phrase, comparator)
    return before, after


@cache
def starters() -> frozenset[str]:
    """Return the words and symbols at which a comparator before a number may begin."""
    return phrases()[0].first_words | frozenset(SYMBOLS) | _deniers()


def _add_bare(before: Phrases[Word], after: Phrases[Word], bare: dict[str, Any], ups: list[str]) -> None:
    for phrase in bare["strict"]:
        _add(before, phrase, ">" if _points_up(phrase, ups) else "<")
    for phrase in bare["denied"]:
        _add(before, phrase, "<=" if _points_up(phrase, ups) else ">=")
    for phrase in bare["after"]:
        _add(after, phrase, ">=" if _points_up(phrase, ups) else "<=")


@cache
def _deniers() -> frozenset[str]:
    return frozenset(read_toml(DATA / "comparators.toml", _KEYS)["denied"]["words"])


@cache
def _marks() -> dict[str, list[str]]:
    marks: dict[str, list[str]] = read_toml(DATA / "comparators.toml", _KEYS)["marks"]
    return marks


def _points_up(phrase: str, ups: list[str]) -> bool:
    return any(word in phrase for word in ups)


def _add(phrases: Phrases[Word], phrase: str, comparator: str) -> None:
    words = split_phrase(phrase)
    age, good, bad = (not set(words).isdisjoint(_marks()[mark]) for mark in ("age", "good", "bad"))
    phrases.add(words, Word(comparator, age, True if good else False if bad else None))


def denies(tokens: Tokens, i: int) -> bool:
    """Whether token ``i`` denies the comparator or the value after it."""
    return tokens.low[i] in _deniers()


def before(tokens: Tokens, i: int) -> tuple[Word, int] | None:
    """Read the comparator that begins at token ``i``, before a number.

    Returns
    -------
    tuple of Word and int, or None
        What it means, and the token after it.
    """
    if tokens.low[i] not in starters():
        return None
    known = tokens.comparators
    if i not in known:
        known[i] = _before(tokens, i)
    found: tuple[Word, int] | None = known[i]
    return found


def _before(tokens: Tokens, i: int) -> tuple[Word, int] | None:
    if tokens.low[i] in SYMBOLS:
        found = _symbol(tokens, i)
        if found is not None:
            return found
    worded = phrases()[0].at(tokens, i)
    if worded is None:
        return _denied(tokens, i)
    word, j = worded
    low = tokens.low
    if low[j] in SYMBOLS or (low[j] in ("(", "[") and low[j + 1] in SYMBOLS):  # "at least (≥)"
        again = _symbol(tokens, j + (low[j] in ("(", "[")))
        if again is not None:
            j = again[1] + (low[again[1]] in (")", "]"))
            if again[0].comparator in (">=", "<=") or word.comparator in ("=", "from", "between", "within"):
                word = Word(again[0].comparator, word.age)
    return word, j


def _denied(tokens: Tokens, i: int) -> tuple[Word, int] | None:
    """Read "not ≥", "not at least": a comparator that is denied as a whole."""
    if tokens.low[i] not in _deniers():
        return None
    found = before(tokens, i + 1)
    plain = found is not None and found[0].comparator in FLIP and not found[0].denied
    return (replace(found[0], denied=True), found[1]) if found is not None and plain else None


def _symbol(tokens: Tokens, i: int) -> tuple[Word, int] | None:
    """Read ``>``, ``> =``, ``>/=``, ``> or =``, ``=>``, ``= or >``, ``> or equal to``."""
    low = tokens.low
    first = SYMBOLS[low[i]]
    joined = low[i] == "£" and tokens.glued(i + 1)
    if low[i] in _FONT and (joined or tokens.kind[i + 1] != NUM or tokens.glued(i)):
        return None  # a superscript, a currency
    if first == ">" and tokens.glued(i) and (low[i - 1] == "-" or low[i - 2 : i - 1] == ["<"]):
        return None  # an arrow, or the end of an HTML tag
    comparator, j = first, i + 1
    if low[j] == low[i] and tokens.glued(j):
        j += 1
    k = j + 1 if low[j] in ("/", "or", "and", "|") else j
    symbol = SYMBOLS.get(low[k])
    if symbol is not None and comparator + symbol not in ("<>", "><", "<=>", ">=<"):
        pair = {comparator[0], symbol[0]}
        if pair in ({">", "="}, {"<", "="}) or (comparator in (">=", "<=") and symbol[0] == comparator[0]):
            comparator, j = ("<=" if "<" in pair else ">="), k + 1
            k = j
    elif k > j and low[k] in ("equal", "equals"):
        comparator = ">=" if first[0] == ">" else "<=" if first[0] == "<" else first
        j = k + 1 + (low[k + 1] in ("to", "than"))
    elif comparator == "<" and symbol == ">":
        comparator, j = "!=", k + 1
    if low[j] == "(" and low[j + 1] in SYMBOLS and low[j + 2] == ")":
        j += 3
    elif low[j] == ")" and i and low[i - 1] == "(":
        j += 1  # "AST (< / =) 2.5"
    return Word(comparator), j


def after(tokens: Tokens, i: int) -> tuple[Word, int] | None:
    """Read the comparator that begins at token ``i``, after a number ("or older", "+")."""
    return phrases()[1].at(tokens, i)
