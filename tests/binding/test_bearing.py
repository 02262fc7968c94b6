"""The trained table: which heads bear a window or a condition or are exempt, and what is no condition."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eligex.binding import bearing, conditions, exemptions, windows
from eligex.binding.bearing import BEARINGS, LEAST, length_of, load_weights, probability
from eligex.binding.bound import Bound, Inherited
from eligex.binding.criteria import build, read
from eligex.binding.features import weight_of
from eligex.binding.limits import bind_limits
from eligex.binding.stages import settle
from eligex.binding.tree import Cue, Tagged, Tree
from eligex.errors import LexiconError


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param(
            "[Sprain|Condition] or [wrist fracture|Condition] ([WF|Condition]) within 90 days of entry",
            "exclusion",
            ["Sprain within P90D", "wrist fracture within P90D", "WF within P90D"],
            id="past a short form",
        ),
        pytest.param(
            "[Iron|Measurement] ≤ 30 ng/mL or [transferrin|Measurement] ≥ 2 g/L (within 10 days of infusion)",
            "inclusion",
            ["Iron <= 30 ng/mL within P10D", "transferrin >= 2 g/L within P10D"],
            id="of several limits",
        ),
        pytest.param(
            "[Vaccination|Procedure] within 28 days of visit 1 including [measles|Drug] or [rabies|Drug]",
            "exclusion",
            ["Vaccination within P28D", "measles within P28D", "rabies within P28D"],
            id="of the examples that follow",
        ),
        pytest.param(
            "[Sedatives|Drug] including [zopiclone|Drug] and [diazepam|Drug] in the 3 days prior to the test",
            "exclusion",
            ["Sedatives before P3D", "zopiclone before P3D", "diazepam before P3D"],
            id="of what the examples are of",
        ),
        pytest.param(
            "[Lithium|Drug] or [steroids|Drug] within 2 weeks; [stroke|Condition]",
            "exclusion",
            ["Lithium before P2W", "steroids before P2W", "stroke"],
            id="not beyond a semicolon",
        ),
        pytest.param(
            "[stroke|Condition] within 3 months, [cough|Condition], or [asthma|Condition]",
            "exclusion",
            ["stroke before P3M", "cough", "asthma"],
            id="not of the members after it",
        ),
    ],
)
def test_a_window_finds_its_bearers(marked: Any, text: str, kind: str, expected: list[str]) -> None:
    assert marked.predicates(text, kind) == expected


def test_a_list_goes_on_beyond_the_heads_that_are_looked_at(marked: Any) -> None:
    text = "[cough|Condition], " * 20 + "or [stroke|Condition] within 3 months"
    assert marked.predicates(text, "exclusion") == ["cough before P3M"] * 20 + ["stroke before P3M"]


def test_the_window_of_a_plan_is_not_shared(marked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    always = {**load_weights(), "window": {"bias": 9.0, LEAST: 0.5}}
    monkeypatch.setattr(bearing, "load_weights", lambda: always)
    piece = marked.piece("[nursing|Observation] or planning [pregnancy|Condition] within 6 months")
    nursing, pregnancy = ((m.start, m.end) for m in piece.mentions)
    planned = replace(piece, cues={pregnancy: (Cue("planned", nursing[1] + 4, pregnancy[0] - 1),)})
    both, alone = (
        [p.entity.text for p in marked.bound(each, "exclusion").predicates if p.temporal]
        for each in (piece, planned)
    )
    assert (both, alone) == (["nursing", "pregnancy"], ["pregnancy"])


def suspecting(marked: Any, text: str) -> list[str]:
    """Return the predicates of a criterion in which a tagger saw the condition between « and »."""
    piece = marked.piece(text.replace("«", "").replace("»", ""))
    shown = marked.unmark(text).text
    start, end = shown.index("«"), shown.index("»") - 1
    built = marked.bound(replace(piece, tags=(Tagged(start, end, "condition", 0.9),)), "exclusion")
    return [f"{p.entity.text} | {p.condition}" if p.condition else p.entity.text for p in built.predicates]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[Lithium|Drug] for «[mania|Condition]»", ["Lithium | mania"], id="what for"),
        pytest.param(
            "[Gallstones|Condition] «seen on [ultrasound|Procedure]»",
            ["Gallstones | seen on ultrasound"],
            id="how it was found",
        ),
        pytest.param(
            "[Epilepsy|Condition] that «might disturb the recording»",
            ["Epilepsy | might disturb the recording"],
            id="a relative clause",
        ),
        pytest.param(
            "[CK|Measurement] ≤ 2 × ULN (≤ 10 × ULN with «[myositis|Condition]»)",
            ["CK", "CK | myositis"],
            id="the nearer limit",
        ),
        pytest.param("[asthma|Condition] and «[stroke|Condition]»", ["asthma", "stroke"], id="a member"),
        pytest.param("[metformin|Drug]; «[stroke|Condition]»", ["metformin", "stroke"], id="another part"),
        pytest.param("«[stroke|Condition]»", ["stroke"], id="all there is"),
        pytest.param(
            "[AST|Measurement] > 5 × ULN if «[metastases|Condition]»",
            ["AST | metastases"],
            id="a rule has it",
        ),
    ],
)
def test_a_suspected_condition_is_one_if_something_bears_it(
    marked: Any, text: str, expected: list[str]
) -> None:
    assert suspecting(marked, text) == expected


@pytest.mark.parametrize(
    ("lead", "chance", "expected"),
    [
        pytest.param("«Blood donors»:", 0.9, ["asthma | Blood donors", "gout | Blood donors"], id="a group"),
        pytest.param("«Blood donors»:", 0.4, ["asthma", "gout"], id="a doubtful one"),
        pytest.param("«All of them»:", 0.9, ["asthma", "gout"], id="everybody"),
        pytest.param("«[HIV|Condition] positive»:", 0.9, ["asthma | HIV positive", "gout | HIV positive"],
                     id="named by an entity"),
        pytest.param("[stroke|Condition] in «adults» as in:", 0.9, ["stroke | adults", "asthma", "gout"],
                     id="what an entity before is restricted by"),
        pytest.param("If diabetic, one of these «persons»:", 0.9, ["asthma | diabetic", "gout | diabetic"],
                     id="a rule found one"),
    ],
)  # fmt: skip
def test_items_have_the_condition_of_the_group_that_their_list_is_about(
    marked: Any, lead: str, chance: float, expected: list[str]
) -> None:
    shown = f"Exclusion Criteria:\n\n{lead}\n  - [asthma|Condition]\n  - [gout|Condition]"
    start, end = (marked.unmark(shown).text.index(mark) for mark in "«»")
    first, *others = marked.units(marked.unmark(shown.replace("«", "").replace("»", "")))
    tags = (Tagged(start, end - 1, "condition", chance),)
    homes = read([first._replace(piece=replace(first.piece, tags=tags)), *others])
    found = [p for home in homes for p in build(home, names={}, chances={}).predicates]
    assert [f"{p.entity.text} | {p.condition}" if p.condition else p.entity.text for p in found] == expected


def test_a_clause_that_nothing_bears_is_no_condition(marked: Any) -> None:
    text = "[cancer|Condition] that is treated, if [surgery|Procedure] is planned, [stroke|Condition]"
    assert marked.predicates("in case of [surgery|Procedure]") == ["surgery"]
    assert "stroke if surgery" not in marked.predicates(text)


def test_what_a_condition_states_has_no_condition_itself(marked: Any) -> None:
    tree = Tree(marked.piece("[AST|Measurement] ≤ 3 × ULN (≤ 5 × ULN if [liver metastases|Condition])"))
    bound = conditions.conditions(tree, bind_limits(tree, Bound()))
    (stated,) = bound.stated.values()
    assert [tree.text[head.start : head.end] for head in stated] == ["liver metastases"]
    assert not set(stated).intersection(bound.heads)
    assert bound.refused == frozenset()


def effects(
    marked: Any, text: str, section: str = "exclusion", *, tagged: bool = False, beside: bool = False
) -> dict[str, str | None]:
    """Return the effect of each entity; ``tagged`` if a tagger saw the first one to be permitted, ``beside``
    if a criterion beside it permits something.
    """
    piece = marked.piece(text)
    tags = (Tagged(m.start, m.end, "exception", 0.9) for m in piece.mentions[: int(tagged)])
    piece = replace(piece, tags=tuple(tags), beside_exception=beside)
    built = marked.bound(piece, section)
    return {p.entity.text: p.effect for p in built.predicates}


@pytest.mark.parametrize(
    ("text", "section", "effect"),
    [
        pytest.param("[asthma|Condition]", "exclusion", "exclude", id="nothing tells"),
        pytest.param("[asthma|Condition]", "inclusion", "allow", id="a list of what is permitted"),
        pytest.param("[asthma|Condition] that may recur", "exclusion", "exclude", id="a relative clause"),
        pytest.param("any other [asthma|Condition]", "exclusion", "exclude", id="other"),
        pytest.param("illness in addition to [asthma|Condition]", "exclusion", "allow", id="in addition to"),
        pytest.param(
            "[gout|Condition] with or without [pain|Condition]",
            "inclusion",
            ["require", "allow"],
            id="either way",
        ),
        pytest.param("even if [asthma|Condition]", "exclusion", "allow", id="even"),
        pytest.param(
            "of childbearing potential (not [sterilized|Condition])",
            "exclusion",
            "allow",
            id="who is fertile",
        ),
        pytest.param("does not apply to [asthma|Condition]", "exclusion", "allow", id="does not apply"),
    ],
)
def test_what_only_a_tagger_saw_is_exempt_where_words_tell(
    marked: Any, monkeypatch: pytest.MonkeyPatch, text: str, section: str, effect: str | list[str]
) -> None:
    monkeypatch.setattr(exemptions, "probability", lambda *_: 0.9)
    piece = marked.piece(text)
    tags = tuple(Tagged(m.start, m.end, "exception", 0.9) for m in piece.mentions)
    found = [p.effect for p in marked.bound(replace(piece, tags=tags), section).predicates]
    assert found == ([effect] if isinstance(effect, str) else effect)


@pytest.mark.parametrize("beside", [True, False])
def test_beside_an_exception_what_only_a_tagger_saw_is_not_exempt(
    marked: Any, monkeypatch: pytest.MonkeyPatch, *, beside: bool
) -> None:
    monkeypatch.setattr(exemptions, "probability", lambda *_: 0.9)
    text, effect = "[asthma|Condition]", "require" if beside else "allow"
    assert effects(marked, text, "inclusion", tagged=True, beside=beside) == {"asthma": effect}
    told = "[asthma|Condition] or [gout|Condition] is permitted"
    assert effects(marked, told, tagged=True, beside=beside) == {"asthma": "allow", "gout": "allow"}


def test_nothing_is_exempt_where_nothing_proposes_it(marked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exemptions, "probability", lambda *_: 0.9)
    assert effects(marked, "[asthma|Condition]") == {"asthma": "exclude"}


def test_what_something_is_asked_for_instead_of_is_not_exempt(
    marked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exemptions, "probability", lambda *_: 0.9)
    text = "[surgery|Procedure] rather than [ablation|Procedure] is permitted"
    assert effects(marked, text, tagged=True) == {"surgery": "allow", "ablation": "exclude"}


def test_an_exception_is_exempt_and_what_it_is_excepted_from_is_not(marked: Any) -> None:
    text = "[cancer|Condition] except [melanoma|Condition] or [lentigo|Condition]"
    assert effects(marked, text) == {"cancer": "exclude", "melanoma": "allow", "lentigo": "allow"}


def test_a_head_that_is_not_exempt_after_all_leaves_the_exceptions(
    marked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "[cancer|Condition] except [melanoma|Condition] or [lentigo|Condition]"
    monkeypatch.setattr(exemptions, "probability", lambda _, features: float("next=none" in features))
    piece = marked.piece(text)
    built = marked.bound(piece, "exclusion")
    cancer, melanoma, lentigo = built.predicates
    assert [melanoma.effect, lentigo.effect] == ["exclude", "allow"]
    assert cancer.exceptions == (lentigo.id,)


def described(marked: Any, text: str) -> list[list[str]]:
    """Return the features of all pairs of a criterion."""
    tree = Tree(marked.piece(text))
    bound = bind_limits(tree, Bound())
    row = windows.without_bodies(tree, bound)
    found = [p.features for p in windows.pairs(tree, bound, row, windows.propose(tree, row))]
    pairs = conditions.pairs(tree, bound, conditions.Said.of(tree, bound))
    found += [pair.features for pair in pairs if pair.features]
    return found + [
        features for _, features in exemptions.described(*settle(marked.piece(text), Inherited()))
    ]


TEXT = (
    "[AST|Measurement] ≤ 3 × ULN within 2 weeks (≤ 5 × ULN if [cancer|Condition] except [lentigo|Condition])"
)


def test_a_feature_is_named_once_and_can_be_read(marked: Any) -> None:
    for features in described(marked, TEXT):
        names = list(features)
        assert len(set(names)) == len(names)
        assert all("=" in name and name.isprintable() for name in features)


def test_the_table_weighs_what_is_described(marked: Any) -> None:
    names = {name for features in described(marked, TEXT) for name in features}
    weighed = {name for weights in load_weights().values() for name in weights}
    assert len(names & weighed) > len(names) / 2


def test_features_weigh_what_their_names_weigh(marked: Any) -> None:
    for features in described(marked, TEXT):
        for weights in load_weights().values():  # one after the other: each table has sums of its own
            assert features.weight(weights) == pytest.approx(weight_of(weights, features))


def test_a_label_needs_no_scores(marked: Any) -> None:
    tree = Tree(marked.piece("[QTc|Measurement]: men: > 450 ms, women: > 470 ms"))
    bound = bind_limits(tree, Bound())
    found = list(conditions.pairs(tree, bound, conditions.Said.of(tree, bound)))
    assert [pair.features for pair in found] == [None, None]
    assert [pair.clause.content_start < pair.place[0].quantity.start for pair in found if pair.place[0]]


def test_probabilities_follow_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = {"window": {"bias": 0.0, "label=Drug": 2.0, LEAST: 0.4}, "condition": {"bias": -2.0}}
    monkeypatch.setattr(bearing, "load_weights", lambda: weights)
    assert probability("window", ["label=Visit"]) == 0.5
    assert probability("window", ["label=Drug"]) > 0.8 > 0.2 > probability("condition", ["label=Drug"])


@pytest.mark.parametrize(
    ("count", "name"), [(0, "0"), (2, "2"), (3, "3-4"), (5, "5-8"), (16, "9-16"), (17, "17+")]
)
def test_lengths_have_names(count: int, name: str) -> None:
    assert length_of(count) == name


def test_every_relation_is_weighed() -> None:
    assert set(load_weights()) == set(BEARINGS)
    for weights in load_weights().values():
        assert 0 < weights[LEAST] < 1
        assert len(weights) > 100


@pytest.mark.parametrize(
    "line",
    ["window\tbias\t1\nwindow\tbias\t2", "dose\tbias\t1", "window\tbias\tmuch", "window\tbias"],
    ids=["twice", "relation", "number", "columns"],
)
def test_the_table_is_read_strictly(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bearers.tsv").write_text(f"relation\tfeature\tweight\n{line}\n", "utf-8")
    monkeypatch.setattr(bearing, "DATA", tmp_path)
    load_weights.cache_clear()
    try:
        with pytest.raises(LexiconError, match=r"bearers\.tsv:[23]"):
            load_weights()
    finally:
        load_weights.cache_clear()
