"""The pipe: what it adds to a result, and what leaves it out."""

from __future__ import annotations

from pathlib import Path

import pytest

import eligex
from eligex.batch import run
from eligex.errors import EligexError, InputError
from eligex.invariants import problems
from eligex.schema import PredicateEntity

TEXT = (
    "Inclusion Criteria:\n- Asthma\n- Hemoglobin ≥ 9 mg/dL\n"
    "Exclusion Criteria:\n- quux syndrome\n- Creatinine > 2 mg/dL (177 µmol/L) if diabetic\n"
)


def entities(result: eligex.schema.TrialCriteria) -> dict[str, PredicateEntity]:
    return {p.entity.text: p.entity for c in result.criteria for p in c.predicates}


def test_concepts_limits_and_warnings() -> None:
    result = eligex.extract(TEXT)
    assert problems(result, TEXT) == []
    asthma = entities(result)["Asthma"].concept
    assert asthma is not None
    assert (asthma.system, asthma.code, asthma.match) == ("DOID", "2841", "exact")
    (low,) = (p for c in result.criteria for p in c.predicates if p.entity.text == "Hemoglobin")
    assert (low.threshold, low.unit, low.canonical_threshold, low.canonical_unit) == (9, "mg/dL", 0.09, "g/L")
    assert [each.unit for each in low.warnings] == ["g/dL"]
    assert eligex.schema.TrialCriteria.from_dict(result.to_dict()) == result


def test_without_concepts() -> None:
    nlp = eligex.load(concepts=False)
    result = eligex.extract(TEXT, nlp=nlp)
    assert all(entity.concept is None for entity in entities(result).values())
    assert all(p.canonical_unit is None for c in result.criteria for p in c.predicates)


def test_own_vocabulary(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    both = eligex.extract(TEXT, nlp=eligex.load(vocabularies=[table]))
    concept = entities(both)["quux syndrome"].concept
    assert concept is not None
    assert (concept.system, concept.code) == ("MINE", "2")
    assert entities(both)["Asthma"].concept is not None
    with pytest.raises(InputError, match="no such file"):
        eligex.load(vocabularies=[tmp_path / "nothing.tsv"])


def test_vocabularies_are_for_a_model_to_be_loaded() -> None:
    nlp = eligex.load(concepts=False)
    with pytest.raises(EligexError, match="vocabularies are for a model"):
        list(run([("T", TEXT)], model=nlp, concepts=False))
