"""Sentences that say what a word of the one before means: "Severe gout. *Severe is defined as* tophi".

Decides which neighbours such a sentence joins: in an exclusion, what defines narrows what is defined.  Left
alone are a sentence that defines one of several things ("gout or asthma. Asthma is defined as …"), which the
others do not share, one whose words the sentence before does not have, and one that may define what is not
meant: a good state, or an exception.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from eligex.binding.tree import Placed, Tree
from eligex.language.connectors import DEFINES_KEYS, DEFINITION, EXCEPTS, GOOD_STATE, IN_ANY_SENTENCE

_FEW = 3
"""Words of what is defined if it is no thing: "[Clinically significant] is defined as"."""
_STEM = 5
"""Letters by which words are compared: "refractory" and "refractoriness"."""
_SHORT = 4
"""Letters of the shortest word that is compared, if it is no abbreviation."""
_WORD = re.compile(r"[^\W\d_]+")


def definitions(tree: Tree, sides: Sequence[Placed]) -> Iterator[int]:
    """Yield the places of the links from a thing to the sentence that defines it.

    Where that names the thing again, the link from there to what follows "is defined as" is one, too.

    Examples
    --------
    "Severe [gout] or [asthma]. Severe is defined as [fever]." → the second link, 1.
    """
    if not tree.has(DEFINES_KEYS):
        return
    for place in range(len(sides) - 1):
        left, right = sides[place], sides[place + 1]
        before, own = tree.sentence(left.start), tree.sentence(right.start)
        if before == own:
            continue
        found = DEFINITION.match(tree.text, *own)
        if found is None or DEFINITION.match(tree.text, *before) is not None:
            continue
        subject = found["subject"]
        if GOOD_STATE.search(subject) or not EXCEPTS.isdisjoint(tree.words(*before)):
            continue
        alone = place == 0 or tree.sentence(sides[place - 1].start) != before
        bare = right.start >= found.end("subject") and len(subject.split()) <= _FEW
        if (alone or bare) and _stems(subject) & _stems(tree.text[slice(*before)]):
            yield place
            inner = place + 2 < len(sides) and right.start < found.end("subject") <= sides[place + 2].start
            if inner and sides[place + 2].start < own[1]:
                yield place + 1


def _stems(text: str) -> set[str]:
    told = (word for word in _WORD.findall(text) if len(word) >= _SHORT or word.isupper())
    return {word[:_STEM].lower() for word in told if word.lower() not in IN_ANY_SENTENCE}
