"""Formulas: "CrCl = (140 - age) × weight (kg) / (72 × serum creatinine (mg/dL)) × 0.85 if female".

Decides where one stands.  It says how something is calculated: its names and numbers are no statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from eligex.lexicon.loader import DATA, read_words
from eligex.lexicon.patterns import any_of, compiled


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``formulas.toml``; the file explains each."""

    names: frozenset[str]
    results: frozenset[str]
    operators: frozenset[str]
    units: frozenset[str]
    groups: frozenset[str]


_W = read_words(DATA / "formulas.toml", _Words)
_B = r"\s{0,4}"
_NUMBER = r"(?<![\d.]) \d{1,4} (?: [.•]\d{1,4} )? (?! \d )"
_NAME = rf"\b {any_of(_W.names)} (?! \w )"
_BARE_UNIT = rf"(?: in \s )? {any_of(_W.units)} (?! \w )"
_UNIT = rf"(?: {_B} [(\[]? {_BARE_UNIT} [)\]]? )"
_GROUP = rf"""
    (?: [,;]? {_B} [(\[]? (?: if | for | in | when )? \s? (?: the \s )? (?: patients? | subjects? )? \s?
        (?: is \s | are \s )? {any_of(_W.groups)} \b (?: \s (?: patients? | subjects? ) \b )? [)\]}}]{{0,3}} )
"""
# "(weight in kg)", "72", "serum creatinine [mg/dL])", "max(Scr", "(140 - age) (mL/min)"
_OPERAND = rf"""
    (?: (?: [(\[{{]{{1,4}} {_B} )?
        (?: \b (?: min | max ) \s? [(\[] )?
        (?: {_NUMBER} | {_NAME} ) {_UNIT}{{0,2}} (?: {_B} [)\]}}]{{1,4}} )?
        (?: {_B} [(\[] {_BARE_UNIT} [)\]] )? {_GROUP}? )
"""
_OPERATOR = rf"{_B} [.,;]? {_B} [(\[{{]? (?: [×x*·•/÷+−–^-] | {any_of(_W.operators)} ) {_B}"
# A fraction line or a sign that was lost: "weight × (140 age) 72 × creatinine", "(140 - age) (weight)".
_LOST = rf"""
    {_B} (?: \. \s )? (?: (?= [(\[] {_B} (?: {_NUMBER} | {_NAME} ) ) | (?<=\s) (?= \d{{2,3}} {_B} [×x*•] ) )
    | (?<= 140 ) \s
"""
_FORMULA = compiled(rf"{_OPERAND} (?: (?: {_OPERATOR} | {_LOST} ) {_OPERAND} ){{1,16}} \d?")
_TIMES = compiled(rf"[×*·•÷] | \b x (?! \w ) | (?<= \d ) x | x (?= \d ) | {any_of(_W.operators)}")
_SIGN = re.compile(
    r"140|[×*•÷]|[xX]\s?[\d(\[]|[\d)\]]\s?[xX]\s|(?:divided|multiplied)\s+by|weight[^.]{0,30}/"
)
_SIGNS = compiled(_OPERATOR)
_IS_NAME, _IS_NUMBER = compiled(_NAME), re.compile(r"\d")
_AGE_LEFT = compiled(r"\b 140 \s{0,3} [-–—−]? \s{0,3} [a-z'’\s]{0,12} \b age \b")
_RATIO = compiled(r"\b (?: weight | mass ) \b [^=\d]{0,40} (?: / | divided ) [^=\d]{0,20} \b height \b")
# "[, where age is in years and weight in kg]"
_WHERE = compiled(r"[\s,;:)\]]{0,4} (?: \( | a \s )? where \b [^.;()<>≤≥\n]{0,150}")
_RESULT = compiled(
    rf"""
    (?: \b (?: (?: {any_of(_W.groups)} \s )? {any_of(_W.results)} (?: \s for \s {any_of(_W.groups)} )?
            | {any_of(_W.groups)} ) {_B}
        (?: [(\[] [^()\[\]]{{1,30}} (?: \( [^()]{{1,5}} \) )? [)\]] {_B} | {_BARE_UNIT} {_B} ){{0,2}} )?
    = {_B} [(\[{{]{{0,4}} {_B} $
    """
)
_LIMIT = compiled(rf"{_B} [,:]? {_B} (?: of | is | must \s be )? {_B} (?: [<>≤≥] | at \s least )")
_LEAD = 90
"""Characters before a formula in which the name of its result is looked for."""
_FEWEST = 2
"""Operators of a formula."""


def formulas(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the formulas of ``text[start:end]``, with what they calculate unless a limit of it follows.

    Examples
    --------
    >>> text = "CrCl > 50, where CrCl = (140 - age) × weight (kg) / 72, and no gout"
    >>> [text[low:high] for low, high in formulas(text, 0, len(text))]
    ['CrCl = (140 - age) × weight (kg) / 72']
    """
    if _SIGN.search(text, start, end) is None:  # most criteria have none, and this is quick
        return
    for found in _FORMULA.finditer(text, start, end):
        low, high = found.span()
        if not _is_formula(text, low, high):
            continue
        result = _RESULT.search(text, max(start, low - _LEAD), low)
        if result and _LIMIT.match(text, high, end) is None:
            low = result.start()
        where = _WHERE.match(text, high, end)
        yield low, where.end() if where else high


def _is_formula(text: str, start: int, end: int) -> bool:
    if _IS_NAME.search(text, start, end) is None:
        return False
    if _RATIO.search(text, start, end) or _AGE_LEFT.search(text, start, end):
        return True
    numbered = _IS_NUMBER.search(text, start, end) and _TIMES.search(text, start, end)
    return numbered is not None and len(_SIGNS.findall(text, start, end)) >= _FEWEST
