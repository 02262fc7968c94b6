"""The profiles of languages: ``languages.toml``."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol

from eligex.errors import LexiconError
from eligex.lexicon.loader import DATA, read_words, where_is

ENGLISH = "english"
ENGLISH_CODE = "en"


@dataclass(frozen=True, slots=True)
class LanguageWords:
    """The keys of ``languages.toml``: language → its script, code → language, language → its words."""

    scripts: dict[str, str]
    codes: dict[str, str]
    words: dict[str, tuple[str, ...]] = field(metadata={"shared": True})


@cache
def language_words() -> LanguageWords:
    """Return the profiles that ship with eligex."""
    return read_languages(DATA / "languages.toml")


class HasLanguage(Protocol):
    """A part of a text whose language its source may name."""

    @property
    def language(self) -> str | None:
        """An ISO 639-1 code, or None."""


def is_english(part: HasLanguage) -> bool:
    """Whether the source of a part does not name another language for it."""
    return part.language in (None, ENGLISH_CODE)


def name_of(code: str) -> str:
    """Return the name of a language, or the code itself if it is not listed.

    >>> name_of("es")
    'Spanish'
    """
    return language_words().codes.get(code.lower(), code).capitalize()


def read_languages(path: Path) -> LanguageWords:
    """Read profiles of languages.

    Raises
    ------
    LexiconError
        If the file is not well-formed, has no English, or gives an English word to another language.
    """
    found = read_words(path, LanguageWords)
    if ENGLISH not in found.words:
        raise LexiconError(f"[words] has no {ENGLISH}", where=path.name)
    text = path.read_text(encoding="utf-8")
    for name, words in found.words.items():
        doubtful = set(words) & set(found.words[ENGLISH])
        if name != ENGLISH and doubtful:
            word = min(doubtful)
            raise LexiconError(
                f"{word!r} of {name} is an English word", where=where_is(path, text, f"{name} =")
            )
    return found
