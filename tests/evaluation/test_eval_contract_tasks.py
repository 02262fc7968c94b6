"""The tasks that need the whole contract, on one hand-worked document."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eligex.schema import Criterion, Predicate, PredicateEntity, TrialCriteria, Window
from eligex_eval.atoms import predicate_atoms
from eligex_eval.counts import Counts, Share
from eligex_eval.documents import Document, Exemption, Gold
from eligex_eval.predictions import Pair, Prediction, empty_result
from eligex_eval.tasks.calibration import Item, bins, expected_error, items, precision_at_coverage
from eligex_eval.tasks.exemptions import Exemptions
from eligex_eval.tasks.lists import Lists
from eligex_eval.tasks.logic import Logic, pair_relations
from eligex_eval.tasks.predicates import Predicates, same_comparison
from eligex_eval.tasks.registry import all_tasks
from eligex_eval.tasks.scopes import Scopes
from eligex_eval.tasks.segmentation import Segmentation

TEXT = (
    "Adults with one of:\n- angina within 6 months\n- stroke or gout, except mild gout\n"
    "Platelets >= 100000 /uL if female"
)


def at(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def predicate(key: str, words: str, **more) -> Predicate:
    return Predicate(key, PredicateEntity(words, *at(words), "Condition"), **more)


def criterion(
    key: str, words: str, *predicates: Predicate, parent: str | None = None, logic=None
) -> Criterion:
    kind = "inclusion" if key.startswith("inc") else "exclusion"
    logic = logic or {"and": [p.id for p in predicates]}
    return Criterion(key, kind, words, *at(words), parent=parent, predicates=predicates, logic=logic)


WINDOW = Window("within 6 months", *at("within 6 months"), "before", None, "P6M")
ANGINA = predicate("inc-1.a.1", "angina", temporal=WINDOW)
STROKE = predicate("inc-1.b.1", "stroke")
GOUT = predicate("inc-1.b.2", "gout", exceptions=("inc-1.b.3",))
MILD = predicate("inc-1.b.3", "mild gout", effect="allow")
PLATELETS = predicate(
    "inc-2.1",
    "Platelets",
    comparator=">=",
    threshold=100000,
    unit="/uL",
    value_text=">= 100000 /uL",
    value_start=at(">= 100000 /uL")[0],
    value_end=at(">= 100000 /uL")[1],
    condition="female",
    condition_start=at("if female")[0],
    condition_end=at("if female")[1],
)
GOLD = replace(
    empty_result("d", TEXT),
    criteria=(
        criterion("inc-1", "Adults with one of:", logic={"or": ["inc-1.a", "inc-1.b"]}),
        criterion("inc-1.a", "angina within 6 months", ANGINA, parent="inc-1"),
        criterion(
            "inc-1.b",
            "stroke or gout, except mild gout",
            STROKE,
            GOUT,
            MILD,
            parent="inc-1",
            logic={"or": ["inc-1.b.1", {"and": ["inc-1.b.2", "inc-1.b.3"]}]},
        ),
        criterion("inc-2", "Platelets >= 100000 /uL if female", PLATELETS),
    ),
)


def score(task, predicted: TrialCriteria):
    document = Document("d", TEXT, "test", gold=Gold(result=GOLD))
    return task.score(Pair(document, Prediction(predicted)))


def with_predicate(old: Predicate, new: Predicate | None) -> TrialCriteria:
    """Return the gold result with one predicate changed or taken away."""
    criteria = []
    for c in GOLD.criteria:
        kept = tuple(p for p in (new if p is old else p for p in c.predicates) if p is not None)
        criteria.append(replace(c, predicates=kept))
    return replace(GOLD, criteria=tuple(criteria))


@pytest.mark.parametrize("task", [Segmentation(), Predicates(), Scopes(), Logic()], ids=lambda t: t.name)
def test_gold_against_itself_is_perfect(task) -> None:
    result = score(task, GOLD)
    assert not result.errors
    for name, tally in result.tallies.items():
        assert set(tally.figures().values()) <= {1.0, None}, name


class TestSegmentation:
    def test_a_shifted_end_is_a_boundary_error_only(self) -> None:
        first, *rest = GOLD.criteria
        short = replace(first, text=first.text[:-1], end=first.end - 1)
        result = score(Segmentation(), replace(GOLD, criteria=(short, *rest)))
        assert result.tallies["boundaries"] == Counts(4, 4, 3, 3)
        assert result.tallies["boundaries, most characters"] == Counts(4, 4, 4, 4)
        assert result.tallies["parent"] == Share(4, 4)
        assert [e.kind for e in result.errors] == ["boundary"]

    def test_wrong_type_and_parent(self) -> None:
        *rest, last = GOLD.criteria
        moved = replace(last, type="exclusion", parent="inc-1")
        result = score(Segmentation(), replace(GOLD, criteria=(*rest, moved)))
        assert result.tallies["type"] == Share(3, 4)
        assert result.tallies["parent"] == Share(3, 4)

    def test_parents_are_compared_by_position_not_by_id(self) -> None:
        renamed = [
            replace(c, id=f"x{c.id}", parent=None if c.parent is None else f"x{c.parent}")
            for c in GOLD.criteria
        ]
        assert score(Segmentation(), replace(GOLD, criteria=tuple(renamed))).tallies["parent"] == Share(4, 4)


class TestPredicates:
    @pytest.mark.parametrize(
        ("old", "change", "kind"),
        [
            pytest.param(PLATELETS, {"comparator": ">"}, "comparison differs", id="comparator"),
            pytest.param(PLATELETS, {"threshold": 1000}, "comparison differs", id="threshold"),
            pytest.param(PLATELETS, {"unit": "/L"}, "unit differs", id="unit"),
            pytest.param(PLATELETS, {"negated": True}, "negated differs", id="negated"),
            pytest.param(PLATELETS, {"effect": "exclude"}, "effect differs", id="effect"),
            pytest.param(
                PLATELETS, {"condition_start": 0, "condition_end": 3}, "condition differs", id="condition"
            ),
            pytest.param(ANGINA, {"temporal": None}, "window differs", id="no window"),
            pytest.param(ANGINA, {"temporal": replace(WINDOW, high="P6W")}, "window differs", id="length"),
            pytest.param(ANGINA, {"temporal": replace(WINDOW, strict=True)}, "window differs", id="strict"),
            pytest.param(ANGINA, {"windows": (WINDOW, WINDOW)}, "window differs", id="second window"),
            pytest.param(GOUT, {"exceptions": ()}, "exceptions differs", id="exceptions"),
        ],
    )
    def test_one_wrong_part_is_not_exact(self, old, change, kind) -> None:
        result = score(Predicates(), with_predicate(old, replace(old, **change)))
        assert result.tallies["found"] == Counts(5, 5, 5, 5)
        assert result.tallies["exact"] == Counts(5, 5, 4, 4)
        assert [e.kind for e in result.errors] == [kind]

    def test_wider_entity_is_exact_but_for_its_span(self) -> None:
        wide = replace(MILD, entity=replace(MILD.entity, start=MILD.entity.start - 1))
        result = score(Predicates(), with_predicate(MILD, wide))
        assert result.tallies["exact"].right == 4
        assert result.tallies["exact, entity overlaps"].right == 5

    def test_missing_predicate(self) -> None:
        result = score(Predicates(), with_predicate(STROKE, None))
        assert result.tallies["found"] == Counts(5, 4, 4, 4)
        assert [e.kind for e in result.errors] == ["missed"]

    def test_effect_by_kind(self) -> None:
        result = score(Predicates(), with_predicate(MILD, replace(MILD, effect="require")))
        assert result.tallies["effect"] == Share(4, 5)
        assert result.tallies["effect/allow"] == Counts(1, 0, 0, 0)
        assert result.tallies["effect/require"] == Counts(4, 5, 4, 4)


@pytest.mark.parametrize(
    ("gold", "said", "same"),
    [
        pytest.param({"threshold_text": "IIIB"}, {"threshold_text": "iiib"}, True, id="case"),
        pytest.param({"threshold_text": "IIIB"}, {"threshold_text": "IIIA"}, False, id="other words"),
        pytest.param({}, {"threshold_text": "III"}, True, id="words of one side"),
        pytest.param({"threshold_text": "IIIB"}, {"threshold": 2}, False, id="other number"),
    ],
)
def test_thresholds_compare_by_number_and_by_words(gold, said, same) -> None:
    stage = predicate("1", "gout", comparator="=", threshold=3)
    assert same_comparison(replace(stage, **gold), replace(stage, **said)) is same


@pytest.mark.parametrize(
    ("more", "values"),
    [
        pytest.param({"threshold": 3, "threshold_text": "IIIB"}, ["iiib"], id="stage"),
        pytest.param({"threshold": 0.5, "threshold_text": "20/40"}, ["20/40"], id="acuity"),
        pytest.param({"threshold": 64, "threshold_text": "1:64"}, ["1:64"], id="titre"),
        pytest.param({"threshold": 4}, [4.0], id="number"),
        pytest.param(
            {"comparator": "in", "threshold": 3, "threshold_set": (3, 4), "threshold_text": ("IIIB", "IV")},
            ["iiib", 4.0],
            id="set",
        ),
        pytest.param(
            {"comparator": "between", "threshold": 1, "threshold_high": 3, "threshold_text": ("I", "IIIA")},
            [1.0, "iiia"],
            id="range",
        ),
    ],
)
def test_atoms_are_what_is_written(more, values) -> None:
    stage = replace(PLATELETS, **{"comparator": "=", **more})
    assert [atom.value for atom in predicate_atoms(stage)] == values


class TestScopes:
    def test_predicates_of_a_condition(self) -> None:
        female = predicate("inc-2.1?1", "female", effect=None)
        stated = replace(PLATELETS, condition_predicates=(female,))
        *others, last = GOLD.criteria
        gold = replace(GOLD, criteria=(*others, replace(last, predicates=(stated,))))
        for own, right in (((female,), 1), ((replace(female, negated=True),), 0), ((), 0)):
            said = replace(stated, condition_predicates=own)
            result = replace(
                gold, criteria=(*gold.criteria[:3], replace(gold.criteria[3], predicates=(said,)))
            )
            pair = Pair(Document("d", TEXT, "test", gold=Gold(result=gold)), Prediction(result))
            assert Scopes().score(pair).tallies["stated bound"] == Counts(1, len(own), right, right)

    def test_a_window_on_another_entity_is_not_bound(self) -> None:
        moved = with_predicate(ANGINA, replace(ANGINA, temporal=None))
        moved = replace(
            moved,
            criteria=tuple(
                replace(
                    c,
                    predicates=tuple(replace(p, temporal=WINDOW) if p is STROKE else p for p in c.predicates),
                )
                for c in moved.criteria
            ),
        )
        tallies = score(Scopes(), moved).tallies
        assert tallies["window + direction and length"] == Counts(1, 1, 1, 1)
        assert tallies["window bound"] == Counts(1, 1, 0, 0)

    def test_lost_exception(self) -> None:
        tallies = score(Scopes(), with_predicate(GOUT, replace(GOUT, exceptions=()))).tallies
        assert tallies["exception bound"] == Counts(1, 0, 0, 0)


class TestLogic:
    def test_relations_reach_through_children(self) -> None:
        relations = pair_relations(GOLD)
        assert relations["inc-1.a.1", "inc-1.b.1"] == "or"
        assert relations["inc-1.b.2", "inc-1.b.3"] == "and"
        assert relations["inc-1.b.1", "inc-1.b.2"] == "or"
        assert not any("inc-2.1" in pair for pair in relations)

    def test_when_joins_a_limit_with_what_holds_else_and_not_joins_nothing(self) -> None:
        node = {"not": {"or": ["inc-1.b.1", {"when": "inc-1.b.2", "else": {"and": ["inc-1.b.3"]}}]}}
        own = (replace(c, logic=node) if c.id == "inc-1.b" else c for c in GOLD.criteria)
        relations = pair_relations(replace(GOLD, criteria=tuple(own)))
        assert relations["inc-1.b.2", "inc-1.b.3"] == "when"
        assert relations["inc-1.b.1", "inc-1.b.3"] == "or"

    def test_and_for_or(self) -> None:
        flat = {"and": ["inc-1.b.1", "inc-1.b.2", "inc-1.b.3"]}
        changed = tuple(replace(c, logic=flat) if c.id == "inc-1.b" else c for c in GOLD.criteria)
        result = score(Logic(), replace(GOLD, criteria=changed))
        assert result.tallies["pairs"] == Share(4, 6)
        assert result.tallies["or"] == Counts(5, 3, 3, 3)
        assert {e.kind for e in result.errors} == {"or as and"}

    def test_pairs_with_a_missing_predicate_are_not_judged(self) -> None:
        tallies = score(Logic(), with_predicate(STROKE, None)).tallies
        assert tallies["pairs"] == Share(3, 3)
        assert tallies["pairs, with missed"] == Share(3, 6)

    @pytest.mark.parametrize(
        ("node", "right"),
        [
            ({"or": ["inc-1.b.2", "inc-1.b.1", {"and": ["inc-1.b.3", "inc-1.b.2"]}]}, False),
            ({"not": {"and": [{"not": "inc-1.b.1"}, {"not": {"and": ["inc-1.b.2", "inc-1.b.3"]}}]}}, True),
            ({"and": ["inc-1.b.1", "inc-1.b.2", "inc-1.b.3"]}, False),
        ],
    )
    def test_truth_does_not_depend_on_how_it_is_written(self, node, right) -> None:
        changed = tuple(replace(c, logic=node) if c.id == "inc-1.b" else c for c in GOLD.criteria)
        tallies = score(Logic(), replace(GOLD, criteria=changed)).tallies
        assert tallies["criteria by truth"] == Share(int(right), 1)

    def test_truth_of_a_negation_that_is_lost(self) -> None:
        said = with_predicate(STROKE, replace(STROKE, negated=True))
        assert score(Logic(), said).tallies["criteria by truth"] == Share(0, 1)
        assert score(Logic(), GOLD).tallies["criteria by truth"] == Share(1, 1)

    def test_truth_is_that_of_the_predicates_found(self) -> None:
        assert score(Logic(), with_predicate(STROKE, None)).tallies["criteria by truth"] == Share(1, 1)

    def test_a_criterion_that_names_itself_ends(self) -> None:
        loop = criterion("inc-1", "Adults with one of:", logic={"or": ["inc-1"]})
        assert pair_relations(replace(GOLD, criteria=(loop,))) == {}


class TestLists:
    def tallies(self, *, negated: bool, operator: str):
        predicates = [replace(p, negated=negated) for p in (STROKE, GOUT)]
        own = criterion("inc-1", TEXT, *predicates, logic={operator: [p.id for p in predicates]})
        gold = Gold(joined=((at("stroke"), at("gout"), "or"), (at("stroke"), at("angina"), "and")))
        result = replace(empty_result("d", TEXT), criteria=(own,))
        return Lists().score(Pair(Document("d", TEXT, "t", gold=gold), Prediction(result))).tallies

    def test_same_operator(self) -> None:
        tallies = self.tallies(negated=False, operator="or")
        assert tallies["pairs"] == Share(1, 1)
        assert tallies["pairs, with missed"] == Share(1, 2)

    def test_other_operator(self) -> None:
        assert self.tallies(negated=False, operator="and")["pairs"] == Share(0, 1)

    def test_a_negated_list_has_the_opposite_operator(self) -> None:
        assert self.tallies(negated=True, operator="and")["pairs"] == Share(1, 1)
        assert self.tallies(negated=True, operator="or")["pairs"] == Share(0, 1)


class TestExemptions:
    gold = Gold(
        exemptions=(Exemption((at("gout"),), (at("mild gout"),)),),
        subgroup_limits=((at(">= 100000 /uL"), at("female")),),
    )

    def tallies(self, result: TrialCriteria):
        return Exemptions().score(Pair(Document("d", TEXT, "t", gold=self.gold), Prediction(result))).tallies

    def test_right(self) -> None:
        tallies = self.tallies(GOLD)
        assert tallies["exempted"] == Counts(1, 1, 1, 1)
        assert tallies["exception"] == Counts(1, 1, 1, 1)
        assert tallies["subgroup limits"] == Share(1, 1)

    def test_an_exception_that_nothing_names_has_no_pair(self) -> None:
        tallies = self.tallies(with_predicate(GOUT, replace(GOUT, exceptions=())))
        assert tallies["exempted"] == Counts(1, 1, 1, 1)
        assert tallies["exception"] == Counts(1, 0, 0, 0)

    def test_a_limit_without_its_condition(self) -> None:
        bare = replace(PLATELETS, condition=None, condition_start=None, condition_end=None)
        assert self.tallies(with_predicate(PLATELETS, bare))["subgroup limits"] == Share(0, 1)


class TestCalibration:
    def test_items_of_the_whole_contract(self) -> None:
        wrong = with_predicate(PLATELETS, replace(PLATELETS, unit="/L", confidence=0.25))
        document = Document("d", TEXT, "test", gold=Gold(result=GOLD))
        found = items([Pair(document, Prediction(wrong))])
        assert sorted((i.confidence, i.right) for i in found) == [(0.25, False), *[(1.0, True)] * 4]

    def test_perfectly_calibrated(self) -> None:
        sample = [Item(0.75, i % 4 != 0) for i in range(40)]
        assert expected_error(bins(sample)) == pytest.approx(0)

    def test_overconfident(self) -> None:
        assert expected_error(bins([Item(1.0, i % 2 == 0) for i in range(10)])) == 0.5

    def test_nothing_to_judge(self) -> None:
        assert expected_error(bins([])) is None
        assert precision_at_coverage([]) == []

    def test_one_is_in_the_last_bin(self) -> None:
        assert bins([Item(1.0, True)])[-1].items == 1


def test_tasks_have_different_names_and_state_their_rules() -> None:
    tasks = all_tasks()
    assert len({task.name for task in tasks}) == len(tasks)
    assert all(task.rule for task in tasks)
