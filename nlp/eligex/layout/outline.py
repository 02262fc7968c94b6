"""From blocks to an outline: headings with their sections, nested items, fragments.

The reader goes through the blocks once and keeps the open section and group (:mod:`eligex.layout.sections`).
``nesting`` decides the parent of an item, ``prose`` how paragraphs without markers are divided.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from eligex.language.identify import foreign_parts
from eligex.layout.chars import skip_blank, trim
from eligex.layout.choices import join_choices
from eligex.layout.groups import group_name
from eligex.layout.headings import HeadingMatch, find_inline, opens_typed, read_heading, registry_text
from eligex.layout.items import Piece, split_items
from eligex.layout.lines import Block, join_lines, split_lines
from eligex.layout.markers import Marker, read_marker
from eligex.layout.nesting import Fragment, Node, continues_number, place
from eligex.layout.prose import adopt_lists, excludes, release_lone, split_paragraphs
from eligex.layout.sections import Group, Section
from eligex.layout.sentences import runs_on, split_sentences
from eligex.layout.silent import drop_silent
from eligex.layout.titles import LABEL, introduces, is_title, own_group, titles_heading
from eligex.lexicon.layout import heading_words, sentence_words
from eligex.schema import CriterionType, TypeBasis

_WORDS = heading_words()
_ALNUM = re.compile(r"[^\W_]")


@dataclass(slots=True)
class Outline:
    """The contents of a section."""

    headings: list[HeadingMatch] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    fragments: list[Fragment] = field(default_factory=list)


def read_outline(
    text: str,
    start: int,
    end: int,
    *,
    given: CriterionType | None = None,
    fixed: bool = False,
    item: bool = False,
) -> Outline:
    """Return the outline of ``text[start:end]``.

    ``given`` is the type of items under no typed heading, and of all items if it is ``fixed``.  ``item``
    means that the text is one criterion, whose sentences are no criteria of their own.
    """
    lines, signs = split_lines(text, start, end)
    blocks = join_lines(text, lines, lambda first, last: _is_heading(text, first, last))
    foreign = foreign_parts(text, [(block.start, block.end) for block in blocks])
    reader = _Reader(text, end, given, fixed=fixed)
    for index, block in enumerate(blocks):
        if language := foreign.get(index):
            reader.leave_out(block, f"in {language}")
        else:
            reader.read_block(block, blocks[index + 1] if index + 1 < len(blocks) else None)
    outline = reader.close()
    _forget_everybody(outline)
    if not item:
        outline.nodes = split_paragraphs(text, outline.nodes)
    release_lone(text, outline.nodes)
    adopt_lists(text, outline.nodes)
    outline.nodes, silent = drop_silent(text, outline.nodes)
    outline.fragments += silent
    join_choices(text, outline.nodes)
    for node in outline.nodes:
        telegraphic = node.topic or runs_on(text, node.start, node.end)
        node.sentences = split_sentences(text, node.start, node.end, telegraphic=telegraphic)
    _keep_signs(outline, signs)
    return outline


def _is_heading(text: str, start: int, end: int) -> bool:
    """Return whether a whole line is a heading."""
    marker = read_marker(text, start, end)
    at = marker.content if marker else start
    if at >= end or (text[at].islower() and not opens_typed(text, at, end)):
        return False
    found = read_heading(text, at, end, marked=marker is not None, inside=None)
    if found is None or (found.end < end - 1 and found.rank != "section"):
        return False
    return not (found.sentence and text[end - 1] not in ":：")


def _forget_everybody(outline: Outline) -> None:
    """Drop "patients" as a group if no heading names another group."""
    generic = {heading.cohort for heading in outline.headings if heading.generic}
    if generic and not any(heading.cohort and not heading.generic for heading in outline.headings):
        for node in outline.nodes:
            if node.cohort in generic:
                node.cohort = None


def _keep_signs(outline: Outline, signs: list[tuple[int, int]]) -> None:
    """Add visible line breaks ("~", "<br>") between spans as fragments."""
    if not signs:
        return
    taken = sorted(
        [(item.start, item.end) for item in outline.headings]
        + [(item.start, item.end) for item in outline.fragments]
        + [(node.marker_start, node.end) for node in outline.nodes]
    )
    at = 0
    for start, end in signs:
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        if at == len(taken) or taken[at][0] >= end:
            outline.fragments.append(Fragment(start, end, "line break"))


class _Reader:
    """Reads blocks into an outline.

    Its state: the open section, the section that a sentence interrupted, the group of patients, and a marker
    that still waits for its words.
    """

    def __init__(self, text: str, end: int, given: CriterionType | None, *, fixed: bool) -> None:
        self.text = text
        self.end = end
        self.given = given
        self.fixed = fixed
        self.outline = Outline()
        self.section = Section()
        self.interrupted: Section | None = None
        self.group = Group()
        self.pending: Marker | None = None

    @property
    def type(self) -> CriterionType | None:
        """The current type, from the headings or else from the caller."""
        return self.given if self.fixed else self.section.type or self.given

    def _fitted(self, heading: HeadingMatch) -> HeadingMatch:
        """Return a heading of a typed field as its field has it.

        It has the type of the field.  If all else that the field says is in it ("Exclusion criteria: patients
        who cannot walk"), it ends at its colon.
        """
        if not self.fixed or heading.type is None:
            return heading
        heading = replace(heading, type=self.given)
        if heading.sentence or _ALNUM.search(self.text, heading.end, self.end):
            return heading
        colon = self.text.find(":", heading.start, heading.end) + 1
        rest = skip_blank(self.text, colon, heading.end)
        if (
            not colon
            or rest >= heading.end
            or read_heading(self.text, rest, heading.end, marked=False, inside=None)
        ):
            return heading
        return replace(heading, end=colon, cohort=None, generic=False)

    # -- blocks ------------------------------------------------------------------------------------------

    def read_block(self, block: Block, following: Block | None) -> None:
        """Read a block; ``following`` is the next one."""
        text, start, end, marker = self.text, block.start, block.end, block.marker
        if not _ALNUM.search(text, start, end):
            self.leave_out(block, "separator" if end - start > 2 else "punctuation")
            return
        if marker is not None and marker.content >= end:
            self._drop_pending()
            self.pending = replace(marker, content=end)
            return
        if end - (marker.content if marker else start) < 7 and self._joins(start, end, marker):
            return
        if marker is not None and text[marker.content].isspace():
            marker = replace(marker, content=skip_blank(text, marker.content, end))
        if reason := registry_text(text, marker.content if marker else start, end):
            self.leave_out(block, reason)
            return
        if marker is None and self.pending is not None:
            marker, self.pending = replace(self.pending, content=start), None
        self._drop_pending()
        self._read_span(start, end, marker, block.indent, following)

    def leave_out(self, block: Block, reason: str) -> None:
        """Make a block a fragment."""
        self._drop_pending()
        self.outline.fragments.append(Fragment(block.start, block.end, reason))

    def close(self) -> Outline:
        """Return what was read."""
        self._drop_pending()
        return self.outline

    def _joins(self, start: int, end: int, marker: Marker | None) -> bool:
        """Add a line such as "OR" or "* OR" to the item it follows, so that it breaks no list."""
        words = self.text[marker.content if marker else start : end]
        if words.lower().strip("*_.,;:() ") not in sentence_words().joining:
            return False
        last = self._last()
        if last is None or skip_blank(self.text, last.end, start) != start:
            return False
        last.end = end
        return True

    def _last(self) -> Node | None:
        """Return the last item if it lies in the open section."""
        nodes = self.outline.nodes
        return nodes[-1] if nodes and nodes[-1].section == self.section.number else None

    def _read_span(
        self, at: int, end: int, marker: Marker | None, indent: int | None, following: Block | None
    ) -> None:
        """Read a block: the headings it begins with, then its items."""
        text = self.text
        while True:
            at = marker.content if marker else at
            if marker is not None:
                self._resume(marker)
            heading = read_heading(text, at, end, marked=marker is not None, inside=self.type)
            if heading is None:
                self._read_items(at, end, marker, indent, following)
                return
            heading = self._fitted(heading)
            if heading.sentence:
                self._promote_title(heading)
            if heading.detailed or self._repeats(heading):
                if heading.type != self.type:
                    self._open(heading, silent=True)
                self._emit(at, end, marker, indent, following)
                return
            self._open(replace(heading, start=marker.start if marker else heading.start))
            at, end = trim(text, heading.end, end)
            if at >= end:
                return
            if not _ALNUM.search(text, at, end):
                self.outline.fragments.append(Fragment(at, end, "punctuation"))
                return
            marker, indent, following = read_marker(text, at, end), None, None
            if marker is not None and marker.content >= end:
                self.pending = marker
                return

    def _read_items(
        self, at: int, end: int, marker: Marker | None, indent: int | None, following: Block | None
    ) -> None:
        """Read the words of a block, and the headings in the middle of them."""
        text = self.text
        for inline in find_inline(text, at, end):
            if inline.start < at:
                continue
            inline = self._fitted(inline)
            first, last = trim(text, at, inline.start)
            if first < last:
                self._emit(first, last, marker, indent, None)
            elif marker is not None:
                inline = replace(inline, start=marker.start)
            self._open(inline)
            at, marker, indent = skip_blank(text, inline.end, end), None, None
            if at < end:
                marker = read_marker(text, at, end)
                at = marker.content if marker else at
        if at < end:
            self._emit(at, end, marker, indent, following)
        elif marker is not None:
            self.outline.fragments.append(Fragment(marker.start, marker.end, "empty item"))

    def _drop_pending(self) -> None:
        """Discard a marker that no words follow."""
        if self.pending is not None:
            self.outline.fragments.append(Fragment(self.pending.start, self.pending.end, "empty item"))
            self.pending = None

    # -- sections ----------------------------------------------------------------------------------------

    def _repeats(self, heading: HeadingMatch) -> bool:
        """Return whether a sentence heading only introduces a list in the open section."""
        return heading.sentence and heading.type == self.type and self._last() is not None

    def _open(self, heading: HeadingMatch, *, silent: bool = False) -> None:
        """Open the section, topic or group of a heading; if it stays a criterion, do not record it."""
        self._drop_pending()
        self._promote_title(heading)
        self.interrupted = self.section if heading.sentence else None
        if not silent:
            self.outline.headings.append(heading)
        self.section = self.section.following(heading)
        self.group = self.group.at_heading(heading)

    def _resume(self, marker: Marker) -> None:
        """Return to a numbered list that a sentence ("The following are eligible:") interrupted."""
        if self.interrupted is None:
            return
        if continues_number(self.section.stack, marker) or not continues_number(
            self.interrupted.stack, marker
        ):
            return
        self.section, self.interrupted = self.interrupted.resumed(self.section), None

    def _promote_title(self, heading: HeadingMatch) -> None:
        """Make a heading of a line directly before another heading: "Prior Medication:", "Main"."""
        last = self._last()
        if last is None or last.children or last.end - last.start >= 120:
            return
        words = self.text[last.start : last.end]
        group = group_name(self.text, last.start, last.end) if words[-1] in ":：" else None
        if self.type == "exclusion" and heading.type == "inclusion" and words.lower() in _WORDS.people:
            group = words
        if group is not None:
            title = HeadingMatch(last.marker_start, last.end, "cohort", None, group)
            self._pop_title(last, title)
            self.group = self.group.at_heading(title)
        elif last.marker is None and titles_heading(words):
            self._pop_title(last, HeadingMatch(last.start, last.end, "topic"))

    def _pop_title(self, node: Node, heading: HeadingMatch) -> None:
        self.outline.nodes.pop()
        if node.parent is not None:
            node.parent.children.remove(node)
        self.outline.headings.append(heading)

    # -- items -------------------------------------------------------------------------------------------

    def _emit(
        self, start: int, end: int, marker: Marker | None, indent: int | None, following: Block | None
    ) -> None:
        """Turn a span without headings into items."""
        self.group = self.group.at_item()
        spans = [(start, end)]
        if self.section.topic and marker is None:
            cuts = [match.start() for match in LABEL.finditer(self.text, start, end)]
            spans = [trim(self.text, a, b) for a, b in zip([start, *cuts], [*cuts, end], strict=True)]
        for first, last in spans:
            if first >= last:
                continue
            pieces = split_items(self.text, first, last, marker, self.section.open_orders())
            alone = len(pieces) == 1 and len(spans) == 1
            for piece in pieces:
                self._hang(self._node(piece, indent, following if alone else None), inline=piece.inline)
            marker = None

    def _node(self, piece: Piece, indent: int | None, following: Block | None) -> Node:
        text, marker = self.text, piece.marker
        kind, basis = self._type_of(piece)
        intro = introduces(text, piece.start, piece.end)
        if not intro and marker is None and following is not None and following.marker is not None:
            intro = is_title(text, piece, indent, following)
        return Node(
            piece.start,
            piece.end,
            marker.start if marker else piece.start,
            marker,
            indent,
            self.section.number,
            kind,
            basis,
            own_group(text, piece, intro=intro) or self.group.name,
            intro,
            self.section.topic,
        )

    def _type_of(self, piece: Piece) -> tuple[CriterionType, TypeBasis]:
        """Return the type of an item: from its heading, else from the caller, else from its own words."""
        if self.fixed and self.given is not None:
            return self.given, "field"
        if self.section.type is not None:
            return self.section.type, "heading"
        if self.given is not None:
            return self.given, "given"
        return ("exclusion", "cue") if self._says_excluded(piece) else ("inclusion", "default")

    def _says_excluded(self, piece: Piece) -> bool:
        """Return whether the words of an item outside any section exclude; telegraphic statements do not."""
        if self.section.topic:
            telegrams = split_sentences(self.text, piece.start, piece.end, telegraphic=True)
            if len(telegrams) > 1:
                return False
        return excludes(self.text, piece.start, piece.end)

    def _hang(self, node: Node, *, inline: bool) -> None:
        """Put a new item under its parent, whose type and group it inherits."""
        self.outline.nodes.append(node)
        parent = place(self.section.stack, node, inline=inline, outer=self.section.outer)
        if parent is not None and node.intro and parent.intro and self._parallel(parent, node):
            parent = self._lift(parent, node)
        if parent is None:
            return
        if self.type is None and parent.basis == "cue":
            node.type, node.basis = parent.type, parent.basis
        if node.cohort == self.group.name:
            node.cohort = parent.cohort

    def _parallel(self, parent: Node, node: Node) -> bool:
        """Return whether an item begins like its parent ("Excluded within …:") and so is its sibling."""
        first = self.text[parent.start : parent.start + 80].lower().split()[:2]
        return len(first) == 2 and first == self.text[node.start : node.start + 80].lower().split()[:2]

    def _lift(self, parent: Node, node: Node) -> Node | None:
        """Make an item a sibling of its parent."""
        parent.children.remove(node)
        self.section.stack.remove(parent)
        node.parent = parent.parent
        if node.parent is not None:
            node.parent.children.append(node)
        return node.parent
