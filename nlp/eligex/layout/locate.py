"""Where the eligibility section lies inside a page or a file.

A saved trial page has a summary before the section and the page's own furniture after it; a plain
eligibility text is all section.  ``locate_section`` tells them apart by evidence: section headings, then,
where there are none, list markers, the vocabulary of criteria and comparators.  It never cuts inside a line.
"""

from __future__ import annotations

import re

from eligex.layout.chars import trim
from eligex.layout.headings import HeadingMatch, read_heading
from eligex.layout.lines import Line, split_lines

_TITLE = re.compile(
    r"\W{0,6}(?:(?:key|main|study|trial|participant|patient|participation)\s+)?"
    r"(?:eligibility|participation|inclusion(?:\s?(?:/|and|&)\s?exclusion)?|selection|entry|"
    r"who can (?:participate|join))"
    r"\s*(?:criteria|requirements|information)?\s*[?:]?\W{0,4}$",
    re.IGNORECASE,
)
# what follows the section on pages of registries and of sites that copy them
_CHROME = re.compile(
    r"""
    (?: \#{1,4}\s | \*\* | [-•]\s )?
    (?: about\s+[A-Z].{0,120}
       | contacts?(?:\s+(?:information|us|details|person|and\s+locations?|\W\s?locations?).{0,30})?
      | locations?(?:\s+(?:and\s+contacts|\W\s?contacts|details))?
         | (?:study\s+)?(?:sponsors?|collaborators?|investigators?)(?:\s+(?:and|/
            |&)\s+\w+)?(?:\s+information)?
      | (?:trial\s+|study\s+)?timeline | patients\s+applied
         | (?:more|additional|further|other)\s+information
            | study\s+(?:plan|design|details|documents?|record\s+dates|locations?|sites?|contacts?|team
               |results?)
      | (?:primary|secondary|other)\s+outcomes?(?:\s+measures?)? | outcome\s+measures?
         | what\s+is\s+the\s+study\s+measuring.{0,5} | arms?\s+and\s+interventions?
      | how\s+is\s+the\s+study\s+designed.{0,5} | publications?(?:\s+\w+){0,4} | references
         | recruitment\s+(?:status|information) | ipd\s+sharing.{0,40} | plan\s+to\s+share.{0,40}
      | (?:first|last)\s+(?:submit|posted|update).{0,40} | terms\s+(?:of\s+use|related).{0,40}
         | keywords? | links? | similar\s+trials?.{0,40} | related\s+(?:trials?|studies).{0,40}
      | share\s+this.{0,40} | copyright.{0,60} | ©.{0,60} | responsible\s+party.{0,60}
         | study\s+(?:officials?|chairs?).{0,30} | interventions?(?:\s*/\s*treatments?)?
      | (?:ages?|sex(?:es)?|genders?)\s+eligible(?:\s+for\s+study)?.{0,40}
         | accepts\s+healthy\s+volunteers.{0,20}
    )
    \s{0,3}:?\s{0,3}(?:\*\*)?$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ABOUT = re.compile(r"About\s+(?:the\s+|The\s+)?[A-Z]")
_VOCABULARY = re.compile(
    r"\b(?:years?\s+(?:of\s+age|old|or\s+older)|aged?\s+\d|informed\s+consent|pregnan\w+|"
    r"breast-?feeding|lactating|history\s+of|diagnos(?:is|ed)|"
    r"life\s+expectancy|ECOG|Karnofsky|allergy|hypersensitivity|contraindication|willing|able\s+to|"
    r"unable|uncontrolled|known|prior|previous|"
    r"childbearing|BMI|malignan\w+|must\s+(?:be|have|not)|eligible|excluded|creatinine|h[ae]moglobin|"
    r"platelets?|bilirubin|adequate|"
    r"(?:fe)?male|within\s+\d|at\s+least|no\s+prior|receiving)\b",
    re.IGNORECASE,
)
_COMPARATOR = re.compile(
    r"[≥≤<>]=?\s?\d|\b(?:at least|more than|less than|older than|greater than|up to)\s+\d", re.IGNORECASE
)
_PROSE = re.compile(
    r"\b(?:we|our|this study (?:aims|will|is)|the (?:aim|goal|purpose|objective) of|background|methods?|"
    r"results?|conclusions?|(?:study|trial) (?:is|was|will|aims)|aimed|objectives?|randomly|"
    r"randomi[sz]ed to|effects? of|evaluate|investigate|compare|p\s?[<=]\s?0\.\d)\b",
    re.IGNORECASE,
)
# the words of summaries and page heads
_SUMMARY = re.compile(
    r"\b(?:summary|recruiting|sponsor\w*|launched|purpose|clinical trial|trial information|(?:this|"
    r"the) (?:study|trial) (?:is|will|aims)"
    r"|aims?|description|NCT\d{8}|keywords|you need to be|looking for)\b",
    re.IGNORECASE,
)
_POPULATION = re.compile(
    r"\W{0,4}(?:any\s+|all\s+|only\s+)?(?:elderly|healthy|adults?|men|women|male|female|patients?|"
    r"subjects?|participants?|volunteers?|"
    r"children|adolescents|infants|newborns|individuals|persons|people|age[ds]?)\b",
    re.IGNORECASE,
)
BRIEF = 450
"""A text this short that begins by naming people is taken for what it says about them."""
LEAD = 2000
"""Items without a heading before the first one are no longer than this."""
SHORT = 4000
"""A text without headings is taken for a list of criteria only up to this length or where lists prevail."""


def locate_section(text: str) -> tuple[int, int] | None:
    """Find the eligibility section of a page.

    Parameters
    ----------
    text
        A page, or an eligibility text by itself.

    Returns
    -------
    tuple of int, or None
        The span of the section; of the whole text where it is nothing but criteria; None where nothing in
        the text looks like eligibility criteria.
    """
    first, last = trim(text, 0, len(text))
    if first >= last:
        return None
    lines, _ = split_lines(text, 0, len(text))
    headings = [(index, found) for index, line in enumerate(lines) if (found := _section_heading(text, line))]
    if not headings:
        return (0, len(text)) if _looks_like_criteria(text, lines) else None
    stop = _stop(text, lines, headings[-1][0])
    begin = _begin(text, lines, headings, is_page=stop < len(lines))
    start = 0 if begin == 0 else lines[begin].start
    end = len(text) if stop == len(lines) else lines[stop - 1].end
    return start, end


def _section_heading(text: str, line: Line) -> HeadingMatch | None:
    run_on = line.end - line.start > 4000 and line.marker is None
    stop = line.start + 300 if run_on else line.end
    at = line.marker.content if line.marker else line.start
    found = read_heading(text, at, stop, marked=line.marker is not None, inside=None) if at < stop else None
    if found is None or found.rank == "cohort" or (found.rank == "topic" and not found.resets):
        return None
    return found


def _begin(text: str, lines: list[Line], headings: list[tuple[int, HeadingMatch]], *, is_page: bool) -> int:
    """Return the line the section begins with: its first heading, a title before it, or the very first.

    Lines before the first heading belong to the section where nothing shows a page: no furniture behind
    the section and no summary before it.
    """
    first = headings[0][0]
    for index in range(first - 1, max(-1, first - 12), -1):
        line = lines[index]
        if line.end - line.start < 60 and _TITLE.match(text, line.start, line.end):
            between = lines[index + 1 : first]
            return first if between and all(line.end - line.start < 24 for line in between) else index
    before = text[: lines[first].start]
    if is_page or first > 60 or len(before) > LEAD or _SUMMARY.search(before):
        return first
    return 0


def _listed(lines: list[Line]) -> int:
    return sum(line.marker is not None for line in lines)


def _stop(text: str, lines: list[Line], last_heading: int) -> int:
    """Return the line behind the section: the first one of the page's furniture."""
    for index in range(last_heading + 1, len(lines)):
        line = lines[index]
        if line.end - line.start >= 160 or not (text[line.start].isupper() or text[line.start] in "#*©"):
            continue
        if line.marker is None and _CHROME.match(text, line.start, line.end):
            if text[line.start : line.start + 5].lower() == "about" and not _ABOUT.match(text, line.start):
                continue
            return index
    return len(lines)


def _looks_like_criteria(text: str, lines: list[Line]) -> bool:
    """Weigh what a text without headings shows: markers, vocabulary, comparators, against prose."""
    sample = text[:SHORT]
    words = max(1, sample.count(" ") + sample.count("\n"))
    terms = sum(1 for _ in _VOCABULARY.finditer(sample)) + 2 * sum(1 for _ in _COMPARATOR.finditer(sample))
    prose = sum(1 for _ in _PROSE.finditer(sample))
    short_lines = sum(line.end - line.start < 250 for line in lines)
    lists = _listed(lines) >= max(2, len(lines) / 3) or (len(lines) >= 3 and short_lines == len(lines))
    density = terms / words
    if len(sample) <= BRIEF and _POPULATION.match(sample) and not prose:
        return True
    if lists:
        return terms >= 1 and density > 0.02 and prose < terms
    return terms >= 1 and density > 0.035 and prose * 2 < terms
