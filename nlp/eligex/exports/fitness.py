"""Whether a record can be exported: what the writers rely on, whoever wrote or changed the record.

A record that a person or another program changed may quote other words than its text has, have an id twice,
or name predicates that are gone.  No target could hold it rightly, so it is refused.  All other invariants of
the contract are left to :mod:`eligex.invariants`: a record that breaks them can still be written.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from eligex.errors import InputError
from eligex.exports.common import predicates, with_conditions
from eligex.invariants import Rule, Subject
from eligex.invariants.predicate import ends, members, threshold_text
from eligex.invariants.record import logic_form, logic_ids, logic_when, parents, quotes
from eligex.schema import TrialCriteria

_DEEPEST = 100
"""How deep logic may be nested; that of real criteria is less than 10 deep."""
_RULES: tuple[Rule, ...] = (parents, logic_form, logic_ids, logic_when, ends, members, threshold_text)
"""The invariants that every writer relies on, after those of :func:`_problems`."""


def check(result: TrialCriteria) -> None:
    """Refuse a record that cannot be exported.

    Raises
    ------
    InputError
        If its quotations are not those of its text, an id is there twice, its logic is none or names what is
        not there, a limit is half there, or a number is none.
    """
    problem = next(_problems(result), None)
    if problem is not None:
        raise InputError(
            f"the record contradicts itself: {problem}",
            where=result.trial_id,
            remedy="Give the record as eligex wrote it; corrected annotations are read with `--from`.",
        )


def _problems(result: TrialCriteria) -> Iterator[str]:
    if result.text is not None:
        yield from quotes(Subject(result, result.text))
    for criterion in result.criteria:
        known = {each.id for each in criterion.predicates}
        known |= {each.id for each in result.criteria if each.parent == criterion.id}
        for leaf in _leaves(criterion.logic):
            if leaf is None:
                yield f"the logic of {criterion.id} is nested more than {_DEEPEST} deep"
            elif leaf not in known:
                yield f"the logic of {criterion.id} names {leaf!r}, which it does not have"
    for _, stated in predicates(result):
        for each in with_conditions(stated):
            limits = (each.threshold, each.threshold_high, *(each.threshold_set or ()))
            canonical = (each.canonical_threshold, each.canonical_threshold_high)
            alternatives = (other.threshold for other in each.alternatives)
            for limit in (*limits, *canonical, *alternatives):
                if limit is not None and not _is_finite(limit):
                    yield f"a limit of {each.id} is no finite number"
            if each.comparator is not None and each.threshold is None:
                yield f"{each.id} has the comparator {each.comparator} and no threshold"
    yield from _problems_of_ids(result)
    subject = Subject(result, result.text or "")
    for rule in _RULES:
        yield from rule(subject)


def _problems_of_ids(result: TrialCriteria) -> Iterator[str]:
    """Yield ids that are there twice, and exceptions that are gone or exempt from themselves."""
    known = {each.id: each for _, each in predicates(result)}
    ids = [each.id for _, stated in predicates(result) for each in with_conditions(stated)]
    yield from (f"{key} is the id of {count} predicates" for key, count in Counter(ids).items() if count > 1)
    for each in known.values():
        reached: set[str] = set()
        waiting = list(each.exceptions)
        while waiting:
            key = waiting.pop()
            if key == each.id:
                yield f"{key} is an exception of itself"
            elif key not in known:
                yield f"the exceptions of {each.id} name {key!r}, which is not there"
            elif key not in reached:
                reached.add(key)
                waiting += known[key].exceptions


def _leaves(logic: Any) -> Iterator[str | None]:
    """Yield the ids in an expression, None where it goes on too deep."""
    waiting = [(logic, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > _DEEPEST:
            yield None
        elif isinstance(node, str):
            yield node
        elif isinstance(node, dict | list):
            members = node.values() if isinstance(node, dict) else node
            waiting += [(each, depth + 1) for each in members]


def _is_finite(limit: float) -> bool:
    try:
        return math.isfinite(limit)
    except OverflowError:  # a whole number that no float can hold
        return False
