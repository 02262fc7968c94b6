"""Which items of two lists are the same: by content and place, never by number.

Decides in three rounds: items with the same words, in order or moved; then those with much the same words;
then those with fewer words in common that stand between the same neighbours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

_WORD = re.compile(r"[^\W_]+(?:\.\d+)?")
ALIKE = 0.5
"""The least share of words in common of two items that are the same, wherever they stand."""
ALIKE_IN_PLACE = 0.3
"""The least share if they stand between the same neighbours."""
_STEM = 4
_MOST_PAIRS = 250_000
"""The largest number of pairs whose words are compared; beyond, only near ones are."""

Pair = tuple[int, int]
Words = Counter[str]


def words_of(text: str) -> Words:
    """Return the words of a text, with how often each is there.

    >>> sorted(words_of("Age ≥ 18 years, or 1.5 years"))
    ['1.5', '18', 'age', 'or', 'years']
    """
    return Counter(word.lower() for word in _WORD.findall(text))


def stems_of(text: str) -> frozenset[str]:
    """Return the beginnings of the words of a text, by which "written" and "writing" are one.

    >>> sorted(stems_of("Written, in writing"))
    ['in', 'writ']
    """
    return frozenset(word[:_STEM] for word in words_of(text))


def likeness(one: Words, two: Words) -> float:
    """Return the share of words in common, from 0 to 1."""
    total = one.total() + two.total()
    return 2 * (one & two).total() / total if total else 1.0


def aligned(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Return the pairs of items that are the same, sorted by the place of the new one.

    >>> aligned(["Adults", "Gout for a year", "Zinc"], ["Zinc", "Adults", "Gout for two years"])
    [(2, 0), (0, 1), (1, 2)]
    """
    olds, news = [words_of(text) for text in old], [words_of(text) for text in new]
    pairs = _identical(list(map(_plain, old)), list(map(_plain, new)))
    pairs.update(_similar(olds, news, pairs, ALIKE))
    pairs.update(_in_place(olds, news, pairs))
    return sorted(((first, second) for first, second in pairs.items()), key=lambda pair: pair[1])


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower())) or text.strip()


def _identical(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    pairs: dict[int, int] = {}
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        pairs.update((block.a + n, block.b + n) for n in range(block.size))
    taken = set(pairs.values())
    places: dict[str, list[int]] = {}
    for place, text in enumerate(new):
        if place not in taken:
            places.setdefault(text, []).append(place)
    for place, text in enumerate(old):
        if place not in pairs and places.get(text):
            pairs[place] = places[text].pop(0)
    return pairs


def _similar(
    old: Sequence[Words], new: Sequence[Words], pairs: dict[int, int], least: float
) -> dict[int, int]:
    taken = set(pairs.values())
    olds = [place for place in range(len(old)) if place not in pairs]
    news = [place for place in range(len(new)) if place not in taken]
    reach = max(_MOST_PAIRS // max(len(olds), 1), 1)
    found = [
        (likeness(old[first], new[second]), -abs(first - second), first, second)
        for number, first in enumerate(olds)
        for second in (news if len(news) <= reach else _near(news, number, reach))
    ]
    kept: dict[int, int] = {}
    used: set[int] = set()
    for score, _, first, second in sorted(found, reverse=True):
        if score >= least and first not in kept and second not in used:
            kept[first] = second
            used.add(second)
    return kept


def _near(items: Sequence[int], number: int, reach: int) -> Sequence[int]:
    start = max(number - reach // 2, 0)
    return items[start : start + reach]


def _in_place(old: Sequence[Words], new: Sequence[Words], pairs: dict[int, int]) -> dict[int, int]:
    """Return pairs of items, less alike, both of whose neighbours are pairs or ends."""
    taken = set(pairs.values())
    found: dict[int, int] = {}
    for first in range(len(old)):
        if first in pairs:
            continue
        before = found.get(first - 1, pairs.get(first - 1, -1 if first == 0 else None))
        after = pairs.get(first + 1, len(new) if first == len(old) - 1 else None)
        if before is None or after is None or after != before + 2 or before + 1 in taken:
            continue
        if likeness(old[first], new[before + 1]) >= ALIKE_IN_PLACE:
            found[first] = before + 1
            taken.add(before + 1)
    return found


def moved(pairs: Sequence[Pair]) -> set[Pair]:
    """Return the pairs that are out of order: as few as can be.

    >>> moved([(2, 0), (0, 1), (1, 2)])
    {(2, 0)}
    """
    from bisect import bisect_left

    lowest: list[int] = []
    chain: list[int] = []
    before: list[int] = []
    for number, (old, _) in enumerate(pairs):
        place = bisect_left(lowest, old)
        before.append(chain[place - 1] if place else -1)
        lowest[place : place + 1] = [old]
        chain[place : place + 1] = [number]
    kept: set[int] = set()
    at = chain[-1] if chain else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return {pair for number, pair in enumerate(pairs) if number not in kept}
