"""What a target cannot hold: every part of the contract that is present is held by the target, or is a loss.

A *part* is a field of the contract with something in it that a reader could miss: a threshold, a window, the
logic of a criterion.  A target names the parts that it holds; whatever else is present becomes a
:class:`Loss`.  So a field that the contract gains later is reported as lost until a target holds it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, TextIO

from eligex.schema import Criterion, Predicate, PredicateEntity, TrialCriteria
from eligex.spans import plain

_OFFSETS = frozenset({"start", "end", "value_start", "value_end", "condition_start", "condition_end"})
ENTITY = frozenset({"text"})
"""What names a predicate: without it a target does not hold it."""
PREDICATE_PARTS: tuple[str, ...] = tuple(
    [each.name for each in fields(Predicate) if each.name not in {"id", "entity"} | _OFFSETS]
    + [f"entity.{each.name}" for each in fields(PredicateEntity) if each.name not in ENTITY | _OFFSETS]
    + ["offsets"]
)
"""The parts that a predicate may have."""
CRITERION_PARTS: tuple[str, ...] = (
    *(
        each.name
        for each in fields(Criterion)
        if each.name not in {"id", "predicates", "start", "end", "marker_start"}
    ),
    "offsets",
)
"""The parts that a criterion may have."""
TRIAL_PARTS: tuple[str, ...] = tuple(
    each.name for each in fields(TrialCriteria) if each.name not in {"trial_id", "criteria", "schema_version"}
)
"""The parts that the result of a trial may have beside its criteria."""
EVERYTHING = frozenset({*PREDICATE_PARTS, *CRITERION_PARTS, *TRIAL_PARTS})
WHOLE = "predicate"
"""The part that is lost where a target holds nothing of a predicate."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One part of a result that the target does not hold, and what it is.

    ``criterion_id`` and ``predicate_id`` are null for what belongs to the whole trial; ``reason`` is set
    where the target holds the part of other predicates.
    """

    trial_id: str
    part: str
    value: Any
    criterion_id: str | None = None
    predicate_id: str | None = None
    reason: str | None = None


class Ledger:
    """Counts what a target holds, and passes on each loss as it happens.

    Parameters
    ----------
    report
        Where each loss is written as a line of JSON; nowhere if not given.

    Examples
    --------
    >>> from eligex.schema import PredicateEntity
    >>> ledger = Ledger()
    >>> age = Predicate("inc-1.1", PredicateEntity("Age", 0, 3, "Person"), comparator=">=", threshold=18)
    >>> ledger.predicate("T-1", "inc-1", age, held={"comparator"}, lost={"threshold": "no place for it"})
    >>> ledger.sums["threshold"], ledger.sums["effect"], ledger.predicates, ledger.whole
    (1, 1, 1, 0)
    """

    def __init__(self, report: TextIO | None = None) -> None:
        self._report = report
        self.sums: Counter[str] = Counter()
        self.trials = self.predicates = self.whole = self.absent = 0

    def trial(self, result: TrialCriteria, held: Iterable[str] = ()) -> None:
        """Account for a trial: its criteria and predicates are accounted for on their own."""
        self.trials += 1
        for part, value in _present(result, TRIAL_PARTS):
            if part not in set(held):
                self._add(Loss(result.trial_id, part, _short(part, value)))

    def criterion(
        self, trial_id: str, criterion: Criterion, held: Iterable[str] = (), *, lost: Mapping[str, str] = {}
    ) -> None:
        """Account for a criterion without its predicates; ``lost`` gives reasons, and overrides ``held``."""
        held = set(held) - set(lost)
        for part, value in _present(criterion, CRITERION_PARTS):
            if part not in held:
                self._add(Loss(trial_id, part, plain(value), criterion.id, None, lost.get(part)))

    def predicate(
        self,
        trial_id: str,
        criterion_id: str,
        predicate: Predicate,
        held: Iterable[str] = (),
        *,
        lost: Mapping[str, str] = {},
        needed: Mapping[str, str] = {},
    ) -> None:
        """Account for a predicate that the target holds in part or whole.

        ``needed`` are parts that the target cannot do without, whether the predicate has them or not, and why
        it does not hold them.
        """
        lost = {**lost, **needed}
        held = set(held) - set(lost)
        self.predicates += 1
        missing = [each for each in predicate_parts(predicate) if each[0] not in held]
        missing += [(part, None) for part in needed if part not in dict(missing)]
        self.whole += not missing
        for part, value in missing:
            self._add(Loss(trial_id, part, plain(value), criterion_id, predicate.id, lost.get(part)))

    def missing(self, trial_id: str, criterion_id: str, predicate: Predicate, reason: str) -> None:
        """Account for a predicate that the target does not hold at all."""
        self.predicates += 1
        self.absent += 1
        self._add(Loss(trial_id, WHOLE, plain(predicate), criterion_id, predicate.id, reason))

    def _add(self, loss: Loss) -> None:
        self.sums[loss.part] += 1
        if self._report is not None:
            self._report.write(json.dumps(plain(loss), ensure_ascii=True) + "\n")

    def summary(self) -> str:
        """Return the sum as the command says it."""
        head = (
            f"{self.trials:,} trials, {self.predicates:,} predicates: {self.whole:,} held whole, "
            f"{self.predicates - self.whole - self.absent:,} in part, {self.absent:,} not at all"
        )
        lost = ", ".join(f"{part} {count:,}" for part, count in self.sums.most_common())
        return f"{head}. Not held: {lost or 'nothing'}"


def predicate_parts(predicate: Predicate) -> list[tuple[str, Any]]:
    """Return the parts that a predicate has, with their values.

    >>> from eligex.schema import PredicateEntity
    >>> gout = PredicateEntity("gout", 0, 4, "Condition")
    >>> [part for part, _ in predicate_parts(Predicate("inc-1.1", gout))]
    ['effect', 'confidence', 'entity.label', 'offsets']
    """
    return list(_present(predicate, PREDICATE_PARTS))


_SPECIAL: dict[str, Callable[[Any], Any]] = {
    "offsets": lambda value: (getattr(value, "entity", value).start, getattr(value, "entity", value).end),
    "logic": lambda value: value.logic if _is_telling(value.logic) else None,
    "threshold_inclusive": lambda value: _end(value, value.threshold_inclusive),
    "threshold_high_inclusive": lambda value: _end(value, value.threshold_high_inclusive),
}


def _present(value: Any, parts: Iterable[str]) -> Iterator[tuple[str, Any]]:
    for part in parts:
        if part in _SPECIAL:
            found = _SPECIAL[part](value)
        else:
            found = value
            for name in part.split("."):
                found = getattr(found, name)
        if found is not None and found is not False and found not in ((), ""):
            yield part, found


def _end(predicate: Predicate, inclusive: bool | None) -> str | None:
    """Return what an end of a range is; of another limit its comparator says it."""
    return None if predicate.comparator != "between" else "inclusive" if inclusive else "exclusive"


def _is_telling(logic: dict[str, Any]) -> bool:
    """Whether an expression says more than that all of it must hold."""
    members = logic.get("and")
    return members is None or not all(isinstance(each, str) for each in members)


def _short(part: str, value: Any) -> Any:
    """Return what the report shows of a part of a trial: of long ones how much there is."""
    if part in ("entities", "headings", "unparsed"):
        return len(value)
    return None if part == "text" else plain(value)
