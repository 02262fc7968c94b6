"""The words of the clause grammar (``lexicon/data/clauses.toml``) as tries over tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from typing import Any, Literal, get_args

from eligex.errors import LexiconError
from eligex.language.tokens import END, add_phrase, longest, split_phrase
from eligex.lexicon.loader import DATA, read_words

CueKind = Literal["if", "when", "provided", "except", "unless", "other", "permission", "admission", "aside"]

_Lists = Mapping[str, Sequence[str]]
_split = cache(split_phrase)


@dataclass(frozen=True, slots=True)
class _File:
    lists: dict[str, tuple[str, ...]] = field(metadata={"shared": True})
    cues: dict[str, tuple[str, ...]] = field(metadata={"keys": get_args(CueKind)})
    classes: dict[str, tuple[str, ...]] = field(metadata={"shared": True})


class Phrases:
    """Phrases with what they mean, looked up from either end."""

    def __init__(self, meanings: Mapping[tuple[str, ...], str]) -> None:
        self._forward: dict[str, Any] = {}
        for words, meaning in meanings.items():
            add_phrase(self._forward, list(words), meaning)
        self._meanings = meanings

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The first words of all phrases."""
        return frozenset(self._forward)

    @cached_property
    def _backward(self) -> dict[str, Any]:
        trie: dict[str, Any] = {}
        for words, meaning in self._meanings.items():
            add_phrase(trie, list(words[::-1]), meaning)
        return trie

    def read(self, low: list[str], i: int) -> tuple[Any, int] | None:
        """Return the meaning of the longest phrase that begins at token ``i``, and the token after it."""
        return longest(self._forward, low, i)

    def end(self, low: list[str], i: int) -> int:
        """Return the token after the longest phrase that begins at token ``i``; ``i`` if none does."""
        found = longest(self._forward, low, i)
        return i if found is None else found[1]

    def start(self, low: list[str], i: int) -> int:
        """Return the first token of the longest phrase that ends before token ``i``; ``i`` if none does."""
        node, found = self._backward, i
        for k in range(i - 1, -1, -1):
            if low[k] not in node:
                break
            node = node[low[k]]
            if END in node:
                found = k
        return found


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """``cues`` knows the kind of every cue; ``classes`` are the sets of phrases that the rules ask for."""

    cues: Phrases
    classes: Mapping[str, Phrases]


def read_clause_words(path: Path = DATA / "clauses.toml") -> ClauseWords:
    """Read the words.

    Raises
    ------
    LexiconError
        For what :func:`read_words` refuses, a list that a phrase refers to in vain, a phrase of which every
        word may be left out, or one that is a cue of two kinds.
    """
    read = read_words(path, _File)
    kinds: dict[tuple[str, ...], str] = {}
    for kind, patterns in read.cues.items():
        for words in _phrases(patterns, read.lists, path.name):
            if kinds.setdefault(words, kind) != kind:
                raise LexiconError(f"{' '.join(words)!r} is a cue of two kinds", where=path.name)
    classes = {
        name: Phrases(dict.fromkeys(_phrases(patterns, read.lists, path.name), name))
        for name, patterns in read.classes.items()
    }
    return ClauseWords(Phrases(kinds), classes)


def _phrases(patterns: Iterable[str], lists: _Lists, where: str) -> Iterator[tuple[str, ...]]:
    for pattern in patterns:
        for phrase in expand(pattern, lists, where):
            yield tuple(token for word in phrase.split() for token in _split(word))


def expand(pattern: str, lists: _Lists, where: str) -> list[str]:
    """Write out the phrases of a pattern.

    Examples
    --------
    >>> expand("but|and? if <be>", {"be": ("is|are",)}, "")
    ['but if is', 'but if are', 'and if is', 'and if are', 'if is', 'if are']
    """
    slots = [_choices(slot, lists, where) for slot in pattern.split()]
    phrases = [" ".join(filter(None, words)) for words in product(*slots)]
    if not all(phrases):
        raise LexiconError(f"every word of {pattern!r} may be left out", where=where)
    return phrases


def _choices(slot: str, lists: _Lists, where: str) -> list[str]:
    word = slot.removesuffix("?")
    choices = word.split("|")
    if word.startswith("<") and word.endswith(">"):
        if word[1:-1] not in lists:
            raise LexiconError(f"no list is called {word}", where=where)
        choices = [phrase for pattern in lists[word[1:-1]] for phrase in expand(pattern, lists, where)]
    return [*choices, ""] if word != slot else choices


WORDS = read_clause_words()
