"""Section headings: what opens inclusion, exclusion, a topic or a group of patients.

``read_heading`` looks at the beginning of one block and says how much of it is a heading and of which kind;
``find_inline`` finds headings in the middle of a run-on paragraph.  A line that introduces a list without
naming a section ("One of the following:", "Performance status:") is no heading here: it stays a criterion,
the parent of what follows, because a child is read in its parent's light.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from eligex.lexicon.layout import heading_words
from eligex.schema import CriterionType
from eligex.text.chars import trim
from eligex.text.groups import any_of, group_around, read_group

Rank = Literal["section", "topic", "cohort"]
LONGEST = 260
"""A heading is no longer than this."""


@dataclass(frozen=True, slots=True)
class HeadingMatch:
    """A heading ``text[start:end]``; ``type`` is null for topics and groups.

    ``cohort`` is the group it names, ``generic`` whether that group is everybody ("patients").
    ``sentence`` tells "Patients are excluded if:" from "Exclusion criteria:".  ``resets`` says that a null type means inclusion from here on, ``detailed`` that the heading itself says
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
_SUBJECT = r"(?:patients?|subjects?|participants?|individuals?|volunteers?|persons?|people|candidates?|women|men|children|infants|adults|you|your\ child|those|cases|controls|donors|recipients|caregivers)"

_STEMS = (
    "clusi", "clude", "ligib", "criteri", "requirement", "characteristics", "therapy", "medication", "treatment",
    "behavior", "nrol", "particip", "following", "must", "should not", "qualify", "llowed", "ermitted",
    "ecommended", "equired", "may not", "cannot", "need to", "crit",
)  # fmt: skip
_CORE_STEMS = ("clusi", "clude", "ligib", "entry", "selection", "nrol", "recruit", "liminat")
_OPENS = re.compile(
    r"\W{0,6}(?:(?:the|key|main|major|general)\s+)?(?:non[- ]?)?(?:in|ex)clusi", re.IGNORECASE
)

_DECORATION = re.compile(r"(?:\*\*|__|\#{1,6}(?=\s)|--(?=\w)|<b>|\[|【|=+|\"|“|_)\s*")
_CLOSING = re.compile(
    r"\s{0,4}(?:\*\*|__|--|</b>|\]|】|=+|\"|”|_)?\s{0,4}(?:[:：;]|\.(?=\s*$))?\s{0,4}(?:\*\*|__|--|</b>|\]|】|\"|”|_)?:?"
)

# "inclusion criteria", "Exclusions", "non-inclusion criteria", "Inclusion/Exclusion Criteria", "Eligibility"
_CORE = re.compile(
    r"""
    \b (?:
        (?P<both> (?:inclusion|exclusion|eligibility) \s? (?:/|&|and|or) \s? (?:non[- ]?)?(?:inclusion|exclusion) )
      | (?P<exc> non[-\s]?inclusion | exclusion(?:s|ary)? | ineligib(?:ility|le) | elimination | excluded | not\ eligible | non[- ]?eligib(?:ility|le) )
      | (?P<inc> inclusion(?:s)? | included )
      | (?P<neutral> eligibility | eligible | entry | selection | enroll?ment | recruitment )
    ) \b
    (?: \s+ (?P<noun> criteri(?:a|on|as|um)\b | critera\b | crtieria\b | creteria\b | criterias\b | requirements?\b | conditions\b | characteristics\b) )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
# "Criteria for exclusion", "Reasons for exclusion", "Criteria:"
_REVERSED = re.compile(
    r"(?P<noun>criteri(?:a|on)|reasons?|conditions)(?:\s+(?:for|of)\s+(?:(?:study|patient|subject|participant|trial)\s+)?(?:(?P<exc>exclusion|non[- ]?inclusion)|(?P<inc>inclusion|eligibility|entry|enroll?ment|participation)))\b",
    re.IGNORECASE,
)
_BARE_CRITERIA = re.compile(r"criteria\s{0,3}(?:[:：]|$)", re.IGNORECASE)
# what may follow "inclusion criteria": "for Part A", "(all must be met)", "- Step 1", "are as follows"
_TAIL = re.compile(
    r"(?:\s*$|\s*[(\[/,–—-]|\s+(?:for|in|at|of|to|prior|during|before|related|specific|only|part|cohort|phase|group|arm|step|stage|study|"
    r"common|regarding|[IVX]+\b|\d|by|from|following|on|all\b|applicable|that|considered|after|as\b|based|patients?|subjects?|participants?|healthy|controls?|and\b|[A-Z]\b))",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(
    r"\s+(?:(?:will|shall|should|would|may|can)\s+)?(?:includes?|included|including|are|is|were|be|consists?\s+of|comprises?)\b(?:\s+(?:but\s+(?:are\s+)?not\s+limited\s+to|as\s+follows?|the\s+following|all\s+of\s+the\s+following|any\s+of\s+the\s+following))*",
    re.IGNORECASE,
)
_FOR_INTRODUCES = re.compile(rf"(?:\s+(?:for|in)\s+[^.;:()]{{3,60}}?)?{_INTRODUCES.pattern}", re.IGNORECASE)
# the rest of a line that only introduces: "includes presence of all the following:"
_ONLY_INTRO = re.compile(
    r"[(\[]?(?:[\w/'’-]+\s+){0,14}?(?:following|below|criteria|apply|met|true|fulfilled|satisfied|present|conditions|requirements|if|they|who|any of|with)\b[^:.;]{0,40}[:.)\]]{0,3}$",
    re.IGNORECASE,
)

_SENTENCE_EXCLUDES = re.compile(
    rf"""
      \b(?:is|are|be|was|were|being)\s+(?:also\s+|automatically\s+|hereby\s+)?(?:excluded|ineligible|exclusionary|inadmissible|(?:not\s+(?:be\s+)?(?:eligible|included|enrolled|allowed|permitted|suitable|qualified|able)))
    | \b(?:will|may|can|is|are|should|must|shall|would|do|does)\s*n[o']t\s+(?:be\s+)?(?:considered\s+)?(?:eligible|included|enrolled|enroll|recruited|allowed|permitted|entered|enter|participate|take\s+part|qualify|accepted|able\s+to\s+participate|randomi[sz]ed|join)
    | \bcan\s?not\s+(?:be\s+(?:included|enrolled|eligible|in\s+th)|participate|take\s+part|enter|join)
    | \b(?:may|must|should|shall|can|do|does)\s?not\s+(?:have|meet|fulfil|be\s+any|present|show|exhibit|satisfy)\b
    | \b(?:will|would|shall|may|to)\s+exclude\b | \bexcludes?\s+(?:{_SUBJECT}|a|any|from)\b | \bdisqualif | \bpreclude
    | \bexclusions?\b | ^excluded\b | ^not\s+eligible | ^ineligible | \bnone\s+of\s+the\s+following | \bfor\s+non-?inclusion\b
    | \bare\s+reasons\s+(?:for|to)\s+exclu | \bexcluded\s+(?:if|from|when|for|due|are|patients|subjects)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SENTENCE_INCLUDES = re.compile(
    rf"""
      \b(?:is|are|be)\s+(?:considered\s+|potentially\s+)?(?:eligible|included|enrolled|recruited|randomi[sz]ed|invited|entered|admitted|qualified|accepted)\b
    | \beligible\s+(?:{_SUBJECT}|for|to|if|when)\b | ^eligible\b | ^included\b
    | \b(?:to|can|may|will)\s+(?:be\s+)?(?:eligible|included|enrol\w*|participate|take\s+part|enter|qualify|join|recruit\w*)\b
    | \bfor\s+(?:study\s+|trial\s+)?(?:inclusion|eligibility|entry|enroll?ment|participation)\b | \binclusion\b | \beligibility\b
    | \b(?:include|enroll?)\s+{_SUBJECT}
    """,
    re.VERBOSE | re.IGNORECASE,
)
# weak: opens inclusion only where no other section is open
_SENTENCE_REQUIRES = re.compile(
    rf"""
      ^(?:(?:all|the|eligible|both|study|male|female|adult|each)\s+){{0,3}}{_SUBJECT}\s+(?:(?:\w+\s+){{0,4}}?)(?:must|should|need\s+to|have\s+to|with|who|meeting|fulfilling)\b
    | \bmust\s+(?:meet|satisfy|fulfil|have|be|comply)\b | \b(?:meet|meets|meeting|satisf\w+|fulfil\w*)\s+(?:all\s+)?(?:of\s+)?the\s+following\b
    | ^(?:all|each)\s+(?:of\s+)?(?:the\s+)?(?:following|criteria)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CHOOSES = re.compile(
    r"\b(?:one|two|three|1|2|3|either|any)\b(?:\s+or\s+more|\s+\(\w+\))?\s+(?:of\b|or\b)|\bat\s+least\b|\beither\b",
    re.IGNORECASE,
)
_NOT_A_SECTION = re.compile(
    r"\b(?:if|unless|except|including|such as|e\.g|defined|history of|evidence of|disease|function|grade|within)\b",
    re.IGNORECASE,
)

_TOPIC = re.compile(rf"(?:--)?(?P<name>{any_of(_WORDS.topics)})(?:--|\s{{0,2}}[:：])", re.IGNORECASE)
_REGISTRY = re.compile(rf"(?:{any_of(_WORDS.registry_fields)})\s{{0,3}}:", re.IGNORECASE)
_NOTE = re.compile(
    r"\W?the\s+above\s+information\s+is\s+not\s+intended\s+to\s+contain\s+all\s+considerations", re.IGNORECASE
)
_DASHED_TITLE = re.compile(r"--\s?[\w /(),-]{2,70}?--(?=\s|$)")

_CHAPTER = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}\.?\s{1,4}(?=[A-Za-z])")
_PARTICIPLES = frozenset(("included", "excluded", "eligible", "ineligible", "not eligible"))
_DOUBTFUL = re.compile(r"\b(?:may|not|met|applies|apply)\b", re.IGNORECASE)
_MUST_BE_MET = re.compile(
    r"not limited|(?:must|are|be|have been)\s+(?:be\s+)?(?:all\s+)?met|must apply", re.IGNORECASE
)
_DASH = re.compile(r"\s{1,3}[-–—]{1,2}\s")
# "Inclusion Criteria 1. Age …", "INCLUSION CRITERIA Patients with …" on one line, but not "… Criteria Must Be …"
_RUNS_ON = re.compile(
    r"\s+(?:\(?1[.)]|\(?[aA][.)]\s|[-–•*·]\s|(?!(?:May|Must|Will|Apply|Are|Is)\b)[A-Z][a-z])"
)

# headings in the middle of a paragraph; the word before decides whether it is one
_INLINE = re.compile(
    r"""
    (?P<before>^|[.;:)\]}!?•\w%,"”*]) [\s*_]{1,12} (?:[-–•*]\s{1,3})? \W{0,2}
    (?P<heading>
      (?:(?:Key|Main|Major|Primary|General|Additional|Other|Patient|Subject|Participant|Donor|Recipient|Study|Specific|KEY|MAIN|Control|The|THE)\s+){0,3}
      (?:
        (?:Non[- ]?[Ii]nclusion|Inclusion|Exclusion|INCLUSION|EXCLUSION|NON[- ]INCLUSION|inclusion|exclusion|Inclusive|Exclusive) \s+ (?:Criteri(?:a|on)|criteri(?:a|on)|CRITERI(?:A|ON))
        (?: \s+ (?:for|in|of|are|include|includes|will\s+be|will\s+include|were|is)\b [^:.;\n]{0,60} | \s?\([^()\n]{1,60}\) )? (?:\s?[:：]-? | \s[-–—](?=\s) | (?=\s+(?:1[.)]|\(1\)|[-–•*]\s)) )
      | (?:Exclusions?|Inclusions?|EXCLUSIONS?|INCLUSIONS?|Excluded|Included) \s? [:：]
      )
    )
    """,
    re.VERBOSE,
)
_INLINE_HINT = re.compile(r"[nxNX][Cc][Ll][Uu]")
_INLINE_TOPIC = re.compile(
    r"(?<=\s)(?:DISEASE CHARACTERISTICS|PATIENT CHARACTERISTICS|PRIOR CONCURRENT THERAPY|PRIOR/CONCURRENT THERAPY):"
)
_LEADS_IN = re.compile(
    r"(?:\b(?:the|see|any|of|to|these|following|per|meet|meets|under|all|other|in|above|and|or|for|study|with|no|list|general|as)|[(,/])$",
    re.IGNORECASE,
)


def read_heading(
    text: str, start: int, end: int, *, marked: bool, inside: CriterionType | None
) -> HeadingMatch | None:
    """Return the heading that ``text[start:end]`` begins with, or None.

    Parameters
    ----------
    text, start, end
        A block without its marker and without blanks at its ends.
    marked
        Whether a bullet or number stands before it: a marked sentence is a criterion, only the plain forms
        ("- Inclusion Criteria:") are headings then.
    inside
        The type of the section it stands in, if one is open.
    """
    stop = min(end, start + LONGEST)
    piece = text[start:stop]
    decoration = None if piece[:1].isalnum() else _DECORATION.match(piece)
    skip = decoration.end() if decoration else 0
    if _may_head(piece):
        found = (
            _noun_heading(piece, skip, whole=stop == end, marked=marked)
            or (None if marked else _topic_heading(piece, skip))
            or (None if marked else _sentence_heading(piece, skip, inside, whole=stop == end))
        )
        if found is not None:
            return _placed(text, start, end, found)
    if marked:
        return None
    found = _title_heading(piece) or (_group_heading(piece, skip) if end - start <= 160 else None)
    return _placed(text, start, end, found) if found else None


def _may_head(piece: str) -> bool:
    """Return whether a piece can begin with a typed heading at all: a cheap test before the expensive ones."""
    if len(piece) > 130 and ":" not in piece and "：" not in piece and _OPENS.match(piece) is None:
        return False
    lower = piece.lower()
    return any(stem in lower for stem in _STEMS)


def registry_text(text: str, start: int, end: int) -> str | None:
    """Return why a block is the registry's own text and no criterion, or None.

    That is a line that repeats a field ("Ages Eligible for Study: 18 Years and older"), or the standing
    note that the list is not complete.
    """
    if end - start < 120 and _REGISTRY.match(text, start, end):
        return "registry field"
    if text[start] in "Tt(" and end - start < 240 and _NOTE.match(text, start, end):
        return "registry note"
    return None


def find_inline(text: str, start: int, end: int) -> Iterator[HeadingMatch]:
    """Yield headings in the middle of ``text[start:end]``."""
    if not _INLINE_HINT.search(text, start, end):
        if text.find("CHARACTERISTICS:", start, end) < 0 and text.find("THERAPY:", start, end) < 0:
            return
    for match in _INLINE_TOPIC.finditer(text, start + 1, end):
        yield HeadingMatch(match.start(), match.end(), "topic", resets=True)
    for match in _INLINE.finditer(text, start, end):
        first, last = match.span("heading")
        if first == start or _LEADS_IN.search(text, max(start, first - 14), skip_back(text, start, first)):
            continue
        word = match["heading"]
        strong = match["before"] in ".;:)]!?•" or word[0].isupper()
        if not strong or (word[0].islower() and match["before"] not in ".;!?•"):
            continue
        core = word.lower()
        kind: CriterionType = "exclusion" if "exclu" in core or "non" in core[:20] else "inclusion"
        yield HeadingMatch(first, last, "section", kind)


def skip_back(text: str, start: int, at: int) -> int:
    """Return the offset behind the last visible character before ``at``."""
    while at > start and (text[at - 1].isspace() or text[at - 1] in "*_"):
        at -= 1
    return at


def _placed(text: str, start: int, end: int, found: HeadingMatch) -> HeadingMatch:
    first, last = trim(text, start + found.start, min(end, start + found.end))
    return replace(found, start=first, end=last)


def _colon(piece: str, at: int, limit: int = 140) -> int:
    """Return the offset of the next colon that is no ratio, or -1."""
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
    numbered = _CHAPTER.match(piece, skip)
    skip = numbered.end() if numbered else skip
    lower = piece[skip : skip + 110].lower()
    core: re.Match[str] | None = None
    if any(stem in lower for stem in _CORE_STEMS):
        core = _REVERSED.match(piece, skip) or _CORE.search(piece, skip, skip + 110)
    if core is None:
        bare = _BARE_CRITERIA.match(piece, skip)
        return HeadingMatch(0, bare.end(), "section", resets=True) if bare and not marked else None
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
    weak = bool(groups.get("neutral")) or core[0].lower() in _PARTICIPLES
    if weak and not form.named:
        if groups.get("neutral") and core[0].lower() not in ("eligibility", "eligible"):
            return None
        colon = piece[core.end() :].lstrip().startswith((":", "："))
        if not colon or not (form.plain or core[0].lower() == "eligibility") or (marked and words):
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


@dataclass(frozen=True, slots=True)
class _Form:
    """What the words up to "inclusion criteria" look like."""

    named: bool
    """A noun follows: "criteria", "requirements"."""
    plain: bool
    """Nothing but usual qualifiers stands before."""
    capital: bool
    marked: bool
    whole: bool
    """The block ends with the piece."""


def _noun_end(piece: str, at: int, form: _Form) -> int | None:
    """Return where a noun heading ends, or None if the words behind show that it is none."""
    rest = piece[at:]
    close = _CLOSING.match(rest)
    if close is not None and (":" in close[0] or "：" in close[0]):
        return at + close.end() + _intro_length(rest[close.end() :], whole=form.whole)
    if close is not None and form.whole and close.end() == len(rest):
        if (form.plain and (form.named or not form.marked)) or (
            form.named and form.capital and not form.marked
        ):
            return len(piece)
        return None
    introduces = _INTRODUCES.match(rest)
    colon = _tail_colon(rest, form, introduces=introduces is not None)
    if colon is not None:
        return at + colon + 1 + _intro_length(rest[colon + 1 :], whole=form.whole)
    if not form.named:
        return None
    if form.plain and not form.marked and introduces:
        return at + introduces.end()
    if form.capital and form.plain and (introduces := _FOR_INTRODUCES.match(rest)):
        return at + introduces.end()
    dash = _DASH.match(rest)
    if dash and form.plain:
        return at + dash.end()
    if form.plain and form.capital and _RUNS_ON.match(rest):
        return at
    return len(piece) if _is_title_tail(rest, form) else None


def _tail_colon(rest: str, form: _Form, *, introduces: bool) -> int | None:
    """Return where the colon of "inclusion criteria for Part A:" stands, if only a tail lies before it."""
    colon = _colon(rest, 0)
    if colon < 0 or not (form.named or form.plain):
        return None
    tail = rest[:colon]
    if tail.count(" ") > 22 or "." in tail.rstrip(".").replace("e.g.", "").replace("i.e.", ""):
        return None
    if introduces:
        return colon
    if _TAIL.match(rest) is None:
        return None
    doubtful = _DOUBTFUL.search(tail) is not None and _MUST_BE_MET.search(tail) is None
    return None if doubtful else colon


def _is_title_tail(rest: str, form: _Form) -> bool:
    """Return whether a line without a colon is still a title: "Inclusion criteria for all participants"."""
    if not form.whole or form.marked or len(rest) >= 70 or not (form.plain or form.capital):
        return False
    if _TAIL.match(rest) is None or rest.rstrip().endswith((";", ",")):
        return False
    words = set(re.findall(r"[\w-]+", rest.lower()))
    return not words & (_WORDS.sentence_words - {"with", "who", "that", "any", "no"})


def _intro_length(rest: str, *, whole: bool) -> int:
    """Return how much of what follows a heading's colon only introduces the list."""
    body = rest.strip()
    if not whole or not body or len(body) >= 140 or body[-1] not in ":).":
        return 0
    return len(rest) if _ONLY_INTRO.fullmatch(body) and not _CHOOSES.search(body) else 0


def _topic_heading(piece: str, skip: int) -> HeadingMatch | None:
    match = _TOPIC.match(piece, skip)
    if match is None:
        return None
    name = match["name"].lower()
    kind: CriterionType | None = "inclusion" if name in ("required",) else None
    if name in ("allowed", "required", "recommended", "permitted") and piece[match.end() :].strip():
        return None
    return HeadingMatch(0, match.end(), "topic", kind, resets=True)


def _sentence_heading(
    piece: str, skip: int, inside: CriterionType | None, *, whole: bool
) -> HeadingMatch | None:
    """Read "Patients will be excluded if any of:" and "You may be eligible for this study if you:"."""
    colon = _colon(piece, skip, 230)
    if colon < 0:
        if not (
            whole
            and re.search(
                r"\b(?:if|following|following\s+criteria|they|who|you|any of|all of|when)\W*$", piece
            )
        ):
            return None
        colon = len(piece) - 1
    sentence = " ".join(piece[skip:colon].split())
    rest = piece[colon + 1 :].strip()
    if sentence.count(" ") > 34 or _ASIDE.match(sentence) or re.search(r"[.;]\s+[A-Z]", sentence):
        return None
    end = colon + 1 if rest else len(piece)
    if _SENTENCE_EXCLUDES.search(sentence) and not re.search(
        r"\bnot\s+(?:be\s+)?(?:excluded|exclude|an\s+exclusion)", sentence
    ):
        if rest and not (sentence.count(" ") <= 22 and _SECTION_LEAD.search(sentence)):
            return None
        return HeadingMatch(
            0, end, "section", "exclusion", sentence=True, detailed=_is_detailed(sentence) and not rest
        )
    if _CHOOSES.search(sentence):
        return None
    strong = _SENTENCE_INCLUDES.search(sentence) is not None
    if strong or (
        _SENTENCE_REQUIRES.search(sentence) and inside != "exclusion" and not _NOT_A_SECTION.search(sentence)
    ):
        if rest and not (strong and _SECTION_LEAD.search(sentence)):
            return None
        return HeadingMatch(
            0, end, "section", "inclusion", sentence=True, detailed=_is_detailed(sentence) and not rest
        )
    return None


def _is_detailed(sentence: str) -> bool:
    return _DETAIL.search(sentence) is not None


_ASIDE = re.compile(r"(?:notes?|however|exceptions?|n\.?b)\b", re.IGNORECASE)
_DETAIL = re.compile(
    r"\d|\b(?:within|history|receiv\w+|treated|taking|evidence|diagnosis|diagnosed|disease|day|dose|(?:of|to|before|after)\s+(?:study\s+)?entry)\b",
    re.IGNORECASE,
)
_SECTION_LEAD = re.compile(
    r"\b(?:if|following|when|criteria|who|reasons?|for|are|include|includes|those|they|with|excluded|eligible|must)\W*$",
    re.IGNORECASE,
)


def _group_heading(piece: str, skip: int) -> HeadingMatch | None:
    found = read_group(piece, skip)
    return HeadingMatch(0, len(piece), "cohort", None, *found) if found else None


def _title_heading(piece: str) -> HeadingMatch | None:
    match = _DASHED_TITLE.match(piece) if piece.startswith("--") else None
    return HeadingMatch(0, match.end(), "topic") if match else None
