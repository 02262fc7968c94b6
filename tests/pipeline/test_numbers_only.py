"""Numbers only: limits and windows without a trained model, and nothing of criteria without a number."""

from pathlib import Path

import pytest
from spacy.language import Language

import eligex
from eligex.errors import EligexError
from eligex.invariants import problems
from eligex.readers.text import read_string

TEXT = """Inclusion Criteria:
- Hemoglobin ≥ 9 g/dL and platelets > 100,000/mm3
- Asthma
- BMI:
  - 18.5 to 30 kg/m2

Exclusion Criteria:
- No chemotherapy within 4 weeks before screening
- Pregnancy
"""


@pytest.fixture(scope="module")
def numbers() -> Language:
    return eligex.load(numbers_only=True, concepts=False)


def test_limits_and_windows(numbers: Language) -> None:
    result = eligex.extract(TEXT, nlp=numbers)
    found = [
        (p.entity.text, p.comparator, p.threshold, p.unit, p.temporal and p.temporal.high)
        for criterion in result.criteria
        for p in criterion.predicates
    ]
    assert found == [
        ("Hemoglobin", ">=", 9, "g/dL", None),
        ("platelets", ">", 100_000, "/mm3", None),
        ("BMI", "between", 18.5, "kg/m2", None),
        ("chemotherapy", None, None, None, "P4W"),
    ]
    assert problems(result, TEXT) == []


def test_every_criterion_is_there(numbers: Language) -> None:
    with_all = eligex.extract(TEXT)
    assert [c.text for c in eligex.extract(TEXT, nlp=numbers).criteria] == [c.text for c in with_all.criteria]


def test_it_says_what_made_it(numbers: Language) -> None:
    made_by = eligex.extract(TEXT, nlp=numbers).provenance
    assert made_by is not None
    assert made_by.model == "eligex_en_numbers"
    assert "ner" not in made_by.settings["pipeline"]


def test_without_a_number_there_is_no_predicate(numbers: Language) -> None:
    text = "Inclusion Criteria:\n- Written consent\n- Able to walk"
    result = eligex.extract(text, nlp=numbers)
    assert [len(c.predicates) for c in result.criteria] == [0, 0]


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"name": "eligex_en_sm"}, id="model"),
        pytest.param({"convention": "chia"}, id="convention"),
    ],
)
def test_it_has_no_model(given: dict[str, str]) -> None:
    with pytest.raises(EligexError, match="numbers are read without one"):
        eligex.load(numbers_only=True, **given)  # type: ignore[arg-type]


def test_in_batches(tmp_path: Path) -> None:
    trials = [read_string(TEXT, trial_id=name) for name in ("T-1", "T-2")]
    one, other = eligex.batch.run(trials, numbers_only=True)
    assert one.criteria == other.criteria
    (tmp_path / "t.txt").write_text(TEXT, "utf-8")
    report = eligex.batch.extract(tmp_path / "t.txt", tmp_path / "out", numbers_only=True, n_process=1)
    assert report.predicates == sum(len(c.predicates) for c in one.criteria) == 4
