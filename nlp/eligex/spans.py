"""Spans in a text: moving the offsets of results, and converting results to plain data and back.

Every dataclass of eligex names its spans in the same way: ``start`` and ``end`` (or ``value_start`` and
``value_end`` …) with the quoted text in another field (``text``, ``value_text``, ``condition``), or a field
of the type ``tuple[int, int]``.  So one :func:`move` and one pair :func:`plain` / :func:`of_plain` serve them
all.

Offsets of results always count in the source.  A text in which HTML entities or tags had to be resolved
("&ge; 18" read as "≥ 18") is processed in its resolved form; :class:`OffsetMap` maps every span of that form
back, and :func:`to_source` does so for a whole result.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, cast, get_args, get_type_hints

from eligex.schema import Criterion, Unparsed, adapter

T = TypeVar("T")
Span = tuple[int, int]
"""Half-open character offsets."""
_SCALARS = frozenset({str, int, float, bool, type(None)})
"""The types of values that are plain data as they are."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement: ``source[start:end]`` is read as ``new``."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """A processed text and the way back to its source.

    Parameters
    ----------
    source
        The text as it was given.
    edits
        What was replaced in it: sorted, not overlapping.
    """

    source: str
    edits: tuple[Edit, ...]
    text: str = field(init=False)
    _starts: tuple[int, ...] = field(init=False, repr=False)
    """Where in ``text`` each edit begins."""

    def __post_init__(self) -> None:
        parts: list[str] = []
        starts: list[int] = []
        position = length = 0
        for edit in self.edits:
            if not position <= edit.start <= edit.end <= len(self.source):
                raise ValueError(f"edits must be sorted and must not overlap: {edit}")
            parts += [self.source[position : edit.start], edit.new]
            starts.append(length + edit.start - position)
            length = starts[-1] + len(edit.new)
            position = edit.end
        parts.append(self.source[position:])
        object.__setattr__(self, "text", "".join(parts))
        object.__setattr__(self, "_starts", tuple(starts))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the source span of ``text[start:end]``.

        The span includes all of a replaced piece that it touches, and a deleted piece (a tag) only if it lies
        inside.
        """
        low = self._back(start, bisect_right(self._starts, start) - 1, at_end=False)
        if end <= start:
            return low, low
        return low, self._back(end, bisect_left(self._starts, end) - 1, at_end=True)

    def _back(self, position: int, index: int, *, at_end: bool) -> int:
        if index < 0:
            return position
        edit = self.edits[index]
        past = position - (self._starts[index] + len(edit.new))
        if past >= 0:
            return edit.end + past
        return edit.end if at_end else edit.start

    def position(self, source_position: int) -> int:
        """Return the offset in ``text`` of a place in the source; in a replaced piece, the start of it."""
        index = bisect_right(self.edits, source_position, key=lambda edit: edit.start) - 1
        if index < 0:
            return source_position
        edit, start = self.edits[index], self._starts[index]
        return start if source_position < edit.end else start + len(edit.new) + source_position - edit.end


def move(value: T, to: Callable[[int, int], Span], *, quotes: tuple[str, str] | None = None) -> T:
    """Return ``value`` with every span in it mapped by ``to``.

    Parameters
    ----------
    value
        A dataclass, or a tuple, list or dict of them; anything else is returned unchanged.
    to
        Span → span.
    quotes
        The text of the old offsets and the text of the new ones: quotations are taken anew from the second.

    Examples
    --------
    >>> move(Unparsed(2, 5, "???", "noise"), lambda start, end: (start + 10, end + 10))
    Unparsed(start=12, end=15, text='???', reason='noise')
    """
    if isinstance(value, tuple | list):
        return cast(T, type(value)(move(each, to, quotes=quotes) for each in value))
    if isinstance(value, Mapping):
        return cast(T, {key: move(each, to, quotes=quotes) for key, each in value.items()})
    if not is_dataclass(value) or isinstance(value, type):
        return value
    shape = _shape(type(value))
    inner = ((name, getattr(value, name)) for name in shape.nested)
    changed: dict[str, Any] = {name: move(each, to, quotes=quotes) for name, each in inner if each}
    for name in shape.pairs:
        spans = getattr(value, name)
        if spans:
            changed[name] = to(*spans) if isinstance(spans[0], int) else tuple(to(*span) for span in spans)
    for start_name, end_name, quote in shape.spans:
        start, end = getattr(value, start_name), getattr(value, end_name)
        if start is None or end is None:
            continue
        changed[start_name], changed[end_name] = to(start, end)
        if quotes and quote and getattr(value, quote) == quotes[0][start:end]:
            changed[quote] = quotes[1][changed[start_name] : changed[end_name]]
    if isinstance(value, Criterion) and value.marker_start is not None:
        changed |= _marker(value, value.marker_start, to, quotes)
    return cast(T, replace(cast(Any, value), **changed)) if changed else value


def _marker(
    item: Criterion, first: int, to: Callable[[int, int], Span], quotes: tuple[str, str] | None
) -> dict[str, Any]:
    """Move a criterion's marker, which lies somewhere before its start and may itself be escaped."""
    moved: dict[str, Any] = {"marker_start": to(first, item.start)[0]}
    if quotes and item.marker and (at := quotes[0].rfind(item.marker, first, item.start)) >= 0:
        start, end = to(at, at + len(item.marker))
        moved["marker"] = quotes[1][start:end]
    return moved


@dataclass(frozen=True, slots=True)
class _Shape:
    """The fields of a dataclass: (start, end, quotation), spans as pairs, and what may hold more of them."""

    spans: tuple[tuple[str, str, str | None], ...]
    pairs: tuple[str, ...]
    nested: tuple[str, ...]


@cache
def _shape(kind: type) -> _Shape:
    hints = get_type_hints(kind)
    spans = []
    for name in hints:
        stem = name.removesuffix("start")
        if name.endswith("start") and stem + "end" in hints:
            quote = next((n for n in (stem + "text", stem.rstrip("_")) if n in hints), None)
            spans.append((name, stem + "end", quote))
    pairs = tuple(name for name, hint in hints.items() if _is_pair(hint))
    return _Shape(
        tuple(spans),
        pairs,
        tuple(name for name, hint in hints.items() if name not in pairs and _holds_dataclass(hint)),
    )


def _is_pair(hint: Any) -> bool:
    """Whether a type is ``tuple[int, int]`` or a tuple of these, each also with ``| None``."""
    return get_args(hint) == (int, int) or any(_is_pair(inner) for inner in get_args(hint))


def _holds_dataclass(hint: Any) -> bool:
    return is_dataclass(hint) or any(_holds_dataclass(inner) for inner in get_args(hint))


def shifted(value: T, by: int) -> T:
    """Return ``value`` with every span in it moved by ``by`` characters."""
    return move(value, lambda start, end: (start + by, end + by)) if by else value


def plain(value: Any) -> Any:
    """Return plain JSON values: dataclasses as dicts and tuples as lists, at every level.

    >>> plain(Unparsed(0, 3, "???", "noise"))
    {'start': 0, 'end': 3, 'text': '???', 'reason': 'noise'}
    """
    if type(value) in _SCALARS:
        return value
    if isinstance(value, tuple | list):
        return [each if type(each) in _SCALARS else plain(each) for each in value]
    if isinstance(value, dict):
        return {key: each if type(each) in _SCALARS else plain(each) for key, each in value.items()}
    names, values = _fields(cast(Any, type(value)))
    found = zip(names, values(value), strict=True)
    return {name: each if type(each) in _SCALARS else plain(each) for name, each in found}


@cache
def _fields(kind: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(member.name for member in fields(kind))
    return names, attrgetter(*names)


def of_plain(kind: type[T], data: Mapping[str, Any]) -> T:
    """Return the dataclass that :func:`plain` converted.

    >>> of_plain(Unparsed, {"start": 0, "end": 3, "text": "???", "reason": "noise"})
    Unparsed(start=0, end=3, text='???', reason='noise')
    """
    return cast(T, adapter(cast(Any, kind)).validate_python(data))


def all_of_plain(kind: type[T], data: Sequence[Mapping[str, Any]] | None) -> tuple[T, ...]:
    """Return the dataclasses that :func:`plain` converted, in their order; none for None.

    >>> all_of_plain(Unparsed, [{"start": 0, "end": 3, "text": "???", "reason": "noise"}])
    (Unparsed(start=0, end=3, text='???', reason='noise'),)
    """
    return cast(tuple[T, ...], adapter(tuple[kind, ...]).validate_python(data or ()))  # type: ignore[valid-type]


def to_source(found: Mapping[str, Sequence[Any]], offsets: OffsetMap) -> dict[str, tuple[Any, ...]]:
    """Return ``found`` with offsets and quotations of the source.

    A piece that was read as a blank but is not blank in the source (a tag between two criteria, a NUL), and
    that lies in no other span, is added to ``unparsed``, so that every character of the source is accounted
    for.

    Parameters
    ----------
    found
        ``headings``, ``entities``, ``criteria`` and ``unparsed``, whose offsets count in ``offsets.text``.
    offsets
        The way back.
    """
    quotes = offsets.text, offsets.source
    moved = {key: tuple(move(tuple(value), offsets.span, quotes=quotes)) for key, value in found.items()}
    spans = [(each.start, each.end) for name in ("headings", "unparsed") for each in moved[name]]
    for criterion in moved["criteria"]:
        start = criterion.start if criterion.marker_start is None else criterion.marker_start
        spans.append((start, criterion.end))
    fragments = [*moved["unparsed"], *_blank_edits(sorted(spans), offsets)]
    return moved | {"unparsed": tuple(sorted(fragments, key=lambda fragment: fragment.start))}


def _blank_edits(spans: list[Span], offsets: OffsetMap) -> Iterator[Unparsed]:
    """Yield what was read as a blank outside ``spans``, which are sorted and do not overlap."""
    for edit in offsets.edits:
        before = bisect_left(spans, (edit.end,)) - 1
        if not edit.new.strip() and (before < 0 or spans[before][1] <= edit.start):
            text = offsets.source[edit.start : edit.end]
            reason = "markup" if len(text) > 1 else "line break" if edit.new == "\n" else "no character"
            yield Unparsed(edit.start, edit.end, text, reason)
