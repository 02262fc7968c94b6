"""From blocks to an outline: headings, items with their parents, sections, groups.

The outline keeps a stack of open items.  Indent decides first, numbering second ("2." after "1." is its
sibling whatever the indent), the kind of marker last (a bullet under a number is its child).  What an
outline becomes for the world is decided in ``segment``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from eligex.lexicon.layout import heading_words
from eligex.schema import CriterionType, TypeBasis
from eligex.text.chars import SOLID, skip_blank, trim
from eligex.text.headings import HeadingMatch, find_inline, is_registry_field, read_heading
from eligex.text.items import Piece, split_items, split_statements
from eligex.text.lines import Block, join_lines, split_lines
from eligex.text.markers import Marker, read_marker
from eligex.text.sentences import split_sentences

_WORDS = heading_words()
_ALNUM = re.compile(r"[^\W_]")
_INTRO_END = re.compile(
    r"(?:[:：]|\b(?:the following|following criteria|as follows|one of|any of|all of|either|includes|including))\W{0,3}$",
    re.IGNORECASE,
)
_EXCLUDES = re.compile(
    r"\b(?:(?:is|are|be|was|were)\s+(?:excluded|ineligible|not\s+eligible)|(?:will|may|can|must|should)\s*not\s+be\s+(?:eligible|included|enrolled)|excluded\s+from|exclusion\s+criteri|not\s+eligible)\b",
    re.IGNORECASE,
)
_LABELS = "|".join(
    sorted((re.escape(label.capitalize()) for label in _WORDS.labels), key=lambda label: (-len(label), label))
)
_LABEL = re.compile(rf"(?<=\s)(?:{_LABELS}):(?=\s)")
_OWN_COHORT = re.compile(
    rf"(?:FOR\s+)?(?P<name>[A-Z][A-Z /&-]{{2,40}}?|(?:{'|'.join(sorted(noun.capitalize() for noun in _WORDS.group_nouns))})\s(?:\d{{1,2}}[a-z]?|[A-Z]|[IVX]{{1,4}}))\s?:\s"
)
_TITLE_WORDS = 7


@dataclass(slots=True)
class Node:
    """An item while the outline is being built."""

    start: int
    end: int
    marker_start: int
    marker: Marker | None
    indent: int | None
    section: int
    type: CriterionType
    basis: TypeBasis
    cohort: str | None
    intro: bool = False
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    sentences: tuple[tuple[int, int], ...] = ()

    @property
    def bullet(self) -> str | None:
        """The bullet character of an item without a number."""
        return self.marker.bullet if self.marker and not self.marker.orders else None


@dataclass(frozen=True, slots=True)
class Fragment:
    """A span that is neither heading nor item."""

    start: int
    end: int
    reason: str


class Outline:
    """Read one section of text; the results are ``headings``, ``nodes`` and ``fragments``."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start, self.end = start, end
        self.headings: list[HeadingMatch] = []
        self.nodes: list[Node] = []
        self.fragments: list[Fragment] = []
        self._stack: list[Node] = []
        self._section = 0
        self._type: CriterionType | None = None
        self._topic = False
        self._cohort: str | None = None
        self._cohort_outranks = False
        self._fresh_cohort = False
        self._pending: Marker | None = None

    def read(self) -> Outline:
        """Read the whole span."""
        lines = split_lines(self.text, self.start, self.end)
        blocks = join_lines(self.text, lines, self._heads)
        for index, block in enumerate(blocks):
            self._read_block(block, blocks[index + 1] if index + 1 < len(blocks) else None)
        self._drop_pending()
        self._split_paragraphs()
        return self

    # -- blocks ------------------------------------------------------------------------------------------

    def _heads(self, start: int, end: int) -> bool:
        marker = read_marker(self.text, start, end)
        at = marker.content if marker else start
        found = read_heading(self.text, at, end, marked=marker is not None, inside=None) if at < end else None
        return found is not None and found.end >= end - 1

    def _read_block(self, block: Block, following: Block | None) -> None:
        text, start, end, marker = self.text, block.start, block.end, block.marker
        if not _ALNUM.search(text, start, end):
            self._drop_pending()
            self.fragments.append(Fragment(start, end, "separator" if end - start > 2 else "punctuation"))
            return
        if marker is not None and marker.content >= end:
            self._drop_pending()
            self._pending = replace(marker, content=end)
            return
        if is_registry_field(text, start, end):
            self._drop_pending()
            self.fragments.append(Fragment(start, end, "registry field"))
            return
        if marker is None and self._pending is not None:
            marker, self._pending = replace(self._pending, content=start), None
        self._drop_pending()
        self._read_span(start, end, marker, block.indent, following)

    def _read_span(
        self, start: int, end: int, marker: Marker | None, indent: int | None, following: Block | None
    ) -> None:
        """Read a block, or what a heading left of it."""
        text = self.text
        at = marker.content if marker else start
        heading = read_heading(text, at, end, marked=marker is not None, inside=self._type)
        if heading is not None:
            first = marker.start if marker else heading.start
            self._open(replace(heading, start=first))
            at, end = trim(text, heading.end, end)
            if at < end:
                self._read_rest(at, end)
            return
        for inline in find_inline(text, at, end):
            if inline.start < at:
                continue
            first, last = trim(text, at, inline.start)
            if first < last:
                self._emit(first, last, marker, indent, None)
            marker = None
            self._open(inline)
            at = skip_blank(text, inline.end, end)
            if at < end:
                marker = read_marker(text, at, end)
                at = marker.content if marker else at
            indent = None
        if at < end:
            self._emit(at, end, marker, indent, following)
        elif marker is not None:
            self.fragments.append(Fragment(marker.start, marker.end, "empty item"))

    def _read_rest(self, at: int, end: int) -> None:
        if not _ALNUM.search(self.text, at, end):
            self.fragments.append(Fragment(at, end, "punctuation"))
            return
        marker = read_marker(self.text, at, end)
        if marker is not None and marker.content >= end:
            self._pending = marker
        else:
            self._read_span(at, end, marker, None, None)

    def _drop_pending(self) -> None:
        if self._pending is not None:
            self.fragments.append(Fragment(self._pending.start, self._pending.end, "empty item"))
            self._pending = None

    # -- sections ----------------------------------------------------------------------------------------

    def _open(self, heading: HeadingMatch) -> None:
        self._drop_pending()
        self.headings.append(heading)
        self._stack.clear()
        self._section += 1
        if heading.rank == "cohort":
            self._cohort, self._fresh_cohort, self._cohort_outranks = heading.cohort, True, False
            return
        self._topic = heading.rank == "topic"
        if heading.type is not None or heading.resets:
            self._type = heading.type
        if heading.rank == "section":
            if heading.cohort is not None:
                self._cohort, self._cohort_outranks = heading.cohort, False
            elif self._fresh_cohort:
                self._cohort_outranks = True
            elif not self._cohort_outranks:
                self._cohort = None
        self._fresh_cohort = False

    # -- items -------------------------------------------------------------------------------------------

    def _emit(
        self, start: int, end: int, marker: Marker | None, indent: int | None, following: Block | None
    ) -> None:
        """Turn a span without headings into items."""
        self._fresh_cohort = False
        spans = [(start, end)]
        if self._topic and marker is None:
            cuts = [match.start() for match in _LABEL.finditer(self.text, start, end)]
            spans = [trim(self.text, a, b) for a, b in zip([start, *cuts], [*cuts, end], strict=True)]
        for first, last in spans:
            if first >= last:
                continue
            pieces = split_items(self.text, first, last, marker, self._open_orders())
            for piece in pieces:
                alone = len(pieces) == 1 and len(spans) == 1
                self._place(self._node(piece, indent, following if alone else None), inline=piece.inline)
            marker = None

    def _open_orders(self) -> dict[str, int]:
        return {
            style: value[0]
            for node in self._stack
            if node.marker
            for style, value in node.marker.orders
            if len(value) == 1
        }

    def _node(self, piece: Piece, indent: int | None, following: Block | None) -> Node:
        text = self.text
        kind: CriterionType = self._type or "inclusion"
        basis: TypeBasis = "heading" if self._type else "default"
        if self._type is None and _EXCLUDES.search(text, piece.start, piece.end):
            kind, basis = "exclusion", "cue"
        own = _OWN_COHORT.match(text, piece.start, piece.end)
        node = Node(
            piece.start,
            piece.end,
            piece.marker.start if piece.marker else piece.start,
            piece.marker,
            indent,
            self._section,
            kind,
            basis,
            self._named_cohort(own["name"]) if own else self._cohort,
        )
        node.intro = _INTRO_END.search(text, max(piece.start, piece.end - 60), piece.end) is not None
        if not node.intro and piece.marker is None and following is not None and following.marker is not None:
            node.intro = self._is_title(piece, indent, following)
        return node

    def _named_cohort(self, name: str) -> str | None:
        lower = name.strip().lower()
        if name[-1].isdigit() or lower in _WORDS.people or lower in _WORDS.everybody:
            return name.strip()
        if re.match(rf"(?:{'|'.join(_WORDS.group_nouns)})\s", lower):
            return name.strip()
        return self._cohort

    def _is_title(self, piece: Piece, indent: int | None, following: Block) -> bool:
        """A few words without a stop directly before a list: "Performance status"."""
        words = self.text[piece.start : piece.end]
        return (
            words.count(" ") < _TITLE_WORDS
            and words[0].isupper()
            and words[-1] not in ".,;"
            and following.indent > (indent or 0)
            and "\n" not in words
        )

    def _place(self, node: Node, *, inline: bool) -> None:
        """Find the parent of a new item on the stack of open ones."""
        self.nodes.append(node)
        stack = self._stack
        parent: Node | None = None
        keep = self._sibling_by_number(node)
        if keep is None:
            keep = self._level(node, inline=inline)
        del stack[keep:]
        parent = stack[-1] if stack else None
        if parent is not None:
            node.parent = parent
            parent.children.append(node)
            if self._type is None and parent.basis == "cue":
                node.type, node.basis = parent.type, parent.basis
            if node.cohort == self._cohort:
                node.cohort = parent.cohort
        stack.append(node)

    def _sibling_by_number(self, node: Node) -> int | None:
        """Return the depth of the open item that the number of ``node`` follows."""
        if node.marker is None:
            return None
        for style, value in node.marker.orders:
            for depth in range(len(self._stack) - 1, -1, -1):
                marker = self._stack[depth].marker
                if marker is None:
                    continue
                for other, last in marker.orders:
                    if (
                        len(value) == len(last)
                        and other == style
                        and value[:-1] == last[:-1]
                        and value[-1] == last[-1] + 1
                    ):
                        return depth
                    if style == "1.1" and last == value[: len(last)] and len(last) < len(value):
                        return depth + 1
        return None

    def _level(self, node: Node, *, inline: bool) -> int:
        """Return how much of the stack stays open before ``node``, by indent and kind of marker."""
        stack = self._stack
        depth = len(stack)
        if node.indent is not None and not inline:
            while depth and (indent := stack[depth - 1].indent) is not None and indent > node.indent + 1:
                depth -= 1
            while depth and stack[depth - 1].marker is None and not stack[depth - 1].intro:
                depth -= 1
            if depth:
                top = stack[depth - 1]
                if top.indent is None and top.bullet == node.bullet:
                    top.indent = node.indent
                if top.indent is not None and node.indent > top.indent + 1 and not self._same_list(top, node):
                    return depth
        while depth and stack[depth - 1].marker is None and not stack[depth - 1].intro:
            depth -= 1
        for at in range(depth - 1, -1, -1):
            entry = stack[at]
            if (
                not inline
                and node.indent is not None
                and entry.indent is not None
                and entry.indent + 1 < node.indent
            ):
                break
            if _alike(entry, node):
                return at
        if not depth:
            return 0
        top = stack[depth - 1]
        if node.marker is None:
            return 0 if not inline else depth - 1
        if top.marker is None:
            return depth
        if top.intro or (top.marker.orders and (node.bullet or _first(node))) or (inline and _first(node)):
            return depth
        return depth - 1

    @staticmethod
    def _same_list(top: Node, node: Node) -> bool:
        """An item behind its heading on one line begins the list that the next lines indent."""
        return top.indent is None

    # -- paragraphs --------------------------------------------------------------------------------------

    def _split_paragraphs(self) -> None:
        """Make statements of paragraphs where a section is written as prose."""
        sections: dict[int, list[Node]] = {}
        for node in self.nodes:
            sections.setdefault(node.section, []).append(node)
        result: list[Node] = []
        for nodes in sections.values():
            spans = (
                []
                if any(node.marker or node.children or node.intro for node in nodes)
                else [split_statements(self.text, node.start, node.end) for node in nodes]
            )
            if not spans or not (len(nodes) <= 2 or sum(map(len, spans)) >= 2.5 * len(nodes)):
                result.extend(nodes)
                continue
            for node, parts in zip(nodes, spans, strict=True):
                result.extend(self._part(node, *part) for part in parts)
        self.nodes = result
        for node in result:
            node.sentences = split_sentences(self.text, node.start, node.end)

    def _part(self, node: Node, start: int, end: int) -> Node:
        part = replace(node, start=start, end=end, marker_start=start, children=[])
        if part.basis != "heading":
            excluded = _EXCLUDES.search(self.text, start, end) is not None
            part.type, part.basis = ("exclusion", "cue") if excluded else ("inclusion", "default")
        return part


def _alike(entry: Node, node: Node) -> bool:
    """Return whether two items at one indent are of one list."""
    if entry.marker is None or node.marker is None:
        return entry.marker is None and node.marker is None and not entry.intro
    if entry.bullet or node.bullet:
        return entry.bullet == node.bullet
    return any(style == other for style, _ in entry.marker.orders for other, _ in node.marker.orders)


def _first(node: Node) -> bool:
    return node.marker is not None and any(value[-1] == 1 for _, value in node.marker.orders)


__all__ = ["SOLID", "Fragment", "Node", "Outline"]
