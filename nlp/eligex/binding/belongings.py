"""What belongs to a thing and is no alternative to it: "cancer with metastases", "signs of gout".

Decides that a preposition, or words such as "defined as", join by *and* whatever list is around them, and
that what has been taken for a member of that list belongs to its nearest neighbour: "gout, signs of asthma".
"""

from __future__ import annotations

from collections.abc import Sequence

from eligex.binding.links import Joint, Side
from eligex.binding.tree import Link
from eligex.language.connectors import BELONGS, COORDINATES, KNOWN_BY

_LISTING = COORDINATES | {"covers"}
_TIGHTER = 1e-3
"""How much tighter a link is than one that is to be joined later."""


def belongs(link: Link, left: Side, right: Side) -> bool:
    """Whether the right side is a feature of the left one; of what one cue denies, De Morgan decides."""
    if left.negation is not None and left.negation == right.negation:
        return False
    return BELONGS.fullmatch(link.gap) is not None or KNOWN_BY.fullmatch(link.gap) is not None


def nearest(
    text: str, sides: Sequence[Side], links: Sequence[Link], found: Sequence[Joint], places: Sequence[int]
) -> list[Joint]:
    """Return the joints, those of ``places`` that belong to one thing tighter than the list around.

    "Gout, signs of asthma, stroke" → gout or (signs and asthma) or stroke; but in "signs of gout or asthma"
    the signs are of both.
    """
    joined = list(found)
    for place in places:
        if "," in links[place].gap or BELONGS.fullmatch(links[place].gap) is None:
            continue
        around = [place - 1] if _follows(text, sides, links, place) else []
        around += [place + 1] if _goes_back(sides, links, place) else []
        loose = min([joined[place].loose, *(joined[other].loose - _TIGHTER for other in around)])
        joined[place] = joined[place]._replace(loose=loose)
    return joined


def _follows(text: str, sides: Sequence[Side], links: Sequence[Link], place: int) -> bool:
    """Whether a link takes the last member of the list before it, but both of "signs or symptoms [of]"."""
    if not place or links[place - 1].connector.kind not in _LISTING:
        return False
    left, right = sides[place - 1 : place + 1]
    words = all(text[side.start : side.end].isalpha() for side in (left, right)) and left.label == right.label
    return not (words and text[left.end : right.start].strip() == "or" and links[place].gap.strip() == "of")


def _goes_back(sides: Sequence[Side], links: Sequence[Link], place: int) -> bool:
    """Whether the list before a link goes on behind it: "gout, signs [of] asthma[,] stroke"."""
    if not place or place + 1 >= len(links):
        return False
    before, after = links[place - 1].connector, links[place + 1].connector
    if before.kind not in _LISTING or after.kind not in COORDINATES:
        return False
    left, right, following = (sides[place + step].label for step in range(3))
    return following == left and (following != right or after.kind == "comma")
