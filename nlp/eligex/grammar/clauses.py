"""Condition and exception clauses: "≤ 5 × ULN [if liver metastases]", "cancer [except cured carcinoma in situ]".

Decides where such a clause starts and ends, which of its words are the cue and which the content, and on
which side lies what it bears on.  What exactly it bears on (a limit, an entity) is for the binding.
A criterion's own subject ("patients with diabetes must …") is no condition: it is what the criterion says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

ClauseType = Literal["condition", "exception"]
Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition or exception at ``start``–``end``; ``content`` is what holds, without the cue.

    ``governs`` is the side of what it bears on: left in "bilirubin ≤ 3 if icteric", right in "if icteric,
    bilirubin ≤ 3".
    """

    type: ClauseType
    start: int
    end: int
    cue_start: int
    cue_end: int
    content_start: int
    content_end: int
    governs: Side = "left"

    @property
    def permits(self) -> bool:
        """Whether the cue follows its content: "inhaled steroids are allowed"."""
        return self.content_end <= self.cue_start


_SEX = r"(?:wom[ae]n|m[ae]n|females?|males?|boys?|girls?)"
_PEOPLE = (
    rf"(?:{_SEX}|subjects?|patients?|participants?|individuals?|persons?|people|those|volunteers?|adults?|"
    r"adolescents?|child(?:ren)?|infants?|controls?|smokers?|cases)"
)
_ADJECTIVE = (
    r"(?:all|any|the|those|healthy|adult|male|female|pa?ediatric|elderly|sexually\sactive|fertile|pregnant|"
    r"pre-?menopausal|post-?menopausal|diabetic|symptomatic|asymptomatic|treated|untreated|eligible|non-?\w{3,12})"
)
_POPULATION = rf"(?:{_ADJECTIVE}\s){{0,2}}{_PEOPLE}\b"
_CHILDBEARING = r"\s(?:of|with)\s(?:child[\s-]?bearing|reproductive)\s(?:potential|age|capacity)|\(?WOCBP\)?"

_EXCEPTION = re.compile(
    r"""
    \b(?:
        (?P<whole>(?:with\s)?(?:the\s)?(?:possible\s|sole\s|only\s)?exceptions?\s(?:of|for|being|is|are|include)|with\s(?:the\s)?exclusion\sof
          |except(?:ing|ed)?(?:\s(?:for|in|that|those|where|when|if))?|save\sfor|barring)
      | (?P<until>unless)
      | (?P<item>other\sthan|apart(?:\sfrom)?|aside\sfrom|besides|but\snot(?!\s(?:limited|restricted|necessarily|confined))|exclusive\sof|not\sincluding|excluding|outside\sof\sthose)
    )\b[:,]?\s{0,2}
    """,
    re.VERBOSE | re.IGNORECASE,
)  # with the exception of …, unless …, other than …
_PERMISSION = re.compile(
    r"""
    \s(?:(?:which|that)\s)?
    (?:
        (?:is|are|was|were|will\sbe|would\sbe|may\sbe|can\sbe|should\sbe|remain|being)?\s?(?:also\s|still\s|however\s|considered\s)?
        (?:allowed|permitted|acceptable|allowable|authori[sz]ed|exempt(?:ed)?|not\s(?:be\s)?(?:excluded|exclusionary)
          |not\s(?:an?\s)?(?:exclusion|reasons?\sfor\sexclusion)(?:\scriteri(?:on|a))?)
      | (?:is|are|will\sbe|would\sbe|may\sbe|remain)\s(?:also\s|still\s)?(?:eligible|enrolled|included)
      | (?:will|do(?:es)?|should|would|need|shall|must|may|can)\snot\s(?:be\s)?(?:excluded|exclude|exclusionary|apply|count|considered\sexclusionary)
      | (?:may|can|could)\s(?:still\s|also\s)?(?:participate|enter|enrol?l|be\sconsidered)
    )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)  # (inhaled steroids [are allowed])
_REFUSED = re.compile(r"\b(?:not|no|never|neither|nor|n['’]t|un|to\sbe|only)\s*$", re.IGNORECASE)
_GENERIC = re.compile(
    rf"(?:\W|\b(?:and|or|both|who|these|such|this|it|they|all|a|an|the|if|note|however|but|otherwise|must|to|be)\b|{_POPULATION})*",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    rf"(?:(?:however|note|nb|but|also|although)\b[:,]?\s*)?(?:{_POPULATION}\s(?:with|who\s(?:have|had|has|are|were)|having)\s)?(?:an?\s|the\s)?",
    re.IGNORECASE,
)

_IF = re.compile(
    r"""
    \b(?P<cue>(?:but\s|and\s|only\s)?if|provided(?:\sthat)?|as\slong\sas|so\slong\sas|on\scondition\sthat
      |in\s(?:the\s)?(?:case|event)s?\s(?:of|that)|in\s(?:the\s)?presence\sof|in\s(?:the\s)?absence\sof|in\sthe\ssetting\sof|when|where)\b[:,]?\s{1,2}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_IF = re.compile(
    r"\b(?:exclu\w{0,6}|in?eligible|eligible|included|enrol?led|accepted|qualify|even|as|see|determine|know|what|unclear|assess|evaluate|"
    r"except|exception|decide|participate|occur\w{0,3}|time|period|day|than|not|especially|ask\w{0,2}|check|verify|unsure)\s*(?:,\s*)?(?:only\s)?$",
    re.IGNORECASE,
)
_NO_CONTENT = re.compile(
    r"(?:applicable|necessary|needed|required|possible|available|any|so|not\b(?!\s\w{4,}ed)|indicated|in\sthe\s(?:opinion|judge?ment)|deemed|feasible|"
    r"appropriate|clinically|medically|relevant|desired|one\b|the\sinvestigator|it\b|they\b\s(?:meet|fulfil))",
    re.IGNORECASE,
)
_WHEN_ONLY = frozenset(
    {
        "when",
        "where",
        "in the absence of",
        "in absence of",
        "in the presence of",
        "in presence of",
        "in the setting of",
    }
)

_FOR = re.compile(
    rf"\b(?P<cue>for|in|among)\s(?P<people>{_POPULATION})(?P<bearing>{_CHILDBEARING})?", re.IGNORECASE
)
_STRIP = re.compile(
    r"(?:(?:subjects?|patients?|participants?|individuals?|persons?|people|those|volunteers?|cases)\s(?:with\s(?!out)|who\s(?:have|had|has|are|were)\s|having\s))"
    r"(?:an?\s|the\s)?",
    re.IGNORECASE,
)
_SEX_LABEL = re.compile(
    rf"(?:^|(?<=[\s(;,/\[]))(?P<sex>(?:for\s|in\s|if\s)?(?:adult\s)?{_SEX})\s?(?::|=(?!\d)|[-–](?=\s)|,)?\s?(?=(?:aged\s)?[(]?\s?[<>≤≥＜＞≧≦=]|at\sleast\s[0-9]|[0-9])",
    re.IGNORECASE,
)  # men: > 13; women ≥ 12
_SEX_ASIDE = re.compile(
    rf"[(\[]\s?(?P<cue>(?:for|in|if)\s)?(?P<sex>(?:adult\s)?{_SEX})\s?[)\]]", re.IGNORECASE
)  # > 450 ms (males)
_AFTER_LIMIT = re.compile(
    r"(?:ULN|LLN|normal(?:\srange)?|limits?)[\s,)]{1,3}(?P<cue>with(?=\s)|without(?=\s)|due\sto(?=\s))\s",
    re.IGNORECASE,
)  # ≤ 5 × ULN with liver metastases

_LIMIT = re.compile(
    r"(?:[0-9]|\b(?:ULN|LLN|normal|limits?|range|negative|positive|score)\b)[^;:.()\[\]]{0,25}$|[0-9][^;:]{0,12}[)\]]\s?$",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?](?=\s+[\"'(]?[A-Z•\-*]|\s*$)|;|\n\s*\n|\s[-–]\s(?=[A-Z])")
_NEXT_LIMIT = re.compile(
    r",?\s(?:or|and|but)?\s?(?=[<>≤≥＜＞≧≦=]|[0-9][0-9.,]*\s?(?:[x×%]|mg|g/|ml|cm|kg|m|u|µ|μ|ms|times)|(?:up\sto|at\sleast|less\sthan|greater\sthan|more\sthan|no\smore|not\smore)\b|"
    r"(?:for|in|if)\s(?:wom[ae]n|m[ae]n|males?|females?|those|patients|subjects|participants)\b)",
    re.IGNORECASE,
)
_MAIN = re.compile(
    r"\s(?:must|should|will|shall|has\sto|have\sto|needs?\sto|is|are|was|were|may|can)\s|,\s(?:then|but|however|the|patients|subjects|participants|they|he|she|a|and\s(?:must|should|will|is|are))\b|:\s",
    re.IGNORECASE,
)
_TRAILER = re.compile(
    r"""
    \s?,?\s(?:within|in\sthe\s(?:past|last|previous|prior|preceding)|in\s(?:past|last)|during\sthe\s(?:past|last|study|trial)|prior\sto|over\sthe\s(?:past|last)
      |(?:which|that)\s(?:would|could|may|might|will|can|in\sthe|is\slikely|requires?|interferes?)|as\s(?:judged|determined|assessed|deemed)
      |(?:is|are|was|were|will\sbe|must\sbe|should\sbe|may\sbe|must|will|should)\s|unless\b|but\s(?!not)|who\s|whose\s|i\.e\.)
    """,
    re.VERBOSE | re.IGNORECASE,
)  # "other than gliosis [within 5 years]": the window is not the exception's
_LIST = re.compile(r"[^,;]{1,70}(?:,[^,;]{1,60}){1,8},?\s(?:or|and|and/or)\s[^,;]{1,80}")
_CUE = re.compile(
    r"except|unless|other\sthan|apart|aside|besides|but\snot|exclu|not\sincl|barring|save\sfor|allow|permit|accept|eligible|enrol|includ|authori|exempt|particip|"
    r"\bif\b|provided|as\slong|so\slong|condition|\bcase|event|presence|absence|\bwhen\b|where|\bfor\s|\bin\s|among|\bm[ae]n\b|wom[ae]n|male|boys?|girls?|with|due|setting|outside|consider|enter|apply|count",
    re.IGNORECASE,
)


def find_clauses(text: str) -> list[Clause]:
    """Find the condition and exception clauses of one sentence or criterion.

    Examples
    --------
    >>> text = "AST ≤ 3 × ULN (≤ 5 × ULN if liver metastases)"
    >>> [(c.type, text[c.content_start : c.content_end]) for c in find_clauses(text)]
    [('condition', 'liver metastases')]
    """
    if not _CUE.search(text):
        return []
    found: list[Clause] = []
    for clause in (*_exceptions(text), *_permissions(text), *_ifs(text), *_populations(text), *_sexes(text)):
        if clause.content_end > clause.content_start and not any(_same(clause, other) for other in found):
            found.append(clause)
    return sorted(found, key=lambda c: (c.start, -c.end))


def _same(one: Clause, other: Clause) -> bool:
    return (
        one.type == other.type
        and one.content_start < other.content_end
        and other.content_start < one.content_end
    )


def _region(text: str, pos: int) -> tuple[int, int]:
    """Return the innermost bracket around ``pos``, or the sentence or part between semicolons."""
    low, depth = 0, 0
    for i in range(pos - 1, -1, -1):
        if text[i] in ")]":
            depth += 1
        elif text[i] in "([":
            depth -= 1
            if depth < 0:
                low = i + 1
                break
        elif depth == 0 and text[i] in ";.!?\n" and _END.match(text, i):
            low = i + 1
            break
    high, depth = len(text), 0
    for i in range(pos, len(text)):
        if text[i] in "([":
            depth += 1
        elif text[i] in ")]":
            depth -= 1
            if depth < 0:
                high = i
                break
        elif depth == 0 and text[i] in ";.!?\n" and _END.match(text, i):
            high = i
            break
    return low, high


def _first(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Return where ``pattern`` first matches outside brackets, else ``end``."""
    pos = start
    while (match := pattern.search(text, pos, end)) is not None:
        inner = text[start : match.start()]
        if inner.count("(") + inner.count("[") <= inner.count(")") + inner.count("]"):
            return match.start()
        pos = match.start() + 1
    return end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \t\r\n,:-–":
        start += 1
    while end > start and text[end - 1] in " \t\r\n,:.-–":
        end -= 1
    return start, end


def _clause(
    kind: ClauseType, text: str, cue: tuple[int, int], content: tuple[int, int], side: Side = "left"
) -> Clause:
    low, high = _trim(text, *content)
    cue_end = cue[0] + len(text[cue[0] : cue[1]].rstrip(" :,"))
    return Clause(kind, min(cue[0], low), max(cue_end, high), cue[0], cue_end, low, high, side)


def _exceptions(text: str) -> Iterator[Clause]:
    for match in _EXCEPTION.finditer(text):
        low, high = _region(text, match.end())
        cue = (match.start(), match.end())
        opens = not text[low : match.start()].strip(" -*•")
        if match["item"] and match["item"].lower() in ("excluding", "besides") and opens and low == 0:
            continue
        end = high
        if not match["until"]:
            end = _first(_TRAILER, text, match.end(), high)
        elif opens and text.find(",", match.end(), high) >= 0:
            end = text.find(",", match.end(), high)
        if (
            match["item"]
            and (comma := text.find(",", match.end(), end)) >= 0
            and not _LIST.fullmatch(text, match.end(), end)
        ):
            end = comma
        yield _clause(
            "exception", text, cue, (match.end(), end), "right" if opens and match["until"] else "left"
        )


def _permissions(text: str) -> Iterator[Clause]:
    for match in _PERMISSION.finditer(text):
        if _REFUSED.search(text, max(0, match.start() - 12), match.start() + 1):
            continue
        low, _ = _region(text, match.start())
        start = low + max(
            (
                m.end()
                for m in re.finditer(
                    r"\b(?:but|however|although|though|while|:)\s", text[low : match.start()]
                )
            ),
            default=0,
        )
        start, end = _trim(text, start, match.start())
        if subject := _SUBJECT.match(text, start, end):
            start = subject.end()
        if end - start < 3 or _GENERIC.fullmatch(text, start, end):
            continue
        yield _clause("exception", text, (match.start() + 1, match.end()), (start, end))


def _ifs(text: str) -> Iterator[Clause]:
    for match in _IF.finditer(text):
        if _NO_IF.search(text, max(0, match.start() - 24), match.start()) or _NO_CONTENT.match(
            text, match.end()
        ):
            continue
        low, high = _region(text, match.end())
        opens = not text[low : match.start()].strip(" -*•,")
        cue_word = re.sub(r"\s+", " ", match["cue"].lower())
        if (
            cue_word in _WHEN_ONLY
            and not opens
            and not _LIMIT.search(text, max(0, match.start() - 40), match.start())
        ):
            continue
        if opens and low == 0:
            comma = text.find(",", match.end(), high)
            end = comma if comma >= 0 else _first(_MAIN, text, match.end(), high)
            if end >= high:
                continue
            yield _clause("condition", text, match.span("cue"), (match.end(), end), "right")
        else:
            end = min(
                _first(_NEXT_LIMIT, text, match.end(), high), _first(_MAIN_AFTER, text, match.end(), high)
            )
            yield _clause("condition", text, match.span("cue"), (match.end(), end))


_MAIN_AFTER = re.compile(r",\s(?:then|but|however|the|otherwise)\b|\sthen\s", re.IGNORECASE)


def _populations(text: str) -> Iterator[Clause]:
    for match in _FOR.finditer(text):
        low, high = _region(text, match.end())
        opens = not text[low : match.start()].strip(" -*•,")
        sex = re.fullmatch(rf"(?:{_ADJECTIVE}\s){{0,2}}{_SEX}", match["people"], re.IGNORECASE)
        after = text[match.end() : match.end() + 18]
        if re.match(rf"\s?(?:and|or|/)\s?{_SEX}", after, re.IGNORECASE):
            continue
        side: Side = "left"
        if opens:
            end = _first(_LABEL_END, text, match.end(), high)
            if re.search(r"\w", text[end:high]):
                side = "right"
            elif low == 0:
                continue
        elif (
            match["bearing"]
            or (sex and match["cue"].lower() != "among")
            or _LIMIT.search(text, max(0, match.start() - 40), match.start())
        ):
            end = min(
                _first(_NEXT_LIMIT, text, match.end(), high), _first(_POPULATION_END, text, match.end(), high)
            )
        else:
            continue
        content = match.start("people")
        if stripped := _STRIP.match(text, content):
            content = stripped.end()
        yield _clause("condition", text, match.span("cue"), (content, end), side)
    for match in _AFTER_LIMIT.finditer(text):
        _, high = _region(text, match.end())
        end = min(
            _first(_NEXT_LIMIT, text, match.end(), high), _first(_POPULATION_END, text, match.end(), high)
        )
        start = match.start("cue") if match["cue"].lower() == "without" else match.end("cue")
        yield _clause("condition", text, match.span("cue"), (start, end))


_LABEL_END = re.compile(r"[,:]\s|\s(?:must|should|will|a\s|an\s|the\s)", re.IGNORECASE)
_POPULATION_END = re.compile(
    r"[,:]|\s(?:must|should|will|is|are|was|were|may|at\s(?:screening|baseline|the\stime|study)|within|prior\sto|before|during|using|measured|based)\b",
    re.IGNORECASE,
)


def _sexes(text: str) -> Iterator[Clause]:
    labels = list(_SEX_LABEL.finditer(text))
    kinds = {_kind(m["sex"]) for m in labels}
    for match in labels:
        labelled = text[match.end("sex") : match.end()].strip().startswith((":", "="))
        measured = re.search(r"[A-Za-z]{2,}", text[: match.start()]) is not None
        if len(kinds) > 1 or (labelled and measured):
            start = match.start("sex")
            cue = re.match(r"(?:for|in|if)\s", match["sex"], re.IGNORECASE)
            content = start + (cue.end() if cue else 0)
            yield _clause("condition", text, (start, match.end("sex")), (content, match.end("sex")), "right")
    for match in _SEX_ASIDE.finditer(text):
        if _LIMIT.search(text, max(0, match.start() - 30), match.start()):
            cue_span = match.span("cue") if match["cue"] else match.span("sex")
            yield _clause("condition", text, cue_span, match.span("sex"))


def _kind(word: str) -> str:
    return "f" if re.search(r"wom|fem|girl", word, re.IGNORECASE) else "m"
