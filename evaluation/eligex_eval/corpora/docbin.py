"""Read spaCy's ``.spacy`` files: the entities of each Doc; ``doc.user_data["id"]`` is its id, if there."""

from __future__ import annotations

from pathlib import Path

import spacy
from spacy.tokens import DocBin

from ..documents import Document, Gold, GoldEntity
from ..errors import CorpusError


def read(path: Path) -> list[Document]:
    """Read a file, or all ``.spacy`` files of a folder."""
    paths = sorted(path.glob("*.spacy")) if path.is_dir() else [path]
    if not paths or not paths[0].exists():
        raise CorpusError("no .spacy file here", where=str(path))
    vocab = spacy.blank("en").vocab
    documents = []
    for item in paths:
        try:
            docs = list(DocBin().from_disk(item).get_docs(vocab))
        except Exception as error:  # whatever msgpack and zlib raise for another file
            raise CorpusError(f"not a DocBin ({error})", where=str(item)) from error
        for number, doc in enumerate(docs, start=1):
            key = str(doc.user_data.get("id") or f"{item.stem}-{number}")
            golds = tuple(GoldEntity(e.start_char, e.end_char, e.label_, e.text) for e in doc.ents)
            documents.append(Document(key, doc.text, "docbin", gold=Gold(entities=golds, nested=golds)))
    return documents
