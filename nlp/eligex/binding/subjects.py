"""What happens within a window where no entity beside it does: "[training] must begin within 4 weeks".

Decides which noun phrase in front of a window is its head.  A verb is none: of "results must be *available*
before dosing" the results are, and of "(*performed* within 4 weeks)" nothing is.
"""

from __future__ import annotations

import re

from eligex.binding.heads import Head, Row
from eligex.binding.tree import Span, Tree
from eligex.binding.word_lists import LISTS
from eligex.language.phrases import phrase_before
from eligex.lexicon.patterns import any_of
from eligex.schema import Window

# "training [must ]begin within 4 weeks", "results [will have to be ]available before dosing"
_LEADS_TO_ACT = re.compile(
    rf"(?:\s{{1,9}}{any_of(LISTS.leads_to_act)}(?:\s{{1,9}}(?:also|only|not|then|all))?){{1,5}}\s{{1,9}}$",
    re.IGNORECASE,
)
# "[performed] within 4 weeks", "imaging[ performed] within 4 weeks"
_ACT = re.compile(rf"(?<!\S){any_of(LISTS.acts_on)}$", re.IGNORECASE)
# "[these ]measurements must be performed within 4 weeks"
_POINTS = re.compile(r"\b(?:this|these|those|such)\s{1,9}$", re.IGNORECASE)
_IDLE = LISTS.pronouns | {"note", "notes", "nb"}
"""Words before "must be performed within 4 weeks" that are no thing."""

_LEAD = 60
"""Characters before a verb in which its auxiliaries are looked for."""
_MOST_VERBS = 3
"""Verbs before a window: "must be [documented] to have been [performed] within"."""


def happening(tree: Tree, row: Row, window: Window) -> Head | None:
    """Return the noun phrase in front of a window as a head that joins ``row``, or the entity there.

    Examples
    --------
    "*Training* must begin within 4 weeks" → "Training"; "it must begin within 4 weeks" → None
    """
    low = tree.sentence(window.start)[0]
    span = _named(tree.text, low, window.start)
    if span is None:
        return None
    there = row.overlapping(*span)
    return there[-1] if there else row.add(Head(*span, "Observation", "phrase"))


def _named(text: str, low: int, end: int) -> Span | None:
    """Return the noun phrase before ``end``, or the subject of the verbs there."""
    for _ in range(_MOST_VERBS):
        span = phrase_before(text, low, end)
        if span is None:
            return None
        first = max(low, span[0] - _LEAD)
        leads = _LEADS_TO_ACT.search(text[first : span[0]])
        if leads is None:
            return None if _POINTS.search(text[first : span[0]]) else _without_act(text, span)
        end = first + leads.start()
    return None


def _without_act(text: str, span: Span) -> Span | None:
    """Return a phrase without the participle that ends it: "[imaging] performed"."""
    if text[slice(*span)].lower() in _IDLE:
        return None
    act = _ACT.search(text[slice(*span)])
    if act is None:
        return span
    named = text[span[0] : span[0] + act.start()].rstrip()
    return (span[0], span[0] + len(named)) if named else None
