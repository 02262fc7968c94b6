"""Units, canonical limits of analytes, limits that cannot be meant, and the predicates that get them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eligex.concepts import analytes, ucum
from eligex.concepts.analytes import analyte_of, canonical, conversion, is_plausible, likely_unit
from eligex.concepts.annotate import annotate
from eligex.concepts.link import Linker
from eligex.concepts.store import own_vocabulary
from eligex.errors import LexiconError
from eligex_eval import conversions


@pytest.mark.parametrize(
    ("code", "other", "factor"),
    [
        pytest.param("mg/dL", "g/L", 0.01, id="mass"),
        pytest.param("/mm3", "10*9/L", 0.001, id="count"),
        pytest.param("10*3/uL", "10*9/L", 1, id="power"),
        pytest.param("{cells}/uL", "/mm3", 1, id="annotation"),
        pytest.param("u[IU]/mL", "m[IU]/L", 1, id="international-units"),
        pytest.param("L/h", "mL/min", 1000 / 60, id="rate"),
        pytest.param("mL/min/{1.73_m2}", "L/h/{1.73_m2}", 0.06, id="per-area"),
        pytest.param("kPa", "mm[Hg]", 7.50062, id="pressure"),
        pytest.param("mo", "a", 1 / 12, id="time"),
        pytest.param("[lb_av]", "kg", 0.45359237, id="pound"),
        pytest.param("%", "L/L", 0.01, id="fraction"),
        pytest.param("g/(24.h)", "mg/d", 1000, id="day"),
    ],
)
def test_factors(code: str, other: str, factor: float) -> None:
    assert ucum.factor(code, other) == pytest.approx(factor, rel=1e-5)
    assert ucum.factor(other, code) == pytest.approx(1 / factor, rel=1e-5)


@pytest.mark.parametrize(
    ("code", "other"),
    [
        pytest.param("mg/dL", "umol/L", id="mass-and-amount"),
        pytest.param("mL/min", "mL/min/{1.73_m2}", id="with-and-without-area"),
        pytest.param("U/L", "[IU]/L", id="units"),
        pytest.param("[ULN]", "U/L", id="relative"),
        pytest.param("Cel", "[degF]", id="temperature"),
        pytest.param("furlong", "m", id="unknown"),
        pytest.param("", "m", id="empty"),
        pytest.param("mg//dL", "g/L", id="broken"),
        pytest.param("{lines}", "kg", id="counted"),
    ],
)
def test_no_factor(code: str, other: str) -> None:
    assert ucum.factor(code, other) is None


def test_temperatures() -> None:
    assert ucum.temperature(100.4, "[degF]", "Cel") == pytest.approx(38)
    assert ucum.temperature(38, "Cel", "[degF]") == pytest.approx(100.4)
    assert ucum.temperature(38, "Cel", "kg") is None


@pytest.mark.parametrize(
    ("code", "value", "unit", "limit"),
    [
        pytest.param("LOINC:2160-0", 2, "mg/dL", 176.803, id="creatinine"),
        pytest.param("LOINC:4548-4", 7, "%", 53.01, id="hba1c"),
        pytest.param("LOINC:2823-3", 3.5, "meq/L", 3.5, id="equivalents"),
        pytest.param("LOINC:19123-9", 2, "meq/L", 1, id="two-charges"),
        pytest.param("LOINC:777-3", 100_000, "/mm3", 100, id="cells"),
        pytest.param("LOINC:718-7", 9, "g/dL", 90, id="hemoglobin"),
        pytest.param("LOINC:9318-7", 30, "mg/mmol", 265.205, id="ratio-to-creatinine"),
        pytest.param("LOINC:1742-6", 80, "[IU]/L", 80, id="enzyme"),
        pytest.param("LOINC:8310-5", 101, "[degF]", 38.3333, id="temperature"),
        pytest.param("LOINC:30525-0", 18, "mo", 1.5, id="age"),
        pytest.param("LOINC:2160-0", 2, None, None, id="no-unit"),
        pytest.param("LOINC:2160-0", 60, "mL/min", None, id="another-quantity"),
        pytest.param("LOINC:4548-4", 7, "mg/dL", None, id="hba1c-as-mass"),
    ],
)
def test_canonical_limits(code: str, value: float, unit: str | None, limit: float | None) -> None:
    analyte = analyte_of(code)
    assert analyte is not None
    assert canonical(analyte, value, unit) == limit


def test_analytes_are_known_by_code_or_name() -> None:
    assert analyte_of("LOINC:0-0") is None
    assert analyte_of(None) is None
    found = analyte_of(None, ["", "Fasting insulin"])
    assert found is not None
    assert canonical(found, 10, "u[IU]/mL") == 60


def test_codes_of_analytes_are_in_the_vocabularies() -> None:
    codes = [code for each in analytes.analytes() for code in each.codes]
    assert [code for code in codes if own_vocabulary().find(code) is None] == []


def test_published_factors() -> None:
    rows = list(conversions.published())
    wrong = [row for row in rows if not row.agrees]
    assert len({row.analyte for row in rows}) >= 70
    assert [(row.analyte, bool(row.note)) for row in wrong] == [("insulin", True)]


def test_there_and_back() -> None:
    assert max(error for _, _, error in conversions.round_trips()) < 0.001


@pytest.mark.data
def test_factors_by_loinc(data_dir: Path) -> None:
    path = data_dir / "vocab" / "measurements" / "conversions.tsv.gz"
    rows = list(conversions.loinc_factors(path))
    assert len(rows) > 90
    names = {(row.analyte, row.note.split(" ")[0]) for row in rows if not row.agrees}
    assert names == {
        ("vitamin B12", ""),  # 1.329 is for another cobalamin
        ("creatinine", ""),  # 0.011 is 0.0113, cut off
        ("cortisol", "SUSPECT"),
        ("triiodothyronine.free", "SUSPECT"),
        ("urea nitrogen", "SUSPECT"),
    }


@pytest.mark.parametrize(
    ("code", "value", "unit", "likely"),
    [
        pytest.param("LOINC:718-7", 9, "mg/dL", "g/dL", id="hemoglobin"),
        pytest.param("LOINC:777-3", 100, "/mm3", "10*3/uL", id="platelets"),
        pytest.param("LOINC:2160-0", 1.5, "umol/L", "mg/dL", id="creatinine"),
    ],
)
def test_likely_units(code: str, value: float, unit: str, likely: str) -> None:
    analyte = analyte_of(code)
    assert analyte is not None
    limit = canonical(analyte, value, unit)
    assert limit is not None
    assert not is_plausible(analyte, limit)
    assert likely_unit(analyte, value, unit) == likely


def test_plausible_limits() -> None:
    hemoglobin = analyte_of("LOINC:718-7")
    assert hemoglobin is not None
    assert is_plausible(hemoglobin, 90)
    assert is_plausible(hemoglobin, 0)
    assert likely_unit(hemoglobin, 1e9, "mg/dL") is None
    assert conversion(hemoglobin, "furlong", "g/L") is None


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param("x\tfurlong\t\t\t\t\t1\t2\t\t", "a.tsv:2: unknown unit 'furlong'", id="unit"),
        pytest.param("x\tg/L\t\theavy\t\t\t1\t2\t\t", "a.tsv:2: not a number", id="mass"),
        pytest.param("x\tg/L\t\t\t\t\t2\t1\t\t", "a.tsv:2: low 2 is not below high 1", id="range"),
        pytest.param(
            "x\tg/L\t\t\t\t\t1\t2\tA:1\t\ny\tg/L\t\t\t\t\t1\t2\tA:1\t",
            "'A:1' is already at a.tsv:2",
            id="code",
        ),
    ],
)
def test_bad_analytes(written: Callable[[str, str], Path], row: str, message: str) -> None:
    path = written("a.tsv", "\t".join(analytes.COLUMNS) + "\n" + row + "\n")
    with pytest.raises(LexiconError) as caught:
        analytes.analytes(path)
    assert message in str(caught.value)


def predicate(text: str, entity: str, value: str, **fields: Any) -> dict[str, Any]:
    start, at = text.index(entity), text.index(value)
    return {
        "entity": {
            "text": entity,
            "start": start,
            "end": start + len(entity),
            "label": "Measurement",
            "name": None,
            "concept": None,
            "xrefs": [],
        },
        "threshold": None,
        "threshold_high": None,
        "unit": None,
        "alternatives": [],
        "warnings": [],
        "canonical_threshold": None,
        "canonical_threshold_high": None,
        "canonical_unit": None,
        "value_start": at,
        "value_end": at + len(value),
        "condition_predicates": [],
        **fields,
    }


def annotated(linker: Linker, text: str, item: dict[str, Any]) -> dict[str, Any]:
    before = copy.deepcopy(item)
    annotate([{"predicates": [item]}], text, linker)
    for name in ("threshold", "threshold_high", "unit", "alternatives"):
        assert item[name] == before[name]  # what is written is never changed
    return item


def test_a_limit_gets_its_canonical_form(linker: Linker) -> None:
    text = "Hemoglobin 9 to 12 g/dL"
    found = annotated(
        linker,
        text,
        predicate(text, "Hemoglobin", "9 to 12 g/dL", threshold=9, threshold_high=12, unit="g/dL"),
    )
    assert found["entity"]["concept"]["code"] == "718-7"
    assert (found["canonical_threshold"], found["canonical_threshold_high"]) == (90, 120)
    assert (found["canonical_unit"], found["warnings"]) == ("g/L", [])


def test_relative_limits_stay(linker: Linker) -> None:
    text = "AST below 2.5 x ULN"
    found = annotated(linker, text, predicate(text, "AST", "2.5 x ULN", threshold=2.5, unit="[ULN]"))
    assert (found["canonical_threshold"], found["canonical_unit"], found["warnings"]) == (2.5, "[ULN]", [])


def test_no_conversion_without_an_analyte(linker: Linker) -> None:
    text = "Zorbine above 9 mg/dL"
    found = annotated(linker, text, predicate(text, "Zorbine", "9 mg/dL", threshold=9, unit="mg/dL"))
    assert found["canonical_unit"] is None


def test_an_implausible_limit_is_flagged_with_the_likely_unit(linker: Linker) -> None:
    text = "Hemoglobin at least 9 mg/dL"
    found = annotated(linker, text, predicate(text, "Hemoglobin", "9 mg/dL", threshold=9, unit="mg/dL"))
    (warned,) = found["warnings"]
    assert (warned["kind"], warned["unit"]) == ("implausible", "g/dL")
    assert "hemoglobin 9 mg/dL is outside 30 to 250 g/L; g/dL may be meant" in warned["message"]


@pytest.mark.parametrize(
    ("text", "entity", "value", "threshold", "unit"),
    [
        pytest.param("Warts of up to 3 mm in height", "height", "3 mm", 3, "mm", id="of-something-else"),
        pytest.param(
            "Body temperature within 0.4 °C", "temperature", "0.4 °C", 0.4, "Cel", id="temperatures-apart"
        ),
        pytest.param("Platelets ≥ 109/L", "Platelets", "109/L", 109, "/L", id="lost-exponent"),
        pytest.param(
            "A difference between both arms, or between two visits, in systolic blood pressure of 20 mmHg",
            "systolic blood pressure",
            "20 mmHg",
            20,
            "mm[Hg]",
            id="change-that-is-named-before",
        ),
    ],
)
def test_not_judged(linker: Linker, text: str, entity: str, value: str, threshold: float, unit: str) -> None:
    found = annotated(linker, text, predicate(text, entity, value, threshold=threshold, unit=unit))
    assert (found["canonical_threshold"] is not None, found["warnings"]) == (True, [])


def test_changes_are_not_judged(linker: Linker) -> None:
    text = "Decrease in hemoglobin of 2 g/dL"
    found = annotated(linker, text, predicate(text, "hemoglobin", "2 g/dL", threshold=2, unit="g/dL"))
    assert (found["canonical_threshold"], found["warnings"]) == (20, [])


@pytest.mark.parametrize(
    ("again", "unit", "kinds"),
    [
        pytest.param(177, "umol/L", [], id="same"),
        pytest.param(180, "umol/L", [], id="rounded"),
        pytest.param(150, "umol/L", ["mismatch"], id="other"),
        pytest.param(2, "furlong", [], id="unknown-unit"),
    ],
)
def test_alternatives_are_compared(linker: Linker, again: float, unit: str, kinds: list[str]) -> None:
    text = "Creatinine up to 2 mg/dL (so many)"
    other = {"threshold": again, "unit": unit, "start": 25, "end": 33}
    found = annotated(
        linker,
        text,
        predicate(text, "Creatinine", "2 mg/dL", threshold=2, unit="mg/dL", alternatives=[other]),
    )
    assert [warned["kind"] for warned in found["warnings"]] == kinds
