"""The boolean expression of a criterion: its parts joined by their links, the tightest first.

An expression is an id, ``{"and": […]}`` or ``{"or": […]}``, or ``{"when": id, "else": x}``.  Whether a link
is *and* or *or*, and how loose it is, is decided in :mod:`eligex.binding.joining`; this module joins, De
Morgan included, so "no A or B" is not-A *and* not-B.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from eligex.binding.bound import Limit
from eligex.binding.links import Joint, Operator
from eligex.binding.tree import Span
from eligex.language.connectors import EITHER
from eligex.schema import CriterionType, Quantity

Expression = str | dict[str, Any]
BELOW = "below"
"""In an expression: the criteria below, which say what the criterion only names."""


@dataclass(frozen=True, slots=True)
class Part:
    """One head, or several joined heads: the finished expression, and the cue that negates each of its heads.

    ``negation`` is None without such a cue.
    """

    expression: Expression
    negation: Span | None


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


def with_below(expression: Expression, below: Expression) -> Expression | None:
    """Return an expression with what the criteria below say in its place, or None where it has no place.

    Examples
    --------
    >>> with_below({"or": ["a", "below"]}, {"and": ["b", "c"]})
    {'or': ['a', {'and': ['b', 'c']}]}
    """
    if isinstance(expression, str):
        return below if expression == BELOW else None
    for operator, parts in expression.items():
        given = parts if isinstance(parts, list) else [parts]
        found = [with_below(part, below) for part in given]
        if any(part is not None for part in found):
            placed = [old if new is None else new for old, new in zip(given, found, strict=True)]
            if operator in ("and", "or"):
                return combine(cast(Operator, operator), placed)
            return {**expression, operator: placed[0]}
    return None


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


def expression_of(parts: Sequence[Part], joints: Sequence[Joint]) -> Expression | None:
    """Return the expression of ``parts`` joined by ``joints``, or None for no parts.

    Every link joins what has been joined on its two sides.  Of equally loose links, the first is first.

    Examples
    --------
    "A (B or C)" → ``{"and": ["A", {"or": ["B", "C"]}]}``, where the link in the bracket is the tighter one.
    """
    if not parts:
        return None
    groups, first = list(parts), list(range(len(parts)))

    def group_of(place: int) -> int:
        while first[place] != place:
            first[place] = first[first[place]]
            place = first[place]
        return place

    for place in sorted(range(len(joints)), key=lambda place: joints[place].loose):
        left, right = group_of(place), group_of(place + 1)
        groups[left] = _join(joints[place].operator, groups[left], groups[right])
        first[right] = left
    return groups[0].expression


def _join(operator: Operator, left: Part, right: Part) -> Part:
    shared = left.negation if left.negation == right.negation else None
    # One cue that negates every member: not (A or B) is (not A) and (not B), and the other way round.
    if shared is not None:
        operator = "and" if operator == "or" else "or"
    return Part(combine(operator, [left.expression, right.expression]), shared)
