"""Train the left-or-right attachment weights on Chia's relations.

Reads ``$ELIGEX_DATA/chia/without_scope``, leaves out the development fold, prints the accuracy of ten-fold
cross-validation and writes the weights that :mod:`eligex.binding.attach` loads; those
that are set by hand stay.

    python models/training/attachment.py nlp/eligex/lexicon/data/attachment.tsv
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from tables import head_of

from eligex.binding.attach import TRAINED, features
from eligex.schema import DOMAIN_LABELS
from eligex_eval.corpora.flat import pick_fragments
from eligex_eval.corpora.registry import chia_documents, data_folder
from eligex_eval.documents import Document

STRENGTH = 0.3
SMALLEST = 0.05  # weights below it change no decision and only fill the table


def decisions(document: Document) -> Iterator[tuple[str, dict[str, float], bool]]:
    """Yield (relation, features, is left) wherever a modifier is between two domain entities.

    The heads of a modifier are the entity that its relation names and the members of its groups.
    """
    text, source = document.text, document.source
    spans = {e.id: pick_fragments(e.fragments, "longest")[0] for e in source.entities}
    domain = sorted((*spans[e.id], e.label, e.id) for e in source.entities if e.label in DOMAIN_LABELS)
    labels = {key: label for _, _, label, key in domain}
    heads: dict[tuple[str, str], set[str]] = defaultdict(set)
    for link in source.relations:
        relation = link.type.removeprefix("Has_")
        if relation in TRAINED and link.head in labels and link.tail in spans:
            groups = (group.members for group in source.groups if link.head in group.members)
            heads[relation, link.tail] |= {link.head}.union(*groups)
    for (relation, dependent), own in heads.items():
        start, end = spans[dependent]
        line_start = text.rfind("\n", 0, start) + 1
        line_end = text.find("\n", end) if "\n" in text[end:] else len(text)
        left = [head for head in domain if line_start <= head[0] and head[1] <= start]
        right = [head for head in domain if end <= head[0] and head[1] <= line_end]
        if left and right and (left[-1][3] in own) != (right[0][3] in own):
            before, after = left[-1], right[0]
            gaps = text[before[1] : start], text[end : after[0]]
            yield relation, features(*gaps, before[2], after[2], text[start:end]), before[3] in own


def main(target: Path) -> None:
    """Train one model a relation and write the table."""
    cases: dict[str, tuple[list[dict[str, float]], list[bool]]] = {r: ([], []) for r in TRAINED}
    for document in chia_documents(data_folder(), "train"):
        for relation, description, is_left in decisions(document):
            cases[relation][0].append(description)
            cases[relation][1].append(is_left)
    lines = head_of(target)
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
