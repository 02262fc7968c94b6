"""From the blocks of a source to the text and its segments, all offsets absolute.

Decides where a criterion starts (after its marker), what its id is, and which section it is in.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from string import ascii_lowercase

from eligex.schema import CriterionType, Heading, TypeBasis, Unparsed
from eligex_corpus.errors import SourceError
from eligex_corpus.layout import Block, SourceFile
from eligex_corpus.markup import Mark, strip_marks

_TYPES: dict[str, CriterionType] = {"inc": "inclusion", "exc": "exclusion"}
_BASES: dict[str, TypeBasis] = {"heading": "heading", "cue": "cue", "default": "default"}


@dataclass(slots=True)
class Part:
    """A criterion of the source, placed in the text; ``marks`` by key, at absolute offsets."""

    id: str
    block: Block
    type: CriterionType
    type_basis: TypeBasis
    cohort: str | None
    marker: str | None
    marker_start: int | None
    start: int
    end: int
    parent: Part | None
    marks: dict[str, Mark]
    children: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """The text and everything that accounts for it."""

    text: str
    start: int
    end: int
    headings: list[Heading]
    parts: list[Part]
    unparsed: list[Unparsed]


@dataclass(slots=True)
class _State:
    """What the segments so far decide for the next one."""

    type: CriterionType | None = None
    cohort: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    levels: list[Part] = field(default_factory=list)


def lay_out(source: SourceFile) -> Layout:
    """Place all blocks in the text.

    Raises
    ------
    SourceError
        For an unknown option, a marker that is not where it should be, an empty segment, or a criterion
        whose type nothing says.
    """
    pieces: list[str] = []
    layout = Layout("", -1, 0, [], [], [])
    state = _State()
    offset = 0
    for block in source.blocks:
        words, marks = strip_marks(block.marked, block.opener.where)
        first = offset + len(words) - len(words.lstrip())
        last = offset + len(words.rstrip())
        pieces.append(words)
        if block.opener.name != "o":
            if first >= last:
                raise SourceError("an empty segment", where=block.opener.where)
            layout.start = first if layout.start < 0 else layout.start
            layout.end = last
            placed = {m.key: replace(m, start=m.start + offset, end=m.end + offset) for m in marks}
            _place(layout, state, block, words[first - offset : last - offset], first, placed)
        offset += len(words)
    layout.text = "".join(pieces)
    if not any(block.opener.name == "o" for block in source.blocks):
        layout.start, layout.end = 0, len(layout.text)
    return layout


def _place(
    layout: Layout, state: _State, block: Block, words: str, first: int, marks: dict[str, Mark]
) -> None:
    kind = block.opener.name
    if kind == "u":
        layout.unparsed.append(Unparsed(first, first + len(words), words, block.opener.rest))
        return
    bare, options = _options(block)
    if kind == "h":
        if len(bare) != 1 or bare[0] not in (*_TYPES, "none"):
            raise SourceError("a heading is inc, exc or none", where=block.opener.where)
        heading_type = _TYPES.get(bare[0])
        layout.headings.append(Heading(first, first + len(words), words, heading_type))
        if "within" not in options:
            state.type = heading_type
        if "keep" not in options:
            state.cohort = options.get("cohort")
        return
    layout.parts.append(_criterion(state, block, words, first, marks, bare, options))


def _criterion(
    state: _State,
    block: Block,
    words: str,
    first: int,
    marks: dict[str, Mark],
    bare: list[str],
    options: dict[str, str],
) -> Part:
    where = block.opener.where
    marker = bare[0] if bare else None
    start = first
    if marker is not None:
        if not words.startswith(marker):
            raise SourceError(f"the text does not start with the marker {marker!r}", where=where)
        rest = words[len(marker) :]
        start = first + len(words) - len(rest.lstrip())
    depth = {"c": 0, "k": 1, "kk": 2}[block.opener.name]
    if depth > len(state.levels):
        raise SourceError("a child without a parent", where=where)
    del state.levels[depth:]
    parent = state.levels[-1] if depth else None
    own_type = _TYPES.get(options.get("type", ""), parent.type if parent else state.type)
    if own_type is None:
        raise SourceError("no heading says the type: give type= and basis=", where=where)
    basis = _BASES[options.get("basis", parent.type_basis if parent else "heading")]
    part = Part(
        _identifier(state, own_type, parent),
        block,
        own_type,
        basis,
        options.get("cohort", parent.cohort if parent else state.cohort),
        marker,
        None if marker is None else first,
        start,
        first + len(words),
        parent,
        marks,
    )
    if parent is not None:
        parent.children.append(part)
    state.levels.append(part)
    return part


def _identifier(state: _State, own_type: CriterionType, parent: Part | None) -> str:
    if parent is not None:
        return f"{parent.id}.{ascii_lowercase[len(parent.children)]}"
    state.counts[own_type] = state.counts.get(own_type, 0) + 1
    return f"{own_type[:3]}-{state.counts[own_type]}"


_KNOWN_OPTIONS = frozenset({"type", "basis", "cohort", "within", "keep"})


def _options(block: Block) -> tuple[list[str], dict[str, str]]:
    bare: list[str] = []
    options: dict[str, str] = {}
    for token in block.opener.tokens:
        name, equals, value = token.partition("=")
        if name in _KNOWN_OPTIONS:
            options[name] = value.strip('"') if equals else ""
        else:
            bare.append(token.strip('"'))
    if len(bare) > 1:
        raise SourceError(f"what is {bare[1]!r}?", where=block.opener.where)
    return bare, options
