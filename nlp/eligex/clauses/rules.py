"""Where a clause begins and ends, and which cues open no clause: an ordered table.

Each row is asked of every cue of its kinds, in the order of the table, about the content as the rows before
left it.  Examples are marked up: ``[…]`` is a clause and ``{…}`` its content.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from eligex.clauses.sentence import Cue, Sentence
from eligex.language.rules import Rule

Test = Callable[[Sentence, Cue, int], int | bool]

IF = frozenset({"lead", "if", "when", "provided"})
INNER_IF = IF - {"lead"}
PEOPLE = frozenset({"group", "people"})
OPENER = frozenset({"except", "unless", "other"})
PERMISSION = frozenset({"permission", "admission", "aside"})
BOUNDED = INNER_IF | {"people", "limit"}


@dataclass(frozen=True, slots=True)
class Step:
    """What a row does with cues of its kinds, where its ``when`` holds.

    - ``refuse``: the cue opens no clause (asked at the first token of the content);
    - ``begin``: the content begins after that token (asked backward from the cue);
    - ``skip``: the content begins at the token that is returned (asked at its first token);
    - ``end``: the content ends before that token (asked from its second token on, outside inner brackets);
    - ``right``: the clause bears on what follows it (asked at the end of the content).
    """

    does: Literal["refuse", "begin", "skip", "end", "right"]
    kinds: Collection[str]


ClauseRule: TypeAlias = Rule[Test, Step]


def apply(rule: ClauseRule, sentence: Sentence, cue: Cue) -> Cue | None:
    """Return the cue as the row decides, the same where it does not match; None if it is refused."""
    match rule.then.does:
        case "refuse":
            return None if rule.when(sentence, cue, cue.begin) else cue
        case "right":
            return replace(cue, governs="right") if rule.when(sentence, cue, cue.end) else cue
        case "skip":
            begin = sentence.after_marks(cue.begin, cue.end)
            return replace(cue, begin=rule.when(sentence, cue, begin) or cue.begin)
        case "begin":
            backward = range(cue.end - 1, cue.begin - 1, -1)
            at = next((i for i in backward if rule.when(sentence, cue, i)), cue.begin - 1)
            return replace(cue, begin=at + 1)
        case "end":
            tokens = sentence.inside(cue, cue.begin + 1, cue.end)
            return replace(cue, end=next((i for i in tokens if rule.when(sentence, cue, i)), cue.end))


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
    after = s.after("childbearing", s.people(i))
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
    number = s.after("sign", s.after("sign", i))
    after = s.after("times", number + 1)
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


def _break(s: Sentence, cue: Cue, i: int) -> bool:
    breaks = s.at("break", i) or (s.low[i] == ":" and s.words(i - 1, i))
    return breaks and s.words(i + 1, cue.first)


def _people_having(s: Sentence, _: Cue, i: int) -> int:
    after = s.people(i)
    return s.after("having", after) if after > i and s.at("having", after) else i


def _discourse(s: Sentence, _: Cue, i: int) -> int:
    after = s.after("discourse", i)
    return after + (after > i and s.low[after] in {":", ","})


def _short(s: Sentence, cue: Cue, _: int) -> bool:
    return s.length(cue.begin, cue.end) < 3 or s.empty(cue.begin, cue.end)


def _unopened(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether a bracket closes that does not open in the content, and that is not the one of "a)"."""
    if s.low[i] not in {")", "]"} or len(s.low[i - 1]) == 1:
        return False
    inside = s.low[cue.begin : i]
    return inside.count("(") + inside.count("[") <= inside.count(")") + inside.count("]")


# fmt: off
RULES: tuple[ClauseRule, ...] = (
    # --- conditions and exceptions --------------------------------------------------------------------------
    Rule("bracket that was never opened", _unopened, Step("end", BOUNDED | OPENER),
         "gout [unless {treated with insulin}]).", "gout [except {a) mild gout}]"),
    # --- conditions -----------------------------------------------------------------------------------------
    Rule("words that name no case", at("not_after_if"), Step("refuse", IF),
         "surgery if necessary", "surgery [if {icteric}]"),
    Rule("not something", _not_done, Step("refuse", IF),
         "surgery if not curative", "surgery [if {not treated}]"),
    Rule("asked or excluded", _asked, Step("refuse", IF),
         "gout is excluded if painful", "gout is treated [if {painful}]"),
    Rule("when without a limit",
         lambda s, cue, _: not s.opens(cue.first) and not s.limit_before(cue.first), Step("refuse", {"when"}),
         "heart failure when walking", "heart rate > 100 [when {walking}]"),
    Rule("provided by somebody", lambda s, cue, _: s.low[cue.first - 1] != ",", Step("refuse", {"provided"}),
         "consent provided before surgery", "surgery, [provided {it was curative}]"),
    Rule("who may take part", _admitted, Step("refuse", INNER_IF),
         "Subjects are eligible if asthmatic", "gout ([{statin users} are enrolled] [if {stable}])"),
    Rule("opening without a statement", lambda s, cue, _: not _has_comma(s, cue), Step("refuse", {"lead"}),
         "If diabetic", "[If {diabetic}], insulin"),
    Rule("case that excludes", _excluded, Step("refuse", {"lead"}),
         "If icteric, the subject will be excluded", "[If {icteric}], bilirubin > 3"),
    Rule("opening condition ends at the comma", _comma, Step("end", {"lead"}),
         "[If {male}], must use condoms", "condoms [if {male, or fertile}]"),
    Rule("condition between commas", _between_commas, Step("end", INNER_IF),
         "willing to use, [if {fertile}], a condom", "willing to use a condom [if {fertile, or married}]"),
    Rule("condition between commas bears on what follows", _between_commas, Step("right", INNER_IF),
         "willing to use, [if {fertile}], a condom", "willing to use a condom [if {fertile, or married}]"),
    # --- groups of people
    Rule("men and women", _both_sexes, Step("refuse", PEOPLE),
         "Hb > 9 in men and women", "Hb > 9 [in {men}]"),
    Rule("people without a limit", _unlimited, Step("refuse", {"people"}),
         "care for patients with asthma", "creatinine > 2 [for patients with {asthma}]"),
    Rule("group ends at its label", at("after_label"), Step("end", {"group"}),
         "[For {women}]: a pregnancy test", "Hb > 9 ([in {women}])"),
    Rule("group bears on what follows its label",
         lambda s, cue, i: s.words(i, cue.high), Step("right", {"group"}),
         "[For {women}]: a pregnancy test", "Hb > 9 ([in {women}])"),
    Rule("group without a statement",
         lambda s, cue, _: s.begins(cue.first) and not s.words(cue.end, cue.high), Step("refuse", {"group"}),
         "For women", "Hb > 9 ([in {women}])"),
    Rule("next limit", _next_limit, Step("end", BOUNDED),
         "Hb > 9 [if {icteric}] and > 10 [if {anuric}]", "Hb > 9 [if {icteric and anuric}]"),
    Rule("main clause", _main, Step("end", INNER_IF),
         "Hb > 9 [if {anuric}], then dialysis", "Hb > 9 [if {anuric, icteric}]"),
    Rule("next name and its limit", _joined_limit, Step("end", {"people", "limit"}),
         "AST < 3 [in {women}] and ALT < 3", "AST < 3 [in {women with gout and asthma}]"),
    Rule("end of a group", at("after_people"), Step("end", {"people", "limit"}),
         "Hb > 9 [in {women}] within 2 weeks", "Hb > 9 [in {women with gout}]"),
    Rule("who has it", lambda s, _, i: s.after("bearer", i), Step("skip", PEOPLE),
         "Hb > 9 [for patients with {gout}]", "Hb > 9 [for {patients on dialysis}]"),
    Rule("limit of the group", _own_limit, Step("end", PEOPLE),
         "AST < 3 ([for patients with {gout}] ≤ 5 × ULN)", "AST < 3 ([for {patients > 60 years}])"),
    Rule("group before its limit", _own_limit, Step("right", PEOPLE),
         "AST < 3 ([for patients with {gout}] ≤ 5 × ULN)", "AST < 3 ([for patients with {gout}])"),
    Rule("all patients", _nobody, Step("refuse", PEOPLE),
         "Hb > 9 (for all patients)", "Hb > 9 ([for {pregnant patients}])"),
    # --- sexes
    Rule("sex that labels nothing", _alone, Step("refuse", {"label"}),
         "male or female ≥ 18", "Hb: [{male}] > 13, [{female}] > 12"),
    Rule("sex in a bracket without a limit",
         lambda s, cue, _: not s.limit_before(cue.first - 1), Step("refuse", {"sex"}),
         "condoms (men)", "QTc > 450 ([{men}])"),
    # --- exceptions -----------------------------------------------------------------------------------------
    Rule("but not inside a phrase",
         lambda s, cue, _: s.low[cue.last - 1] == "not" and s.low[cue.first - 1] not in {"(", "["},
         Step("refuse", {"other"}),
         "gout, but not asthma", "gout ([but not {asthma}])"),
    Rule("but not limited to",
         lambda s, cue, i: s.low[cue.last - 1] == "not" and s.at("not_an_exception", i),
         Step("refuse", {"other"}),
         "bleeding (but not limited to epistaxis)", "bleeding ([but not {epistaxis}])"),
    Rule("excluding at the start",
         lambda s, cue, _: s.begins(cue.first) and s.opens(cue.first) and s.at("opening_other", cue.first),
         Step("refuse", {"other"}),
         "Excluding gout", "arthritis [excluding {gout}]"),
    Rule("opening unless ends at the comma",
         lambda s, cue, i: s.low[i] == "," and s.opens(cue.first), Step("end", {"unless"}),
         "[Unless {allergic}], aspirin", "aspirin [unless {allergic, or bleeding}]"),
    Rule("opening unless bears on the statement",
         lambda s, cue, _: s.opens(cue.first), Step("right", {"unless"}),
         "[Unless {allergic}], aspirin", "aspirin [unless {allergic}]"),
    Rule("consequence", at("then"), Step("end", {"unless"}),
         "aspirin [unless {allergic}], in which case heparin", "aspirin [unless {allergic}]"),
    Rule("end of an exception",
         lambda s, _, i: s.at("after_exception", i) and not (s.low[i] == "but" and s.low[i + 1] == "not"),
         Step("end", {"except", "other"}),
         "cancer [other than {melanoma}] within 5 years", "cancer [other than {melanoma of the skin}]"),
    Rule("examples of what is not left out",
         lambda s, cue, i: s.low[i] == "(" and s.at("other_than", cue.first) and s.at("examples", i + 1),
         Step("end", {"other"}),
         "lesions [other than {metastasis}] (such as ascites)", "lesions [other than {metastasis (bone)}]"),
    Rule("comma after what is left out", _comma_of_no_list, Step("end", {"other"}),
         "drugs [other than {aspirin}], any dose", "drugs [other than {aspirin, heparin or insulin}]"),
    # --- permissions
    Rule("refused", lambda s, cue, _: s.before("refused", cue.first) < cue.first, Step("refuse", PERMISSION),
         "steroids (oral use only is allowed)", "steroids ([{oral use} is allowed])"),
    Rule("who is admitted",
         lambda s, cue, _: s.leading and s.begins(cue.first), Step("refuse", {"admission"}),
         "Patients with gout are eligible", "arthritis ([{gout} is eligible])"),
    Rule("eligible for something else",
         lambda s, cue, _: s.at("another", cue.last), Step("refuse", {"admission"}),
         "gout (stages that are eligible for a transplant)",
         "arthritis ([{gout} is eligible] for this trial)"),
    Rule("participle inside a phrase",
         lambda s, cue, _: s.low[cue.last] not in {")", "]"}, Step("refuse", {"aside"}),
         "highest allowed dose", "steroids ([{oral use} allowed])"),
    Rule("permission begins after a break", _break, Step("begin", PERMISSION),
         "No arthritis; no pain, but [{gout} is allowed]", "arthritis ([{gout or pain} is allowed])"),
    Rule("discourse before a permission", _discourse, Step("skip", PERMISSION),
         "arthritis (also [{gout} is allowed])", "arthritis ([{gout} is allowed])"),
    Rule("people of a permission", _people_having, Step("skip", PERMISSION),
         "arthritis (patients with [{gout} are eligible])", "arthritis ([{pain of patients} is allowed])"),
    Rule("article before a permission", lambda s, _, i: s.after("article", i), Step("skip", PERMISSION),
         "arthritis (a [{history of gout} is allowed])", "arthritis ([{gout} is allowed])"),
    Rule("nothing is permitted", _short, Step("refuse", PERMISSION),
         "arthritis (it is allowed)", "arthritis ([{gout} is allowed])"),
)
# fmt: on
