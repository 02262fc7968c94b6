"""Exceptions: "cancer [except cured carcinoma in situ]", "([inhaled steroids are allowed])"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eligex.clauses.spans import GENERIC, POPULATION, Clause, first_of, make_clause, region, trim

_EXCEPTION = re.compile(
    r"""
    \b(?:
        (?P<whole>(?:with\s)?(?:the\s)?(?:possible\s|sole\s|only\s)?exceptions?
            (?:\s(?:of|for|being|is|are|include[sd]?|to\s(?:this|the\sabove)(?:\s(?:is|are))?)\b|\s?(?=:))|with\s(?:the\s)?exclusion\sof
          |except(?:ing|ed)?(?:\s(?:for|in|that|those|where|when|if))?|save\sfor|barring)
      | (?P<until>unless)
      | (?P<item>other\sthan|apart\sfrom|aside\sfrom|besides|(?<=[(,])\s?but\snot
            (?!\s(?:limited|restricted|necessarily|confined|required|mandatory))
          |does\snot\s(?:include|refer\sto)|do\snot\s(?:include|refer\sto)|exclusive\sof|not\sincluding|excluding|outside\sof\sthose)
    )\b[:,]?\s{0,2}
    """,
    re.VERBOSE | re.IGNORECASE,
)  # with the exception of …, unless …, other than …
_BE = (
    r"(?:is|are|was|were|will\sbe|would\sbe|may\sbe|can\sbe|should\sbe|remain|being)\s"
    r"(?:also\s|still\s|however\s|considered\s)?"
)
_PERMISSION = re.compile(
    rf"""
    \s(?:(?:which|that)\s)?
    (?:
        {_BE}(?:allowed|permitted|acceptable|allowable|authori[sz]ed|exempt(?:ed)?|okay|ok|fine
          |not\s(?:be\s)?(?:excluded|exclusionary)
          |not\s(?:an?\s)?(?:exclusion|reasons?\sfor\sexclusion)(?:\scriteri(?:on|a))?)
      | (?:allowed|permitted|acceptable|authori[sz]ed)(?=\s?[)\]])
      | (?P<taken>{_BE}(?:eligible|enrolled|included))(?!\s(?:for|in)\s(?:an?|another)\b)
      | (?:will|do(?:es)?|should|would|need|shall|must|may|can)\snot\s(?:be\s)?
          (?:excluded|exclude|exclusionary|apply|count|considered\sexclusionary)
      | (?P<taking>(?:may|can|could)\s(?:still\s|also\s)?(?:participate|enter|enrol?l|be\sconsidered))
    )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)  # (inhaled steroids [are allowed])
_REFUSED = re.compile(r"\b(?:not|no|never|neither|nor|n['’]t|un|to\sbe|only)\s*$", re.IGNORECASE)
_SUBJECT = re.compile(
    rf"(?:(?:however|note|nb|but|also|although)\b[:,]?\s*)?(?:{POPULATION}\s(?:with|who\s(?:have|had|has|are|were)|having)\s)?(?:an?\s|the\s)?",
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
_CONSEQUENCE = re.compile(r",?\s(?:then|in\swhich\scase|in\sthis\scase)\b", re.IGNORECASE)
_LIST = re.compile(r"[^,;]{1,70}(?:,[^,;]{1,60}){1,8},?\s(?:or|and|and/or)\s[^,;]{1,80}")


def exceptions(text: str, *, leading: bool) -> Iterator[Clause]:  # noqa: ARG001 (readers share a signature)
    """Yield the exceptions that a cue opens: "except …", "unless …", "other than …"."""
    for match in _EXCEPTION.finditer(text):
        low, high = region(text, match.end())
        cue = (match.start(), match.end())
        opens = not text[low : match.start()].strip(" -*•")
        if match["item"] and match["item"].lower() in ("excluding", "besides") and opens and low == 0:
            continue
        end = high
        if not match["until"]:
            end = first_of(_TRAILER, text, match.end(), high)
        elif opens and text.find(",", match.end(), high) >= 0:
            end = text.find(",", match.end(), high)
        else:
            end = first_of(_CONSEQUENCE, text, match.end(), high)
        if (
            match["item"]
            and (comma := text.find(",", match.end(), end)) >= 0
            and not _LIST.fullmatch(text, match.end(), end)
        ):
            end = comma
        yield make_clause(
            "exception", text, cue, (match.end(), end), "right" if opens and match["until"] else "left"
        )


def permissions(text: str, *, leading: bool) -> Iterator[Clause]:
    """Yield the exceptions that a permission closes: "inhaled steroids are allowed"."""
    for match in _PERMISSION.finditer(text):
        if _REFUSED.search(text, max(0, match.start() - 12), match.start() + 1):
            continue
        low, _ = region(text, match.start())
        if leading and low == 0 and (match["taken"] or match["taking"]):
            continue  # "patients with diabetes are eligible": what the criterion itself says
        start = low + max(
            (
                m.end()
                for m in re.finditer(
                    r"\b(?:but|however|although|though|while|:)\s", text[low : match.start()]
                )
            ),
            default=0,
        )
        start, end = trim(text, start, match.start())
        if subject := _SUBJECT.match(text, start, end):
            start = subject.end()
        if end - start < 3 or GENERIC.fullmatch(text, start, end):
            continue
        yield make_clause("exception", text, (match.start() + 1, match.end()), (start, end))
