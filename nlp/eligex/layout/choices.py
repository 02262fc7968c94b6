"""Items that join each other with "or": "Creatinine ≤ 1.5 mg/dL, or" / "Creatinine clearance ≥ 50 mL/min".

Where all items of a list do so, they are a choice, whatever introduces them.  Where some do, all of which
would have to hold, the later ones become children of the first, as alternatives to it; so a choice among
criteria of a section has a place.  Where any item is enough anyway, as among exclusion criteria, nothing
changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from eligex.layout.logic import children_logic
from eligex.layout.nesting import Node
from eligex.lexicon.layout import sentence_words
from eligex.lexicon.patterns import any_of

_WORDS = sentence_words()
_OR = any_of(_WORDS.choosing)
# "… ≤ 1.5 mg/dL; or", "… OR:"
_ENDS = re.compile(rf"(?<![\w/-])(?P<word>{_OR})[\s,;.:*_)]{{0,8}}$", re.IGNORECASE)
# "Or postmenopausal", "- OR: creatinine clearance"
_BEGINS = re.compile(rf"[\s(*_]{{0,4}}{_OR}(?![\w/-])", re.IGNORECASE)
_OTHER = re.compile(rf"{any_of(_WORDS.joining - _WORDS.choosing)}\W{{0,8}}$", re.IGNORECASE)
_TAIL = 20
_SIGNS = " \t*•-\\"


def join_choices(text: str, nodes: Sequence[Node]) -> None:
    """Make alternatives of the items that join each other with "or".

    Parameters
    ----------
    text
        The text.
    nodes
        All items with their children, in the order of the text; their parents change.
    """
    for siblings in _lists(nodes):
        for before, after in pairwise(siblings):
            last = _last(before)
            if last is not before and not _any_of(text, last.parent) and _stands_alone(text, last):
                _hang([last, after])
    followed = {id(node) for siblings in _lists(nodes) for node in siblings[:-1]}
    for node in nodes:
        if len(node.children) == 1 and _ends(text, node) is not None:
            child = node.children[0]  # a note below, if the choice is beside it
            child.alternative = id(node) not in followed or not text[child.start].isupper()
    for siblings in _lists(nodes):
        parent = siblings[0].parent
        links = [_is_choice(text, *pair) for pair in pairwise(siblings)]
        if not any(links) or (_any_of(text, parent) if parent else siblings[0].type == "exclusion"):
            continue
        if parent is not None and (all(links) or (links[-1] and _is_listed(text, siblings))):
            parent.choice = True
            continue
        for run in _runs(siblings, links):
            _hang(run)


def _lists(nodes: Sequence[Node]) -> list[list[Node]]:
    """Return the items that stand beside each other; those of a section have no parent."""
    found: dict[tuple[int, int, str, str | None], list[Node]] = {}
    for node in nodes:
        if not node.alternative:
            key = (node.section, id(node.parent) if node.parent else 0, node.type, node.cohort)
            found.setdefault(key, []).append(node)
    return [siblings for siblings in found.values() if len(siblings) > 1]


def _any_of(text: str, parent: Node | None) -> bool:
    """Return whether one of the items below another is enough, by the words of that one."""
    if parent is None:
        return False
    return children_logic(text[parent.start : parent.end], parent.type, introduces=parent.intro)[0] == "or"


def _is_choice(text: str, before: Node, after: Node) -> bool:
    if any(child.alternative for child in before.children):
        return False
    last = _last(before)
    joined = _ends(text, before) is not None or (last is not before and _stands_alone(text, last))
    return joined or _BEGINS.match(text, after.start, after.end) is not None


def _last(node: Node) -> Node:
    """Return the last item below one, or the item itself."""
    while node.children:
        node = node.children[-1]
    return node


def _ends(text: str, node: Node) -> re.Match[str] | None:
    return _ENDS.search(text, max(node.start, node.end - _TAIL), node.end)


def _stands_alone(text: str, node: Node) -> bool:
    """Return whether an item ends with a line "OR" or "* OR"."""
    found = _ends(text, node)
    if found is None:
        return False
    return text[node.start : found.start("word")].rstrip(_SIGNS)[-1:] in ("\n", "~")


def _is_listed(text: str, siblings: Sequence[Node]) -> bool:
    """Return whether commas or semicolons join the items before the last two: "A; / B; or / C"."""
    return all(
        text[node.end - 1] in ",;" and _OTHER.search(text, node.start, node.end) is None
        for node in siblings[:-2]
    )


def _runs(siblings: Sequence[Node], links: Sequence[bool]) -> list[list[Node]]:
    """Return the items that "or" joins."""
    found, at = [], 0
    for linked, run in groupby(links):
        size = len(list(run))
        if linked:
            found.append(list(siblings[at : at + size + 1]))
        at += size
    return found


def _hang(run: Sequence[Node]) -> None:
    """Make alternatives of the first item of the others."""
    first, *others = run
    for node in others:
        if node.parent is not None:
            node.parent.children.remove(node)
        node.parent, node.alternative = first, True
        first.children.append(node)
