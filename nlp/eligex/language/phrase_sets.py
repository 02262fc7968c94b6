"""Sets of phrases of a lexicon, looked up token by token from either end.

In a phrase of a lexicon ``a|b`` is either word, ``x?`` or ``a|b?`` may be left out, and ``<name>`` is any
phrase of the list of that name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import product
from typing import Any

from eligex.errors import LexiconError
from eligex.language.tokens import END, add_phrase, longest, split_phrase

Lists = Mapping[str, Sequence[str]]
Where = Callable[[str], str]
"""Returns the ``file:line`` of a pattern."""
_split = cache(split_phrase)


class Phrases:
    """Phrases with their meanings, looked up from either end."""

    def __init__(self, meanings: Mapping[tuple[str, ...], str]) -> None:
        self._forward: dict[str, Any] = {}
        for words, meaning in meanings.items():
            add_phrase(self._forward, list(words), meaning)
        self._meanings = meanings

    def among(self, words: Sequence[str]) -> bool:
        """Whether the words contain a phrase."""
        low = [*words, ""]
        return any(longest(self._forward, low, i) is not None for i in range(len(words)))

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The first words of all phrases."""
        return frozenset(self._forward)

    @cached_property
    def keys(self) -> frozenset[str]:
        """One word of every phrase: the one that the fewest phrases have."""
        count = Counter(word for words in self._meanings for word in words if word.isalpha())
        return frozenset(min(filter(str.isalpha, words), key=count.__getitem__) for words in self._meanings)

    @cached_property
    def _backward(self) -> dict[str, Any]:
        trie: dict[str, Any] = {}
        for words, meaning in self._meanings.items():
            add_phrase(trie, list(words[::-1]), meaning)
        return trie

    def read(self, low: Sequence[str], i: int) -> tuple[Any, int] | None:
        """Return the meaning of the longest phrase that begins at token ``i``, and the token after it."""
        return longest(self._forward, low, i)

    def end(self, low: Sequence[str], i: int) -> int:
        """Return the token after the longest phrase that begins at token ``i``; ``i`` if none does."""
        found = longest(self._forward, low, i)
        return i if found is None else found[1]

    def start(self, low: Sequence[str], i: int) -> int:
        """Return the first token of the longest phrase that ends before token ``i``; ``i`` if none does."""
        node, found = self._backward, i
        for k in range(i - 1, -1, -1):
            if low[k] not in node:
                break
            node = node[low[k]]
            if END in node:
                found = k
        return found


def written_out(patterns: Iterable[str], lists: Lists, where: Where) -> Iterator[tuple[str, ...]]:
    """Yield the tokens of every phrase of the patterns."""
    for pattern in patterns:
        for phrase in expand(pattern, lists, where):
            yield tuple(token for word in phrase.split() for token in _split(word))


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
