"""Texts with marked entities: "<Drug|aspirin> for <Condition|gout>"."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import spacy
from spacy.language import Language

Unmarked = Callable[[str], tuple[str, list[tuple[int, int, str]]]]

_MARK = re.compile(r"<(?P<label>[A-Za-z]+)\|(?P<text>[^<>]+)>")


@pytest.fixture
def unmarked() -> Unmarked:
    """Return what reads such a text: the plain text, and the start, end and label of each entity."""

    def read(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
        text, found, end = "", [], 0
        for mark in _MARK.finditer(marked):
            text += marked[end : mark.start()]
            found.append((len(text), len(text) + len(mark["text"]), mark["label"]))
            text, end = text + mark["text"], mark.end()
        return text + marked[end:], found

    return read


def blank(*pipes: str) -> Language:
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}})
    for pipe in pipes:
        nlp.add_pipe(pipe)
    return nlp


@pytest.fixture(scope="session")
def nlp() -> Language:
    """Return a pipeline that cuts words as eligex does, and does no more."""
    return blank()


@pytest.fixture(scope="session")
def ruled() -> Language:
    """Return one that has the rules of entities, too."""
    return blank("eligex_entity_rules")


@pytest.fixture
def by_rules(ruled: Language, unmarked: Unmarked) -> Callable[[str], str]:
    """Return what tells the entities of a text, marked ones given, after the rules: "Drug: aspirin, …"."""

    def read(marked: str) -> str:
        text, found = unmarked(marked)
        doc = ruled.make_doc(text)
        doc.ents = [doc.char_span(*place, label=label, alignment_mode="expand") for *place, label in found]
        return ", ".join(f"{entity.label_}: {entity.text}" for entity in ruled(doc).ents)

    return read
