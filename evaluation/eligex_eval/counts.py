"""Integer counts; ratios are made when printed, and 0/0 is "n/a".

Two shapes cover every task: :class:`Counts` for finding things (precision, recall, F1) and :class:`Share`
for judging things that are given (right out of total).  Both add up over documents and both tell their
bootstrap columns, so that one resampler serves every figure.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

NA = "n/a"


def ratio(numerator: float, denominator: float) -> float | None:
    """Divide, or return None for 0/0."""
    return numerator / denominator if denominator else None


def show(value: float | None, digits: int = 3) -> str:
    """Write a ratio.

    >>> show(0.5), show(None)
    ('0.500', 'n/a')
    """
    return NA if value is None else f"{value:.{digits}f}"


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of gold items and of found ones, of predicted items and of right ones.

    In one-to-one matching ``found`` and ``right`` are equal; with any-overlap matching they may differ.

    >>> c = Counts(gold=4, predicted=2, found=1, right=1)
    >>> c.precision, c.recall, round(c.f1, 3), Counts().f1
    (0.5, 0.25, 0.333, None)
    """

    gold: int = 0
    predicted: int = 0
    found: int = 0
    right: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def precision(self) -> float | None:
        """Right predictions out of all predictions."""
        return ratio(self.right, self.predicted)

    @property
    def recall(self) -> float | None:
        """Found gold items out of all gold items."""
        return ratio(self.found, self.gold)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; one-to-one this is 2·right / (gold + predicted).

        Undefined only where there is neither gold nor prediction; zero where nothing was right.
        """
        if not self.gold and not self.predicted:
            return None
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    @property
    def missed(self) -> int:
        """Gold items not found."""
        return self.gold - self.found

    @property
    def spurious(self) -> int:
        """Predictions that are not right."""
        return self.predicted - self.right

    def figures(self) -> dict[str, float | None]:
        """Return the ratios by name."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(frozen=True, slots=True)
class Share:
    """Right out of total.

    >>> Share(3, 4).value, Share().value
    (0.75, None)
    """

    right: int = 0
    total: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.right + other.right, self.total + other.total)

    @property
    def value(self) -> float | None:
        """The share."""
        return ratio(self.right, self.total)

    def figures(self) -> dict[str, float | None]:
        """Return the ratio by name."""
        return {"share": self.value}


Tally = Counts | Share


def plus(a: Tally | None, b: Tally) -> Tally:
    """Add two tallies of one kind; None is zero."""
    if a is None:
        return b
    if isinstance(a, Counts) and isinstance(b, Counts):
        return a + b
    if isinstance(a, Share) and isinstance(b, Share):
        return a + b
    raise TypeError(f"cannot add {type(a).__name__} and {type(b).__name__}")
