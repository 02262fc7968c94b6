"""Logic by truth: two expressions over the same predicates agree where both are true or both are false.

How an expression is nested does not count: ``a and (b and c)`` is ``(a and b) and c``, and ``not (a or b)``
is what ``not a and not b`` is.  Nor does it count where a negation is kept, in a predicate or around it.
Predicates that only one side has are taken out of its expression first.  Two
expressions are equal if they agree for every assignment of truth values to their predicates; of more than
``MOST`` predicates, for a fixed sample of assignments.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from random import Random
from typing import Any

from eligex.schema import Criterion, CriterionType

Leaf = Any
"""What names a predicate: an id or a number."""
MOST = 10
"""Predicates up to which every assignment is looked at, 1,024 of them."""
_SAMPLE = 2048


def over(node: Any, names: Mapping[Leaf, Leaf]) -> Any:
    """Return an expression over ``names`` alone, each leaf renamed; None where nothing is left.

    >>> over({"and": ["a", {"or": ["b", "c"]}]}, {"b": 1, "c": 2})
    {'or': [1, 2]}
    """
    if not isinstance(node, Mapping):
        return names.get(node)
    if "not" in node:
        inner = over(node["not"], names)
        return None if inner is None else {"not": inner}
    if "when" in node:
        when, other = over(node["when"], names), over(node.get("else"), names)
        return other if when is None else when if other is None else {"when": when, "else": other}
    operator = "or" if "or" in node else "and"
    parts = [part for part in (over(child, names) for child in node.get(operator, ())) if part is not None]
    least = node.get("minimum", 1)
    if len(parts) < 2:
        return parts[0] if parts else None
    return {operator: parts, "minimum": least} if least > 1 else {operator: parts}


def holds(node: Any, true: Mapping[Leaf, bool], met: Mapping[Leaf, bool]) -> bool:
    """Evaluate an expression.

    Parameters
    ----------
    true
        The truth of each predicate.
    met
        Whether the condition of a predicate is met, which ``when`` asks.

    Examples
    --------
    >>> holds({"or": [1, 2, 3], "minimum": 2}, {1: True, 2: False, 3: True}, {})
    True
    >>> holds({"when": 1, "else": 2}, {1: False, 2: True}, {1: False})
    True
    """
    if not isinstance(node, Mapping):
        return bool(true[node])
    if "not" in node:
        return not holds(node["not"], true, met)
    if "when" in node:
        return holds(node["when"] if met[node["when"]] else node["else"], true, met)
    if "or" in node:
        return sum(holds(child, true, met) for child in node["or"]) >= int(node.get("minimum", 1))
    return all(holds(child, true, met) for child in node["and"])


def leaves(node: Any) -> Iterator[Leaf]:
    """Yield the predicates of an expression, from left to right.

    >>> list(leaves({"and": [1, {"when": 2, "else": 3}]}))
    [1, 2, 3]
    """
    if not isinstance(node, Mapping):
        yield node
        return
    for operator, children in node.items():
        if operator != "minimum":
            for child in children if isinstance(children, list) else [children]:
                yield from leaves(child)


def conditional(node: Any) -> Iterator[Leaf]:
    """Yield the predicates that ``when`` asks for."""
    if isinstance(node, Mapping):
        if "when" in node:
            yield node["when"]
        for operator, children in node.items():
            if operator != "minimum":
                for child in children if isinstance(children, list) else [children]:
                    yield from conditional(child)


def without_when(node: Any) -> Any:
    """Return an expression with ``or`` in the place of ``when``, for an annotation that has no ``when``.

    >>> without_when({"and": [1, {"when": 2, "else": 3}]})
    {'and': [1, {'or': [2, 3]}]}
    """
    if not isinstance(node, Mapping):
        return node
    if "when" in node:
        return {"or": [node["when"], without_when(node["else"])]}
    return {
        operator: [without_when(child) for child in children]
        if isinstance(children, list)
        else children
        if operator == "minimum"
        else without_when(children)
        for operator, children in node.items()
    }


def equal(one: Any, other: Any, negated: tuple[Collection[Leaf], Collection[Leaf]] = ((), ())) -> bool:
    """Tell whether two expressions over the same predicates are true for the same patients.

    ``negated`` are the predicates of either side that say that something is absent.

    >>> equal({"not": {"or": [1, 2]}}, {"and": [{"not": 2}, {"not": 1}]})
    True
    >>> equal({"and": [1, 2]}, {"or": [1, 2]})
    False
    >>> equal({"not": 1}, 1, ({1}, ()))
    True
    """
    names = sorted({*leaves(one), *leaves(other)}, key=repr)
    asked = sorted({*conditional(one), *conditional(other)}, key=repr)
    for values in _assignments(len(names) + len(asked)):
        met = dict(zip(asked, values[len(names) :], strict=True))
        said = [
            holds(
                node,
                {name: value != (name in without) for name, value in zip(names, values, strict=False)},
                met,
            )
            for node, without in zip((one, other), negated, strict=True)
        ]
        if said[0] != said[1]:
            return False
    return True


def _assignments(number: int) -> Iterator[Sequence[bool]]:
    if number <= MOST:
        yield from product((False, True), repeat=number)
        return
    rng = Random(0)  # noqa: S311  a fixed sample
    for turn in range(_SAMPLE):
        share = (turn % 19 + 1) / 20  # long lists differ only where nearly all or nearly none is true
        yield [rng.random() < share for _ in range(number)]


def expanded(
    criterion: Criterion, criteria: Mapping[str, Criterion], inside: frozenset[str] = frozenset()
) -> Any:
    """Return the expression of a criterion with those of its children in the place of their ids."""

    def put(node: Any) -> Any:
        if isinstance(node, Mapping):
            return {
                key: [put(child) for child in value] if isinstance(value, list) else put(value)
                for key, value in node.items()
            }
        if node in criteria and node not in inside:
            return expanded(criteria[node], criteria, inside | {criterion.id})
        return node

    return put(criterion.logic)


def is_below(criterion: Criterion, root: Criterion, criteria: Mapping[str, Criterion]) -> bool:
    """Tell whether a criterion hangs below another."""
    seen: set[str] = set()
    parent = criterion.parent
    while parent is not None and parent in criteria and parent not in seen:
        if parent == root.id:
            return True
        seen.add(parent)
        parent = criteria[parent].parent
    return False


def together(criteria: Sequence[Criterion], type: CriterionType) -> Any:
    """Return the expression of the criteria of a section, or of a part of one, children included.

    All inclusion criteria must hold, and any exclusion criterion excludes.
    """
    by_id = {criterion.id: criterion for criterion in criteria}
    roots = [expanded(criterion, by_id) for criterion in criteria if criterion.parent not in by_id]
    return {"and" if type == "inclusion" else "or": roots}
