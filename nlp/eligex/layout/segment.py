"""From an eligibility text to its headings, its tree of criteria, and the fragments that are neither.

``segment`` cuts and accounts: every visible character of the section is in the region of one criterion
(marker and text), in a heading, or in a fragment with a reason; no two spans overlap.  It reads layout, not
meaning: later pipes interpret the criteria.

Decisions worth knowing:

* A line that introduces a list ("Adequate organ function:", "Performance status:") is a criterion, the
  parent of the items after it; only lines that name a section, a topic of the old oncology records
  ("DISEASE CHARACTERISTICS:") or a group of patients ("Part B:") are headings.
* A topic or "Eligibility Criteria:" has no type; criteria under it are of the type that the caller gives,
  else inclusion by default.
* A group holds until the next heading of its rank: one directly before a section heading
  outranks it ("Donors: / Inclusion criteria: …"), one inside a section ends with the section.
* Ids number the top-level criteria of each type; a child takes its parent's id and a letter ("inc-7.b"),
  which can never be the id of a predicate of the parent ("inc-7.2").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from eligex.layout.chars import trim
from eligex.layout.logic import children_logic
from eligex.layout.nesting import Fragment, Node
from eligex.layout.outline import Outline, read_outline
from eligex.lexicon.languages import is_english, name_of
from eligex.schema import CriterionType, Heading, SourceField, TypeBasis, Unparsed


@dataclass(frozen=True, slots=True)
class Segment:
    """A criterion as the layout shows it, without its meaning.

    ``text[start:end]`` are its words; ``text[marker_start:start]`` are its bullets, numbers and blanks, of
    which ``marker`` is the innermost label as written ("4." of "- • 4.").  The span of a parent is its own
    introducing words; ``children_logic`` and ``children_minimum`` say how its children combine.  An
    ``alternative`` is no part of its parent, but may hold instead of it.
    """

    id: str
    type: CriterionType
    start: int
    end: int
    marker: str | None
    marker_start: int
    parent: str | None
    type_basis: TypeBasis
    cohort: str | None
    sentences: tuple[tuple[int, int], ...]
    children_logic: Literal["and", "or"] | None = None
    children_minimum: int | None = None
    alternative: bool = False


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Headings, criteria and unparsed fragments, each sorted; all offsets count in the given text."""

    headings: tuple[Heading, ...]
    criteria: tuple[Segment, ...]
    unparsed: tuple[Unparsed, ...]


def segment(
    text: str,
    *,
    start: int = 0,
    end: int | None = None,
    type: CriterionType | None = None,
    fields: Sequence[SourceField] = (),
) -> Segmentation:
    """Cut an eligibility text into headings, criteria and unparsed fragments.

    Parameters
    ----------
    text
        The text as its source gave it; it is never rewritten.
    start, end
        The eligibility section inside it; the whole text if not given.
    type
        The type of criteria under no typed heading, if the caller knows it.
    fields
        The fields of the record that ``text`` consists of, if there are several.  Each is read alone; where
        a field has a type, all of its criteria have it, and no heading in it counts.

    Returns
    -------
    Segmentation
        With offsets into ``text``.
    """
    outline = (
        _of_fields(text, fields, type)
        if fields
        else read_outline(text, start, len(text) if end is None else end, given=type)
    )
    headings = tuple(
        Heading(item.start, item.end, text[item.start : item.end], item.type) for item in outline.headings
    )
    unparsed = tuple(
        Unparsed(item.start, item.end, text[item.start : item.end], item.reason)
        for item in sorted(outline.fragments, key=lambda item: item.start)
    )
    return Segmentation(headings, _segments(text, outline), unparsed)


def _of_fields(text: str, fields: Sequence[SourceField], given: CriterionType | None) -> Outline:
    """Return the outlines of several fields as one."""
    whole = Outline()
    for field in fields:
        if is_english(field):
            part = read_outline(
                text,
                field.start,
                field.end,
                given=field.type or given,
                fixed=field.type is not None,
                item=field.item,
            )
        else:
            start, end = trim(text, field.start, field.end)
            part = Outline(fragments=[Fragment(start, end, f"in {name_of(str(field.language))}")])
        whole.headings += part.headings
        whole.nodes += part.nodes
        whole.fragments += part.fragments
    return whole


def _segments(text: str, outline: Outline) -> tuple[Segment, ...]:
    ids: dict[int, str] = {}
    born: dict[int, int] = {}
    counts = {"inclusion": 0, "exclusion": 0}
    result: list[Segment] = []
    for node in outline.nodes:
        if node.parent is None:
            counts[node.type] += 1
            name = f"{node.type[:3]}-{counts[node.type]}"
        else:
            place = born[id(node.parent)] = born.get(id(node.parent), -1) + 1
            name = f"{ids[id(node.parent)]}.{_letters(place)}"
        ids[id(node)] = name
        logic, minimum = _logic(text, node) if node.children else (None, None)
        result.append(
            Segment(
                id=name,
                type=node.type,
                start=node.start,
                end=node.end,
                marker=text[node.marker.label : node.marker.end] if node.marker else None,
                marker_start=node.marker_start,
                parent=ids[id(node.parent)] if node.parent else None,
                type_basis=node.basis,
                cohort=node.cohort,
                sentences=node.sentences,
                children_logic=logic,
                children_minimum=minimum,
                alternative=node.alternative,
            )
        )
    return tuple(result)


def _logic(text: str, node: Node) -> tuple[Literal["and", "or"], int | None]:
    if node.choice:
        return "or", None
    return children_logic(text[node.start : node.end], node.type, introduces=node.intro)


def _letters(place: int) -> str:
    """Return a, b, … z, aa, ab … for 0, 1, …"""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(97 + rest) + name
    return name
