"""What a sentence refuses: "patients with *gout* are not eligible", "excluded if they have *gout*".

Decides which heads a refusal is said of; they are no exception and no permission, whatever a tagger saw in
"eligible" or "allowed".  The words that refuse are the cues of category "refusal" in
``lexicon/data/context_rules.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eligex.binding.bound import Bound
from eligex.binding.heads import Head, Row
from eligex.binding.tree import Span, Tree
from eligex.binding.words import (
    BREAKS,
    DESCRIBES_AS,
    FOR_ANOTHER,
    FREES,
    NONE_PERMITTED,
    PERMITTED,
    WHERE_REFUSED,
)
from eligex.lexicon.context_rules import context_words
from eligex.lexicon.patterns import any_of, keys_of

_CUES = [
    rule.phrase
    for rule in context_words().rules
    if rule.category == "refusal" and rule.direction == "backward"
]
_KEYS = keys_of(_CUES)
# "gout is [not allowed]"; "not [excluded]" refuses nothing
_REFUSAL = re.compile(
    rf"(?<!\bnot\s)(?<!\bnot\sbe\s)(?<!\bnot\sformally\s)\b{any_of(_CUES)}\b", re.IGNORECASE
)


def refused(tree: Tree, bound: Bound) -> Iterator[Head]:
    """Yield the heads of which a sentence says that they are refused, but for those an exception names.

    Examples
    --------
    "[Gout] is not allowed unless mild" → gout; "aspirin is allowed, but [heparin] is not permitted" →
    heparin; "patients are excluded if they have [gout]" → gout; "gout that is not eligible for surgery" →
    nothing; "[gout], unless mild, is excluded" → gout; "but no [aspirin] is allowed" → aspirin.
    """
    row = Row(bound.heads)
    if tree.has(PERMITTED):
        for none in NONE_PERMITTED.finditer(tree.text, tree.start, tree.end):
            yield from (head for head in row.within(*none.span()) if not _excepted(tree, head, none.end()))
    if not tree.has(_KEYS):
        return
    for found in _REFUSAL.finditer(tree.text, tree.start, tree.end):
        low, high = _reach(tree, found.span())
        yield from (head for head in row.within(low, high) if not _excepted(tree, head, found.start()))


def _reach(tree: Tree, cue: Span) -> Span:
    """Return from where to where a refusal reaches: its statement, up to the cue or from an "if" on."""
    low, high = tree.statement(cue[0])
    if (bracket := tree.regions.bracket(cue[0])) is not None:
        low, high = max(low, bracket.start), min(high, bracket.end)
    if WHERE_REFUSED.match(tree.text, cue[1], high):
        return cue[1], high
    for each in BREAKS.finditer(tree.text, low, cue[0]):
        low = each.end()
    for clause in tree.piece.clauses:
        if clause.permits and clause.end <= cue[0]:
            low = max(low, clause.end)
    if DESCRIBES_AS.search(tree.text[low : cue[0]]) or FOR_ANOTHER.match(tree.text, cue[1], high):
        return cue[0], cue[0]
    freed = FREES.search(tree.text, low, cue[0])
    return low, freed.start() if freed else cue[0]


def _excepted(tree: Tree, head: Head, place: int) -> bool:
    """Whether a head lies in an exception that ends before the refusal: "gout, except *mild*, is refused"."""
    return tree.exempt(head.start) and not (tree.exempt(place) and tree.same_exception(head.start, place))
