"""What is said of patients and of their relatives at once: "personal or family history of gout".

Decides which things have two predicates, since one of the two may be true without the other, and with which
modifiers.  Two statuses of the patient alone ("current or previous gout") are two modifiers of one predicate.
"""

from __future__ import annotations

from collections.abc import Sequence

from eligex.binding.bound import modifier
from eligex.binding.heads import Head
from eligex.binding.tree import Tree
from eligex.binding.word_lists import LISTS
from eligex.lexicon.patterns import any_of, compiled
from eligex.schema import Modifier

_REACH = 200
"""Characters before a thing in which such words are looked for; a list may be between."""
_KEYS = ("famil",)
_OWN, _FAMILY = any_of(LISTS.own_history), any_of(LISTS.family_history)
_OR = r"\s? (?: \b (?: or | and/or ) \b | / ) \s? (?: (?: a | an | any ) \s )?"
_OF = r"(?: \s history )? (?: \s of )?"
# "[personal or family history of] gout", "[family (first-degree) or personal history of] gout"
_BOTH = compiled(
    rf"""
    \b (?: (?P<own> {_OWN} {_OF} ) {_OR} (?P<family> {_FAMILY} {_OF} )
         | (?P<family_first> {_FAMILY} {_OF} ) (?: \s? \([^()]{{1,50}}\) )? {_OR}
           (?P<own_last> {_OWN} {_OF} ) ) \b
    """,
)


def told_apart(tree: Tree, head: Head, said: Sequence[Modifier]) -> tuple[Sequence[Modifier], ...]:
    """Return the modifiers of every predicate of a head: of one, or of the patient's and the family's.

    Examples
    --------
    "personal or family history of [gout]" → ("personal",) and ("family history of",)
    """
    if not said or not tree.has(_KEYS):
        return (said,)
    low = max(tree.sentence(head.start)[0], head.start - _REACH)
    found = [*_BOTH.finditer(tree.text, low, head.start)]
    if not found or "histor" not in found[-1][0].lower():
        return (said,)
    both = found[-1]
    if not any(each.start < both.end() and both.start() < each.end for each in said):
        return (said,)
    rest = [each for each in said if each.end <= both.start() or both.end() <= each.start]
    if any(each.start >= both.end() and each.type in ("historical", "family") for each in rest):
        return (said,)  # "personal or family history of gout, or a *history* of [stroke]"
    own, others = ("own", "family") if both["own"] else ("own_last", "family_first")
    return (
        (*rest, modifier(tree.text, both.span(own), "historical")),
        (*rest, modifier(tree.text, both.span(others), "family")),
    )
