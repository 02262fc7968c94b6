"""The boolean expression of a criterion: a fold over the parts of its tree, with a table of operators.

Decides how neighbouring heads combine, from the links between them and their labels; De Morgan included, so
"no A or B" is not-A *and* not-B.  An expression is an id, ``{"and": […]}`` or ``{"or": […]}``, or
``{"when": id, "else": x}``.

The defaults follow Chia's OR groups outside the development fold: a list in an exclusion criterion is an OR
group whether it is written with "or", "and" or commas alone; in an inclusion criterion "and" is taken at
its word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from eligex.binding.bound import Limit
from eligex.binding.tree import SHARING, Link, Span
from eligex.language.connectors import EITHER, SHARED_BY_LIST, TAKES_LIST, Connector, ConnectorKind, connector
from eligex.schema import CriterionType, Quantity

Expression = str | dict[str, Any]
Operator = Literal["and", "or"]


@dataclass(frozen=True, slots=True)
class Part:
    """One head, or several joined heads: the finished expression and what joining it with others needs.

    ``label`` is the common label of what is joined, "" without one; ``negation`` is the cue that negates each
    of its heads, None without one.  ``population`` says that it is a group of people, or several.
    """

    expression: Expression
    label: str
    valued: bool
    negation: Span | None
    population: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of ``OPERATORS``; None matches everything.

    ``valued`` asks whether both sides have limits, ``listed`` whether they are members of one list,
    ``populations`` whether both are groups of people.
    """

    connector: ConnectorKind
    operator: Operator
    section: CriterionType | None = None
    valued: bool | None = None
    listed: bool | None = None
    populations: bool | None = None


OPERATORS = (
    Rule("or", "or"),  # A or B
    Rule("and", "or", populations=True),  # men and women
    Rule("and", "and", "inclusion"),  # A and B
    Rule("and", "and", "exclusion", valued=True),  # ALT > 3 × ULN and AST > 3 × ULN
    Rule("and", "or", "exclusion"),  # A and B
    Rule("comma", "or", "exclusion"),  # A, B
    Rule("comma", "and", "inclusion", valued=True),  # ALT ≤ 3 × ULN, AST ≤ 3 × ULN
    Rule("comma", "or", "inclusion", listed=True),  # A, B
    Rule("comma", "and", "inclusion"),  # age ≥ 18 years, male
    Rule("semicolon", "and", "inclusion"),  # A; B
    Rule("semicolon", "or", "exclusion"),  # A; B
)
"""The operator that joins two neighbours: the first row that fits.  Narrowing is "and", examples are "or"."""


def operator_of(
    kind: ConnectorKind, section: CriterionType, *, valued: bool, listed: bool, populations: bool = False
) -> Operator:
    """Return the operator of the first row of ``OPERATORS`` that fits."""
    return next(
        rule.operator
        for rule in OPERATORS
        if rule.connector == kind
        and rule.section in (None, section)
        and rule.valued in (None, valued)
        and rule.listed in (None, listed)
        and rule.populations in (None, populations)
    )


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


def of_limits(
    ids: Sequence[str],
    limits: Sequence[Limit],
    gaps: Sequence[str],
    section: CriterionType,
    *,
    negated: bool = False,
) -> Expression:
    """Return the expression of the limits of one head, with the texts between them.

    Limits with "or" between them ("> 30 or < 18") and limits that exclude each other are alternatives.  A
    limit with a condition replaces the ones without where its condition holds: "≤ 3 × ULN, ≤ 5 × ULN if liver
    metastases" is ``{"when": second, "else": first}``; where all have conditions, each holds for its own.
    """
    either = (section == "exclusion") != negated
    plain = [i for i, limit in enumerate(limits) if limit.condition is None]
    special = [i for i, limit in enumerate(limits) if limit.condition is not None]
    if not plain:
        return combine("or" if either else "and", list(ids))
    if not any(limits[i].quantity.part for i in plain):  # a pressure is raised if either part is
        either = any(EITHER.search(gaps[i - 1]) for i in plain[1:]) != negated
        either = either or _exclude([limits[i].quantity for i in plain], negated=negated)
    found = combine("or" if either else "and", [ids[i] for i in plain])
    for i in reversed(special):
        found = {"when": ids[i], "else": found}
    return found


def _exclude(quantities: Sequence[Quantity], *, negated: bool) -> bool:
    """Whether no number is within all of some limits: "< 18, > 35"."""
    lowest, highest = float("-inf"), float("inf")
    for quantity in quantities:
        if isinstance(quantity.threshold, int | float) and quantity.unit == quantities[0].unit:
            upper = quantity.comparator in ("<", "<=")
            if upper != negated and (upper or quantity.comparator in (">", ">=")):
                highest = min(highest, quantity.threshold)
            elif upper or quantity.comparator in (">", ">="):
                lowest = max(lowest, quantity.threshold)
    return lowest > highest


def expression_of(parts: Sequence[Part], links: Sequence[Link], section: CriterionType) -> Expression | None:
    """Return the expression of ``parts`` joined by ``links``, or None for no parts.

    The fold joins the tightest first: what narrows one member of a list, the members of a list, the examples
    of a thing, what narrows a whole list, and, or, and at last the parts between semicolons.
    """
    if len(parts) < 2:
        return parts[0].expression if parts else None
    found, joints = _narrowed(parts, links, section)
    found, kinds = _lists(found, joints, section)
    found, kinds = _examples(found, kinds)
    chunks: list[tuple[list[Part], list[ConnectorKind]]] = [([found[0]], [])]
    for part, kind in zip(found[1:], kinds, strict=True):
        if kind == "semicolon":
            chunks.append(([part], []))
        else:
            chunks[-1][0].append(part)
            chunks[-1][1].append(kind)
    apart = operator_of("semicolon", section, valued=False, listed=False)
    return combine(apart, [_statement(*chunk, section).expression for chunk in chunks])


def _adjusted(link: Link, left: Part, right: Part) -> Connector:
    """A semicolon before "or" is an or; a bracket covers only what is like its left side: "A (on B"."""
    found = link.connector
    if found.kind == "semicolon" and ";" in link.gap and connector(link.gap.rsplit(";", 1)[-1]).kind == "or":
        return Connector("or", False)
    if (
        found.kind == "covers"
        and not _alike(left, right)
        and (link.gap.strip() in ("(", "（") or right.valued)
    ):
        return Connector("narrow", False)
    return found


def _alike(left: Part, right: Part) -> bool:
    return left.valued == right.valued and SHARING["logic"].alike(left.label, right.label)


def _listed(link: Link, left: Part, right: Part) -> bool:
    """Whether two parts are members of one list."""
    if left.valued != right.valued:
        return False
    found = _adjusted(link, left, right)
    return SHARING["logic"].joins(found, left.label, right.label, filled=link.filled)


def _narrowed(
    parts: Sequence[Part], links: Sequence[Link], section: CriterionType
) -> tuple[list[Part], list[Link]]:
    """Join an entity with the words that narrow only it: "sleep apnoea on CPAP" is one member of its list.

    Words that a whole list shares ("allergy or intolerance to A") and statements about people are joined
    later.
    """
    found, joints, place = [parts[0]], [], 1
    while place < len(parts):
        left, right, link = found[-1], parts[place], links[place - 1]
        narrows = _adjusted(link, left, right).kind == "narrow"
        if not narrows or left.label == "Person" or SHARED_BY_LIST.match(link.gap):
            found.append(right)
            joints.append(link)
            place += 1
            continue
        last = place
        if left.label != right.label or TAKES_LIST.match(link.gap):
            while last + 1 < len(parts) and _listed(links[last], parts[last], parts[last + 1]):
                last += 1
        run = parts[place : last + 1]
        inner = _resolved(run, links[place:last])
        whole = _join("and", [left, _list(run, inner, section)])
        found[-1] = replace(left, expression=whole.expression)
        place = last + 1
    return found, joints


def _resolved(parts: Sequence[Part], links: Sequence[Link]) -> list[ConnectorKind]:
    """Classify links; a comma between members is the conjunction at the end of their list: "A, B or C"."""
    kinds: list[ConnectorKind] = []
    ending: ConnectorKind | None = None
    for link, left, right in reversed(list(zip(links, parts, parts[1:], strict=False))):
        kind = _adjusted(link, left, right).kind
        if kind in ("semicolon", "covers"):
            ending = None
        elif _alike(left, right):
            if kind in ("and", "or"):
                ending = kind
            elif kind == "comma" and ending is not None:
                kind = ending
        kinds.append(kind)
    return kinds[::-1]


def _lists(
    parts: Sequence[Part], links: Sequence[Link], section: CriterionType
) -> tuple[list[Part], list[ConnectorKind]]:
    """Join the members of every list."""
    kinds = _resolved(parts, links)
    runs: list[list[int]] = [[0]]
    for i, link in enumerate(links):
        if _listed(link, parts[i], parts[i + 1]):
            runs[-1].append(i + 1)
        else:
            runs.append([i + 1])
    found = []
    for run in runs:
        inner = kinds[run[0] : run[-1]]
        if run[0] and kinds[run[0] - 1] == "covers":  # the examples of a "such as": any of them will do
            inner = ["or"] * len(inner)
        found.append(_list([parts[i] for i in run], inner, section))
    return found, [kinds[run[0] - 1] for run in runs[1:]]


def _list(members: Sequence[Part], kinds: Sequence[ConnectorKind], section: CriterionType) -> Part:
    operators = [
        operator_of(kind, section, valued=left.valued, listed=True, populations=_populations(left, right))
        for left, right, kind in zip(members, members[1:], kinds, strict=False)
    ]
    return _precedence(members, operators)


def _populations(left: Part, right: Part) -> bool:
    return left.population and right.population


def _examples(
    parts: Sequence[Part], kinds: Sequence[ConnectorKind]
) -> tuple[list[Part], list[ConnectorKind]]:
    """Join the examples of a "such as" with what they are examples of."""
    found = [parts[0]]
    left: list[ConnectorKind] = []
    for part, kind in zip(parts[1:], kinds, strict=True):
        if kind == "covers":
            found[-1] = _join("or", [found[-1], part])
        else:
            found.append(part)
            left.append(kind)
    return found, left


def _statement(parts: Sequence[Part], kinds: Sequence[ConnectorKind], section: CriterionType) -> Part:
    """Join what no semicolon divides; "women who are A or B" is women and (A or B)."""
    people = 0
    while people < len(kinds) and parts[people].label == "Person" and kinds[people] == "narrow":
        people += 1
    narrowed = [parts[people]]
    operators: list[Operator] = []
    for part, kind in zip(parts[people + 1 :], kinds[people:], strict=True):
        if kind == "narrow":
            narrowed[-1] = _join("and", [narrowed[-1], part])
        else:
            valued, people_too = narrowed[-1].valued and part.valued, _populations(narrowed[-1], part)
            operators.append(operator_of(kind, section, valued=valued, listed=False, populations=people_too))
            narrowed.append(part)
    whole = _precedence(narrowed, operators)
    for person in reversed(parts[:people]):
        whole = _join("and", [person, whole])
    return whole


def _precedence(parts: Sequence[Part], operators: Iterable[Operator]) -> Part:
    """Join by "and" first, then by "or"."""
    if len(parts) == 1:
        return parts[0]
    groups: list[list[Part]] = [[parts[0]]]
    for part, operator in zip(parts[1:], operators, strict=True):
        if operator == "and":
            groups[-1].append(part)
        else:
            groups.append([part])
    return _join("or", [_join("and", group) for group in groups])


def _join(operator: Operator, parts: Sequence[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    negations = {part.negation for part in parts}
    shared = negations.pop() if len(negations) == 1 else None
    # One cue that negates every member: not (A or B) is (not A) and (not B), and the other way round.
    if shared is not None:
        operator = "and" if operator == "or" else "or"
    labels = {part.label for part in parts}
    return Part(
        combine(operator, [part.expression for part in parts]),
        labels.pop() if len(labels) == 1 else "",
        any(part.valued for part in parts),
        shared,
        all(part.population for part in parts),
    )
