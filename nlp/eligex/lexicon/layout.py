"""Strict loaders of the two word lists that the text layer needs: ``headings.toml`` and ``sentences.toml``.

A list is refused as a whole, with the file and the line, when a key is unknown or missing, or a word is
doubled, empty or not lower case.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import TypeVar

from eligex.errors import LexiconError


@dataclass(frozen=True, slots=True)
class HeadingWords:
    """The keys of ``headings.toml``."""

    qualifiers: frozenset[str]
    sentence_words: frozenset[str]
    group_nouns: frozenset[str]
    people: frozenset[str]
    everybody: frozenset[str]
    topics: frozenset[str]
    labels: frozenset[str]
    registry_fields: frozenset[str]
    starters: frozenset[str]


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """The keys of ``sentences.toml``."""

    abbreviations: frozenset[str]
    named_by_letter: frozenset[str]
    before_value: frozenset[str]
    openers: frozenset[str]


_Words = TypeVar("_Words", HeadingWords, SentenceWords)


def parse_words(kind: type[_Words], source: str, where: str) -> _Words:
    """Read TOML text into a word-list class.

    Parameters
    ----------
    kind
        ``HeadingWords`` or ``SentenceWords``; its fields are the keys that must be there.
    source
        The TOML text.
    where
        The file's name, for messages.

    Raises
    ------
    LexiconError
        With file and line: broken TOML, unknown or missing key, doubled or upper-case word.
    """
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(str(error), where=where, remedy="Correct the TOML") from error
    names = [item.name for item in fields(kind)]
    for key in data:
        if key not in names:
            raise LexiconError(f"unknown key {key!r}", where=_at(source, key, where), remedy=f"Use {names}")
    for name in names:
        if name not in data:
            raise LexiconError(f"missing key {name!r}", where=where, remedy="Add it")
    return kind(**{name: _words(data[name], name, source, where) for name in names})


@cache
def heading_words() -> HeadingWords:
    """Return the vocabulary of section headings."""
    return parse_words(HeadingWords, _read("headings.toml"), "headings.toml")


@cache
def sentence_words() -> SentenceWords:
    """Return the words that decide where a sentence ends."""
    return parse_words(SentenceWords, _read("sentences.toml"), "sentences.toml")


def _words(value: object, key: str, source: str, where: str) -> frozenset[str]:
    if not isinstance(value, list):
        raise LexiconError(f"{key!r} is no list", where=_at(source, key, where))
    seen: set[str] = set()
    for word in value:
        if not isinstance(word, str) or not word or word != word.strip().lower():
            raise LexiconError(f"{word!r} is no lower-case word", where=_at(source, str(word), where))
        if word in seen:
            raise LexiconError(
                f"{word!r} stands twice in {key!r}", where=_at(source, f'"{word}"', where, last=True)
            )
        seen.add(word)
    return frozenset(seen)


def _at(source: str, needle: str, where: str, *, last: bool = False) -> str:
    position = source.rfind(needle) if last else source.find(needle)
    return f"{where}:{source.count(chr(10), 0, max(position, 0)) + 1}"


def _read(name: str) -> str:
    return (resources.files("eligex.lexicon") / "data" / name).read_text(encoding="utf-8")
