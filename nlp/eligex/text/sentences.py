"""Where a sentence ends inside one criterion.

A full stop, question or exclamation mark before a capital letter or a number, a full-width stop, a blank
line, and a semicolon between two statements end a sentence.  Hard-wrapped line ends do not, nor does
anything inside parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eligex.lexicon.layout import sentence_words
from eligex.text.chars import BLANK, skip_blank, trim

_WORDS = sentence_words()
_OPENERS = "|".join(
    sorted(
        {form for word in _WORDS.openers for form in (word[0].upper() + word[1:], word.upper())},
        key=lambda word: (-len(word), word),
    )
)
_CANDIDATE = re.compile(
    rf"""
    (?P<stop> [.?!] ["'”’)\]]{{0,3}} ) (?= {BLANK}+ [^a-z\s] )
  | (?P<wide> [。；！？] )
  | (?P<semicolon> ; )
  | (?P<gap> \n [ \t\r\xa0]* \n )
    """,
    re.VERBOSE,
)
# words that begin a statement where no stop ends the one before: "… normal No prior therapy"
_OPENER = re.compile(
    rf"(?<=[a-z0-9%)\]+])(?<!\bthe)(?<!\bor)(?<!\band)(?<!\bof)(?<!\bif){BLANK}+(?=(?:{_OPENERS})\b)"
)
_LAST_WORD = re.compile(r"[^\s(\[,;]*$")
_WORD = re.compile(r"\w{2,}")
LOOK_BACK = 400
"""How far back an open parenthesis still keeps a sentence together."""


def split_sentences(
    text: str, start: int, end: int, *, telegraphic: bool = False
) -> tuple[tuple[int, int], ...]:
    """Return the sentences of ``text[start:end]`` as spans without blanks that tile it.

    Parameters
    ----------
    text, start, end
        A criterion's span.
    telegraphic
        Whether statements follow each other without stops, as old oncology records write them: "WBC at
        least 3,000/mm3 Platelet count at least 100,000/mm3 No prior chemotherapy".
    """
    if telegraphic:
        return tuple(
            span
            for first, last in _telegrams(text, start, end)
            for span in split_sentences(text, first, last)
        )
    if end - start < 24:
        return ((start, end),)
    spans: list[tuple[int, int]] = []
    at = start
    for match in _CANDIDATE.finditer(text, start, end):
        stop = match.end()
        if stop >= end or match.start() < at:
            continue
        if match["gap"] is None and not _ends(text, at, match, end):
            continue
        first, last = trim(text, at, stop)
        if first < last:
            spans.append((first, last))
        at = stop
    first, last = trim(text, at, end)
    if first < last:
        spans.append((first, last))
    return tuple(spans)


def _telegrams(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for match in _OPENER.finditer(text, start, end):
        if not _inside_parentheses(text, max(at, match.start() - LOOK_BACK), match.start()):
            yield trim(text, at, match.start())
            at = match.start()
    yield trim(text, at, end)


def _ends(text: str, at: int, match: re.Match[str], end: int) -> bool:
    if _inside_parentheses(text, max(at, match.start() - LOOK_BACK), match.start()):
        return False
    if match["wide"]:
        return True
    if match["semicolon"]:
        return _is_statement(text, at, match.start()) and _is_statement(
            text, match.end(), min(end, match.end() + 160)
        )
    return _is_full_stop(text, at, match.start(), skip_blank(text, match.end(), end))


def _inside_parentheses(text: str, start: int, end: int) -> bool:
    opened = text.rfind("(", start, end)
    return opened >= 0 and text.rfind(")", opened, end) < 0


def _is_statement(text: str, start: int, end: int) -> bool:
    """Three words or more up to the next break: enough to stand alone."""
    stop = text.find(";", start, end)
    return sum(1 for _ in _WORD.finditer(text, start, stop if stop >= 0 else end)) >= 3


def _is_full_stop(text: str, at: int, stop: int, following: int) -> bool:
    """Tell the full stop of a sentence from that of an abbreviation, an initial or an organism's name."""
    if text[stop] != ".":
        return True
    word = _LAST_WORD.search(text, max(at, stop - 24), stop)
    last = word[0] if word else ""
    lower = last.lower()
    if lower in _WORDS.abbreviations:
        digit_follows = following < len(text) and text[following].isdigit()
        return (
            lower in ("no", "min", "max", "a.m", "p.m", "i.v", "i.m", "s.c", "p.o", "sec")
            and not digit_follows
        )
    if len(last) == 1 and last.isupper():
        before = text[max(at, stop - 24) : stop - 1].split()
        return bool(before) and before[-1].lower() in _WORDS.named_by_letter
    return True
