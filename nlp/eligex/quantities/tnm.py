"""Categories of the TNM classification: "T2-3, N0-1, M0", "cT2-T4a", "prostate cancer (T1a or T1b)".

Decides which letters and numbers are categories (the table ``CONTEXTS``), how far their values reach, and
what they are values of: of the letter with its prefix, or, where a T stands alone beside a stage or a
disease, of that.  The notation has rules of its own ("T1-2N1M0" is three values), so that it is read before
the grammar of other values.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple, TypeAlias, cast

from eligex.language.rules import Rule, decide
from eligex.language.tokens import Tokens
from eligex.lexicon.loader import DATA, read_words
from eligex.quantities import comparators
from eligex.quantities.comparators import FLIP
from eligex.schema import Comparator, Quantity

SCALE = "tnm"
Span = tuple[int, int]

_SUB = r"(?:mi|[a-d](?:[1-3]|i{1,3})?)?"  # T1[mi]  T4[a]  N1[c]  T1[a1]
_NEXT = r"(?:yp|yc|[cpryu])?[TNM](?:[0-4xX+]|is\b|any)"
_END = rf"(?:(?![^\W_])|(?={_NEXT}))"
# "cT2"  "T 4"  "Tis"  "N2b"  "NX"  "cN+"  "M1a"
_CATEGORY = re.compile(
    rf"""
    (?P<prefix>(?:yp|yc|[cpryu])?)
    (?: (?P<t>T) (?: (?P<t_is>[iI][sS]|a|[xX]) | \ ?(?P<t_value>[0-4]{_SUB}) )
      | (?P<n>N) (?: (?P<n_is>[xX]|\+(?!/-)) | \ ?(?P<n_value>[0-3]{_SUB}) )
      | (?P<m>M) (?: (?P<m_is>[xX]|\+(?!/-)) | \ ?(?P<m_value>[01]{_SUB}) )
    ) {_END}
    """,
    re.VERBOSE,
)
_OPENS = re.compile(r"(?<![^\W_])(?:yp|yc|[cpryu])?(?=[TNM] ?[0-4xX+iIa])")
# "T2[Nany]M0"
_ANY_GLUED = re.compile(r"(?:yp|yc|[cpryu])?[TNM]any(?=[TNM])")
# "T2[-]3"  "T1[ through ]T3"
_TO = re.compile(r"\s?(?:-|\bto\b|\bthrough\b)\s?")
# "T1[, ]2"  "T3[/]4"  "T1a[ or ]T1b"
_OR = re.compile(r"\s{0,12}(?:,\s{0,12}(?:(?:and/or|or|and)\b)?|/|&|(?:and/or|or|and)\b)\s{0,12}")
# A further value without its letter: "T2-[3]", "T4a/[b]".
_BARE = re.compile(rf"(?P<value>[0-4]{_SUB}|[xX]|[a-d]){_END}(?!\.\d)")
# What may follow one in a list: "T1, 2[;]", not "T1, 2 [cm]".
_CLOSES = re.compile(
    rf"\s{{0,12}}(?:[,;)\]/&:]|\.(?!\d)|-|(?:or|and|with|disease|stage|tumou?rs?|cancers?)\b|$|{_NEXT})"
)
# Between neighbours: "T2[, any ]N", "T1[ or ]T2", "T4[, any N, ]M0".
_GAP = re.compile(
    r"""
    [\s,;:/&()\[\]+*<>≤≥=-]{0,14}
    (?: (?: (?:and/or|and|or|any|with|stage|clinical|[TNM]) \b | (?:yp|yc|[cpryu])?[TNM]any )
        [\s,;:/+()\[\]<>≤≥=-]{0,14} ){0,4}
    """,
    re.VERBOSE,
)
# "[any N, ]M1"  "[T any ]N1"  "c[Tany]N1"
_ANY_LETTER = re.compile(r"(?:\b[aA]ny\s{0,3}[TNM]\b|[TNM]\s?any)[\s,/]{0,9}(?:with\s)?$")
_WIDEST_GAP = 40
_LEAD_REACH, _KINDS_REACH = 6, 4
"""How many tokens before and after categories the words are looked for that say what they are."""
_BRACKET_REACH = 5
"""How many tokens before a bracket its disease is looked for: "[cancer] of the prostate (T1a)"."""
_HORMONES = frozenset({"3", "4"})
_SUBSTAGES = frozenset("abcd")


@dataclass(frozen=True, slots=True)
class _Words:
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
def _words() -> _Words:
    return read_words(DATA / "tnm.toml", _Words)


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


def may_hold_categories(text: str) -> bool:
    """Whether a text has a letter with a value."""
    return _OPENS.search(text) is not None


def find_categories(tokens: Tokens) -> list[Quantity]:
    """Find the categories of one sentence or criterion, in order.

    >>> [(each.text, each.comparator) for each in find_categories(Tokens("stage T2-3, N0, M0"))]
    [('T2-3', 'between'), ('N0', '='), ('M0', '=')]
    """
    found = []
    for run in _runs(tokens):
        about = decide(CONTEXTS, run)
        if about is None:
            continue
        of = about(run)
        for each in run.categories:
            quantity = _quantity(tokens, each, of)
            if quantity is not None:
                found.append(quantity)
    return found


def adds_nothing(words: str) -> bool:
    """Whether words say nothing beside a category that is a value of its letter: "N2 [disease]"."""
    known = _words()
    return (known.followers | known.generic).issuperset(words.lower().split())


def says_how(words: str) -> bool:
    """Whether words say by what categories were found: "[pathologic tumor stage] T2"."""
    known = _words()
    return (known.stages | known.leads | known.fillers).issuperset(words.lower().split())


# --- reading


def _runs(tokens: Tokens) -> Iterator[Run]:
    run: list[Category] = []
    for each in _categories(tokens.shadow, tokens.start[0], tokens.end[tokens.n]):
        gap = tokens.shadow[run[-1].end : each.start] if run else ""
        if run and (len(gap) > _WIDEST_GAP or _GAP.fullmatch(gap) is None):
            yield Run(tokens, tuple(run))
            run = []
        run.append(each)
    if run:
        yield Run(tokens, tuple(run))


def _categories(text: str, position: int, stop: int) -> Iterator[Category]:
    while (opens := _OPENS.search(text, position, stop)) is not None:
        match = _CATEGORY.match(text, _over_any(text, opens.start()), stop)
        position = opens.start() + 1 if match is None else match.end()
        while match is not None:
            found = _category(text, match, stop)
            yield found
            position = found.end
            match = _CATEGORY.match(text, _over_any(text, position), stop)  # "T2[N0]M0"


def _over_any(text: str, position: int) -> int:
    match = _ANY_GLUED.match(text, position)
    return position if match is None else match.end()


def _read(match: re.Match[str], *, ends: bool = False) -> tuple[str, Value]:
    """Return the letter and the value of a category."""
    letter = next(letter for letter in "tnm" if match[letter])
    bare = match[f"{letter}_is"] or match[f"{letter}_value"]
    return letter, Value(bare.lower(), match[0], bare, ends)


def _category(text: str, match: re.Match[str], stop: int) -> Category:
    letter, value = _read(match)
    found = Category(match.start(), match.end(letter), match.end(), match["prefix"], letter, (value,))
    while (step := _further(text, found, stop)) is not None:
        found = replace(found, end=step[1], values=(*found.values, step[0]))
    return found


def _further(text: str, category: Category, stop: int) -> tuple[Value, int] | None:
    """Return a further value of the category, and where it ends."""
    to = _TO.match(text, category.end, stop)
    joint = to or _OR.match(text, category.end, stop)
    if joint is None:
        return None
    again = _CATEGORY.match(text, joint.end(), stop)
    if again is not None:
        letter, value = _read(again, ends=to is not None)
        same = letter == category.letter and again["prefix"] in ("", category.prefix)
        return (value, again.end()) if same else None
    bare = _BARE.match(text, joint.end(), stop)
    tight = to is not None or joint[0] == "/"
    if bare is None or not (tight or _CLOSES.match(text, bare.end(), stop)):
        return None
    key, last = bare[0].lower(), category.values[-1].key
    if key in _SUBSTAGES:  # "T4a/b"
        if not tight or last[-1] not in _SUBSTAGES:
            return None
        key = last[0] + key
    return Value(key, bare[0], bare[0], to is not None), bare.end()


# --- what says that they are categories


def _word(tokens: Tokens, k: int) -> str:
    return tokens.low[k] if 0 <= k < tokens.n else ""


def _lead(run: Run, words: frozenset[str]) -> Span | None:
    """Return the span of one of these words before the categories, over comparators and fillers."""
    tokens, k = run.tokens, run.before
    for _ in range(_LEAD_REACH):
        word = _word(tokens, k)
        if word in words:
            return tokens.start[k], tokens.end[k]
        if word not in _words().fillers and word not in comparators.starters():
            return None
        k -= 1
    return None


def _is_refused(run: Run) -> bool:
    tokens, k = run.tokens, run.after
    k += _word(tokens, k) in ("-", "/", "*")
    if _word(tokens, k) in _words().refused:
        return True
    values = {value.key for each in run.categories for value in each.values}
    hormonal = run.letters == {"t"} and values <= _HORMONES and not _is_prefixed(run)
    return hormonal and not _words().hormones.isdisjoint(tokens.low) and _lead(run, _words().stages) is None


def _is_run(run: Run) -> bool:
    return len(run.letters) > 1


def _is_prefixed(run: Run) -> bool:
    return any(each.prefix not in ("", "r") for each in run.categories)


def _is_staged(run: Run) -> bool:
    return run.letters == {"t"} and _lead(run, _words().stages) is not None


def _is_beside_any(run: Run) -> bool:
    """Whether any value of another letter will do: "any T, any N, M1"."""
    start = run.categories[0].start
    return _ANY_LETTER.search(run.tokens.shadow, max(0, start - _WIDEST_GAP), start) is not None


def _is_led(run: Run) -> bool:
    return _lead(run, _words().leads | _words().stages) is not None


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
        if word in _words().diseases:
            return tokens.start[place], tokens.end[place]
        if not word.isalpha():
            return None
    return None


def _disease_after(run: Run) -> Span | None:
    """Return the disease of "T4 tumors", "T2 oral cavity cancer"."""
    tokens, k = run.tokens, _over_comparator(run.tokens, run.after)
    for place in range(k, k + _KINDS_REACH):
        word = _word(tokens, place)
        if word in _words().diseases:
            return tokens.start[place], tokens.end[place]
        if word not in _words().kinds:
            return None
    return None


def _over_comparator(tokens: Tokens, k: int) -> int:
    found = comparators.after(tokens, k) if k < tokens.n else None
    return k if found is None else found[1]


def _is_followed(run: Run) -> bool:
    return _word(run.tokens, _over_comparator(run.tokens, run.after)) in _words().followers


def _is_of_disease_before(run: Run) -> bool:
    return run.letters == {"t"} and _disease_before(run) is not None


def _is_of_disease_after(run: Run) -> bool:
    return run.letters == {"t"} and _disease_after(run) is not None


def _of_letter(_: Run) -> None:
    return None


def _of_stage(run: Run) -> Span | None:
    """Return the span of the stage, with what kind of stage it is: "[clinical stage] T2"."""
    found, tokens = _lead(run, _words().stages), run.tokens
    if found is None:
        return None
    k = bisect_left(tokens.start, found[0], 0, tokens.n)
    return tokens.start[k - (_word(tokens, k - 1) in _words().of_stages)], found[1]


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


# --- writing


def _quantity(tokens: Tokens, category: Category, of: Span | None) -> Quantity | None:
    """Return the values of a category as a quantity of the letter, or of the words at ``of``."""
    values = category.values
    if all(value.key == "x" for value in values):
        return None  # "NX": nothing is known of it
    start, end, op = category.start, category.end, "="
    if len(values) == 1:
        start, end, op = _compared(tokens, category)
    elif len(values) == 2 and values[1].ends and "+" not in (values[0].key, values[1].key):
        op = "between"
    else:
        op, values = "in", _expanded(values)
    values = tuple(sorted(values, key=lambda value: _rank(value.key)))
    numbers = tuple(_rank(value.key) for value in values)
    texts = tuple(value.bare if of is None else value.text for value in values)
    plain = all(text == str(number) for text, number in zip(texts, numbers, strict=True))
    return Quantity(
        start=start,
        end=end,
        text=tokens.text[start:end],
        comparator=cast(Comparator, op),
        threshold=numbers[0],
        threshold_high=numbers[1] if op == "between" else None,
        threshold_inclusive=op not in ("<", ">"),
        threshold_high_inclusive=True if op == "between" else None,
        threshold_set=numbers if op == "in" else None,
        threshold_text=None if plain else texts if len(texts) > 1 else texts[0],
        unit="{stage}",
        kind="scale",
        scale=SCALE,
        about=of or (category.start, category.name_end),
    )


def _rank(key: str) -> int:
    """Return the number that orders a value: "4a" → 4; "is", "a" and "x" before 1; "+" is at least 1."""
    return int(key[0]) if key[0].isdecimal() else int(key == "+")


def _expanded(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return the values with those inside their ranges: "T1-3, T4a" → 1, 2, 3, 4a."""
    found: list[Value] = []
    for value in values:
        if value.ends:
            inside = range(_rank(found[-1].key) + 1, _rank(value.key))
            found += (Value(str(number), str(number), str(number)) for number in inside)
        found.append(value)
    return tuple(found)


def _compared(tokens: Tokens, category: Category) -> tuple[int, int, str]:
    """Return the bounds of a lone value with its comparator: "≥ T3", "at least stage T3", "T3 or higher"."""
    if category.values[0].key == "+":
        return category.start, category.end, ">="
    first = bisect_left(tokens.start, category.start, 0, tokens.n)
    behind = bisect_left(tokens.start, category.end, 0, tokens.n)
    found = comparators.after(tokens, behind) if behind < tokens.n else None
    if found is not None:
        word, j = found
        op = FLIP[word.comparator] if word.good is not None else word.comparator
        return category.start, tokens.end[j - 1], op
    for k in range(first - 1, max(-1, first - 1 - _LEAD_REACH), -1):
        found = comparators.before(tokens, k)
        if found is not None and found[0].comparator in FLIP and not found[0].denied:
            gap = tokens.low[found[1] : first]
            if all(word in _words().leads | _words().stages for word in gap):
                return tokens.start[k], category.end, found[0].comparator
    return category.start, category.end, "="
