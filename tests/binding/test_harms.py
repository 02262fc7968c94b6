"""A case with several harms is one case: "a disease that may raise the risk or confound the results"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from eligex.binding.harms import with_further_harms
from eligex.binding.tree import Tagged


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("may harm the child| or could increase pain", " or could increase pain", id="or"),
        pytest.param(
            "might impede dosing|, limit the intake, or obscure the outcome",
            ", limit the intake, or obscure the outcome",
            id="a list",
        ),
        pytest.param(
            "would cause bleeding|, or that would otherwise render dosing unsafe",
            ", or that would otherwise render dosing unsafe",
            id="with which and how",
        ),
        pytest.param(
            "may harm the child| or raise or impair growth such as rickets", "", id="verb that is no harm"
        ),
        pytest.param(
            "may harm the child| or impair growth such as rickets", " or impair growth", id="up to examples"
        ),
        pytest.param(
            "may harm the child| or impair growth or a history of gout",
            " or impair growth",
            id="up to a thing",
        ),
        pytest.param(
            "may harm the child| or impair growth in the opinion of the doctor",
            " or impair growth",
            id="up to an opinion",
        ),
        pytest.param("may harm the child|. May impair growth", "", id="next sentence"),
        pytest.param("may harm the child| or gout", "", id="a thing"),
        pytest.param("liver metastases| or may impair growth", "", id="a case that does nothing"),
        pytest.param("may be unsafe (for example|, may impair growth)", "", id="an open bracket"),
    ],
)
def test_further_harms(words: str, expected: str) -> None:
    end, text = words.index("|"), words.replace("|", "")
    assert text[end : with_further_harms(text, 0, end, len(text))] == expected


def test_what_is_in_a_further_harm_is_not_asked(marked: Any) -> None:
    piece = marked.piece("any [illness|Condition] that may raise the risk or impair [growth|Observation]")
    start = piece.text.index("may")
    tag = Tagged(start, piece.text.index(" or"), "condition", 0.99)
    built = marked.bound(replace(piece, tags=(tag,)), "exclusion")
    assert [(p.entity.text, p.condition) for p in built.predicates] == [("illness", piece.text[start:])]
