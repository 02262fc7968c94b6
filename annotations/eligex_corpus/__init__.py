"""The annotated corpus of eligex: eligibility sections written for it, annotated to the output contract.

>>> from eligex_corpus import load
>>> document = load("test")[0]
>>> criterion = document.result.criteria[0]
>>> document.text[criterion.start : criterion.end] == criterion.text
True
"""

from __future__ import annotations

from eligex_corpus.checks import check, check_folder
from eligex_corpus.documents import Document, load, path, read_metadata, read_records, read_split, read_splits
from eligex_corpus.problems import Problem

__all__ = [
    "Document",
    "Problem",
    "check",
    "check_folder",
    "load",
    "path",
    "read_metadata",
    "read_records",
    "read_split",
    "read_splits",
]
