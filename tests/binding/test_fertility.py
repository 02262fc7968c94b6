"""What only says who can have children: nobody is asked for it."""

from __future__ import annotations

from typing import Any

import pytest

from eligex.binding.bound import Bound
from eligex.binding.fertility import meaning
from eligex.binding.heads import Head
from eligex.binding.tree import Tree


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Menopause is defined as [amenorrhea|Condition] for a year", "amenorrhea", id="defined"),
        pytest.param(
            "A [test|Procedure]. Note: a woman of childbearing potential (WOCBP) is defined as having "
            "[menarche|Condition]",
            "menarche",
            id="behind what is asked",
        ),
        pytest.param(
            "[Test|Procedure] (women are considered postmenopausal after [menses|Condition]), [MRI|Visit]",
            "menses",
            id="bracket",
        ),
        pytest.param(
            "For this study, females will be considered to be sterile after [hysterectomy|Procedure]",
            "hysterectomy",
            id="considered",
        ),
        pytest.param(
            "Those of childbearing potential are regarded as fertile and must have a [test|Procedure]",
            "",
            id="asked all the same",
        ),
        pytest.param(
            "[Postmenopausal|Person] women. Menopause is defined as [amenorrhea|Condition] for a year",
            "",
            id="the people asked for",
        ),
        pytest.param(
            "Women of childbearing potential are considered eligible after a [test|Procedure]",
            "",
            id="let in",
        ),
        pytest.param(
            "[Test|Procedure]; postmenopausal women must have no [menses|Condition] for a year "
            "to be considered of non-childbearing potential",
            "menses",
            id="terms",
        ),
        pytest.param(
            "To be considered infertile, women must have had a [hysterectomy|Procedure]",
            "hysterectomy",
            id="terms behind",
        ),
        pytest.param(
            "To be considered fit, women must have a [test|Procedure]", "", id="terms of another thing"
        ),
        pytest.param("Women are considered for [surgery|Procedure] after menopause", "", id="other verb"),
        pytest.param("Gout is defined as [tophi|Condition] after menopause", "", id="another thing"),
        pytest.param("[Sterile|Condition] by [hysterectomy|Procedure]", "", id="no sentence"),
    ],
)
def test_meaning(marked: Any, text: str, expected: str) -> None:
    piece = marked.piece(text)
    bound = Bound(tuple(Head(each.start, each.end, each.label) for each in piece.mentions))
    found = meaning(Tree(piece), bound)
    assert "|".join(piece.text[head.start : head.end] for head in found) == expected


@pytest.mark.parametrize(
    ("lead", "effect"),
    [
        pytest.param("Women of childbearing potential are defined as:", "allow", id="meaning"),
        pytest.param("Women of childbearing potential with:", "require", id="no meaning"),
        pytest.param(
            "Menopause is defined by menses. [Gout|Condition] with:", "require", id="not at the end"
        ),
    ],
)
def test_items_below(marked: Any, lead: str, effect: str) -> None:
    below = marked.criteria(f"* {lead}\n    * [menarche|Condition]\n    * [menses|Observation]\n")[-2:]
    assert [p["effect"] for each in below for p in each["predicates"]] == [effect, effect]
