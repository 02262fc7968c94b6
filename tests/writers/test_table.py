from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from eligex.schema import Count, Predicate, PredicateEntity, TrialCriteria, Window
from eligex.writers import write
from eligex.writers.table import show, value, window

AGE = PredicateEntity("Age", 0, 3, "Person")


@pytest.mark.parametrize(
    ("predicate", "shown"),
    [
        pytest.param(Predicate("1", AGE), "", id="entity-alone"),
        pytest.param(Predicate("1", AGE, ">=", 18), "≥ 18", id="at-least"),
        pytest.param(Predicate("1", AGE, "<", 100_000), "< 100,000", id="thousands"),
        pytest.param(Predicate("1", AGE, "=", 1.5), "= 1.5", id="decimal"),
        pytest.param(Predicate("1", AGE, "!=", "B"), "≠ B", id="letter"),
        pytest.param(Predicate("1", AGE, "in", "A", threshold_set=("A", "B")), "A or B", id="set"),
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
        pytest.param(Window("", 0, 0, "during", anchor="the study"), "during the study", id="no-length"),
        pytest.param(
            Window("", 0, 0, "before", low=Count(5, "{half-life}")), "≥ 5 {half-life} before", id="count"
        ),
    ],
)
def test_window(temporal: Window, shown: str) -> None:
    assert window(temporal) == shown


def test_table_says_everything(results: list[TrialCriteria]) -> None:
    stream = io.BytesIO()
    write(results, stream, format="table")
    text = stream.getvalue().decode()
    for piece in (
        "NCT00000001  3 inclusion, 1 exclusion, 4 predicates",
        "> 2, ≤ 3.5",
        "mg/dL",
        "≤ P6M before screening",
        "if male",
        "except exc-1.2",
        "[bold]consenting[/bold]",
        "A or B",
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
