"""What the clause rules ask of a cue and a token: the questions of :mod:`eligex.clauses.rules`."""

from __future__ import annotations

from collections.abc import Callable

from eligex.clauses.cases import same_kind
from eligex.clauses.clause import Cue
from eligex.clauses.sentence import Sentence
from eligex.clauses.words import WORDS
from eligex.language.tokens import NUM

Test = Callable[[Sentence, Cue, int], int | bool]
_TO_TERMS = 6  # tokens between a permission and its terms
_WALLS = frozenset({".", ";", "(", ")", "[", "]"})
_TO_LIMIT = frozenset({":", ",", "(", "["})
_WITHIN = frozenset({"a", "an", "of"})  # "a history [of] gout" leads to no limit yet
_LONGEST_CASE = 7  # tokens
_LETS_IN = frozenset({"permission", "admission"})
_BREAKS = frozenset({",", ":", ";", "("})
_LONGEST_NAME = 5  # tokens
_DASHES = frozenset({"-", "–", "—"})
_HANGING = frozenset({"with", "of", "for", "following", "and", "or", "to", "have", "had"})
_LONGEST_AGENT = 5  # tokens from a comma to the verb of a main clause
_DENIED, _TO_DENIED = frozenset({"not", "no"}), 4  # "gout is [not] formally an exclusion"
_IN_TIME = frozenset({"in", "during", "for", "over"})
_CASE_REACH = 9  # tokens between a case and the limit that holds for it


def at(name: str) -> Test:
    """Return the test whether a phrase of a class begins at the token."""
    return lambda s, _, i: s.at(name, i)


def comma(s: Sentence, _: Cue, i: int) -> bool:
    """Whether a comma is at the token."""
    return s.low[i] == ","


def has_comma(s: Sentence, cue: Cue) -> bool:
    """Whether a comma follows in the region."""
    return "," in s.low[cue.begin : cue.high]


# --- conditions
def not_done(s: Sentence, _: Cue, i: int) -> bool:
    """Whether what follows is "not something", and not "not treated"."""
    return s.low[i] == "not" and not (s.low[i + 1].endswith("ed") and len(s.low[i + 1]) > 5)


def asked(s: Sentence, cue: Cue, _: int) -> bool:
    """Whether what is asked or excluded is before the cue; "gout is not an exclusion" permits it."""
    last = cue.first - (s.low[cue.first - 1] == "only")
    last -= s.low[last - 1] == ","
    first = s.before("not_before_if", last)
    denied = s.low[first] == "exclusion" and s.low[cue.first] != "but"
    denied = denied and not _DENIED.isdisjoint(s.low[max(first - _TO_DENIED, 0) : first])
    return first < last and not denied


def admitted(s: Sentence, cue: Cue, _: int) -> bool:
    """Whether those who may take part have no other name."""
    start = s.before("admitted", cue.first)
    if start == cue.first:
        return False
    for _times in range(4):
        start = s.before("auxiliary", start)
    return s.empty(cue.low, start)


def excluded(s: Sentence, cue: Cue, _: int) -> bool:
    """Whether a consequence after a comma excludes."""
    commas = (i for i in range(cue.begin, cue.high) if s.low[i] == ",")
    return any(s.at("consequence", i) for i in range(next(commas, cue.high), cue.high))


def between_commas(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether the token is the second of two commas around a short condition."""
    if s.low[i] != "," or s.low[cue.first - 1] != ",":
        return False
    return s.tokens.start[i] - s.tokens.start[cue.begin] <= 40 and not set(s.low[cue.begin : i]) & {"(", ")"}


def leading_on(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether the comma after a case that leads on is at token ``i``: "AST ≤ 3, or if icteric[,] AST ≤ 5",
    "gout (if treated[,] urate must be < 6)".
    """
    if not _ends_case(s, cue, i):
        return False
    before = cue.first - (s.low[cue.first - 1] == ",")
    joined = s.at("joint", cue.first) or s.at("joint", before - 1)
    stated = any(
        s.at("verb", k) or (s.is_limit(k) and not s.lasting(k)) for k in s.inside(cue, i + 1, cue.high)
    )
    if joined:  # "if fertile, married, or pregnant" is a list
        return stated or not s.listed(cue.begin, cue.high) or s.low[cue.begin : cue.high].count(",") == 1
    return stated and s.opens(cue.first)


def _ends_case(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether a comma after a case, not one inside it or after an opinion, is at token ``i``."""
    if s.low[i] != "," or s.at("joint", i + 1) or s.at("relative", i + 1):
        return False
    return not any(s.at("opinion", k) for k in range(cue.begin, i))


def said_of_somebody(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether a main clause is after the comma at token ``i``: "if stable[,] enrollment will be allowed"."""
    if not _ends_case(s, cue, i):
        return False
    return any(s.at("modal", k) for k in range(i + 2, min(i + _LONGEST_AGENT, s.n)))


def next_limit(s: Sentence, _: Cue, i: int) -> bool:
    """Whether the next limit, or the case of one, is at the token."""
    joint = s.at("joint", i)
    if s.low[i - 1] == "than":  # "less than [or equal to] 12"
        return False
    if (joint or s.low[i] == ",") and s.is_limit(i + 1):
        return True
    i += joint
    return s.low[i] in {"for", "in", "if"} and s.at("group", i + 1)


def main(s: Sentence, _: Cue, i: int) -> bool:
    """Whether the main clause begins at the token."""
    return s.low[i] == "then" or (s.low[i] == "," and s.at("main", i + 1))


def takes_part(s: Sentence, _: Cue, i: int) -> bool:
    """Whether all that is said is that somebody takes part: "a risk if [they participate in the study]"."""
    after = s.after("joining", i)
    return after > i and not s.at("goes_on", after)


# --- groups of people
def both_sexes(s: Sentence, _: Cue, i: int) -> bool:
    """Whether men and women are named together."""
    after = s.after("childbearing", s.people(i))
    return s.low[after] in {"and", "or", "/"} and s.sex(after + 1) > after + 1


def unlimited(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether people are named without a limit before them."""
    after = s.people(i)
    of_sex = s.low[cue.first] != "among" and (s.at("female", after - 1) or s.at("male", after - 1))
    return not of_sex and not s.at("childbearing", after) and not s.limit_before(cue.first)


def joined_limit(s: Sentence, _: Cue, i: int) -> bool:
    """Whether the next name and its limit are at the token."""
    return s.low[i] in {"and", "or"} and s.at("sign", i + 2)


def after_people(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether a group ends at token ``i``; the first verb of a relative clause is part of it."""
    if not s.at("after_people", i):
        return False
    if not s.at("verb", i):
        return True
    relatives = [k for k in range(cue.begin, i) if s.at("relative", k)]
    return not relatives or any(s.at("verb", k) for k in range(relatives[-1], i))


def own_limit(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether a limit that holds for the group is at the token; no disease has a concentration itself."""
    if i not in s.signs or s.at("measure", i - 1) or s.at("verb", i - 1) or s.follows_limit(cue.first):
        return False
    return s.relative(i) or (s.dimension(i) == "concentration" and s.before("case", i) < i)


def named_case(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether a limit of a case is at token ``i``: what "in case of" names, or a disease that "if" names.

    Behind another limit it is one of the same kind: "AST ≤ 3 × ULN, in case of gout [≤ 5 × ULN]".
    """
    if i not in s.signs:
        return False
    of = cue.kind == "if" and s.low[cue.last - 1] == "of"
    if not (of and s.at("sign", i)) and not _names_disease(s, cue, i):
        return False
    return s.opens(cue.first) or (_limit_before(s, cue) is not None and not unlike(s, cue, i))


def _names_disease(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether a case ends at token ``i`` in the name of a disease, and a limit is in front of the case."""
    end = s.before("is_there", i - (s.low[i - 1] == ":"))
    if s.before("case", end) == end:
        return False
    front = max((k for k in s.signs if k < cue.first), default=i)
    return front < i and s.lasting(front) == s.lasting(i) and same_kind(s, front, i)


def _limit_before(s: Sentence, cue: Cue) -> int | None:
    """Return the token at which the limit in front of a case begins."""
    end = cue.first - (s.low[cue.first - 1] in {",", ";"})
    first = s.limit_ending(end)
    return first if first < end else None


def unlike(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether the limit at token ``i`` is of another kind than the one in front of the case."""
    first = _limit_before(s, cue)
    return first is not None and s.is_limit(i) and not s.alike(first, i)


def asked_nothing(s: Sentence, cue: Cue, _: int) -> bool:
    """Whether a verb or colon after a subject asks nothing of it: "women who must", "men must not enter"."""
    if s.low[cue.first - 1] in _HANGING or "following" in s.low[cue.begin : cue.first]:
        return True
    if s.low[cue.first] != ":" and not s.words(cue.last, cue.high):
        return True
    relative = next((k for k in range(cue.begin, cue.first) if s.at("relative", k)), cue.first)
    if relative == cue.first and s.at("takes_no_part", cue.first):
        return True
    said = [s.at("states", k) for k in range(cue.begin, cue.end)]
    return any(said[: relative - cue.begin]) or relative == cue.first - 1


def let_in(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether words that let people in are at token ``i``: "men with gout [may be enrolled] but must …"."""
    found = WORDS.cues.at(s.tokens, i)
    lets_in = found is not None and found[0] in _LETS_IN
    return lets_in and any(s.at("break", k) for k in range(i + 1, cue.end))


def nobody(s: Sentence, cue: Cue, _: int) -> bool:
    """Whether a group is everybody."""
    return s.empty(cue.begin, cue.end) and not any(s.at("telling", i) for i in range(cue.begin, cue.end))


# --- cases of limits
def no_case(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether what follows a limit is too long for the name of a case, has a number, or is a time."""
    tokens = range(i, cue.end)
    unlimited = cue.kind == "before" and not s.is_limit(cue.end)
    return (
        unlimited
        or not 0 < len(tokens) <= _LONGEST_CASE
        or any(s.tokens.kind[k] == NUM or s.at("no_case", k) for k in tokens)
    )


def uncontrasted(s: Sentence, cue: Cue, _: int) -> bool:
    """Whether no other limit stands beside the one before the case: "> 90 in shock or > 80"."""
    after = cue.end + (s.low[cue.end] == ",")
    after = max(after + s.at("joint", after), s.after("otherwise", after))
    if s.is_limit(after + (s.low[after] == ",")):
        return False
    first = s.limit_ending(cue.first)
    joined = s.low[first - 1] in {",", "(", "["} or s.at("joint", first - 1)
    return not (joined and s.another_limit(first))


# --- sexes
def alone(s: Sentence, cue: Cue, _: int) -> bool:
    """Whether a sex labels no limit of its own."""
    if s.both_labelled:
        return False
    named = s.low[cue.last] in {":", "="}
    measured = s.named_before(cue.first) and s.number_within(cue.last + named, 30)
    return not (named and measured)


# --- exceptions
def comma_of_no_list(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether a comma that is not part of a list is at the token."""
    return s.low[i] == "," and not s.listed(cue.begin, cue.end)


def before_statement(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether the comma after an exception in front is at token ``i``: "Except for A, B or C[,] no D"."""
    if s.low[i] != "," or not s.opens(cue.first) or s.at("exception", cue.first):
        return False
    if s.region[cue.first].kind == "bracket":  # "(except gout[,] asthma and stroke)"
        return s.at("statement", i + 1)
    return s.at("statement", i + 1) or not any(
        s.low[k] == "," and s.at("statement", k + 1) for k in s.inside(cue, i, cue.high)
    )


def limit_of_case(s: Sentence, cue: Cue, i: int) -> int:
    """Return the token after the words at token ``i`` that lead to a limit of the exempted case, 0 without:
    "gout[:] ≤ 5 × ULN", "gout[, in which case] bilirubin ≤ 3".  The name of a disease needs none: "except
    Gilbert's disease ≤ 5 × ULN".
    """
    if s.first_limit >= cue.first:
        return 0
    if i in s.signs and _names_disease(s, cue, i):
        return i
    if s.low[i] in _WITHIN or not (s.low[i] in _TO_LIMIT or s.at("leads_to_limit", i)):
        return 0
    lead = i
    while (after := max(s.after("leads_to_limit", lead), lead + (s.low[lead] in _TO_LIMIT))) > lead:
        lead = after
    for k in range(i, min(i + _CASE_REACH, s.n)):
        if s.low[k] in {".", ";", ")"}:
            break
        if s.at("sign", k) or s.at("comparison", k):
            return 0 if s.lasting(k) else lead
    return 0


def after_exception(s: Sentence, _: Cue, i: int) -> bool:
    """Whether an exception ends at token ``i``; the first verb of a relative clause is part of it."""
    if not s.at("after_exception", i) or (s.low[i] == "but" and s.low[i + 1] == "not"):
        return False
    return not (s.at("verb", i) and s.before("relative", i) < i)


def all_holds(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether token ``i`` begins the time of the statement that has the exception: "no drugs other than
    insulin [for at least 2 weeks]"; not what takes that time itself: "gout treated for at least 2 weeks".
    """
    counted = s.low[i] in _IN_TIME and s.low[i + 1] == "the" and s.tokens.kind[i + 2] == NUM
    if not ((counted and s.lasting(i + 2)) or s.at("when_all_holds", i)) or s.low[i - 1] in _HANGING:
        return False
    return not s.opens(cue.first) and not any(_takes_time(s, k) for k in range(cue.begin, i))


def _takes_time(s: Sentence, i: int) -> bool:
    return s.at("takes_time", i) or s.low[i].endswith("ed")


def breaks(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether a new statement begins after the token."""
    found = s.at("break", i) or (s.low[i] == ":" and s.words(i - 1, i))
    return found and s.words(i + 1, cue.first)


def single_dash(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether the only dash between two statements is at the token: "gout [-] mild gout is allowed", but
    "gout - mild or treated - is allowed".
    """
    if (
        s.low[i] not in _DASHES
        or not (s.words(i - 1, i) and s.words(i + 1, cue.first))
        or s.tokens.end[i - 1] == s.tokens.start[i]
    ):
        return False
    after = range(i + 1, cue.last)
    return not any(s.low[k] in _DASHES and s.tokens.end[k] < s.tokens.start[k + 1] for k in after)


def on_terms(s: Sentence, cue: Cue) -> bool:
    """Whether a permission names its terms: "allowed [only if]", "eligible for the study [provided that]"."""
    for i in range(cue.last, min(cue.last + _TO_TERMS, s.n)):
        if s.at("terms", i):
            return True
        if s.low[i] in _WALLS:
            break
    return False


def people_having(s: Sentence, _: Cue, i: int) -> int:
    """Return the token after "patients with" at the token; the token itself without them."""
    after = s.people(i)
    return s.after("having", after) if after > i and s.at("having", after) else i


def discourse(s: Sentence, _: Cue, i: int) -> int:
    """Return the token after "however," at the token; the token itself without it."""
    after = s.after("discourse", i)
    return after + (after > i and s.low[after] in {":", ","})


def permitted_limit(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether a limit is permitted, or an upper limit of normal with its name: "however [≤ 5] is allowed",
    "in gout, [AST ≤ 5 × ULN] is allowed".
    """
    first = s.limit_ending(cue.end)
    if first == cue.end or first <= s.after_marks(i, cue.end):
        return first < cue.end
    if not s.of_normal(cue.end) or s.low[first] in {">", "≥"}:
        return False
    begin = next((k for k in range(first - 1, i - 1, -1) if s.low[k] in _BREAKS), i - 1)
    named = range(begin + 1, first)
    return len(named) <= _LONGEST_NAME and not any(s.at("having", k) for k in named)


def short(s: Sentence, cue: Cue, _: int) -> bool:
    """Whether hardly anything is permitted."""
    return s.length(cue.begin, cue.end) < 3 or s.empty(cue.begin, cue.end)


def unopened(s: Sentence, cue: Cue, i: int) -> bool:
    """Whether a bracket closes that does not open in the content, and that is not the one of "a)"."""
    if s.low[i] not in {")", "]"} or len(s.low[i - 1]) == 1:
        return False
    inside = s.low[cue.begin : i]
    return inside.count("(") + inside.count("[") <= inside.count(")") + inside.count("]")
