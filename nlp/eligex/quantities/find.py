"""Quantities in a criterion: what is compared with which value, in which unit.

``find_quantities`` is the grammar's front: it reads expressions from left to right, keeps those that are
quantities, joins neighbours, and writes them in the words of the contract.  The binding decides to which
entity a quantity belongs, the windows which durations are time windows.
"""

from __future__ import annotations

import re
from functools import cache

from eligex.language.tokens import NUM, Tokens, tokens_of
from eligex.quantities import comparators, scales
from eligex.quantities.ages import carry_on
from eligex.quantities.cases import Case
from eligex.quantities.contexts import contexts
from eligex.quantities.joins import join
from eligex.quantities.numbers import number_words
from eligex.quantities.reading import Reading
from eligex.quantities.rules import judge
from eligex.quantities.shapes import expression, parser
from eligex.quantities.tnm import find_categories, may_hold_categories
from eligex.quantities.values import is_sign
from eligex.quantities.writing import canonical, quantity
from eligex.schema import Quantity

__all__ = ["canonical", "find_quantities"]

_DIGIT = re.compile(r"[\d\u2160-\u217b]|\+\+")  # "Ⅲ" and "+++" as well
_MARKS = str.maketrans(dict.fromkeys("()[]{},;:./-–—'\"*<>≥≤=+\\&×", " "))


def find_quantities(text: str) -> list[Quantity]:
    """Find the quantities of one sentence or criterion.

    Parameters
    ----------
    text
        The sentence; offsets count in it.

    Returns
    -------
    list of Quantity
        In order and without overlap, but that the two parts of a blood pressure share a span.  A bare
        duration ("6 months") is found too; windows are found elsewhere.

    Examples
    --------
    >>> [canonical(quantity) for quantity in find_quantities("Hemoglobin ≥ 9.0 g/dL and ECOG 0-1")]
    ['>= 9 g/dL', '[0,1] {score}']
    """
    categories = may_hold_categories(text)
    if not (categories or _DIGIT.search(text) or _names_value(text)):
        return []
    tokens = _tokens(text)
    read: list[Reading] = []
    for reading in join(tokens, _readings(tokens)):
        read.append(carry_on(Case(tokens, reading, read[-1] if read else None)))
    found = [quantity(tokens, reading) for reading in read]
    return _with_categories(found, find_categories(tokens)) if categories else found


def _names_value(text: str) -> bool:
    """Whether a word is there that values without digits have."""
    return not _anchors().isdisjoint(text.lower().translate(_MARKS).split())


def _with_categories(found: list[Quantity], categories: list[Quantity]) -> list[Quantity]:
    """Add the categories of the TNM classification; what else was read in their place goes."""
    kept = [
        each
        for each in found
        if not any(each.start < other.end and other.start < each.end for other in categories)
    ]
    return sorted([*kept, *categories], key=lambda each: each.start)


def _tokens(text: str) -> Tokens:
    """Return the tokens; the values of a scale are whole, so that "0,1" is a list after its name."""
    tokens = tokens_of(text)
    at = {i for i in tokens.decimal_commas() if _follows_scale(tokens, i)}
    return tokens.without_decimal_commas(at) if at else tokens


def _follows_scale(tokens: Tokens, i: int) -> bool:
    """Whether token ``i`` is a value, or one of the values, of a scale that ends at ten or before."""
    for k in range(i - 1, max(-1, i - 1 - scales.REACH), -1):
        naming = scales.named(tokens, k) if tokens.low[k] in scales.first_words() else None
        if naming is not None and naming.at <= i and naming.scale.high <= 10:
            return all(_is_of_list(tokens, at) for at in range(naming.at, i))
    return False


def _is_of_list(tokens: Tokens, k: int) -> bool:
    known = contexts()
    joint = tokens.low[k] in known.list_joints | known.range_joints | known.fillers
    return tokens.kind[k] == NUM or joint or tokens.low[k] in comparators.starters()


@cache
def _anchors() -> frozenset[str]:
    return contexts().anchors | frozenset(number_words())


@cache
def _openers() -> frozenset[str]:
    """Return the words and symbols, beside digits, at which an expression may begin."""
    return comparators.starters() | scales.first_words() | frozenset(number_words()) | {"-"}


def _readings(tokens: Tokens) -> list[Reading]:
    """Read expressions from left to right and keep those that are quantities."""
    readings: list[Reading] = []
    low, kind, openers, grammar = tokens.low, tokens.kind, _openers(), parser(tokens)
    i = 0
    while i < tokens.n:
        opens = kind[i] == NUM or (low[i] in openers and _opens(tokens, i))
        found = expression(grammar, i) if opens else None
        kept = judge(Case(tokens, found, readings[-1] if readings else None)) if found else None
        if kept is not None:
            readings += _with_second(kept)
            i = max(readings[-1].j, i + 1)
        else:
            i = _after_number(tokens, i) if found and kind[i] == NUM else i + 1
    return readings


def _opens(tokens: Tokens, i: int) -> bool:
    """Whether a whole phrase begins at a token that can begin one: most "no" and "at" begin none."""
    low = tokens.low
    if low[i] == "-":
        return tokens.kind[i + 1] == NUM and tokens.glued(i + 1) and is_sign(tokens, i)
    if low[i] in number_words() or comparators.before(tokens, i) is not None:
        return True
    return scales.scales().at(tokens, i) is not None


def _with_second(kept: Reading) -> tuple[Reading, ...]:
    """Return a reading and its other end, which is of the same kind and about the same thing."""
    second = kept.second
    if second is None:
        return (kept,)
    unit = second.unit or kept.unit
    second = second._replace(kind=kept.kind, about=kept.about, unit=unit)
    return kept._replace(unit=kept.unit or unit, second=None), second


def _after_number(tokens: Tokens, i: int) -> int:
    """Step over the rest of a date, a version or a chain such as 01/02/2017."""
    j = i + 1
    while tokens.low[j] in ("/", "-", ".", ":") and tokens.glued(j) and tokens.kind[j + 1] == NUM:
        if not tokens.glued(j + 1):
            break
        j += 2
    return j
