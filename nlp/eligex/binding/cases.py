"""The words of conditions: what rules and a tagger found, with ends that a reader would give them.

Decides where the words of a case end: not in a word that leads on, and before a measurement whose limit
follows it.  Whether a condition restricts anything is decided in :mod:`eligex.binding.conditions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eligex.binding.edges import after_opinion
from eligex.binding.harms import with_further_harms
from eligex.binding.needs import states_need
from eligex.binding.tree import Mention, Piece, Tagged
from eligex.binding.words import DONE_BY, LEADS_ON, LISTED, NO_CASES, RECOVERS_TO
from eligex.clauses.find import Clause
from eligex.layout.chars import trim
from eligex.schema import DOMAIN_LABELS

_LOOSE_MARKS = ",;:/([-"
_LONGEST_DOER = 60
"""Characters before a case in which what somebody did is looked for."""
_ENDS = frozenset(".;,\n")
_LONGEST_METHOD = 20
"""Characters between "recovered to" and a limit: "recovered to [NCI CTCAE] grade ≤ 1"."""
_LONGEST_NAMES = 60
"""Characters between a case and the limit of the measurements that it was taken to include."""


def with_suspected(piece: Piece) -> Piece:
    """Return ``piece`` with a clause where a tagger saw a condition and no rule found one.

    No condition ends in a word that leads on to what it does not contain.
    """
    recovering = [tag for tag in piece.tags if tag.type == "condition" and _recovers(piece, tag)]
    piece = _with_things(piece, recovering)
    tags = [
        tag._replace(start=after_opinion(piece.text, tag.start, tag.end))
        for tag in piece.tags
        if tag.type == "condition"
        and tag not in recovering
        and not _is_relative(piece, tag)
        and not _by_somebody(piece.text, tag.start)
        and piece.text[tag.start : tag.end].lower() not in NO_CASES
    ]
    suspected = [
        Clause("condition", tag.start, tag.end, tag.start, tag.start, tag.start, tag.end)
        for tag in tags
        if not states_need(piece.text, tag.start, tag.end)
        and not any(limit.start <= tag.start and tag.end <= limit.end for limit in piece.quantities)
    ]
    if not suspected and all(clause.type != "condition" for clause in piece.clauses):
        return piece
    clauses = [_ended(piece, each) if each.type == "condition" else each for each in piece.clauses]
    found = [(c.content_start, c.content_end) for c in clauses if c.type == "condition"]
    more = [
        each
        for each in (_ended(piece, each) for each in suspected)
        if all(each.end <= low or high <= each.start for low, high in found)
    ]
    return replace(piece, clauses=tuple(sorted([*clauses, *more], key=lambda c: (c.start, -c.end))))


def _recovers(piece: Piece, tag: Tagged) -> bool:
    """Whether a limit is what the words should recover to: "[gout] must have resolved to grade ≤ 1"."""
    to = RECOVERS_TO.match(piece.text, tag.end, piece.end)
    if to is None or _has_thing_before(piece, tag):
        return False
    return any(0 <= limit.start - to.end() <= _LONGEST_METHOD for limit in piece.quantities)


def _has_thing_before(piece: Piece, tag: Tagged) -> bool:
    """Whether a thing of the same statement stands in front: "rash from [radiation] must have resolved"."""
    return any(
        each.end <= tag.start and _ENDS.isdisjoint(piece.text[each.end : tag.start])
        for each in piece.mentions
        if each.label in DOMAIN_LABELS
    )


def _with_things(piece: Piece, tags: Sequence[Tagged]) -> Piece:
    """Return ``piece`` with what was taken for the words of a condition among its mentions."""
    things = [
        thing for tag in tags if (thing := _first(piece.named, tag)) and _first(piece.mentions, tag) is None
    ]
    if not things:
        return piece
    mentions = tuple(sorted([*piece.mentions, *things], key=lambda each: each.start))
    return replace(piece, mentions=mentions, named=tuple(each for each in piece.named if each not in things))


def _first(mentions: Sequence[Mention], tag: Tagged) -> Mention | None:
    """Return the first thing in the words of a tag: "[adverse events] of earlier therapies"."""
    inside = (each for each in mentions if tag.start <= each.start and each.end <= tag.end)
    return next((each for each in inside if each.label in DOMAIN_LABELS), None)


def _is_relative(piece: Piece, tag: Tagged) -> bool:
    """Whether the words only say whose disease it is: "[first-degree] relative with gout"."""
    return any(
        cue.category == "family" and cue.start <= tag.start and tag.end <= cue.end
        for cues in piece.cues.values()
        for cue in cues
    )


def _by_somebody(text: str, start: int) -> bool:
    """Whether people are named who did something: "results provided by the [referring surgeon]"."""
    return DONE_BY.search(text, max(0, start - _LONGEST_DOER), start) is not None


def _ended(piece: Piece, clause: Clause) -> Clause:
    """Return a condition that ends where its words do; a limit right after it is what it bears on."""
    start = clause.content_start
    firm = _firm_end(piece.text, start, clause.content_end)
    if (further := with_further_harms(piece.text, start, firm, _end_of_sentence(piece, start))) > firm:
        return replace(clause, content_end=further, end=max(clause.end, further))
    names = _names_of_limit(piece, start, firm)
    if names is None:
        stop = clause.end if clause.cued else firm
        if (firm, stop) == (clause.content_end, clause.end):
            return clause
        return replace(clause, content_end=firm, end=stop)
    end = _firm_end(piece.text, start, trim(piece.text, start, names)[1])
    return replace(clause, content_end=end, end=end, governs="right")


def _end_of_sentence(piece: Piece, position: int) -> int:
    return next((end for start, end in piece.sentences if start <= position < end), piece.end)


def _names_of_limit(piece: Piece, start: int, end: int) -> int | None:
    """Return where the measurements begin whose limit follows a case: "in gout, [ALT/AST] ≤ 5 × ULN".

    None if the case names nothing before them: "elevated creatinine > 2" is a case.
    """
    limit = next((each.start for each in piece.quantities if each.start > start), None)
    if limit is None or limit - end > _LONGEST_NAMES:
        return None
    named = sorted(
        (m.start, m.end, m.label)
        for m in (*piece.mentions, *piece.named)
        if start <= m.start < limit and m.label in DOMAIN_LABELS
    )
    names = limit
    while named and named[-1][2] == "Measurement" and _leads_on(piece.text[named[-1][1] : names]):
        names = named.pop()[0]
    if not named or names == limit or names >= end:
        return None
    between = piece.text[named[-1][1] : names].strip()
    return names if not between or (between == "," and limit >= end) else None


def _leads_on(gap: str) -> bool:
    """Whether nothing but what joins the members of a list is between a name and the next or its limit."""
    return not gap.strip() or LISTED.fullmatch(gap) is not None


def _firm_end(text: str, start: int, end: int) -> int:
    """Return the end of a condition without the words that lead on: "women [only]", "men [and]"."""
    firm = end
    while firm > start:
        word = text[start:firm].rsplit(None, 1)[-1]
        bare = word.rstrip(_LOOSE_MARKS)
        if bare.lower() in LEADS_ON:
            bare = ""
        if len(bare) == len(word):
            return firm
        firm -= len(word) - len(bare)
        firm = trim(text, start, firm)[1]
    return end
