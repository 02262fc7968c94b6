"""Who multiplies the matrices: both libraries give the same products, and models use the one that is set."""

import numpy as np
import pytest
from thinc.api import NumpyOps

import eligex
from eligex.pipes import products
from eligex.pipes.products import NumpyProducts, use, with_fast_products

TEXT = "Inclusion Criteria:\n- Age ≥ 18 years\n- Hemoglobin > 9 g/dL or platelets > 100,000/mm3\n- Asthma"


def test_the_products_are_the_same() -> None:
    random = np.random.default_rng(1)
    x, y = (random.standard_normal((rows, 96)).astype("f") for rows in (40, 30))
    ours, theirs = (ops.gemm(x, y, trans2=True) for ops in (NumpyProducts(), NumpyOps(use_blis=True)))
    assert np.allclose(ours, theirs, atol=1e-4)


@pytest.mark.parametrize("faster", [pytest.param(True, id="numpy"), pytest.param(False, id="blis")])
def test_a_model_uses_what_is_much_faster(monkeypatch: pytest.MonkeyPatch, faster: bool) -> None:
    monkeypatch.setattr(products, "is_much_faster", lambda: faster)
    nlp = eligex.load(concepts=False)
    models = [pipe.model for _, pipe in nlp.pipeline if hasattr(pipe, "model")]
    kinds = {type(node.ops) for model in models for node in model.walk()}
    assert (NumpyProducts in kinds) == faster
    assert len(kinds) == 1


def test_the_text_is_read_alike() -> None:
    nlp = eligex.load(concepts=False)
    found = []
    for ops in (NumpyOps(use_blis=True), NumpyProducts()):
        use(nlp, ops)
        found.append(eligex.extract(TEXT, nlp=nlp).criteria)
    assert found[0] == found[1]


def test_a_pipeline_without_a_model_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "is_much_faster", lambda: True)
    blank = eligex.load(numbers_only=True)
    assert with_fast_products(blank) is blank
