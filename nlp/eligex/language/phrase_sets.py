"""Sets of phrases of a lexicon, looked up token by token from either end.

In a phrase of a lexicon ``a|b`` is either word, ``x?`` or ``a|b?`` may be left out, and ``<name>`` is any
phrase of the list of that name; :func:`written_out` writes such phrases out.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import product
from typing import Any, Generic, TypeVar

from eligex.errors import LexiconError
from eligex.language.tokens import PAD, Tokens

Meaning = TypeVar("Meaning")
Lists = Mapping[str, Sequence[str]]
Where = Callable[[str], str]
"""Returns the ``file:line`` of a pattern."""
_END = ""
"""The key of a trie whose value is the meaning of the phrase that ends there."""


@cache
def split_phrase(phrase: str) -> tuple[str, ...]:
    """Split a lexicon phrase into tokens as the lexer would."""
    return tuple(Tokens(phrase).low[:-PAD])


class Phrases(Generic[Meaning]):
    """Phrases with what they mean; the longest one counts.

    Parameters
    ----------
    meanings
        The phrases, in tokens, and what each means.
    hyphens
        Whether a blank of a phrase may be a hyphen in the text.

    Examples
    --------
    >>> sides = Phrases.of({"before": ["prior to", "pre"], "after": ["post"]})
    >>> tokens = Tokens("weeks prior to surgery")
    >>> sides.at(tokens, 1), sides.before(tokens, 3), sides.end(tokens, 0)
    (('before', 3), ('before', 1), 0)
    """

    def __init__(
        self, meanings: Iterable[tuple[Sequence[str], Meaning]] = (), *, hyphens: bool = False
    ) -> None:
        self._meanings: dict[tuple[str, ...], Meaning] = {}
        self._forward: dict[str, Any] = {}
        self._hyphens = hyphens
        for words, meaning in meanings:
            self.add(words, meaning)

    @classmethod
    def of(cls, table: Mapping[Meaning, Iterable[str]], *, hyphens: bool = False) -> Phrases[Meaning]:
        """Return the phrases of a table: meaning → phrases as a lexicon writes them."""
        listed = ((split_phrase(phrase), key) for key, phrases in table.items() for phrase in phrases)
        return cls(listed, hyphens=hyphens)

    def add(self, words: Sequence[str], meaning: Meaning) -> bool:
        """Add a phrase, or change what it means; return whether it was new."""
        new = tuple(words) not in self._meanings
        self._meanings[tuple(words)] = meaning
        _insert(self._forward, words, meaning)
        return new

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The first words of all phrases."""
        return frozenset(self._forward)

    def keys(self, common: Container[str] = ()) -> frozenset[str]:
        """Return a word of every phrase: without one of them a text has none of the phrases.

        It is the longest word that is not a common one.

        >>> sorted(Phrases.of({"": ["are ok", "apart from"]}).keys(common={"are"}))
        ['apart', 'ok']
        """
        return frozenset(
            max(filter(str.isalpha, words), key=lambda word: (word not in common, len(word)))
            for words in self._meanings
        )

    @cached_property
    def _backward(self) -> dict[str, Any]:
        trie: dict[str, Any] = {}
        for words, meaning in self._meanings.items():
            _insert(trie, words[::-1], meaning)
        return trie

    def __contains__(self, word: str) -> bool:
        """Whether a single word is one of the phrases."""
        return _END in self._forward.get(word, ())

    def at(self, tokens: Tokens, i: int) -> tuple[Meaning, int] | None:
        """Return what the longest phrase that begins at token ``i`` means, and the token after it."""
        low = tokens.low
        return self._walk(self._forward, low, i, 1) if low[i] in self._forward else None

    def end(self, tokens: Tokens, i: int) -> int:
        """Return the token after the longest phrase that begins at token ``i``; ``i`` if none does."""
        low = tokens.low
        found = self._walk(self._forward, low, i, 1) if low[i] in self._forward else None
        return i if found is None else found[1]

    def before(self, tokens: Tokens, i: int) -> tuple[Meaning, int] | None:
        """Return what the longest phrase that ends right before token ``i`` means, and its first token."""
        low = tokens.low
        found = self._walk(self._backward, low, i - 1, -1) if low[i - 1] in self._backward else None
        return None if found is None else (found[0], found[1] + 1)

    def start(self, tokens: Tokens, i: int) -> int:
        """Return the first token of the longest phrase that ends before token ``i``; ``i`` if none does."""
        low = tokens.low
        found = self._walk(self._backward, low, i - 1, -1) if low[i - 1] in self._backward else None
        return i if found is None else found[1] + 1

    def among(self, words: Sequence[str]) -> bool:
        """Whether a phrase is anywhere among the words."""
        low = [*words, ""]
        return any(self._walk(self._forward, low, i, 1) is not None for i in range(len(words)))

    def length(self, words: Sequence[str]) -> int:
        """Return the number of words of the longest phrase at the beginning; 0 without one."""
        found = self._walk(self._forward, [*words, ""], 0, 1)
        return 0 if found is None else found[1]

    def _walk(
        self, node: dict[str, Any], low: Sequence[str], i: int, step: int
    ) -> tuple[Meaning, int] | None:
        """Follow the words from ``i`` on; return the meaning of the longest phrase, and what is past it."""
        found, first = None, i
        while i >= 0 and (word := low[i]):
            if word in node:
                node = node[word]
                if _END in node:
                    found = (node[_END], i + step)
            elif word != "-" or i == first or not self._hyphens:
                break
            i += step
        return found


def _insert(trie: dict[str, Any], words: Sequence[str], meaning: object) -> None:
    for word in words:
        trie = trie.setdefault(word, {})
    trie[_END] = meaning


def written_out(patterns: Iterable[str], lists: Lists, where: Where) -> Iterator[tuple[str, ...]]:
    """Yield the tokens of every phrase of the patterns."""
    for pattern in patterns:
        for phrase in expand(pattern, lists, where):
            yield tuple(token for word in phrase.split() for token in split_phrase(word))


def expand(pattern: str, lists: Lists, where: Where) -> list[str]:
    """Expand a pattern into its phrases.

    Examples
    --------
    >>> expand("but|and? if <be>", {"be": ("is|are",)}, str)
    ['but if is', 'but if are', 'and if is', 'and if are', 'if is', 'if are']
    """
    slots = [_choices(slot, lists, where) for slot in pattern.split()]
    phrases = [" ".join(filter(None, words)) for words in product(*slots)]
    if not all(phrases):
        raise LexiconError(f"every word of {pattern!r} may be left out", where=where(pattern))
    return phrases


def _choices(slot: str, lists: Lists, where: Where) -> list[str]:
    word = slot.removesuffix("?")
    choices = word.split("|")
    if word.startswith("<") and word.endswith(">"):
        if word[1:-1] not in lists:
            raise LexiconError(f"no list is called {word}", where=where(slot))
        choices = [phrase for pattern in lists[word[1:-1]] for phrase in expand(pattern, lists, where)]
    return [*choices, ""] if word != slot else choices
