"""How far a denied ability, or a lack, reaches: "unable to walk or asthma" says nothing against asthma.

Decides whether a cue that denies one thing can deny the next one as well.  Whether the two are members of one
list is the tree's; which words are such a cue is in ``lexicon/data/context_rules.toml`` (category
"inability") and ``binding.toml`` (``lacks``).
"""

from __future__ import annotations

from collections.abc import Iterable

from eligex.binding.bound import denials_in
from eligex.binding.words import CAUSED_BY, LACKS
from eligex.lexicon.context_rules import context_words
from eligex.schema import Modifier

_INABILITIES = frozenset(rule.phrase for rule in context_words().rules if rule.category == "inability")


def is_inability(cue: str) -> bool:
    """Whether a cue denies what somebody can or will do, or says what is missing.

    Examples
    --------
    >>> is_inability("Unable to"), is_inability("Lack of"), is_inability("No")
    (True, True, False)
    """
    cue = " ".join(cue.lower().split())
    return cue in _INABILITIES or cue in LACKS


def denies_all(cue: str, left: str, right: str, gap: str) -> bool:
    """Whether a cue that denies a thing with the label ``left`` can deny the next one, with ``right``.

    A disease is nothing that one is able to do, and no cause of an inability is denied.

    Examples
    --------
    >>> denies_all("unable to", "Observation", "Condition", " or ")
    False
    >>> denies_all("unable to", "Procedure", "Device", " due to a ")
    False
    >>> denies_all("unable to", "Drug", "Drug", " or "), denies_all("no", "Drug", "Condition", " or ")
    (True, True)
    """
    if not is_inability(cue):
        return True
    return (right != "Condition" or left == "Condition") and CAUSED_BY.match(gap) is None


def denying_all(said: Iterable[Modifier], left: str, right: str, gap: str) -> list[Modifier]:
    """Return those of the words that deny a thing which can deny the next one."""
    return [each for each in denials_in(said) if denies_all(each.text, left, right, gap)]
