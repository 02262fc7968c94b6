"""The boolean expression of a criterion over its predicates.

Decides how neighbouring heads combine, from the words between them and the labels; De Morgan included, so
"no A or B" is not-A *and* not-B.  Expressions are ids or ``{"and": […]}`` / ``{"or": […]}`` with ids inside.

The defaults follow Chia's OR groups outside the development fold: a list in an exclusion criterion is an OR
group whether it is written with "or", "and" or commas alone; in an inclusion criterion "and" is taken at
its word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from eligex.grammar.connectors import Connector, connector
from eligex.schema import CriterionType

Expression = str | dict[str, Any]
Operator = Literal["and", "or"]


@dataclass(frozen=True, slots=True)
class Operand:
    """One head with its finished expression and what its neighbours need to know of it."""

    expression: Expression
    label: str
    valued: bool
    negation: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class _Node:
    expression: Expression
    negations: tuple[tuple[int, int] | None, ...]
    valued: bool


def combine(operator: Operator, parts: Sequence[Expression]) -> Expression:
    """Join expressions, flattening those of the same operator.

    Examples
    --------
    >>> combine("or", ["a", {"or": ["b", "c"]}])
    {'or': ['a', 'b', 'c']}
    """
    if len(parts) == 1:
        return parts[0]
    flat: list[Expression] = []
    for part in parts:
        if isinstance(part, dict) and list(part) == [operator]:
            flat.extend(part[operator])
        else:
            flat.append(part)
    return {operator: flat}


def expression_of(operands: Sequence[Operand], gaps: Sequence[str], kind: CriterionType) -> Expression | None:
    """Return the expression of ``operands`` joined by the texts between them, or None for no operands."""
    if not operands:
        return None
    links = _within_lists([_link(gap) for gap in gaps], gaps)
    nodes, joints = _collapse_lists(operands, links, kind)
    top: Operator = "and" if kind == "inclusion" else "or"
    chunks: list[tuple[list[_Node], list[Connector]]] = [([nodes[0]], [])]
    separators: list[Operator] = []
    for node, joint in zip(nodes[1:], joints, strict=True):
        if joint.kind == "semicolon":
            separators.append(top)
            chunks.append(([node], []))
        else:
            chunks[-1][0].append(node)
            chunks[-1][1].append(joint)
    return combine(top, [_chunk(chunk, links_, kind) for chunk, links_ in chunks])


def _link(gap: str) -> Connector:
    """A semicolon followed by a conjunction is that conjunction: "A; or B"."""
    link = connector(gap)
    if link.kind == "semicolon":
        tail = connector(gap.rsplit(";", 1)[-1]) if ";" in gap else link
        if tail.kind == "or":
            return Connector("or", False)
    return link


def _within_lists(links: list[Connector], gaps: Sequence[str]) -> list[Connector]:
    """Commas take the conjunction that ends their list; what a "such as" covers is an OR list."""
    resolved = list(links)
    for i, link in enumerate(links):
        if link.kind == "comma":
            for later in links[i + 1 :]:
                if later.kind in ("and", "or"):
                    resolved[i] = Connector(later.kind, link.tight)
                    break
                if later.kind in ("semicolon", "covers") or (later.kind == "narrow" and not later.tight):
                    break
    covered = False
    for i, link in enumerate(resolved):
        if link.kind == "semicolon" or ")" in gaps[i]:
            covered = False
        elif link.kind == "covers":
            covered = True
        elif covered and link.kind in ("and", "comma"):
            resolved[i] = Connector("or", link.tight)
    return resolved


def _collapse_lists(
    operands: Sequence[Operand], links: Sequence[Connector], kind: CriterionType
) -> tuple[list[_Node], list[Connector]]:
    """Join runs of like things with nothing but conjunctions between them."""
    nodes: list[_Node] = []
    joints: list[Connector] = []
    run: list[Operand] = [operands[0]]
    inner: list[Connector] = []
    for operand, link in zip(operands[1:], links, strict=True):
        like = operand.label == run[-1].label
        if link.tight and link.kind in ("and", "or", "comma") and like:
            run.append(operand)
            inner.append(link)
            continue
        nodes.append(_list_node(run, inner, kind))
        joints.append(link)
        run, inner = [operand], []
    nodes.append(_list_node(run, inner, kind))
    return nodes, joints


def _list_node(run: Sequence[Operand], inner: Sequence[Connector], kind: CriterionType) -> _Node:
    valued = any(o.valued for o in run)
    node_parts = [_Node(o.expression, (o.negation,), o.valued) for o in run]
    return _precedence(node_parts, [_operator(link, valued, kind) for link in inner])


def _operator(link: Connector, valued: bool, kind: CriterionType) -> Operator:
    if link.kind in ("or", "covers"):
        return "or"
    if link.kind == "narrow":
        return "and"
    if kind == "exclusion":
        return "and" if valued and link.kind == "and" else "or"
    if link.kind == "comma":
        return "and" if valued else "or"
    return "and"


def _chunk(nodes: list[_Node], joints: list[Connector], kind: CriterionType) -> Expression:
    """Narrowing binds tightest, then and, then or."""
    narrowed: list[_Node] = [nodes[0]]
    rest: list[Operator] = []
    for node, joint in zip(nodes[1:], joints, strict=True):
        if joint.kind == "narrow":
            last = narrowed[-1]
            narrowed[-1] = _Node(
                combine("and", [last.expression, node.expression]),
                (*last.negations, *node.negations),
                last.valued or node.valued,
            )
        else:
            narrowed.append(node)
            valued = narrowed[-2].valued and node.valued
            rest.append(_operator(joint, valued, kind))
    return _precedence(narrowed, rest).expression


def _precedence(nodes: Sequence[_Node], operators: Sequence[Operator]) -> _Node:
    groups: list[list[_Node]] = [[nodes[0]]]
    for node, operator in zip(nodes[1:], operators, strict=True):
        if operator == "and":
            groups[-1].append(node)
        else:
            groups.append([node])
    joined = [_join("and", group) for group in groups]
    return _join("or", joined)


def _join(operator: Operator, nodes: Sequence[_Node]) -> _Node:
    if len(nodes) == 1:
        return nodes[0]
    negations = tuple(n for node in nodes for n in node.negations)
    # One cue that negates every member: not (A or B) is (not A) and (not B).
    if operator == "or" and negations[0] is not None and len(set(negations)) == 1:
        operator = "and"
    return _Node(combine(operator, [n.expression for n in nodes]), negations, any(n.valued for n in nodes))
