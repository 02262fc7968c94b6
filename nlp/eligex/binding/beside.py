"""Entities that state nothing beside another one: "*treatment* with steroids", "corrected for *haemoglobin*".

Decides that a bare word for treatment is no predicate where what is given follows, and that what a result is
corrected for is not measured for itself.  One that is counted ("two prior *treatments* with steroids") stays.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from eligex.binding.tree import Mention, Span
from eligex.binding.word_lists import LISTS
from eligex.lexicon.patterns import any_of, keys_of
from eligex.schema import DOMAIN_LABELS, TREATMENT_LABELS

_BARE = re.compile(rf"(?:{any_of(LISTS.bare_kinds)}\s)?{any_of(LISTS.bare_treatments)}", re.IGNORECASE)
# "treatment[ with any other ]steroid"
_WITH = re.compile(rf"\s+with\s+(?:{any_of(LISTS.before_given)}\s+){{0,4}}", re.IGNORECASE)
_CORRECTED = re.compile(rf"\b{any_of(LISTS.corrected)}\s+(?:(?:the|serum|low)\s+)?$", re.IGNORECASE)
_KEYS = keys_of(LISTS.corrected)
_LEAD = 40
"""Characters before an entity in which the words for a correction are looked for."""
_BESIDE = 10
"""Characters between a treatment and the number that counts it: "2 [prior] treatments"."""


def idle_beside(text: str, mentions: Sequence[Mention], limits: Sequence[Span]) -> Iterator[int]:
    """Yield the places of such entities.

    Parameters
    ----------
    text
        The text of the document.
    mentions
        Its entities, in text order.
    limits
        Where its limits and windows are, in text order.

    Examples
    --------
    >>> found = [Mention(0, 9, "Procedure"), Mention(15, 23, "Drug")]
    >>> [*idle_beside("Treatment with steroids", found, [])]
    [0]
    """
    domain = [place for place, each in enumerate(mentions) if each.label in DOMAIN_LABELS]
    low = text.lower()
    corrects = any(key in low for key in _KEYS)
    for at, place in enumerate(domain):
        each = mentions[place]
        after = domain[at + 1 : at + 2]
        given = after and _is_given(text, each, mentions[after[0]]) and not _counted(each, limits)
        if given or (corrects and _CORRECTED.search(text, max(0, each.start - _LEAD), each.start)):
            yield place


def _is_given(text: str, treatment: Mention, given: Mention) -> bool:
    """Whether the second entity is what the first, a bare word for treatment, gives."""
    if given.label not in TREATMENT_LABELS or _BARE.fullmatch(text, treatment.start, treatment.end) is None:
        return False
    return _WITH.fullmatch(text, treatment.end, given.start) is not None


def _counted(mention: Mention, limits: Sequence[Span]) -> bool:
    """Whether a limit ends right before a mention, or holds it: "at least [2 prior treatments]"."""
    at = bisect_left(limits, (mention.end,))
    return any(end > mention.start - _BESIDE for _, end in limits[max(0, at - 2) : at])
