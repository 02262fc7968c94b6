"""Writes the mean of the weights of networks from one training, one of which went on where another ended.

Usage: ``python mean.py OUT CHECKPOINT…``.  The mean of such networks is steadier than each (model soups;
Wortsman et al., 2022, arXiv:2203.05482); that of networks that began apart is no network.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from loop import load, save
from torch import Tensor


def mean(networks: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Return the mean of each weight."""
    return {name: sum(each[name] for each in networks) / len(networks) for name in networks[0]}


def main() -> None:
    """Read the arguments and write the mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    options = parser.parse_args()
    save(mean([load(path) for path in options.checkpoints]), options.out)


if __name__ == "__main__":
    main()
