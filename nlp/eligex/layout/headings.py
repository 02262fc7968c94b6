"""Section headings: lines that open inclusion, exclusion, a topic or a group of patients.

``read_heading`` reads the beginning of one block and returns how much of it is a heading, and of which kind;
``find_inline`` finds headings in the middle of a run-on paragraph.  A line that introduces a list without
naming a section ("One of the following:", "Performance status:") is not a heading here: it is a criterion,
the parent of the items after it, because they are interpreted together with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from eligex.layout import heading_forms as forms
from eligex.layout.chars import trim
from eligex.layout.groups import group_around, read_group
from eligex.lexicon.layout import heading_words
from eligex.schema import CriterionType

Rank = Literal["section", "topic", "cohort"]
LONGEST = 260
"""The maximum length of a heading."""


@dataclass(frozen=True, slots=True)
class HeadingMatch:
    """A heading ``text[start:end]``; ``type`` is null for topics and groups.

    ``cohort`` is the group it names, ``generic`` whether that group means everybody ("patients").
    ``resets`` means that after a null type, items are inclusion criteria again.  ``sentence`` is true for
    "Patients are excluded if:" and false for "Exclusion criteria:"; a sentence is ``detailed`` if it states
    something about patients ("Excluded within 2 weeks of study entry:") and so must stay a criterion.
    """

    start: int
    end: int
    rank: Rank
    type: CriterionType | None = None
    cohort: str | None = None
    generic: bool = False
    resets: bool = False
    sentence: bool = False
    detailed: bool = False


_WORDS = heading_words()


def read_heading(
    text: str, start: int, end: int, *, marked: bool, inside: CriterionType | None
) -> HeadingMatch | None:
    """Return the heading that ``text[start:end]`` begins with, or None.

    Parameters
    ----------
    text, start, end
        A block without its marker and without blanks at its ends.
    marked
        Whether a bullet or number precedes it: then a sentence is a criterion, and only the plain forms ("-
        Inclusion Criteria:") are headings.
    inside
        The type of the open section, if there is one.
    """
    stop = min(end, start + LONGEST)
    piece = text[start:stop]
    decoration = None if piece[:1].isalnum() else forms.DECORATION.match(piece)
    skip = decoration.end() if decoration else 0
    if _may_head(piece):
        found = (
            _noun_heading(piece, skip, whole=stop == end, marked=marked)
            or _topic_heading(piece, skip, marked=marked)
            or (None if marked else _sentence_heading(piece, skip, inside, whole=stop == end))
        )
        if found is not None:
            return _placed(text, start, end, found)
    if marked:
        return None
    found = _title_heading(piece) or (_group_heading(piece, skip) if end - start <= 160 else None)
    return _placed(text, start, end, found) if found else None


def _may_head(piece: str) -> bool:
    """Return whether a piece may begin with a typed heading, by a cheap test."""
    if len(piece) > 130 and ":" not in piece and "：" not in piece and forms.OPENS.match(piece) is None:
        return False
    lower = piece.lower()
    return any(stem in lower for stem in forms.STEMS)


def opens_typed(text: str, start: int, end: int) -> bool:
    """Return whether a line begins with "inclusion" or "exclusion", whatever its case."""
    return forms.OPENS.match(text, start, end) is not None


def registry_text(text: str, start: int, end: int) -> str | None:
    """Return why a block is text of the registry and not a criterion, or None.

    Such a block repeats a field ("Ages Eligible for Study: 18 Years and older"), or is a fixed note: that the
    list is not complete, or whom to ask.
    """
    if end - start < 120 and forms.REGISTRY_FIELD.match(text, start, end):
        return "registry field"
    if text[start] in "TtFf(" and end - start < 240 and forms.NOTE.match(text, start, end):
        return "registry note"
    return None


def find_inline(text: str, start: int, end: int) -> Iterator[HeadingMatch]:
    """Yield headings in the middle of ``text[start:end]``."""
    topics = text.find("CHARACTERISTICS:", start, end) >= 0 or text.find("THERAPY:", start, end) >= 0
    if not topics and not forms.INLINE_HINT.search(text, start, end):
        return
    for match in forms.INLINE_TOPIC.finditer(text, start + 1, end):
        yield HeadingMatch(match.start(), match.end(), "topic", resets=True)
    for match in forms.INLINE.finditer(text, start, end):
        first, last = match.span("heading")
        back = skip_back(text, start, first)
        if first == start or forms.INSIDE_SENTENCE.search(text, max(start, first - 14), back):
            continue
        word, before = match["heading"], match["before"] or " "  # nothing, where the span begins
        strong = before in ".;:)]!?•" or word[0].isupper()
        if not strong or (word[0].islower() and before not in ".;!?•"):
            continue
        core = word.lower()
        kind: CriterionType = "exclusion" if "exclu" in core or "non" in core[:20] else "inclusion"
        yield HeadingMatch(first, last, "section", kind)


def skip_back(text: str, start: int, at: int) -> int:
    """Return the offset after the last visible character before ``at``."""
    while at > start and (text[at - 1].isspace() or text[at - 1] in "*_"):
        at -= 1
    return at


def _placed(text: str, start: int, end: int, found: HeadingMatch) -> HeadingMatch:
    first, last = trim(text, start + found.start, min(end, start + found.end))
    return replace(found, start=first, end=last)


def _colon(piece: str, at: int, limit: int = 140) -> int:
    """Return the offset of the next colon that is not part of a ratio, or -1."""
    while True:
        positions = [p for p in (piece.find(":", at, at + limit), piece.find("：", at, at + limit)) if p >= 0]
        if not positions:
            return -1
        position = min(positions)
        if not (piece[position + 1 : position + 2].isdigit() and piece[position - 1 : position].isdigit()):
            return position
        at = position + 1


def _noun_heading(piece: str, skip: int, *, whole: bool, marked: bool) -> HeadingMatch | None:
    """Read "Key Inclusion Criteria for Part A:"."""
    numbered = forms.CHAPTER.match(piece, skip)
    skip = numbered.end() if numbered else skip
    lower = piece[skip : skip + 110].lower()
    core: re.Match[str] | None = None
    if any(stem in lower for stem in forms.CORE_STEMS):
        core = forms.REVERSED.match(piece, skip) or forms.CORE.search(piece, skip, skip + 110)
    if core is None:
        bare = forms.BARE_CRITERIA.match(piece, skip)
        return HeadingMatch(0, bare.end(), "section") if bare and not marked else None
    before = piece[skip : core.start()]
    if any(char in before for char in ":;.<>≥≤=") or before.count(" ") > 8:
        return None
    words = re.findall(r"[\w/'’-]+", before.lower())
    if any(word in _WORDS.sentence_words for word in words):
        return None
    groups = core.groupdict()
    form = _Form(
        named=bool(groups.get("noun") or groups.get("both")),
        plain=all(word in _WORDS.qualifiers or word.isdigit() for word in words),
        capital=core[0][0].isupper() or (not words and piece[skip].isupper()),
        marked=marked,
        whole=whole,
    )
    if not form.named and not _stands_alone(piece, core, form, bare=not words):
        return None
    end = _noun_end(piece, core.end(), form)
    if end is None:
        return None
    kind: CriterionType | None = (
        "exclusion" if groups.get("exc") else "inclusion" if groups.get("inc") else None
    )
    tail = piece[core.end() : end].strip(" :：*\t\n-–—.")
    cohort, generic = group_around(before, tail)
    return HeadingMatch(0, end, "section", kind, cohort, generic, resets=kind is None)


def _stands_alone(piece: str, core: re.Match[str], form: _Form, *, bare: bool) -> bool:
    """Return whether a word is a heading without its usual noun: "Excluded:", "Eligibility:"."""
    word = core[0].lower()
    if not core.groupdict().get("neutral") and word not in forms.PARTICIPLES:
        return True
    if core.groupdict().get("neutral") and word not in ("eligibility", "eligible"):
        return False
    if not piece[core.end() :].lstrip().startswith((":", "：")):
        return False
    return (form.plain or word == "eligibility") and (bare or not form.marked)


_IN_TITLE = frozenset(("with", "without", "who", "that", "any", "no", "not"))


@dataclass(frozen=True, slots=True)
class _Form:
    """Features of the words up to "inclusion criteria"."""

    named: bool
    """A noun follows: "criteria", "requirements"."""
    plain: bool
    """Only known qualifiers precede it."""
    capital: bool
    marked: bool
    whole: bool
    """The block ends with the piece."""


def _noun_end(piece: str, at: int, form: _Form) -> int | None:
    """Return the end of a noun heading, or None if the words after it show that it is not a heading."""
    rest = piece[at:]
    close = forms.CLOSING.match(rest)
    if close is not None and (":" in close[0] or "：" in close[0]):
        return at + close.end() + _intro_length(rest[close.end() :], whole=form.whole)
    if close is not None and form.whole and close.end() == len(rest):
        if (form.plain and (form.named or not form.marked)) or (
            form.named and form.capital and not form.marked
        ):
            return len(piece)
        return None
    introduces = forms.INTRODUCES.match(rest)
    colon = _tail_colon(rest, form, introduces=introduces is not None)
    if colon is not None:
        return at + colon + 1 + _intro_length(rest[colon + 1 :], whole=form.whole)
    if not form.named:
        return None
    if form.plain and not form.marked and introduces:
        return at + introduces.end()
    if form.capital and form.plain and (introduces := forms.FOR_INTRODUCES.match(rest)):
        return at + introduces.end()
    dash = forms.DASH.match(rest)
    if dash and form.plain:
        return at + dash.end()
    if form.plain and form.capital and forms.RUNS_ON.match(rest):
        return at
    return len(piece) if _is_title_tail(rest, form) else None


def _tail_colon(rest: str, form: _Form, *, introduces: bool) -> int | None:
    """Return the offset of the colon of "inclusion criteria for Part A:", if only a tail precedes it."""
    colon = _colon(rest, 0)
    if colon < 0 or not (form.named or form.plain):
        return None
    tail = rest[:colon]
    if tail.count(" ") > 22 or "." in tail.rstrip(".").replace("e.g.", "").replace("i.e.", ""):
        return None
    if introduces:
        return colon
    if forms.TAIL.match(rest) is None:
        return None
    doubtful = forms.DOUBTFUL.search(tail) is not None and forms.MUST_BE_MET.search(tail) is None
    return None if doubtful else colon


def _is_title_tail(rest: str, form: _Form) -> bool:
    """Return whether a line without a colon is still a title: "Inclusion criteria for all participants"."""
    if not form.whole or form.marked or len(rest) >= 110 or not (form.plain or form.capital):
        return False
    if forms.TAIL.match(rest) is None or rest.rstrip().endswith((";", ",")):
        return False
    words = set(re.findall(r"[\w-]+", rest.lower()))
    return not words & (_WORDS.sentence_words - _IN_TITLE)


def _intro_length(rest: str, *, whole: bool) -> int:
    """Return the end of the words after a heading's colon that only introduce the list."""
    body = rest.strip()
    if not whole or not body or len(body) >= 140 or body[-1] not in ":).":
        return 0
    return len(rest) if forms.ONLY_INTRO.fullmatch(body) and not forms.CHOOSES.search(body) else 0


def _topic_heading(piece: str, skip: int, *, marked: bool) -> HeadingMatch | None:
    match = forms.TOPIC.match(piece, skip)
    if match is None:
        return None
    name = match["name"].lower()
    kind: CriterionType | None = "inclusion" if name == "required" else None
    bare = name in ("allowed", "required", "recommended", "permitted")
    if (bare and piece[match.end() :].strip()) or (marked and not bare):
        return None
    return HeadingMatch(0, match.end(), "topic", kind, resets=True)


def _sentence_heading(
    piece: str, skip: int, inside: CriterionType | None, *, whole: bool
) -> HeadingMatch | None:
    """Read "Patients will be excluded if any of:" and "You may be eligible for this study if you:"."""
    colon = _colon(piece, skip, 230)
    if colon < 0:
        if not (whole and forms.LEADS_IN_LINE.search(piece)):
            return None
        colon = len(piece) - 1
    sentence = " ".join(piece[skip:colon].split())
    rest = piece[colon + 1 :].strip()
    words = sentence.count(" ")
    if words > 34 or forms.ASIDE.match(sentence) or forms.STOPPED.search(sentence):
        return None
    leads = forms.SECTION_LEAD.search(sentence) is not None
    if forms.SENTENCE_EXCLUDES.search(sentence) and not forms.NOT_EXCLUDED.search(sentence):
        kind: CriterionType = "exclusion"
        fits = leads and words <= 22
    elif forms.CHOOSES.search(sentence):
        return None
    elif forms.SENTENCE_INCLUDES.search(sentence):
        kind, fits = "inclusion", leads
    elif inside != "exclusion" and _requires(sentence):
        kind, fits = "inclusion", False
    else:
        return None
    if rest and (not fits or (inside == "exclusion" and forms.TIMED.search(sentence))):
        return None
    detailed = not rest and forms.DETAIL.search(sentence) is not None
    end = colon + 1 if rest else len(piece)
    return HeadingMatch(0, end, "section", kind, sentence=True, detailed=detailed)


def _requires(sentence: str) -> bool:
    return forms.SENTENCE_REQUIRES.search(sentence) is not None and not forms.NOT_A_SECTION.search(sentence)


def _group_heading(piece: str, skip: int) -> HeadingMatch | None:
    found = read_group(piece, skip)
    return HeadingMatch(0, len(piece), "cohort", None, *found) if found else None


def _title_heading(piece: str) -> HeadingMatch | None:
    match = forms.DASHED_TITLE.match(piece) if piece.startswith("--") else None
    return HeadingMatch(0, match.end(), "topic") if match else None
