"""What a length of time is: a window, on which side of its anchor, or the value of something.

``LENGTHS`` is an ordered table; the first row that matches decides.  Each row has an example that is read
differently without it, and a counter-example that it does not match.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from eligex.language.phrase_sets import Phrases
from eligex.language.rules import Rule, decide
from eligex.language.tokens import NUM, Tokens
from eligex.schema import Direction, Length
from eligex.windows.lengths import Span
from eligex.windows.sides import Left, Right
from eligex.windows.words import CLASSES, WORDS, bracket, pattern, phrases_of

_CASE_OPENERS = frozenset({"(", "[", ",", ":", "except", "or", "and"})
_NEXT_CASE_OPENERS = _CASE_OPENERS | {";"}
_CASE_REACH = 80
"""Characters between a length and the one that some of the things have instead."""
_COURSE_REACH = 4
"""Words in which the treatment is named: "of [oral antiviral drug] therapy"."""
_DURING = phrases_of({"during": WORDS.points["during"]})
_BEFORE = phrases_of({"before": WORDS.directions["before"]})
_BRACKET_REACH = 12
"""Tokens of a bracket that gives some things a length of their own."""
_DURING_REACH = 12
"""Words in which a period begins that a length goes on from: "during the study [and 6 months after it]"."""
_WASHOUT_ASIDE = 20
"""Characters of a bracket between a length and "washout"."""
_OF_COURSE = pattern("of <course_filler|inclusive>*3")


class _Cue(NamedTuple):
    """Phrases that count at most ``within`` characters before a window, with no wall between."""

    phrases: Phrases[str]
    within: int
    walls: frozenset[str] = frozenset({".", ";"})
    past_numbers: bool = True


_CUES = {
    "value": _Cue(
        phrases_of({"value": WORDS.around["value"], "": WORDS.around["no_value"]}), 30,
        frozenset({".", ";", ",", "<", ">", "=", "≤", "≥", "or", "and"}), past_numbers=False,
    ),  # treatment-free interval of [3 months]
    "planned": _Cue(CLASSES["planned"], 60),  # planned pregnancy [within 6 months]
    "new": _Cue(CLASSES["new"], 50, frozenset({".", ";", "(", ")"})),  # recent surgery ([< 6 weeks])
    "spread": _Cue(
        phrases_of({"spread": WORDS.around["spread"], "": WORDS.around["not_spread"]}), 60,
        frozenset({".", ";", ":", "(", ")", "for", "or"}),
    ),  # three visits [over 2 weeks]
    "verb": _Cue(CLASSES["modal"], 1),  # expected to [last 2 hours]
}  # fmt: skip


class Earlier(NamedTuple):
    """The window before a length in its sentence: the character behind its length, what that says, and
    whether it is the length for some of the things, too.
    """

    end: int
    says: Says
    is_case: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A length with the words on either side of it."""

    tokens: Tokens
    span: Span
    left: Left
    right: Right
    earlier: Earlier | None = None

    def followed_by(self, name: str) -> bool:
        """Whether a phrase of the class comes right after the length."""
        return CLASSES[name].at(self.tokens, self.span.j) is not None

    def after(self, name: str) -> bool:
        """Whether a phrase of the cue comes before the window."""
        cue, tokens, j = _CUES[name], self.tokens, self.left.i
        limit = tokens.start[j] - cue.within
        while j > 0 and tokens.end[j - 1] >= limit:
            if (found := cue.phrases.before(tokens, j)) is not None:
                return bool(found[0])
            j -= 1
            if tokens.low[j] in cue.walls or (tokens.kind[j] == NUM and not cue.past_numbers):
                break
        return False

    @property
    def is_free(self) -> bool:
        """Whether no word before the length gives its direction."""
        return not self.left.preposition and self.left.side is None

    @property
    def is_recent(self) -> bool:
        """Whether a bracket after a recent thing or an event holds an upper limit: "stroke (< 6 weeks)"."""
        before = self.left.i - 1
        if self.span.bound != "high" or self.tokens.low[before] != "(":
            return False
        inside = replace(self, left=replace(self.left, i=before))
        return inside.after("new") or self.tokens.low[before - 1] in CLASSES["happened"]

    def is_aside_of(self, name: str) -> bool:
        """Whether it is alone in a bracket right after a word of the class: "chronic (> 3 months) pain"."""
        tokens, i = self.tokens, self.left.i
        opener = CLASSES["that_is"].before(tokens, i)
        i = (i if opener is None else opener[1]) - 1
        closed = tokens.low[i] in ("(", "[") and tokens.low[self.right.j] in (")", "]")
        return closed and self.is_free and CLASSES[name].before(tokens, i) is not None

    @property
    def is_calendar(self) -> bool:
        """Whether it is one length of a day or more; in hours things are measured: "in 24 hours"."""
        return self.span.bound == "exact" and self.left.side is None and self.in_days

    @property
    def in_days(self) -> bool:
        """Whether it is told in days or longer units."""
        return isinstance(self.span.high, str) and "T" not in self.span.high

    @property
    def is_stretch(self) -> bool:
        """Whether it is a stretch of time in which something happens: "over [a] 4-month period"."""
        low = self.tokens.low[self.left.i + 1]
        return self.left.preposition == "over" and (low == "the" or low in CLASSES["article"])

    @property
    def is_spread(self) -> bool:
        """Whether it is the time in which something changes or is repeated, not more than that: "weight loss
        over 2 months", "over at least 2 months".
        """
        if self.span.compound or self.right.side is not None:
            return False
        if self.left.preposition == "over":
            return self.tokens.low[self.span.i - 1] == "over" and self.span.bound == "low"
        return self._is_over and self.after("spread")

    @property
    def _is_over(self) -> bool:
        return self.left.preposition == "" and self.tokens.low[self.span.i] == "over"

    @property
    def is_course(self) -> bool:
        """Whether it is how long a treatment takes: "6 weeks of [prior] therapy", "3 months on insulin"."""
        tokens, j = self.tokens, self.span.j
        placed = self.left.preposition not in ("", "of") or self.left.side is not None
        if placed or self.right.side is not None or self.span.compound or not isinstance(self.span.low, str):
            return False  # "4 cycles of chemotherapy" are a count
        if tokens.low[j] == "on":
            return tokens.low[j + 1].isalpha() and tokens.low[j + 1] not in CLASSES["not_taken"]
        k = _OF_COURSE.match(tokens, j)
        return k is not None and any(tokens.low[i] in CLASSES["course"] for i in range(k, k + _COURSE_REACH))

    @property
    def is_washout(self) -> bool:
        """Whether it is the time without a treatment: "a 1-week washout", "a washout of 4 weeks"."""
        if (
            self.right.side is not None
            or self.left.preposition not in ("", "of")
            or self.left.side is not None
        ):
            return False
        before = (CLASSES["washout_of"].before(self.tokens, i) for i in (self.span.i, self.left.i))
        aside = bracket(self.tokens, self.span.j, _WASHOUT_ASIDE) or self.span.j  # "4-week (28 days) washout"
        return CLASSES["washout"].at(self.tokens, aside) is not None or any(before)

    @property
    def is_kind(self) -> bool:
        """Whether it says what kind of thing the next noun is: "the 12-week protocol"."""
        noun = self.tokens.low[self.span.j]
        time = noun in CLASSES["stop"] or any(map(self.followed_by, ("span_noun", "lasting_state")))
        placed = self.left.side is not None or self.right.side is not None
        return self.span.compound and noun.isalpha() and not time and not placed

    @property
    def goes_on(self) -> bool:
        """Whether something goes on that long after a period: "during the study and 6 months after it", or
        after what it may not come shortly before: "within 30 days before or 14 days after it".
        """
        tokens, i = self.tokens, self.left.i
        if self.right.side != "after" or not self.is_free:
            return False
        if self.earlier is not None and self.earlier.says == Says("before") and self._is_joined:
            return True
        if tokens.low[i - 1] != "and":
            return False
        for k in range(i - 2, max(-1, i - 2 - _DURING_REACH), -1):
            if tokens.low[k] in (".", ";", "or"):
                return False
            if _DURING.at(tokens, k) is not None:
                return True
        return False

    @property
    def _is_joined(self) -> bool:
        """Whether the earlier length breaks off before a joint that leads here: "2 days before[, the day of,
        and] 2 days after dosing".
        """
        tokens, k = self.tokens, self.left.i - 1
        if self.earlier is None or tokens.low[k] not in ("and", "or", "and/or"):
            return False
        k -= tokens.low[k - 1] == ","
        k = CLASSES["same_day"].start(tokens, k)
        k -= tokens.low[k - 1] == ","
        if tokens.low[k - 1] == ")":  # "2 days before (5 days for naproxen)"
            k = next((i for i in range(k - 1, max(k - _BRACKET_REACH, 0), -1) if tokens.low[i] == "("), k)
        found = _BEFORE.before(tokens, k)
        return found is not None and tokens.end[found[1] - 1] <= self.earlier.end

    @property
    def is_state(self) -> bool:
        """Whether it is how long something lasts, not all the time up to an anchor or from one on."""
        span = self.span
        if self.left.preposition not in ("state", "stable") or self.left.side == "after" or span.bare:
            return False
        anchored = self.left.side == "before" or self.right.side in ("before", "after")
        if span.bound == "range" and self.right.side == "after":
            return False  # "for 3 to 6 months after surgery"
        return span.bound != "exact" or self.left.least or not anchored

    @property
    def is_case(self) -> bool:
        """Whether it is the length for some of the things that an earlier one is about: "within 4 weeks (6
        weeks for mitomycin; 2 weeks for statins)".
        """
        i, tokens, earlier = self.left.i, self.tokens, self.earlier
        if earlier is None or not self.is_free:
            return False
        openers = _NEXT_CASE_OPENERS if earlier.is_case else _CASE_OPENERS
        if tokens.low[i - 1] not in openers or tokens.start[i] - earlier.end > _CASE_REACH:
            return False
        return CLASSES["case"].at(tokens, CLASSES["span_noun"].end(tokens, self.span.j)) is not None

    @property
    def is_recent_aside(self) -> bool:
        """Whether it is alone in a bracket right after a word for what is new: "recent (6 months) stroke"."""
        return self.span.bound != "low" and self.is_aside_of("new")

    @property
    def is_elapsed_apart(self) -> bool:
        """Whether it passed since what is named later: "6 weeks must have elapsed if [a drug] was taken"."""
        after = CLASSES["gone_by"].end(self.tokens, self.span.j)
        return self.is_free and after > self.span.j and CLASSES["apart"].at(self.tokens, after) is not None

    @property
    def is_elapsed(self) -> bool:
        """Whether it is the time since the anchor, not the time around it: "3 weeks from surgery"."""
        side, near = self.right.side, self.left.preposition in ("within", "in")
        if self.span.bound == "range":
            return side in ("since", "from", "of")
        return side == "since" or (side == "from" and self.span.bound != "high" and not near)


@dataclass(frozen=True, slots=True)
class Says:
    """A window of this direction; a length without a comparator is its low or its high end."""

    direction: Direction
    exact: Literal["low", "high"] = "high"


AS_EARLIER = Says("for")
"""It is what the earlier length is."""


# fmt: off
LENGTHS: tuple[Rule[Callable[[Reading], bool], Says | None], ...] = (
    Rule("washout", lambda r: r.is_washout, Says("before", exact="low"),
         "a 1-week washout of statins", "after a 1-week washout of statins"),
    Rule("kind of thing", lambda r: r.is_kind, None,
         "consent for the 13-week protocol", "consent for the 13-week period"),
    Rule("duration", lambda r: r.right.duration, Says("for", exact="low"),
         "pain of more than 6 months' duration", "pain for more than 6 months"),
    Rule("state", lambda r: r.is_state, Says("for", exact="low"),
         "stable for 3 months", "stable for 3 months prior to screening"),
    Rule("value of something", lambda r: r.right.side is not None and r.is_free and r.after("value"), None,
         "interval 3 months before screening", "interval within 3 months before screening"),
    Rule("no later than before an anchor",
         lambda r: r.right.side == "before" and r.left.preposition == "until", Says("before", exact="low"),
         "hydroxyurea until 24 hours before dosing", "hydroxyurea within 24 hours before dosing"),
    Rule("before an anchor", lambda r: r.right.side == "before", Says("before"),
         "surgery 6 months before screening", "surgery 6 months after screening"),
    Rule("goes on after a period", lambda r: r.goes_on, Says("after"),
         "condoms during and 60 days after treatment", "condoms 60 days after treatment"),
    Rule("after an anchor",
         lambda r: r.right.side == "after" and r.left.side is None and r.left.preposition in ("", "after"),
         Says("after", exact="low"), "relapse 30 days after surgery", "relapse within 30 days after surgery"),
    Rule("soon after an anchor", lambda r: r.right.side == "after", Says("after"),
         "relapse within 30 days after surgery", "relapse within 30 days before surgery"),
    Rule("last as a verb", lambda r: r.left.side is not None and r.after("verb"), None,
         "surgery expected to last 2 hours", "surgery in the last 2 hours"),
    Rule("past", lambda r: r.left.side == "before", Says("before"),
         "stroke in the past 5 years", "stroke in the next 5 years"),
    Rule("next", lambda r: r.left.side == "after", Says("after"),
         "surgery in the next 2 months", "surgery in the past 2 months"),
    Rule("elapsed", lambda r: r.is_elapsed, Says("before", exact="low"),
         "at least 4 weeks since the last dose", "within 4 weeks from the last dose"),
    Rule("around an anchor", lambda r: r.right.side in ("of", "from"), Says("within"),
         "surgery less than 72 hours from admission", "surgery less than 72 hours before admission"),
    Rule("planned", lambda r: r.left.preposition in ("within", "in") and r.after("planned"), Says("after"),
         "planning a pregnancy within six months", "pregnancy within six months"),
    Rule("within", lambda r: r.left.preposition == "within", Says("before"),
         "antibiotics within 24 hours", "antibiotics for 24 hours"),
    Rule("in less than", lambda r: r.left.preposition == "in" and r.span.bound == "high", Says("before"),
         "relapse in less than 6 weeks", "relapse in more than 6 weeks"),
    Rule("in a length", lambda r: r.left.preposition == "in" and r.is_calendar, Says("before"),
         "no transfusion in 2 weeks", "more than 3 g in 24 hours"),
    Rule("stretch", lambda r: r.is_stretch, Says("for"),
         "weight loss over a 4-month period", "weight loss for over 4 months"),
    Rule("time of a change", lambda r: r.is_spread, Says("for"),
         "three visits over 2 weeks", "pain over 2 weeks"),
    Rule("course of treatment", lambda r: r.is_course, Says("for", exact="low"),
         "at least 6 weeks of prior therapy", "within 6 weeks of prior therapy"),
    Rule("after a length", lambda r: r.left.preposition == "after", Says("after", exact="low"),
         "relapse after 3 months", "relapse at 3 months"),
    Rule("elapsed since what is named later", lambda r: r.is_elapsed_apart, Says("before", exact="low"),
         "6 weeks must have elapsed if biopsies were taken", "6 weeks if biopsies were taken"),
    Rule("how recent, in a bracket", lambda r: r.is_recent_aside, Says("before"),
         "recent (6 months) stroke", "stroke (6 months)"),
    Rule("recent", lambda r: r.is_recent, Says("before"),
         "recent rash (< 3 months)", "itching rash (< 3 months)"),
    Rule("how long, in a bracket", lambda r: r.is_aside_of("lasting"), Says("for", exact="low"),
         "chronic (> 3 months) pain", "chronic pain (> 3 months)"),
    Rule("how long ago, in a bracket", lambda r: r.is_aside_of("former"), Says("before"),
         "remote (> 5 years) stroke", "remote stroke (> 5 years)"),
    Rule("during a length", lambda r: r.left.preposition == "during", Says("for", exact="low"),
         "fasting during 3 hours", "fasting over 3 hours"),
    Rule("state that lasted", lambda r: r.is_free and r.followed_by("lasting_state"),
         Says("for", exact="low"), "women 2 years postmenopausal", "women 2 years older"),
    Rule("case of another window", lambda r: r.is_case, AS_EARLIER,
         "surgery within 4 weeks (6 weeks for biopsies)", "surgery within 4 weeks; 6 weeks for biopsies"),
    Rule("longer or shorter", lambda r: r.right.whichever is not None, Says("for", exact="low"),
         "a break of 4 weeks or 5 half-lives, whichever is longer", "a break of 4 weeks or 5 half-lives"),
)
# fmt: on


def meaning(reading: Reading) -> Says | None:
    """Return what a length says, or None where it is no window."""
    says = decide(LENGTHS, reading)
    return reading.earlier.says if says is AS_EARLIER and reading.earlier is not None else says


def as_earlier(reading: Reading, says: Says) -> Earlier:
    """Return a window as the length after it sees it: one of a case is a low end, or a high one, as it is."""
    low = ends(reading, says)[0] is not None
    exact: Literal["low", "high"] = "low" if low else "high"
    return Earlier(reading.tokens.end[reading.span.j - 1], Says(says.direction, exact), reading.is_case)


def ends(reading: Reading, says: Says) -> tuple[Length | None, Length | None, bool]:
    """Return the low and the high end of the window, and whether the bound itself is outside it.

    A single length after "within" is the high end, whatever its comparator.
    """
    span = reading.span
    if span.bare:
        return None, None, False
    if span.bound == "range":
        return span.low, span.high, span.strict
    exact = span.bound == "exact" or (reading.is_spread and reading._is_over)
    bound = ("low" if reading.left.least else says.exact) if exact else span.bound
    bound = "high" if reading.left.preposition == "within" else bound
    strict = span.strict and bound == span.bound
    return (span.low, None, strict) if bound == "low" else (None, span.high, strict)
