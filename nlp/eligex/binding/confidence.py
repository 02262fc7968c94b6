"""How sure a predicate and a criterion are: features → probability that it is right as a whole.

A predicate is right if its entity is one, and comparator, threshold, unit, effect, condition and window are
those that a careful reader gives it.  A criterion is right if all of its predicates are and none is missing.
The features say what the models and the trained tables of :mod:`eligex.binding.bearing` were unsure of, and
what is left unread; their weights are the table ``lexicon/data/confidence.tsv``, trained by
``models/training/confidence.py``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import log
from typing import NamedTuple

from eligex.binding.attach import logistic, read_weights
from eligex.binding.bearing import length_of
from eligex.binding.bound import Bound, Limit
from eligex.binding.heads import Head
from eligex.binding.tree import Span, Tree
from eligex.lexicon.loader import DATA
from eligex.schema import Effect, Predicate, Window

JUDGED = ("predicate", "criterion")
_CHANCES = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
_DOUBTS = (0.02, 0.1, 0.3, 0.6)
_RELATIONS = ("limit", "window", "condition", "exempt")
_NEAR = 3
"""Words before and after an entity that are read."""
_MOST = 4
"""Counts from here on are alike."""


class Facts(NamedTuple):
    """What holds of a head, or of one of its limits; ``effect`` is None for what a condition states."""

    windows: Sequence[Window]
    condition: Span | None
    effect: Effect | None
    negated: bool


def features_of_predicate(
    tree: Tree, bound: Bound, head: Head, limit: Limit | None, facts: Facts, *, chance: float | None
) -> list[str]:
    """Describe a predicate: its parts, how sure each is, and what stands around its entity.

    ``chance`` is how sure the model is of the entity, None where a rule added it.
    """
    low, high = tree.sentence(head.start)
    entity = "rule" if chance is None else f"{bisect_right(_CHANCES, chance)}"
    label, origin = f"label={head.label}", f"origin={head.origin}"
    parts = [
        f"limit={'none' if limit is None else bisect_right(_CHANCES, limit.chance)}",
        f"window={_kept(facts.windows, bound.inherited.windows)}",
        f"condition={_kept(facts.condition, bound.inherited.condition)}",
        f"effect={facts.effect}",
        f"negated={facts.negated}",
    ]
    found = [f"entity={entity}", label, origin, f"{label}:entity={entity}", f"{origin}:{label}", *parts]
    found += [f"{label}:{part}" for part in parts]
    for relation in _RELATIONS:
        doubt = bound.doubts.get((relation, head))
        found.append(f"{relation}:doubt={'none' if doubt is None else bisect_right(_DOUBTS, doubt)}")
    if limit is not None:
        quantity = limit.quantity
        found += [f"kind={quantity.kind}", f"comparator={quantity.comparator}", f"how={limit.how}"]
        found += [f"unit={quantity.unit or 'none'}", f"scale={quantity.scale or 'none'}"]
        found.append(f"limits={min(len(bound.limits[head]), _MOST)}")
    found += [
        f"windows={min(len(facts.windows), _MOST)}",
        f"bracket={tree.regions.bracket(head.start) is not None}",
    ]
    found += [f"heads={length_of(len(bound.heads))}", f"words={length_of(tree.count(low, high))}"]
    found += [f"length={length_of(tree.count(head.start, head.end))}"]
    found += [f"exempt_here={tree.exempt(head.start)}", f"excepted={tree.excepted(head.start, head.end)}"]
    found += [f"conditional={tree.conditional(head.start, head.end)}"]
    found += _unread(tree, bound)
    before = tree.words_before(low, head.start, _NEAR)
    after = tree.words_after(head.end, high, _NEAR)
    found += [f"before={word}" for word in set(before)] + [f"after={word}" for word in set(after)]
    found.append(f"first={not before}")
    return found


def features_of_criterion(tree: Tree, bound: Bound, predicates: Sequence[Predicate]) -> list[str]:
    """Describe a criterion by its predicates and by what is left of it."""
    sure = [each.confidence for each in predicates]
    least = bisect_right(_CHANCES, min(sure, default=1.0))
    doubts = -sum(log(max(each, 0.01)) for each in sure)
    return [
        f"predicates={min(len(sure), _MOST)}",
        f"least={least}",
        f"predicates={min(len(sure), _MOST)}:least={least}",
        f"all={min(int(4 * doubts), 12)}",
        f"words={length_of(tree.count(tree.start, tree.end))}",
        f"introduces={tree.introduces}",
        f"conditions={any(each.condition for each in predicates)}",
        *_unread(tree, bound),
    ]


def _kept(own: object, inherited: object) -> str:
    return "none" if not own else "above" if own == inherited else "own"


def _unread(tree: Tree, bound: Bound) -> list[str]:
    """Count what was recognised and belongs to nothing."""
    piece = tree.piece
    limited = {limit.quantity.start for each in bound.limits.values() for limit in each}
    borne = {window.start for each in bound.windows.values() for window in each}
    quantities = sum(each.start not in limited for each in piece.quantities)
    windows = sum(each.start not in borne for each in piece.windows)
    return [
        f"limits_left={min(quantities, _MOST)}",
        f"windows_left={min(windows, _MOST)}",
        f"conditions_left={min(len(bound.refused), _MOST)}",
        f"exceptions={any(each.type == 'exception' for each in piece.clauses)}",
    ]


def confidence(judged: str, features: Iterable[str]) -> float:
    """Return how likely a predicate or criterion that is described so is right, from 0 to 1."""
    return round(logistic(load_weights()[judged], features), 3)


@cache
def load_weights() -> Mapping[str, Mapping[str, float]]:
    """Read the weights; see :func:`eligex.binding.attach.read_weights` for what it raises."""
    return read_weights(DATA / "confidence.tsv", JUDGED)
