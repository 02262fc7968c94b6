"""The states of people that are asked for by themselves: "patients must be *stable* for 4 weeks".

Decides which adjectives, qualifiers of a thing elsewhere ("stable angina"), are what a statement says of its
people; they are predicates then.
"""

from __future__ import annotations

from collections.abc import Sequence

from eligex.binding.tree import Mention
from eligex.binding.words import AFTER_STATE, NEXT_STATE, STATE, STATE_OF_PEOPLE

_LABEL = "Observation"
_LEAD = 160
"""Characters before a state in which its people are looked for."""


def with_states(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions with the states of people as entities.

    Parameters
    ----------
    text
        The text of the document.
    mentions
        Its entities, in text order.

    Examples
    --------
    >>> with_states("They are stable for a week", [Mention(9, 15, "Qualifier")])
    [Mention(start=9, end=15, label='Observation')]
    >>> with_states("They have stable angina", [Mention(10, 16, "Qualifier")])
    [Mention(start=10, end=16, label='Qualifier')]
    """
    found: list[Mention] = []
    last: Mention | None = None
    for mention in mentions:
        is_state = (
            mention.label == "Qualifier" and STATE.fullmatch(text, mention.start, mention.end) is not None
        )
        if is_state and AFTER_STATE.match(text, mention.end):
            listed = last is not None and NEXT_STATE.fullmatch(text, last.end, mention.start) is not None
            if listed or STATE_OF_PEOPLE.search(text, max(0, mention.start - _LEAD), mention.start):
                mention = last = mention._replace(label=_LABEL)
        found.append(mention)
    return found
