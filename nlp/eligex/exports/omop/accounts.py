"""What a target that asks an OMOP common data model holds of a result."""

from __future__ import annotations

from collections.abc import Mapping

from eligex.exports.common import predicates
from eligex.exports.loss import Ledger
from eligex.exports.omop.plan import Plan
from eligex.schema import LIMIT_FIELDS, TrialCriteria

_HELD = frozenset(
    {
        *LIMIT_FIELDS,
        "alternatives",
        "canonical_threshold",
        "canonical_threshold_high",
        "canonical_unit",
        "negated",
        "effect",
        "temporal",
        "windows",
        "condition",
        "condition_predicates",
        "exceptions",
        "entity.concept",
        "entity.label",
    }
) - {"threshold_text"}
_CRITERION_HELD = frozenset({"type", "text", "logic", "parent"})


def account(
    ledger: Ledger, result: TrialCriteria, found: Plan, unsaid: Mapping[str, str], *, sets: str
) -> None:
    """Account for a trial; ``unsaid`` are the predicates that are not held at all, and why."""
    exempted = _exempted(result)
    ledger.trial(result)
    for criterion in result.criteria:
        ledger.criterion(result.trial_id, criterion, _CRITERION_HELD)
        for predicate in criterion.predicates:
            if predicate.id in unsaid:
                ledger.missing(result.trial_id, criterion.id, predicate, unsaid[predicate.id])
            elif predicate.effect == "allow" and predicate.id not in exempted:
                ledger.missing(
                    result.trial_id, criterion.id, predicate, "allowed, and it exempts from nothing"
                )
            else:
                lost = {"entity.xrefs": f"as {sets}"} | found.lost.get(predicate.id, {})
                needed = {part: why for part, why in lost.items() if part == "entity.concept"}
                ledger.predicate(result.trial_id, criterion.id, predicate, _HELD, lost=lost, needed=needed)


def _exempted(result: TrialCriteria) -> set[str]:
    """Return the ids of what exempts from something that is asked.

    What is allowed is asked for only as an exception; an exception of something that is allowed itself, and
    that exempts from nothing, is not asked for.
    """
    by_id = {each.id: each for _, each in predicates(result)}
    waiting = [each for each in by_id.values() if each.effect != "allow"]
    found: set[str] = set()
    while waiting:
        new = by_id.keys() & set(waiting.pop().exceptions) - found
        found |= new
        waiting += [by_id[key] for key in new]
    return found
