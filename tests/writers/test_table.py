from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from eligex.schema import Count, Predicate, PredicateEntity, TrialCriteria, Window
from eligex.writers import write
from eligex.writers.table import condition, show, value, window

AGE = PredicateEntity("Age", 0, 3, "Person")


@pytest.mark.parametrize(
    ("predicate", "shown"),
    [
        pytest.param(Predicate("1", AGE), "", id="entity-alone"),
        pytest.param(Predicate("1", AGE, ">=", 18), "≥ 18", id="at-least"),
        pytest.param(Predicate("1", AGE, "<", 100_000), "< 100,000", id="thousands"),
        pytest.param(Predicate("1", AGE, "=", 1.5), "= 1.5", id="decimal"),
        pytest.param(Predicate("1", AGE, "!=", 2, threshold_text="B"), "≠ B", id="letter"),
        pytest.param(Predicate("1", AGE, "in", 3, threshold_set=(3, 4)), "3 or 4", id="set"),
        pytest.param(
            Predicate("1", AGE, "in", 1, threshold_set=(1, 2), threshold_text=("A", "B")),
            "A or B",
            id="set-of-letters",
        ),
        pytest.param(
            Predicate("1", AGE, "between", 0.05, 0.5, threshold_text=("20/400", "20/40")),
            "20/400 – 20/40",
            id="range-of-acuities",
        ),
        pytest.param(
            Predicate("1", AGE, "between", 18, 70, threshold_inclusive=True, threshold_high_inclusive=True),
            "18 – 70",
            id="range",
        ),
        pytest.param(
            Predicate("1", AGE, "between", 18, 70, threshold_inclusive=False, threshold_high_inclusive=True),
            "> 18, ≤ 70",
            id="half-open-range",
        ),
    ],
)
def test_value(predicate: Predicate, shown: str) -> None:
    assert value(predicate) == shown


@pytest.mark.parametrize(
    ("temporal", "shown"),
    [
        pytest.param(
            Window("", 0, 0, "before", high="P6M", anchor="screening"), "≤ P6M before screening", id="high"
        ),
        pytest.param(Window("", 0, 0, "before", low="P4W"), "≥ P4W before", id="low"),
        pytest.param(Window("", 0, 0, "for", low="P3M", high="P6M"), "P3M – P6M for", id="both"),
        pytest.param(Window("", 0, 0, "for", low="P6W", strict=True), "> P6W for", id="strict-low"),
        pytest.param(
            Window("", 0, 0, "before", high="P60D", anchor="screening", strict=True),
            "< P60D before screening",
            id="strict-high",
        ),
        pytest.param(
            Window("", 0, 0, "within", high="PT72H", anchor="surgery"),
            "≤ PT72H either side of surgery",
            id="within",
        ),
        pytest.param(Window("", 0, 0, "during", anchor="the study"), "during the study", id="no-length"),
        pytest.param(
            Window("", 0, 0, "before", low=Count(5, "{half-life}")), "≥ 5 {half-life} before", id="count"
        ),
    ],
)
def test_window(temporal: Window, shown: str) -> None:
    assert window(temporal) == shown


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        pytest.param((), "men", id="words-alone"),
        pytest.param((Predicate("1?1", AGE, effect=None),), "men", id="words-say-it"),
        pytest.param(
            (Predicate("1?1", AGE, ">", 70, unit="a", effect=None), Predicate("1?2", AGE, effect=None)),
            "men (Age > 70 a and Age)",
            id="limit",
        ),
        pytest.param((Predicate("1?1", AGE, negated=True, effect=None),), "men (not Age)", id="absence"),
    ],
)
def test_condition(stated: tuple[Predicate, ...], shown: str) -> None:
    assert condition(Predicate("1", AGE, condition="men", condition_predicates=stated)) == shown


def test_table_says_everything(results: list[TrialCriteria]) -> None:
    stream = io.BytesIO()
    write(results, stream, format="table")
    text = stream.getvalue().decode()
    for piece in (
        "NCT00000001  3 inclusion, 1 exclusion, 5 predicates",
        "> 2, ≤ 3.5",
        "mg/dL",
        "≤ P6M before screening",
        "if male",
        "except exc-1.2",
        "[bold]consenting[/bold]",
        "A or B",
        "> 5 {half-life} for",
        "≤ P6W either side of surgery",
        "not read (no words): ~~~",
        'broken, "badly"',
        "none  0 inclusion, 0 exclusion, 0 predicates",
    ):
        assert piece in text
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 160


@pytest.mark.parametrize("width", [40, 80, 200])
def test_table_fits_the_terminal(full: TrialCriteria, width: int) -> None:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system="standard")
    show([full], console)


def test_table_does_not_move_the_cursor(full: TrialCriteria) -> None:
    criterion = replace(full.criteria[2], text="evil \x1b[2J\u202etext\r\n" + "x" * 500)
    stream = io.BytesIO()
    write([replace(full, trial_id="a\x1b]0;b", criteria=(criterion,))], stream, format="table")
    text = stream.getvalue().decode()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "…" in text
