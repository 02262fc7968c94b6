"""Sentences that say who can have children, and ask for nothing: "menopause is defined as no *menses*".

Decides which heads of a criterion, and which items below it, only tell the meaning of such a word.  Left to
the trained table are a sentence in which something is asked all the same ("… and must use contraception"),
and what narrows the people asked for: "Postmenopausal women. Menopause is defined as …".
"""

from __future__ import annotations

from collections.abc import Iterator

from eligex.binding.bound import Bound
from eligex.binding.heads import Head
from eligex.binding.tree import Span, Tree
from eligex.binding.word_lists import LISTS
from eligex.lexicon.patterns import any_of, compiled, keys_of

_KEYS = keys_of(LISTS.fertility)
_LONGEST_END = 200
"""Characters at the end of an introduction in which such a sentence begins."""
_WORD, _PEOPLE = any_of(LISTS.fertility), any_of(LISTS.fertile_people)
_BE = r"(?: is | are | (?: will | may | can ) \s be )"
_MEANT = r"(?: (?: further | clinically | also | generally ) \s )? (?: defined | considered | regarded )"
# "[Note: a woman of childbearing potential is defined] as", "[Women are considered postmenopausal] if"
_MEANING = compiled(
    rf"""
    (?: ^ | (?<=\() | (?<=[.;:]) \s ) [\s"'“*•-]{{0,6}}
    (?: {any_of(LISTS.before_meaning)} [\s:,"'“]{{1,4}} ){{0,3}}
    (?: (?: {_PEOPLE} \s )? (?: (?: who | that | is | are | of | not | with | non | the ) [\s-] ){{0,4}}
        (?: (?: permanently | surgically ) \s )? {_WORD}
        ["'”]? (?: \s \([^()]{{1,40}}\) | \s potential )? ["'”]? (?: \s {_PEOPLE} )?
        \s {_BE} \s {_MEANT} \b (?! \s (?: to \s be \s )? (?: eligible | for ) )
      | (?: {_PEOPLE} \s ){{1,2}} {_BE} \s {_MEANT} \s
        (?: (?: to | be | as | of | not | have | non | no | permanently | surgically ) [\s-] ){{0,5}}
        {_WORD} )
    (?![\w-])
    """,
)
# "[postmenopausal women must have no menses for a year to be considered of non-childbearing potential]",
# "[To be considered sterile, women must have had a hysterectomy]"
_CONSIDERED = (
    rf"(?: in \s order \s )? (?: not \s )? to \s be \s {_MEANT} \s [^.;,()]{{0,40}}? \b {_WORD}"
    r" (?: \s potential )? (?![\w-])"
)
_TERMS = compiled(
    rf"""
    \b {_WORD} \s {_PEOPLE} \s (?: must | should | need \s to | have \s to ) \s (?: have | be ) \b
        [^.;()]{{1,90}} \s {_CONSIDERED}
    | (?P<front> (?: ^ | (?<=[.;:(]) ) [\s"'“*•-]{{0,6}} {_CONSIDERED} [^.;,()]{{0,20}}, )
    """,
)
_ASKS = compiled(rf"\b {any_of(LISTS.asked_besides)} \b")


def meaning(tree: Tree, bound: Bound) -> Iterator[Head]:
    """Yield the heads of such sentences, up to the end of the bracket or the sentence."""
    for low, high in _meanings(tree):
        before = [head for head in bound.heads if head.end <= low]
        if before and all(head.label == "Person" for head in before):
            return
        yield from (head for head in bound.heads if low <= head.start < high)


def leads_to_meaning(tree: Tree) -> bool:
    """Whether an introduction ends in such a sentence: "Postmenopausal is defined as one of these:"."""
    return any(high >= tree.end and tree.end - low <= _LONGEST_END for low, high in _meanings(tree))


def _meanings(tree: Tree) -> Iterator[Span]:
    """Yield where such sentences begin and end."""
    if not tree.has(_KEYS):
        return
    for found in _MEANING.finditer(tree.text[tree.start : tree.end]):
        low, last = tree.start + found.start(), tree.start + found.end() - 1
        high, bracket = tree.sentence(last)[1], tree.regions.bracket(last)
        if bracket is not None:
            high = min(high, bracket.end)
        if _ASKS.search(tree.text, low, high) is None:
            yield low, high
    for found in _TERMS.finditer(tree.text[tree.start : tree.end]):
        low, high = tree.start + found.start(), tree.start + found.end()
        yield low, high if found["front"] is None else tree.sentence(high)[1]
