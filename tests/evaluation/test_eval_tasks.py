"""Every task on hand-worked documents, and properties that hold for all of them."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from eligex.schema import (
    Alternative,
    Criterion,
    Entity,
    Heading,
    Predicate,
    PredicateEntity,
    TrialCriteria,
    Unparsed,
)
from eligex_eval.counts import Counts, Share
from eligex_eval.documents import Atom, Document, Gold, GoldEntity, Region
from eligex_eval.predictions import Pair, Prediction, align, empty_result
from eligex_eval.systems.oracle import Oracle
from eligex_eval.tasks.accounting import Accounting
from eligex_eval.tasks.base import run_task
from eligex_eval.tasks.entities import Entities, NestedEntities
from eligex_eval.tasks.negation import Negation
from eligex_eval.tasks.numeric import LEVELS, Numeric
from eligex_eval.tasks.sections import SectionType

TEXT = "No asthma or eczema; hemoglobin >= 9 g/dL; age 18 to 75 years; aspirin within 6 months."


def at(words: str, text: str = TEXT) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def gold(words: str, label: str, *, negated: bool = False, by_group: bool = False) -> GoldEntity:
    return GoldEntity(*at(words), label, words, negated, by_group or negated)


def said(words: str, label: str, *, negated: bool = False) -> Entity:
    return Entity(*at(words), words, label, negated)  # type: ignore[arg-type]


def result(entities=(), predicates=(), criteria=None) -> TrialCriteria:
    base = empty_result("d", TEXT)
    if criteria is None and predicates:
        criteria = (Criterion("inc-1", "inclusion", TEXT, 0, len(TEXT), predicates=tuple(predicates)),)
    return replace(base, entities=tuple(entities), criteria=criteria or ())


def pair(layers: Gold, predicted: TrialCriteria | Prediction) -> Pair:
    prediction = predicted if isinstance(predicted, Prediction) else Prediction(predicted)
    return Pair(Document("d", TEXT, "test", gold=layers), prediction)


class TestEntities:
    layers = Gold(
        entities=(gold("asthma", "Condition"), gold("eczema", "Condition"), gold("aspirin", "Drug"))
    )

    def score(self, *entities: Entity, unplaced: tuple[str, ...] = ()):
        return Entities().score(pair(self.layers, Prediction(result(entities), unplaced)))

    def test_two_of_three(self) -> None:
        tallies = self.score(said("asthma", "Condition"), said("aspirin", "Drug")).tallies
        assert tallies["strict"] == Counts(gold=3, predicted=2, found=2, right=2)
        assert tallies["strict/Condition"] == Counts(2, 1, 1, 1)
        assert tallies["strict/Drug"] == Counts(1, 1, 1, 1)

    def test_boundary_is_relaxed_only(self) -> None:
        score = self.score(said("No asthma", "Condition"))
        assert score.tallies["strict"] == Counts(3, 1, 0, 0)
        assert score.tallies["relaxed"] == Counts(3, 1, 1, 1)
        assert [e.kind for e in score.errors] == ["boundary", "missed", "missed"]

    def test_wrong_label_is_neither(self) -> None:
        score = self.score(said("aspirin", "Condition"))
        assert score.tallies["relaxed"] == Counts(3, 1, 0, 0)
        assert score.tallies["untyped"] == Counts(3, 1, 1, 1)
        assert "label" in [e.kind for e in score.errors]

    def test_one_long_prediction_finds_one_gold_span_only(self) -> None:
        tallies = self.score(said("asthma or eczema", "Condition")).tallies
        assert tallies["relaxed"] == Counts(3, 1, 1, 1)
        assert tallies["any-overlap"] == Counts(3, 1, 2, 1)

    def test_a_prediction_made_twice_is_right_once(self) -> None:
        tallies = self.score(said("asthma", "Condition"), said("asthma", "Condition")).tallies
        assert tallies["strict"] == Counts(3, 2, 1, 1)
        assert tallies["any-overlap"] == Counts(3, 2, 1, 2)

    def test_spans_that_are_not_in_the_text_are_wrong(self) -> None:
        score = self.score(said("asthma", "Condition"), unplaced=("Drug",))
        assert score.tallies["strict"] == Counts(3, 2, 1, 1)
        assert "not in the text" in [e.kind for e in score.errors]

    def test_labels_outside_the_fifteen_are_not_scored(self) -> None:
        layers = Gold(entities=(*self.layers.entities, gold("hemoglobin", "Scope")))
        score = Entities().score(pair(layers, result([said("asthma", "Condition")])))
        assert score.tallies["strict"] == Counts(3, 1, 1, 1)

    def test_nested_spans_are_missed_by_a_flat_system(self) -> None:
        layers = replace(self.layers, nested=(*self.layers.entities, gold("asthma or eczema", "Condition")))
        score = NestedEntities().score(pair(layers, result([said("asthma or eczema", "Condition")])))
        assert score.tallies["strict"] == Counts(4, 1, 1, 1)


class TestNegation:
    layers = Gold(
        entities=(
            gold("asthma", "Condition", negated=True),
            gold("eczema", "Condition", by_group=True),
            gold("aspirin", "Drug"),
            gold("within 6 months", "Temporal", negated=True),
        )
    )

    def tallies(self, *entities: Entity):
        return Negation().score(pair(self.layers, result(entities))).tallies

    def test_judged_on_found_entities_only(self) -> None:
        tallies = self.tallies(said("aspirin", "Drug"))
        assert tallies["negated"] == Counts(0, 0, 0, 0)
        assert tallies["negated, with missed"] == Counts(1, 0, 0, 0)

    def test_or_group(self) -> None:
        entities = [said("asthma", "Condition", negated=True), said("eczema", "Condition", negated=True)]
        tallies = self.tallies(*entities)
        assert tallies["negated"] == Counts(1, 2, 1, 1)
        assert tallies["negated, shared over or-groups"] == Counts(2, 2, 2, 2)

    def test_another_domain_label_still_matches(self) -> None:
        assert self.tallies(said("asthma", "Observation", negated=True))["negated"] == Counts(1, 1, 1, 1)

    def test_other_labels_do_not_count(self) -> None:
        tallies = self.tallies(said("within 6 months", "Temporal", negated=True))
        assert tallies["negated, with missed"] == Counts(1, 0, 0, 0)


def predicate(entity: str, value: str, **more) -> Predicate:
    start, end = at(value)
    label = "Measurement"
    fields = {"comparator": ">=", "threshold": 9, **more}
    return Predicate(
        "inc-1.1",
        PredicateEntity(entity, *at(entity), label),
        value_text=value,
        value_start=start,
        value_end=end,
        **fields,
    )


class TestNumeric:
    hemoglobin = Atom(*at("9"), 9.0, ">=", False, ("g/dL",), (at("hemoglobin"),))
    ages = (
        Atom(*at("18"), 18.0, ">=", True, ("a",), (at("age"),)),
        Atom(*at("75"), 75.0, "<=", True, ("a",), (at("age"),)),
    )
    layers = Gold(atoms=(hemoglobin, *ages), atoms_elsewhere=(at("within 6 months"),))

    def levels(self, *predicates: Predicate) -> list[tuple[int, int]]:
        tallies = Numeric().score(pair(self.layers, result(predicates=predicates))).tallies
        assert {tallies[name].gold for name in LEVELS} == {3}
        return [(tallies[name].predicted, tallies[name].right) for name in LEVELS]

    def test_right_in_everything(self) -> None:
        assert self.levels(predicate("hemoglobin", ">= 9 g/dL", unit="g/dL")) == [(1, 1)] * 4

    def test_wrong_entity(self) -> None:
        assert self.levels(predicate("asthma", ">= 9 g/dL", unit="g/dL")) == [(1, 1), (1, 1), (1, 1), (1, 0)]

    def test_wrong_unit_is_wrong_for_the_tuple_too(self) -> None:
        levels = self.levels(predicate("hemoglobin", ">= 9 g/dL", unit="g/L"))
        assert levels == [(1, 1), (1, 1), (1, 0), (1, 0)]

    def test_missing_unit_is_wrong(self) -> None:
        assert self.levels(predicate("hemoglobin", ">= 9 g/dL"))[2] == (1, 0)

    def test_strict_and_inclusive_are_never_merged(self) -> None:
        levels = self.levels(predicate("hemoglobin", ">= 9 g/dL", comparator=">", unit="g/dL"))
        assert levels == [(1, 1), (1, 0), (1, 0), (1, 0)]

    def test_wrong_value(self) -> None:
        assert self.levels(predicate("hemoglobin", ">= 9 g/dL", threshold=90, unit="g/dL"))[0] == (1, 0)

    def test_right_value_elsewhere(self) -> None:
        assert self.levels(predicate("hemoglobin", "asthma", unit="g/dL"))[0] == (1, 0)

    def test_range_is_two_atoms(self) -> None:
        between = predicate(
            "age", "18 to 75 years", comparator="between", threshold=18, threshold_high=75, unit="a"
        )
        assert self.levels(between) == [(2, 2)] * 4

    def test_ends_of_ranges_match_strict_comparators(self) -> None:
        low = predicate("age", "18 to 75 years", comparator=">", threshold=18, unit="a")
        high = predicate("age", "18 to 75 years", comparator="<", threshold=75, unit="a")
        assert self.levels(low, high) == [(2, 2)] * 4

    def test_ends_of_ranges_keep_their_direction(self) -> None:
        low = predicate("age", "18 to 75 years", comparator="<=", threshold=18, unit="a")
        assert self.levels(low) == [(1, 1), (1, 0), (1, 0), (1, 0)]

    def test_set_is_an_atom_a_value(self) -> None:
        members = predicate(
            "age", "18 to 75 years", comparator="in", threshold=18, threshold_set=(18, 20, 75)
        )
        assert self.levels(members)[0] == (3, 2)

    def test_alternatives_are_not_atoms(self) -> None:
        other = Alternative(90, "g/L", *at("9"))
        twin = predicate("hemoglobin", ">= 9 g/dL", unit="g/dL", alternatives=(other,))
        assert self.levels(twin) == [(1, 1)] * 4

    def test_one_prediction_for_one_gold_atom(self) -> None:
        twice = [predicate("hemoglobin", ">= 9 g/dL", unit="g/dL")] * 2
        assert self.levels(*twice) == [(2, 1)] * 4

    def test_left_out_on_another_role(self) -> None:
        months = predicate("aspirin", "6 months", comparator="<=", threshold=6, unit="mo")
        score = Numeric().score(pair(self.layers, result(predicates=[months])))
        assert score.tallies["value"] == Counts(3, 0, 0, 0)
        assert score.tallies["left out"] == Share(1, 1)

    def test_predicate_without_a_value_is_not_an_atom(self) -> None:
        bare = Predicate("inc-1.1", PredicateEntity("asthma", *at("asthma"), "Condition"))
        assert self.levels(bare)[0] == (0, 0)

    def test_a_number_without_a_place_is_wrong(self) -> None:
        nowhere = replace(predicate("hemoglobin", ">= 9 g/dL"), value_start=None, value_end=None)
        assert self.levels(nowhere) == [(1, 0)] * 4

    def test_shared_value_needs_a_predicate_each(self) -> None:
        both = tuple(replace(self.hemoglobin, entities=(at(w),)) for w in ("asthma", "eczema"))
        one = [predicate("asthma", ">= 9 g/dL", unit="g/dL")]
        score = Numeric().score(pair(Gold(atoms=both), result(predicates=one)))
        assert score.tallies["tuple"] == Counts(2, 1, 1, 1)

    def test_errors_name_the_first_level_that_fails(self) -> None:
        predicted = [
            predicate("asthma", ">= 9 g/dL", unit="g/dL"),
            predicate("age", "18 to 75 years", threshold=18),
        ]
        score = Numeric().score(pair(self.layers, result(predicates=predicted)))
        assert sorted(e.kind for e in score.errors) == ["entity wrong", "missed", "unit wrong"]


class TestSectionType:
    def test_type_against_the_heading(self) -> None:
        regions = (Region(0, 20, "inclusion"), Region(21, 62, "exclusion"), Region(62, len(TEXT), None))
        spans = [(0, 19, "inclusion"), (21, 41, "inclusion"), (43, 61, "exclusion"), (63, 80, "exclusion")]
        criteria = tuple(Criterion(f"x-{i}", kind, TEXT[s:e], s, e) for i, (s, e, kind) in enumerate(spans))
        score = SectionType().score(pair(Gold(regions=regions), result(criteria=criteria)))
        assert score.tallies["criteria"] == Share(2, 3)
        assert score.tallies["under an unclear heading"] == Share(1, 4)
        assert [e.kind for e in score.errors] == ["exclusion as inclusion"]

    def test_text_in_no_criterion_counts_by_characters(self) -> None:
        regions = (Region(0, len(TEXT), "inclusion"),)
        criteria = (Criterion("inc-1", "inclusion", TEXT[:9], 0, 9),)
        tallies = SectionType().score(pair(Gold(regions=regions), result(criteria=criteria))).tallies
        assert tallies["criteria"] == Share(1, 1)
        assert tallies["characters"] == Share(8, len(TEXT.replace(" ", "")))


class TestAccounting:
    def tallies(self, **parts):
        return Accounting().score(pair(Gold(), replace(result(), **parts))).tallies

    def test_all(self) -> None:
        half = TEXT.index(";") + 1
        parts = self.tallies(
            headings=(Heading(0, half, TEXT[:half], None),),
            unparsed=(Unparsed(half, len(TEXT), TEXT[half:], "test"),),
        )
        total = len(TEXT.replace(" ", ""))
        assert parts["accounted"] == Share(total, total)
        assert parts["counted once"] == Share(total, total)
        assert parts["exact"] == Share(2, 2)

    def test_gap_overlap_and_wrong_quotation(self) -> None:
        parts = self.tallies(
            headings=(Heading(0, 2, "No", None), Heading(0, 9, "no asthma", None)),
        )
        total = len(TEXT.replace(" ", ""))
        assert parts["accounted"] == Share(8, total)
        assert parts["counted once"] == Share(6, 8)
        assert parts["exact"] == Share(1, 2)

    def test_marker_belongs_to_its_criterion(self) -> None:
        criterion = Criterion("inc-1", "inclusion", TEXT[3:], 3, len(TEXT), marker="No", marker_start=0)
        total = len(TEXT.replace(" ", ""))
        assert self.tallies(criteria=(criterion,))["accounted"] == Share(total, total)


def random_documents(rng: random.Random, number: int) -> tuple[list[Document], list[TrialCriteria]]:
    documents, results = [], []
    for i in range(number):
        text = "x " * 30
        spans = lambda n: [(s, s + rng.randrange(1, 9)) for s in (rng.randrange(50) for _ in range(n))]  # noqa: E731
        labels = ["Drug", "Condition", "Value"]
        golds = tuple(
            GoldEntity(s, e, rng.choice(labels), text[s:e], rng.random() < 0.3) for s, e in spans(5)
        )
        atoms = tuple(
            Atom(s, e, float(rng.randrange(3)), rng.choice("<>"), False, (), ((s, e),)) for s, e in spans(3)
        )
        documents.append(Document(f"d{i}", text, "random", gold=Gold(entities=golds, atoms=atoms)))
        entities = tuple(Entity(s, e, text[s:e], rng.choice(labels), rng.random() < 0.3) for s, e in spans(5))
        predicates = tuple(
            Predicate(
                "inc-1.1",
                PredicateEntity(text[s:e], s, e, "Measurement"),
                comparator=rng.choice("<>"),
                threshold=rng.randrange(3),
                value_text=text[s:e],
                value_start=s,
                value_end=e,
            )
            for s, e in spans(3)
        )
        criterion = Criterion("inc-1", "inclusion", text, 0, len(text), predicates=predicates)
        base = empty_result(f"d{i}", text)
        results.append(replace(base, entities=entities, criteria=(criterion,)))
    return documents, results


@pytest.mark.parametrize("task", [Entities(), Negation(), Numeric(), Accounting()], ids=lambda t: t.name)
def test_order_of_documents_does_not_matter(task) -> None:
    rng = random.Random(5)
    documents, results = random_documents(rng, 30)
    first = run_task(task, align(documents, results).pairs).tallies
    rng.shuffle(documents)
    rng.shuffle(results)
    assert run_task(task, align(documents, results).pairs).tallies == first


def joined(documents: list[Document], results: list[TrialCriteria]) -> tuple[Document, TrialCriteria]:
    """Put documents one after the other into one."""
    text, golds, atoms, entities, predicates = "", [], [], [], []
    for document, item in zip(documents, results, strict=True):
        n = len(text)
        shift = lambda thing, n=n: replace(thing, start=thing.start + n, end=thing.end + n)  # noqa: E731
        golds += [shift(e) for e in document.gold.entities or ()]
        atoms += [
            replace(shift(a), entities=tuple((s + n, e + n) for s, e in a.entities))
            for a in document.gold.atoms or ()
        ]
        entities += [shift(e) for e in item.entities]
        predicates += [
            replace(p, entity=shift(p.entity), value_start=p.value_start + n, value_end=p.value_end + n)
            for c in item.criteria
            for p in c.predicates
        ]
        text += document.text
    criterion = Criterion("inc-1", "inclusion", text, 0, len(text), predicates=tuple(predicates))
    layers = Gold(entities=tuple(golds), atoms=tuple(atoms))
    base = empty_result("all", text)
    return Document("all", text, "random", gold=layers), replace(
        base, entities=tuple(entities), criteria=(criterion,)
    )


@pytest.mark.parametrize("task", [Entities(), Numeric(), Negation()], ids=lambda t: t.name)
def test_joining_documents_changes_nothing(task) -> None:
    documents, results = random_documents(random.Random(6), 12)
    apart = run_task(task, align(documents, results).pairs).tallies
    document, item = joined(documents, results)
    together = run_task(task, align([document], [item]).pairs).tallies
    if task.name == "negation":  # which partner is chosen may differ, how many are matched may not
        assert together["negated, with missed"].gold == apart["negated, with missed"].gold
    else:
        assert together == apart


def test_the_oracle_scores_one() -> None:
    documents, _ = random_documents(random.Random(8), 20)
    alignment = align(documents, Oracle(documents).predict(d.input for d in documents))
    for task, measures in (
        (Entities(), ("strict", "relaxed")),
        (Numeric(), LEVELS),
        (Negation(), ("negated",)),
    ):
        tallies = run_task(task, alignment.pairs).tallies
        if task.name == "negation":
            assert tallies["negated, with missed"].gold > 0
            continue
        for measure in measures:
            assert tallies[measure].f1 == 1.0, (task.name, measure)
