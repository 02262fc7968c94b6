"""Lines that only name those whom the list below is about: "Women < 50 years of age:", "For NSCLC only:".

Decides whether a sentence is such a line, and which of its words are the name.  A line that says anything of
those it names ("Patients must have:", "Men with one of the following:") is none: what it says is asked.
Patients with something ("Patients with gout:") are none either: that may be what is asked.
"""

from __future__ import annotations

from dataclasses import replace

from eligex.clauses.clause import Cue
from eligex.clauses.sentence import Sentence
from eligex.language.tokens import NUM

_LONGEST = 24  # tokens
_WALLS = frozenset({":", ";", ".", "?"})


def introduction(s: Sentence) -> Cue | None:
    """Return the cue of a line that names those whom its list is about, None if the sentence is none.

    Examples
    --------
    >>> cue = introduction(Sentence("For patients < 18 years of age:"))
    >>> cue.begin, cue.end
    (1, 7)
    """
    end = s.n - 1
    if not 0 < end <= _LONGEST or s.low[end] != ":" or not s.leading:
        return None
    opener, close = s.after("introduces", 0), _close(s, end)
    begin = s.after("article", max(opener, _bracket(s, close, end)))
    named = range(begin, close)
    if not named or any(s.low[k] in _WALLS or s.at("no_name", k) for k in named):
        return None
    if s.at("hanging", close - 1):
        return None
    if s.at("everybody", begin) or _says_nothing(s, begin, close) or _of_both_sexes(s, begin, close):
        return None
    if not (_opened(s, opener, close) or _is_age(s, begin, close) or _names_group(s, begin, close, end)):
        return None
    first, last = (0, opener) if opener else (end, end + 1)
    return replace(s.cue("introduction", first, last, begin, close), governs="right")


def _close(s: Sentence, end: int) -> int:
    """Return the token after the name: "HCC [only:]", "Oncology patient[-specific:]"."""
    close = s.before("restricts", end)
    return close - (close < end and s.low[close - 1] == "-")


def _bracket(s: Sentence, close: int, end: int) -> int:
    """Return the token after the bracket that the line ends with: "Surgery ([Cohort A] only):"; else 0."""
    if s.low[end - 1] != ")" or close == end:
        return 0
    return next((k + 1 for k in range(close - 1, -1, -1) if s.low[k] == "("), 0)


def _says_nothing(s: Sentence, begin: int, close: int) -> bool:
    """Whether the name is that of everybody."""
    return s.empty(begin, close) and not any(s.at("telling", k) for k in range(begin, close))


def _of_both_sexes(s: Sentence, begin: int, close: int) -> bool:
    """Whether men and women are named together."""
    return len({s.at("female", k) for k in range(begin, close) if s.sex(k) > k}) > 1


def _opened(s: Sentence, opener: int, close: int) -> bool:
    """Whether "for", "if" or the like opens the line; "in" only does before people, or what is not there."""
    if not opener or s.tokens.kind[opener] == NUM or s.is_limit(opener):
        return False
    if s.low[opener - 1] == "if":
        return "," not in s.low[opener:close]
    if any(s.at("verb", k) or s.at("states", k) for k in range(opener, _relative(s, opener, close))):
        return False
    plain = opener == 1 + (s.low[1] == "the")
    return s.low[0] != "in" or not plain or s.people(opener) > opener or s.low[opener] == "absence"


def _relative(s: Sentence, begin: int, close: int) -> int:
    """Return the token at which a relative clause begins: "women [who are pregnant]"."""
    return next((k for k in range(begin, close) if s.at("relative", k)), close)


def _is_age(s: Sentence, begin: int, close: int) -> bool:
    """Whether the name is an age, or people of an age: "Under 65 years", "Children ≥ 18 months"."""
    if not s.aged(begin, close):
        return False
    people, aged, k = False, False, begin
    while k < close:
        after = max(s.people(k), s.after("adjective", k))
        if after > k:
            people, k = True, after
        elif s.at("of_age", k) or s.at("sign", k):
            aged, k = True, k + 1
        elif s.tokens.kind[k] == NUM or s.lasting(k - 1) or s.at("beside_age", k):
            k += 1
        else:
            return False
    return people or aged


def _names_group(s: Sentence, begin: int, close: int, end: int) -> bool:
    """Whether the name is that of a part of the study, or of people it sets apart: "Glioma patients"."""
    groups = [k for k in range(begin, close) if s.at("people", k) or s.at("cohort", k) or s.at("part", k)]
    if not groups or any(s.at("verb", k) or s.at("states", k) for k in range(begin, close)):
        return False
    if all(k in groups or s.at("empty", k) for k in range(begin, close)):  # "Patient group"
        return False
    if close < end:
        return True
    if any(s.at("binds", k) or s.at("no_cohort", k) for k in range(begin, close)):
        return False
    return groups[-1] == close - 1 and groups[-1] > begin
