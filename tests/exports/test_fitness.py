"""Records that contradict themselves are refused by every target, and nothing is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eligex.errors import InputError
from eligex.exports import NAMES, export
from eligex.schema import Alternative, TrialCriteria

Change = Callable[[TrialCriteria], TrialCriteria]


def with_logic(logic: Any) -> Change:
    return lambda result: replace(result, criteria=(replace(result.criteria[0], logic=logic),))


def with_first(**changes: Any) -> Change:
    def change(result: TrialCriteria) -> TrialCriteria:
        criterion = result.criteria[0]
        first = replace(criterion.predicates[0], **changes)
        return replace(result, criteria=(replace(criterion, predicates=(first, *criterion.predicates[1:])),))

    return change


def nested(depth: int) -> Any:
    logic: Any = {"or": ["inc-1.1", "inc-1.2"]}
    for _ in range(depth):
        logic = {"not": logic}
    return logic


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(
            with_logic({"and": ["inc-1.1", "inc-1.9"]}), "logic of inc-1 names 'inc-1.9'", id="logic"
        ),
        pytest.param(with_logic(nested(400)), "nested more than 100 deep", id="deep"),
        pytest.param(
            lambda result: replace(result, text=f"x{result.text}"), "but the text has", id="changed-text"
        ),
        pytest.param(lambda result: replace(result, text="short"), "but the text has ''", id="short-text"),
        pytest.param(with_first(threshold=10**400), "limit of inc-1.1 is no finite number", id="huge"),
        pytest.param(with_logic({"xor": ["inc-1.1", "inc-1.2"]}), "is not an expression", id="operator"),
        pytest.param(with_logic({"and": ["inc-1.1"]}), "not named exactly once", id="not-in-logic"),
        pytest.param(
            with_logic({"when": "inc-1.1", "else": "inc-1.2"}), "'when' has no condition", id="no-condition"
        ),
        pytest.param(
            lambda result: replace(
                result,
                criteria=(replace(result.criteria[0], predicates=(*result.criteria[0].predicates * 2,)),),
            ),
            "inc-1.1 is the id of 2 predicates",
            id="id-twice",
        ),
        pytest.param(
            lambda result: replace(result, criteria=result.criteria * 2),
            "is the id of 2 ",
            id="criterion-twice",
        ),
        pytest.param(
            lambda result: replace(
                result, criteria=(replace(result.criteria[0], parent="inc-1", logic={"and": ["inc-1"]}),)
            ),
            "its parent inc-1 is not before it",
            id="parent-of-itself",
        ),
        pytest.param(
            with_first(exceptions=("inc-1.9",)), "name 'inc-1.9', which is not there", id="exception-gone"
        ),
        pytest.param(
            with_first(exceptions=("inc-1.1",)), "inc-1.1 is an exception of itself", id="exception-of-itself"
        ),
        pytest.param(with_first(threshold=None), "between and no threshold", id="no-threshold"),
        pytest.param(with_first(threshold_high=None), "between and the upper end None", id="half-a-range"),
        pytest.param(with_first(threshold_text=("7",)), "for 2 thresholds", id="half-the-words"),
        pytest.param(
            with_first(alternatives=(Alternative(float("inf"), "g/L", 34, 35),)),
            "limit of inc-1.1 is no finite number",
            id="infinite",
        ),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(
    change: Change, told: str, name: str, hostile: TrialCriteria, tmp_path: Path
) -> None:
    if name.startswith("sql"):
        pytest.importorskip("sqlglot", reason="sqlglot is not installed")
    broken = replace(change(hostile), trial_id="T-9")
    with pytest.raises(InputError, match="T-9: the record contradicts itself") as raised:
        export([hostile, broken], name, tmp_path / "out")
    assert told in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_what_fits_is_not_refused(hostile: TrialCriteria, tmp_path: Path) -> None:
    deep = with_logic(nested(90))(hostile)
    assert export([hostile, deep], "usdm", tmp_path / "out").predicates == 4


def test_half_a_character_is_replaced_in_a_docbin(hostile: TrialCriteria, tmp_path: Path) -> None:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    text = (hostile.text or "").replace("or type", "\ud800r type")
    export([replace(hostile, text=text, criteria=())], "docbin", tmp_path / "out")
    (doc,) = DocBin().from_disk(tmp_path / "out").get_docs(Vocab())
    assert doc.text == text.replace("\ud800", "\ufffd")
    assert json.loads(doc.user_data["eligex"])["trial_id"] == hostile.trial_id
