"""Put new documents into splits, so that every phenomenon is in each of them; old documents stay.

Documents that hold much of what is rare are placed first.  Each goes where it brings the splits nearest to
their shares, over documents, criteria and every phenomenon; a rare phenomenon weighs as much as a frequent
one.  The same records give the same splits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from eligex_corpus.phenomena import Tags, count_phenomena
from eligex_corpus.problems import Record

SHARES = {"train": 0.4, "dev": 0.25, "test": 0.35}
"""The part of the corpus that each split is to hold."""


def propose(
    records: Sequence[Record], tags: Tags, fixed: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Return the splits with every document in one.

    Parameters
    ----------
    fixed
        The splits as they are; documents that no longer exist are left out.
    """
    features = {record["trial_id"]: _features(record, tags) for record in records}
    total: Counter[str] = Counter()
    for counts in features.values():
        total.update(counts)
    splits = {name: [key for key in fixed.get(name, ()) if key in features] for name in SHARES}
    placed = {key for keys in splits.values() for key in keys}
    held = {name: Counter[str]() for name in SHARES}
    for name, keys in splits.items():
        for key in keys:
            held[name].update(features[key])

    def rarity(key: str) -> float:
        return sum(count / total[name] for name, count in features[key].items())

    for key in sorted(set(features) - placed, key=lambda key: (-rarity(key), key)):
        best = min(SHARES, key=lambda name: _distance(held, name, features[key], total))
        splits[best].append(key)
        held[best].update(features[key])
    return {name: sorted(keys) for name, keys in splits.items()}


def _features(record: Record, tags: Tags) -> Counter[str]:
    counts = count_phenomena(tags, [record["trial_id"]])
    counts.update({"documents": 1, "criteria": len(record["criteria"])})
    return counts


def _distance(held: Mapping[str, Counter[str]], into: str, new: Counter[str], total: Counter[str]) -> float:
    """Return how far the splits are from their shares once a document is put into one of them."""
    return sum(
        ((held[split][name] + (new[name] if split == into else 0)) / total[name] / share - 1) ** 2
        for split, share in SHARES.items()
        for name in total
    )
