"""Records a digest of each corpus, so that a model says which data it was trained on.

Usage: ``python data_hash.py DATA OUT_JSON``.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

CORPORA = {
    "chia": ("chia/folds.json", "chia/without_scope/*"),
    "lct": ("lct/NCT*",),
    "structured": ("structured/criteria.jsonl",),
    "unlabelled": ("unlabelled/*",),
}
STANDOFF = Path(__file__).parents[2] / "annotations" / "standoff"


def digest(data: Path, patterns: tuple[str, ...]) -> str:
    """Return the SHA-256 over names and bytes of the files that match, in the order of their names."""
    total = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in data.glob(pattern)):
        total.update(path.relative_to(data).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def main(data: Path, out: Path) -> None:
    """Write the digests of all corpora."""
    out.parent.mkdir(parents=True, exist_ok=True)
    found = {name: digest(data, patterns) for name, patterns in CORPORA.items()}
    found["standoff"] = digest(STANDOFF, ("criteria.jsonl", "attached.jsonl"))
    out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
