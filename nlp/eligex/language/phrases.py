"""The noun phrase that stands before a value when nothing has been recognised there.

"mean itch intensity of > 4": the phrase is "itch intensity".  A closed list of words that cannot be part
of a measured thing's name bounds the phrase; there is no parser.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[^\W_]+(?:[-'’./+][^\W_]+)*|[^\s\w]", re.UNICODE)

# Words between a thing and its value that say nothing of what it is: "hemoglobin level must be at least".
LINKING = frozenset(
    "a an the of is are was were be been being must should shall will can may have has had having with at as"
    " in on by to for from that which who value values level levels result results measurement measured"
    " defined documented test tests reading readings concentration concentrations count counts score scores"
    " status scale index criteria equal its their his her than between within only baseline screening visit"
    " day days time currently least most not no more less greater and/or i.e e.g current total mean average"
    " least serum plasma blood calculated estimated corrected resting range ranges ranging normal"
    " outside dose dosage doses".split()
)
_STOP = frozenset(
    "a an the and or but if than then that which who whom whose this these those with without within of"
    " for from to in on at by as is are was were be been being has have had having do does did must should"
    " shall will would can could may might not no nor any all both either neither each every some other"
    " such patient patients subject subjects participant participants individual individuals child children"
    " men women male female adult adults between during before after prior since until per via under over"
    " above below more less least most greater lower higher equal up history inclusion exclusion criteria"
    " known documented defined measured diagnosed requiring required including include includes"
    " presence evidence confirmed received receiving treated taking apart rated following listed"
    " unless except normal outside self-rated".split()
)


# "Clinical Activity Score (CAS) of": the bracket belongs to the phrase before it.
_SHORT_AT_END = re.compile(
    r"\s?\((?P<form>[A-Za-z][\w\-/]{0,11})\)[\s:]*(?:of|is|was|must be|should be|score|level)?[\s:]*$"
)


def words(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, lower-cased word) of every word and punctuation mark."""
    return [(m.start(), m.end(), m.group().lower()) for m in _TOKEN.finditer(text)]


def content_words(gap: str) -> int:
    """Count the words in ``gap`` that are not linking words; punctuation counts nothing."""
    return sum(1 for _, _, w in words(gap) if w not in LINKING and w[0].isalnum())


def phrase_before(text: str, start: int, end: int, *, longest: int = 6) -> tuple[int, int] | None:
    """Return the span of the noun phrase that ends ``text[start:end]``, or None.

    Linking words between the phrase and ``end`` are stepped over ("intensity of" → "intensity").

    Examples
    --------
    >>> phrase_before("with a mean itch intensity of ", 0, 30)
    (7, 26)
    """
    tokens = words(text[max(start, end - 160) : end])
    offset = max(start, end - 160)
    i = len(tokens)
    while i and (
        tokens[i - 1][2] in LINKING - {"score", "index", "count", "level"} or tokens[i - 1][2] in "(:=,"
    ):
        if tokens[i - 1][2] == "," and i < len(tokens):
            break
        i -= 1
    last = i
    while i and last - i < longest and _in_phrase(tokens[i - 1][2]):
        i -= 1
    if i == last or not any(w[0].isalpha() and len(w) > 1 for _, _, w in tokens[i:last]):
        return None
    return offset + tokens[i][0], offset + tokens[last - 1][1]


def _in_phrase(word: str) -> bool:
    return word[0].isalnum() and not word[0].isdigit() and word not in _STOP


def phrase_after(text: str, start: int, end: int, *, longest: int = 8) -> tuple[int, int] | None:
    """Return the span of the noun phrase that begins ``text[start:end]``, or None."""
    tokens = words(text[start : min(end, start + 160)])
    count = 0
    while count < min(len(tokens), longest) and (_in_phrase(tokens[count][2]) or tokens[count][2] == "-"):
        count += 1
    if not count:
        return None
    return start + tokens[0][0], start + tokens[count - 1][1]
