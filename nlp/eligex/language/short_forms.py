"""Keys of abbreviations and norms: "ULN = upper limit of normal", "the ULN for CK is 190 U/L".

Decides where one stands.  It says what a short form means, or what a limit of normal is, and states nothing:
neither the long form nor what would be a limit of the short one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_KEY = re.compile(
    r"""
    (?<![\w.])
    (?P<short> (?: [a-z]{0,2} [A-Z][A-Za-z0-9]{0,6} [/-] )? [a-z]{0,2} [A-Z][A-Za-z0-9]{1,9} ) (?![\w])
    (?: \s? [(\[] [^()\[\]=]{1,30} [)\]] )?                # "ALT (SGPT) = …"
    \s{0,3} = \s{0,3}
    (?P<long> [A-Za-z][A-Za-z'’-]* (?: [\s/-]{1,3} [A-Za-z][A-Za-z'’-]* ){1,8}? )
    (?: \s? [(\[] [^()\[\]=\d<>≤≥]{1,60} [)\]] )?          # "… (serum glutamic pyruvic transaminase)"
    (?= \s{0,3} (?: [;,.)\]*] | $ | \n | (?: and \s )? [a-z]{0,2} [A-Z][A-Za-z0-9]{1,9} \s? = ) )
    """,
    re.VERBOSE,
)
# "for this study, [the ULN for SGPT (ALT) is 45 U/L]"
_NORM = re.compile(
    r"""
    \b (?: ULN | upper \s limits? \s of \s normal (?: \s \(ULN\) )? ) \s (?: for | of ) \s
    [^.;:\d<>≤≥=]{1,60}?
    \s (?: = | (?: is | are | was | will \s be | has \s been )
          (?: \s (?: set | defined | considered ) (?: \s (?: to | as | at ) )? )? )
    \s? (?: the \s value \s of \s )? \d{1,3} \s? [A-Za-zµμ/]{1,8}
    """,
    re.VERBOSE | re.IGNORECASE,
)


def short_forms(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the keys of abbreviations and the norms in ``text[start:end]``.

    Examples
    --------
    >>> text = "ALT < 3 x ULN; ULN = upper limit of normal"
    >>> [text[low:high] for low, high in short_forms(text, 0, len(text))]
    ['ULN = upper limit of normal']
    """
    yield from (found.span() for found in _NORM.finditer(text, start, end))
    if text.find("=", start, end) < 0:
        return
    for found in _KEY.finditer(text, start, end):
        if _abbreviates(found["short"], found["long"]):
            yield found.span()


def _abbreviates(short: str, long: str) -> bool:
    """Whether the letters of a short form stand in this order in the long one, the first at its beginning."""
    letters = [letter for letter in short.lower() if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in short)
    if capitals < 2 or letters[0] != long[0].lower():
        return False
    rest = iter(long.lower())
    return all(letter in rest for letter in letters)
