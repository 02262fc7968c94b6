"""Tests of two names of one thing."""

from __future__ import annotations

import pytest

from eligex.binding.naming import with_names
from eligex.binding.tree import Cue, Mention

NEGATION = Cue("negation", 0, 2)


def names(text: str, *marked: str, label: str = "Measurement") -> list[str]:
    """Return the words of the mentions after names have been joined."""
    found, start = [], 0
    for words in marked:
        start = text.index(words, start)
        found.append(Mention(start, start + len(words), label))
        start += len(words)
    return [text[m.start : m.end] for m in with_names(text, found, {})[0]]


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        pytest.param("AST (SGOT) > 40", ["AST", "SGOT"], ["AST (SGOT)"], id="brackets"),
        pytest.param("varicella [chicken pox]", ["varicella", "chicken pox"], None, id="square brackets"),
        pytest.param(
            "AST/SGOT and ALT/SGPT", ["AST", "SGOT", "ALT", "SGPT"], ["AST/SGOT", "ALT/SGPT"], id="slash"
        ),
        pytest.param("AST/ALT > 40", ["AST", "ALT"], ["AST", "ALT"], id="a slash between two things"),
        pytest.param("AST (ALT > 40)", ["AST", "ALT"], ["AST", "ALT"], id="not alone in brackets"),
        pytest.param("fever (e.g. sepsis)", ["fever", "sepsis"], ["fever", "sepsis"], id="examples"),
        pytest.param(
            "AST (aminotransferase [SGOT]) < 3",
            ["AST", "aminotransferase", "SGOT"],
            ["AST (aminotransferase [SGOT])"],
            id="a name of a name",
        ),
        pytest.param(
            "Alanine transaminase (ALT), serum glutamic-pyruvic transaminase (SGPT)",
            ["Alanine transaminase (ALT)", "serum glutamic-pyruvic transaminase (SGPT)"],
            None,
            id="long names",
        ),
        pytest.param("ALT and SGPT < 3", ["ALT", "SGPT"], ["ALT and SGPT"], id="synonyms as a list"),
        pytest.param("ALT and ALT < 3", ["ALT", "ALT"], ["ALT", "ALT"], id="a slip of the pen"),
        pytest.param("ALT, bilirubin < 3", ["ALT", "bilirubin"], ["ALT", "bilirubin"], id="a list"),
    ],
)
def test_names_of_one_thing_are_joined(text: str, marked: list[str], expected: list[str] | None) -> None:
    assert names(text, *marked) == (expected or [text])


def test_only_domain_entities_have_names() -> None:
    assert names("severe (grade 3)", "severe", "grade 3", label="Qualifier") == ["severe", "grade 3"]


def test_a_joined_name_has_the_cues_of_its_parts() -> None:
    text = "no AST (SGOT)"
    found = [Mention(3, 6, "Measurement"), Mention(8, 12, "Measurement")]
    mentions, cues = with_names(text, found, {(8, 12): (NEGATION,)})
    assert cues[mentions[0].start, mentions[0].end] == (NEGATION,)


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        pytest.param(
            "Progesterone receptor negative (PR-)",
            ["Progesterone receptor", "PR"],
            ["Progesterone receptor"],
            id="sign",
        ),
        pytest.param(
            "core antibody positive (anti-cAb positive)",
            ["core antibody", "anti-cAb"],
            ["core antibody"],
            id="word",
        ),
        pytest.param(
            "Progesterone receptor- (PR-) negative",
            ["Progesterone receptor", "PR"],
            ["Progesterone receptor- (PR-)"],
            id="result behind",
        ),
        pytest.param(
            "Progesterone receptor (PR+)",
            ["Progesterone receptor", "PR"],
            ["Progesterone receptor", "PR"],
            id="a result told once",
        ),
        pytest.param("ALK positive (ROS1+)", ["ALK", "ROS1"], ["ALK", "ROS1"], id="another marker"),
        pytest.param(
            "Progesterone receptor negative (PR)",
            ["Progesterone receptor", "PR"],
            ["Progesterone receptor", "PR"],
            id="no result",
        ),
        pytest.param(
            "Progesterone receptor negative, but in some (PR-)",
            ["Progesterone receptor", "PR"],
            ["Progesterone receptor", "PR"],
            id="apart",
        ),
    ],
)
def test_a_short_form_with_its_result(text: str, marked: list[str], expected: list[str]) -> None:
    assert names(text, *marked) == expected


def test_a_result_told_again_is_none_of_its_own() -> None:
    text = "Core antibody positive (CA positive)"
    spans = [(0, 13, "Measurement"), (14, 22, "Value"), (24, 26, "Measurement"), (27, 35, "Value")]
    found = with_names(text, [Mention(*each) for each in spans], {})[0]
    assert [(m.start, m.end) for m in found] == [(0, 13), (14, 22)]
