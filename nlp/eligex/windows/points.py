"""Time windows without a length: "at screening", "during the study", "prior to Day 1".

A preposition of time opens one if the words after it name a point or period in time that the lexicon knows;
elsewhere ("at the study site", "following criteria") it is not about time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eligex.language.rules import Rule, decide
from eligex.language.tokens import Tokens
from eligex.schema import Direction
from eligex.windows.anchors import Anchor, read_anchor
from eligex.windows.lengths import read_length
from eligex.windows.words import CLASSES, WORDS, pattern, phrases_of, words_of

_OPENERS = phrases_of(WORDS.points)
_KEYS = _OPENERS.keys()
_DURING = phrases_of({"during": WORDS.points["during"]}).keys()
_ANCHORS = frozenset(
    max(words_of(word), key=len) + end
    for words in WORDS.anchors.values()
    for word in words
    for end in ("", "s")
)
_SIDES = frozenset({"before", "during", "after"})
_JOINT = pattern(",? and|or|and/or")
_COMMA = pattern(",")
_BESIDE_LENGTH = phrases_of({side: WORDS.directions[side] for side in ("before", "after", "of")})
# after [at least 1 prior] therapy
_COUNTED = pattern("<inclusive|hedge>*2 <number|count_word> <or_more>? <earlier>?")
_BEFORE_LENGTH = pattern("<length_lead|hedge>*3")
_DIRECTIONS: dict[str, Direction] = {"before": "before", "after": "after"}


@dataclass(frozen=True, slots=True)
class Point:
    """A preposition of the kind ``opener`` at token ``i``, the anchor after it, and the token after both."""

    tokens: Tokens
    i: int
    opener: str
    anchor: Anchor
    j: int
    counted: bool = False
    """Whether the anchor is so many things: "after [two or more] lines of therapy"."""

    @property
    def is_of_progress(self) -> bool:
        """Whether a disease progresses at it: "progression on or [after] two lines of therapy"."""
        i = CLASSES["progress_joint"].start(self.tokens, self.i)
        return CLASSES["progresses"].before(self.tokens, i) is not None

    @property
    def is_place(self) -> bool:
        """Whether the anchor is a place or a person: "the study site"."""
        return self.tokens.low[self.anchor.j - 1] in CLASSES["place"]

    @property
    def is_period(self) -> bool:
        """Whether the anchor names a period of the study."""
        words = self.tokens.low[self.anchor.i : self.anchor.j]
        return self.anchor.names("study") and any(word in CLASSES["period"] for word in words)

    @property
    def is_elapsed(self) -> bool:
        """Whether the time since the anchor has a value of its own: "time since diagnosis"."""
        words = self.tokens, self.i
        return CLASSES["elapsed"].before(*words) is not None and CLASSES["whenever"].before(*words) is None

    @property
    def is_beginning(self) -> bool:
        """Whether the anchor only leads to a length that says when it begins: "period starting [3 days]"."""
        begins = self.tokens.low[self.anchor.j - 1] in CLASSES["goes_on_after"]
        return begins and read_length(self.tokens, self.anchor.j) is not None

    @property
    def is_short(self) -> bool:
        """Whether the anchor has at most four words: "the removal", of whatever it is."""
        return len(self.anchor.written(self.tokens).split(" of ")[0].split()) <= 4


# fmt: off
POINTS: tuple[Rule[Callable[[Point], bool], bool], ...] = (
    Rule("from when on", lambda p: p.is_beginning, False,
         "seen during the period starting 3 months before", "seen during the period starting today"),
    Rule("at any time", lambda p: CLASSES["whenever"].at(p.tokens, p.i) is not None, False,
         "stroke at any time", "stroke at that time"),
    Rule("value of something", lambda p: p.is_elapsed, False,
         "time since diagnosis > 1 year", "relapse since diagnosis"),
    Rule("the following thing", lambda p: p.opener == "after" and p.tokens.low[p.i - 1] == "the", False,
         "the following treatment", "anything following treatment"),
    Rule("after so many treatments", lambda p: p.counted and p.is_of_progress, True,
         "progressed after two or more lines of therapy", "progressed at two or more sites of disease"),
    Rule("after so many things", lambda p: p.counted, False,
         "seen after at least two doses of insulin", "seen after two doses of insulin"),
    Rule("on a day", lambda p: p.opener == "on" and p.anchor.opens("on"), True,
         "pneumonia on admission", "pneumonia on oxygen"),
    Rule("at a moment", lambda p: p.opener == "at" and p.anchor.names("point") and not p.is_place, True,
         "BMI at screening", "treated at the screening site"),
    Rule("until the end of a period",
         lambda p: p.opener in ("until", "within") and p.is_period and not p.is_place, True,
         "no alcohol until the end of the study", "treated within the study site"),
    Rule("during anything short", lambda p: p.opener == "during" and p.is_short, True,
         "asthma attacks during sleep", "asthma attacks before sleep"),
    Rule("known anchor", lambda p: p.opener in ("before", "during", "after") and p.anchor.is_known, True,
         "weaned before randomization", "weaned before lunch"),
)
# fmt: on


def may_hold_points(words: frozenset[str]) -> bool:
    """Whether a text with these words may have a window without a length: an opening and an anchor.

    >>> may_hold_points(frozenset(("at", "screening"))), may_hold_points(frozenset(("at", "home")))
    (True, False)
    """
    return not _KEYS.isdisjoint(words) and not (_ANCHORS.isdisjoint(words) and _DURING.isdisjoint(words))


def candidates(tokens: Tokens) -> Iterator[Point]:
    """Yield every preposition of time with an anchor after it."""
    for i, word in enumerate(tokens.low):
        found = _OPENERS.at(tokens, i) if word in _OPENERS.first_words else None
        if found is not None and not (tokens.low[i - 1] == "-" and tokens.glued(i)):
            opener, j = found
            anchor = read_anchor(tokens, CLASSES["earlier"].end(tokens, j) if opener == "during" else j)
            if anchor is None and opener == "after":
                anchor = read_anchor(tokens, CLASSES["earlier"].end(tokens, j))
            so_many = _COUNTED.match(tokens, j) if opener == "after" else None
            counted = so_many is not None and (anchor is None or anchor.j <= so_many)
            if so_many is not None and counted:
                anchor = read_anchor(tokens, so_many)
            if anchor is not None:
                yield Point(tokens, i, opener, anchor, anchor.j, counted)
            elif opener in _SIDES and (anchor := _shared_anchor(tokens, opener, j)) is not None:
                yield Point(tokens, i, opener, anchor, j)


def _shared_anchor(tokens: Tokens, opener: str, j: int) -> Anchor | None:
    """Return the anchor of the next preposition, which this one has, too: "before [and after surgery]",
    "before, during [or after surgery]", "during [or within 6 months after chemotherapy]"; nothing happens
    during an edge: "during or within 6 months after [the last dose]".
    """
    joint = _JOINT.match(tokens, j) or _COMMA.match(tokens, j)
    if joint is None:
        return None
    second = _OPENERS.at(tokens, joint)
    if second is not None and second[0] != "within":
        found = read_anchor(tokens, second[1])
        return (
            _shared_anchor(tokens, second[0], second[1]) if found is None and second[0] in _SIDES else found
        )
    span = read_length(tokens, _BEFORE_LENGTH.match(tokens, joint) or joint)
    side = None if span is None else _BESIDE_LENGTH.at(tokens, span.j)
    anchor = None if side is None else read_anchor(tokens, side[1])
    if anchor is None or (opener == "during" and any(word in CLASSES["edge"] for word in anchor.words)):
        return None
    return anchor


def find_points(tokens: Tokens, taken: list[tuple[int, int]]) -> Iterator[tuple[int, Point, Direction]]:
    """Yield the first token of each window that overlaps none of ``taken``, what is read there, and its
    direction.
    """
    end = k = 0
    for point in candidates(tokens):
        while k < len(taken) and taken[k][1] <= point.i:
            k += 1
        free = point.i >= end and (k == len(taken) or taken[k][0] >= point.j)
        if free and decide(POINTS, point):
            whenever = CLASSES["whenever"].before(tokens, point.i)  # "at any point [during the study]"
            start, end = point.i if whenever is None else whenever[1], point.j
            yield start, point, _DIRECTIONS.get(point.opener, "during")
