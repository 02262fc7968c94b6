"""medSpaCy as one would set it up: its TargetMatcher with eligex's lexicon, its own ConText rules.

The whole default pipeline of ``medspacy.load()`` runs, sentences included; targets are the literal forms of
eligex's entity lexicon and the surface forms seen in the training documents, if there are any.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

from spacy.language import Language

from eligex.schema import LABELS, TrialCriteria

from ..documents import Document, Input
from . import build


class TargetRules:
    """medspaCy's TargetMatcher and ConText.

    Parameters
    ----------
    least
        How often a surface form must have been seen in training, always with one label most of the time.
    """

    name = "medspacy-targets"

    def __init__(self, *, least: int = 2) -> None:
        self.least = least
        self.nlp = load_medspacy()
        self.forms: dict[str, str] = dict(lexicon_forms())
        self._added = False

    def describe(self) -> dict[str, Any]:
        """Return the size of the lexicon."""
        import medspacy  # see load_medspacy

        return {
            "medspacy": getattr(medspacy, "__version__", None),
            "forms": len(self.forms),
            "least": self.least,
        }

    def train(self, documents: Iterable[Document]) -> None:
        """Add the surface forms of annotated entities to the lexicon."""
        seen: dict[str, Counter[str]] = {}
        for document in documents:
            for item in document.gold.entities or ():
                seen.setdefault(" ".join(item.text.casefold().split()), Counter())[item.label] += 1
        for form, labels in sorted(seen.items()):
            label, count = min(labels.items(), key=lambda pair: (-pair[1], pair[0]))
            if count >= self.least and 2 * count > labels.total() and form not in self.forms:
                self.forms[form] = label

    def predict(self, inputs: Iterable[Input]) -> Iterator[TrialCriteria]:
        """Yield a result for every input."""
        self._add_rules()
        for item in inputs:
            doc = self.nlp(item.text)
            found = (
                build.entity(item.text, e.start_char, e.end_char, e.label_, bool(e._.is_negated))
                for e in doc.ents
            )
            yield build.result(item.id, item.text, [e for e in found if e])

    def _add_rules(self) -> None:
        if self._added:
            return
        from medspacy.target_matcher import TargetRule  # see load_medspacy

        rules = [TargetRule(literal=form, category=label) for form, label in sorted(self.forms.items())]
        matcher: Any = self.nlp.get_pipe("medspacy_target_matcher")
        matcher.add(rules)
        self._added = True


def lexicon_forms() -> Iterator[tuple[str, str]]:
    """Yield (form, label) from eligex's entity lexicon."""
    text = files("eligex.lexicon").joinpath("data/entity_rules.tsv").read_text("utf-8")
    for line in text.splitlines():
        label, _, rest = line.partition("\t")
        if label in LABELS:
            for form in rest.partition("\t")[2].split(" | "):
                if form.strip():
                    yield form.strip().casefold(), label


def load_medspacy() -> Language:
    """Load medspaCy's default pipeline and switch its logging off."""
    import medspacy  # takes seconds to import, and few commands need it
    from loguru import logger

    nlp: Language = medspacy.load()
    for name in ("PyRuSH", "medspacy"):
        logger.disable(name)
    return nlp
