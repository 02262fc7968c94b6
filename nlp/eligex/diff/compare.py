"""Compare two results of one trial.

Decides which criteria and predicates are the same (with :mod:`eligex.diff.align`) and what has become of
each.  What merely moved or was reworded is said as such; numbers and markers do not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from eligex.diff import sets
from eligex.diff.align import ALIKE, Words, aligned, likeness, moved, stems_of, words_of
from eligex.schema import Criterion, CriterionType, Predicate, TrialCriteria, Window

Kind = Literal["added", "removed", "changed", "reworded", "moved"]
_TYPES: tuple[CriterionType, ...] = ("inclusion", "exclusion")


@dataclass(frozen=True, slots=True)
class PredicateChange:
    """What has become of a predicate.

    ``aspects`` are the things that have changed, in words: "limit tightened", "window loosened", "effect:
    require → exclude".
    """

    kind: Literal["added", "removed", "changed"]
    old: Predicate | None
    new: Predicate | None
    aspects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What has become of a criterion.

    ``kind`` is the weightiest of what applies; ``is_moved`` and ``is_reworded`` say the rest.  A criterion
    that has become one of the other type is "changed", and ``aspects`` says so.
    """

    kind: Kind
    old: Criterion | None
    new: Criterion | None
    is_moved: bool = False
    is_reworded: bool = False
    aspects: tuple[str, ...] = ()
    predicates: tuple[PredicateChange, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialDiff:
    """What has become of a trial: it was added or removed as a whole, or some of its criteria changed."""

    trial_id: str
    kind: Literal["added", "removed", "changed", "same"]
    changes: tuple[Change, ...] = ()
    note: str | None = None


def compare(old: TrialCriteria, new: TrialCriteria) -> TrialDiff:
    """Return what has changed between two results of one trial, in the order of the new one.

    Examples
    --------
    >>> import eligex
    >>> old = eligex.extract("Inclusion Criteria:\\n- Age ≥ 18 years")
    >>> new = eligex.extract("Inclusion Criteria:\\n- Age ≥ 21 years")
    >>> compare(old, new).changes[0].predicates[0].aspects
    ('limit tightened',)
    """
    note = None
    if old.error or new.error:
        which = (
            "both versions"
            if old.error and new.error
            else "the old version"
            if old.error
            else "the new version"
        )
        note = f"{which} could not be read"
    pairs, gone, came = _paired(old.criteria, new.criteria)
    changes = [change for change in (_compared(*pair, is_moved) for pair, is_moved in pairs) if change]
    changes += [_whole("removed", each) for each in gone] + [_whole("added", each) for each in came]
    changes.sort(key=_place)
    return TrialDiff(new.trial_id, "changed" if changes or note else "same", tuple(changes), note)


def _place(change: Change) -> tuple[int, int]:
    criterion = change.new or change.old
    assert criterion is not None  # noqa: S101 - one of the two is there
    return _TYPES.index(criterion.type), criterion.start


def _whole(kind: Literal["added", "removed"], criterion: Criterion) -> Change:
    is_old = kind == "removed"
    predicates = tuple(
        PredicateChange(kind, each if is_old else None, None if is_old else each)
        for each in criterion.predicates
    )
    return Change(kind, criterion if is_old else None, None if is_old else criterion, predicates=predicates)


Pairs = list[tuple[tuple[Criterion, Criterion], bool]]


def _paired(
    old: Sequence[Criterion], new: Sequence[Criterion]
) -> tuple[Pairs, list[Criterion], list[Criterion]]:
    """Pair the criteria of each type, then what is left of both; say which pairs are moved."""
    pairs: Pairs = []
    gone: list[Criterion] = []
    came: list[Criterion] = []
    for kind in _TYPES:
        olds, news = [each for each in old if each.type == kind], [each for each in new if each.type == kind]
        found = aligned([each.text for each in olds], [each.text for each in news])
        out_of_order = moved(found)
        pairs += [((olds[a], news[b]), (a, b) in out_of_order) for a, b in found]
        gone += [each for n, each in enumerate(olds) if n not in {a for a, _ in found}]
        came += [each for n, each in enumerate(news) if n not in {b for _, b in found}]
    crossed = aligned([each.text for each in gone], [each.text for each in came])
    pairs += [((gone[a], came[b]), True) for a, b in crossed if gone[a].type != came[b].type]
    crossed = [(a, b) for a, b in crossed if gone[a].type != came[b].type]
    return (
        pairs,
        [each for n, each in enumerate(gone) if n not in {a for a, _ in crossed}],
        [each for n, each in enumerate(came) if n not in {b for _, b in crossed}],
    )


def _compared(old: Criterion, new: Criterion, is_moved: bool) -> Change | None:
    """Return what has become of a criterion; None if nothing has."""
    aspects = (f"type: {old.type} → {new.type}",) if old.type != new.type else ()
    predicates = tuple(compare_predicates(old, new))
    is_reworded = old.text.split() != new.text.split()
    kind: Kind
    if aspects or predicates:
        kind = "changed"
    elif is_reworded:
        kind = "reworded"
    elif is_moved:
        kind = "moved"
    else:
        return None
    return Change(kind, old, new, is_moved, is_reworded, aspects, predicates)


def compare_predicates(before: Criterion, after: Criterion) -> list[PredicateChange]:
    """Return what has become of the predicates of a criterion."""
    old, new = before.predicates, after.predicates
    stems = stems_of(before.text), stems_of(after.text)
    pairs = _predicate_pairs(old, new)
    by_new = {b: a for a, b in pairs}
    found: list[PredicateChange] = []
    for place, each in enumerate(new):
        if place not in by_new:
            found.append(PredicateChange("added", None, each))
        elif aspects := aspects_of(old[by_new[place]], each, stems):
            found.append(PredicateChange("changed", old[by_new[place]], each, aspects))
    kept = {a for a, _ in pairs}
    return [
        *found,
        *(PredicateChange("removed", each, None) for n, each in enumerate(old) if n not in kept),
    ]


def _predicate_pairs(old: Sequence[Predicate], new: Sequence[Predicate]) -> list[tuple[int, int]]:
    """Pair predicates by their entities, and by how much else they have in common."""
    olds, news = [_name(each) for each in old], [_name(each) for each in new]
    found = [
        (likeness(one, two), _in_common(old[a], new[b]), -abs(a - b), a, b)
        for a, one in enumerate(olds)
        for b, two in enumerate(news)
    ]
    pairs: list[tuple[int, int]] = []
    used_old: set[int] = set()
    used_new: set[int] = set()
    for score, _, _, a, b in sorted(found, reverse=True):
        same_entity = score >= ALIKE or _code(old[a]) == _code(new[b]) is not None
        if same_entity and a not in used_old and b not in used_new:
            pairs.append((a, b))
            used_old.add(a)
            used_new.add(b)
    return pairs


def _name(predicate: Predicate) -> Words:
    return words_of(predicate.entity.name or predicate.entity.text)


def _code(predicate: Predicate) -> str | None:
    concept = predicate.entity.concept
    return concept.code if concept else None


def _in_common(old: Predicate, new: Predicate) -> int:
    """Count what two predicates of one entity have in common, to tell its subgroups and bounds apart."""
    names = ("comparator", "threshold", "threshold_high", "unit", "condition", "effect", "negated")
    return sum(getattr(old, name) == getattr(new, name) for name in names)


def aspects_of(
    old: Predicate, new: Predicate, stems: tuple[frozenset[str], frozenset[str]]
) -> tuple[str, ...]:
    """Say in words what has changed in a predicate, but for its place and wording.

    A condition or a modifier that the other text has as well, elsewhere or in another form, is no change;
    ``stems`` are those of the words of both texts.
    """
    found: list[str] = []
    if old.effect != new.effect:
        found.append(f"effect: {old.effect} → {new.effect}")
    found += _limit(old, new)
    found += _windows(old, new)
    found += _words("condition", [old.condition], [new.condition], stems)
    modifiers = [[each.text for each in predicate.modifiers] for predicate in (old, new)]
    found += _words("modifiers", modifiers[0], modifiers[1], stems)
    return tuple(found)


def _limit(old: Predicate, new: Predicate) -> list[str]:
    before, after = sets.values_of(old), sets.values_of(new)
    if before == after and (old.unit == new.unit or before == sets.EVERYTHING):
        return []
    both = old.comparator is not None and new.comparator is not None
    if before is None or after is None or (both and old.unit != new.unit):
        return ["limit changed"]
    word = sets.direction(before, after, new.effect)
    if not both:
        return [f"limit {'added' if new.comparator else 'removed'}: {word}"]
    return [f"limit {word}"]


def _windows(old: Predicate, new: Predicate) -> list[str]:
    olds = old.windows or ((old.temporal,) if old.temporal else ())
    news = new.windows or ((new.temporal,) if new.temporal else ())
    if [_plain_window(each) for each in olds] == [_plain_window(each) for each in news]:
        return []
    if len(olds) > 1 or len(news) > 1:
        return ["windows changed"]
    one, two = (olds[0] if olds else None), (news[0] if news else None)
    before, after = sets.times_of(one), sets.times_of(two)
    if one is None or two is None:
        word = sets.direction(before[0], after[0], new.effect) if before and after else "changed"
        return [f"window {'added' if two else 'removed'}: {word}"]
    comparable = (
        before is not None
        and after is not None
        and before[1] == after[1]
        and one.direction == two.direction
        and _same_words(one.anchor, two.anchor)
    )
    if not comparable or before is None or after is None:
        return ["window changed"]
    return [f"window {sets.direction(before[0], after[0], new.effect)}"]


def _plain_window(window: Window) -> tuple[object, ...]:
    anchor = tuple(sorted(words_of(window.anchor or "")))
    return sets.times_of(window) or window.text, window.direction, anchor


def _same_words(one: str | None, two: str | None) -> bool:
    return words_of(one or "") == words_of(two or "")


def _words(
    what: str,
    old: Sequence[str | None],
    new: Sequence[str | None],
    stems: tuple[frozenset[str], frozenset[str]],
) -> list[str]:
    before, after = ({stems_of(each) for each in texts if each} for texts in (old, new))
    gone = any(not each <= stems[1] for each in before - after)
    came = any(not each <= stems[0] for each in after - before)
    if not gone and not came:
        return []
    return [f"{what} {'changed' if gone and came else 'removed' if gone else 'added'}"]
