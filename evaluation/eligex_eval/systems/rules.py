"""eligex without a trained model: its lexicons, grammar and rules on a blank tokenizer.

What the trained model adds is the difference between this and the whole pipeline.
"""

from __future__ import annotations

import spacy

from eligex.pipeline import add_pipes

from .eligex_model import EligexModel


class EligexRules(EligexModel):
    """The eligex pipes around a blank pipeline."""

    def __init__(self) -> None:
        config = {"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}}
        self.nlp = add_pipes(spacy.blank("en", config=config))
        self.name = "eligex-rules"
        self.version = None
