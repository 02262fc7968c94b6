"""Writes what the networks know of the words of all streams, so that training needs no spaCy.

Usage: ``python words.py PIPELINE STREAMS``, with a pipeline that has the floret vectors.  ``words.npz`` holds
for each word its word pieces for the encoder, its rows in the tables of ``configs/small.cfg`` and its floret
vector, and for each stream which number here each of its words has.  The shape of the small network
(``small.json``), the encoder to begin with (``minilm.pt``) and its tokenizer (``tokenizer.json``) lie beside.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import spacy
import torch
from minilm import published
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import load_config, load_model_from_config
from tokenizers import Tokenizer

from eligex.pipes.encoder import Encoder as Pieces

CONFIG = Path(__file__).parents[1] / "configs" / "small.cfg"
MARKS = ("[CLS]", "[SEP]", "[MASK]")
Word = tuple[str, str]


def gathered(folder: Path) -> tuple[list[Word], dict[str, np.ndarray]]:
    """Return the words of all streams of a folder, and for each stream the numbers that its words have."""
    numbers: dict[Word, int] = {}
    found = {}
    for path in sorted(folder.glob("*.words.json")):
        words = map(tuple, json.loads(path.read_text(encoding="utf-8")))
        own = [numbers.setdefault(word, len(numbers)) for word in words]
        found[path.name.removesuffix(".words.json")] = np.array(own, dtype=np.uint32)
    return list(numbers), found


def small_network(vocab: Any) -> Language:
    """Return the pipeline of ``configs/small.cfg`` before training; ``vocab`` has the floret vectors."""
    nlp = load_model_from_config(load_config(CONFIG), auto_fill=True, vocab=vocab)
    nlp.get_pipe("tok2vec").model.initialize(X=[nlp.make_doc("Age over 18 years")])
    return nlp


def tables_of(nlp: Language) -> list[Any]:
    """Return the tables of hash embeddings, in the order of their attributes."""
    nodes = [node for node in nlp.get_pipe("tok2vec").model.walk() if node.name == "hashembed"]
    return sorted(nodes, key=lambda node: node.attrs["column"])


def embedded(nlp: Language, words: Sequence[Word]) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of words in the tables, (words, tables, 4), and their vectors, (words, width)."""
    vectors = nlp.vocab.vectors
    doc = Doc(nlp.vocab, words=[form for form, _ in words])
    for token, (_, norm) in zip(doc, words, strict=True):
        token.norm_ = norm
    config = load_config(CONFIG)["components"]["tok2vec"]["model"]["embed"]["embed"]
    keys = doc.to_array(config["attrs"])
    rows = [
        table.ops.hash(np.ascontiguousarray(keys[:, column]), table.attrs["seed"]) % table.get_dim("nV")
        for column, table in enumerate(tables_of(nlp))
    ]
    return np.stack(rows, axis=1).astype(np.uint16), vectors.get_batch(doc.to_array(vectors.attr))


def shape_of() -> dict[str, Any]:
    """Return the sizes of the small network, from its configuration."""
    layers = load_config(CONFIG)["components"]["tok2vec"]["model"]
    rows, encode = layers["embed"]["embed"]["rows"], layers["encode"]
    return {"rows": rows, **{name: encode[name] for name in ("width", "steps", "pieces")}}


def write(vocab: Any, folder: Path) -> None:
    """Write the table of all words of the streams in ``folder``."""
    weights, vocabulary = published()
    torch.save(weights, folder / "minilm.pt")
    (folder / "tokenizer.json").write_bytes(vocabulary)
    (folder / "small.json").write_text(json.dumps(shape_of()) + "\n", encoding="utf-8")
    words, numbers = gathered(folder)
    pieces, tokenizer = Pieces(b"", vocabulary), Tokenizer.from_str(vocabulary.decode("utf-8"))
    of_words = [pieces.pieces(form) for form, _ in words]
    rows, vectors = embedded(small_network(vocab), words)
    np.savez_compressed(
        folder / "words.npz",
        pieces=np.array([piece for each in of_words for piece in each], dtype=np.uint16),
        counts=np.array([len(each) for each in of_words], dtype=np.uint8),
        marks=np.array([tokenizer.token_to_id(mark) for mark in MARKS]),
        rows=rows,
        vectors=vectors.astype(np.float16),
        **{f"numbers of {name}": each for name, each in numbers.items()},
    )
    print(f"{len(words):,} words in {folder / 'words.npz'}")


if __name__ == "__main__":
    write(spacy.load(sys.argv[1]).vocab, Path(sys.argv[2]))
