"""The test of the example plug-in; copy it with the plug-in."""

from __future__ import annotations

from weights import WeightFinder

from eligex_eval.documents import Input

TEXT = "Inclusion Criteria:\n- Body weight >= 45 kg\nExclusion Criteria:\n- Weight > 150 kg\n"


def test_limits_of_weight() -> None:
    (prediction,) = WeightFinder().predict([Input("T1", TEXT)])
    said = [
        (p.entity.text, p.comparator, p.threshold, p.unit, p.effect)
        for criterion in prediction.result.criteria
        for p in criterion.predicates
    ]
    assert said == [
        ("Body weight", ">=", 45, "kg", "require"),
        ("Weight", ">", 150, "kg", "exclude"),
    ]
