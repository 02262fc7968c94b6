"""Scoring at levels: each level asks for one part more than the one before, and is a matching of its own.

The last part of every scale is the entity that the item is said of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from ..counts import Counts, Share, Tally
from ..documents import Fragment, overlap
from ..matching import maximum_matching, overlap_quality

G = TypeVar("G")
P = TypeVar("P")


class Scale(Generic[G, P]):
    """The parts of an item in order, each with a name and a test; and the span of an item."""

    def __init__(
        self,
        parts: Sequence[tuple[str, Callable[[G, P], bool]]],
        spans: tuple[Callable[[G], Fragment], Callable[[P], Fragment]],
    ) -> None:
        self.parts = tuple(parts)
        self.names = tuple(name for name, _ in parts)
        self.spans = spans

    def upto(self, depth: int) -> Callable[[G, P], bool]:
        """Return the test of a level: the first ``depth`` parts all hold."""
        tests = [test for _, test in self.parts[:depth]]
        return lambda gold, said: all(test(gold, said) for test in tests)

    def whole(self, gold: Sequence[G], said: Sequence[P]) -> tuple[tuple[int, int], ...]:
        """Return the pairs that are right in every part."""
        return maximum_matching(gold, said, self.upto(len(self.parts))).pairs

    def tallies(
        self, gold: Sequence[G], said: Sequence[P], everything: int, lost: int = 0
    ) -> dict[str, Tally]:
        """Count every level.

        ``everything`` is how many were predicted before some were left out; ``lost`` how many more were
        predicted without a place in the text.
        """
        counts: dict[str, Tally] = {"left out": Share(everything - len(said), everything)}
        for depth, name in enumerate(self.names, start=1):
            n = len(maximum_matching(gold, said, self.upto(depth)).pairs)
            counts[name] = Counts(len(gold), len(said) + lost, n, n)
        return counts

    def errors(self, gold: Sequence[G], said: Sequence[P]) -> Iterator[tuple[str, G | None, P | None]]:
        """Name the first part in which each item fails, its partner being what overlaps it."""
        whole = maximum_matching(gold, said, self.upto(len(self.parts)))
        golds, guesses = [gold[i] for i in whole.missed], [said[j] for j in whole.spurious]
        near = maximum_matching(golds, guesses, self._touch, self._quality)
        for i, j in near.pairs:
            wrong = [name for name, test in self.parts if not test(golds[i], guesses[j])]
            kind = (
                "pairing"
                if not wrong
                else "entity wrong"
                if wrong[0] == self.names[-1]
                else f"{wrong[0]} wrong"
            )
            yield kind, golds[i], guesses[j]
        yield from (("missed", golds[i], None) for i in near.missed)
        yield from (("spurious", None, guesses[j]) for j in near.spurious)

    def _touch(self, gold: G, said: P) -> bool:
        return overlap(self.spans[0](gold), self.spans[1](said))

    def _quality(self, gold: G, said: P) -> float:
        right = sum(test(gold, said) for _, test in self.parts)
        return right + overlap_quality(self.spans[0](gold), self.spans[1](said))


def on_another_role(span: Fragment, gold: Iterable[Fragment], elsewhere: Iterable[Fragment]) -> bool:
    """Tell whether a predicted span overlaps something in ``elsewhere``, and nothing in ``gold``.

    >>> on_another_role((0, 3), [(5, 9)], [(1, 2)]), on_another_role((0, 3), [(2, 9)], [(1, 2)])
    (True, False)
    """
    return any(overlap(span, other) for other in elsewhere) and not any(overlap(span, own) for own in gold)
