"""What says that letters and numbers are TNM categories, and what they are values of: the table ``CONTEXTS``.

Decides that "T2, N0" and "stage T2" are categories and "T2-weighted", "T2 lesions" and "visit N1" are none.
The notation itself is read in :mod:`eligex.quantities.tnm`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, TypeAlias

from eligex.language.rules import Rule
from eligex.language.tokens import Tokens
from eligex.lexicon.loader import DATA, read_words
from eligex.quantities import comparators

Span = tuple[int, int]

# "[any N, ]M1"  "[T any ]N1"  "c[Tany]N1"
_ANY_LETTER = re.compile(r"(?:\b[aA]ny\s{0,3}[TNM]\b|[TNM]\s?any)[\s,/]{0,9}(?:with\s)?$")
WIDEST_GAP = 40
"""Characters between categories that are read together."""
LEAD_REACH, _KINDS_REACH = 6, 4
"""How many tokens before and after categories the words are looked for that say what they are."""
_BRACKET_REACH = 5
"""How many tokens before a bracket its disease is looked for: "[cancer] of the prostate (T1a)"."""
_HORMONES = frozenset({"3", "4"})


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of ``tnm.toml``; the file says what each is for."""

    stages: frozenset[str]
    of_stages: frozenset[str]
    leads: frozenset[str]
    fillers: frozenset[str]
    followers: frozenset[str]
    generic: frozenset[str]
    diseases: frozenset[str]
    kinds: frozenset[str]
    refused: frozenset[str]
    hormones: frozenset[str]


@cache
def words() -> Words:
    """Return the word lists."""
    return read_words(DATA / "tnm.toml", Words)


class Value(NamedTuple):
    """A value: "2a", as it is written, and as it is written behind its letter; ``ends`` a range or not."""

    key: str
    text: str
    bare: str
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """One letter with its prefix, over the characters ``start``–``name_end``, and its values."""

    start: int
    name_end: int
    end: int
    prefix: str
    letter: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Categories beside each other among their tokens, and the tokens right before and after them."""

    tokens: Tokens
    categories: tuple[Category, ...]

    @property
    def before(self) -> int:
        """The token before the first category."""
        return bisect_left(self.tokens.start, self.categories[0].start, 0, self.tokens.n) - 1

    @property
    def after(self) -> int:
        """The token after the last category."""
        return bisect_left(self.tokens.start, self.categories[-1].end, 0, self.tokens.n)

    @property
    def letters(self) -> set[str]:
        """The letters."""
        return {each.letter for each in self.categories}


def _word(tokens: Tokens, k: int) -> str:
    return tokens.low[k] if 0 <= k < tokens.n else ""


def lead(run: Run, listed: frozenset[str]) -> Span | None:
    """Return the span of one of these words before the categories, over comparators and fillers."""
    tokens, k = run.tokens, run.before
    for _ in range(LEAD_REACH):
        word = _word(tokens, k)
        if word in listed:
            return tokens.start[k], tokens.end[k]
        if word not in words().fillers and word not in comparators.starters():
            return None
        k -= 1
    return None


def _is_refused(run: Run) -> bool:
    tokens, k = run.tokens, run.after
    k += _word(tokens, k) in ("-", "/", "*")
    if _word(tokens, k) in words().refused:
        return True
    values = {value.key for each in run.categories for value in each.values}
    hormonal = run.letters == {"t"} and values <= _HORMONES and not _is_prefixed(run)
    return hormonal and not words().hormones.isdisjoint(tokens.low) and lead(run, words().stages) is None


def _is_run(run: Run) -> bool:
    return len(run.letters) > 1


def _is_prefixed(run: Run) -> bool:
    return any(each.prefix not in ("", "r") for each in run.categories)


def _is_staged(run: Run) -> bool:
    return run.letters == {"t"} and lead(run, words().stages) is not None


def _is_beside_any(run: Run) -> bool:
    """Whether any value of another letter will do: "any T, any N, M1"."""
    start = run.categories[0].start
    return _ANY_LETTER.search(run.tokens.shadow, max(0, start - WIDEST_GAP), start) is not None


def _is_led(run: Run) -> bool:
    return lead(run, words().leads | words().stages) is not None


def _disease_before(run: Run) -> Span | None:
    """Return the disease of "prostate cancer (T1a or T1b)", "primary tumor: ≤ T2"."""
    tokens, k = run.tokens, run.before
    while _word(tokens, k) in comparators.starters() | {":", "stage"}:
        k -= 1
    bracketed = _word(tokens, k) in ("(", "[")
    if bracketed and _word(tokens, run.after) not in (")", "]", "stage", ",", "-", "or"):
        return None
    k -= bracketed
    for place in range(k, max(-1, k - (_BRACKET_REACH if bracketed else 1)), -1):
        word = _word(tokens, place)
        if word in words().diseases:
            return tokens.start[place], tokens.end[place]
        if not word.isalpha():
            return None
    return None


def _disease_after(run: Run) -> Span | None:
    """Return the disease of "T4 tumors", "T2 oral cavity cancer"."""
    tokens, k = run.tokens, _over_comparator(run.tokens, run.after)
    for place in range(k, k + _KINDS_REACH):
        word = _word(tokens, place)
        if word in words().diseases:
            return tokens.start[place], tokens.end[place]
        if word not in words().kinds:
            return None
    return None


def _over_comparator(tokens: Tokens, k: int) -> int:
    found = comparators.after(tokens, k) if k < tokens.n else None
    return k if found is None else found[1]


def _is_followed(run: Run) -> bool:
    return _word(run.tokens, _over_comparator(run.tokens, run.after)) in words().followers


def _is_of_disease_before(run: Run) -> bool:
    return run.letters == {"t"} and _disease_before(run) is not None


def _is_of_disease_after(run: Run) -> bool:
    return run.letters == {"t"} and _disease_after(run) is not None


def _of_letter(_: Run) -> None:
    return None


def _of_stage(run: Run) -> Span | None:
    """Return the span of the stage, with what kind of stage it is: "[clinical stage] T2"."""
    found, tokens = lead(run, words().stages), run.tokens
    if found is None:
        return None
    k = bisect_left(tokens.start, found[0], 0, tokens.n)
    return tokens.start[k - (_word(tokens, k - 1) in words().of_stages)], found[1]


Context: TypeAlias = Rule[Callable[[Run], bool], Callable[[Run], Span | None] | None]
# fmt: off
CONTEXTS: tuple[Context, ...] = (
    Rule("image, vertebra, hormone", _is_refused, None,
        "clinical T2 lesions => ", "clinical T2 => scale: = 2 {stage}"),
    Rule("several letters", _is_run, _of_letter,
        "T2 N0 => scale: = 2 {stage}; scale: = 0 {stage}", "pT2 => scale: = 2 {stage}"),
    Rule("prefix", _is_prefixed, _of_letter,
        "pT2 => scale: = 2 {stage}", "T2 N0 => scale: = 2 {stage}; scale: = 0 {stage}"),
    Rule("stage", _is_staged, _of_stage, "stage T2 => scale: = 2 (T2) {stage}", "pT2 => scale: = 2 {stage}"),
    Rule("disease before", _is_of_disease_before, _disease_before,
        "lung cancer (T2) => scale: = 2 (T2) {stage}", "lung cancer (pT2) => scale: = 2 {stage}"),
    Rule("disease after", _is_of_disease_after, _disease_after,
        "T2 tumors => scale: = 2 (T2) {stage}", "pT2 tumors => scale: = 2 {stage}"),
    Rule("any other letter", _is_beside_any, _of_letter,
        "any N, M1 => scale: = 1 {stage}", "N2 disease => scale: = 2 {stage}"),
    Rule("word before", _is_led, _of_letter, "clinical T2 => scale: = 2 {stage}", "visit T2 => "),
    Rule("word after", _is_followed, _of_letter, "N2 disease => scale: = 2 {stage}", "N2 gas => "),
)
# fmt: on
"""What says that letters are categories, and what they are values of: a span, or the letters themselves."""
