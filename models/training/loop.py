"""What the three trainers share: the device, the pace of a rate, averaged weights, lines of progress."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


class Average:
    """The moving average of the weights of a network, which is what is kept of a training.

    Every tenth step counts with a weight of 0.08, so that about the last 125 steps make the average.
    """

    EVERY, WEIGHT = 10, 0.08

    def __init__(self, network: nn.Module) -> None:
        self.network = network
        self.weights = {name: weight.clone() for name, weight in network.state_dict().items()}

    @torch.no_grad()
    def follow(self, step: int) -> None:
        """Take in the weights after a step."""
        if step % self.EVERY == 0:
            for name, weight in self.network.state_dict().items():
                self.weights[name].lerp_(weight, self.WEIGHT)

    def write(self, out: Path) -> None:
        """Write the average and put it into the network."""
        self.network.load_state_dict(self.weights)
        save(self.network, out)


class Progress:
    """Prints a line every so many steps."""

    def __init__(self, steps: int, every: int) -> None:
        self.steps, self.every, self.began = steps, every, time.perf_counter()

    def show(self, step: int, **losses: Tensor | float) -> None:
        """Print the losses of a step, if it is one to be shown."""
        if step % self.every == 0 or step == self.steps:
            told = " ".join(f"{name} {float(loss):.4f}" for name, loss in losses.items())
            print(f"{step} of {self.steps}, {time.perf_counter() - self.began:.0f} s: {told}", flush=True)


def pace(step: int, steps: int, rises: float, least: float) -> float:
    """Return the share of the peak of a rate that rises for some steps and falls in a line.

    Example: ``pace(50, 1000, 100, 0.01)`` is 0.475.
    """
    return min(1.0, step / rises) * max(least, 1 - step / steps)


def set_rate(optimizer: torch.optim.Optimizer, share: float) -> None:
    """Set the rate of each group of weights to a share of its peak."""
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * share


def save(network: nn.Module, out: Path) -> None:
    """Write the weights of a network."""
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({name: weight.cpu() for name, weight in network.state_dict().items()}, out)


def load(path: Path) -> dict[str, Any]:
    """Read weights that :func:`save` wrote."""
    found: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return found


def add_options(parser: argparse.ArgumentParser, steps: int) -> None:
    """Add the options that every trainer has."""
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=1, help="on a CPU")


def begin(options: argparse.Namespace) -> torch.device:
    """Set seed and threads, and return the device."""
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    torch.set_float32_matmul_precision("high")
    return torch.device(options.device)
