"""Which node of a corrected graph is which node of the exported one."""

from __future__ import annotations

from eligex.exports.graph import Graph, Node

NEW = "+"
"""Begins the ids of nodes that people added."""


def aligned(before: Graph, after: Graph) -> Graph:
    """Return the corrected graph with the ids of the exported one; new nodes get ids of their own.

    The same id at a place that overlaps is the same node, and so is another id at the same place: tools give
    a span that was deleted and drawn again a new id, and may give its old one to another span.
    """
    same = {
        key: key
        for key, node in after.nodes.items()
        if key in before.nodes and _overlap(node, before.nodes[key])
    }
    free = {node.span: key for key, node in before.nodes.items() if key not in same}
    for key, node in after.nodes.items():
        if key not in same:
            same[key] = free.pop(node.span, f"{NEW}{key}")
    found = Graph()
    for key, node in after.nodes.items():
        found.nodes[same[key]] = Node(same[key], *node.span, node.label, node.negated, node.notes)
    found.arrows = {(name, same[head], same[tail]): None for name, head, tail in after.arrows}
    return found


def _overlap(one: Node, other: Node) -> bool:
    return one.start < other.end and other.start < one.end
