"""How two neighbours of a criterion are joined: features → operator and looseness.

Two questions are asked of every link: whether it says *and* or *or*, and how loose it is.  Of "HER2 positive
(IHC 3+ or FISH positive)" the link in the bracket is tighter than the one to the bracket, so the *or* is
joined first.  The features say what a reader looks at; their weights are the table
``lexicon/data/joints.tsv``, trained by ``models/training/joints.py``.  How the answers make an expression is
decided in :mod:`eligex.binding.logic`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from eligex.binding.apart import (
    adds_others,
    in_other_sentences,
    is_alternative,
    is_of_list,
    operator_of_sentences,
    tightened,
)
from eligex.binding.attach import read_weights, total
from eligex.binding.avoidances import avoided_by
from eligex.binding.bearing import brackets, length_of
from eligex.binding.categories import gap_between, groups_of
from eligex.binding.features import Features, Group
from eligex.binding.tree import Link, Span, Tree
from eligex.language.connectors import (
    ALTERNATIVE,
    COORDINATES,
    DEFINES,
    EITHER,
    EXAMPLES_FOLLOW,
    EXCLUSIVE,
    OPENS_ITEM,
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
_APART = 1000.0
_OTHERS = 100.0
"""Added to the looseness of a link between two sentences, or groups of people: no weights come near."""
_OF_LIST = 50.0
"""The same for a link to the list of what is meant by a thing."""
_SHORT = 4
"""Words and marks of a gap that is a feature as a whole."""
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
_COMMA, _AND = Connector("comma", True), Connector("and", True)
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
        section, kind, ending = self.section, self.kind, self.ending
        _, (*_, alike, _), (valued, negated, window, _) = self.between
        own: list[tuple[Group, tuple[Any, ...]]] = [
            (_SECTION, (section, kind, place, *values)) for place, values in enumerate(self.between)
        ]
        own.append((_SECTION_TOLD, (section, kind, ending, valued, alike, negated, window)))
        own.append((_SECTION_GAP, (section, *self.gap[:_SHORT])))
        return Features([*own, (_SECTION_LEAD, (section, ending, self.lead))])

    def either(self) -> Features:
        """Return the features of the question "or?"."""
        found = self._both("")
        found.groups += self.more.groups
        return found

    def _both(self, operator: str) -> Features:
        """Return the features of both questions; with an operator, also of what it changes."""
        kind = self.kind
        (bracket, *_), (*_, alike, _), (valued, *_) = self.between
        own: list[tuple[Group, tuple[Any, ...]]] = [
            (_BETWEEN, (operator, kind, place, *values)) for place, values in enumerate(self.between)
        ]
        own.append((_KIND, (operator, kind, self.ending, self.filled, self.returns)))
        own.append((_TOLD, (operator, kind, *self.beside, bracket, valued, alike)))
        if len(self.gap) <= _FEW:
            return Features([*own, (_GAP, self.gap)])
        return Features(own, _of_gap(*self.gap))


def joints(tree: Tree, sides: Sequence[Side], section: CriterionType) -> list[Joint]:
    """Return how neighbours are joined; groups of people are a choice ("men and women"), and so are examples
    without limits ("arrhythmia, such as flutter").
    """
    links = [tree.link(left, right) for left, right in pairwise(sides)]
    weights, features = load_weights(), list(describe(tree, sides, links, section))
    operators: list[Operator] = []
    looseness: list[float] = []
    scores = agreed(sides, links, [total(weights["or"], each.either()) for each in features])
    conjunction = section == "inclusion" and is_conjunction(tree, sides, links)
    for place, each in enumerate(features):
        left, right = sides[place : place + 2]
        listed = links[place].connector.kind in COORDINATES
        people = listed and left.population and right.population
        examples = links[place].connector.kind == "covers" and _alike(left, right) and not right.limits
        defined = section == "inclusion" and not left.negated and DEFINES.search(links[place].gap) is not None
        examples = examples and not defined
        either = scores[place] > 0 and not (conjunction or defined)
        avoided = section == "inclusion" and avoided_by(tree, left.start, left.end, right.negation)
        either = (either or _offers_denied(tree, left, right)) and not avoided
        operator: Operator = "or" if people or examples or either else "and"
        apart = _APART if in_other_sentences(tree, left, right) else 0.0
        if left.negation is None or left.negation != right.negation:  # else De Morgan turns it round
            operator = operator_of_sentences(tree, left, right, section) or operator
            if section == "exclusion" and adds_others(tree, left, right):
                operator, apart = "or", max(apart, _OTHERS)
            if section == "inclusion" and is_alternative(tree, left, right):
                operator = "or"
            if is_of_list(tree, left, right):
                operator, apart = "and", max(apart, _OF_LIST)
        operators.append(operator)
        looseness.append(apart + total(weights["loose"], with_operator(each, operator)))
    for place in _more_examples(tree, sides, links, operators):
        operators[place] = "or"
    return grouped(tree.text, sides, [*map(Joint, operators, tightened(tree, sides, looseness))])


def _more_examples(
    tree: Tree, sides: Sequence[Side], links: Sequence[Link], operators: Sequence[Operator]
) -> Iterator[int]:
    """Yield the links that go on with a list of examples, of which any will do: "drugs such as A and B"."""
    first: Side | None = None
    for place, link in enumerate(links):
        left, right = sides[place], sides[place + 1]
        if link.connector.kind == "covers":
            given = operators[place] == "or" and EXAMPLES_FOLLOW.search(link.gap) is not None
            first = right if given and right.label != "Observation" else None
        elif link.connector.kind not in COORDINATES or not link.connector.tight or link.filled:
            first = None
        elif first is not None and right.label == first.label and not (left.limits or right.limits):
            first = first if tree.regions.bracket(first.start) is tree.regions.bracket(right.start) else None
            if first is not None:
                yield place


def grouped(text: str, sides: Sequence[Side], found: Sequence[Joint]) -> list[Joint]:
    """Return the joints; categories that begin again are a choice of groups: "T3 N0 or T1-2 N1"."""
    settled = list(found)
    for first, last, begins in groups_of(text, sides):
        tightest = min(joint.loose for joint in found[first:last])
        for place in range(first, last):
            if place + 1 in begins:
                settled[place] = Joint("or", tightest - 1)
                continue
            gap = gap_between(text, sides[place], sides[place + 1])
            if not gap.strip() or (begins and not EITHER.search(gap)):  # "T3N0", "T3, N0 or T4, N1"
                settled[place] = Joint("and", tightest - 2)
    return settled


def _offers_denied(tree: Tree, left: Side, right: Side) -> bool:
    """Whether "or" stands before what negates the right side alone: "progressed or *refused* surgery"."""
    if left.negated or right.negation is None or right.negation[0] < left.end:
        return False
    return ALTERNATIVE.search(tree.text, left.end, right.negation[0]) is not None


def is_conjunction(tree: Tree, sides: Sequence[Side], links: Sequence[Link]) -> bool:
    """Whether a criterion is nothing but a list "A, B and C" of things that one patient can have together.

    Its words say *and*; the table, which has mostly seen such lists behind "such as" and of cancers, says or.
    "Fractures of the hip, wrist and ankle" shares its first words: it is no list of three things.
    """
    opens = tree.start
    if sides and sides[0].population:  # "women with rash, itching and swelling"
        opens, sides, links = sides[0].end, sides[1:], links[1:]
    kinds = [link.connector for link in links]
    if len(kinds) < 2 or any(kind != _COMMA for kind in kinds[:-1]) or kinds[-1] != _AND:
        return False
    names = [tree.text[side.start : side.end] for side in sides]
    bare = all(side.label == "Condition" and not (side.limits or side.negated) for side in sides)
    alone = not tree.words(sides[-1].end, tree.end) or tree.text[sides[-1].end : tree.end].strip() == "."
    return (
        bare
        and alone
        and OPENS_ITEM.fullmatch(tree.text, opens, sides[0].start) is not None
        and " of " not in names[0]
        and not any(EXCLUSIVE.search(name) for name in names)
    )


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
        previous, after = (
            links[other].connector.kind if 0 <= other < len(links) else "none"
            for other in (place - 1, place + 1)
        )
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


def _of_told(
    operator: str, kind: str, previous: str, after: str, bracket: str, valued: str, alike: bool
) -> Iterator[str]:
    """Yield what several things tell together."""
    for beside in (f"previous={previous}", f"next={after}"):
        yield from (beside, f"{beside}:kind={kind}")
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


def _of_section_lead(section: CriterionType, ending: str, lead: Sequence[str]) -> Iterator[str]:
    """Yield what the words before the list change."""
    for word in dict.fromkeys(lead):
        yield from (f"lead={word}", f"{section}:resolved={ending}:lead={word}")
    yield from (f"before={' '.join(lead[-2:])}", f"{section}:before={' '.join(lead[-1:])}")


_BETWEEN, _KIND, _TOLD, _GAP = Group(_of_between), Group(_of_kind), Group(_of_told), Group(_of_gap)
_SECTION, _SECTION_TOLD = Group(_of_section), Group(_of_section_told)
_SECTION_GAP, _SECTION_LEAD = Group(_of_section_gap), Group(_of_section_lead)


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
    taken = next((name for name, words in _TAKES.items() if words.match(link.gap)), "no")
    same = tree.text[left.start : left.end].lower() == tree.text[right.start : right.end].lower()
    return (
        (
            brackets(tree, left.start, right.start),
            _break(tree, left, right, gap),
            length_of(len(gap)),
            taken,
        ),
        (f"{left.label},{right.label}", left.label, right.label, left.label == right.label, same),
        (
            _values(left, right),
            "same" if shared else f"{left.negated},{right.negated}",
            _window(left, right),
            f"{left.conditional},{right.conditional}",
        ),
    )


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
