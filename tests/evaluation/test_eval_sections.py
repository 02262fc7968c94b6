from __future__ import annotations

import pytest

from eligex_eval.corpora.sections import heading_regions


def types(text: str) -> list[str | None]:
    return [region.type for region in heading_regions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Inclusion Criteria:\n - adult\nExclusion Criteria:\n - ill",
            ["inclusion", "exclusion"],
            id="plain",
        ),
        pytest.param(
            "EXCLUSION CRITERIA\n - ill\nInclusion criteria.\n - adult",
            ["exclusion", "inclusion"],
            id="swapped",
        ),
        pytest.param("Key Inclusion Criteria:\n - adult", ["inclusion"], id="key"),
        pytest.param("Exclusion Criteria for Patients:\n - ill", ["exclusion"], id="for whom"),
        pytest.param("Exclusion Criteria (group B):\n - ill", ["exclusion"], id="in brackets"),
        pytest.param("Adults of any age", [None], id="no heading"),
        pytest.param("Notes\nInclusion Criteria:\n - adult", [None, "inclusion"], id="text before"),
        pytest.param("Non-inclusion Criteria:\n - ill", [None], id="negated heading"),
        pytest.param(
            "Inclusion Criteria:\n - adult\nYou are excluded if:\n - ill",
            ["inclusion", None],
            id="cue heading",
        ),
        pytest.param(
            "Inclusion Criteria:\n - adult\n - meets no exclusion criteria\n - fit",
            ["inclusion", None],
            id="mention makes the rest unclear",
        ),
        pytest.param("Inclusion Criteria: adults\n - fit", [None], id="text on the heading line"),
        pytest.param("", [], id="empty"),
    ],
)
def test_regions(text: str, expected: list[str | None]) -> None:
    assert types(text) == expected


def test_regions_lie_between_heading_lines() -> None:
    text = "Inclusion Criteria:\r\n - adult\r\nExclusion Criteria:\r\n - ill"
    assert [text[r.start : r.end].strip() for r in heading_regions(text)] == ["- adult", "- ill"]
