"""The systems that are whole pipelines, on one made-up text each."""

from __future__ import annotations

import json

import pytest

from eligex.errors import ModelNotFoundError
from eligex_eval.documents import Document, Gold, GoldEntity, Input
from eligex_eval.predictions import align
from eligex_eval.systems import registry
from eligex_eval.systems.base import description
from eligex_eval.systems.target_rules import TargetRules, lexicon_forms

TEXT = "Inclusion Criteria:\n- Hemoglobin >= 9 g/dL\nExclusion Criteria:\n- No history of asthma"
DOCUMENT = Document("d", TEXT, "t", gold=Gold(entities=()))


@pytest.mark.parametrize("name", ["rules", "eligex"])
def test_eligex(name: str) -> None:
    system = registry.make(name)
    (pair,) = align([DOCUMENT], system.predict([DOCUMENT.input])).pairs
    said = [
        (c.type, p.entity.text, p.comparator, p.threshold, p.unit)
        for c in pair.result.criteria
        for p in c.predicates
        if p.comparator
    ]
    assert said == [("inclusion", "Hemoglobin", ">=", 9, "g/dL")]
    assert "eligex" in json.dumps(description(system))


def test_a_missing_model() -> None:
    with pytest.raises(ModelNotFoundError):
        registry.make("eligex:no-such-model")


class TestTargetRules:
    def test_lexicon_has_forms_of_known_labels(self) -> None:
        forms = dict(lexicon_forms())
        assert forms["bmi"] == "Measurement"
        assert len(forms) > 100

    @pytest.mark.filterwarnings("ignore:.*W036.*")
    def test_learned_forms_and_context(self) -> None:
        system = TargetRules(least=1)
        golds = (GoldEntity(0, 6, "Condition", "Asthma"),)
        system.train([Document("a", "Asthma", "t", gold=Gold(entities=golds))])
        (result,) = system.predict([Input("d", TEXT)])
        assert ("asthma", "Condition", True) in [(e.text, e.label, e.negated) for e in result.entities]

    def test_rare_and_ambiguous_forms_are_not_learned(self) -> None:
        system = TargetRules(least=2)
        golds = [GoldEntity(0, 3, label, "abc") for label in ("Drug", "Drug", "Device", "Device")]
        golds.append(GoldEntity(0, 3, "Drug", "xyz"))
        system.train([Document("a", "abc", "t", gold=Gold(entities=(g,))) for g in golds])
        assert {"abc", "xyz"}.isdisjoint(system.forms)
