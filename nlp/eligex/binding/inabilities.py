"""How far a denied ability, or a lack, reaches: "unable to walk or asthma" says nothing against asthma.

Decides whether a cue that denies one thing can deny the next one as well.  Whether the two are members of one
list is the tree's; which words are such a cue is in ``lexicon/data/context_rules.toml`` (category
"inability") and ``binding.toml`` (``lacks``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from eligex.binding.bound import denials_in
from eligex.binding.heads import Head
from eligex.binding.tree import Tree
from eligex.binding.word_lists import LISTS
from eligex.binding.words import ABILITY, CAUSED_BY, LACKS, WITH_CAUSE
from eligex.lexicon.context_rules import context_words
from eligex.lexicon.patterns import any_of, compiled
from eligex.schema import Modifier


class Thing(NamedTuple):
    """What can be denied: its label and its words."""

    label: str
    text: str


_OVER = re.compile(r",|\b(?:or|and)\b", re.IGNORECASE)
"""Between a cue and a thing that begins a list of its own: "unable to eat[, or] gout"."""
_OWN_LACK = re.compile(rf"{any_of(LISTS.own_lacks)}\b", re.IGNORECASE)
"""The beginning of what says by itself that something is missing."""
# "unable to walk[ alone or ](climb) stairs", "unable to walk (…)[, or to ](use) the device"
_GOES_ON = compiled(
    rf"""
    [^.;:]{{0,120}} (?: \b | (?<=\)) ) (?: and\s?/\s?or | or | and | nor ) \s+
    (?: (?: not \s+ )? to \s+ {any_of(LISTS.goes_on_doing_to)}
      | (?: to \s+ )? {any_of(LISTS.goes_on_doing)} ) (?![\w-])
    """,
)
_BEFORE_VERB = re.compile(r"(?:\bto|not)$", re.IGNORECASE)
"""The end of a cue that a verb follows: "unable [to]", "can[not]"."""
_INABILITIES = frozenset(rule.phrase for rule in context_words().rules if rule.category == "inability")


def thing(tree: Tree, head: Head) -> Thing:
    """Return a head as a thing that can be denied."""
    return Thing(head.label, tree.text[head.start : head.end])


def is_inability(cue: str) -> bool:
    """Whether a cue denies what somebody can or will do, or says what is missing.

    Examples
    --------
    >>> is_inability("Unable to"), is_inability("Lack of"), is_inability("No")
    (True, True, False)
    """
    cue = " ".join(cue.lower().split())
    return cue in _INABILITIES or cue in LACKS


def denies_all(cue: str, left: Thing, right: Thing, gap: str) -> bool:
    """Whether a cue that denies the thing ``left`` can deny the next one, ``right``.

    A disease is nothing that one is able to do, and no cause of an inability is denied, nor what
    names a lack.

    Examples
    --------
    >>> walk, gout = Thing("Observation", "walk"), Thing("Condition", "gout")
    >>> denies_all("unable to", walk, gout, " or "), denies_all("no", walk, gout, " or ")
    (False, True)
    >>> denies_all("unable to", Thing("Condition", "swallow"), gout, ", ")
    False
    >>> denies_all("unable to", Thing("Procedure", "MRI"), Thing("Device", "pacemaker"), " due to a ")
    False
    >>> denies_all("unable to", walk, Thing("Observation", "uncooperative attitude"), " (e.g. ")
    False
    """
    if not is_inability(cue):
        return True
    if _OWN_LACK.match(right.text):
        return False
    if right.label == "Condition" and (left.label != "Condition" or _is_done(left) > _is_done(right)):
        return False
    return CAUSED_BY.match(gap) is None


def goes_on(tree: Tree, said: Iterable[Modifier], left: Head, right: Head) -> bool:
    """Whether what somebody is unable to do goes on with a second verb, to which the next thing belongs:
    "unable to walk or *attend* the visits", "unable to walk or rise from a *chair*".
    """
    if right.label == "Condition" or tree.sentence(left.start) != tree.sentence(right.start):
        return False
    if not any(
        each.end <= left.start and is_inability(each.text) and _BEFORE_VERB.search(each.text) for each in said
    ):
        return False
    found = _GOES_ON.match(tree.text, left.end, right.end)
    return found is not None and _OVER.search(tree.text, found.end(), right.start) is None


def denies_next(cue: str, label: str, gap: str) -> bool:
    """Whether a cue can deny the first thing after it, of this label, with ``gap`` between the two.

    Examples
    --------
    >>> denies_next("unable to", "Condition", " tolerate "), denies_next("unable to", "Condition", " eat, ")
    (True, False)
    >>> denies_next("unable to", "Condition", " walk because of ")
    False
    """
    if label != "Condition" or not is_inability(cue):
        return True
    return _OVER.search(gap) is None and WITH_CAUSE.search(gap) is None


def denying_all(said: Iterable[Modifier], left: Thing, right: Thing, gap: str) -> list[Modifier]:
    """Return those of the words that deny a thing which can deny the next one."""
    return [each for each in denials_in(said) if denies_all(each.text, left, right, gap)]


def _is_done(thing: Thing) -> bool:
    """Whether a thing is what a body does, and no disease: "unable to [swallow]"."""
    return ABILITY.match(thing.text) is not None
