"""A link between two neighbours of a criterion → the features that the table of joints knows.

Decides what a reader looks at to tell whether a link says *and* or *or*, and how loose it is: the words
between, what the neighbours are and what is said of them, what stands before the list.  How links are judged
by it is decided in :mod:`eligex.binding.joining`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from eligex.binding.bearing import brackets, length_of
from eligex.binding.features import Features, Group
from eligex.binding.tree import Link, Span, Tree
from eligex.language.connectors import COORDINATES, SHARED_BY_LIST, TAKES_LIST, ConnectorKind, connector
from eligex.schema import CriterionType, Quantity, Window

Operator = Literal["and", "or"]
_LONGEST_GAP = 40
"""Words of a gap that are read, half of them at each end."""
_LEAD = 6
"""Words before a list that are read."""
_NEAR = 3
"""Neighbours before and after a link whose kind is compared."""
_SHORT = 4
"""Words and marks of a gap that is a feature as a whole."""
Valued = tuple[Group, tuple[Any, ...]]
"""Features, and the values that they follow from."""
_BETWEEN_NAMES = (
    ("bracket", "break", "words", "takes"),
    ("labels", "left", "right", "alike", "same"),
    ("valued", "negated", "window", "conditional"),
)
"""What two neighbours are to each other: how they stand, what they are, and what is said of them."""
_FEW = 3
"""Words of a gap that comes again and again."""
_CROSSED = frozenset(
    {"kind", "resolved", "bracket", "break", "valued", "alike", "words", "negated", "takes", "goes"}
)
"""Features that say more together with the operator."""
_TAKES = {"shared": SHARED_BY_LIST, "list": TAKES_LIST}
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
    """A link as the features need it: what it and its neighbours are, and the words between and before.

    ``between`` are the values of :func:`_between`; ``beside`` are the kinds of the links before and after.
    """

    section: CriterionType
    kind: str
    ending: str
    filled: bool
    returns: str
    beside: tuple[str, str]
    between: tuple[tuple[Any, ...], ...]
    gap: tuple[str, ...]
    lead: tuple[str, ...]

    @property
    def plain(self) -> list[str]:
        """The features for both questions."""
        return [*self._both("")]

    @property
    def more(self) -> Features:
        """The features of the operator alone: what the type of the criterion and the words before change."""
        return Features(self._of_section())

    def either(self) -> Features:
        """Return the features of the question "or?"."""
        names = _of_gap(*self.gap) if len(self.gap) > _FEW else ()
        return Features([*self._of_link(""), *self._of_section()], names)

    def _both(self, operator: str) -> Features:
        """Return the features of both questions; with an operator, also of what it changes."""
        names = _of_gap(*self.gap) if len(self.gap) > _FEW else ()
        return Features(self._of_link(operator), names)

    def _of_link(self, operator: str) -> list[Valued]:
        """Return the features of both questions but those of a long gap, whose words hardly come again."""
        kind, (stand, are, said) = self.kind, self.between
        found: list[Valued] = [
            (_BETWEEN, (operator, kind, 0, *stand)),
            (_BETWEEN, (operator, kind, 1, *are)),
            (_BETWEEN, (operator, kind, 2, *said)),
            (_KIND, (operator, kind, self.ending, self.filled, self.returns)),
            (_BESIDE, (kind, *self.beside)),
            (_TOLD, (operator, stand[0], said[0], are[3])),
        ]
        if len(self.gap) <= _FEW:
            found.append((_GAP, self.gap))
        return found

    def _of_section(self) -> list[Valued]:
        """Return what the type of the criterion and the words before the list change."""
        section, kind, ending, (stand, are, said) = self.section, self.kind, self.ending, self.between
        return [
            (_SECTION, (section, kind, 0, *stand)),
            (_SECTION, (section, kind, 1, *are)),
            (_SECTION, (section, kind, 2, *said)),
            (_SECTION_TOLD, (section, kind, ending, said[0], are[3], *said[1:3])),
            (_SECTION_GAP, (section, *self.gap[:_SHORT])),
            (_SECTION_LEAD, (section, *self.lead[-2:])),
            *((_LEAD_WORD, (section, ending, word)) for word in dict.fromkeys(self.lead)),
        ]


def with_operator(each: Described, operator: Operator) -> Features:
    """Return the features of the question "how loose?"; a link of this operator."""
    return each._both(operator)


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
        kind = kinds[place] if link.connector.tight else f"{kinds[place]}~"
        previous = links[place - 1].connector.kind if place else "none"
        after = links[place + 1].connector.kind if place + 1 < len(links) else "none"
        if place and kinds[place - 1] not in COORDINATES:
            first = place
        low = max(sides[first - 1].end if first else opens, tree.sentence(sides[first].start)[0])
        yield Described(
            section,
            kind,
            endings[place],
            link.filled,
            _returns(sides, place),
            (previous, after),
            _between(tree, left, right, link, gap),
            tuple(gap),
            tuple(tree.words_before(low, sides[first].start, _LEAD)),
        )


def _crossed(operator: str, names: Iterable[str]) -> Iterator[str]:
    """Yield names; with an operator, those that say more together with it also so."""
    for name in names:
        yield name
        if operator and name.partition("=")[0] in _CROSSED:
            yield f"{operator}:{name}"


def _of_between(operator: str, kind: str, place: int, *values: Any) -> Iterator[str]:
    """Yield what the neighbours are to each other; ``place`` is the row of ``_BETWEEN_NAMES``."""
    named = [f"{name}={value}" for name, value in zip(_BETWEEN_NAMES[place], values, strict=True)]
    yield from _crossed(operator, (*named, *(f"kind={kind}:{name}" for name in named)))


def _of_kind(operator: str, kind: str, ending: str, filled: bool, returns: str) -> Iterator[str]:
    """Yield what the link is."""
    named, goes = f"kind={kind}", f"goes={returns}"
    if operator:
        yield operator
    yield from _crossed(operator, (named, f"resolved={ending}", f"filled={filled}", goes, f"{named}:{goes}"))


def _of_beside(kind: str, previous: str, after: str) -> Iterator[str]:
    """Yield what the links before and after tell."""
    for beside in (f"previous={previous}", f"next={after}"):
        yield from (beside, f"{beside}:kind={kind}")


def _of_told(operator: str, bracket: str, valued: str, alike: bool) -> Iterator[str]:
    """Yield what several things tell together."""
    together = (f"bracket={bracket}:{name}" for name in (f"valued={valued}", f"alike={alike}"))
    yield from _crossed(operator, together)


def _of_gap(*gap: str) -> Iterator[str]:
    """Yield what the words between are."""
    if not gap:
        yield "gap="
        return
    yield from (f"has={word}" for word in dict.fromkeys(gap))
    yield from (f"first={gap[0]}", f"last={gap[-1]}", f"gap={' '.join(gap[:_SHORT])}")


def _of_section(section: CriterionType, kind: str, place: int, *values: Any) -> Iterator[str]:
    """Yield what the type of the criterion changes in what the neighbours are to each other."""
    for name, value in zip(_BETWEEN_NAMES[place], values, strict=True):
        yield from (f"{section}:{name}={value}", f"{section}:kind={kind}:{name}={value}")


def _of_section_told(
    section: CriterionType, kind: str, ending: str, valued: str, alike: bool, negated: str, window: str
) -> Iterator[str]:
    """Yield what the type of the criterion changes in what several things tell together."""
    named, resolved = f"kind={kind}", f"resolved={ending}"
    yield from (section, f"{section}:{named}", f"{section}:{resolved}")
    for name in (resolved, f"valued={valued}:alike={alike}", f"alike={alike}:negated={negated}"):
        yield f"{section}:{named}:{name}"
    for name in (f"valued={valued}", f"alike={alike}", f"window={window}"):
        yield f"{section}:{resolved}:{name}"


def _of_section_gap(section: CriterionType, *gap: str) -> Iterator[str]:
    yield f"{section}:gap={' '.join(gap)}"


def _of_section_lead(section: CriterionType, *last: str) -> Iterator[str]:
    """Yield what the last two words before the list change."""
    yield from (f"before={' '.join(last)}", f"{section}:before={' '.join(last[-1:])}")


def _of_lead_word(section: CriterionType, ending: str, word: str) -> Iterator[str]:
    """Yield what a word before the list changes."""
    yield from (f"lead={word}", f"{section}:resolved={ending}:lead={word}")


_BETWEEN, _KIND, _GAP = Group(_of_between), Group(_of_kind), Group(_of_gap)
_BESIDE, _TOLD = Group(_of_beside), Group(_of_told)
_SECTION, _SECTION_TOLD = Group(_of_section), Group(_of_section_told)
_SECTION_GAP, _SECTION_LEAD = Group(_of_section_gap), Group(_of_section_lead)
_LEAD_WORD = Group(_of_lead_word)


def _returns(sides: Sequence[Side], place: int) -> str:
    """Return whether the link goes to another kind of thing, and back to one of those before or after.

    "apnoea on [CPAP, stroke]" goes back; "[apnoea on CPAP], stroke" goes out.
    """
    left, right = sides[place].label, sides[place + 1].label
    if left == right:
        return "on"
    back = any(side.label == right for side in sides[max(place - _NEAR, 0) : place])
    out = any(side.label == left for side in sides[place + 2 : place + 2 + _NEAR])
    return "both" if back and out else "back" if back else "out" if out else "away"


def _between(
    tree: Tree, left: Side, right: Side, link: Link, gap: Sequence[str]
) -> tuple[tuple[Any, ...], ...]:
    """Return what two neighbours are to each other, in the order of ``_BETWEEN_NAMES``."""
    shared = left.negation is not None and left.negation == right.negation
    same = tree.text[left.start : left.end].lower() == tree.text[right.start : right.end].lower()
    return (
        (
            brackets(tree, left.start, right.start),
            _break(tree, left, right, gap),
            length_of(len(gap)),
            _taken(link.gap),
        ),
        (f"{left.label},{right.label}", left.label, right.label, left.label == right.label, same),
        (
            _values(left, right),
            "same" if shared else f"{left.negated},{right.negated}",
            _window(left, right),
            f"{left.conditional},{right.conditional}",
        ),
    )


def _taken(gap: str) -> str:
    """Return whether a list before shares what follows, or what is before takes a list."""
    for name, words in _TAKES.items():
        if words.match(gap):
            return name
    return "no"


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
