"""Items inside one block: enumerations run together, bullets inside a line, semicolon lists, sentences.

"1. Age over 18 2. Signed consent 3. No fever" is three items though it is one line, and a section written as
one paragraph has its sentences as criteria.  A number inside a sentence ("grade 1 or 2. Patients") does not
begin an item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from eligex.language.connectors import GIVES_EXAMPLES
from eligex.layout.chars import skip_blank, trim
from eligex.layout.markers import STRONG_BULLETS, Marker, Order, read_marker
from eligex.layout.sentences import split_sentences
from eligex.lexicon.layout import sentence_words
from eligex.lexicon.patterns import any_of

_WORDS = sentence_words()
# a number or letter with its bracket or full stop, after a blank or punctuation
_ENUMERATOR = re.compile(
    r"""
    [\s;,.:)] (?P<label>
        [(（] (?: \d{1,2} | [A-Za-z] | [ivxIVX]{2,4} ) [)）] (?=\s*[^\s.,;)])
      | (?: \d{1,2} | [A-Za-z] | [ivxIVX]{2,4} ) (?: \\?[)）] (?=\s*[^\s.,;)(]) | \\?\. (?=\s+\S) )
      | \d{1,2} (?: \\?[.、．] (?=[A-Z][a-z]) )
      | [①-⑳⑴-⒇]
    )
    """,
    re.VERBOSE,
)
# "… of age • ECOG 0", not the sign of "1.5•10^9/L"
_STRONG = re.compile(rf"[{STRONG_BULLETS}](?!(?<=\d.)\d)(?=\s*\w)")
# "…; - Age": a dash or star after a full stop or two blanks, before a new item
_WEAK = re.compile(
    r"[.;:]\s (?P<sign> [-*–] (?= \s?[A-Z≥<>] ) ) | [;:,\s]\s (?P<after> [-*–] (?= \s[A-Z≥<>] ) )", re.VERBOSE
)
_LEADS = re.compile(rf"(?:[:;]|\b{any_of(_WORDS.list_leads)})\W{{0,24}}$", re.IGNORECASE)
_CLOSES = ".;:)]!?,"
# "is asked. Women"
_STOP = re.compile(r"[a-z)]\.\s{1,4}[A-Z]")
# "a. Gout", "(i) Gout", "1) Gout"; not "i.e.", nor "1." of "ECOG: 1. Gout"
_FIRST = re.compile(r"(?: [ai]\\?[.)] | \( [ai1] \) | 1\\?\) ) \s{0,3} [A-Z≥≤<>]", re.VERBOSE)
# "≤ 5 × ULN in case of liver metastases", "or up to 5 × ULN if …"
_LIMIT = re.compile(
    rf"(?P<choice>{any_of(_WORDS.choosing)}\s)?(?:[<>≤≥=]|{any_of(_WORDS.limit_leads)}\b)", re.IGNORECASE
)
_CASE = re.compile(rf"\b{any_of(_WORDS.cases)}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One item: its span without marker, the marker, and whether it follows another item in one line."""

    start: int
    end: int
    marker: Marker | None
    inline: bool


@dataclass(frozen=True, slots=True)
class _Point:
    """An enumerator in the text, with its place and its possible numbers."""

    at: int
    orders: tuple[Order, ...]
    closed: bool


def split_items(
    text: str, start: int, end: int, marker: Marker | None, open_orders: dict[str, int]
) -> list[Piece]:
    """Split a block into its items.

    Parameters
    ----------
    text, start, end
        The block without its marker.
    marker
        The block's own marker.
    open_orders
        For each numbering style, the last number of the list that this block may continue.
    """
    cuts = _chains(text, start, end, marker, open_orders) + _bullets(text, start, end, marker)
    if not cuts:
        return [Piece(start, end, marker, inline=False)]
    pieces: list[Piece] = []
    at, own = start, marker
    for cut in [*sorted(set(cuts)), end]:
        first, last = trim(text, at, cut)
        outer = own
        if first < last:
            pieces.append(Piece(first, last, own, inline=bool(pieces)))
            outer = None
        if cut < end:
            own = _nested(outer, read_marker(text, cut, end))
            at = own.content if own else cut
        elif outer is not None:
            _close(text, pieces, start, end, marker)
    return pieces


def _nested(outer: Marker | None, inner: Marker | None) -> Marker | None:
    """Return one marker for two with no words between them: "1. a)"."""
    if outer is None or inner is None:
        return inner or outer
    return replace(inner, start=outer.start, label=outer.label, orders=outer.orders + inner.orders)


def _close(text: str, pieces: list[Piece], start: int, end: int, marker: Marker | None) -> None:
    """Attach a marker without words at the end of a block to the item before it."""
    first, last = trim(text, pieces[-1].start if pieces else start, end)
    if pieces:
        pieces[-1] = replace(pieces[-1], end=last)
    else:
        pieces.append(Piece(first, last, marker, inline=False))


def split_statements(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split a paragraph that is a whole section into its statements: a semicolon list, or its sentences.

    A sentence of examples, and a limit that only names a case ("; ≤ 5 × ULN if …"), belong to the statement
    before.
    """
    parts = list(_semicolons(text, start, end))
    if len(parts) < 3:
        parts = [(start, end)]
    spans: list[tuple[int, int]] = []
    for part in parts:
        for first, last in split_sentences(text, *part):
            if spans and _adds(text, first, last):
                spans[-1] = (spans[-1][0], last)
            else:
                spans.append((first, last))
    return spans


def _adds(text: str, start: int, end: int) -> bool:
    """Return whether a statement says something of the one before it, and nothing by itself."""
    if GIVES_EXAMPLES.match(text, start, end):
        return True
    limit = _LIMIT.match(text, start, end)
    return limit is not None and bool(limit["choice"] or _CASE.search(text, limit.end(), end))


def _semicolons(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    depth, at = 0, start
    for match in re.compile(r"[();；（）]").finditer(text, start, end):
        char = match[0]
        if char in "(（":
            depth += 1
        elif char in ")）":
            depth = max(0, depth - 1)
        elif depth == 0:
            first, last = trim(text, at, match.end())
            if last - first > 2:
                yield first, last
                at = match.end()
    first, last = trim(text, at, end)
    if first < last:
        yield first, last


def _bullets(text: str, start: int, end: int, marker: Marker | None) -> list[int]:
    """Return the offsets at which bullets inside the block begin an item."""
    strong = [match.start() for match in _STRONG.finditer(text, start, end) if match.start() > start]
    if not any(text.find(sign, start, end) >= 0 for sign in ("-", "*", "–")):
        return strong
    weak = [max(match.span("sign")[0], match.span("after")[0]) for match in _WEAK.finditer(text, start, end)]
    if not weak:
        return strong
    dashed = marker is not None and marker.bullet in ("-", "*", "–")
    if dashed or len(weak) > 1 or strong or text[weak[0] - 2] in ".:":
        return strong + [cut for cut in weak if cut > start]
    return strong


def _chains(text: str, start: int, end: int, marker: Marker | None, open_orders: dict[str, int]) -> list[int]:
    """Return the offsets at which items of consecutive numbering begin."""
    chains: dict[str, list[list[_Point]]] = {}
    own = {style: value[-1] for style, value in marker.orders if len(value) == 1} if marker else {}
    for match in _ENUMERATOR.finditer(text, start, end):
        point = _point(text, start, end, *match.span("label"))
        if point is None:
            continue
        for style, value in point.orders:
            _extend(chains.setdefault(style, []), point, value[0], own.get(style), open_orders.get(style))
    cuts: list[int] = []
    for style, runs in chains.items():
        for run in runs:
            if _is_list(text, start, run, style, own):
                cuts.extend(point.at for point in run)
    return cuts


def _point(text: str, start: int, end: int, at: int, stop: int) -> _Point | None:
    """Return the enumerator at ``text[at:stop]`` if it may begin an item."""
    found = read_marker(text, at, min(end, stop + 8))
    if found is None or not found.orders:
        return None
    back = at
    while back > start and text[back - 1].isspace():
        back -= 1
    closed = back <= start or text[back - 1] in _CLOSES
    if text[stop - 1] in ".、．" and (not closed or text[back - 1] == ","):
        word = re.search(r"\S+$", text[max(start, back - 20) : back])
        said = word[0].strip("(),").lower() if word else ""
        if said in _WORDS.before_value and not (said in _WORDS.joining and text[at].islower()):
            return None
    if text[at] not in "(（" and text[stop - 1] in ")）":
        opened = text.rfind("(", max(start, at - 80), at)
        if opened >= 0 and text.rfind(")", opened, at) < 0:
            return None
    return _Point(at, found.orders, closed)


def _extend(runs: list[list[_Point]], point: _Point, value: int, own: int | None, opened: int | None) -> None:
    """Add a point to the run it continues, or open a run."""
    if runs:
        run = runs[-1]
        style = run[-1].orders
        last = next(
            (
                order[1][0]
                for order in style
                if any(order[0] == other[0] for other in point.orders) and order[1][0] == value - 1
            ),
            None,
        )
        if last is not None and run[-1].at < point.at:
            run.append(point)
            return
    if (
        value == 1
        or (own is not None and value == own + 1)
        or (opened is not None and opened < value <= opened + 2)
    ):
        runs.append([point])


def _is_list(text: str, start: int, run: list[_Point], style: str, own: dict[str, int]) -> bool:
    """Return whether a run of numbers is a list, not a coincidence."""
    head = run[0]
    value = next(order[1][0] for order in head.orders if order[0] == style)
    closed = sum(point.closed for point in run)
    continues = value > 1
    if continues and own.get(style) == value - 1:
        return head.closed or len(run) > 1 or _capital(text, head.at)
    if len(run) < 2:
        return not continues and _opens_alone(text, start, head.at)
    if continues:
        return closed * 2 >= len(run) or all(_capital(text, point.at) for point in run)
    leads = (
        skip_blank(text, start, head.at) == head.at
        or _LEADS.search(text[max(start, head.at - 24) : head.at]) is not None
    )
    if len(run) >= 3:
        return closed * 2 >= len(run) or leads or all(_capital(text, point.at) for point in run)
    return (
        (leads and closed >= 1)
        or closed == len(run)
        or (leads and all(_capital(text, point.at) for point in run))
    )


def _opens_alone(text: str, start: int, at: int) -> bool:
    """Return whether an introduction and its first item are written in one line: "Any of: a. Gout".

    An introduction of several sentences says more than what holds of its items.
    """
    if _STOP.search(text, start, at):
        return False
    return _FIRST.match(text, at) is not None and text[max(start, at - 3) : at].rstrip()[-1:] in (":", "：")


def _capital(text: str, at: int) -> bool:
    match = re.compile(r"[(（]?\w{1,4}\\?[.)）]?\s*(\S)").match(text, at)
    return match is not None and (match[1].isupper() or match[1] in "≥≤<>")
