"""The eligex pipeline itself, with a trained model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from eligex.schema import Source, Trial, TrialCriteria

from ..documents import Input


class EligexModel:
    """``eligex.load(model)`` run over the inputs.

    Parameters
    ----------
    model
        A name or directory, as ``eligex.load`` takes it; the default model if not given.
    """

    def __init__(self, model: str | None = None) -> None:
        import eligex

        self.nlp = eligex.load(model)
        from eligex.pipeline import model_name

        self.name = "eligex" if model is None else f"eligex:{model}"
        self.version = f"{model_name(self.nlp)} {self.nlp.meta.get('version', '')}"

    def describe(self) -> dict[str, Any]:
        """Return the versions of library and model."""
        import eligex

        return {"eligex": eligex.__version__, "model": self.version, "pipes": list(self.nlp.pipe_names)}

    def predict(self, inputs: Iterable[Input]) -> Iterator[TrialCriteria]:
        """Yield a result for every input."""
        from eligex.pipeline import extract_many

        yield from extract_many(self.nlp, (trial(item) for item in inputs))


def trial(item: Input) -> Trial:
    """Wrap a text as a trial whose section spans it whole."""
    return Trial(item.id, item.text, Source("text", None, None, 0, len(item.text)))
