"""A scikit-learn token classifier, trained through the harness: what linear models on word shapes reach.

Begin-inside-outside tags on simple tokens; features are the words, shapes and affixes of a token and its
neighbours.  Needs the extra ``eval``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from eligex.schema import Entity, TrialCriteria

from ..corpora.bio import OUTSIDE, Token, tag, tokenize
from ..documents import Document, Input
from ..errors import SystemFailedError
from . import build

BATCH = 64
"""Texts that are tagged in one call, because each call copies all weights."""


class TokenClassifier:
    """Logistic regression by stochastic gradient descent over hashed token features."""

    name = "token-classifier"

    def __init__(self, *, epochs: int = 12, seed: int = 1, features: int = 2**18) -> None:
        try:  # the extra "eval"
            from sklearn.feature_extraction import FeatureHasher
            from sklearn.linear_model import SGDClassifier
        except ImportError as error:
            raise SystemFailedError(
                "scikit-learn is not installed", remedy="Install eligex with its extra: eligex[eval]."
            ) from error
        self.settings = {"epochs": epochs, "seed": seed, "features": features}
        self.hasher = FeatureHasher(features, input_type="string", alternate_sign=False)
        self.model = SGDClassifier(
            loss="log_loss", alpha=2e-6, max_iter=epochs, tol=None, random_state=seed, average=True
        )
        self.trained_on = 0

    def describe(self) -> dict[str, Any]:
        """Return settings and size of the training part."""
        return {**self.settings, "trained on": self.trained_on}

    def train(self, documents: Iterable[Document]) -> None:
        """Learn the flat entities of annotated documents."""
        rows: list[list[str]] = []
        tags: list[str] = []
        for document in documents:
            tokens = tokenize(document.text)
            rows += features(tokens)
            tags += tag(tokens, document.gold.entities or ())
            self.trained_on += 1
        if len(set(tags)) < 2:
            raise SystemFailedError("nothing to learn from", remedy="Give documents with entities.")
        self.model.fit(self.hasher.transform(rows), tags)

    def predict(self, inputs: Iterable[Input]) -> Iterator[TrialCriteria]:
        """Yield a result for every input."""
        if not self.trained_on:
            raise SystemFailedError(
                "token-classifier is not trained",
                remedy="Give score a corpus with --train-on; board trains it on Chia, which "
                "`eligex-eval fetch chia --to FOLDER` gets and --data FOLDER names.",
            )
        remaining = iter(inputs)
        while batch := list(islice(remaining, BATCH)):
            tokens = [tokenize(item.text) for item in batch]
            tags = self._tags(tokens)
            for item, own in zip(batch, tokens, strict=True):
                said = list(islice(tags, len(own)))
                yield build.result(item.id, item.text, spans(item.text, own, said))

    def _tags(self, texts: Sequence[Sequence[Token]]) -> Iterator[str]:
        """Yield the tags of the tokens of several texts, one text after the other."""
        rows = [row for tokens in texts for row in features(tokens)]
        if rows:
            yield from self.model.predict(self.hasher.transform(rows)).tolist()


def spans(text: str, tokens: Sequence[Token], tags: Sequence[str]) -> list[Entity]:
    """Join tags into entities; an inside tag without a begin starts one."""
    found: list[Entity] = []
    start, end, label = 0, 0, OUTSIDE
    for (left, right, _), value in [*zip(tokens, tags, strict=True), ((0, 0, ""), OUTSIDE)]:
        kind = value.partition("-")[2] or OUTSIDE
        if value.startswith("I-") and kind == label:
            end = right
            continue
        if label != OUTSIDE:
            item = build.entity(text, start, end, label)
            found += [item] if item else []
        start, end, label = left, right, kind
    return found


def features(tokens: Sequence[Token]) -> list[list[str]]:
    """Describe each token by itself and two neighbours on either side."""
    words = [word for _, _, word in tokens]
    rows = []
    for i, word in enumerate(words):
        low = word.casefold()
        row = [f"w={low}", f"shape={shape(word)}", f"pre={low[:3]}", f"suf={low[-3:]}", f"suf2={low[-2:]}"]
        for offset in (-2, -1, 1, 2):
            j = i + offset
            near = words[j] if 0 <= j < len(words) else "<edge>"
            row += [f"{offset}:w={near.casefold()}", f"{offset}:shape={shape(near)}"]
        row.append(f"-1|0={words[i - 1].casefold() if i else '<edge>'}|{low}")
        row.append(f"0|1={low}|{words[i + 1].casefold() if i + 1 < len(words) else '<edge>'}")
        rows.append(row)
    return rows


def shape(word: str) -> str:
    """Return a short shape.

    >>> shape("HbA1c"), shape("12.5"), shape(">")
    ('Xx', '9', '>')
    """
    if word[0].isdigit():
        return "9"
    if not word.isalpha():
        return word if len(word) == 1 else "Xx"
    return "X" if word.isupper() else "Xx" if word[0].isupper() else "x"
