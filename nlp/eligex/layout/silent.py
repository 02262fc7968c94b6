"""Items that say nothing about patients: "Surgery: Not specified", "Hepatic: See Disease Characteristics".

Decides which items are left out as fragments, each with its reason: what a record fills an empty field with,
what says that nothing is asked ("Exclusion Criteria: None"), and what only names another part of the record,
with or without a label before it.  A label over nothing else is left out with what is below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from eligex.layout.nesting import Fragment, Node
from eligex.lexicon.layout import sentence_words
from eligex.lexicon.patterns import any_of

_WORDS = sentence_words()
_LABEL = r"[^\W_][^:：;.\n]{0,40}(?:\n\s{0,20}[^:：;.\n]{1,40})?[:：]"
REFERENCE = rf"\b{any_of(_WORDS.refers)}\s{{1,20}}(?:the\s{{1,20}})?{any_of(_WORDS.parts)}\b"
"""Words that name another part of the record: "See Disease Characteristics"."""
# "Life expectancy: Not specified", "Surgery: See Disease Characteristics, see Chemotherapy"
_SILENT = re.compile(
    rf"""
    (?: {_LABEL} \W{{0,8}} )?
    (?: (?P<empty> {any_of(_WORDS.nothing_said)} )
      | {REFERENCE} (?: [\s,;]{{1,8}} (?:and\s{{1,8}})? {REFERENCE} ){{0,3}} )
    \W{{0,8}} $
    """,
    re.VERBOSE | re.IGNORECASE,
)
# "None", the only words of a section's item
_NOTHING_ASKED = re.compile(rf"{any_of(_WORDS.nothing_asked)}\W{{0,8}}$", re.IGNORECASE)
_ONLY_LABEL = re.compile(rf"{_LABEL}\W{{0,8}}$")
_LONGEST, _LONGEST_TITLE = 160, 40


def drop_silent(text: str, nodes: Sequence[Node]) -> tuple[list[Node], list[Fragment]]:
    """Return the items without those that say nothing, and the fragments that these are.

    Parameters
    ----------
    text
        The text.
    nodes
        All items with their children, in the order of the text; the children of those that stay change.
    """
    reasons = {id(node): reason for node in nodes if not node.children if (reason := _why(text, node))}
    if not reasons:
        return list(nodes), []
    for node in reversed(nodes):  # a label after what is below it
        if node.children and all(id(child) in reasons for child in node.children) and _is_label(text, node):
            reasons[id(node)] = reasons[id(node.children[-1])]
    fragments = [
        Fragment(node.marker_start, _end(node), reasons[id(node)])
        for node in nodes
        if id(node) in reasons and (node.parent is None or id(node.parent) not in reasons)
    ]
    kept = [node for node in nodes if id(node) not in reasons]
    for node in kept:
        node.children = [child for child in node.children if id(child) not in reasons]
    return kept, fragments


def _why(text: str, node: Node) -> str | None:
    """Return why an item says nothing, or None."""
    if node.end - node.start > _LONGEST:
        return None
    if node.parent is None and _NOTHING_ASKED.match(text, node.start, node.end):
        return "asks nothing"
    found = _SILENT.match(text, node.start, node.end)
    if found is None:
        return None
    return "says nothing" if found["empty"] else "refers to another part"


def _is_label(text: str, node: Node) -> bool:
    """Return whether an item is a label, with a colon ("Surgery:") or alone in its line ("Surgery")."""
    bare = node.intro and node.end - node.start <= _LONGEST_TITLE
    return bare or _ONLY_LABEL.match(text, node.start, node.end) is not None


def _end(node: Node) -> int:
    return _end(node.children[-1]) if node.children else node.end
