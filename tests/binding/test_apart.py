"""Where sentences decide how two neighbours are joined."""

from __future__ import annotations

import re
from typing import Any

import pytest

from eligex.binding.apart import (
    adds_others,
    in_other_sentences,
    is_alternative,
    is_of_list,
    operator_of_sentences,
    tightened,
)
from eligex.binding.tree import Mention, Piece, Tree


def read(text: str) -> list[Any]:
    """Return the tree of ``text``, whose sentences are between bars, and the things in brackets."""
    marks = re.compile(r"\[([^\]]*)\]")
    places, plain = [], ""
    for part in re.split(r"(\[[^\]]*\])", text.replace("|", "")):
        if marks.fullmatch(part):
            part = part[1:-1]
            places.append(Mention(len(plain), len(plain) + len(part), "Condition"))
        plain += part
    ends, sentences = marks.sub(r"\1", text).split("|"), []
    for sentence in ends:
        low = sentences[-1][1] if sentences else 0
        sentences.append((low, low + len(sentence)))
    return [Tree(Piece(plain, 0, len(plain), tuple(sentences))), *places]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Has [gout]. |Has [asthma].", True, id="two sentences"),
        pytest.param("Has [gout] |No [asthma]", True, id="without a mark"),
        pytest.param("Any of: [gout]; |[asthma]", False, id="a semicolon does not end a list"),
        pytest.param("Has [gout] and [asthma].", False, id="one sentence"),
        pytest.param("No [vaccine]. |Examples include [measles].", False, id="examples are part of it"),
    ],
)
def test_other_sentences(text: str, expected: bool) -> None:
    assert in_other_sentences(*read(text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Has [gout]. |Has [asthma].", ("and", "or"), id="full stop"),
        pytest.param("Has [gout] (mild or severe). |Has [asthma].", ("and", "or"), id="after a bracket"),
        pytest.param("Has [gout] |Has [asthma]", (None, None), id="no mark: the words decide"),
        pytest.param("No [gout] or tophi |Not [pregnant]", ("and", None), id="no mark, but denied anew"),
        pytest.param("Has [gout] or |Not [pregnant]", (None, None), id="an alternative that is denied"),
        pytest.param("Has [gout]. |A cured [asthma] is also enrolled.", (None, None), id="an alternative"),
        pytest.param("Has [gout]. |It is defined as [tophi].", (None, None), id="an explanation"),
    ],
)
def test_operator_of_sentences(text: str, expected: tuple[str | None, str | None]) -> None:
    tree, left, right = read(text)
    assert (
        tuple(operator_of_sentences(tree, left, right, kind) for kind in ("inclusion", "exclusion"))
        == expected
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[gout] and those with [asthma]", True, id="those"),
        pytest.param("[trial] and any use of a [drug]", True, id="any"),
        pytest.param("[pregnant] women and [nursing] mothers", True, id="people before and"),
        pytest.param("[gout] with pain and [asthma]", False, id="one group"),
        pytest.param("[gout], any pain and [asthma]", False, id="before another comma"),
    ],
)
def test_adds_others(text: str, expected: bool) -> None:
    assert adds_others(*read(text)) is expected


@pytest.mark.parametrize(
    ("text", "looseness", "expected"),
    [
        pytest.param("[gout] ([tophi]) or [asthma]", [3.0, 1.0], [0.9, 1.0], id="the bracket is tighter"),
        pytest.param("[gout] ([tophi]) or [asthma]", [1.0, 3.0], [1.0, 3.0], id="it was"),
        pytest.param(
            "[BMI] (obese [adult]) or (thin [child])", [3.0, 1.0], [3.0, 1.0], id="two cases of one"
        ),
        pytest.param("[gout], a scan ([MRI]) or [asthma]", [3.0, 1.0], [3.0, 1.0], id="of something else"),
        pytest.param("[gout], [tophi] or [asthma]", [3.0, 1.0], [3.0, 1.0], id="no bracket"),
        pytest.param(
            "[gout] ([tophi] or [pain]) or [asthma]", [3.0, 2.0, 1.0], [0.9, -0.1, 1.0], id="its links"
        ),
    ],
)
def test_tightened(text: str, looseness: list[float], expected: list[float]) -> None:
    tree, *sides = read(text)
    assert tightened(tree, sides, looseness) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[frailty] by meeting two or more of the following: [weakness]", True, id="some of"),
        pytest.param("[gout] (as defined by any of the following: [tophi]", True, id="defined by any"),
        pytest.param(
            "any of the following oral [drugs] in the past week: [aspirin]", True, id="a name before"
        ),
        pytest.param("[gout] or with any of the following: [tophi]", True, id="a condition of the last"),
        pytest.param(
            "[cancer] patients with the following cell types: [adenoma]", True, id="with the following"
        ),
        pytest.param("[cancer], but not limited to the following: [adenoma]", False, id="not limited to"),
        pytest.param("[cancer] such as but not limited to the following: [adenoma]", False, id="no comma"),
        pytest.param("[gout], or any of the following: [tophi]", False, id="a further member"),
        pytest.param("[drugs] including any of the following: [aspirin]", False, id="examples"),
        pytest.param("the following: gout, [drugs]: [aspirin]", False, id="in the list already"),
        pytest.param("the following [drugs] and [aspirin]", False, id="no list"),
    ],
)
def test_is_of_list(text: str, expected: bool) -> None:
    assert is_of_list(*read(text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[progressed] during or [relapsed] after therapy", True, id="a preposition before"),
        pytest.param("[menopause], or has had [surgery]", True, id="a verb after"),
        pytest.param("[progressed] on or after [therapy]", False, id="another preposition"),
        pytest.param("[therapy] alone or in combination with [drugs]", False, id="other words"),
        pytest.param("[gout] or [asthma]", False, id="nothing else: the table decides"),
    ],
)
def test_is_alternative(text: str, expected: bool) -> None:
    assert is_alternative(*read(text)) is expected
