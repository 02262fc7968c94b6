"""Condition and exception clauses: "≤ 5 × ULN [if liver metastases]", "cancer [except cured melanoma]".

Decides where such a clause starts and ends, which of its words are the cue and which the content, and on
which side lies what it bears on.  What exactly it bears on (a limit, an entity) is for the binding.  A
subject of whom something is asked ("patients with gout must …") is a condition; patients as such are none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from eligex.clauses.cases import applied_group, bracketed_case, bracketed_group
from eligex.clauses.clause import Clause, ClauseType, Cue
from eligex.clauses.leads import introduction
from eligex.clauses.rules import IF, PERMISSION, RULES, apply
from eligex.clauses.sentence import Sentence
from eligex.clauses.words import WORDS, may_hold

__all__ = ["Clause", "find_clauses"]

_ORDER = (
    "except unless other",
    "permission admission aside may",
    "lead if when provided case",
    "introduction",
    "group people",
    "limit",
    "named",
    "label",
    "sex",
    "contrast before",
    "subject",
    "expecting",
)
"""Cues by their priority for the same words: the first win.  Those of the first two rows open exceptions."""
_RANK = {kind: rank for rank, kinds in enumerate(_ORDER) for kind in kinds.split()}


def find_clauses(text: str, *, leading: bool = True) -> list[Clause]:
    """Find the condition and exception clauses of one sentence.

    Parameters
    ----------
    text
        The sentence.
    leading
        Whether it opens its criterion.  "Patients with treated brain metastases are eligible" is what the
        criterion says if it opens it, and an exception if it follows something else.

    Examples
    --------
    >>> text = "AST ≤ 3 × ULN (≤ 5 × ULN if liver metastases)"
    >>> [(c.type, text[c.content_start : c.content_end]) for c in find_clauses(text)]
    [('condition', 'liver metastases')]
    """
    if not may_hold(text):
        return []
    sentence = Sentence(text, leading=leading)
    found: dict[ClauseType, list[Clause]] = {"exception": [], "condition": []}
    for cue in sorted(_cues(sentence), key=lambda cue: _RANK[cue.kind]):
        clause = _read(sentence, cue)
        if clause is None:
            continue
        others = found[clause.type]
        place = bisect_left(others, clause.content_start, key=lambda other: other.content_end - 1)
        if place == len(others) or clause.content_end <= others[place].content_start:
            others.insert(place, clause)
    return sorted(found["exception"] + found["condition"], key=lambda c: (c.start, -c.end))


def _read(sentence: Sentence, cue: Cue) -> Clause | None:
    """Return the clause that a cue opens or closes, by the rows for its kind."""
    read: Cue | None = cue
    for rule in RULES:
        if read is not None and read.kind in rule.then.kinds:
            read = apply(rule, sentence, read)
    if read is None:
        return None
    return sentence.clause("exception" if _RANK[read.kind] < 2 else "condition", read)


def _cues(s: Sentence) -> Iterator[Cue]:
    """Yield every phrase that may open or close a clause."""
    if (lead := introduction(s)) is not None:
        yield lead
    after = 0
    for i in s.triggers():
        found = WORDS.cues.at(s.tokens, i) if i >= after else None
        if found is not None:
            kind, after = found
            yield _cue(s, kind, i, after)
        opened = s.opened_by(i)
        if "of_people" in opened and s.at("of_people", i) and s.people(i + 1) > i + 1:
            yield s.cue("group" if s.opens(i) else "people", i, i + 1, i + 1)
        if "of_case" in opened and s.at("of_case", i):
            if s.limit_ending(i) < i:
                yield s.cue("contrast", i, i + 1, i if s.low[i] == "without" else i + 1)
            elif s.first_limit < i and (s.low[i - 1] == "," or s.at("joint", i - 1)):
                yield s.cue("before", i, i + 1, i + 1)
        if "may" in opened and s.at_liberty(i):
            yield s.cue("may", i, last := s.after("may", i), last)
        if ("obliges" in opened or s.low[i] == ":") and (subject := s.subject(i)) < i:
            yield replace(s.cue("subject", i, s.obliges(i), subject, i), governs="right")
        if "expecting" in opened and (women := _women(s, i)) < i:
            yield replace(s.cue("expecting", i, i + 2, women, i), governs="right")
        if "after_limit" in opened and s.at("after_limit", i) and s.of_normal(i):
            last = s.after("after_limit", i)
            yield s.cue("limit", i, last, i if s.low[i] == "without" else last)
    if len(s.signs) > 1:
        yield from (cue for i in range(s.signs[0], s.n) if (cue := bracketed_case(s, i)) is not None)
    for i in s.applying:
        if (cue := applied_group(s, i)) is not None:
            yield cue
    yield from (cue for i in s.places("only") if (cue := bracketed_group(s, i)) is not None)
    for i in s.sexes:
        begin = i - (s.low[i - 1] == "adult")
        first = begin - s.at("of_sex", begin - 1)
        if i in s.labels:
            yield s.cue("label", first, i + 1, begin, i + 1)
        if s.bracketed(i):
            yield s.cue("sex", first, begin if first < begin else i + 1, begin, i + 1)


def _women(s: Sentence, i: int) -> int:
    """Return where women are named of whom token ``i`` says what only they can be; ``i`` without.

    "any [female subject] who is pregnant or nursing".
    """
    if not s.at("expecting", i):
        return i
    begin = s.before("people", i)
    if not s.at("female", begin):
        begin = s.before("female", begin)
    if not s.at("female", begin):
        return i
    first = begin
    while (before := min(s.before("adjective", first), s.before("article", first))) < first:
        first = before
    listed = s.low[first - 1] in {",", ":"} or s.before("joint", first) < first
    return begin if listed or s.opens(first) else i


def _cue(s: Sentence, kind: str, first: int, last: int) -> Cue:
    if kind in PERMISSION:
        return s.cue(kind, first, last, end=first)
    leads = kind in IF and s.begins(first) and s.opens(first)
    return s.cue("lead" if leads else kind, first, last, last + (s.low[last] in {":", ","}))
