"""The word lists of the layout: ``headings.toml``, ``sentences.toml`` and ``pages.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from eligex.lexicon.loader import DATA, read_words


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


@dataclass(frozen=True, slots=True)
class PageWords:
    """The keys of ``pages.toml``."""

    before: frozenset[str]
    after: frozenset[str]
    before_name: frozenset[str]
    titles: frozenset[str]
    title_lead: frozenset[str]
    title_nouns: frozenset[str]


@cache
def heading_words() -> HeadingWords:
    """Return the vocabulary of section headings."""
    return read_words(DATA / "headings.toml", HeadingWords)


@cache
def sentence_words() -> SentenceWords:
    """Return the words that decide where a sentence ends."""
    return read_words(DATA / "sentences.toml", SentenceWords)


@cache
def page_words() -> PageWords:
    """Return the lines that a page shows around an eligibility section."""
    return read_words(DATA / "pages.toml", PageWords)
