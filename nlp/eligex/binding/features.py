"""Features in groups, so that the weights of a group are added up once.

A trained table gives every feature, a name such as "label=Drug", a weight.  Most features of a question
follow from a few values that come again and again, so that their names need not be written out each time: a
:class:`Group` knows the names from the values, and remembers the sum of their weights.  Those that name a
word are a :class:`Family`, which finds their weights by the word alone.  What several questions have in
common is described, and added up, once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import repeat
from math import fsum
from typing import Any, Protocol

MOST = 4096
"""How many sums a group remembers for a table; then it begins anew."""
Weights = Mapping[str, float]


class Named(Protocol):
    """Features that follow from some values."""

    def names(self, values: tuple[Any, ...]) -> Iterable[str]:
        """Return their names."""

    def weight(self, weights: Weights, values: tuple[Any, ...]) -> float:
        """Return the sum of their weights."""


Described = tuple[Named, tuple[Any, ...]]
"""Features, and the values that they follow from."""


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

    def names(self, values: tuple[Any, ...]) -> Iterable[str]:
        """Return the names that follow from the values."""
        return self.describe(*values)

    def weight(self, weights: Weights, values: tuple[Any, ...]) -> float:
        """Return the sum of the weights of what follows from the values."""
        found = self._sums.get(id(weights))
        if found is None or found.weights is not weights:
            found = self._sums[id(weights)] = _Sums(self.describe, weights)
        return found[values]


class Family:
    """Features that are a beginning and a word: "has=with", "has=or".

    Parameters
    ----------
    beginning
        What all of their names begin with.

    Examples
    --------
    >>> has = Family("has=")
    >>> list(has.names(("with", "or")))
    ['has=with', 'has=or']
    >>> has.weight({"has=with": -0.5, "label=Drug": 2.0}, ("with", "or"))
    -0.5
    """

    __slots__ = ("_beginning", "_known")

    def __init__(self, beginning: str) -> None:
        self._beginning = beginning
        self._known: dict[int, tuple[Weights, dict[str, float]]] = {}

    def names(self, words: tuple[str, ...]) -> Iterable[str]:
        """Return the features of some words."""
        return [f"{self._beginning}{word}" for word in words]

    def weight(self, weights: Weights, words: tuple[str, ...]) -> float:
        """Return the sum of the weights of the features of some words."""
        found = self._known.get(id(weights))
        if found is None or found[0] is not weights:
            found = self._known[id(weights)] = weights, self._of(weights)
        return weight_of(found[1], words)

    def _of(self, weights: Weights) -> dict[str, float]:
        """Return the weights of the family by the words."""
        size = len(self._beginning)
        return {name[size:]: each for name, each in weights.items() if name.startswith(self._beginning)}


class Features:
    """The features of one question: ``groups`` with their values, and ``names`` that are in none.

    ``common`` are those that other questions have, too.  Iterating gives all names, as the training needs
    them.
    """

    __slots__ = ("common", "groups", "names")

    def __init__(
        self,
        groups: Iterable[Described],
        names: Iterable[str] = (),
        common: Common | None = None,
    ) -> None:
        self.groups, self.names, self.common = [*groups], [*names], common

    def __iter__(self) -> Iterator[str]:
        if self.common is not None:
            yield from self.common
        yield from self.names
        for group, values in self.groups:
            yield from group.names(values)

    def weight(self, weights: Weights) -> float:
        """Return the sum of the weights."""
        found = 0.0 if self.common is None else self.common.weight(weights)
        if self.names:
            found += weight_of(weights, self.names)
        for group, values in self.groups:
            found += group.weight(weights, values)
        return found


class Common(Features):
    """Features that several questions have in common; their weights are added up for the first of them.

    Examples
    --------
    >>> window = Common([], ["kind=window"])
    >>> Features([], ["label=Drug"], window).weight({"kind=window": 1.0, "label=Drug": 0.5})
    1.5
    """

    __slots__ = ("_sum", "_weights")

    def __init__(self, groups: Iterable[Described], names: Iterable[str] = ()) -> None:
        super().__init__(groups, names)
        self._weights: Weights | None = None
        self._sum = 0.0

    def weight(self, weights: Weights) -> float:
        """Return the sum of the weights."""
        if self._weights is not weights:
            self._weights, self._sum = weights, super().weight(weights)
        return self._sum


def weight_of(weights: Weights, names: Iterable[str]) -> float:
    """Return the sum of the weights of features; one that has no weight counts nothing.

    The sum is rounded once: the order of the features, of which some come from sets of words, decides
    nothing.
    """
    return fsum(map(weights.get, names, repeat(0.0)))
