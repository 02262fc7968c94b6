"""The trained table that judges candidates: what their features are called, and the sums of their weights.

A feature is a slot with a value, such as "first=severe"; most of them count once alone, once by who found the
candidate and once by its label.  The table is kept by slot, with these three added up, so that the sum for a
candidate takes one look-up a value and writes no names.  The names are for training, and for the file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from math import log
from typing import NamedTuple

from eligex.binding.attach import read_weights
from eligex.lexicon.loader import DATA

RELATION = "entity"
KEPT, ADDED = "kept", "added"
"""The features that hold the probability from which an entity stays, and from which a hint becomes one."""
CROSSED = ("chance", "length", "bracket", "section", "first", "last", "before", "after")
"""The slots whose value counts also by who found the candidate, and by its label."""
_SCALE = 1000
"""The weights have three decimals: whole thousandths make exact sums."""
_FEATURE = re.compile(r"(?P<slot>(?:(?:label|hinted)=\w+:)*[a-z]+)=(?P<value>.*)", re.DOTALL)
_NONE: Mapping[str, int] = {}


class Described(NamedTuple):
    """The features of a candidate.

    Parameters
    ----------
    label, hinted
        The label, and whether the recogniser did not find it.
    crossed
        The values of the slots CROSSED.
    alone
        Further slots with their values.
    """

    label: str
    hinted: bool
    crossed: Sequence[str]
    alone: Sequence[tuple[str, Collection[str]]]

    def names(self) -> Iterator[str]:
        """Yield the names of the features."""
        source, label = f"hinted={self.hinted}", f"label={self.label}"
        yield from (source, label, f"{source}:{label}", f"{label}:chance={self.crossed[0]}:{source}")
        for slot, value in zip(CROSSED, self.crossed, strict=True):
            yield from (f"{slot}={value}", f"{source}:{slot}={value}", f"{label}:{slot}={value}")
        for slot, values in self.alone:
            yield from (f"{slot}={value}" for value in values)


class _Kind(NamedTuple):
    """What candidates of one label that one network found have in common: a sum, and weights by value."""

    common: int
    crossed: tuple[Mapping[str, int], ...]


class Table:
    """The weights, by slot and value.

    Parameters
    ----------
    weights
        By feature, with "bias", KEPT and ADDED.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._bias = round(_SCALE * weights["bias"])
        self._least = {
            hinted: _SCALE * _logit(weights[ADDED if hinted else KEPT]) for hinted in (False, True)
        }
        self._slots: dict[str, dict[str, int]] = {}
        for name, weight in weights.items():
            if feature := _FEATURE.fullmatch(name):
                self._slots.setdefault(feature["slot"], {})[feature["value"]] = round(_SCALE * weight)
        self._kinds: dict[tuple[str, bool], _Kind] = {}  # at most twice as many as labels

    def counts(self, described: Described) -> bool:
        """Whether a candidate counts: as likely as the table asks of its kind."""
        key = described.label, described.hinted
        kind = self._kinds.get(key) or self._kinds.setdefault(key, self._kind(*key))
        found = kind.common
        for weights, value in zip(kind.crossed, described.crossed, strict=True):
            found += weights.get(value, 0)
        for slot, values in described.alone:
            weights = self._slots.get(slot, _NONE)
            for value in values:  # mostly one
                if value in weights:
                    found += weights[value]
        return found >= self._least[described.hinted]

    def _kind(self, label: str, hinted: bool) -> _Kind:
        source = f"hinted={hinted}"
        common = [("hinted", str(hinted)), ("label", label), (f"{source}:label", label)]
        sides = "", f"{source}:", f"label={label}:"
        crossed = tuple(self._added([f"{side}{slot}" for side in sides]) for slot in CROSSED)
        together = f":{source}"  # "label=Drug:chance=3:hinted=True"
        for value, weight in self._slots.get(f"label={label}:chance", _NONE).items():
            if value.endswith(together):
                chance = value.removesuffix(together)
                crossed[0][chance] = crossed[0].get(chance, 0) + weight
        sums = (self._slots.get(slot, _NONE).get(value, 0) for slot, value in common)
        return _Kind(self._bias + sum(sums), crossed)

    def _added(self, slots: Sequence[str]) -> dict[str, int]:
        """Return the sums of the weights of some slots, by value."""
        found: dict[str, int] = {}
        for slot in slots:
            for value, weight in self._slots.get(slot, _NONE).items():
                found[value] = found.get(value, 0) + weight
        return found


def _logit(chance: float) -> float:
    """Return the sum of weights that makes a probability."""
    return log(chance / (1 - chance))


@cache
def load_table() -> Table:
    """Return the table of the package."""
    return Table(load_weights())


@cache
def load_weights() -> Mapping[str, float]:
    """Read the weights; see :func:`eligex.binding.attach.read_weights` for what it raises."""
    return read_weights(DATA / "candidates.tsv", (RELATION,))[RELATION]
