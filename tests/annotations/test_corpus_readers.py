"""Phenomena, splits and a second reader of the corpus, on made-up sources."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from eligex_corpus import readers
from eligex_corpus.__main__ import main
from eligex_corpus.blank import blank
from eligex_corpus.compiler import compile_source
from eligex_corpus.errors import SourceError
from eligex_corpus.layout import read_source
from eligex_corpus.phenomena import DERIVED, PHENOMENA, STRICT, count_phenomena, derived, merged
from eligex_corpus.readers import Agreed, compare
from eligex_corpus.splits import SHARES, propose

HEAD = """\
id: EC-0001
area: oncology
dialect: hyphens
title: Made up
---
@h inc
Inclusion Criteria:
"""


def record(*criteria: str, key: str = "EC-0001") -> dict[str, Any]:
    """Compile criteria, written as in a source, under one heading."""
    source = HEAD.replace("EC-0001", key) + "".join(f"@c -\n- {each}\n" for each in criteria)
    result = compile_source(read_source(source.removesuffix("\n").split("\n"), f"{key}.src"))
    plain: dict[str, Any] = json.loads(json.dumps(result.to_dict()))
    return plain


ULN = '{M ALT} {V <= 3 x ULN}\n@v V1 <= 3 [ULN] "ULN"\n@p M1 V1'
AGE = '{P Age} {V over 18 years}\n@v V1 > 18 a "years"\n@p P1 V1'
GOUT = "{N No} {C gout}\n@p -C1 N1"
SIGNS = {
    "uln": ULN,
    "baseline": '{M Creatinine} {V <= 1.5 x baseline}\n@v V1 <= 1.5 {baseline} "baseline"\n@p M1 V1',
    "conditional": "{C Gout} in {P men}\n@i P1 P1\n@p C1 if:P1",
    "exception": "{N No} {C cancer} {N except} {C melanoma}\n@p -C1 N1 exc:2\n@p C2 allow",
    "permission": "{C Gout} is allowed\n@p C1 allow\n@l and()",
    "dual_unit": (
        '{M Hemoglobin} {V >= 9 g/dL} ({V 90 g/L})\n@v V1 >= 9 g/dL "g/dL" alt 90 g/L "90 g/L"\n@p M1 V1'
    ),
    "count": '{L At least two} {D prior lines}\n@v L1 >= 2 {lines} "lines"\n@p D1 L1',
    "half_life": "{D Statins} {T within 5 half-lives}\n@t T1 before -..5{half-life}\n@p D1 T1",
    "score_grade": '{M ECOG} {V 0-1}\n@v V1 between 0 1 {score} ""\n@p M1 V1',
}


@pytest.mark.parametrize("name", DERIVED)
def test_a_tag_follows_from_the_annotation(name: str) -> None:
    (criterion,) = record(SIGNS[name])["criteria"]
    assert name in derived(criterion)
    (plain,) = record(AGE)["criteria"]
    assert name not in derived(plain)


def test_strict_tags_follow() -> None:
    assert set(STRICT) <= set(DERIVED) <= set(PHENOMENA)


def tags_of(text: str, tmp_path: Path) -> Any:
    (tmp_path / "tags.tsv").write_text(text)
    return merged([record(ULN, AGE)], [tmp_path / "tags.tsv"], {"EC-0001": {"inc-2": ("label_line",)}})


def test_what_readers_tag_is_joined_with_what_follows(tmp_path: Path) -> None:
    tags, problems = tags_of("EC-0001\t1\tratio\nEC-0001\tinc-2\tsubgroup\nEC-0001\t2\tcount\n", tmp_path)
    assert problems == []
    assert tags == {"EC-0001": {"inc-1": ("uln", "ratio"), "inc-2": ("subgroup", "count", "label_line")}}
    assert count_phenomena(tags, ["EC-0001", "EC-0002"])["ratio"] == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("EC-0001\t2\tuln", "nothing in inc-2 is uln", id="no sign"),
        pytest.param("EC-0001\t9\tratio", "no ratio of 9", id="no criterion"),
        pytest.param("EC-0002\t1\tratio", "no ratio of 1", id="no document"),
        pytest.param("EC-0001\t1\tratios", "no ratios of 1", id="no such name"),
    ],
)
def test_tags_that_are_left_out_are_named(line: str, said: str, tmp_path: Path) -> None:
    tags, problems = tags_of(line + "\n", tmp_path)
    assert [problem.detail for problem in problems] == [said]
    assert tags["EC-0001"]["inc-1"] == ("uln",)


def test_a_broken_line_of_tags(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"tags\.tsv:1.* 2 columns, not 3|2 columns, not 3.*tags\.tsv:1"):
        tags_of("EC-0001\t1\n", tmp_path)


def test_splits_balance_what_is_rare_and_keep_what_is_fixed() -> None:
    records = [record(*([ULN] if i % 4 == 0 else []), AGE, GOUT, key=f"EC-{i:04d}") for i in range(1, 41)]
    tags, _ = merged(records, [], {})
    fixed = {"train": ["EC-0004"], "dev": [], "test": ["EC-0001", "EC-0002"]}
    splits = propose(records, tags, fixed)
    assert "EC-0004" in splits["train"]
    assert {"EC-0001", "EC-0002"} <= set(splits["test"])
    assert Counter(key for keys in splits.values() for key in keys) == Counter(r["trial_id"] for r in records)
    for name, share in SHARES.items():
        assert abs(len(splits[name]) - 40 * share) <= 1
        assert abs(count_phenomena(tags, splits[name])["uln"] - 10 * share) <= 1
    assert splits == propose(records, tags, splits)


class TestSecondReader:
    def test_the_same_reading_agrees_in_everything(self) -> None:
        one = record(*SIGNS.values())
        assert {row.figure for row in compare([one], [one]).values()} == {1.0}

    @pytest.mark.parametrize(
        ("mine", "theirs", "attribute", "agreed"),
        [
            pytest.param(
                AGE, AGE.replace("> 18", ">= 18"), "comparator", Agreed(0, 1, 1, True), id="comparator"
            ),
            pytest.param(
                AGE, AGE.replace("> 18 a", "> 8 a"), "threshold", Agreed(0, 1, 1, True), id="threshold"
            ),
            pytest.param(AGE, AGE.replace("18 a", "18 mo"), "unit", Agreed(0, 1, 1, True), id="unit"),
            pytest.param(GOUT, "No {C gout}\n@p C1", "negation", Agreed(0, 1, 1, True), id="negation"),
            pytest.param(GOUT, "No {C gout}\n@p C1", "effect", Agreed(0, 1, 1, True), id="effect"),
            pytest.param(
                SIGNS["conditional"],
                "{C Gout} in men\n@p C1",
                "condition",
                Agreed(0, 1, 1, True),
                id="condition",
            ),
            pytest.param(
                SIGNS["half_life"],
                SIGNS["half_life"].replace("-..5{half-life}", "5{half-life}..-"),
                "window",
                Agreed(0, 1, 1, True),
                id="window",
            ),
            pytest.param(
                "{C Gout} and {C asthma}\n@p C1,C2\n@l and",
                "{C Gout} and asthma\n@p C1",
                "entity, strict",
                Agreed(1, 2, 1),
                id="an entity less",
            ),
            pytest.param(
                "{C severe gout}\n@p C1",
                "severe {C gout}\n@p C1",
                "entity, strict",
                Agreed(0, 1, 1),
                id="bounds",
            ),
            pytest.param(
                "{C severe gout}\n@p C1",
                "severe {C gout}\n@p C1",
                "entity, overlapping",
                Agreed(1, 1, 1),
                id="bounds, overlapping",
            ),
            pytest.param(AGE, AGE, "condition", Agreed(0, 0, 0, True), id="neither has one"),
        ],
    )
    def test_by_attribute(self, mine: str, theirs: str, attribute: str, agreed: Agreed) -> None:
        assert compare([record(mine)], [record(theirs)])[attribute] == agreed

    def test_only_documents_of_both(self) -> None:
        assert compare([record(AGE)], [record(GOUT, key="EC-0002")])["entity, strict"] == Agreed(0, 0, 0)

    def test_two_texts(self) -> None:
        with pytest.raises(ValueError, match="EC-0001 has two texts"):
            compare([record(AGE)], [record(GOUT)])

    def test_of_several_partners_the_one_that_agrees_most(self) -> None:
        said = '{P Age} {V 18 to 75}\n@v V1 >= 18 a ""\n@v V1/2 <= 75 a ""\n@p P1 V1\n@p P1 V1/2\n@l and'
        predicates = record(said)["criteria"][0]["predicates"]
        pairs = readers.match(predicates, predicates[::-1])
        assert all(a["comparator"] == b["comparator"] for a, b in pairs)
        assert len(pairs) == 2


def test_a_blank_source_has_the_text_and_the_segments_alone() -> None:
    lines = (HEAD + "@c -\n" + "- " + ULN + "\n@# doubtful\n@u note\nNotes").split("\n")
    assert list(blank(lines, "x"))[5:] == [
        "@h inc", "Inclusion Criteria:", "@c -", "- ALT <= 3 x ULN", "@u note", "Notes",
    ]  # fmt: skip


def test_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = Path(__file__).resolve().parents[2] / "annotations" / "source" / "EC-0002.src"
    assert main(["blank", str(source), "-o", str(tmp_path)]) == 0
    assert "{C" not in (tmp_path / "EC-0002.src").read_text("utf-8")
    assert main(["split"]) == 0
    assert "test: " in capsys.readouterr().out
    assert main(["agreement"]) == 0
    assert "| entity, strict |" in capsys.readouterr().out
    assert main(["agreement", "x.jsonl"]) == 1
