"""The attributes eligex keeps on a Doc, registered in one place.

All of them hold plain JSON values (dicts, lists, strings, numbers), so that ``DocBin``, ``Doc.to_bytes``
and ``nlp.pipe(n_process=2)`` carry them unchanged.
"""

from __future__ import annotations

from spacy.tokens import Doc

DOC_EXTENSIONS = (
    "eligex_segments",
    "eligex_abbreviations",
    "eligex_quantities",
    "eligex_windows",
    "eligex_context",
    "eligex_clauses",
    "criteria",
)


def register_extensions() -> None:
    """Register the Doc attributes; harmless to call again."""
    for name in DOC_EXTENSIONS:
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)
