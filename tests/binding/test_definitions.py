"""Sentences that define a word of the one before, and what they narrow."""

from __future__ import annotations

import re

import pytest

from eligex.binding.definitions import definitions
from eligex.binding.tree import Mention, Piece, Tree
from eligex.pipeline import extract


def read(text: str) -> tuple[Tree, list[Mention]]:
    """Return the tree of ``text``, whose sentences are between bars, and the things in brackets."""
    plain, things, sentences, low = "", [], [], 0
    for part in re.split(r"(\[[^\]]*\]|\|)", text):
        if part == "|":
            sentences.append((low, len(plain)))
            low = len(plain)
            continue
        name = part.strip("[]") if part.startswith("[") else part
        if name is not part:
            things.append(Mention(len(plain), len(plain) + len(name), "Condition"))
        plain += name
    return Tree(Piece(plain, 0, len(plain), (*sentences, (low, len(plain))))), things


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Severe [gout] or [rash]. |Severe is defined as [fever].", [1], id="a bare word"),
        pytest.param("[Rash]. |[Gout]. |Note: [gout] is defined as [tophi].", [1, 2], id="the only thing"),
        pytest.param("Refractory [gout]. |Refractoriness was defined as [tophi].", [0], id="of one stem"),
        pytest.param("Use of [IMP]. |An IMP is defined as [drugs].", [0], id="an abbreviation"),
        pytest.param("[Gout] or [rash]. |[Gout] is defined as [tophi].", [], id="one of two"),
        pytest.param("[Gout]. |Progression is defined as [tophi].", [], id="another word"),
        pytest.param("Patient with [gout]. |Patient is defined as [child].", [], id="a word of any sentence"),
        pytest.param("Active [gout]. |Stable [gout] is defined as [rash].", [], id="a good state"),
        pytest.param("[Gout] unless mild. |Mild [gout] is defined as [rash].", [], id="an exception"),
        pytest.param("Severe [gout]. |Severe [rash].", [], id="no definition"),
        pytest.param("[Gout]. |Gout is defined as [rash]. |Rash is defined as [fever].", [0], id="in turn"),
    ],
)
def test_definitions(text: str, expected: list[int]) -> None:
    assert list(definitions(*read(text))) == expected


def test_what_defines_narrows_an_exclusion_and_nothing_before() -> None:
    text = "Exclusion Criteria:\n\n* Asthma. Severe gout. Severe gout is defined as fever. Stroke.\n* Rash\n"
    first = extract(text).criteria[0]
    assert first.logic == {"or": ["exc-1.1", {"and": ["exc-1.2", "exc-1.3", "exc-1.4"]}, "exc-1.5"]}
