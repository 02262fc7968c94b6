"""Lets the accurate pipeline annotate criteria of the unlabelled texts, for the small one to learn from.

Usage: ``python silver.py PIPELINE DATA OUT``.  Two criteria are drawn from each of as many texts as it
takes; trials of ``structured`` are left out, so that its development part stays unseen.  A criterion is
dropped where the entities are unsure, since what the pipeline gets wrong would be learned, too.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import spacy
from spacy.language import Language

from eligex.layout.segment import segment
from eligex.pipes.tags import TAGS, tags_of
from eligex.schema import DOMAIN_LABELS

SHORTEST, LONGEST = 20, 500
RECOGNISERS = {"ner": "own", "ner_chia": "chia"}


def drawn(data: Path, count: int, rng: Random) -> Iterator[dict[str, Any]]:
    """Yield criteria of unlabelled texts with their type."""
    with (data / "structured" / "criteria.jsonl").open(encoding="utf-8") as file:
        known = {json.loads(line)["nct_id"] for line in file}
    with gzip.open(data / "unlabelled" / "ctgov_eligibility.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["nct_id"] not in known]
    rng.shuffle(rows)
    found = 0
    for row in rows:
        criteria = [c for c in segment(row["text"]).criteria if SHORTEST <= c.end - c.start <= LONGEST]
        for criterion in rng.sample(criteria, min(2, len(criteria))):
            text = row["text"][criterion.start : criterion.end]
            yield {"id": f"{row['nct_id']}-{criterion.start}", "type": criterion.type, "text": text}
            found += 1
        if found >= count:
            return


def annotate(nlp: Language, text: str, least: float) -> dict[str, list[list[Any]]] | None:
    """Return the spans of each layer by characters, or None where the entities are too unsure."""
    doc = nlp.make_doc(text)
    for token in doc:
        token.is_sent_start = token.i == 0
    doc = nlp.get_pipe("tok2vec")(doc)
    layers: dict[str, list[list[Any]]] = {"entity": [], **{tag: [] for tag in TAGS}}
    for name in ("ner_chia", "ner"):  # the tagger looks at the entities of the last
        doc = nlp.get_pipe(name)(doc)
        layers[RECOGNISERS[name]] = [[e.start_char, e.end_char, e.label_] for e in doc.ents]
    doc = nlp.get_pipe("eligex_tags")(doc)
    layers["entity"] = [span for span in layers["own"] if span[2] in DOMAIN_LABELS]
    for tag in tags_of(doc):
        layers[tag.type].append([tag.start, tag.end, tag.type])
    chances = [chance for *_, chance in doc._.eligex_chances]
    return layers if not chances or sum(chances) / len(chances) >= least else None


def main() -> None:
    """Read the arguments and write JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("pipeline", "data", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--criteria", type=int, default=16_000)
    parser.add_argument("--least-sure", type=float, default=0.5, help="mean probability of its entities")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    nlp, kept = spacy.load(options.pipeline), 0
    with options.out.open("w", encoding="utf-8") as file:
        for item in drawn(options.data, options.criteria, Random(options.seed)):  # noqa: S311
            layers = annotate(nlp, item["text"], options.least_sure)
            if layers is not None:
                kept += 1
                file.write(json.dumps({**item, "layers": layers}, ensure_ascii=False) + "\n")
    print(f"{kept} criteria in {options.out}")


if __name__ == "__main__":
    main()
