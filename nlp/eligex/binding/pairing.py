"""Which of several limits belongs to which member of a list: "ALT and AST ≤ 3 and 5 × ULN, respectively".

Decides that the n-th limit is the n-th member's where the words say so, or where a slash joins the members
and a slash their limits ("SBP/DBP 90-139/50-89 mmHg").  All other limits of a list are each member's, which
:mod:`eligex.binding.limits` decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from eligex.binding.heads import Head, Row
from eligex.binding.tree import Tree
from eligex.binding.words import BRACKETED, LIMIT_OF, LISTED, PAIRED
from eligex.language.phrases import content_words
from eligex.schema import Quantity

_ESCAPE = "\\"
"""Before a sign that a page has escaped: "\\< 170 and \\< 100 mmHg"."""
_MOST_WORDS = 2
"""How many words may stand between a list and its limits."""


def paired(tree: Tree, row: Row) -> dict[int, tuple[Head, Quantity]]:
    """Return the head of each limit that is paired, and the first limit of its row, by the limit's place.

    Examples
    --------
    "ALT and AST ≤ 3 and 5 × ULN, respectively" → the first limit is of ALT, the second of AST.
    """
    quantities = tree.piece.quantities
    found: dict[int, tuple[Head, Quantity]] = {}
    for first, last in _runs(tree.text, quantities):
        heads = _partners(tree, row, quantities[first:last])
        found.update((first + k, (head, quantities[first])) for k, head in enumerate(heads))
    return found


def _runs(text: str, quantities: Sequence[Quantity]) -> Iterator[tuple[int, int]]:
    """Yield the places of each longest run of two limits or more with conjunctions alone between them."""
    first = 0
    for k in range(1, len(quantities) + 1):
        if k < len(quantities) and _is_next(text, quantities[k - 1], quantities[k]):
            continue
        if k - first > 1:
            yield first, k
        first = k


def _is_next(text: str, left: Quantity, right: Quantity) -> bool:
    if right.start < left.end:  # the two parts of "140/90"
        return right.part is not None
    between = BRACKETED.sub("", text[left.end : right.start])
    return LISTED.fullmatch(between.rstrip(_ESCAPE)) is not None


def _partners(tree: Tree, row: Row, run: Sequence[Quantity]) -> list[Head]:
    """Return as many heads as there are limits, or none."""
    text, start, end = tree.text, run[0].start, run[-1].end
    low, high = tree.sentence(start)
    before = _listed(text, [head for head in islice(row.before(start), len(run) + 1) if head.start >= low])
    if len(before) == len(run):
        gap = BRACKETED.sub(" ", text[before[0].end : start])
        behind = text[end:high]
        worded = any(PAIRED.match(said) for said in (behind, BRACKETED.sub("", behind, count=1)))
        worded = worded or PAIRED.search(gap) is not None
        if content_words(PAIRED.sub("", gap)) <= _MOST_WORDS and (worded or _slashed(text, before, run)):
            return before[::-1]
    if LIMIT_OF.match(text, end, high) is None:
        return []
    after = _listed(text, [head for head in islice(row.after(end), len(run) + 1) if head.end <= high])
    follows = len(after) == len(run) and LIMIT_OF.fullmatch(text, end, after[0].start)
    return after if follows and PAIRED.match(text, after[-1].end, high) else []


def _listed(text: str, heads: Sequence[Head]) -> list[Head]:
    """Return the first heads, as long as conjunctions alone are between them."""
    listed = list(heads[:1])
    for head in heads[1:]:
        left, right = sorted((listed[-1], head))
        if LISTED.fullmatch(BRACKETED.sub(" ", text[left.end : right.start])) is None:
            break
        listed.append(head)
    return listed


def _slashed(text: str, heads: Sequence[Head], run: Sequence[Quantity]) -> bool:
    """Whether a slash joins the heads, which come from the right, and their limits."""
    limits = all(
        right.start < left.end or text[left.end : right.start].strip() == "/" for left, right in pairwise(run)
    )
    parts = all(limit.part is not None for limit in run)
    names = all(
        BRACKETED.sub("", text[left.end : right.start]).strip() == "/" for right, left in pairwise(heads)
    )
    return limits and (parts or names)
