"""Bullets and numbers at the beginning of a line or inside a paragraph.

A marker is what the protocol writes before an item: ``-``, ``4.``, ``(a)``, ``- • 1.``.  This module reads
one marker at one place and returns its possible numbers ("i." is the first roman number or the ninth letter).
Neighbouring lines decide whether a doubtful one ("5 Age", "C. difficile") is a marker, in ``lines``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from eligex.layout.chars import skip_blank

Order = tuple[str, tuple[int, ...]]
"""A numbering style with the place in it: ``("1.", (4,))``, ``("(a)", (2,))``, ``("1.1", (3, 1, 2))``."""

STRONG_BULLETS = "•‣◦▪▫■□●○◘◙➢➤►▶▸✓✔❖◆◇⁃∙➔⮚❑❒✦★☐\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf06e"
_DASHES = "-–—−‐‑"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_PARENTHESISED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"

_BULLET = re.compile(
    rf"""
    (?: [{STRONG_BULLETS}·»→]                      # "• Age", "·Age"
      | \\?[{_DASHES}]{{1,3}}> (?=\s)              # "-> Age"
      | \\?[{_DASHES}] (?![{_DASHES}>])            # "- Age", "-Age", "\- Age"
      | --- (?=\s) | -- (?=[\sA-Za-z])             # "-- Age"
      | \\?\*{{1,3}} (?=\s) | \\?\* (?![\s*])      # "* Age", "\* Age", "*Age"
      | \\?\+ (?=\s+[A-Za-z]) | ~ (?=\s)           # "+ Age"
      | [oØ§¤] (?=\s)                              # "o Age", bullets of word processors
      | [:：] (?=\s)                               # ": Age", a colon lost by its heading
      | \? (?=\s)                                  # "? Age", a bullet lost in conversion
    )
    """,
    re.VERBOSE,
)
_ENUMERATOR = re.compile(
    rf"""
    (?: [(\[（【] \s? (?P<inner>\d{{1,3}}|[A-Za-z]|[ivxIVX]{{2,5}}|[A-Z]\d{{1,2}}) \s?
        [)\]）】] [.:)]? (?![-%a-z0-9])
      | (?P<dotted>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}) (?P<dotted_end>\\?[.):](?!\d))? (?=\s)
      | (?P<lettered>\d{{1,2}}[a-z]) \\?[.)] (?=\s)
      | (?P<number>\d{{1,3}}) \s? (?P<number_end>\\?\.\s?\)|\\?[.)\]）、．]|[:：](?=\s)) (?![\d%)])
      | (?P<dashed>\d{{1,2}}) (?: \s? \\?[-–—] (?=\s+[^\d\s]) | -(?=[A-Z][a-z]{{3}}) )
      | (?P<bare>\d{{1,2}}) (?=\s{{1,8}}[A-Z(≥≤<>])
      | (?P<letters>[A-Za-z]|[ivxIVX]{{2,5}})
        (?P<letters_end>\\?\.\s?\)|\\?\.(?=\s)|\\?[)）](?=[\s\w≥≤<>])|:(?=\s))
      | (?P<circled>[{_CIRCLED}{_PARENTHESISED}])
      | \# \s? (?P<hashed>\d{{1,2}}) [.):]? (?=\s)
      | (?P<coded>(?:I|E|IC|EC|IN|EX|INC|EXC|Inc|Exc)[ -]?) (?P<coded_number>\d{{1,2}}) [.):] (?=\s|[A-Z])
    )
    """,
    re.VERBOSE,
)
_BEHIND_NUMBER = re.compile(rf"[-–*{STRONG_BULLETS}](?=\s+\w)")
_ROMAN = {"i": 1, "v": 5, "x": 10}
_ORGANISM = re.compile(r"\s{1,40}[a-z]")
_CANDIDATE = re.compile(
    rf"[{_DASHES}\d(\[（【\\#A-Za-z{_CIRCLED}{_PARENTHESISED}{STRONG_BULLETS}·»→*+~Ø§¤?:：]"
)


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker as written.

    ``start`` to ``end`` are all its signs ("- • 4."), ``label`` is the start of the last one ("4."),
    ``content`` the start of the words.  ``bullet`` is the last bullet character, ``orders`` are the possible
    numbers, ``sure`` is false if only its neighbours can confirm it.
    """

    start: int
    label: int
    end: int
    content: int
    bullet: str | None
    orders: tuple[Order, ...]
    sure: bool


def read_marker(text: str, start: int, end: int) -> Marker | None:
    """Return the marker that ``text[start:end]`` begins with, or None.

    Parameters
    ----------
    text, start, end
        The line without blanks at its ends.
    """
    if start >= end or not _CANDIDATE.match(text, start):
        return None
    at, stop, label, bullet = start, start, start, None
    for _ in range(3):
        match = _BULLET.match(text, at, end)
        if match is None or (bullet is None and _is_rule(text, at, end)):
            break
        if bullet is not None and match[0] in "oØ?" and match[0] == text[at]:
            break
        bullet, label, stop = match[0].lstrip("\\")[0], at, match.end()
        at = skip_blank(text, stop, end)
    if bullet is not None and at >= end:
        return Marker(start, label, stop, end, bullet, (), True)
    match = _ENUMERATOR.match(text, at, end)
    orders, sure = _orders(match, text, end) if match else ((), True)
    if match and orders and (bullet is None or sure):
        return _numbered(text, start, at, match.end(), end, bullet, orders, sure=sure)
    if bullet is None:
        return None
    sure = not (bullet in _DASHES and stop == at and text[at].isdigit())
    return Marker(start, label, stop, at, bullet, (), sure)


def _numbered(
    text: str,
    start: int,
    label: int,
    stop: int,
    end: int,
    bullet: str | None,
    orders: tuple[Order, ...],
    *,
    sure: bool,
) -> Marker:
    """Return a numbered marker, with the dash that may follow the number ("1. - Zinc")."""
    content = skip_blank(text, stop, end)
    dash = _BEHIND_NUMBER.match(text, content, end)
    if dash is not None:
        content = skip_blank(text, dash.end(), end)
    return Marker(start, label, stop, content, bullet, orders, sure)


def _is_rule(text: str, at: int, end: int) -> bool:
    """Return whether it is bold markdown ("**Age**") or a dashed heading ("--Age--") and not a bullet."""
    if text.startswith("**", at) and at + 2 < end and not text[at + 2].isspace():
        return True
    return text.startswith("--", at) and text.find("--", at + 3, min(end, at + 80)) > 0


def _orders(match: re.Match[str], text: str, end: int) -> tuple[tuple[Order, ...], bool]:
    """Return the possible numbers of an enumerator, and whether it is certain without neighbours."""
    if inner := match["inner"]:
        return _of_label(inner, "()"), True
    if dotted := match["dotted"]:
        parts = tuple(int(part) for part in dotted.split("."))
        return (
            ((("1.1", parts),), len(parts) > 2 or bool(match["dotted_end"]))
            if 0 < parts[0] < 60
            else ((), False)
        )
    if lettered := match["lettered"]:
        return (("1.1", (int(lettered[:-1]), ord(lettered[-1]) - 96)),), True
    if number := match["number"]:
        value = int(number)
        wrap = match["number_end"].replace("\\", "").replace(" ", "")[-1]
        sure = value < 60 and not (wrap in ":：" and value > 20)
        return ((("1" + wrap, (value,)),) if value else (), sure)
    if number := match["dashed"] or match["bare"]:
        return ((("1-" if match["dashed"] else "1", (int(number),)),) if int(number) else (), False)
    if letters := match["letters"]:
        wrap = match["letters_end"].replace("\\", "").replace(" ", "")[-1]
        orders = _of_label(letters, wrap)
        doubtful = wrap == ":" or (
            letters.isupper() and (_ORGANISM.match(text, match.end(), end) is not None)
        )
        return orders, not doubtful and (letters.islower() or wrap == ")")
    if circled := match["circled"]:
        table = _CIRCLED if circled in _CIRCLED else _PARENTHESISED
        return (("①", (table.index(circled) + 1,)),), True
    if hashed := match["hashed"]:
        return (("#", (int(hashed),)),), True
    return ((match["coded"].strip(" -"), (int(match["coded_number"]),)),), True


def _of_label(label: str, wrap: str) -> tuple[Order, ...]:
    if label.isdigit():
        return (("1" + wrap, (int(label),)),) if 0 < int(label) < 60 else ()
    if label[-1].isdigit():
        return ((label[0] + wrap, (int(label[1:]),)),)
    orders: list[Order] = []
    roman = _roman(label.lower())
    if roman and label in (label.lower(), label.upper()):
        orders.append((("i" if label.islower() else "I") + wrap, (roman,)))
    if len(label) == 1:
        orders.append((("a" if label.islower() else "A") + wrap, (ord(label.lower()) - 96,)))
    return tuple(orders)


def _roman(label: str) -> int | None:
    """Return the value of a well-formed roman number up to 39 in lower case, else None."""
    if any(letter not in _ROMAN for letter in label):
        return None
    total = 0
    for letter, following in zip(label, label[1:] + " ", strict=True):
        value = _ROMAN[letter]
        total += -value if following in _ROMAN and _ROMAN[following] > value else value
    return total if _write_roman(total) == label else None


def _write_roman(value: int) -> str:
    units = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]
    return "x" * (value // 10) + units[value % 10]
