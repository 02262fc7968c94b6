"""How two neighbours of a criterion are joined: features → operator and looseness.

Two questions are asked of every link: whether it says *and* or *or*, and how loose it is.  Of "HER2 positive
(IHC 3+ or FISH positive)" the link in the bracket is tighter than the one to the bracket, so the *or* is
joined first.  The features say what a reader looks at; their weights are the table
``lexicon/data/joints.tsv``, trained by ``models/training/joints.py``.  How the answers make an expression is
decided in :mod:`eligex.binding.logic`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

from eligex.binding.attach import read_weights, total
from eligex.binding.bearing import brackets, length_of
from eligex.binding.tree import Link, Span, Tree
from eligex.language.connectors import (
    COORDINATES,
    SHARED_BY_LIST,
    TAKES_LIST,
    Connector,
    ConnectorKind,
    connector,
)
from eligex.lexicon.loader import DATA
from eligex.schema import CriterionType, Quantity, Window

Operator = Literal["and", "or"]
Question = Literal["or", "loose"]
QUESTIONS: tuple[Question, ...] = ("or", "loose")
_LONGEST_GAP = 40
"""Words of a gap that are read, half of them at each end."""
_LEAD = 6
"""Words before a list that are read."""
_NEAR = 3
"""Neighbours before and after a link whose kind is compared."""
_SHORT = 4
"""Words and marks of a gap that is a feature as a whole."""
_CROSSED = frozenset(
    {"kind", "resolved", "bracket", "break", "valued", "alike", "words", "negated", "takes", "goes"}
)
"""Features that say more together with the operator."""
_TAKES = {"shared": SHARED_BY_LIST, "list": TAKES_LIST}
_COMMA = Connector("comma", True)
_MARKS = ((";", "semicolon"), (":", "colon"))


class Side(NamedTuple):
    """One of the neighbours: its place and label, and what is said of it.

    ``limits`` and ``windows`` are its own or shared with others; ``negation`` is the cue that negates it.
    """

    start: int
    end: int
    label: str
    limits: tuple[Quantity, ...] = ()
    windows: tuple[Window, ...] = ()
    negation: Span | None = None
    negated: bool = False
    conditional: bool = False
    population: bool = False


class Joint(NamedTuple):
    """The operator of a link, and how loose it is: the tightest of a criterion is joined first."""

    operator: Operator
    loose: float


class Described(NamedTuple):
    """The features of a link: ``plain`` for both questions, ``more`` for the operator alone."""

    plain: list[str]
    more: list[str]


def joints(tree: Tree, sides: Sequence[Side], section: CriterionType) -> list[Joint]:
    """Return how neighbours are joined; groups of people are a choice ("men and women"), and so are examples
    without limits ("arrhythmia, such as flutter").
    """
    links = [tree.link(left, right) for left, right in pairwise(sides)]
    weights, found = load_weights(), []
    features = list(describe(tree, sides, links, section))
    scores = agreed(sides, links, [total(weights["or"], (*each.plain, *each.more)) for each in features])
    for place, each in enumerate(features):
        left, right = sides[place : place + 2]
        listed = links[place].connector.kind in COORDINATES
        people = listed and left.population and right.population
        examples = links[place].connector.kind == "covers" and _alike(left, right) and not right.limits
        operator: Operator = "or" if people or examples or scores[place] > 0 else "and"
        found.append(Joint(operator, total(weights["loose"], with_operator(each, operator))))
    return found


def agreed(sides: Sequence[Side], links: Sequence[Link], scores: Sequence[float]) -> list[float]:
    """Return the scores, the mean of its links for every list: one operator joins "A, B or C"."""
    found, first = list(scores), 0
    for place, link in enumerate(links):
        last = place + 1
        listed = last < len(links) and link.connector == _COMMA
        if listed and links[last].connector.kind in COORDINATES and _alike(sides[place], sides[last + 1]):
            continue
        own = scores[first:last]
        found[first:last] = [sum(own) / len(own)] * (last - first)
        first = last
    return found


def _alike(one: Side, other: Side) -> bool:
    return one.label == other.label and bool(one.limits) == bool(other.limits)


def with_operator(each: Described, operator: Operator) -> list[str]:
    """Return the features of the question "how loose?"; a link of this operator."""
    crossed = (name for name in each.plain if name.partition("=")[0] in _CROSSED)
    return [*each.plain, operator, *(f"{operator}:{name}" for name in crossed)]


def describe(
    tree: Tree, sides: Sequence[Side], links: Sequence[Link], section: CriterionType
) -> Iterator[Described]:
    """Yield the features of every link."""
    kinds = [_kind(link) for link in links]
    endings, first = _endings(links, kinds), 0
    opens = tree.sentence(sides[0].start)[0] if sides else 0
    for place, (left, right) in enumerate(pairwise(sides)):
        link, gap = links[place], tree.words(left.end, right.start)
        if len(gap) > _LONGEST_GAP:
            gap = gap[: _LONGEST_GAP // 2] + gap[-_LONGEST_GAP // 2 :]
        kind = f"kind={kinds[place]}{'' if link.connector.tight else '~'}"
        basic = _between(tree, left, right, link, gap)
        resolved = f"resolved={endings[place]}"
        plain = [kind, *basic.values(), resolved, f"filled={link.filled}"]
        plain += _words(gap)
        returns = _returns(sides, place)
        plain += [returns, f"{kind}:{returns}"]
        for name, other in (("previous", place - 1), ("next", place + 1)):
            beside = links[other].connector.kind if 0 <= other < len(links) else "none"
            plain += [f"{name}={beside}", f"{name}={beside}:{kind}"]
        plain += [f"{kind}:{name}" for name in basic.values()]
        plain += [f"{basic['bracket']}:{basic[name]}" for name in ("valued", "alike")]
        if place and kinds[place - 1] not in COORDINATES:
            first = place
        low = max(sides[first - 1].end if first else opens, tree.sentence(sides[first].start)[0])
        lead = tree.words_before(low, sides[first].start, _LEAD)
        yield Described(plain, _of_section(section, kind, resolved, basic, gap, lead))


def _returns(sides: Sequence[Side], place: int) -> str:
    """Return whether the link goes to another kind of thing, and back to one of those before or after.

    "apnoea on [CPAP, stroke]" goes back; "[apnoea on CPAP], stroke" goes out.
    """
    left, right = sides[place].label, sides[place + 1].label
    if left == right:
        return "goes=on"
    back = any(side.label == right for side in sides[max(place - _NEAR, 0) : place])
    out = any(side.label == left for side in sides[place + 2 : place + 2 + _NEAR])
    return f"goes={'both' if back and out else 'back' if back else 'out' if out else 'away'}"


def _between(tree: Tree, left: Side, right: Side, link: Link, gap: Sequence[str]) -> dict[str, str]:
    """Return what two neighbours are to each other, by the name of the feature."""
    shared = left.negation is not None and left.negation == right.negation
    taken = next((name for name, words in _TAKES.items() if words.match(link.gap)), "no")
    said: dict[str, object] = {
        "bracket": brackets(tree, left.start, right.start),
        "break": _break(tree, left, right, gap),
        "valued": _values(left, right),
        "negated": "same" if shared else f"{left.negated},{right.negated}",
        "labels": f"{left.label},{right.label}",
        "left": left.label,
        "right": right.label,
        "alike": left.label == right.label,
        "words": length_of(len(gap)),
        "same": tree.text[left.start : left.end].lower() == tree.text[right.start : right.end].lower(),
        "takes": taken,
        "window": _window(left, right),
        "conditional": f"{left.conditional},{right.conditional}",
    }
    return {name: f"{name}={value}" for name, value in said.items()}


def _words(gap: Sequence[str]) -> list[str]:
    if not gap:
        return ["gap="]
    found = [f"has={word}" for word in set(gap)]
    return [*found, f"first={gap[0]}", f"last={gap[-1]}", f"gap={' '.join(gap[:_SHORT])}"]


def _of_section(
    section: CriterionType,
    kind: str,
    resolved: str,
    basic: Mapping[str, str],
    gap: Sequence[str],
    lead: Sequence[str],
) -> list[str]:
    """Return the features of the operator alone: what the type of the criterion and the lead-in change."""
    valued, alike, negated = basic["valued"], basic["alike"], basic["negated"]
    found = [section, *(f"{section}:{name}" for name in (kind, resolved, *basic.values()))]
    found.append(f"{section}:gap={' '.join(gap[:_SHORT])}")
    crossed = (*basic.values(), resolved, f"{valued}:{alike}", f"{alike}:{negated}")
    found += [f"{section}:{kind}:{name}" for name in crossed]
    found += [f"{section}:{resolved}:{name}" for name in (valued, alike, basic["window"])]
    for word in set(lead):
        found += [f"lead={word}", f"{section}:{resolved}:lead={word}"]
    return [*found, f"before={' '.join(lead[-2:])}", f"{section}:before={' '.join(lead[-1:])}"]


def _kind(link: Link) -> ConnectorKind:
    """Return the kind of a link; a semicolon before "or" is an or."""
    found = link.connector.kind
    if found == "semicolon" and ";" in link.gap and connector(link.gap.rsplit(";", 1)[-1]).kind == "or":
        return "or"
    return found


def _endings(links: Sequence[Link], kinds: Sequence[ConnectorKind]) -> list[str]:
    """Return the kinds; with the conjunction at the end of the list: "A, B or C", "A; B; or C"."""
    found: list[str] = []
    comma = semicolon = "none"
    for link, kind in zip(reversed(links), reversed(kinds), strict=True):
        apart = link.connector.kind == "semicolon"
        if kind in ("and", "or"):
            comma, semicolon = kind, kind if apart else semicolon
        elif kind != "comma":
            comma = "none"
        found.append(f"comma {comma}" if kind == "comma" else f"semicolon {semicolon}" if apart else kind)
    return found[::-1]


def _break(tree: Tree, left: Side, right: Side, gap: Sequence[str]) -> str:
    """Return the strongest mark between two neighbours."""
    if tree.sentence(left.start) != tree.sentence(right.start):
        return "sentence"
    for mark, name in _MARKS:
        if mark in gap:
            return name
    between = tree.text[left.end : right.start]
    if "\n\n" in between or "\n-" in between.replace(" ", ""):
        return "line"
    return "comma" if "," in gap else "none"


def _values(left: Side, right: Side) -> str:
    """Return the comparators of both, whether it is one limit, or which of them has a limit."""
    if left.limits and right.limits:
        if left.limits[0].start == right.limits[0].start:
            return f"same {left.limits[0].comparator}"
        return f"{left.limits[0].comparator},{right.limits[0].comparator}"
    return f"{bool(left.limits)},{bool(right.limits)}"


def _window(left: Side, right: Side) -> str:
    """Return the direction of the window that both have, or whose the window is."""
    if left.windows and right.windows:
        one, other = left.windows[0], right.windows[0]
        shape = f"{one.direction}{' low' if one.low else ''}{' high' if one.high else ''}"
        return f"same {shape}" if one.start == other.start else f"both {shape}"
    return f"{bool(left.windows)},{bool(right.windows)}"


@cache
def load_weights() -> Mapping[str, Mapping[str, float]]:
    """Read the weights of both questions.

    Raises
    ------
    LexiconError
        For an unknown question, a weight that is not a number or a repeated feature.
    """
    return read_weights(DATA / "joints.tsv", QUESTIONS)
