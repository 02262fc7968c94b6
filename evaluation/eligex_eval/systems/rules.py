"""eligex without a trained model: its lexicons, grammar and rules on a blank tokenizer.

What the trained model adds is the difference between this and the whole pipeline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from eligex.schema import TrialCriteria

from ..documents import Input
from .eligex_model import trial


class EligexRules:
    """The eligex pipes around a blank pipeline."""

    name = "eligex-rules"

    def __init__(self) -> None:
        import spacy

        from eligex.pipeline import add_pipes

        config = {"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}}
        self.nlp = add_pipes(spacy.blank("en", config=config))

    def describe(self) -> dict[str, Any]:
        """Return the version of the library."""
        import eligex

        return {"eligex": eligex.__version__, "model": None, "pipes": list(self.nlp.pipe_names)}

    def predict(self, inputs: Iterable[Input]) -> Iterator[TrialCriteria]:
        """Yield a result for every input."""
        from eligex.pipeline import extract_many

        yield from extract_many(self.nlp, (trial(item) for item in inputs))
