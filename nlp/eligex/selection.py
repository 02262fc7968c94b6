"""Keeps of a result what is sure enough: the option ``--min-confidence``."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

from eligex.errors import EligexError
from eligex.schema import Criterion, TrialCriteria


def keep_sure(result: TrialCriteria, least: float) -> tuple[TrialCriteria, int]:
    """Return a result without the predicates that are less sure than ``least``, and how many those are.

    Criteria stay, with their text; what is left out leaves their logic and the exceptions of others, too.

    Parameters
    ----------
    least
        A confidence from 0 to 1.

    Raises
    ------
    EligexError
        If ``least`` is no probability.

    Examples
    --------
    >>> import eligex
    >>> result = eligex.extract("Exclusion Criteria: - Asthma or gout")
    >>> keep_sure(result, 1)[1]
    2
    """
    if not 0 <= least <= 1:
        raise EligexError(f"a confidence of {least}", remedy="Give a number from 0 to 1.")
    dropped = {p.id for c in result.criteria for p in c.predicates if p.confidence < least}
    if not dropped:
        return result, 0
    return replace(result, criteria=tuple(_without(each, dropped) for each in result.criteria)), len(dropped)


def _without(criterion: Criterion, dropped: Set[str]) -> Criterion:
    if dropped.isdisjoint(each.id for each in criterion.predicates):
        return criterion
    kept = tuple(
        replace(each, exceptions=tuple(other for other in each.exceptions if other not in dropped))
        for each in criterion.predicates
        if each.id not in dropped
    )
    logic = _pruned(criterion.logic, dropped)
    return replace(
        criterion,
        predicates=kept,
        logic=logic if isinstance(logic, dict) else {"and": [logic] if logic else []},
    )


def _pruned(node: Any, dropped: Set[str]) -> Any:
    """Return an expression without some ids; None where nothing is left."""
    if not isinstance(node, Mapping):
        return None if node in dropped else node
    if "when" in node:
        when, other = _pruned(node["when"], dropped), _pruned(node["else"], dropped)
        return {"when": when, "else": other} if when and other else when or other
    if "not" in node:
        inner = _pruned(node["not"], dropped)
        return None if inner is None else {"not": inner}
    operator = "or" if "or" in node else "and"
    parts = [part for part in (_pruned(each, dropped) for each in node[operator]) if part is not None]
    if len(parts) < 2 and "minimum" not in node:
        return parts[0] if parts else None
    if not parts:
        return None
    return (
        {operator: parts, "minimum": min(node["minimum"], len(parts))}
        if "minimum" in node
        else {operator: parts}
    )
