"""From blocks to an outline: headings with what they open, items on their places, fragments.

The outline goes through the blocks once, keeping the open section (its type, topic and group).  Where an
item hangs is decided in ``nesting``, what becomes of paragraphs without markers in ``prose``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from eligex.layout.chars import skip_blank, trim
from eligex.layout.groups import any_of, group_name
from eligex.layout.headings import HeadingMatch, find_inline, opens_typed, read_heading, registry_text
from eligex.layout.items import Piece, split_items
from eligex.layout.lines import Block, join_lines, split_lines
from eligex.layout.markers import Marker, read_marker
from eligex.layout.nesting import Fragment, Node, Outermost, continues_number, place
from eligex.layout.prose import adopt_lists, excludes, split_paragraphs
from eligex.layout.sentences import split_sentences
from eligex.lexicon.layout import heading_words
from eligex.schema import CriterionType, TypeBasis

_WORDS = heading_words()
_ALNUM = re.compile(r"[^\W_]")
_INTRO_ENDS = (
    "following", "following criteria", "as follows", "one of", "any of", "all of", "either", "includes",
    "including",
)  # fmt: skip
# "Hepatic: Bilirubin …" inside a paragraph of an old oncology record
_LABEL = re.compile(rf"(?<=\s)(?:{any_of(word.capitalize() for word in _WORDS.labels)}):(?=\s)")
# "DONOR: age over 18", "Cohort 2: no prior therapy"
_OWN_COHORT = re.compile(
    r"""
    (?:FOR\s+|For\s+)?
    (?P<name> [A-Z][A-Z /&-]{2,40}?
            | (?:Parts?|Cohorts?|Groups?|Arms?|Phase|Stratum|Sub-?[Ss]tudy|Panel)\s
              (?:\d{1,2}[a-z]?|[A-Z]|[IVX]{1,4}) (?:\s(?:and|or|&)\s(?:\d{1,2}|[A-Z]))? )
    (?:\s+only)? \s?:\s
    """,
    re.VERBOSE,
)
_TITLE_WORDS = 7
# "Lung Cancer (Arms 1 and 2)"
_NAMES_GROUP = re.compile(r"\((?:arms?|cohorts?|parts?|groups?|phase)\s", re.IGNORECASE)
_TITLE_VOCABULARY = _WORDS.qualifiers | _WORDS.everybody


class Outline:
    """Read one section of text; the results are ``headings``, ``nodes`` and ``fragments``."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start, self.end = start, end
        self.headings: list[HeadingMatch] = []
        self.nodes: list[Node] = []
        self.fragments: list[Fragment] = []
        self._stack: list[Node] = []
        self._outer = Outermost()
        self._section = 0
        self._type: CriterionType | None = None
        self._topic = False
        self._cohort: str | None = None
        self._cohort_outranks = False
        self._fresh_cohort = False
        self._pending: Marker | None = None
        self._suspended: tuple[list[Node], CriterionType | None, int] | None = None

    def read(self) -> Outline:
        """Read the whole span."""
        lines, signs = split_lines(self.text, self.start, self.end)
        blocks = join_lines(self.text, lines, self._heads)
        for index, block in enumerate(blocks):
            self._read_block(block, blocks[index + 1] if index + 1 < len(blocks) else None)
        self._drop_pending()
        self._forget_everybody()
        self.nodes = split_paragraphs(self.text, self.nodes)
        adopt_lists(self.text, self.nodes)
        for node in self.nodes:
            node.sentences = split_sentences(self.text, node.start, node.end, telegraphic=node.topic)
        self._keep_signs(signs)
        return self

    # -- blocks ------------------------------------------------------------------------------------------

    def _heads(self, start: int, end: int) -> bool:
        """Return whether a line is a heading as a whole."""
        marker = read_marker(self.text, start, end)
        at = marker.content if marker else start
        if at >= end or (self.text[at].islower() and not opens_typed(self.text, at, end)):
            return False
        found = read_heading(self.text, at, end, marked=marker is not None, inside=None)
        if found is None or (found.end < end - 1 and found.rank != "section"):
            return False
        return not (found.sentence and self.text[end - 1] not in ":：")

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
        if end - start < 7 and marker is None and self._joins(start, end):
            return
        if marker is not None and text[marker.content].isspace():
            marker = replace(marker, content=skip_blank(text, marker.content, end))
        if reason := registry_text(text, marker.content if marker else start, end):
            self._drop_pending()
            self.fragments.append(Fragment(start, end, reason))
            return
        if marker is None and self._pending is not None:
            marker, self._pending = replace(self._pending, content=start), None
        self._drop_pending()
        self._read_span(start, end, marker, block.indent, following)

    def _joins(self, start: int, end: int) -> bool:
        """Add a line such as "OR" to the item it follows, so that it breaks no list."""
        if self.text[start:end].lower().strip("*_.,;:() ") not in ("or", "and", "and/or", "plus", "but"):
            return False
        if not self.nodes or self.nodes[-1].section != self._section or self._pending is not None:
            return False
        if skip_blank(self.text, self.nodes[-1].end, start) != start:
            return False
        self.nodes[-1].end = end
        return True

    def _read_span(
        self, at: int, end: int, marker: Marker | None, indent: int | None, following: Block | None
    ) -> None:
        """Read a block: the headings it begins with, then its items."""
        text = self.text
        while True:
            at = marker.content if marker else at
            if marker is not None:
                self._resume(marker)
            heading = read_heading(text, at, end, marked=marker is not None, inside=self._type)
            if heading is None:
                self._read_items(at, end, marker, indent, following)
                return
            if heading.sentence:
                self._promote_title(heading)
            if heading.detailed or self._repeats(heading):
                if heading.type != self._type:
                    self._open(heading, silent=True)
                self._emit(at, end, marker, indent, following)
                return
            self._open(replace(heading, start=marker.start if marker else heading.start))
            at, end = trim(text, heading.end, end)
            if at >= end:
                return
            if not _ALNUM.search(text, at, end):
                self.fragments.append(Fragment(at, end, "punctuation"))
                return
            marker, indent, following = read_marker(text, at, end), None, None
            if marker is not None and marker.content >= end:
                self._pending = marker
                return

    def _read_items(
        self, at: int, end: int, marker: Marker | None, indent: int | None, following: Block | None
    ) -> None:
        """Read the words of a block, and the headings in the middle of them."""
        text = self.text
        for inline in find_inline(text, at, end):
            if inline.start < at:
                continue
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
            self.fragments.append(Fragment(marker.start, marker.end, "empty item"))

    def _drop_pending(self) -> None:
        """Give up a marker that no words follow."""
        if self._pending is not None:
            self.fragments.append(Fragment(self._pending.start, self._pending.end, "empty item"))
            self._pending = None

    def _forget_everybody(self) -> None:
        """Drop "patients" as a group where no heading names another group beside them."""
        generic = {heading.cohort for heading in self.headings if heading.generic}
        if generic and not any(heading.cohort and not heading.generic for heading in self.headings):
            for node in self.nodes:
                if node.cohort in generic:
                    node.cohort = None

    def _keep_signs(self, signs: list[tuple[int, int]]) -> None:
        """Account for visible line breaks ("~", "<br>") that lie between spans, not inside one."""
        if not signs:
            return
        taken = sorted(
            [(item.start, item.end) for item in self.headings]
            + [(item.start, item.end) for item in self.fragments]
            + [(node.marker_start, node.end) for node in self.nodes]
        )
        at = 0
        for start, end in signs:
            while at < len(taken) and taken[at][1] <= start:
                at += 1
            if at == len(taken) or taken[at][0] >= end:
                self.fragments.append(Fragment(start, end, "line break"))

    # -- sections ----------------------------------------------------------------------------------------

    def _repeats(self, heading: HeadingMatch) -> bool:
        """A sentence that opens the section which is open, behind other items, introduces a list in it."""
        if not heading.sentence or heading.type != self._type:
            return False
        return bool(self.nodes) and self.nodes[-1].section == self._section

    def _open(self, heading: HeadingMatch, *, silent: bool = False) -> None:
        """Open the section, topic or group that a heading names; silent where its words stay a criterion."""
        self._drop_pending()
        self._promote_title(heading)
        self._suspended = (self._stack[:], self._type, self._section) if heading.sentence else None
        if not silent:
            self.headings.append(heading)
        self._stack.clear()
        self._outer = Outermost()
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

    def _resume(self, marker: Marker) -> None:
        """Go back to a numbered list that a sentence ("The following are eligible:") had broken into."""
        if self._suspended is None:
            return
        stack, kind, section = self._suspended
        if continues_number(self._stack, marker) or not continues_number(stack, marker):
            return
        self._stack, self._type, self._section = stack, kind, section
        self._suspended = None

    def _promote_title(self, heading: HeadingMatch) -> None:
        """Make a heading of a line such as "Prior Medication:" or "Main" directly before another heading."""
        if not self.nodes:
            return
        last = self.nodes[-1]
        if last.section != self._section or last.children or last.end - last.start >= 120:
            return
        words = self.text[last.start : last.end]
        group = group_name(self.text, last.start, last.end) if words[-1] in ":：" else None
        if self._type == "exclusion" and heading.type == "inclusion" and words.lower() in _WORDS.people:
            group = words
        if group is not None:
            self._pop_title(last, HeadingMatch(last.marker_start, last.end, "cohort", None, group))
            self._cohort, self._fresh_cohort, self._cohort_outranks = group, True, False
        elif last.marker is None and (
            words[-1] in ":：" or _TITLE_VOCABULARY.issuperset(words.lower().split())
        ):
            self._pop_title(last, HeadingMatch(last.start, last.end, "topic"))

    def _pop_title(self, node: Node, heading: HeadingMatch) -> None:
        self.nodes.pop()
        if node.parent is not None:
            node.parent.children.remove(node)
        self.headings.append(heading)

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
            alone = len(pieces) == 1 and len(spans) == 1
            for piece in pieces:
                self._hang(self._node(piece, indent, following if alone else None), inline=piece.inline)
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
        text, marker = self.text, piece.marker
        kind: CriterionType = self._type or "inclusion"
        basis: TypeBasis = "heading" if self._type else "default"
        if self._type is None and self._says_excluded(piece):
            kind, basis = "exclusion", "cue"
        intro = _introduces(text, piece.start, piece.end)
        if not intro and marker is None and following is not None and following.marker is not None:
            intro = self._is_title(piece, indent, following)
        return Node(
            piece.start,
            piece.end,
            marker.start if marker else piece.start,
            marker,
            indent,
            self._section,
            kind,
            basis,
            self._own_cohort(piece, intro=intro),
            intro,
            self._topic,
        )

    def _says_excluded(self, piece: Piece) -> bool:
        """Return whether an item outside any section excludes by its words; a run of telegrams does not."""
        if self._topic and len(split_sentences(self.text, piece.start, piece.end, telegraphic=True)) > 1:
            return False
        return excludes(self.text, piece.start, piece.end)

    def _own_cohort(self, piece: Piece, *, intro: bool) -> str | None:
        """Return the group an item names itself, else that of its section."""
        text = self.text
        if intro and piece.marker is not None and piece.end - piece.start < 80:
            return group_name(text, piece.start, piece.end) or self._cohort
        own = _OWN_COHORT.match(text, piece.start, piece.end) if text[piece.start].isupper() else None
        if own is None:
            return self._cohort
        name = " ".join(own["name"].split())
        lower = name.lower()
        named = (
            lower in _WORDS.people or lower in _WORDS.everybody or lower.split(" ")[0] in _WORDS.group_nouns
        )
        return name if named else self._cohort

    def _is_title(self, piece: Piece, indent: int | None, following: Block) -> bool:
        """A few words without a stop directly before a list: "Performance status"."""
        words = self.text[piece.start : piece.end]
        if words.count(" ") >= _TITLE_WORDS or not words[0].isupper() or words[-1] in ".,;" or "\n" in words:
            return False
        if following.indent > (indent or 0):
            return True
        if following.indent == indent and _NAMES_GROUP.search(words):
            return True
        few = words.count(" ") < (4 if words.istitle() else 3) and not any(char.isdigit() for char in words)
        return following.indent == indent and (words.isupper() or few)

    def _hang(self, node: Node, *, inline: bool) -> None:
        """Put a new item on its place and let it inherit."""
        self.nodes.append(node)
        parent = place(self._stack, node, inline=inline, outer=self._outer)
        if parent is not None and node.intro and parent.intro and self._parallel(parent, node):
            parent = self._lift(parent, node)
        if parent is None:
            return
        if self._type is None and parent.basis == "cue":
            node.type, node.basis = parent.type, parent.basis
        if node.cohort == self._cohort:
            node.cohort = parent.cohort

    def _parallel(self, parent: Node, node: Node) -> bool:
        """Return whether an item begins as its parent does ("Excluded within …:"), so stands beside it."""
        first = self.text[parent.start : parent.start + 80].lower().split()[:2]
        return len(first) == 2 and first == self.text[node.start : node.start + 80].lower().split()[:2]

    def _lift(self, parent: Node, node: Node) -> Node | None:
        """Hang an item beside its parent instead."""
        parent.children.remove(node)
        self._stack.remove(parent)
        node.parent = parent.parent
        if node.parent is not None:
            node.parent.children.append(node)
        return node.parent


def _introduces(text: str, start: int, end: int) -> bool:
    """Return whether an item ends by introducing a list."""
    if text[end - 1] in ":：":
        return True
    tail = text[max(start, end - 24) : end].lower().rstrip(" .:*_)-–\n")
    return tail.endswith(_INTRO_ENDS) or text[max(start, end - 4) : end].rstrip("*_ ").endswith((":", "："))
