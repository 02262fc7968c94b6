"""Find corpora by name.

``lct`` and ``chia`` (also ``chia-scope``) are read from the data folder and have splits; ``corpus`` is
eligex's own, which comes with the package.  Anything else is ``format:path``: ``brat:``, ``jsonl:``,
``docbin:``, ``conll:``, ``frd:``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .. import data
from ..documents import Document
from ..errors import CorpusError
from . import brat_folder, conll, contract, docbin, frd
from .flat import Conventions

FORMATS: dict[str, Callable[[Path], list[Document]]] = {
    "brat": brat_folder.read,
    "jsonl": contract.read,
    "docbin": docbin.read,
    "conll": conll.read,
    "frd": frd.read,
}
NAMED = ("lct", "chia", "chia-scope", "corpus")


def open_corpus(
    spec: str,
    *,
    folder: Path | None = None,
    split: data.Split = "dev",
    conventions: Conventions | None = None,
) -> list[Document]:
    """Read a corpus by name or by format and path.

    Raises
    ------
    CorpusError
        For a name that is not known or a corpus that is not there.
    """
    name, _, argument = spec.partition(":")
    if name in FORMATS:
        if not argument:
            raise CorpusError("a path is missing", where=spec, remedy=f"Write {name}:PATH.")
        path = Path(argument)
        if not path.exists():
            raise CorpusError("no such file or folder", where=argument)
        if name == "brat":
            return brat_folder.read(path, conventions=conventions)
        if name == "frd":
            return frd.read(path, conventions=conventions)
        return FORMATS[name](path)
    if name == "lct":
        return data.lct_documents(data.data_folder(folder), split)
    if name in ("chia", "chia-scope"):
        return data.chia_documents(data.data_folder(folder), split, conventions, scope=name == "chia-scope")
    if name == "corpus":
        return own_corpus(split)
    known = [*NAMED, *(f"{key}:PATH" for key in FORMATS)]
    raise CorpusError(f"no corpus named {spec!r}", remedy=f"There are: {', '.join(known)}.")


def own_corpus(split: data.Split = "all") -> list[Document]:
    """Read eligex's own corpus as installed."""
    try:
        from eligex_corpus import load
    except ImportError as error:
        raise CorpusError("eligex's own corpus is not installed") from error
    items = load() if split == "all" else load(split)
    return [contract.document(item.result, Path("eligex_corpus"), "corpus") for item in items]
