"""The ids of predicates after a correction: ``inc-2.1``, ``inc-2.2`` … without a gap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Record = dict[str, Any]


def renumber(record: Record) -> dict[str, str]:
    """Number the predicates of a record anew, also where others refer to them; return the ids that changed.

    >>> gap = {"criteria": [{"id": "inc-2", "logic": {"and": ["inc-2.2"]}, "predicates": [
    ...     {"id": "inc-2.2", "exceptions": [], "condition_predicates": []}]}]}
    >>> renumber(gap), gap["criteria"][0]["logic"]
    ({'inc-2.2': 'inc-2.1'}, {'and': ['inc-2.1']})
    """
    changed: dict[str, str] = {}
    for criterion in record["criteria"]:
        for number, predicate in enumerate(criterion["predicates"], start=1):
            changed[predicate["id"]] = f"{criterion['id']}.{number}"
    changed = {old: new for old, new in changed.items() if old != new}
    if not changed:
        return {}
    for criterion in record["criteria"]:
        criterion["logic"] = _renamed(criterion["logic"], changed)
        for predicate in criterion["predicates"]:
            predicate["id"] = changed.get(predicate["id"], predicate["id"])
            predicate["exceptions"] = [changed.get(key, key) for key in predicate["exceptions"]]
            for place, stated in enumerate(predicate["condition_predicates"], start=1):
                stated["id"] = f"{predicate['id']}?{place}"
    return changed


def _renamed(logic: Any, changed: Mapping[str, str]) -> Any:
    if isinstance(logic, str):
        return changed.get(logic, logic)
    if isinstance(logic, dict):
        return {key: _renamed(value, changed) for key, value in logic.items()}
    return [_renamed(each, changed) for each in logic] if isinstance(logic, list) else logic
