"""From LCT's comparisons to atoms: one phenomenon a case, in sentences made up for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligex_eval.corpora import lct
from eligex_eval.documents import notes_by_kind
from eligex_eval.errors import CorpusError


class Builder:
    """Write brat lines by quoting; by default each part is searched for after the one before it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: list[str] = []
        self.count = 0

    def span(self, label: str, quoted: str, value: str | None = None, nth: int = 1) -> str:
        start = -1
        for _ in range(nth):
            start = self.text.index(quoted, start + 1)
        self.count += 1
        key = f"T{self.count}"
        self.lines.append(f"{key}\t{label} {start} {start + len(quoted)}\t{quoted}")
        if value:
            self.lines.append(f"A{self.count}\t{label}-Value {key} {value}")
        return key

    def event(self, kind: str, trigger: str, *arguments: str) -> str:
        self.count += 1
        key = f"E{self.count}"
        self.lines.append(f"{key}\t{kind}:{trigger} {' '.join(arguments)}")
        return key

    def comparison(self, quoted: str, *arguments: str) -> str:
        return self.event("Eq-Comparison", self.span("Eq-Comparison", quoted), *arguments)

    def document(self, tmp_path: Path):
        (tmp_path / "D.txt").write_text(self.text, "utf-8")
        (tmp_path / "D.ann").write_text("\n".join(self.lines) + "\n", "utf-8")
        (document,) = lct.read(tmp_path)
        return document


def atoms_of(document) -> list[tuple[str, float | str, bool]]:
    return [(a.comparator, a.value, a.range_end) for a in document.gold.atoms]


def numeric(builder: Builder, trigger: str, *arguments: str, quoted: str) -> None:
    event = builder.comparison(quoted, *arguments)
    builder.event("Observation", builder.span("Observation", trigger), f"Numeric-Filter:{event}")


def test_one_value(tmp_path: Path) -> None:
    b = Builder("hemoglobin >= 9 g / dL")
    op, value = b.span("Eq-Operator", ">=", "GTEQ"), b.span("Eq-Value", "9")
    unit, per = b.span("Eq-Unit", "g", nth=2), b.span("Eq-Unit", "dL")
    numeric(
        b,
        "hemoglobin",
        f"Operator:{op}",
        f"Value:{value}",
        f"Unit:{unit}",
        f"Per:{per}",
        quoted=">= 9 g / dL",
    )
    document = b.document(tmp_path)
    (atom,) = document.gold.atoms
    assert (atom.comparator, atom.value, atom.range_end) == (">=", 9.0, False)
    assert "g/dL" in atom.units
    assert document.text[slice(*atom.entities[0])] == "hemoglobin"


def test_between_is_a_low_and_a_high_end_by_size(tmp_path: Path) -> None:
    b = Builder("age 80 down to 18 years")
    arguments = (
        f"Operator:{b.span('Eq-Operator', 'to', 'BETWEEN')}",
        f"Value:{b.span('Eq-Value', '80')}",
        f"Value2:{b.span('Eq-Value', '18')}",
        f"Temporal-Unit:{b.span('Eq-Temporal-Unit', 'years')}",
    )
    numeric(b, "age", *arguments, quoted="80 down to 18 years")
    document = b.document(tmp_path)
    assert sorted(atoms_of(document)) == [("<=", 80.0, True), (">=", 18.0, True)]
    assert document.gold.atoms[0].units == ("a",)


def test_two_opposite_operators_are_a_range(tmp_path: Path) -> None:
    b = Builder("BMI >= 18,5 and < 25")
    arguments = (
        f"Operator:{b.span('Eq-Operator', '>=', 'GTEQ')}",
        f"Operator2:{b.span('Eq-Operator', '<', 'LT')}",
        f"Value:{b.span('Eq-Value', '18,5')}",
        f"Value2:{b.span('Eq-Value', '25')}",
    )
    numeric(b, "BMI", *arguments, quoted=">= 18,5 and < 25")
    assert atoms_of(b.document(tmp_path)) == [(">=", 18.5, True), ("<=", 25.0, True)]


@pytest.mark.parametrize(
    ("operators", "comparator"),
    [
        pytest.param([("less than", "LT"), ("or equal", "GTEQ")], "<=", id="less than or equal"),
        pytest.param([("less than", "LT"), ("or equal", "EQ")], "<=", id="less than, equal"),
        pytest.param([("less than", "LT"), ("or equal", "LTEQ")], "<=", id="same direction"),
    ],
)
def test_an_inclusive_second_operator_makes_the_first_inclusive(
    operators, comparator, tmp_path: Path
) -> None:
    b = Builder("score less than or equal 8")
    arguments = [f"Operator:{b.span('Eq-Operator', words, value)}" for words, value in operators]
    numeric(b, "score", *arguments, f"Value:{b.span('Eq-Value', '8')}", quoted="less than or equal 8")
    document = b.document(tmp_path)
    assert atoms_of(document) == [(comparator, 8.0, False)]
    assert notes_by_kind([document])["several operators on one value"] == 1


def test_no_operator_is_equal_and_listed_values_are_atoms_each(tmp_path: Path) -> None:
    b = Builder("class III or IV")
    numeric(
        b,
        "class",
        f"Value:{b.span('Eq-Value', 'III')}",
        f"Value2:{b.span('Eq-Value', 'IV')}",
        quoted="III or IV",
    )
    assert atoms_of(b.document(tmp_path)) == [("=", 3.0, False), ("=", 4.0, False)]


def test_a_shared_comparison_counts_once_for_each_event(tmp_path: Path) -> None:
    b = Builder("AST and ALT < 3")
    event = b.comparison(
        "< 3", f"Operator:{b.span('Eq-Operator', '<', 'LT')}", f"Value:{b.span('Eq-Value', '3')}"
    )
    for name in ("AST", "ALT"):
        b.event("Observation", b.span("Observation", name), f"Numeric-Filter:{event}")
    document = b.document(tmp_path)
    assert [document.text[slice(*a.entities[0])] for a in document.gold.atoms] == ["AST", "ALT"]


def test_name_and_trigger_both_count_as_the_entity(tmp_path: Path) -> None:
    b = Builder("level of potassium > 5")
    event = b.comparison(
        "> 5", f"Operator:{b.span('Eq-Operator', '>', 'GT')}", f"Value:{b.span('Eq-Value', '5')}"
    )
    name = b.span("Observation-Name", "potassium")
    b.event("Observation", b.span("Observation", "level"), f"Name:{name}", f"Numeric-Filter:{event}")
    document = b.document(tmp_path)
    assert [document.text[s:e] for s, e in document.gold.atoms[0].entities] == ["level", "potassium"]


def test_a_comparison_without_a_number_gives_no_atom_but_a_note(tmp_path: Path) -> None:
    b = Builder("count above the limit")
    numeric(b, "count", f"Operator:{b.span('Eq-Operator', 'above', 'GT')}", quoted="above the limit")
    document = b.document(tmp_path)
    assert document.gold.atoms == ()
    assert notes_by_kind([document]) == {"comparison without a number: no atom": 1}


def test_the_same_span_twice_is_one_value(tmp_path: Path) -> None:
    b = Builder("age 18 to 75")
    values = (b.span("Eq-Value", "18"), b.span("Eq-Value", "75"), b.span("Eq-Value", "75"))
    arguments = [f"Value{i}:{key}" for i, key in enumerate(values, start=1)]
    numeric(b, "age", f"Operator:{b.span('Eq-Operator', 'to', 'BETWEEN')}", *arguments, quoted="18 to 75")
    assert atoms_of(b.document(tmp_path)) == [(">=", 18.0, True), ("<=", 75.0, True)]


@pytest.mark.parametrize("role", ["Temporality", "Duration", "Dose", "Minimum-Count", "Stage"])
def test_comparisons_in_other_roles_are_left_out(role: str, tmp_path: Path) -> None:
    b = Builder("stroke within 6 months")
    event = b.comparison(
        "within 6 months",
        f"Operator:{b.span('Eq-Operator', 'within', 'LTEQ')}",
        f"Value:{b.span('Eq-Value', '6')}",
    )
    b.event("Condition", b.span("Condition", "stroke"), f"{role}:{event}")
    document = b.document(tmp_path)
    assert document.gold.atoms == ()
    assert [document.text[s:e] for s, e in document.gold.atoms_elsewhere] == ["within 6 months"]


def test_reference_range_attribute_gives_the_unit(tmp_path: Path) -> None:
    b = Builder("ALT < 3 times the highest reference value")
    unit = b.span("Eq-Unit", "highest reference value", "ref-range-high")
    numeric(
        b,
        "ALT",
        f"Operator:{b.span('Eq-Operator', '<', 'LT')}",
        f"Value:{b.span('Eq-Value', '3')}",
        f"Unit:{unit}",
        quoted="< 3 times the highest reference value",
    )
    assert "[ULN]" in b.document(tmp_path).gold.atoms[0].units


def test_missing_documents_are_named(tmp_path: Path) -> None:
    Builder("x").document(tmp_path)
    with pytest.raises(CorpusError, match="1 of 2 asked documents are missing, the first is NCT9"):
        lct.read(tmp_path, ids=["D", "NCT9"])


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        pytest.param("LTEQ", (None, 6.0, False), id="within is the far end"),
        pytest.param("GTEQ", (6.0, None, False), id="at least is the near end"),
        pytest.param(None, (6.0, None, True), id="no operator: either end"),
    ],
)
def test_lengths_of_time_are_windows(operator: str | None, expected, tmp_path: Path) -> None:
    b = Builder("stroke cue 6 months")
    arguments = [
        f"Value:{b.span('Eq-Value', '6')}",
        f"Temporal-Unit:{b.span('Eq-Temporal-Unit', 'months', 'month')}",
    ]
    if operator:
        arguments.append(f"Operator:{b.span('Eq-Operator', 'cue', operator)}")
    event = b.comparison("cue 6 months", *arguments)
    b.event("Condition", b.span("Condition", "stroke"), f"Temporality:{event}")
    (window,) = b.document(tmp_path).gold.windows
    low, high = (None if length is None else length[1] for length in (window.low, window.high))
    assert (low, high, window.either) == expected


def test_a_time_without_a_length_is_not_a_window(tmp_path: Path) -> None:
    b = Builder("stroke previously")
    event = b.comparison("previously")
    b.event("Condition", b.span("Condition", "stroke"), f"Temporality:{event}")
    document = b.document(tmp_path)
    assert document.gold.windows == ()
    assert [document.text[s:e] for s, e in document.gold.windows_elsewhere] == ["previously"]


def test_exceptions_are_pairs(tmp_path: Path) -> None:
    b = Builder("cancer other than melanoma or sarcoma")
    keys = [b.event("Condition", b.span("Condition", word)) for word in ("cancer", "melanoma", "sarcoma")]
    trigger = b.span("Exception", "other than")
    b.event("Exception", trigger, f"From:{keys[0]}", f"Except:{keys[1]}", f"Except2:{keys[2]}")
    document = b.document(tmp_path)
    words = [
        (document.text[slice(*e.source[0])], document.text[slice(*e.exempted[0])])
        for e in document.gold.exemptions
    ]
    assert words == [("cancer", "melanoma"), ("cancer", "sarcoma")]


def test_limits_of_subgroups_are_if_then_onto_a_number(tmp_path: Path) -> None:
    b = Builder("grip < 26 kg in men; women if pregnant")
    event = b.comparison("< 26 kg", f"Value:{b.span('Eq-Value', '26')}")
    men, women = b.span("Life-Stage-And-Gender", "men"), b.span("Life-Stage-And-Gender", "women")
    pregnant = b.span("Condition", "pregnant")
    b.lines += [f"R1\tIf-Then Arg1:{men} Arg2:{event}", f"R2\tIf-Then Arg1:{pregnant} Arg2:{women}"]
    document = b.document(tmp_path)
    ((value, group),) = document.gold.subgroup_limits
    assert (document.text[slice(*value)], document.text[slice(*group)]) == ("< 26 kg", "men")
