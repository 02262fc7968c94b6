"""Read CoNLL files: a token a line with its tag last, a blank line after a sentence.

Documents start with a line ``-DOCSTART- ID``.  Tags are BIO, BIOES or BILOU; an inside tag that continues
nothing starts an entity.  Tokens carry no offsets, so they are searched in the text in order; without a
text, the text is the tokens joined by blanks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..documents import Document, Gold, GoldEntity, Note
from ..errors import CorpusError
from . import brat
from .bio import tag, tokenize

Tagged = list[tuple[str, str]]
START = "-DOCSTART-"


def read(folder: Path) -> list[Document]:
    """Read a folder of ``.conll`` files; ``ID.txt`` beside them gives the text of a document, if present."""
    paths = sorted([*folder.glob("*.conll"), *folder.glob("*.bio")])
    if not paths:
        raise CorpusError("no .conll or .bio files here", where=str(folder))
    documents = []
    for path in paths:
        for key, tokens in read_blocks(path):
            source = folder / f"{key}.txt"
            text = brat.read_text(source) if source.exists() else " ".join(word for word, _ in tokens)
            spans, lost = align_tokens(text, tokens)
            notes = tuple(
                Note(key, "dropped: entity whose tokens are not in the text", label) for label in lost
            )
            golds = tuple(GoldEntity(s, e, label, text[s:e]) for s, e, label in spans)
            documents.append(
                Document(key, text, "conll", gold=Gold(entities=golds, nested=golds), notes=notes)
            )
    return documents


def read_blocks(path: Path) -> Iterator[tuple[str, Tagged]]:
    """Yield (document id, tokens with tags); the file's name is the id where there is no start line."""
    key, tokens = path.stem, Tagged()
    for number, line in enumerate(brat.read_text(path).splitlines(), start=1):
        parts = line.split()
        if not parts:
            continue
        if parts[0] == START:
            if tokens:
                yield key, tokens
            key, tokens = (parts[1] if len(parts) > 1 else f"{path.stem}-{number}"), Tagged()
        elif len(parts) < 2:
            raise CorpusError("a token without a tag", where=f"{path.name}:{number}")
        else:
            tokens.append((parts[0], parts[-1]))
    if tokens:
        yield key, tokens


def align_tokens(
    text: str, tokens: Sequence[tuple[str, str]]
) -> tuple[list[tuple[int, int, str]], list[str]]:
    """Return the entity spans (start, end, label) and the labels of entities that could not be placed.

    >>> align_tokens("no mild asthma", [("no", "O"), ("mild", "B-Condition"), ("asthma", "I-Condition")])
    ([(3, 14, 'Condition')], [])
    """
    spans: list[tuple[int, int, str]] = []
    lost: list[str] = []
    position, open_label = 0, ""
    for word, written in tokens:
        start = text.find(word, position)
        prefix, _, label = written.partition("-")
        continues = prefix in ("I", "E", "L", "M") and label == open_label
        if start < 0:
            if prefix != "O" and not continues:
                lost.append(label)
            open_label = ""
            continue
        position = start + len(word)
        if prefix == "O" or not label:
            open_label = ""
        elif continues and spans:
            spans[-1] = (spans[-1][0], position, label)
        else:
            spans.append((start, position, label))
            open_label = label
        if prefix in ("E", "L", "S", "U"):
            open_label = ""
    return spans, lost


def write(documents: Sequence[Document], path: Path) -> None:
    """Write documents with entities as tokens and tags."""
    lines = []
    for document in documents:
        tokens = tokenize(document.text)
        lines.append(f"{START} {document.id}")
        tags = tag(tokens, document.gold.entities or ())
        lines += [f"{word}\t{value}" for (_, _, word), value in zip(tokens, tags, strict=True)]
        lines.append("")
    path.write_text("\n".join(lines) + "\n", "utf-8")
