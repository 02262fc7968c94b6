"""Categories of the TNM classification: "T2-3, N0-1, M0", "cT2-T4a", "prostate cancer (T1a or T1b)".

Decides how far the values of a category reach, and what they are values of: of the letter with its prefix,
or, where a T stands alone beside a stage or a disease, of that (:mod:`eligex.quantities.tnm_contexts`).
The notation has rules of its own ("T1-2N1M0" is three values), so that it is read before the grammar of other
values.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from eligex.language.rules import decide
from eligex.language.tokens import Tokens
from eligex.quantities import comparators
from eligex.quantities.comparators import FLIP
from eligex.quantities.tnm_contexts import (
    CONTEXTS,
    LEAD_REACH,
    WIDEST_GAP,
    Category,
    Run,
    Span,
    Value,
    words,
)
from eligex.schema import Comparator, Quantity

SCALE = "tnm"

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
_SUBSTAGES = frozenset("abcd")


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


def adds_nothing(said: str) -> bool:
    """Whether words say nothing beside a category that is a value of its letter: "N2 [disease]"."""
    known = words()
    return (known.followers | known.generic).issuperset(said.lower().split())


def says_how(said: str) -> bool:
    """Whether words say by what categories were found: "[pathologic tumor stage] T2"."""
    known = words()
    return (known.stages | known.leads | known.fillers).issuperset(said.lower().split())


# --- reading


def _runs(tokens: Tokens) -> Iterator[Run]:
    run: list[Category] = []
    for each in _categories(tokens.shadow, tokens.start[0], tokens.end[tokens.n]):
        gap = tokens.shadow[run[-1].end : each.start] if run else ""
        if run and (len(gap) > WIDEST_GAP or _GAP.fullmatch(gap) is None):
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
    for k in range(first - 1, max(-1, first - 1 - LEAD_REACH), -1):
        found = comparators.before(tokens, k)
        if found is not None and found[0].comparator in FLIP and not found[0].denied:
            gap = tokens.low[found[1] : first]
            if all(word in words().leads | words().stages for word in gap):
                return tokens.start[k], category.end, found[0].comparator
    return category.start, category.end, "="
