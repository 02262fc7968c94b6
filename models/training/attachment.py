"""Train the left-or-right attachment weights on Chia's relations.

Reads ``$ELIGEX_DATA/chia/without_scope``, leaves out the development fold, prints the accuracy of ten-fold
cross-validation and writes the weights that :mod:`eligex.binding.attach` loads; the rows
of the table that are set by hand stay as they are.

    python models/training/attachment.py nlp/eligex/lexicon/data/attachment.tsv
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score

from eligex.binding.attach import TRAINED, features
from eligex.schema import DOMAIN_LABELS

DEVELOPMENT_FOLD = 1
STRENGTH = 0.3
TRAINED_ROWS = "the rows below are trained"
SMALLEST = 0.05  # weights below it change no decision and only fill the table


class Span(NamedTuple):
    """An entity of Chia; of several fragments the longest."""

    start: int
    end: int
    label: str
    id: str


def read_brat(path: Path) -> tuple[dict[str, Span], list[tuple[str, str, str]], list[list[str]]]:
    """Return entities, relations (type, head, dependent) and groups of one annotation file."""
    spans: dict[str, Span] = {}
    relations: list[tuple[str, str, str]] = []
    groups: list[list[str]] = []
    for line in path.read_text("utf-8").splitlines():
        parts = line.split("\t")
        if parts[0].startswith("T"):
            label, _, where = parts[1].partition(" ")
            pieces = [tuple(map(int, piece.split())) for piece in where.split(";")]
            start, end = max(pieces, key=lambda p: p[1] - p[0])
            spans[parts[0]] = Span(start, end, label, parts[0])
        elif parts[0].startswith("R"):
            kind, head, dependent = parts[1].split()[:3]
            relations.append((kind, head.removeprefix("Arg1:"), dependent.removeprefix("Arg2:")))
        elif parts[0] == "*":
            groups.append(parts[1].split()[1:])
    return spans, relations, groups


def decisions(path: Path) -> Iterator[tuple[str, dict[str, float], bool]]:
    """Yield (relation, features, is left) wherever a modifier stands between two domain entities."""
    with path.with_suffix(".txt").open(encoding="utf-8", newline="") as file:
        text = file.read()
    spans, relations, groups = read_brat(path)
    heads: dict[tuple[str, str], set[str]] = defaultdict(set)
    for kind, head, dependent in relations:
        relation = kind.removeprefix("Has_")
        if (
            relation in TRAINED
            and dependent in spans
            and head in spans
            and spans[head].label in DOMAIN_LABELS
        ):
            heads[relation, dependent] |= {head, *(i for group in groups if head in group for i in group)}
    domain = sorted(span for span in spans.values() if span.label in DOMAIN_LABELS)
    for (relation, dependent), own in heads.items():
        modifier = spans[dependent]
        line_start = text.rfind("\n", 0, modifier.start) + 1
        line_end = text.find("\n", modifier.end) if "\n" in text[modifier.end :] else len(text)
        left = [s for s in domain if line_start <= s.start and s.end <= modifier.start]
        right = [s for s in domain if modifier.end <= s.start and s.end <= line_end]
        if left and right and (left[-1].id in own) != (right[0].id in own):
            before, after = left[-1], right[0]
            gaps = text[before.end : modifier.start], text[modifier.end : after.start]
            own_text = text[modifier.start : modifier.end]
            yield relation, features(*gaps, before.label, after.label, own_text), before.id in own


def main(target: Path) -> None:
    """Train one model a relation and write the table."""
    folder = Path(os.environ["ELIGEX_DATA"]) / "chia"
    folds = json.loads((folder / "folds.json").read_text("utf-8"))
    cases: dict[str, tuple[list[dict[str, float]], list[bool]]] = {r: ([], []) for r in TRAINED}
    for path in sorted((folder / "without_scope").glob("*.ann")):
        if folds[path.stem.split("_")[0]] != DEVELOPMENT_FOLD:
            for relation, description, is_left in decisions(path):
                cases[relation][0].append(description)
                cases[relation][1].append(is_left)
    lines = target.read_text("utf-8").splitlines()
    lines = lines[: next(i for i, line in enumerate(lines) if line.endswith(TRAINED_ROWS)) + 1]
    for relation, (descriptions, targets) in cases.items():
        vectorizer = DictVectorizer()
        matrix = vectorizer.fit_transform(descriptions)
        model = LogisticRegression(C=STRENGTH, max_iter=1000)
        accuracy = cross_val_score(model, matrix, targets, cv=10).mean()
        majority = max(sum(targets), len(targets) - sum(targets)) / len(targets)
        sys.stderr.write(
            f"{relation}: {len(targets)} decisions, accuracy {accuracy:.3f}, majority {majority:.3f}\n"
        )
        model.fit(matrix, targets)
        lines.append(f"{relation}\tbias\t{model.intercept_[0]:.3f}")
        lines += [
            f"{relation}\t{name}\t{weight:.3f}"
            for name, weight in zip(vectorizer.feature_names_, model.coef_[0], strict=True)
            if abs(weight) >= SMALLEST and name.isprintable()
        ]
    target.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
