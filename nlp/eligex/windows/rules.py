"""What a length of time is: a window, on which side of its anchor, or the value of something.

Two ordered tables; the first row that matches decides.  Each row has an example that another decision is
made of without it, and a counter-example that it does not match.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeVar

from eligex.language.tokens import NUM, Tokens
from eligex.schema import Direction, Length
from eligex.windows.lengths import Span
from eligex.windows.phrases import Phrases
from eligex.windows.sides import Left, Right
from eligex.windows.words import CLASSES, WORDS

Of = TypeVar("Of")
Then = TypeVar("Then")
_STOPS = frozenset({".", ";"})
_BREAKS = _STOPS | {",", "<", ">", "=", "≤", "≥", "or", "and"}
_VALUES = Phrases({"value": WORDS.around["value"], "": WORDS.around["no_value"]})


@dataclass(frozen=True, slots=True)
class Reading:
    """A length with the words on either side of it."""

    tokens: Tokens
    span: Span
    left: Left
    right: Right

    def said(self, phrases: Phrases, within: int, walls: frozenset[str], *, numbers: bool = False) -> bool:
        """Whether one of the phrases comes at most ``within`` characters before, with no wall between."""
        tokens, j = self.tokens, self.left.i
        limit = tokens.start[j] - within
        while j > 0 and tokens.end[j - 1] >= limit:
            found = phrases.ending(tokens, j)
            if found is not None:
                return bool(found[0])
            if tokens.low[j - 1] in walls or (numbers and tokens.kind[j - 1] == NUM):
                return False
            j -= 1
        return False

    @property
    def is_value(self) -> bool:
        """Whether the words before name what has the length as its value: "interval of 3 months"."""
        return self.said(_VALUES, 30, _BREAKS, numbers=True)

    @property
    def is_planned(self) -> bool:
        """Whether the words before say that the thing is to come."""
        return self.said(CLASSES["planned"], 60, _STOPS)

    @property
    def is_free(self) -> bool:
        """Whether no word before the length places it."""
        return not self.left.preposition and self.left.side is None

    @property
    def is_expectancy(self) -> bool:
        """Whether the length is how long someone is expected to live."""
        return self.said(CLASSES["expectancy"], 25, _STOPS | {","})

    @property
    def is_recent(self) -> bool:
        """Whether a bracket after a recent thing holds the length: "recent stroke (< 6 weeks)"."""
        tokens, i = self.tokens, self.left.i
        inside = replace(self, left=replace(self.left, i=i - 1))
        return tokens.low[i - 1] == "(" and inside.said(CLASSES["new"], 50, _STOPS | {"(", ")"})

    @property
    def is_short(self) -> bool:
        """Whether it reads "in less than 6 weeks"."""
        return self.left.preposition == "in" and self.span.bound == "high"

    @property
    def is_kind(self) -> bool:
        """Whether it says what kind of thing the next noun is: "the 12-week protocol"."""
        noun = self.tokens.low[self.span.j]
        known = noun in CLASSES["span_noun"] or noun in CLASSES["stop"]
        return self.span.compound and noun.isalpha() and not known


@dataclass(frozen=True, slots=True)
class Says:
    """A window of this direction; a length without a comparator is its low or its high end."""

    direction: Direction
    exact: Literal["low", "high"] = "high"


@dataclass(frozen=True, slots=True)
class Rule(Generic[Of, Then]):
    """A row of a table: where ``when`` matches, ``then`` is the decision."""

    name: str
    when: Callable[[Of], bool]
    then: Then
    example: str
    counter: str


def decide(table: Iterable[Rule[Of, Then]], of: Of) -> Then | None:
    """Return what the first row that matches says."""
    return next((rule.then for rule in table if rule.when(of)), None)


_INSIDE = ("within", "in")

LENGTHS: tuple[Rule[Reading, Says | None], ...] = (
    Rule(
        "kind of thing",
        lambda r: r.is_kind and r.right.side is None and r.left.side is None,
        None,
        "consent for the 13-week protocol",
        "consent for the 13-week period",
    ),
    Rule(
        "duration",
        lambda r: r.right.duration,
        Says("for", exact="low"),
        "pain of more than 6 months' duration",
        "pain for more than 6 months",
    ),
    Rule(
        "state",
        lambda r: r.left.preposition in ("state", "stable") and r.left.side != "after" and not r.span.bare,
        Says("for", exact="low"),
        "stable dose for 3 months prior to screening",
        "surgery planned for the next 3 months",
    ),
    Rule(
        "value with a side",
        lambda r: r.right.side is not None and r.is_free and r.is_value,
        None,
        "treatment-free interval of 3 months before screening",
        "treatment-free interval within 3 months before screening",
    ),
    Rule(
        "before an anchor",
        lambda r: r.right.side == "before",
        Says("before"),
        "surgery 6 months before screening",
        "surgery 6 months after screening",
    ),
    Rule(
        "after an anchor",
        lambda r: r.right.side == "after" and r.left.side is None and r.left.preposition in ("", "after"),
        Says("after", exact="low"),
        "relapse 30 days after surgery",
        "relapse within 30 days after surgery",
    ),
    Rule(
        "up to a length after an anchor",
        lambda r: r.right.side == "after",
        Says("after"),
        "relapse within 30 days after surgery",
        "relapse within 30 days before surgery",
    ),
    Rule(
        "last as a verb",
        lambda r: r.left.side is not None and not r.left.preposition and r.said(CLASSES["modal"], 1, _STOPS),
        None,
        "surgery expected to last 2 hours",
        "surgery in the last 2 hours",
    ),
    Rule(
        "past",
        lambda r: r.left.side == "before",
        Says("before"),
        "stroke in the past 5 years",
        "stroke in the next 5 years",
    ),
    Rule(
        "next",
        lambda r: r.left.side == "after",
        Says("after"),
        "surgery in the next 2 months",
        "surgery in the past 2 months",
    ),
    Rule(
        "elapsed",
        lambda r: (
            r.right.side == "since"
            or (r.right.side == "from" and r.span.bound != "high" and r.left.preposition not in _INSIDE)
        ),
        Says("before", exact="low"),
        "at least 4 weeks since the last dose",
        "within 4 weeks from the last dose",
    ),
    Rule(
        "around an anchor",
        lambda r: r.right.side in ("of", "from"),
        Says("within"),
        "surgery less than 72 hours from admission",
        "surgery 72 hours from admission",
    ),
    Rule(
        "planned",
        lambda r: r.left.preposition in _INSIDE and r.is_planned,
        Says("after"),
        "planning a pregnancy within six months",
        "pregnancy within six months",
    ),
    Rule(
        "within",
        lambda r: r.left.preposition == "within",
        Says("within"),
        "antibiotics within 24 hours",
        "antibiotics for 24 hours",
    ),
    Rule(
        "in less than",
        lambda r: r.is_short,
        Says("before"),
        "surgery in less than 6 weeks",
        "surgery in more than 6 weeks",
    ),
    Rule(
        "after a length",
        lambda r: r.left.preposition == "after",
        Says("after", exact="low"),
        "relapse after 3 months",
        "relapse before 3 months",
    ),
    Rule(
        "recent",
        lambda r: r.span.bound == "high" and r.is_recent,
        Says("before"),
        "recent surgery (< 3 months)",
        "open surgery (< 3 months)",
    ),
    Rule(
        "during a length",
        lambda r: r.left.preposition == "during",
        Says("for", exact="low"),
        "fasting during 3 hours",
        "fasting over 3 hours",
    ),
    Rule(
        "longer or shorter",
        lambda r: r.right.whichever is not None,
        Says("for", exact="low"),
        "washout of 4 weeks or 5 half-lives, whichever is longer",
        "washout of 4 weeks or 5 half-lives",
    ),
)


def ends(reading: Reading, says: Says) -> tuple[Length | None, Length | None, bool]:
    """Return the low and the high end of the window, and whether the bound itself is outside it.

    A single length after "within" is the high end whatever comparator is written with it.
    """
    span = reading.span
    if span.bare:
        return None, None, False
    if span.bound == "range":
        return span.low, span.high, False
    bound = (
        "high"
        if reading.left.preposition == "within"
        else says.exact
        if span.bound == "exact"
        else span.bound
    )
    strict = span.strict and bound == span.bound
    return (span.low, None, strict) if bound == "low" else (None, span.high, strict)
