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
from eligex.language.tokens import NUM

Test = Callable[[Sentence, Cue, int], int | bool]

_TO_TERMS = 6  # tokens between a permission and its terms
_WALLS = frozenset({".", ";", "(", ")", "[", "]"})
_LONGEST_CASE = 7  # tokens
_HANGING = frozenset({"with", "of", "for", "following", "and", "or", "to", "have", "had"})
_CASE_REACH = 9  # tokens between a case and the limit that holds for it
IF = frozenset({"lead", "if", "when", "provided"})
INNER_IF = IF - {"lead"}
PEOPLE = frozenset({"group", "people"})
OPENER = frozenset({"except", "unless", "other"})
PERMISSION = frozenset({"permission", "admission", "aside"})
BOUNDED = INNER_IF | {"people", "limit", "contrast"}


@dataclass(frozen=True, slots=True)
class Step:
    """What a row does with cues of its kinds, where its ``when`` holds.

    - ``refuse``: the cue opens no clause (asked at the first token of the content);
    - ``begin``: the content begins after that token (asked backward from the cue);
    - ``skip``: the content begins at the token that is returned (asked at its first token);
    - ``end``: the content ends before that token (asked from its second token on, outside inner brackets);
    - ``right``: the clause bears on what follows it (asked at the end of the content);
    - ``case``: so it does, and is the condition of what follows (asked at the end of the content).
    """

    does: Literal["refuse", "begin", "skip", "end", "right", "case"]
    kinds: Collection[str]


ClauseRule: TypeAlias = Rule[Test, Step]


def apply(rule: ClauseRule, sentence: Sentence, cue: Cue) -> Cue | None:
    """Return the cue as the row decides, the same where it does not match; None if it is refused."""
    match rule.then.does:
        case "refuse":
            return None if rule.when(sentence, cue, cue.begin) else cue
        case "right":
            return replace(cue, governs="right") if rule.when(sentence, cue, cue.end) else cue
        case "case":
            lead = rule.when(sentence, cue, cue.end)
            return replace(cue, kind="case", governs="right", reach=int(lead)) if lead else cue
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
    return s.empty(cue.low, start)


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


def _after_people(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether a group ends at token ``i``; the first verb of a relative clause is part of it."""
    if not s.at("after_people", i):
        return False
    if not s.at("verb", i):
        return True
    relatives = [k for k in range(cue.begin, i) if s.at("relative", k)]
    return not relatives or any(s.at("verb", k) for k in range(relatives[-1], i))


def _own_limit(s: Sentence, cue: Cue, i: int) -> bool:
    if not s.at("sign", i) or s.at("measure", i - 1) or s.at("verb", i - 1) or s.follows_limit(cue.first):
        return False
    number = s.after("sign", s.after("sign", i))
    after = s.after("times", number + 1)
    return s.at("upper", after + (s.low[after] == "the"))


def _named_case(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether a limit of the case that "in case of" names is at token ``i``."""
    return s.low[cue.last - 1] == "of" and s.opens(cue.first) and s.is_limit(i) and s.at("sign", i)


def _asked_nothing(s: Sentence, cue: Cue, _: int) -> bool:
    """Whether a verb or colon after a subject asks nothing of it: "women who must", "men with:"."""
    if s.low[cue.first - 1] in _HANGING or "following" in s.low[cue.begin : cue.first]:
        return True
    if s.low[cue.first] != ":" and not s.words(cue.last, cue.high):
        return True
    relative = next((k for k in range(cue.begin, cue.first) if s.at("relative", k)), cue.first)
    said = [s.at("states", k) for k in range(cue.begin, cue.first)]
    return any(said[: relative - cue.begin]) or relative == cue.first - 1


def _nobody(s: Sentence, cue: Cue, _: int) -> bool:
    return s.empty(cue.begin, cue.end) and not any(s.at("telling", i) for i in range(cue.begin, cue.end))


# --- cases of limits
def _no_case(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether what follows a limit is too long for the name of a case, has a number, or is a time."""
    tokens = range(i, cue.end)
    unlimited = cue.kind == "before" and not s.is_limit(cue.end)
    return (
        unlimited
        or not 0 < len(tokens) <= _LONGEST_CASE
        or any(s.tokens.kind[k] == NUM or s.at("no_case", k) for k in tokens)
    )


def _uncontrasted(s: Sentence, cue: Cue, _: int) -> bool:
    """Whether no other limit stands beside the one before the case: "> 90 in shock or > 80"."""
    after = cue.end + (s.low[cue.end] == ",")
    after = max(after + s.at("joint", after), s.after("otherwise", after))
    if s.is_limit(after + (s.low[after] == ",")):
        return False
    first = s.limit_ending(cue.first)
    joined = s.low[first - 1] in {",", "(", "["} or s.at("joint", first - 1)
    return not (joined and s.first_limit < first)


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


def _before_statement(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether the comma after an exception in front is at token ``i``: "Except for A, B or C[,] no D"."""
    if s.low[i] != "," or not s.opens(cue.first):
        return False
    return s.at("statement", i + 1) or not any(
        s.low[k] == "," and s.at("statement", k + 1) for k in s.inside(cue, i, cue.high)
    )


def _limit_of_case(s: Sentence, cue: Cue, i: int) -> int:
    """Return the token after the words at token ``i`` that lead to a limit of the exempted case, 0 without:
    "gout[:] ≤ 5 × ULN", "gout[, in which case] bilirubin ≤ 3".
    """
    if not (s.low[i] in {":", ",", "("} or s.at("leads_to_limit", i)) or s.first_limit >= cue.first:
        return 0
    lead = i
    while (after := max(s.after("leads_to_limit", lead), lead + (s.low[lead] in {":", ",", "("}))) > lead:
        lead = after
    for k in range(i, min(i + _CASE_REACH, s.n)):
        if s.low[k] in {".", ";", ")"}:
            break
        if s.at("sign", k) or s.at("comparison", k):
            return 0 if s.lasting(k) else lead
    return 0


def _break(s: Sentence, cue: Cue, i: int) -> bool:
    breaks = s.at("break", i) or (s.low[i] == ":" and s.words(i - 1, i))
    return breaks and s.words(i + 1, cue.first)


def _on_terms(s: Sentence, cue: Cue) -> bool:
    """Whether a permission names its terms: "allowed [only if]", "eligible for the study [provided that]"."""
    for i in range(cue.last, min(cue.last + _TO_TERMS, s.n)):
        if s.at("terms", i):
            return True
        if s.low[i] in _WALLS:
            break
    return False


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
    Rule("terms that follow as a list", lambda s, cue, i: any(s.low[k] == "following" for k in range(i, min(i + 6, cue.end))),
         Step("refuse", IF),
         "surgery if the following criteria are met", "surgery [if {icteric}]"),
    Rule("not something", _not_done, Step("refuse", IF),
         "surgery if not curative", "surgery [if {not treated}]"),
    Rule("asked or excluded", _asked, Step("refuse", IF),
         "gout is excluded if painful", "gout is treated [if {painful}]"),
    Rule("when without a limit",
         lambda s, cue, _: not s.opens(cue.first) and not s.limit_before(cue.first), Step("refuse", {"when"}),
         "heart failure when walking", "heart rate > 100 [when {walking}]"),
    Rule("provided by somebody",
         lambda s, cue, i: s.low[cue.first - 1] != "," and s.before("permitted", cue.first) == cue.first,
         Step("refuse", {"provided"}),
         "consent provided before surgery", "surgery, [provided {it was curative}]"),
    Rule("who may take part", _admitted, Step("refuse", INNER_IF),
         "Subjects are eligible if asthmatic", "[{Statin users} are enrolled] [if {stable}]"),
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
    Rule("end of a group", _after_people, Step("end", {"people", "limit", "contrast"}),
         "Hb > 9 [in {women}] within 2 weeks", "Hb > 9 [in {women whose weight is > 60 kg}]"),
    Rule("subject that something is asked of", _asked_nothing, Step("refuse", {"subject"}),
         "Women who must take aspirin", "[{Women} must] take aspirin"),
    Rule("who has it", lambda s, _, i: s.after("bearer", i), Step("skip", PEOPLE | {"subject"}),
         "Hb > 9 [for patients with {gout}]", "Hb > 9 [for {patients on dialysis}]"),
    Rule("limit of the group", _own_limit, Step("end", PEOPLE),
         "AST < 3 ([for patients with {gout}] ≤ 5 × ULN)", "AST < 3 ([for {patients > 60 years}])"),
    Rule("limit of a named case", _named_case, Step("end", {"if"}),
         "AST < 3 ([in case of {gout}] ≤ 5 × ULN)", "AST < 3 ([if {AST ≤ 5 × ULN}])"),
    Rule("named case before its limit", _named_case, Step("right", {"if"}),
         "AST < 3 ([in case of {gout}] ≤ 5 × ULN)", "AST < 3 ([if {AST ≤ 5 × ULN}])"),
    Rule("case before its limit",
         lambda s, cue, i: cue.first < i and s.is_limit(i), Step("end", {"before"}),
         "Hb > 9, [for {Asians}] > 8 g/dL", "Hb > 8 g/dL [for {Asians}], > 9"),
    Rule("case bears on the limit after it",
         lambda s, cue, i: s.is_limit(i), Step("right", {"before"}),
         "Hb > 9, [for {Asians}] > 8 g/dL", "Hb > 8 g/dL [for {Asians}], > 9"),
    Rule("group before its limit", _own_limit, Step("right", PEOPLE),
         "AST < 3 ([for patients with {gout}] ≤ 5 × ULN)", "AST < 3 ([for patients with {gout}])"),
    Rule("all patients", _nobody, Step("refuse", PEOPLE | {"subject"}),
         "Hb > 9 (for all patients)", "Hb > 9 ([for {pregnant patients}])"),
    # --- cases of limits
    Rule("circumstance of a limit", _no_case, Step("refuse", {"contrast", "before"}),
         "Hb > 9 g/dL or > 8 g/dL in 24 hours", "Hb > 9 g/dL or > 8 g/dL [in {shock}]"),
    Rule("case without another limit", _uncontrasted, Step("refuse", {"contrast"}),
         "Hb > 9 g/dL in shock, pain > 3", "Hb > 9 g/dL [in {shock}] or > 8 g/dL"),
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
    Rule("exception in front ends at its comma", _before_statement, Step("end", OPENER),
         "[Unless {allergic}], aspirin", "aspirin [unless {allergic, or bleeding}]"),
    Rule("exception in front bears on the statement",
         lambda s, cue, i: s.opens(cue.first) and s.low[i] == ",", Step("right", OPENER),
         "[Unless {allergic}], aspirin", "aspirin [unless {allergic}]"),
    Rule("limit of the exception", _limit_of_case, Step("end", OPENER),
         "AST < 3 ([except {gout}:] ≤ 5 × ULN)", "AST < 3 ([except {gout}])"),
    Rule("exception with a limit is a case", _limit_of_case, Step("case", OPENER),
         "AST < 3 ([except {gout}:] ≤ 5 × ULN)", "AST < 3 ([except {gout}])"),
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
         lambda s, cue, _: s.leading and s.begins(cue.first) and not _on_terms(s, cue), Step("refuse", {"admission"}),
         "Patients with gout are eligible", "Patients with [{gout} are eligible] [if {stable}]"),
    Rule("age of who is admitted",
         lambda s, cue, i: s.leading and s.begins(cue.first) and s.aged(i, cue.end), Step("refuse", {"admission"}),
         "Gout over 6 years is eligible [if {mild}]", "Men with [{gout} are eligible] [if {mild}]"),
    Rule("eligible for something else",
         lambda s, cue, _: s.at("another", cue.last), Step("refuse", {"admission"}),
         "gout (stages that are eligible for a transplant)",
         "arthritis ([{gout} is eligible] for this trial)"),
    Rule("participle inside a phrase",
         lambda s, cue, _: not s.ends(cue.last) and not _on_terms(s, cue), Step("refuse", {"aside"}),
         "highest allowed dose", "steroids ([{oral use} allowed] [if {stable}])"),
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
    Rule("limit is permitted", lambda s, cue, i: s.limit_ending(cue.end) <= s.after_marks(i, cue.end) < cue.end,
         Step("refuse", PERMISSION),
         "AST < 3 × ULN, however < 5 × ULN is allowed", "arthritis ([{gout} is allowed])"),
)
# fmt: on
