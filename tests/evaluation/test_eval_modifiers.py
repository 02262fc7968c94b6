"""Modifiers: which entity each qualifier, window and value is said of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from eligex.schema import Criterion, Modifier, Predicate, PredicateEntity, TrialCriteria, Window
from eligex_eval.corpora import chia
from eligex_eval.counts import Counts, Share
from eligex_eval.documents import Document, Gold, Modified
from eligex_eval.modifiers import result_modifiers
from eligex_eval.predictions import Pair, Prediction, empty_result
from eligex_eval.tasks.modifiers import Modifiers

TEXT = "asthma, severe gout or acne within 6 months"


def at(words: str, text: str = TEXT) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


GOLD = (
    Modified(at("severe"), "qualifier", at("gout")),
    Modified(at("within 6 months"), "temporal", at("gout")),
    Modified(at("within 6 months"), "temporal", at("acne")),
)


def result(**modifiers: str) -> TrialCriteria:
    """Return a result in which each entity has the modifiers that are named: "severe", "within 6 months"."""
    predicates = []
    for name in ("asthma", "gout", "acne"):
        words = modifiers.get(name, "")
        own = (Modifier("severe", *at("severe"), "qualifier"),) if "severe" in words else ()
        window = Window("within 6 months", *at("within 6 months"), "before") if "months" in words else None
        entity = PredicateEntity(name, *at(name), "Condition")
        predicates.append(Predicate(name, entity, modifiers=own, temporal=window))
    criterion = Criterion("inc-1", "inclusion", TEXT, 0, len(TEXT), predicates=tuple(predicates))
    return replace(empty_result("d", TEXT), criteria=(criterion,))


def tallies(**modifiers: str):
    document = Document("d", TEXT, "t", gold=Gold(modifiers=GOLD))
    return Modifiers().score(Pair(document, Prediction(result(**modifiers)))).tallies


def test_everything_right() -> None:
    found = tallies(gout="severe, within 6 months", acne="within 6 months")
    assert found["found"] == Counts(2, 2, 2, 2)
    assert found["bound"] == Counts(3, 3, 3, 3)
    assert found["attached"] == Share(2, 2)
    assert found["bound/temporal"] == Counts(2, 2, 2, 2)


def test_the_wrong_neighbour_is_found_but_not_bound() -> None:
    found = tallies(asthma="severe")
    assert found["found/qualifier"] == Counts(1, 1, 1, 1)
    assert found["bound/qualifier"] == Counts(1, 1, 0, 0)
    assert found["attached/qualifier"] == Share(0, 1)


def test_both_neighbours_are_not_the_right_one() -> None:
    found = tallies(asthma="severe", gout="severe")
    assert found["bound/qualifier"] == Counts(1, 2, 1, 1)
    assert found["attached/qualifier"] == Share(0, 1)


def test_a_modifier_that_is_not_found_is_missed_and_not_judged() -> None:
    found = tallies()
    assert found["bound"] == Counts(3, 0, 0, 0)
    assert found["attached"] == Share(0, 0)


def test_values_and_all_windows_count() -> None:
    windows = tuple(Window("x", n, n + 1, "before") for n in (0, 2))
    predicate = Predicate(
        "p", PredicateEntity("gout", *at("gout"), "Condition"), temporal=windows[0], windows=windows,
        value_start=3, value_end=4,
    )  # fmt: skip
    criterion = Criterion("inc-1", "inclusion", TEXT, 0, len(TEXT), predicates=(predicate,))
    found = result_modifiers(replace(empty_result("d", TEXT), criteria=(criterion,)))
    assert [(m.span, m.type) for m in found] == [
        ((0, 1), "temporal"),
        ((2, 3), "temporal"),
        ((3, 4), "value"),
    ]


def chia_document(folder: Path, text: str, ann: str) -> Document:
    (folder / "NCT1_inc.txt").write_text(text, "utf-8")
    (folder / "NCT1_inc.ann").write_text(ann, "utf-8")
    (document,) = chia.read(folder)
    return document


def test_relations_of_chia_hold_for_the_members_of_or_groups(tmp_path: Path) -> None:
    ann = "T1\tCondition 0 6\tasthma\nT2\tQualifier 8 14\tsevere\nT3\tCondition 15 19\tgout\n"
    ann += "T4\tCondition 23 27\tacne\nT5\tTemporal 28 43\twithin 6 months\n"
    ann += "R1\tHas_qualifier Arg1:T3 Arg2:T2\nR2\tHas_temporal Arg1:T4 Arg2:T5\n*\tOR T3 T4\n"
    document = chia_document(tmp_path, TEXT, ann)
    acne = Modified(at("severe"), "qualifier", at("acne"))
    assert document.gold.modifiers == tuple(sorted((*GOLD, acne)))
