"""Left or right: to which neighbour a window, qualifier, value or mood belongs.

In Chia the head of such a modifier is its nearest domain entity on the left or on the right in 19 of 20
cases, so the one open question is the side.  A logistic model per relation answers it from the words in
the two gaps; its weights are a table in ``lexicon/data/attachment.tsv``, written by
``models/training/attachment.py``.
"""

from __future__ import annotations

import math
from functools import cache
from importlib import resources
from typing import Literal

from eligex.errors import LexiconError
from eligex.language.phrases import words

Relation = Literal["temporal", "qualifier", "value", "multiplier"]
RELATIONS: tuple[Relation, ...] = ("temporal", "qualifier", "value", "multiplier")
_FILE = "attachment.tsv"


def features(
    left_gap: str, right_gap: str, left_label: str, right_label: str, modifier: str
) -> dict[str, float]:
    """Describe one decision; the training code and the pipeline share this function."""
    found: dict[str, float] = {f"left_label={left_label}": 1.0, f"right_label={right_label}": 1.0}
    for side, gap in (("left", left_gap), ("right", right_gap)):
        tokens = [word for _, _, word in words(gap)]
        found[f"{side}:length"] = min(len(tokens), 8) / 4
        if not tokens:
            found[f"{side}:empty"] = 1.0
            continue
        for token in tokens:
            found[f"{side}:has={token}"] = 1.0
        found[f"{side}:first={tokens[0]}"] = 1.0
        found[f"{side}:last={tokens[-1]}"] = 1.0
        if ";" in tokens or "." in tokens:
            found[f"{side}:break"] = 1.0
    own = [word for _, _, word in words(modifier)]
    if own:
        found[f"starts={own[0]}"] = 1.0
        found[f"ends={own[-1]}"] = 1.0
    return found


def prefers_left(
    relation: Relation, left_gap: str, right_gap: str, left_label: str, right_label: str, modifier: str
) -> float:
    """Return the probability that the modifier belongs to its left neighbour."""
    weights = load_weights()[relation]
    score = weights.get("bias", 0.0)
    for name, value in features(left_gap, right_gap, left_label, right_label, modifier).items():
        score += weights.get(name, 0.0) * value
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def load_weights() -> dict[str, dict[str, float]]:
    """Read the weights: tab-separated relation, feature, weight; ``#`` opens a comment line.

    Raises
    ------
    LexiconError
        For a line of another shape, an unknown relation or a duplicate.
    """
    table: dict[str, dict[str, float]] = {relation: {} for relation in RELATIONS}
    lines = resources.files("eligex.lexicon").joinpath("data", _FILE).read_text("utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if not line or line.startswith("# "):
            continue
        parts = line.split("\t")
        if len(parts) != 3 or parts[0] not in table or parts[1] in table[parts[0]]:
            raise LexiconError(
                "not a new 'relation, feature, weight' line",
                where=f"{_FILE}:{number}",
                remedy="Write the table again with models/training/attachment.py",
            )
        table[parts[0]][parts[1]] = float(parts[2])
    return table
