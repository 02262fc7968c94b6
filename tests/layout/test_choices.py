"""Items that join each other with "or": a choice among children, or alternatives of the first of them."""

from __future__ import annotations

import pytest

from eligex.layout.segment import segment

ALL = "* All of these:\n    "


def shape(lines: str, kind: str = "Inclusion") -> list[str]:
    """Return the ids, "|" before those of alternatives, with how the children combine."""
    found = segment(f"{kind} Criteria:\n\n{lines}\n").criteria
    return [
        f"{'|' if item.alternative else ''}{item.id}{f' {logic}' if (logic := item.children_logic) else ''}"
        for item in found
    ]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        pytest.param(
            "* Gout, or\n* Asthma\n* Migraine", ["inc-1 and", "|inc-1.a", "inc-2"], id="two of a section"
        ),
        pytest.param("* Gout; OR:\n* Asthma", ["inc-1 and", "|inc-1.a"], id="shouted"),
        pytest.param("* Gout and/or\n* Asthma", ["inc-1 and", "|inc-1.a"], id="and/or"),
        pytest.param("* Gout\n* Or asthma", ["inc-1 and", "|inc-1.a"], id="leading"),
        pytest.param(
            "* Gout or\n* Asthma or\n* Migraine",
            ["inc-1 and", "|inc-1.a", "|inc-1.b"],
            id="three of a section",
        ),
        pytest.param("1. Gout\n\nOR\n\n2. Asthma", ["inc-1 and", "|inc-1.a"], id="a line of its own"),
        pytest.param("* Gout\n* OR\n* Asthma", ["inc-1 and", "|inc-1.a"], id="an item of its own"),
        pytest.param("* Gout\n* Orf\n* Asthma", ["inc-1", "inc-2", "inc-3"], id="another item of a word"),
        pytest.param(
            "* One of these:\n    * Gout\n    * Asthma\n* OR\n* Migraine",
            ["inc-1 or", "inc-1.a", "inc-1.b", "|inc-1.c"],
            id="an item of its own after a choice",
        ),
        pytest.param(
            "* Women with one of these:\n* Gout\n* Or asthma\n* Migraine",
            ["inc-1 or", "inc-1.a", "inc-1.b", "inc-2"],
            id="an introduction of a flat list",
        ),
        pytest.param("* Gout\n* Asthma", ["inc-1", "inc-2"], id="nothing joins"),
        pytest.param("* Gout, and\n* Asthma", ["inc-1", "inc-2"], id="and"),
        pytest.param("* Door\n* Oral drugs", ["inc-1", "inc-2"], id="part of a word"),
        pytest.param("* Gout, or", ["inc-1"], id="nothing follows"),
        pytest.param(
            "* Gout OR\n    * Asthma\n* Migraine", ["inc-1 and", "inc-1.a", "|inc-1.b"], id="a note below"
        ),
        pytest.param("* Gout OR\n    * Asthma", ["inc-1 and", "|inc-1.a"], id="only one below"),
        pytest.param(
            "* Gout OR\n    * asthma\n* Migraine", ["inc-1 and", "|inc-1.a", "inc-2"], id="below, going on"
        ),
        pytest.param(f"{ALL}* Gout, or\n    * Asthma", ["inc-1 or", "inc-1.a", "inc-1.b"], id="all children"),
        pytest.param(
            f"{ALL}* Gout;\n    * Asthma; or\n    * Migraine",
            ["inc-1 or", "inc-1.a", "inc-1.b", "inc-1.c"],
            id="a list with its last or",
        ),
        pytest.param(
            f"{ALL}* Gout\n    * Asthma or\n    * Migraine",
            ["inc-1 and", "inc-1.a", "inc-1.b and", "|inc-1.b.a"],
            id="two of the children",
        ),
        pytest.param(
            f"{ALL}* Gout; and\n    * Asthma; or\n    * Migraine",
            ["inc-1 and", "inc-1.a", "inc-1.b and", "|inc-1.b.a"],
            id="and before or",
        ),
        pytest.param(
            f"{ALL}* Gout\n    * Asthma\n\nOR\n\n* Migraine",
            ["inc-1 and", "inc-1.a", "inc-1.b and", "|inc-1.b.a"],
            id="a line after a list of parts goes on in the list",
        ),
        pytest.param(
            "* One of these:\n    * Gout\n    * Asthma\n\nOR\n\n* Migraine",
            ["inc-1 or", "inc-1.a", "inc-1.b", "|inc-1.c"],
            id="a line after a choice is an alternative to the whole",
        ),
    ],
)
def test_inclusion(lines: str, wanted: list[str]) -> None:
    assert shape(lines) == wanted


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        pytest.param("* Gout, or\n* Asthma", ["exc-1", "exc-2"], id="any item excludes anyway"),
        pytest.param(
            "* Two of the following:\n    * Gout, or\n    * Asthma\n    * Migraine",
            ["exc-1 or", "exc-1.a", "exc-1.b", "exc-1.c"],
            id="a number of them stays",
        ),
        pytest.param(f"{ALL}* Gout, or\n    * Asthma", ["exc-1 or", "exc-1.a", "exc-1.b"], id="all children"),
    ],
)
def test_exclusion(lines: str, wanted: list[str]) -> None:
    assert shape(lines, "Exclusion") == wanted


def test_groups_stay_apart() -> None:
    text = "Inclusion Criteria:\n\nPart A:\n\n* Gout, or\n\nPart B:\n\n* Asthma\n"
    assert [item.parent for item in segment(text).criteria] == [None, None]
