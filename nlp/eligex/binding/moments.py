"""What is so now beside what has been so: "current [asthma] or [treatment of asthma] within a year".

Where a list begins with what is so now and goes on with an act or the same thing told anew, the window behind
the list is not of what is so now, and the word for it not of what has been.  A status that both share
("current or previous asthma within a year") is left alone, and so is a list without a verb or noun of its own
("current asthma or eczema within a year").
"""

from __future__ import annotations

from eligex.binding.heads import Head
from eligex.binding.tree import Tree
from eligex.binding.window_words import ACT_ANEW, NOT_NOW, NOW, NOW_KEYS
from eligex.binding.words import ALTERNATIVE

_REACH = 120
"""Characters from the word for now to what it is said of."""


def is_now(text: str) -> bool:
    """Whether a modifier says that something is so now: "currently"."""
    return NOW.fullmatch(text) is not None


def now_and_then(tree: Tree, head: Head, later: Head) -> bool:
    """Whether a head is said to be so now, and a later one of its list to have been so."""
    if later.start < head.end or not tree.has(NOW_KEYS) or not _is_now(tree, head):
        return False
    text = tree.text
    if ACT_ANEW.search(text, head.end, later.end):
        return True
    same = text[head.start : head.end].lower() == text[later.start : later.end].lower()
    return same and ALTERNATIVE.search(text, head.end, later.start) is not None


def _is_now(tree: Tree, head: Head) -> bool:
    """Whether a word for now stands before a head, and nothing between turns it to the past."""
    low = max(tree.statement(head.start)[0], head.start - _REACH)
    for said in reversed(list(NOW.finditer(tree.text, low, head.start))):
        return NOT_NOW.search(tree.text, said.start(), head.start) is None
    return False
