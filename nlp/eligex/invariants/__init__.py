"""The invariants of the contract: what must hold for every result, whatever the text.

``problems(result, text)`` lists the invariants that a result breaks: offsets, accounting, ids, logic,
effects, values and windows.  The schema defines the fields and their types; the evaluation measures whether a
result is *right*.  The tests of the pipeline and the checks of the annotated corpus use these rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from eligex.durations import is_duration
from eligex.invariants import meaning, predicate, record
from eligex.invariants.subject import Subject, marked_start, predicate_spans, quotations, windows_of
from eligex.schema import TrialCriteria

__all__ = [
    "INVARIANTS",
    "Rule",
    "Subject",
    "is_duration",
    "marked_start",
    "name_of",
    "predicate_spans",
    "problems",
    "quotations",
    "windows_of",
]
Rule = Callable[[Subject], Iterator[str]]
INVARIANTS: tuple[Rule, ...] = (*record.RULES, *predicate.RULES, *meaning.RULES)
"""The rules: each yields the violations; its docstring says what must hold."""


def name_of(rule: Rule) -> str:
    """Return the name of a rule as problems show it: ``predicate_ids`` -> ``predicate ids``."""
    return rule.__name__.replace("_", " ")


def problems(result: TrialCriteria, text: str, rules: Iterable[Rule] = INVARIANTS) -> list[str]:
    """Return the violations of a result, as ``"rule: detail"``; an empty list if there are none.

    Examples
    --------
    >>> from eligex.schema import Criterion, Source
    >>> result = TrialCriteria("T", Source("text", None, None, 0, 3), criteria=(
    ...     Criterion("inc-1", "inclusion", "Age", 0, 2),))
    >>> problems(result, "Age")
    ["quotes: criterion: 'Age', but the text has 'Ag'", "accounting: 'e' belongs to nothing"]
    """
    subject = Subject(result, text)
    return [f"{name_of(rule)}: {detail}" for rule in rules for detail in rule(subject)]
