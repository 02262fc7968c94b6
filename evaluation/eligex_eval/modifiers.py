"""The modifiers of a result's predicates: qualifiers, multipliers, moods, windows and values, each a span.

Windows count as temporal modifiers and values as value modifiers, as in Chia, so that one task asks of every
attached span whether it belongs to that entity.
"""

from __future__ import annotations

from collections.abc import Iterator

from eligex.invariants import windows_of
from eligex.schema import Predicate, TrialCriteria

from .atoms import all_predicates
from .documents import Modified

TYPES = ("qualifier", "multiplier", "mood", "temporal", "value")
"""The types that Chia has a relation for, which are those that are scored."""


def result_modifiers(result: TrialCriteria) -> tuple[Modified, ...]:
    """Return every modifier of every predicate, each once, in text order."""
    return tuple(sorted({item for p in all_predicates(result) for item in _of_predicate(p)}))


def _of_predicate(predicate: Predicate) -> Iterator[Modified]:
    entity = (predicate.entity.start, predicate.entity.end)
    for window in windows_of(predicate):
        yield Modified((window.start, window.end), "temporal", entity)
    if predicate.value_start is not None and predicate.value_end is not None:
        yield Modified((predicate.value_start, predicate.value_end), "value", entity)
    for modifier in predicate.modifiers:
        if modifier.type in TYPES:
            yield Modified((modifier.start, modifier.end), modifier.type, entity)
