"""Features in groups, so that the weights of a group are added up once.

A trained table gives every feature, a name such as "label=Drug", a weight.  Most features of a question
follow from a few values that come again and again, so that their names need not be written out each time: a
:class:`Group` knows the names from the values, and remembers the sum of their weights.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import repeat
from math import fsum
from typing import Any

MOST = 4096
"""How many sums a group remembers for a table; then it begins anew."""
Weights = Mapping[str, float]


class _Sums(dict[Hashable, float]):
    """The sums of one group for one table, by the values that decide its names."""

    def __init__(self, describe: Callable[..., Iterable[str]], weights: Weights) -> None:
        super().__init__()
        self.weights, self._describe = weights, describe

    def __missing__(self, values: tuple[Any, ...]) -> float:
        if len(self) >= MOST:
            self.clear()
        found = self[values] = weight_of(self.weights, self._describe(*values))
        return found


class Group:
    """Features that follow from a few values.

    Parameters
    ----------
    describe
        From the values to the names; the values can be keys of a dict.

    Examples
    --------
    >>> shape = Group(lambda label, tight: [f"label={label}", f"tight={tight}"])
    >>> features = Features([(shape, ("Drug", True))], ["has=with"])
    >>> list(features)
    ['has=with', 'label=Drug', 'tight=True']
    >>> features.weight({"label=Drug": 2.0, "has=with": -0.5})
    1.5
    """

    __slots__ = ("_sums", "describe")

    def __init__(self, describe: Callable[..., Iterable[str]]) -> None:
        self.describe = describe
        self._sums: dict[int, _Sums] = {}

    def sums(self, weights: Weights) -> _Sums:
        """Return the sums for a table, by the values."""
        found = self._sums.get(id(weights))
        if found is None or found.weights is not weights:
            found = self._sums[id(weights)] = _Sums(self.describe, weights)
        return found


class Features:
    """The features of one question: ``groups`` with their values, and ``names`` that are in none.

    Iterating gives all names, as the training needs them.
    """

    __slots__ = ("groups", "names")

    def __init__(self, groups: Iterable[tuple[Group, tuple[Any, ...]]], names: Iterable[str] = ()) -> None:
        self.groups, self.names = list(groups), list(names)

    def __iter__(self) -> Iterator[str]:
        yield from self.names
        for group, values in self.groups:
            yield from group.describe(*values)

    def weight(self, weights: Weights) -> float:
        """Return the sum of the weights."""
        found = weight_of(weights, self.names)
        for group, values in self.groups:
            found += group.sums(weights)[values]
        return found


def weight_of(weights: Weights, names: Iterable[str]) -> float:
    """Return the sum of the weights of features; one that has no weight counts nothing.

    The sum is rounded once: the order of the features, of which some come from sets of words, decides
    nothing.
    """
    return fsum(map(weights.get, names, repeat(0.0)))
