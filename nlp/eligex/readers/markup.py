"""HTML character references, stray tags and non-characters inside an eligibility text.

Exported registry texts contain "&gt;", "&#8805;" or "<br>".  The text is never rewritten; this module decides
how such pieces are *read*, and keeps a map back to the source.  Only references that HTML defines and tags of
a closed list are read so: "<126 mg/dl" is left alone.  Whole HTML pages are not read here; see
:mod:`eligex.readers.sniff`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from html import unescape as resolved
from html.entities import html5

from eligex.spans import Edit, OffsetMap

_PIECE = re.compile(
    r"""
      & (?P<twice> (?: amp; ){0,2} )                        # &amp;gt; was escaped twice
      (?P<reference> [A-Za-z][A-Za-z0-9]{1,31} | \#[0-9]{1,7} | \#[xX][0-9A-Fa-f]{1,6} ) ;
                                                            # &gt;  &#8805;  &#xA;
    | < /? (?: (?P<breaking> br | p | div | li | ul | ol | tr | table | h[1-6] )
             | (?P<cell> td | th )
             | (?P<inline> b | i | u | em | strong | sup | sub | span | font | a | tbody | thead ) )
      (?: \s [^<>=]{0,60} = [^<>]{0,400} )? \s? /? >         # <br/>  </p>  <span class="x">
    | _x(?P<office> 000[ADad9] )_                           # _x000D_, a line break of spreadsheets
    | [\x00\ufeff\ud800-\udfff]                             # what tokenizers cannot take: read as a blank
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TILDE = re.compile("~")
_LOOSE = {"gte": "≥", "lte": "≤"}
"""References that registries use but HTML does not define."""
_ANY = re.compile(r"_x000|[&<\x00\ufeff\ud800-\udfff]")


def unescape(text: str, *, tildes: bool = False) -> OffsetMap | None:
    """Return the form in which ``text`` is read, or None if that is the text itself.

    ``tildes`` means that ``~`` stands for a line break.

    Examples
    --------
    >>> unescape("Age &gt;= 18<br>Male").text
    'Age >= 18\\nMale'
    >>> unescape("Age >= 18") is None
    True
    """
    found = [edit for match in _PIECE.finditer(text) if (edit := _edit(match))] if _ANY.search(text) else []
    if tildes:
        breaks = (Edit(match.start(), match.end(), "\n") for match in _TILDE.finditer(text))
        found = sorted([*found, *(each for each in breaks if not _inside(each, found))], key=_start)
    return OffsetMap(text, tuple(found)) if found else None


def _inside(edit: Edit, others: Sequence[Edit]) -> bool:
    """Whether one of ``others``, which are sorted, holds ``edit``."""
    before = bisect_right(others, edit.start, key=_start) - 1
    return before >= 0 and edit.start < others[before].end


def _start(edit: Edit) -> int:
    return edit.start


def _edit(match: re.Match[str]) -> Edit | None:
    start, end = match.span()
    if match["reference"]:
        character = _character(match["reference"])
        if character is not None:
            return Edit(start, end, character)
        return Edit(start, start + len("&amp;"), "&") if match["twice"] else None
    if match["breaking"]:
        return Edit(start, end, "\n")
    if match["office"]:
        return Edit(start, end, chr(int(match["office"], 16)))
    return Edit(start, end, "" if match["inline"] else " ")


def _character(name: str) -> str | None:
    """Return the character of ``&name;``; a no-break space is read as a blank."""
    if name.startswith("#"):
        return resolved(f"&{name};").replace("\xa0", " ")
    found = _LOOSE.get(name.lower()) or html5.get(f"{name};") or html5.get(f"{name.lower()};")
    return found.replace("\xa0", " ") if found else None
