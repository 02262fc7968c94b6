"""Conditions: "≤ 5 × ULN [if liver metastases]", "[for women:] negative pregnancy test", "> 13 g/dL [(men)]".

A criterion's own subject ("patients with diabetes must …") is no condition: it is what the criterion says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eligex.clauses.spans import (
    ADJECTIVE,
    CHILDBEARING,
    GENERIC,
    POPULATION,
    SEX,
    Clause,
    Side,
    first_of,
    make_clause,
    region,
)

_IF = re.compile(
    r"""
    \b(?P<cue>(?:but\s|and\s|only\s)?if|provided\sthat|(?<=,\s)provided|as\slong\sas|so\slong\sas|on\scondition\sthat
      |in\s(?:the\s)?(?:case|event)s?\s(?:of|that)|in\s(?:the\s)?presence\sof|in\s(?:the\s)?absence\sof|in\sthe\ssetting\sof|when|where)\b[:,]?\s{1,2}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_IF = re.compile(
    r"\b(?:exclu\w{0,6}|ineligible|not\seligible|qualify|even|as|see|determine|know|what|unclear|assess|evaluate|"
    r"except|exception|decide|occur\w{0,3}|time|period|day|than|not|especially|ask\w{0,2}|check|verify|unsure|ascertain|i\.e\.?|ie\.?)\s*(?:,\s*)?(?:only\s)?$",
    re.IGNORECASE,
)
_PERMITTED_IF = re.compile(
    r"(?:\b(?:is|are|was|were|will|would|may|can|be|also|still|considered)\s){0,4}(?:eligible|included|enrol?led|recruited|selected|considered|accepted|participate|enter)"
    r"(?:\s(?:for|in|to|into)\s(?:the|this)?\s?(?:study|trial|enrol?lment|inclusion|participation|participate))?\s(?:only\s)?$",
    re.IGNORECASE,
)
_NO_CONTENT = re.compile(
    r"(?:applicable|necessary|needed|required|possible|available|any|so|yes|they\b|not\b(?!\s\w{4,}ed)|indicated|in\sthe\s(?:opinion|judge?ment)|deemed|feasible|"
    r"appropriate|clinically|medically|relevant|desired|one\b|the\sinvestigator|it\sis\b)",
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

_TELLING = re.compile(
    rf"\b(?:{SEX}|child|adult|adolescent|infant|control|smoker|healthy|pregnant|fertile|elderly|non-)",
    re.IGNORECASE,
)  # what makes "for …" more than "for all subjects"
_FOR = re.compile(
    rf"\b(?P<cue>for|in|among)\s(?P<people>{POPULATION})(?P<bearing>{CHILDBEARING})?", re.IGNORECASE
)
_STRIP = re.compile(
    r"(?:(?:subjects?|patients?|participants?|individuals?|persons?|people|those|volunteers?|cases)\s(?:with\s(?!out)|who\s(?:have|had|has|are|were)\s|having\s))"
    r"(?:an?\s|the\s)?",
    re.IGNORECASE,
)
_SEX_LABEL = re.compile(
    rf"(?:^|(?<=[\s(;,/\[]))(?P<sex>(?:for\s|in\s|if\s)?(?:adult\s)?{SEX})\s?(?::|=(?!\d)|[-–](?=\s)|,)?\s?(?:(?<=:)|(?<=:\s)|(?=(?:aged\s)?[(]?\s?[<>≤≥＜＞≧≦=]|at\sleast\s[0-9]|[0-9]))",
    re.IGNORECASE,
)  # men: > 13; women ≥ 12
_SEX_ASIDE = re.compile(
    rf"[(\[]\s?(?P<cue>(?:for|in|if)\s)?(?P<sex>(?:adult\s)?{SEX})\s?[)\]]", re.IGNORECASE
)  # > 450 ms (males)
_AFTER_LIMIT = re.compile(
    r"(?:ULN|LLN|normal(?:\srange)?|limits?)[\s,)]{1,3}(?P<cue>with(?=\s)|without(?=\s)|due\sto(?=\s))\s",
    re.IGNORECASE,
)  # ≤ 5 × ULN with liver metastases

_LIMIT = re.compile(
    r"(?:[0-9]|\b(?:ULN|LLN|normal|limits?|range|negative|positive|score)\b)[^;:.()\[\]]{0,25}$|[0-9][^;:]{0,12}[)\]]\s?$",
    re.IGNORECASE,
)
_NEXT_LIMIT = re.compile(
    r"""
    (?:,\s?|\s(?:or|and|but)\s?)
      (?=[<>≤≥＜＞≧≦=]|(?:up\sto|at\sleast|less\sthan|greater\sthan|more\sthan|no\smore|not\smore)\b
        |[0-9][0-9.,]*\s?(?:[x×%]|mg|g/|ml|cm|kg|m|u|µ|μ|ms|times|drinks|units))
    | ,?\s(?:(?:or|and|but)\s)?
      (?=(?:for|in|if)\s(?:wom[ae]n|m[ae]n|males?|females?|those|patients|subjects|participants)\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)  # "≥ 10 in women [and] ≥ 11 in men"
_REST = re.compile(
    r"(?:\b(?:will|would|is|are|should|must|may|to)\s(?:also\s)?(?:be\s)?(?:excluded|withdrawn|discontinued|ineligible)|not\s(?:be\s)?(?:eligible|included|enrol))",
    re.IGNORECASE,
)  # "if X, the subject will be excluded": X is what the criterion says
_DISCOURSE = re.compile(
    r"\b(?:however|note|nb|also|additionally|in\saddition|furthermore)\b[:,]?", re.IGNORECASE
)
_ASIDE_END = re.compile(r"[^,;()]{1,40},\s")
_MAIN_AFTER = re.compile(r",\s(?:then|but|however|the|otherwise)\b|\sthen\s", re.IGNORECASE)


def ifs(text: str, *, leading: bool) -> Iterator[Clause]:
    """Yield the conditions that a conjunction opens."""
    for match in _IF.finditer(text):
        low, high = region(text, match.end())
        if _unfit(text, match, low, leading=leading):
            continue
        cue = match.span("cue")
        opens = not _DISCOURSE.sub("", text[low : match.start()]).strip(" -*•,")
        comma = text.find(",", match.end(), high)
        if opens and low == 0:
            if comma >= 0 and not _REST.search(text, comma, high):
                yield make_clause("condition", text, cue, (match.end(), comma), "right")
        elif text[low : match.start()].rstrip().endswith(",") and (
            aside := _ASIDE_END.match(text, match.end(), high)
        ):
            yield make_clause("condition", text, cue, (match.end(), aside.end()), "right")
        else:
            ends = [first_of(pattern, text, match.end(), high) for pattern in (_NEXT_LIMIT, _MAIN_AFTER)]
            yield make_clause("condition", text, cue, (match.end(), min(ends)))


def _unfit(text: str, match: re.Match[str], low: int, *, leading: bool) -> bool:
    """Whether an "if" opens no condition: "if necessary", "excluded if …", "patients are eligible if …"."""
    if _NO_CONTENT.match(text, match.end()) or _NO_IF.search(text, max(0, match.start() - 24), match.start()):
        return True
    near, start = max(0, match.start() - 40), match.start()
    cue = re.sub(r"\s+", " ", match["cue"].lower())
    if (
        cue in _WHEN_ONLY
        and text[low : match.start()].strip()
        and not _LIMIT.search(text, near, match.start())
    ):
        return True
    permission = _PERMITTED_IF.search(text, near, start)
    if permission is None:
        return False
    return (leading and low == 0) or GENERIC.fullmatch(text, low, permission.start()) is not None


def populations(text: str, *, leading: bool) -> Iterator[Clause]:  # noqa: ARG001 (readers share a signature)
    """Yield the groups of people that a limit or a requirement is restricted to."""
    for match in _FOR.finditer(text):
        low, high = region(text, match.end())
        opens = not text[low : match.start()].strip(" -*•,")
        sex = re.fullmatch(rf"(?:{ADJECTIVE}\s){{0,2}}{SEX}", match["people"], re.IGNORECASE)
        after = text[match.end() : match.end() + 18]
        if re.match(rf"\s?(?:and|or|/)\s?{SEX}", after, re.IGNORECASE):
            continue
        side: Side = "left"
        if opens:
            end = first_of(_LABEL_END, text, match.end(), high)
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
                first_of(_NEXT_LIMIT, text, match.end(), high),
                first_of(_POPULATION_END, text, match.end(), high),
            )
        else:
            continue
        content = match.start("people")
        if stripped := _STRIP.match(text, content):
            content = stripped.end()
        if limit := _OWN_LIMIT.match(text, content, end):
            end, side = limit.end("who"), "right"
        if GENERIC.fullmatch(text, content, end) and not _TELLING.search(text, content, end):
            continue
        yield make_clause("condition", text, match.span("cue"), (content, end), side)


_OWN_LIMIT = re.compile(
    r"""
    (?P<who>[^<>≤≥=]{3,60}?
      (?<!level)(?<!levels)(?<!value)(?<!values)(?<!bilirubin)(?<!creatinine)(?<!AST)(?<!ALT)(?<!ALP)(?<!count))
    \s[<>≤≥=]{1,2}\s?[0-9.]{1,5}\s?(?:x|×|times|\*)?\s?(?:the\s)?\w?(?:ULN|LLN|upper)
    """,
    re.VERBOSE | re.IGNORECASE,
)  # "(for subjects with Gilbert's disease ≤ 3 × ULN)": the limit is not the group's


def limits(text: str, *, leading: bool) -> Iterator[Clause]:  # noqa: ARG001 (readers share a signature)
    """Yield what follows a limit relative to normal: "≤ 5 × ULN with liver metastases"."""
    for match in _AFTER_LIMIT.finditer(text):
        _, high = region(text, match.end())
        end = min(
            first_of(_NEXT_LIMIT, text, match.end(), high), first_of(_POPULATION_END, text, match.end(), high)
        )
        start = match.start("cue") if match["cue"].lower() == "without" else match.end("cue")
        yield make_clause("condition", text, match.span("cue"), (start, end))


_LABEL_END = re.compile(r"[,:]\s|\s(?:must|should|will)\s", re.IGNORECASE)
_POPULATION_END = re.compile(
    r"[,:]|\s[(\[]|\s(?:and|or)\s[\w-]+\s(?=[<>≤≥])|\s(?:must|should|will|is|are|was|were|may|at\s(?:screening|baseline|the\stime|study)|within|prior\sto|before|during|using|measured|based|for)\b",
    re.IGNORECASE,
)


def sexes(text: str, *, leading: bool) -> Iterator[Clause]:  # noqa: ARG001 (readers share a signature)
    """Yield sexes that label a limit: "men: > 13", "> 450 ms (males)"."""
    labels = [m for m in _SEX_LABEL.finditer(text) if m["sex"]]
    kinds = {_kind(m["sex"]) for m in labels}
    for match in labels:
        labelled = text[match.end("sex") : match.end()].strip().startswith((":", "="))
        measured = re.search(r"[A-Za-z]{2,}", text[: match.start()]) and re.search(
            r"[0-9]", text[match.end() : match.end() + 30]
        )
        if len(kinds) > 1 or (labelled and measured):
            start = match.start("sex")
            cue = re.match(r"(?:for|in|if)\s", match["sex"], re.IGNORECASE)
            content = start + (cue.end() if cue else 0)
            yield make_clause(
                "condition", text, (start, match.end("sex")), (content, match.end("sex")), "right"
            )
    for match in _SEX_ASIDE.finditer(text):
        if _LIMIT.search(text, max(0, match.start() - 30), match.start()):
            cue_span = match.span("cue") if match["cue"] else match.span("sex")
            yield make_clause("condition", text, cue_span, match.span("sex"))


def _kind(word: str) -> str:
    return "f" if re.search(r"wom|fem|girl", word, re.IGNORECASE) else "m"
