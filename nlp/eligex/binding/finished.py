"""The finished criterion: what it says itself, joined with the criteria below it.

Decides how the items of a list are joined, and where their expressions stand in that of the introduction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eligex.binding.criteria import Built
from eligex.binding.links import Operator
from eligex.binding.logic import Expression, combine, with_below
from eligex.layout.logic import children_logic
from eligex.schema import Criterion

_OPPOSITE: Mapping[str, Operator] = {"and": "or", "or": "and"}


def criterion(
    text: str,
    segment: Mapping[str, Any],
    built: Built,
    below: Sequence[Mapping[str, Any]],
) -> Criterion:
    """Return the finished criterion; ``below`` are the segments directly below it.

    Those that are alternatives may hold instead of it and its parts.
    """
    children = [each["id"] for each in below if not each["alternative"]]
    alternatives = [each["id"] for each in below if each["alternative"]]
    parts: list[Expression] = [] if built.expression is None else [built.expression]
    demanding = segment["type"] == "exclusion" and built.passes_on.demands
    if children:
        default: Operator = "and" if segment["type"] == "inclusion" else "or"
        denied, said = built.passes_on.negation is not None, segment["children_logic"]
        if demanding and not denied and segment["children_minimum"] is None:
            asked, _ = children_logic(text[segment["start"] : segment["end"]], "inclusion", introduces=True)
            said = _OPPOSITE[asked]  # "must meet all of these" excludes where any is not met
        denied = denied and not demanding  # what one item demands, excludes
        operator: Operator = "and" if denied else said or default
        listed: Expression = combine(operator, list(children))
        if segment["children_minimum"] is not None and len(children) > 1:
            least = min(segment["children_minimum"], len(children))  # an item may list several
            listed = {"or": list(children), "minimum": least}
        placed = with_below(parts[0], listed) if parts else None
        parts = [*parts, listed] if placed is None else [placed]
    if alternatives:
        parts = [combine("or", [*([combine("and", parts)] if parts else []), *alternatives])]
    logic = combine("or" if demanding else "and", parts) if parts else {"and": []}
    kept = ("id", "type", "start", "end", "marker", "marker_start", "parent", "type_basis", "cohort")
    return Criterion(
        text=text[segment["start"] : segment["end"]],
        predicates=built.predicates,
        confidence=built.confidence,
        logic=logic if isinstance(logic, dict) else {"and": [logic]},
        **{name: segment[name] for name in kept},
    )
