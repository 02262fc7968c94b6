"""Metrics against a brute force that knows nothing of the harness, on hundreds of small random documents.

The brute force tries every way of pairing and counts; it is slow, plain and apart from the code it judges.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest

from eligex.schema import Criterion, Entity, Predicate, PredicateEntity, TrialCriteria
from eligex_eval.atoms import result_atoms
from eligex_eval.corpora import contract
from eligex_eval.counts import Counts, Share
from eligex_eval.documents import Document, Gold, GoldEntity, Statement
from eligex_eval.predictions import Pair, Prediction, empty_result
from eligex_eval.tasks.entities import Entities
from eligex_eval.tasks.negation import Negation
from eligex_eval.tasks.numeric import Numeric
from eligex_eval.tasks.predicates import Predicates
from eligex_eval.tasks.structured import Structured
from eligex_eval.truth import equal

TEXT = "abcdefghijklmnopqrst"
SIZE = len(TEXT)
ROUNDS = 150


def most(gold: Sequence[Any], said: Sequence[Any], fits: Callable[[Any, Any], bool]) -> int:
    """Return the size of the largest one-to-one pairing, by trying every one."""
    short, long, turned = (gold, said, False) if len(gold) <= len(said) else (said, gold, True)
    best = 0
    for chosen in permutations(long, len(short)):
        pairs = zip(short, chosen, strict=True)
        best = max(best, sum(fits(b, a) if turned else fits(a, b) for a, b in pairs))
    return best


def touch(a: Any, b: Any) -> bool:
    return any(a.start <= place < a.end for place in range(b.start, b.end))


def spans(rng: random.Random, most_of: int = 4) -> Iterator[tuple[int, int]]:
    place = 0
    for _ in range(rng.randint(0, most_of)):
        start = place + rng.randint(0, 3)
        end = start + rng.randint(1, 4)
        if end > SIZE:
            return
        yield start, end
        place = end


def entities(rng: random.Random) -> list[Entity]:
    labels = ("Drug", "Condition", "Value")
    return [
        Entity(s, e, TEXT[s:e], rng.choice(labels), rng.random() < 0.4)  # type: ignore[arg-type]
        for s, e in spans(rng)
    ]


def gold_of(items: list[Entity]) -> tuple[GoldEntity, ...]:
    return tuple(GoldEntity(e.start, e.end, e.label, e.text, e.negated, e.negated) for e in items)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_entities(seed: int) -> None:
    rng = random.Random(seed)
    gold, said = entities(rng), entities(rng)
    document = Document("d", TEXT, "t", gold=Gold(entities=gold_of(gold)))
    result = replace(empty_result("d", TEXT), entities=tuple(said))
    tallies = Entities().score(Pair(document, Prediction(result))).tallies

    def of(rule: Callable[[Any, Any], bool]) -> Counts:
        n = most(gold, said, rule)
        return Counts(len(gold), len(said), n, n)

    def same(a: Entity, b: Entity) -> bool:
        return a.label == b.label and touch(a, b)

    assert tallies["strict"] == of(lambda a, b: (a.start, a.end, a.label) == (b.start, b.end, b.label))
    assert tallies["relaxed"] == of(same)
    assert tallies["untyped"] == of(touch)
    assert tallies["any-overlap"] == Counts(
        len(gold), len(said), sum(any(same(g, s) for s in said) for g in gold),
        sum(any(same(g, s) for g in gold) for s in said),
    )  # fmt: skip
    for label in ("Drug", "Condition", "Value"):
        found = tallies.get(f"strict/{label}", Counts())
        assert found.gold == sum(e.label == label for e in gold)
        assert found.right == len({(e.start, e.end) for e in gold if e.label == label} & {
            (e.start, e.end) for e in said if e.label == label
        })  # fmt: skip


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_negation_where_every_entity_is_found(seed: int) -> None:
    """With the same spans on both sides there is one pairing, and the counts follow from the marks alone."""
    rng = random.Random(seed)
    gold = [e for e in entities(rng) if e.label != "Value"]
    said = [replace(e, negated=rng.random() < 0.5) for e in gold]
    document = Document("d", TEXT, "t", gold=Gold(entities=gold_of(gold)))
    result = replace(empty_result("d", TEXT), entities=tuple(said))
    tallies = Negation().score(Pair(document, Prediction(result))).tallies
    both = sum(g.negated and s.negated for g, s in zip(gold, said, strict=True))
    assert tallies["negated"] == Counts(
        sum(g.negated for g in gold), sum(s.negated for s in said), both, both
    )


def predicates(rng: random.Random) -> TrialCriteria:
    """Return a result with a few predicates; their values are characters behind their entities."""
    made = []
    for start, end in spans(rng, 3):
        if end >= SIZE:
            break
        number = rng.choice((1.0, 2.0))
        limit = {"comparator": rng.choice((">=", "<")), "threshold": number, "unit": rng.choice(("a", "mo"))}
        limit |= {"value_start": end, "value_end": end + 1, "value_text": TEXT[end]}
        made.append(
            Predicate(
                f"inc-1.{len(made) + 1}",
                PredicateEntity(TEXT[start:end], start, end, "Person"),
                **(limit if rng.random() < 0.8 else {}),
                negated=rng.random() < 0.3,
                effect=rng.choice(("require", "exclude")),
            )
        )
    criterion = Criterion(
        "inc-1", "inclusion", TEXT, 0, SIZE, predicates=tuple(made), logic={"and": [p.id for p in made]}
    )
    return replace(empty_result("d", TEXT), criteria=(criterion,), text=TEXT)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_whole_predicates(seed: int) -> None:
    rng = random.Random(seed)
    first, second = predicates(rng), predicates(rng)
    document = contract.document(first, Path("x"))
    tallies = Predicates().score(Pair(document, Prediction(second))).tallies
    gold, said = first.criteria[0].predicates, second.criteria[0].predicates

    def five(g: Predicate, s: Predicate) -> bool:
        left, right = ((p.comparator, p.threshold, p.unit, p.negated) for p in (g, s))
        return touch(g.entity, s.entity) and left == right

    for name, rule in (
        ("found", lambda g, s: touch(g.entity, s.entity)),
        ("tuple", five),
        ("exact, entity overlaps", lambda g, s: five(g, s) and g.effect == s.effect),
        ("exact", lambda g, s: five(g, s) and g.effect == s.effect and g.entity == s.entity),
    ):
        n = most(gold, said, rule)
        assert tallies[name] == Counts(len(gold), len(said), n, n), name


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_numbers(seed: int) -> None:
    rng = random.Random(seed)
    first, second = predicates(rng), predicates(rng)
    document = Document("d", TEXT, "t", gold=Gold(atoms=tuple(result_atoms(first))))
    tallies = Numeric().score(Pair(document, Prediction(second))).tallies
    gold, said = (
        [p for p in result.criteria[0].predicates if p.comparator is not None] for result in (first, second)
    )
    tests: tuple[Callable[[Predicate, Predicate], bool], ...] = (
        lambda g, s: g.value_start == s.value_start and g.threshold == s.threshold,
        lambda g, s: g.comparator == s.comparator,
        lambda g, s: g.unit == s.unit,
        lambda g, s: touch(g.entity, s.entity),
    )
    for depth, name in enumerate(("value", "comparator", "unit", "tuple"), start=1):
        n = most(gold, said, lambda g, s, depth=depth: all(test(g, s) for test in tests[:depth]))  # type: ignore[misc]
        assert tallies[name] == Counts(len(gold), len(said), n, n), name


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_criteria_annotated_whole(seed: int) -> None:
    """Entities that do not touch those of others leave one pairing; every share then follows by hand."""
    rng = random.Random(seed)
    text = f"Inclusion Criteria:\n{TEXT}\n"
    shift = text.index(TEXT)
    stated, said = [], []
    whole = numeric = 0
    for number, place in enumerate(range(0, 16, 4)):
        if rng.random() < 0.2:
            continue
        start, end = place + shift, place + shift + 2
        limit = rng.choice(((">=", ("1.0",)), ("<", ("2.0",)), (None, ())))
        effect = rng.choice(("require", "exclude"))
        stated.append(
            Statement(
                spans=((start, end),), name=TEXT[place], key=number, negated=False, comparator=limit[0],
                values=limit[1], unit="", effect=effect, condition=None, window=None,
            )
        )  # fmt: skip
        if rng.random() < 0.2:
            continue
        guess = rng.choice(((">=", 1.0), ("<", 2.0), (None, None), (">=", 2.0)))
        theirs = rng.choice(("require", "exclude"))
        said.append(
            Predicate(
                f"inc-1.{number}", PredicateEntity(text[start:end], start, end, "Drug"), comparator=guess[0],
                threshold=guess[1], effect=theirs,
            )
        )  # fmt: skip
        same = guess[0] == limit[0] and (() if guess[1] is None else (str(guess[1]),)) == limit[1]
        whole += same and effect == theirs
        numeric += same and effect == theirs and bool(limit[1])
    criterion = Criterion("inc-1", "inclusion", TEXT, shift, shift + SIZE, predicates=tuple(said))
    result = replace(empty_result("d", text), criteria=(criterion,))
    document = Document("d", text, "t", gold=Gold(stated=tuple(stated)))
    tallies = Structured().score(Pair(document, Prediction(result))).tallies
    assert tallies["entity"] == Counts(len(stated), len(said), len(said), len(said))
    assert tallies["whole"] == tallies["full"] == Share(whole, len(stated))
    assert tallies["numeric whole"] == Share(numeric, sum(bool(s.values) for s in stated))
    assert tallies["criteria right"] == Share(int(whole == len(stated)), 1)
    assert tallies["criteria exact"] == Share(int(whole == len(stated) == len(said)), 1)


def expression(rng: random.Random, names: list[int], depth: int = 0) -> Any:
    if len(names) == 1:
        return {"not": names[0]} if rng.random() < 0.3 else names[0]
    cut = rng.randint(1, len(names) - 1)
    parts = [expression(rng, names[:cut], depth + 1), expression(rng, names[cut:], depth + 1)]
    return {rng.choice(("and", "or")): parts}


def value_of(node: Any, true: dict[int, bool]) -> bool:
    if isinstance(node, int):
        return true[node]
    if "not" in node:
        return not value_of(node["not"], true)
    values = [value_of(part, true) for part in next(iter(node.values()))]
    return all(values) if "and" in node else any(values)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_logic_by_truth(seed: int) -> None:
    rng = random.Random(seed)
    names = list(range(rng.randint(2, 4)))
    one, other = expression(rng, names), expression(rng, names)
    rows = [dict(zip(names, row, strict=True)) for row in product((False, True), repeat=len(names))]
    assert equal(one, other) == all(value_of(one, row) == value_of(other, row) for row in rows)
