"""Read documents annotated to the whole contract: JSON lines of ``TrialCriteria`` with their ``text``.

This is the format of eligex's own corpus and of ``eligex extract --with-text``.  Every layer follows from
the one result: entities, atoms, windows, logic.  Spans that do not quote the text are an error here: a
corpus with wrong offsets is corrected, not repaired on the way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from eligex.errors import EligexError
from eligex.schema import TrialCriteria

from ..atoms import result_atoms
from ..documents import Document, Gold, GoldEntity
from ..errors import CorpusError
from ..modifiers import result_modifiers
from ..spans import quotations


def read(path: Path, name: str = "contract") -> list[Document]:
    """Read a ``.jsonl`` file, or all of a folder, sorted by name."""
    paths = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not paths or not paths[0].exists():
        raise CorpusError("no .jsonl file here", where=str(path))
    documents = [document(result, item, name) for item in paths for result in read_jsonl(item)]
    if not documents:
        raise CorpusError("no documents in it", where=str(path))
    ids = [d.id for d in documents]
    if len(set(ids)) < len(ids):
        twice = next(key for key in ids if ids.count(key) > 1)
        raise CorpusError(f"document {twice} occurs twice", where=str(path))
    return documents


def read_jsonl(path: Path) -> Iterator[TrialCriteria]:
    """Read the JSON lines of a file."""
    with path.open(encoding="utf-8") as stream:
        yield from parse_lines(stream, path.name)


def parse_lines(
    lines: Iterable[str], name: str, error_type: type[EligexError] = CorpusError
) -> Iterator[TrialCriteria]:
    """Read JSON lines of the contract; an error of ``error_type`` names the line that is wrong."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{name}:{number}"
        try:
            yield TrialCriteria.from_dict(json.loads(line))
        except json.JSONDecodeError as error:
            raise error_type(f"not JSON ({error.msg})", where=where) from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise error_type(f"{place}: {first['msg']}", where=where) from error


def document(result: TrialCriteria, path: Path, name: str = "contract") -> Document:
    """Build a document from one annotated result."""
    text = result.text
    if text is None:
        raise CorpusError(
            f"document {result.trial_id} has no text", where=path.name, remedy="Write it with its text."
        )
    for start, end, quoted in quotations(result):
        if text[start:end] != quoted:
            raise CorpusError(
                f"{result.trial_id} {start}-{end}: quotes {quoted[:40]!r}, but the text has "
                f"{text[start:end][:40]!r}",
                where=path.name,
            )
    golds = tuple(GoldEntity(e.start, e.end, e.label, e.text, e.negated, e.negated) for e in result.entities)
    layers = Gold(
        entities=golds,
        nested=golds,
        atoms=tuple(result_atoms(result)),
        modifiers=result_modifiers(result),
        result=result,
    )
    return Document(result.trial_id, text, name, gold=layers)
