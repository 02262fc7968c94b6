"""What belongs to a thing and is no alternative to it: "cancer with metastases", "signs of gout".

Decides that a preposition, or words such as "defined as", join by *and* whatever list is around them, and
that what has been taken for a member of that list belongs to its nearest neighbour: "gout, signs of asthma".
What a member is of cannot end a list that no word has closed yet: "gout, surgery for asthma, or stroke".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
        _tighten(joined, place, around)
    return joined


def within_open_lists(sides: Sequence[Side], links: Sequence[Link], found: Sequence[Joint]) -> list[Joint]:
    """Return the joints, those from a member to what it is of tighter than the list of commas that it is in.

    "Gout, surgery for asthma, or stroke" → gout or (surgery and asthma) or stroke; "gout, surgery for asthma
    or stroke" → gout or (surgery and (asthma or stroke)): without the comma, "or" may close the inner list.
    """
    joined = list(found)
    for place, link in enumerate(links):
        if found[place].operator != "and" or "," in link.gap or BELONGS.fullmatch(link.gap) is None:
            continue
        if not _is_open(links, found, place) or not _closes(links, found, place + 1):
            continue
        goes_on = _goes_on(sides, links, place + 1)
        _tighten(joined, place, [place - 1, place + 1] if goes_on else [place - 1])
        for inner in range(place + 1, len(links)):
            if goes_on or found[inner].loose >= found[place].loose:
                break
            _tighten(joined, inner, [place])
    return joined


def _tighten(joined: list[Joint], place: int, around: Iterable[int]) -> None:
    """Make a joint tighter than those around it, if it is not."""
    loose = min([joined[place].loose, *(joined[other].loose - _TIGHTER for other in around)])
    joined[place] = joined[place]._replace(loose=loose)


def _is_open(links: Sequence[Link], found: Sequence[Joint], place: int) -> bool:
    """Whether a comma joins the left side of a link to the alternative before it, and no "or" stands in the
    list before that.
    """
    if not place or found[place - 1].operator != "or" or links[place - 1].connector.kind != "comma":
        return False
    before = (links[each].connector.kind for each in range(place - 1, -1, -1))
    return next((kind for kind in before if kind != "comma"), "covers") not in COORDINATES


def _closes(links: Sequence[Link], found: Sequence[Joint], begins: int) -> bool:
    """Whether a list of alternatives that goes on with a link has the "or" of its last member."""
    for place in range(begins, len(links)):
        if found[place].operator != "or" or links[place].connector.kind not in COORDINATES:
            return False
        if links[place].connector.kind != "comma":
            return True
    return False


def _goes_on(sides: Sequence[Side], links: Sequence[Link], place: int) -> bool:
    """Whether what follows is one more member of the outer list, and no second thing that a member is of.

    It is like what begins the list; behind a comma, it is at least not like what it follows alone.
    """
    outer = {side.label for side in sides[: place - 1]}
    following, inner = sides[place + 1].label, sides[place].label
    if "," in links[place].gap:
        return following in outer or following != inner
    return following in outer and following != inner


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
