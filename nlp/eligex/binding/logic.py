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

from eligex.language.connectors import SHARED_BY_LIST, TAKES_LIST, Connector, connector
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
    person: bool


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
    if len(operands) < 2:
        return operands[0].expression if operands else None
    operands, gaps = _merge_narrowed(list(operands), list(gaps), kind)
    links = _resolve(operands, gaps)
    nodes, joints = _cover(*_collapse_lists(operands, links, kind))
    top: Operator = "and" if kind == "inclusion" else "or"
    chunks: list[tuple[list[_Node], list[Connector]]] = [([nodes[0]], [])]
    for node, joint in zip(nodes[1:], joints, strict=True):
        if joint.kind == "semicolon":
            chunks.append(([node], []))
        else:
            chunks[-1][0].append(node)
            chunks[-1][1].append(joint)
    return combine(top, [_chunk(chunk, inner, kind).expression for chunk, inner in chunks])


def _resolve(operands: Sequence[Operand], gaps: Sequence[str]) -> list[Connector]:
    """Classify the gaps; commas between like things take the conjunction that ends their list."""
    links = [_link(gap, a, b) for gap, a, b in zip(gaps, operands, operands[1:], strict=False)]
    for i, link in enumerate(links):
        if link.kind != "comma" or not _alike(operands[i], operands[i + 1]):
            continue
        for j in range(i + 1, len(links)):
            if links[j].kind in ("and", "or") and _alike(operands[j], operands[j + 1]):
                links[i] = Connector(links[j].kind, link.tight)
                break
            if links[j].kind in ("semicolon", "covers"):
                break
    return links


def _link(gap: str, left: Operand, right: Operand) -> Connector:
    """A semicolon with "or" behind it is an or; a bare bracket covers only what is like its left side."""
    link = connector(gap)
    if link.kind == "semicolon" and ";" in gap and connector(gap.rsplit(";", 1)[-1]).kind == "or":
        return Connector("or", False)
    if link.kind == "covers" and not _alike(left, right) and (gap.strip() in ("(", "（") or right.valued):
        return Connector("narrow", False)
    return link


def _merge_narrowed(
    operands: list[Operand], gaps: list[str], kind: CriterionType
) -> tuple[list[Operand], list[str]]:
    """Join a thing with what narrows it alone: "sleep apnoea on CPAP" is one member of its list.

    What a whole list shares ("allergy or intolerance to A") and what is said of people is left for later.
    """
    i = 0
    while i < len(gaps):
        left, right = operands[i], operands[i + 1]
        link = _link(gaps[i], left, right)
        if link.kind != "narrow" or left.label == "Person" or SHARED_BY_LIST.match(gaps[i]):
            i += 1
            continue
        last = i + 1
        whole_list = left.label != right.label or TAKES_LIST.match(gaps[i]) is not None
        while last < len(gaps) and whole_list and _continues(operands, gaps, last):
            last += 1
        run = [_Node(o.expression, (o.negation,), o.valued, False) for o in operands[i + 1 : last + 1]]
        inner = _resolve(operands[i + 1 : last + 1], gaps[i + 1 : last])
        part = _precedence(run, [_operator(one, right.valued, kind) for one in inner])
        whole = _join("and", [_Node(left.expression, (left.negation,), left.valued, False), part])
        operands[i : last + 1] = [Operand(whole.expression, left.label, left.valued, left.negation)]
        del gaps[i:last]
    return operands, gaps


def _continues(operands: Sequence[Operand], gaps: Sequence[str], at: int) -> bool:
    """Whether the list that holds operand ``at`` goes on with the next one."""
    link = _link(gaps[at], operands[at], operands[at + 1])
    return link.tight and link.kind in ("and", "or", "comma") and _alike(operands[at], operands[at + 1])


def _alike(left: Operand, right: Operand) -> bool:
    return left.label == right.label and left.valued == right.valued


def _collapse_lists(
    operands: Sequence[Operand], links: Sequence[Connector], kind: CriterionType
) -> tuple[list[_Node], list[Connector]]:
    """Join runs of like things with nothing but conjunctions between them."""
    nodes: list[_Node] = []
    joints: list[Connector] = []
    run: list[Operand] = [operands[0]]
    inner: list[Connector] = []
    for operand, link in zip(operands[1:], links, strict=True):
        if link.tight and link.kind in ("and", "or", "comma") and _alike(run[-1], operand):
            run.append(operand)
            inner.append(link)
            continue
        covered = bool(joints) and joints[-1].kind == "covers"
        nodes.append(_list_node(run, inner, kind, covered=covered))
        joints.append(link)
        run, inner = [operand], []
    covered = bool(joints) and joints[-1].kind == "covers"
    nodes.append(_list_node(run, inner, kind, covered=covered))
    return nodes, joints


def _list_node(
    run: Sequence[Operand], inner: Sequence[Connector], kind: CriterionType, *, covered: bool
) -> _Node:
    parts = [_Node(o.expression, (o.negation,), o.valued, o.label == "Person") for o in run]
    if covered:  # what a "such as" names are examples, any of which will do
        return _precedence(parts, ["or"] * len(inner))
    return _precedence(parts, [_operator(link, run[0].valued, kind) for link in inner])


def _cover(nodes: list[_Node], joints: list[Connector]) -> tuple[list[_Node], list[Connector]]:
    """Take the examples of a "such as" into the node they are examples of."""
    kept, left = [nodes[0]], []
    for node, joint in zip(nodes[1:], joints, strict=True):
        if joint.kind == "covers":
            kept[-1] = _join("or", [kept[-1], node])
        else:
            kept.append(node)
            left.append(joint)
    return kept, left


def _operator(link: Connector, valued: bool, kind: CriterionType) -> Operator:
    if link.kind == "or":
        return "or"
    if link.kind == "narrow":
        return "and"
    if kind == "exclusion":
        return "and" if valued and link.kind == "and" else "or"
    if link.kind == "comma":
        return "and" if valued else "or"
    return "and"


def _chunk(nodes: Sequence[_Node], joints: Sequence[Connector], kind: CriterionType) -> _Node:
    """Narrowing binds tightest, then and, then or; but "women who are A or B" is women and (A or B)."""
    if len(nodes) > 1 and nodes[0].person and joints[0].kind == "narrow":
        return _join("and", [nodes[0], _chunk(nodes[1:], joints[1:], kind)])
    narrowed: list[_Node] = [nodes[0]]
    rest: list[Operator] = []
    for node, joint in zip(nodes[1:], joints, strict=True):
        if joint.kind == "narrow":
            narrowed[-1] = _join("and", [narrowed[-1], node])
        else:
            apart = joint.kind == "comma" and kind == "inclusion"
            rest.append("and" if apart else _operator(joint, narrowed[-1].valued and node.valued, kind))
            narrowed.append(node)
    return _precedence(narrowed, rest)


def _precedence(nodes: Sequence[_Node], operators: Sequence[Operator]) -> _Node:
    groups: list[list[_Node]] = [[nodes[0]]]
    for node, operator in zip(nodes[1:], operators, strict=True):
        if operator == "and":
            groups[-1].append(node)
        else:
            groups.append([node])
    return _join("or", [_join("and", group) for group in groups])


def _join(operator: Operator, nodes: Sequence[_Node]) -> _Node:
    if len(nodes) == 1:
        return nodes[0]
    negations = tuple(n for node in nodes for n in node.negations)
    # One cue that negates every member: not (A or B) is (not A) and (not B), and the other way round.
    if negations[0] is not None and len(set(negations)) == 1:
        operator = "and" if operator == "or" else "or"
    return _Node(
        combine(operator, [n.expression for n in nodes]),
        negations,
        any(n.valued for n in nodes),
        all(n.person for n in nodes),
    )
