"""The parent of an item: decided by indent, then numbering, then the kind of marker.

``place`` keeps a stack of open items, outermost first.  "2." after "1." is its sibling whatever the indent;
a deeper item is a child; at the same indent a bullet under a number, or a list that begins again at one under
an item that introduces it, is a child.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from eligex.layout.markers import Marker
from eligex.schema import CriterionType, TypeBasis


@dataclass(slots=True)
class Node:
    """An item while the outline is being built.

    ``alternative`` is true for one that holds instead of its parent, ``choice`` for one whose children join
    each other with "or".
    """

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
    topic: bool = False
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    inline: bool = False
    alternative: bool = False
    choice: bool = False
    sentences: tuple[tuple[int, int], ...] = ()

    @property
    def bullet(self) -> str | None:
        """The bullet character of an item without a number."""
        return self.marker.bullet if self.marker and not self.marker.orders else None


@dataclass(slots=True)
class Outermost:
    """The outermost items of the open section, to find where a list continues.

    ``bullets`` counts them by bullet and indent, ``numbers`` has the last number of each style.
    """

    bullets: dict[tuple[str, int], int] = field(default_factory=dict)
    numbers: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def add(self, node: Node) -> None:
        """Record an outermost item."""
        if node.bullet is not None and node.indent is not None:
            self.bullets[node.bullet, node.indent] = self.bullets.get((node.bullet, node.indent), 0) + 1
        if node.marker is not None:
            self.numbers.update(node.marker.orders)

    def goes_on(self, node: Node) -> bool:
        """Return whether a number is the next of the outermost list."""
        if node.marker is None:
            return False
        last = [(self.numbers.get(style), value) for style, value in node.marker.orders]
        return any(
            before is not None and before[:-1] == value[:-1] and before[-1] + 1 == value[-1]
            for before, value in last
        )


@dataclass(frozen=True, slots=True)
class Fragment:
    """A span that is neither a heading nor an item."""

    start: int
    end: int
    reason: str


def place(stack: list[Node], node: Node, *, inline: bool, outer: Outermost) -> Node | None:
    """Make ``node`` a child of its parent among the open items, and return that parent.

    Parameters
    ----------
    stack
        The open items, outermost first; ``node`` is put on its end.
    node
        The new item.
    inline
        Whether it follows another item in one line, so that its indent is not used.
    outer
        The outermost items of the section; updated here.
    """
    node.inline = inline
    keep = _by_number(stack, node)
    if keep is None and outer.goes_on(node):
        keep = 0
    if keep is None and not inline:
        _leave_line(stack, node)
    if keep is None:
        keep = _by_indent(stack, node) if not inline and node.indent is not None else None
    if keep is None:
        keep = _by_kind(stack, node, inline=inline)
        keep = _by_bullet(stack, node, keep, outer)
    del stack[keep:]
    parent = stack[-1] if stack else None
    if parent is not None:
        node.parent = parent
        parent.children.append(node)
    else:
        outer.add(node)
    stack.append(node)
    return parent


def continues_number(stack: list[Node], marker: Marker) -> bool:
    """Return whether a number above one continues an open list."""
    return any(
        style == other and value[:-1] == last[:-1] and value[-1] == last[-1] + 1
        for node in stack
        if node.marker
        for other, last in node.marker.orders
        for style, value in marker.orders
    )


def _by_number(stack: list[Node], node: Node) -> int | None:
    """Return the depth of the open item that the number of ``node`` follows or belongs under.

    If several open lists could continue ("4." after "3." and the "1." to "3." under it), the list with the
    same indent does.
    """
    if node.marker is None:
        return None
    found: int | None = None
    for depth in range(len(stack) - 1, -1, -1):
        marker = stack[depth].marker
        if marker is None:
            continue
        step = _follows(marker, node.marker)
        if step == 0:
            return depth + 1
        if step == 1:
            indent = stack[depth].indent
            if indent is None or node.indent is None or abs(indent - node.indent) <= 1:
                return depth
            found = depth if found is None else found
    return found


def _follows(before: Marker, marker: Marker) -> int | None:
    """Return 1 if a number is the next in the list, 0 if it is a part of the one before ("1.1" of "1.")."""
    for style, value in marker.orders:
        for other, last in before.orders:
            if len(value) == len(last) and other == style:
                if value[:-1] == last[:-1] and value[-1] == last[-1] + 1:
                    return 1
            elif style == "1.1" and last == value[: len(last)] and len(last) < len(value):
                return 0
    return None


def _leave_line(stack: list[Node], node: Node) -> None:
    """Close the items of an enumeration inside a line if a new line begins another list."""
    while len(stack) > 1 and stack[-1].inline and not _alike(stack[-1], node) and not stack[-1].intro:
        stack.pop()
        if not stack[-1].inline:
            if node.marker is not None and stack[-1].marker is None:
                stack.pop()
            break


def _by_indent(stack: list[Node], node: Node) -> int | None:
    """Close items with a deeper indent; return a depth only if the indent alone makes it a child."""
    depth, indent = len(stack), node.indent or 0
    while depth:
        top = stack[depth - 1]
        if (top.indent is not None and top.indent > indent + 1) or not _holds(top):
            depth -= 1
            continue
        break
    del stack[depth:]
    if not depth:
        return None
    top = stack[-1]
    if top.indent is None:
        if top.bullet == node.bullet and top.marker is not None:
            top.indent = node.indent
        return None
    return depth if indent > top.indent + 1 else None


def _holds(node: Node) -> bool:
    """Return whether an item can have children: a paragraph only if it introduces them."""
    return node.marker is not None or node.intro


def _by_kind(stack: list[Node], node: Node, *, inline: bool) -> int:
    while stack and not _holds(stack[-1]):
        del stack[-1]
    for at in range(len(stack) - 1, -1, -1):
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
    if not stack:
        return 0
    top = stack[-1]
    if node.marker is None:
        return len(stack) if inline and top.intro else 0
    opens = node.bullet is not None or _first(node)
    if top.intro or (top.marker is not None and top.marker.orders and opens) or (inline and _first(node)):
        return len(stack)
    return len(stack) - 1


def _by_bullet(stack: list[Node], node: Node, keep: int, outer: Outermost) -> int:
    """Correct the depth by the bullets of the outermost items of the section."""
    if node.bullet is None or node.indent is None or node.inline or any(_alike(item, node) for item in stack):
        return keep
    if (node.bullet, node.indent) in outer.bullets:
        return keep if keep and stack[keep - 1].intro else 0
    top = stack[-1] if stack else None
    if (
        top is not None
        and top.bullet
        and top.indent == node.indent
        and outer.bullets.get((top.bullet, node.indent), 0) > 1
    ):
        return len(stack)
    return keep


def _alike(entry: Node, node: Node) -> bool:
    """Return whether two items with the same indent belong to one list."""
    if entry.marker is None or node.marker is None:
        return entry.marker is None and node.marker is None
    if entry.bullet or node.bullet:
        return entry.bullet == node.bullet
    begins = [order for order in node.marker.orders if order[1] == (1,)]
    orders = begins or node.marker.orders
    return any(style == other for style, _ in entry.marker.orders for other, _ in orders)


def _first(node: Node) -> bool:
    return node.marker is not None and any(value == (1,) for _, value in node.marker.orders)
