"""Logic after a correction: without a predicate, or with one more."""

from __future__ import annotations

from typing import Any


def pruned(logic: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the logic of a criterion without a predicate; it stays an expression.

    >>> pruned({"or": ["a", "b"]}, "b")
    {'and': ['a']}
    """
    found = without(logic, key)
    return found if isinstance(found, dict) else {"and": [] if found is None else [found]}


def without(expression: Any, key: str) -> Any:
    """Return an expression without a predicate or criterion; None if nothing is left.

    >>> without({"and": ["a", {"or": ["b", "c"]}]}, "b")
    {'and': ['a', 'c']}
    >>> without({"when": "a", "else": "b"}, "a")
    'b'
    """
    if isinstance(expression, str):
        return None if expression == key else expression
    if "not" in expression:
        inner = without(expression["not"], key)
        return None if inner is None else {"not": inner}
    if "when" in expression:
        rest = without(expression["else"], key)
        if expression["when"] == key:
            return rest
        return expression["when"] if rest is None else expression | {"else": rest}
    name = "and" if "and" in expression else "or"
    old = expression[name]
    left = [each for each in (without(member, key) for member in old) if each is not None]
    if left == old:
        return expression
    if name == "or" and len(left) < 2:
        return left[0] if left else None
    found = expression | {name: left}
    if found.get("minimum", 0) > len(left):
        found["minimum"] = len(left)
    return found if left else None


def added(expression: Any, key: str) -> Any:
    """Return an expression that asks for one more predicate.

    >>> added({"or": ["a", "b"]}, "c")
    {'and': [{'or': ['a', 'b']}, 'c']}
    """
    if isinstance(expression, dict) and "and" in expression:
        return {"and": [*expression["and"], key]}
    return {"and": [expression, key]}
