"""The ends of sentences inside one criterion.

A full stop, question or exclamation mark before a capital letter or a number, a full-width stop, a blank
line, and a semicolon between two statements end a sentence.  Hard-wrapped line ends do not, nor does
anything inside parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from eligex.layout.chars import BLANK, skip_blank, trim
from eligex.lexicon.layout import sentence_words
from eligex.lexicon.patterns import any_of

_WORDS = sentence_words()
_OPENERS = any_of({form for word in _WORDS.openers for form in (word[0].upper() + word[1:], word.upper())})
_SURE = any_of(word[0].upper() + word[1:] for word in _WORDS.sure_openers)
_NOT_AFTER = "".join(rf"(?<!\b{word})" for word in sorted(_WORDS.before_opener))
_CANDIDATE = re.compile(r"[.?!;。；！？\n]")
_GAP = re.compile(r"\n[ \t\r\xa0]*\n")
_CLOSERS = "\"'”’)]"
# words that begin a statement where no stop ends the one before: "… normal No prior therapy"
_OPENER = re.compile(rf"(?<=[a-z0-9%)\]+]){_NOT_AFTER}{BLANK}+(?={_OPENERS}\b)")
# "gout[ No ]asthma"; "patient No 5" is a number
_NEXT = re.compile(rf"(?<=[a-z0-9%)\]])\s+{_SURE}\b(?!\s*\d)")
# "Other: No gout"
_FIRST = re.compile(rf"(?:\w{{1,20}}(?:\s\w{{1,20}})?:)?\s{{0,4}}{_SURE}\b")
_STOP = re.compile(r"[.;?!]\s+(?=[A-Z0-9(•*-])")
_LEAST = 2
_BEFORE_NAMES = _WORDS.before_opener | _WORDS.function_words
_COMPARED = re.compile(r"[<>≤≥=]\s?\d+$")
_LAST_WORD = re.compile(r"[^\s(\[,;]*$")
_WORD = re.compile(r"\w{2,}")
LOOK_BACK = 400
"""How far back an open parenthesis prevents the end of a sentence."""


def runs_on(text: str, start: int, end: int) -> bool:
    """Whether the statements of a text follow each other without stops: "No gout No asthma At least 1 year".

    Two of them begin with a word that nothing but a statement begins with; a label may be before the first.

    Examples
    --------
    >>> [runs_on(text, 0, len(text)) for text in ("Other: Not pregnant No gout", "No gout. No asthma")]
    [True, False]
    """
    opened = _FIRST.match(text, start, end) is not None
    found = (
        match for match in _NEXT.finditer(text, start, end) if _ends_statement(text, start, match.start())
    )
    return sum(1 for _ in islice(found, _LEAST)) + opened >= _LEAST and not _STOP.search(text, start, end)


def _ends_statement(text: str, start: int, end: int) -> bool:
    """Whether a statement may end at ``end``: not after "with", nor where every word has a capital."""
    last = _LAST_WORD.search(text, start, end)
    word = last[0] if last else ""
    return not word[:1].isupper() and word.lower() not in _BEFORE_NAMES


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
    if end - start < 8:
        return ((start, end),)
    spans: list[tuple[int, int]] = []
    at = start
    for match in _CANDIDATE.finditer(text, start, end):
        stop = _sentence_end(text, at, match.start(), end)
        if stop is None or stop >= end:
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


def _sentence_end(text: str, at: int, sign: int, end: int) -> int | None:
    """Return where the sentence from ``at`` ends if the sign at ``sign`` ends it, else None."""
    char = text[sign]
    if char == "\n":
        return sign if _GAP.match(text, sign, end) else None
    stop = sign + 1
    if char in ".?!":
        while stop < end and text[stop] in _CLOSERS:
            stop += 1
        following = skip_blank(text, stop, end)
        if following == stop or following >= end or "a" <= text[following] <= "z":
            return None
        if not _is_full_stop(text, at, sign, following):
            return None
    elif char == ";" and not (
        _is_statement(text, at, sign) and _is_statement(text, stop, min(end, stop + 160))
    ):
        return None
    return None if _inside_parentheses(text, max(at, sign - LOOK_BACK), sign) else stop


def _inside_parentheses(text: str, start: int, end: int) -> bool:
    opened = text.rfind("(", start, end)
    return opened >= 0 and text.rfind(")", opened, end) < 0


def _is_statement(text: str, start: int, end: int) -> bool:
    """Whether three words or more precede the next break: enough for a sentence."""
    stop = text.find(";", start, end)
    words = _WORD.finditer(text, start, stop if stop >= 0 else end)
    return sum(1 for _ in islice(words, 3)) == 3


def _is_full_stop(text: str, at: int, stop: int, following: int) -> bool:
    """Whether a full stop ends a sentence, not an abbreviation, an initial or an organism's name."""
    if text[stop] != ".":
        return True
    word = _LAST_WORD.search(text, max(at, stop - 24), stop)
    last = word[0] if word else ""
    lower = last.lower()
    if lower in _WORDS.abbreviations:
        digit_follows = following < len(text) and text[following].isdigit()
        return lower in _WORDS.ending_abbreviations and not digit_follows
    if last.isdigit() and text[following].isdigit():
        return not _COMPARED.search(text, max(at, stop - len(last) - 3), stop)
    if len(last) == 1 and last.isupper():
        before = text[max(at, stop - 24) : stop - 1].split()
        return bool(before) and before[-1].lower() in _WORDS.named_by_letter
    return True
