"""The eligex pipeline itself, with a trained model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import eligex
from eligex.pipeline import extract_many, model_name
from eligex.schema import Source, Trial, TrialCriteria

from ..documents import Input


class EligexModel:
    """``eligex.load(model)`` run over the inputs.

    Parameters
    ----------
    model
        A name or directory for ``eligex.load``; by default the model that ships with eligex.
    convention
        How entities are marked, as for ``eligex.load``.
    """

    def __init__(self, model: str | None = None, *, convention: str | None = None) -> None:
        self.nlp = eligex.load(model, convention=convention)
        name = "eligex" if convention is None else f"eligex-{convention}"
        self.name = name if model is None else f"{name}:{model}"
        self.version: str | None = f"{model_name(self.nlp)} {self.nlp.meta.get('version', '')}"

    def describe(self) -> dict[str, Any]:
        """Return the versions of library and model."""
        return {"eligex": eligex.__version__, "model": self.version, "pipes": list(self.nlp.pipe_names)}

    def predict(self, inputs: Iterable[Input]) -> Iterator[TrialCriteria]:
        """Yield a result for every input."""
        yield from extract_many(self.nlp, (trial(item) for item in inputs))


def trial(item: Input) -> Trial:
    """Wrap a text as a trial whose section spans it whole."""
    return Trial(item.id, item.text, Source("text", None, None, 0, len(item.text)))


def with_chia_entities(model: str | None = None) -> EligexModel:
    """Return the pipeline with entities as the annotators of Chia mark them."""
    return EligexModel(model, convention="chia")
