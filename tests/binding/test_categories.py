"""Categories of the TNM classification as entities, and in groups."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from eligex.binding.categories import groups_of, with_categories
from eligex.binding.joining import grouped
from eligex.binding.links import Joint, Side
from eligex.binding.tree import Cue, Mention
from eligex.quantities.find import find_quantities
from eligex.schema import Quantity

NEGATION = Cue("negation", 0, 2)


def marked(text: str, *words: str, label: str = "Condition") -> list[Mention]:
    """Return mentions of these words, in their order in the text."""
    found, start = [], 0
    for each in words:
        start = text.index(each, start)
        found.append(Mention(start, start + len(each), label))
        start += len(each)
    return found


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        pytest.param("T2-3, N0", ["T2", "N0"], ["T", "N"], id="letters"),
        pytest.param("T2N0M0", ["T2N0M0"], ["T", "N", "M"], id="one mark over three"),
        pytest.param("T2 N0", [], ["T", "N"], id="no mark"),
        pytest.param("N2 disease", ["N2 disease"], ["N"], id="a word that adds nothing"),
        pytest.param("T1N0 tumors", ["T1N0 tumors"], ["T", "N"], id="tumors with letters"),
        pytest.param("T4 tumors", ["T4 tumors"], ["tumors"], id="tumors with their stage"),
        pytest.param("lymph nodes (cN0)", ["lymph nodes (cN0)"], ["lymph nodes", "cN"], id="words before"),
        pytest.param("asthma, T2, N0", ["asthma", "T2"], ["asthma", "T", "N"], id="another thing"),
        pytest.param("Clinical stage T2 N0", ["Clinical stage"], ["T", "N"], id="how it was found"),
        pytest.param("stage II (T2 N0)", ["stage"], ["stage", "T", "N"], id="a stage with its own value"),
        pytest.param("any T, N1-3 M0", ["T", "N1-3 M0"], ["N", "M"], id="any value"),
        pytest.param("T any, N1", ["T", "N1"], ["N"], id="any value behind"),
        pytest.param("T2NanyM0", ["T2", "NanyM0"], ["T", "M"], id="any value inside"),
        pytest.param("asthma", ["asthma"], ["asthma"], id="no categories"),
    ],
)
def test_entities(text: str, words: list[str], expected: list[str]) -> None:
    found, _ = with_categories(text, marked(text, *words), find_quantities(text), {})
    assert [text[m.start : m.end] for m in found if m.label != "Qualifier"] == expected


def test_what_hangs_on_a_category_narrows_it() -> None:
    text = "pTis of the cervix"
    found, _ = with_categories(text, marked(text, text), find_quantities(text), {})
    assert found == [Mention(0, 2, "Measurement"), Mention(5, 18, "Qualifier")]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        pytest.param("no T4N0", "T4N0", ["T", "N"], id="letters"),
        pytest.param("no T4 tumors", "T4 tumors", ["tumors"], id="what is left"),
    ],
)
def test_cues_go_on(text: str, words: str, expected: list[str]) -> None:
    mentions = marked(text, words)
    cues = {(mentions[0].start, mentions[0].end): (NEGATION,)}
    found, told = with_categories(text, mentions, find_quantities(text), cues)
    assert [text[m.start : m.end] for m in found] == expected
    assert all(told[m.start, m.end] == (NEGATION,) for m in found)


class Valued(NamedTuple):
    """What has a place and values."""

    start: int
    end: int
    limits: tuple[Quantity, ...]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("T3 N0 or T1-2 N1", [(0, 3, {2})], id="two groups"),
        pytest.param("T1N1, T2N0, T3N0", [(0, 5, {2, 4})], id="three groups"),
        pytest.param("cT1 N0 or pT1 N0", [], id="two ways of finding one thing"),
        pytest.param("T4, M0 or any T, N3, M0", [(0, 3, {2})], id="an earlier letter behind or"),
        pytest.param("N0, T2, M0", [(0, 2, set())], id="another order"),
        pytest.param("T2 or N1", [(0, 1, set())], id="no group again"),
        pytest.param(
            "T2 N0. Any other cancer needs M0, T1", [(0, 1, set()), (2, 3, set())], id="two sentences"
        ),
    ],
)
def test_groups(text: str, expected: list[tuple[int, int, set[int]]]) -> None:
    sides = [Valued(*each.about, (each,)) for each in find_quantities(text) if each.about]
    assert list(groups_of(text, sides)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("T3, N0 or T2, N1", ["and -2", "or -1", "and -2"], id="groups"),
        pytest.param("T3 or N0, T2, N1", ["or 0", "or -1", "and -2"], id="a choice in a group"),
        pytest.param("T3N0", ["and -2"], id="written together"),
        pytest.param("T3, N0", ["or 0"], id="no group again"),
    ],
)
def test_groups_are_alternatives(text: str, expected: list[str]) -> None:
    sides = [
        Side(*each.about, "Measurement", (each,)) for each in find_quantities(text) if each.about is not None
    ]
    joints = grouped(text, sides, [Joint("or", 0)] * (len(sides) - 1))
    assert [f"{joint.operator} {joint.loose}" for joint in joints] == expected
