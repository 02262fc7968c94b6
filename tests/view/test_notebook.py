from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import eligex
from eligex.errors import EligexError
from eligex.schema import Failure, Source, TrialCriteria
from eligex.view.sentences import statement

Parse = Callable[[str], Any]


def test_a_result_is_a_table_in_a_notebook(trial: TrialCriteria, parse: Parse) -> None:
    parsed = parse(trial._repr_html_())
    cells = [node.text for node in parsed.of("td")]
    for criterion in trial.criteria:
        for predicate in criterion.predicates:
            assert {predicate.id, statement(predicate)} <= set(cells)
    assert not parsed.of("script")
    assert not parsed.ids


def test_a_long_result_is_cut_and_says_so(trial: TrialCriteria) -> None:
    long = replace(trial, criteria=trial.criteria * 40)
    assert "more rows; to_pandas() has all of them" in long._repr_html_()


def test_a_failed_result_says_why() -> None:
    failed = TrialCriteria("<b>", Source("text", None, None, 0, 0), error=Failure("E", "a < b", "E201"))
    assert "E201: a &lt; b" in failed._repr_html_()
    assert "<b>&lt;b&gt;</b>" in failed._repr_html_()


def test_display_marks_the_text_of_a_doc(parse: Parse) -> None:
    text = "Inclusion Criteria:\n- Hemoglobin ≥ 9 g/dL <b>\n"
    shown = eligex.display(eligex.load()(text), palette={"limit": "teal"})
    parsed = parse(shown)
    (words,) = parsed.of("div", "words")
    assert words.text == text
    assert [node.text for node in parsed.of("span", "limit")] == ["≥ 9 g/dL"]
    assert ".eligex{--limit:teal}" in shown
    assert not parsed.of("a")
    assert shown._repr_html_() == shown


def test_display_takes_a_result(trial: TrialCriteria, parse: Parse) -> None:
    (words,) = parse(eligex.display(trial)).of("div", "words")
    assert words.text == trial.text


@pytest.mark.parametrize("item", [pytest.param("text", id="str"), pytest.param(None, id="None")])
def test_display_of_something_else_says_what_to_give(item: object) -> None:
    with pytest.raises(EligexError, match="without criteria"):
        eligex.display(item)


def test_to_pandas(trial: TrialCriteria) -> None:
    pytest.importorskip("pandas")
    frame = trial.to_pandas()
    (row,) = frame[frame.entity == "Hemoglobin"].to_dict("records")
    assert (row["comparator"], row["threshold"], row["unit"]) == (">=", 9, "g/dL")
    assert len(frame) == sum(max(len(c.predicates), 1) for c in trial.criteria)
    assert frame.threshold.dtype == "Float64"


def test_without_pandas_the_extra_is_named(trial: TrialCriteria, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(EligexError, match=r'pip install "eligex\[pandas\]"'):
        trial.to_pandas()


def test_public_names_are_listed() -> None:
    assert "display" in dir(eligex)
