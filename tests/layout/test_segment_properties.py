"""Properties that hold for any text: accounting, exact spans, ids; and round trips of built outlines."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eligex.layout.chars import is_blank
from eligex.layout.segment import Segmentation, segment


def check(text: str, found: Segmentation, start: int = 0, end: int | None = None) -> None:
    """Assert what every segmentation must keep."""
    end = len(text) if end is None else end
    spans = [(item.start, item.end) for item in (*found.headings, *found.unparsed)]
    spans += [(item.marker_start, item.end) for item in found.criteria]
    at = start
    for first, last in sorted(spans):
        assert at <= first < last, "spans overlap or are empty"
        assert is_blank(text[at:first]), f"unaccounted: {text[at:first]!r}"
        at = last
    assert is_blank(text[at:end]), f"unaccounted: {text[at:end]!r}"
    for group in (found.headings, found.criteria, found.unparsed):
        assert [item.start for item in group] == sorted(item.start for item in group)
        for item in group:
            assert not is_blank(text[item.start])
            assert not is_blank(text[item.end - 1])
    for item in (*found.headings, *found.unparsed):
        assert item.text == text[item.start : item.end]
    ids: set[str] = set()
    for criterion in found.criteria:
        assert criterion.id not in ids
        assert criterion.parent is None or criterion.parent in ids
        ids.add(criterion.id)
        marked = text[criterion.marker_start : criterion.start]
        assert criterion.marker in marked if criterion.marker is not None else marked == ""
        at = criterion.start
        for first, last in criterion.sentences:
            assert at <= first < last <= criterion.end
            assert is_blank(text[at:first])
            assert not is_blank(text[first])
            assert not is_blank(text[last - 1])
            at = last
        assert at == criterion.end


PIECES = st.sampled_from(
    [
        "\n",
        "\n\n",
        "\r\n",
        "  ",
        "\t",
        "\xa0",
        "\u200b",
        "\ufeff",
        "\x00",
        "\x0c",
        "~",
        "<br>",
        "- ",
        "* ",
        "• ",
        "-",
        "o ",
        "1. ",
        "2. ",
        "3) ",
        "(1) ",
        "(2) ",
        "a. ",
        "b) ",
        "i. ",
        "ii. ",
        "1.1 ",
        "1\\. ",
        "\\- ",
        "#1 ",
        "① ",
        "-- ",
        "**",
        "____",
        "Inclusion Criteria:",
        "Exclusion Criteria",
        "EXCLUSION:",
        "Part B:",
        "For controls",
        "Patients will be excluded if:",
        "DISEASE CHARACTERISTICS:",
        "Age:",
        "One of the following:",
        "--Notes--",
        "inclusion criteria - ",
        "Ages Eligible for Study: 18",
        "Age 18 or older",
        "no gout",
        "platelets ≥ 100,000/mm3",
        "e.g. Zinc",
        "None",
        "and",
        "or",
        ";",
        ". ",
        ":",
        "：",
        "；",
        "。",
        "(",
        ")",
        "x",
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=80))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_everything_is_accounted_for(text: str) -> None:
    check(text, segment(text))


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.integers(0, 40), st.integers(0, 40))
@example("Inclusion Criteria:____inclusion criteria - ~", 19, 26)
@example("\nExclusion CriteriaExclusion Criteria", 19, 17)
def test_a_span_is_read_as_if_alone(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    end = min(len(text), start + length)
    found, alone = segment(text, start=start, end=end), segment(text[start:end])
    check(text, found, start, end)
    assert [(item.id, item.start - start, item.end - start) for item in found.criteria] == [
        (item.id, item.start, item.end) for item in alone.criteria
    ]


WORDS = st.lists(
    st.sampled_from(["gout", "adult", "walks", "zinc", "fever", "cough", "hip", "knee"]),
    min_size=2,
    max_size=5,
).map(lambda words: " ".join(words).capitalize())
TREES = st.recursive(
    WORDS, lambda inner: st.tuples(WORDS, st.lists(inner, min_size=1, max_size=3)), max_leaves=6
)


def write(tree: object, depth: int) -> list[tuple[int, str]]:
    if isinstance(tree, str):
        return [(depth, tree)]
    assert isinstance(tree, tuple)
    return [(depth, tree[0]), *(row for child in tree[1] for row in write(child, depth + 1))]


@settings(max_examples=150, deadline=None)
@given(st.lists(TREES, min_size=2, max_size=4), st.sampled_from(["-", "*", "•"]), st.booleans())
def test_a_written_outline_is_read_back(trees: list[object], bullet: str, blank_lines: bool) -> None:
    """Two items at least: what is below a single one is beside it (see LONE in test_layout_rules)."""
    rows = [row for tree in trees for row in write(tree, 0)]
    joint = "\n\n" if blank_lines else "\n"
    text = "Exclusion Criteria:\n\n" + joint.join(
        f"{'    ' * depth}{bullet} {words}" for depth, words in rows
    )
    found = segment(text).criteria
    assert [(item.id.count("."), text[item.start : item.end]) for item in found] == rows


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=5))
def test_a_criterion_read_again_is_itself(items: list[str]) -> None:
    text = "Inclusion Criteria:\n" + "\n".join(f"{number}. {words}" for number, words in enumerate(items, 1))
    for criterion in segment(text).criteria:
        words = text[criterion.start : criterion.end]
        assert [words[item.start : item.end] for item in segment(words).criteria] == [words]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("word " * 40_000, id="words"),
        pytest.param("1) " * 40_000, id="markers"),
        pytest.param("Exclusion criteria: x " * 8_000, id="headings"),
        pytest.param("(((( " * 40_000, id="parentheses"),
        pytest.param("a; b c; " * 20_000, id="semicolons"),
        pytest.param("".join(" " * (line % 60) + "- a\n" for line in range(5_000)), id="nesting"),
        pytest.param("<br>" * 20_000, id="tags"),
    ],
)
def test_huge_and_odd(text: str) -> None:
    check(text, segment(text))


@pytest.mark.data
@pytest.mark.skipif("ELIGEX_DATA" not in os.environ, reason="ELIGEX_DATA names no corpora")
def test_registry_texts_are_accounted_for() -> None:
    path = Path(os.environ["ELIGEX_DATA"]) / "unlabelled" / "ctgov_eligibility.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 20 == 0:
                text = json.loads(line)["text"]
                check(text, segment(text))
