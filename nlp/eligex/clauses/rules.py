"""Where a clause begins and ends, and which cues open no clause: an ordered table.

Each row is asked of every cue of its kinds, in the order of the table, about the content as the rows before
left it.  Examples are marked up: ``[…]`` is a clause and ``{…}`` its content.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from eligex.clauses.clause import Cue
from eligex.clauses.questions import (
    Test,
    admitted,
    after_exception,
    after_people,
    all_holds,
    alone,
    asked,
    asked_nothing,
    at,
    before_statement,
    between_commas,
    both_sexes,
    breaks,
    comma,
    comma_of_no_list,
    discourse,
    excluded,
    has_comma,
    joined_limit,
    leading_on,
    let_in,
    limit_of_case,
    main,
    named_case,
    next_limit,
    no_case,
    nobody,
    not_done,
    on_terms,
    own_limit,
    people_having,
    permitted_limit,
    said_of_somebody,
    short,
    single_dash,
    takes_part,
    uncontrasted,
    unlike,
    unlimited,
    unopened,
)
from eligex.clauses.sentence import Sentence
from eligex.language.rules import Rule

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
            begin = rule.when(sentence, cue, sentence.after_marks(cue.begin, cue.end)) or cue.begin
            return cue if begin == cue.begin else replace(cue, begin=begin)
        case "begin":
            backward = range(cue.end - 1, cue.begin - 1, -1)
            at = next((i for i in backward if rule.when(sentence, cue, i)), None)
            return cue if at is None else replace(cue, begin=at + 1)
        case "end":
            tokens = sentence.inside(cue, cue.begin + 1, cue.end)
            at = next((i for i in tokens if rule.when(sentence, cue, i)), None)
            return cue if at is None else replace(cue, end=at)


# fmt: off
RULES: tuple[ClauseRule, ...] = (
    # --- conditions and exceptions --------------------------------------------------------------------------
    Rule("bracket that was never opened", unopened, Step("end", BOUNDED | OPENER),
         "gout [unless {treated with insulin}]).", "gout [except {a) mild gout}]"),
    # --- conditions -----------------------------------------------------------------------------------------
    Rule("discourse in a condition", discourse, Step("skip", IF),
         "[If, however, {icteric}], bilirubin > 3", "[If {icteric}], bilirubin > 3"),
    Rule("words that name no case", at("not_after_if"), Step("refuse", IF),
         "surgery if necessary", "surgery [if {icteric}]"),
    Rule("that somebody takes part", takes_part, Step("refuse", IF),
         "gout that is a risk if he participates in the study", "gout [if {they take part in the diet}]"),
    Rule("terms that follow as a list",
         lambda s, cue, i: "following" in s.low[i : min(i + 6, cue.end)], Step("refuse", IF),
         "surgery if the following criteria are met", "surgery [if {icteric}]"),
    Rule("not something", not_done, Step("refuse", IF),
         "surgery if not curative", "surgery [if {not treated}]"),
    Rule("asked or excluded", asked, Step("refuse", IF),
         "gout is excluded if painful", "gout is treated [if {painful}]"),
    Rule("when without a limit",
         lambda s, cue, _: not s.opens(cue.first) and not s.limit_before(cue.first), Step("refuse", {"when"}),
         "heart failure when walking", "heart rate > 100 [when {walking}]"),
    Rule("provided by somebody",
         lambda s, cue, _: s.low[cue.first - 1] != "," and s.before("permitted", cue.first) == cue.first,
         Step("refuse", {"provided"}),
         "consent provided before surgery", "surgery, [provided {it was curative}]"),
    Rule("who may take part", admitted, Step("refuse", INNER_IF),
         "Subjects are eligible if asthmatic", "[{Statin users} are enrolled] [if {stable}]"),
    Rule("opening without a statement", lambda s, cue, _: not has_comma(s, cue), Step("refuse", {"lead"}),
         "If diabetic", "[If {diabetic}], insulin"),
    Rule("case that excludes", excluded, Step("refuse", {"lead"}),
         "If icteric, the subject will be excluded", "[If {icteric}], bilirubin > 3"),
    Rule("opening condition ends at the comma", comma, Step("end", {"lead"}),
         "[If {male}], must use condoms", "condoms [if {male, or fertile}]"),
    Rule("case that leads on ends at its comma", leading_on, Step("end", {"if"}),
         "Hb > 9, or [if {icteric}], AST < 5", "Hb > 9 [if {icteric, or anuric}]"),
    Rule("case that leads on bears on what follows", leading_on, Step("right", {"if"}),
         "Hb > 9, or [if {icteric}], AST < 5", "Hb > 9 [if {icteric, or anuric}]"),
    Rule("condition between commas", between_commas, Step("end", INNER_IF),
         "willing to use, [if {fertile}], a condom", "willing to use a condom [if {fertile, or married}]"),
    Rule("condition between commas bears on what follows", between_commas, Step("right", INNER_IF),
         "willing to use, [if {fertile}], a condom", "willing to use a condom [if {fertile, or married}]"),
    # --- groups of people
    Rule("men and women", both_sexes, Step("refuse", PEOPLE),
         "Hb > 9 in men and women", "Hb > 9 [in {men}]"),
    Rule("people without a limit", unlimited, Step("refuse", {"people"}),
         "care for patients with asthma", "creatinine > 2 [for patients with {asthma}]"),
    Rule("group ends at its label", at("after_label"), Step("end", {"group"}),
         "[For {women}]: a pregnancy test", "Hb > 9 ([in {women}])"),
    Rule("group bears on what follows its label",
         lambda s, cue, i: s.words(i, cue.high), Step("right", {"group"}),
         "[For {women}]: a pregnancy test", "Hb > 9 ([in {women}])"),
    Rule("group without a statement",
         lambda s, cue, _: s.begins(cue.first) and not s.words(cue.end, cue.high), Step("refuse", {"group"}),
         "For women", "Hb > 9 ([in {women}])"),
    Rule("next limit", next_limit, Step("end", BOUNDED),
         "Hb > 9 [if {icteric}] and > 10 [if {anuric}]", "Hb > 9 [if {icteric and anuric}]"),
    Rule("main clause after somebody", said_of_somebody, Step("end", INNER_IF),
         "Hb > 9 [if {anuric}], dialysis must follow", "Hb > 9 [if {anuric, icteric}]"),
    Rule("main clause", main, Step("end", INNER_IF),
         "Hb > 9 [if {anuric}], then dialysis", "Hb > 9 [if {anuric, icteric}]"),
    Rule("next name and its limit", joined_limit, Step("end", {"people", "limit"}),
         "AST < 3 [in {women}] and ALT < 3", "AST < 3 [in {women with gout and asthma}]"),
    Rule("end of a group", after_people, Step("end", {"people", "limit", "contrast"}),
         "Hb > 9 [in {women}] within 2 weeks", "Hb > 9 [in {women whose weight is > 60 kg}]"),
    Rule("subject that is let in", let_in, Step("end", {"subject"}),
         "Patients with [{gout} may be enrolled but must] rest", "[{Men} must] rest, but may be enrolled"),
    Rule("subject that something is asked of", asked_nothing, Step("refuse", {"subject"}),
         "Women who must take aspirin", "[{Women} must] take aspirin"),
    Rule("who has it",
         lambda s, _, i: s.after("bearer", i), Step("skip", PEOPLE | {"subject", "introduction"}),
         "Hb > 9 [for patients with {gout}]", "Hb > 9 [for {patients on dialysis}]"),
    Rule("limit of the group", own_limit, Step("end", PEOPLE),
         "AST < 3 ([for patients with {gout}] ≤ 5 × ULN)", "AST < 3 ([for {patients > 60 years}])"),
    Rule("limit of a named case", named_case, Step("end", {"if", "when"}),
         "AST < 3 ([in case of {gout}] ≤ 5 × ULN)", "AST < 3 ([if {AST ≤ 5 × ULN}])"),
    Rule("named case before its limit", named_case, Step("right", {"if", "when"}),
         "AST < 3 ([in case of {gout}] ≤ 5 × ULN)", "AST < 3 ([if {AST ≤ 5 × ULN}])"),
    Rule("case before its limit",
         lambda s, cue, i: cue.first < i and s.is_limit(i), Step("end", {"before"}),
         "Hb > 9, [for {Asians}] > 8 g/dL", "Hb > 8 g/dL [for {Asians}], > 9"),
    Rule("case bears on the limit after it",
         lambda s, _, i: s.is_limit(i), Step("right", {"before"}),
         "Hb > 9, [for {Asians}] > 8 g/dL", "Hb > 8 g/dL [for {Asians}], > 9"),
    Rule("group before its limit", own_limit, Step("right", PEOPLE),
         "AST < 3 ([for patients with {gout}] ≤ 5 × ULN)", "AST < 3 ([for patients with {gout}])"),
    Rule("all patients", nobody, Step("refuse", PEOPLE | {"subject", "named"}),
         "Hb > 9 (for all patients)", "Hb > 9 ([for {pregnant patients}])"),
    # --- cases of limits
    Rule("another measurement", at("measured"), Step("refuse", {"limit", "contrast", "before"}),
         "Bilirubin ≤ 3 × ULN with direct bilirubin in range", "Bilirubin ≤ 3 × ULN [with {ascites}]"),
    Rule("measurement of its own limit",
         lambda s, cue, _: unlike(s, cue, cue.end), Step("refuse", {"before"}),
         "Weight > 50 kg, with an Hb > 9 g/dL", "Hb > 9 g/dL, [for {Asians}] > 8 g/dL"),
    Rule("exceptions are no case",
         lambda s, cue, _: any(s.at("exception", i) for i in range(cue.begin, cue.end)),
         Step("refuse", {"limit", "contrast", "before"}),
         "Hb < 3 × ULN with a few exceptions", "Hb < 3 × ULN [with {ascites}]"),
    Rule("circumstance of a limit", no_case, Step("refuse", {"contrast", "before"}),
         "Hb > 9 g/dL or > 8 g/dL in total", "Hb > 9 g/dL or > 8 g/dL [in {shock}]"),
    Rule("case without another limit", uncontrasted, Step("refuse", {"contrast"}),
         "Hb > 9 g/dL in shock, pain > 3", "Hb > 9 g/dL [in {shock}] or > 8 g/dL"),
    # --- sexes
    Rule("sex that labels nothing", alone, Step("refuse", {"label"}),
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
    Rule("exception in front ends at its comma", before_statement, Step("end", OPENER),
         "[Unless {allergic}], aspirin", "aspirin [unless {allergic, or bleeding}]"),
    Rule("exception in front bears on the statement",
         lambda s, cue, i: s.opens(cue.first) and s.low[i] == ",", Step("right", OPENER),
         "[Unless {allergic}], aspirin", "aspirin [unless {allergic}]"),
    Rule("limit of the exception", limit_of_case, Step("end", OPENER),
         "AST < 3 ([except {gout}:] ≤ 5 × ULN)", "AST < 3 ([except {gout}])"),
    Rule("exception with a limit is a case", limit_of_case, Step("case", OPENER),
         "AST < 3 ([except {gout}:] ≤ 5 × ULN)", "AST < 3 ([except {gout}])"),
    Rule("consequence", at("then"), Step("end", {"unless"}),
         "aspirin [unless {allergic}], in which case heparin", "aspirin [unless {allergic}]"),
    Rule("end of an exception",
         after_exception, Step("end", {"except", "other"}),
         "cancer [other than {melanoma}] within 5 years", "cancer [other than {melanoma of the skin}]"),
    Rule("time of all but the exception", all_holds, Step("end", {"except", "other"}),
         "drugs [other than {aspirin}] for at least 2 weeks",
         "cancer [other than {melanoma cured for at least 2 years}]"),
    Rule("examples of what is not left out",
         lambda s, cue, i: s.low[i] == "(" and s.at("other_than", cue.first) and s.at("examples", i + 1),
         Step("end", {"other"}),
         "lesions [other than {metastasis}] (such as ascites)", "lesions [other than {metastasis (bone)}]"),
    Rule("comma after what is left out", comma_of_no_list, Step("end", {"other"}),
         "drugs [other than {aspirin}], any dose", "drugs [other than {aspirin, heparin or insulin}]"),
    # --- permissions
    Rule("end of what people may do", at("after_may"), Step("end", {"may"}),
         "Patients [may have had {gout}] but must be stable", "Patients [may have had {gout}]"),
    Rule("what they must choose from", at("choice"), Step("refuse", {"may"}),
         "Patients may have either gout or asthma", "Patients [may have {gout}]"),
    Rule("limit that people may have",
         lambda s, cue, i: any(s.is_limit(k) and not s.lasting(k) for k in range(i, cue.end)),
         Step("refuse", {"may"}),
         "Men may have a creatinine up to 3 mg/dL", "Men [may have {gout for up to 3 months}]"),
    Rule("refused", lambda s, cue, _: s.before("refused", cue.first) < cue.first, Step("refuse", PERMISSION),
         "steroids (oral use only is allowed)", "steroids ([{oral use} is allowed])"),
    Rule("only in some way",
         lambda s, cue, _: "only" in s.low[cue.first : cue.last] and not on_terms(s, cue),
         Step("refuse", PERMISSION),
         "steroids (oral is only allowed at night)", "arthritis ([{gout} is only allowed] [if {stable}])"),
    Rule("somebody is urged to do something",
         lambda s, cue, _: s.at("urged", cue.last - 1) and s.low[cue.last] == "to",
         Step("refuse", {"permission"}),
         "gout (users of pipes are encouraged to stop)", "gout ([{surgery} is encouraged])"),
    Rule("who is admitted",
         lambda s, cue, _: s.leading and s.begins(cue.first) and not on_terms(s, cue),
         Step("refuse", {"admission"}),
         "Patients with gout are eligible", "Patients with [{gout} are eligible] [if {stable}]"),
    Rule("age of who is admitted",
         lambda s, cue, i: s.leading and s.begins(cue.first) and s.aged(i, cue.end),
         Step("refuse", {"admission"}),
         "Gout over 6 years is eligible [if {mild}]", "Men with [{gout} are eligible] [if {mild}]"),
    Rule("eligible for something else",
         lambda s, cue, _: s.at("another", cue.last), Step("refuse", {"admission"}),
         "gout (stages that are eligible for a transplant)",
         "arthritis ([{gout} is eligible] for this trial)"),
    Rule("participle inside a phrase",
         lambda s, cue, _: not s.ends(cue.last) and not on_terms(s, cue), Step("refuse", {"aside"}),
         "highest allowed dose", "steroids ([{oral use} allowed] [if {stable}])"),
    Rule("permission begins after a break", breaks, Step("begin", PERMISSION),
         "No arthritis; no pain, but [{gout} is allowed]", "arthritis ([{gout or pain} is allowed])"),
    Rule("permission begins after a dash", single_dash, Step("begin", PERMISSION),
         "arthritis - [{gout} is allowed]", "[{gout - mild or treated} - is allowed]"),
    Rule("discourse before a permission", discourse, Step("skip", PERMISSION),
         "arthritis (also [{gout} is allowed])", "arthritis ([{gout} is allowed])"),
    Rule("people of a permission", people_having, Step("skip", PERMISSION),
         "arthritis (patients with [{gout} are eligible])", "arthritis ([{pain of patients} is allowed])"),
    Rule("article before a permission", lambda s, _, i: s.after("article", i), Step("skip", PERMISSION),
         "arthritis (a [{history of gout} is allowed])", "arthritis ([{gout} is allowed])"),
    Rule("no such thing is permitted", at("none"), Step("refuse", {"permission", "aside"}),
         "arthritis (no oral steroids are allowed)", "arthritis ([{oral steroids} are allowed])"),
    Rule("nothing is permitted", short, Step("refuse", PERMISSION),
         "arthritis (it is allowed)", "arthritis ([{gout} is allowed])"),
    Rule("limit is permitted", permitted_limit, Step("refuse", PERMISSION),
         "AST < 3 × ULN, but ALT < 5 × ULN is allowed", "arthritis ([{gout with AST < 5 × ULN} is allowed])"),
)
# fmt: on
