"""The layers of labels that the networks learn, and where each stands in their scores.

A layer of n labels has 1 + 2 n states: outside, and for each label "begins" and "inside".  The labels lie in
a file beside the streams, so that training needs neither spaCy nor eligex.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

CHAINED = ("own", "chia")
"""The layers whose states are scored as a sequence."""
UNTAUGHT = "lct"
"""The layer that gold alone teaches; what it teaches helps the others, and it is thrown away."""
MISSING = 255
"""The state of a token in a layer that was not annotated."""


@dataclass(frozen=True, slots=True)
class Layers:
    """The labels of each layer.

    Example: ``Layers({"own": ("Drug",), "window": ("window",)}).columns()`` is
    ``{"own": slice(0, 3), "window": slice(3, 6)}``.
    """

    labels: Mapping[str, tuple[str, ...]]

    def size(self, layer: str) -> int:
        """Return the number of states of a layer."""
        return 1 + 2 * len(self.labels[layer])

    def columns(self, layers: Iterable[str] | None = None) -> dict[str, slice]:
        """Return the columns of layers (of all) that stand side by side."""
        found, start = {}, 0
        for layer in self.labels if layers is None else layers:
            found[layer] = slice(start, start + self.size(layer))
            start = found[layer].stop
        return found

    @property
    def states(self) -> int:
        """The number of all states."""
        return sum(self.size(layer) for layer in self.labels)

    @property
    def taught(self) -> tuple[str, ...]:
        """The layers that one network teaches another."""
        return tuple(layer for layer in self.labels if layer != UNTAUGHT)

    @property
    def chained(self) -> dict[str, int]:
        """The layers that are scored as a sequence, and their numbers of states."""
        return {layer: self.size(layer) for layer in CHAINED}

    def write(self, folder: Path) -> None:
        """Write the labels beside the streams."""
        (folder / "layers.json").write_text(json.dumps(self.labels, indent=2) + "\n", encoding="utf-8")


def read_layers(folder: Path) -> Layers:
    """Return the layers of the streams of a folder."""
    found = json.loads((folder / "layers.json").read_text(encoding="utf-8"))
    return Layers({layer: tuple(labels) for layer, labels in found.items()})
