"""Where a clause begins and ends, and what looks like one and is none: an ordered table.

Each row is asked of every cue of its kinds, in the order of the table, about the content as the rows before
left it.  Examples are marked up: ``[…]`` is a clause and ``{…}`` its content.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Literal

from eligex.clauses.sentence import Cue, Sentence

Test = Callable[[Sentence, Cue, int], int | bool]
Then = Literal["refuse", "begin", "skip", "end", "right"]

IF = frozenset({"lead", "if", "when", "provided"})
INNER_IF = IF - {"lead"}
PEOPLE = frozenset({"group", "people"})
OPENER = frozenset({"except", "unless", "other"})
PERMISSION = frozenset({"permission", "admission", "aside"})
BOUNDED = INNER_IF | {"people", "limit"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row.

    ``then`` says what follows where ``when`` holds:

    - ``refuse``: the cue opens no clause (asked at the first token of the content);
    - ``begin``: the content begins after that token (asked backward from the cue);
    - ``skip``: the content begins at the token that is returned (asked at its first token);
    - ``end``: the content ends before that token (asked from its second token on, outside inner brackets);
    - ``right``: the clause bears on what follows it (asked at the end of the content).
    """

    name: str
    kinds: Collection[str]
    then: Then
    when: Test
    example: str
    counter: str

    def apply(self, sentence: Sentence, cue: Cue) -> Cue | None:
        """Return the cue with what the row decides; None if it is refused."""
        match self.then:
            case "refuse":
                return None if self.when(sentence, cue, cue.begin) else cue
            case "right":
                return replace(cue, governs="right") if self.when(sentence, cue, cue.end) else cue
            case "skip":
                begin = sentence.after_marks(cue.begin, cue.end)
                return replace(cue, begin=self.when(sentence, cue, begin))
            case "begin":
                backward = range(cue.end - 1, cue.begin - 1, -1)
                at = next((i for i in backward if self.when(sentence, cue, i)), cue.begin - 1)
                return replace(cue, begin=at + 1)
            case "end":
                tokens = sentence.inside(cue, cue.begin + 1, cue.end)
                return replace(cue, end=next((i for i in tokens if self.when(sentence, cue, i)), cue.end))


def at(name: str) -> Test:
    """Return the test whether a phrase of a class begins at the token."""
    return lambda s, _, i: s.at(name, i)


def _comma(s: Sentence, _: Cue, i: int) -> bool:
    return s.low[i] == ","


def _has_comma(s: Sentence, cue: Cue) -> bool:
    return "," in s.low[cue.begin : cue.high]


# --- conditions
def _not_done(s: Sentence, _: Cue, i: int) -> bool:
    return s.low[i] == "not" and not (s.low[i + 1].endswith("ed") and len(s.low[i + 1]) > 5)


def _asked(s: Sentence, cue: Cue, _: int) -> bool:
    last = cue.first - (s.low[cue.first - 1] == "only")
    last -= s.low[last - 1] == ","
    return s.before("not_before_if", last) < last


def _admitted(s: Sentence, cue: Cue, _: int) -> bool:
    start = s.before("admitted", cue.first)
    if start == cue.first:
        return False
    for _times in range(4):
        start = s.before("auxiliary", start)
    return (s.leading and s.begins(cue.first)) or s.empty(cue.low, start)


def _excluded(s: Sentence, cue: Cue, _: int) -> bool:
    commas = (i for i in range(cue.begin, cue.high) if s.low[i] == ",")
    return any(s.at("consequence", i) for i in range(next(commas, cue.high), cue.high))


def _between_commas(s: Sentence, cue: Cue, i: int) -> bool:
    if s.low[i] != "," or s.low[cue.first - 1] != ",":
        return False
    return s.tokens.start[i] - s.tokens.start[cue.begin] <= 40 and not set(s.low[cue.begin : i]) & {"(", ")"}


def _next_limit(s: Sentence, _: Cue, i: int) -> bool:
    joint = s.at("joint", i)
    if (joint or s.low[i] == ",") and s.is_limit(i + 1):
        return True
    i += joint
    return s.low[i] in {"for", "in", "if"} and s.at("group", i + 1)


def _main(s: Sentence, _: Cue, i: int) -> bool:
    return s.low[i] == "then" or (s.low[i] == "," and s.at("main", i + 1))


# --- groups of people
def _both_sexes(s: Sentence, _: Cue, i: int) -> bool:
    after = s.end("childbearing", s.people(i))
    return s.low[after] in {"and", "or", "/"} and s.sex(after + 1) > after + 1


def _unlimited(s: Sentence, cue: Cue, i: int) -> bool:
    after = s.people(i)
    of_sex = s.low[cue.first] != "among" and (s.at("female", after - 1) or s.at("male", after - 1))
    return not of_sex and not s.at("childbearing", after) and not s.limit_before(cue.first)


def _joined_limit(s: Sentence, _: Cue, i: int) -> bool:
    return s.low[i] in {"and", "or"} and s.at("sign", i + 2)


def _own_limit(s: Sentence, _: Cue, i: int) -> bool:
    if not s.at("sign", i) or s.at("measure", i - 1):
        return False
    number = s.end("sign", s.end("sign", i))
    after = s.end("times", number + 1)
    return s.at("upper", after + (s.low[after] == "the"))


def _nobody(s: Sentence, cue: Cue, _: int) -> bool:
    return s.empty(cue.begin, cue.end) and not any(s.at("telling", i) for i in range(cue.begin, cue.end))


# --- sexes
def _alone(s: Sentence, cue: Cue, _: int) -> bool:
    if s.both_labelled:
        return False
    named = s.low[cue.last] in {":", "="}
    measured = s.named_before(cue.first) and s.number_within(cue.last + named, 30)
    return not (named and measured)


# --- exceptions
def _comma_of_no_list(s: Sentence, cue: Cue, i: int) -> bool:
    return s.low[i] == "," and not s.listed(cue.begin, cue.end)


def _break(s: Sentence, _: Cue, i: int) -> bool:
    return s.at("break", i) or (s.low[i] == ":" and s.words(i - 1, i))


def _people_having(s: Sentence, _: Cue, i: int) -> int:
    after = s.people(i)
    return s.end("having", after) if after > i and s.at("having", after) else i


def _discourse(s: Sentence, _: Cue, i: int) -> int:
    after = s.end("discourse", i)
    return after + (after > i and s.low[after] in {":", ","})


def _short(s: Sentence, cue: Cue, _: int) -> bool:
    return s.length(cue.begin, cue.end) < 3 or s.empty(cue.begin, cue.end)


def _unopened(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether a bracket closes that does not open in the content, and that is not the one of "a)"."""
    if s.low[i] not in {")", "]"} or len(s.low[i - 1]) == 1:
        return False
    inside = s.low[cue.begin : i]
    return inside.count("(") + inside.count("[") <= inside.count(")") + inside.count("]")


RULES: tuple[Rule, ...] = (
    # --- conditions and exceptions --------------------------------------------------------------------------
    Rule(
        name="bracket that was never opened",
        kinds=BOUNDED | OPENER,
        then="end",
        when=_unopened,
        example="gout [unless {treated with insulin}]).",
        counter="gout [except {a) mild gout}]",
    ),
    # --- conditions -----------------------------------------------------------------------------------------
    Rule(
        name="words that name no case",
        kinds=IF,
        then="refuse",
        when=at("not_after_if"),
        example="surgery if necessary",
        counter="surgery [if {icteric}]",
    ),
    Rule(
        name="not something",
        kinds=IF,
        then="refuse",
        when=_not_done,
        example="surgery if not curative",
        counter="surgery [if {not treated}]",
    ),
    Rule(
        name="asked or excluded",
        kinds=IF,
        then="refuse",
        when=_asked,
        example="gout is excluded if painful",
        counter="gout is treated [if {painful}]",
    ),
    Rule(
        name="when without a limit",
        kinds={"when"},
        then="refuse",
        when=lambda s, cue, _: not s.opens(cue.first) and not s.limit_before(cue.first),
        example="heart failure when walking",
        counter="heart rate > 100 [when {walking}]",
    ),
    Rule(
        name="provided by somebody",
        kinds={"provided"},
        then="refuse",
        when=lambda s, cue, _: s.low[cue.first - 1] != ",",
        example="consent provided before surgery",
        counter="surgery, [provided {it was curative}]",
    ),
    Rule(
        name="who may take part",
        kinds=INNER_IF,
        then="refuse",
        when=_admitted,
        example="Subjects are eligible if asthmatic",
        counter="gout ([{statin users} are enrolled] [if {stable}])",
    ),
    Rule(
        name="opening without a statement",
        kinds={"lead"},
        then="refuse",
        when=lambda s, cue, _: not _has_comma(s, cue),
        example="If diabetic",
        counter="[If {diabetic}], insulin",
    ),
    Rule(
        name="case that excludes",
        kinds={"lead"},
        then="refuse",
        when=_excluded,
        example="If icteric, the subject will be excluded",
        counter="[If {icteric}], bilirubin > 3",
    ),
    Rule(
        name="opening condition ends at the comma",
        kinds={"lead"},
        then="end",
        when=_comma,
        example="[If {male}], must use condoms",
        counter="condoms [if {male, or fertile}]",
    ),
    Rule(
        name="condition between commas",
        kinds=INNER_IF,
        then="end",
        when=_between_commas,
        example="willing to use, [if {fertile}], a condom",
        counter="willing to use a condom [if {fertile, or married}]",
    ),
    Rule(
        name="condition between commas bears on what follows",
        kinds=INNER_IF,
        then="right",
        when=_between_commas,
        example="willing to use, [if {fertile}], a condom",
        counter="willing to use a condom [if {fertile, or married}]",
    ),
    # --- groups of people
    Rule(
        name="men and women",
        kinds=PEOPLE,
        then="refuse",
        when=_both_sexes,
        example="Hb > 9 in men and women",
        counter="Hb > 9 [in {men}]",
    ),
    Rule(
        name="people without a limit",
        kinds={"people"},
        then="refuse",
        when=_unlimited,
        example="care for patients with asthma",
        counter="creatinine > 2 [for patients with {asthma}]",
    ),
    Rule(
        name="group ends at its label",
        kinds={"group"},
        then="end",
        when=at("after_label"),
        example="[For {women}]: a pregnancy test",
        counter="Hb > 9 ([in {women}])",
    ),
    Rule(
        name="group bears on what follows its label",
        kinds={"group"},
        then="right",
        when=lambda s, cue, i: s.words(i, cue.high),
        example="[For {women}]: a pregnancy test",
        counter="Hb > 9 ([in {women}])",
    ),
    Rule(
        name="group without a statement",
        kinds={"group"},
        then="refuse",
        when=lambda s, cue, _: s.begins(cue.first) and not s.words(cue.end, cue.high),
        example="For women",
        counter="Hb > 9 ([in {women}])",
    ),
    Rule(
        name="next limit",
        kinds=BOUNDED,
        then="end",
        when=_next_limit,
        example="Hb > 9 [if {icteric}] and > 10 [if {anuric}]",
        counter="Hb > 9 [if {icteric and anuric}]",
    ),
    Rule(
        name="main clause",
        kinds=INNER_IF,
        then="end",
        when=_main,
        example="Hb > 9 [if {anuric}], then dialysis",
        counter="Hb > 9 [if {anuric, icteric}]",
    ),
    Rule(
        name="next name and its limit",
        kinds={"people", "limit"},
        then="end",
        when=_joined_limit,
        example="AST < 3 [in {women}] and ALT < 3",
        counter="AST < 3 [in {women with gout and asthma}]",
    ),
    Rule(
        name="end of a group",
        kinds={"people", "limit"},
        then="end",
        when=at("after_people"),
        example="Hb > 9 [in {women}] within 2 weeks",
        counter="Hb > 9 [in {women with gout}]",
    ),
    Rule(
        name="who has it",
        kinds=PEOPLE,
        then="skip",
        when=lambda s, _, i: s.end("bearer", i),
        example="Hb > 9 [for patients with {gout}]",
        counter="Hb > 9 [for {patients on dialysis}]",
    ),
    Rule(
        name="limit of the group",
        kinds=PEOPLE,
        then="end",
        when=_own_limit,
        example="AST < 3 ([for patients with {gout}] ≤ 5 × ULN)",
        counter="AST < 3 ([for {patients > 60 years}])",
    ),
    Rule(
        name="group before its limit",
        kinds=PEOPLE,
        then="right",
        when=lambda s, _, i: _own_limit(s, _, i),
        example="AST < 3 ([for patients with {gout}] ≤ 5 × ULN)",
        counter="AST < 3 ([for patients with {gout}])",
    ),
    Rule(
        name="all patients",
        kinds=PEOPLE,
        then="refuse",
        when=_nobody,
        example="Hb > 9 (for all patients)",
        counter="Hb > 9 ([for {pregnant patients}])",
    ),
    # --- sexes
    Rule(
        name="sex that labels nothing",
        kinds={"label"},
        then="refuse",
        when=_alone,
        example="male or female ≥ 18",
        counter="Hb: [{male}] > 13, [{female}] > 12",
    ),
    Rule(
        name="sex in a bracket without a limit",
        kinds={"sex"},
        then="refuse",
        when=lambda s, cue, _: not s.limit_before(cue.first - 1),
        example="condoms (men)",
        counter="QTc > 450 ([{men}])",
    ),
    # --- exceptions -----------------------------------------------------------------------------------------
    Rule(
        name="but not inside a phrase",
        kinds={"other"},
        then="refuse",
        when=lambda s, cue, _: s.low[cue.last - 1] == "not" and s.low[cue.first - 1] not in {"(", "["},
        example="gout, but not asthma",
        counter="gout ([but not {asthma}])",
    ),
    Rule(
        name="but not limited to",
        kinds={"other"},
        then="refuse",
        when=lambda s, cue, i: s.low[cue.last - 1] == "not" and s.at("not_an_exception", i),
        example="bleeding (but not limited to epistaxis)",
        counter="bleeding ([but not {epistaxis}])",
    ),
    Rule(
        name="excluding at the start",
        kinds={"other"},
        then="refuse",
        when=lambda s, cue, _: (
            s.begins(cue.first) and s.opens(cue.first) and s.at("opening_other", cue.first)
        ),
        example="Excluding gout",
        counter="arthritis [excluding {gout}]",
    ),
    Rule(
        name="opening unless ends at the comma",
        kinds={"unless"},
        then="end",
        when=lambda s, cue, i: s.low[i] == "," and s.opens(cue.first),
        example="[Unless {allergic}], aspirin",
        counter="aspirin [unless {allergic, or bleeding}]",
    ),
    Rule(
        name="opening unless bears on the statement",
        kinds={"unless"},
        then="right",
        when=lambda s, cue, _: s.opens(cue.first),
        example="[Unless {allergic}], aspirin",
        counter="aspirin [unless {allergic}]",
    ),
    Rule(
        name="consequence",
        kinds={"unless"},
        then="end",
        when=at("then"),
        example="aspirin [unless {allergic}], in which case heparin",
        counter="aspirin [unless {allergic}]",
    ),
    Rule(
        name="end of an exception",
        kinds={"except", "other"},
        then="end",
        when=lambda s, _, i: s.at("after_exception", i) and not (s.low[i] == "but" and s.low[i + 1] == "not"),
        example="cancer [other than {melanoma}] within 5 years",
        counter="cancer [other than {melanoma of the skin}]",
    ),
    Rule(
        name="comma after what is left out",
        kinds={"other"},
        then="end",
        when=_comma_of_no_list,
        example="drugs [other than {aspirin}], any dose",
        counter="drugs [other than {aspirin, heparin or insulin}]",
    ),
    # --- permissions
    Rule(
        name="refused",
        kinds=PERMISSION,
        then="refuse",
        when=lambda s, cue, _: s.before("refused", cue.first) < cue.first,
        example="steroids (oral use only is allowed)",
        counter="steroids ([{oral use} is allowed])",
    ),
    Rule(
        name="who is admitted",
        kinds={"admission"},
        then="refuse",
        when=lambda s, cue, _: s.leading and s.begins(cue.first),
        example="Patients with gout are eligible",
        counter="arthritis ([{gout} is eligible])",
    ),
    Rule(
        name="eligible for something else",
        kinds={"admission"},
        then="refuse",
        when=lambda s, cue, _: s.at("another", cue.last),
        example="gout (stages that are eligible for a transplant)",
        counter="arthritis ([{gout} is eligible] for this trial)",
    ),
    Rule(
        name="participle inside a phrase",
        kinds={"aside"},
        then="refuse",
        when=lambda s, cue, _: s.low[cue.last] not in {")", "]"},
        example="highest allowed dose",
        counter="steroids ([{oral use} allowed])",
    ),
    Rule(
        name="permission begins after a break",
        kinds=PERMISSION,
        then="begin",
        when=_break,
        example="No arthritis; no pain, but [{gout} is allowed]",
        counter="arthritis ([{gout or pain} is allowed])",
    ),
    Rule(
        name="discourse before a permission",
        kinds=PERMISSION,
        then="skip",
        when=_discourse,
        example="arthritis (also [{gout} is allowed])",
        counter="arthritis ([{gout} is allowed])",
    ),
    Rule(
        name="people of a permission",
        kinds=PERMISSION,
        then="skip",
        when=_people_having,
        example="arthritis (patients with [{gout} are eligible])",
        counter="arthritis ([{pain of patients} is allowed])",
    ),
    Rule(
        name="article before a permission",
        kinds=PERMISSION,
        then="skip",
        when=lambda s, _, i: s.end("article", i),
        example="arthritis (a [{history of gout} is allowed])",
        counter="arthritis ([{gout} is allowed])",
    ),
    Rule(
        name="nothing is permitted",
        kinds=PERMISSION,
        then="refuse",
        when=_short,
        example="arthritis (it is allowed)",
        counter="arthritis ([{gout} is allowed])",
    ),
)
