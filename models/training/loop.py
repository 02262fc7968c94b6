"""What the three trainers share: a run of steps with its rate, averaged weights, checkpoints and options."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

KEPT_EVERY, SHOWN_EVERY = 250, 50
AVERAGED_EVERY, AVERAGED_WEIGHT = 10, 0.08
"""Every tenth step counts with this weight, so that about the last 125 steps make the average."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many steps, how many of them the rate rises, what share of it is left in the end, and the longest
    gradient."""

    steps: int
    rises: float
    least: float
    longest: float = 1.0

    def share(self, step: int) -> float:
        """Return the share of the peak of a rate that rises and then falls in a line.

        Example: ``Pace(1000, 100, 0.01).share(50)`` is 0.475.
        """
        return min(1.0, step / self.rises) * max(self.least, 1 - step / self.steps)


class Run:
    """A training under way, which goes on from its checkpoint after it was broken off.

    Every 250 steps all that it needs lies in ``OUT.part``; what it draws at random begins anew after that.
    The optimizer's groups name the ``peak`` of their rate.
    """

    def __init__(self, network: nn.Module, optimizer: torch.optim.Optimizer, pace: Pace, out: Path) -> None:
        self.network, self.optimizer, self.pace = network, optimizer, pace
        self.average = {name: weight.clone() for name, weight in network.state_dict().items()}
        self.done, self.part, self.began = 0, out.with_suffix(".part"), time.perf_counter()
        if self.part.exists():
            kept = load(self.part)
            if kept["steps"] != pace.steps:
                raise SystemExit(f"{self.part} is of a run of {kept['steps']} steps: remove it to begin anew")
            network.load_state_dict(kept["network"])
            optimizer.load_state_dict(kept["optimizer"])
            self.average = {name: w.to(self.average[name].device) for name, w in kept["average"].items()}
            self.done = kept["done"]

    def steps(self) -> Iterator[int]:
        """Yield the numbers of the steps that are left, with the network in training and the rate set."""
        self.network.train()
        for step in range(self.done + 1, self.pace.steps + 1):
            for group in self.optimizer.param_groups:
                group["lr"] = group["peak"] * self.pace.share(step)
            yield step
        self.part.unlink(missing_ok=True)

    def update(self, parts: Iterable[dict[str, Tensor]]) -> None:
        """Take a step against the sum of the losses of all parts of it, which are computed one by one."""
        self.optimizer.zero_grad(set_to_none=True)
        told: Counter[str] = Counter()
        for losses in parts:
            torch.stack(list(losses.values())).sum().backward()
            told.update({name: loss.detach() for name, loss in losses.items()})
        nn.utils.clip_grad_norm_(self.network.parameters(), self.pace.longest)
        self.optimizer.step()
        self.done += 1
        if self.done % AVERAGED_EVERY == 0:
            self._follow()
        if self.done % SHOWN_EVERY == 0 or self.done == self.pace.steps:
            shown = " ".join(f"{name} {float(loss):.4f}" for name, loss in told.items())
            seconds = time.perf_counter() - self.began
            print(f"{self.done} of {self.pace.steps}, {seconds:.0f} s: {shown}", flush=True)
        if self.done % KEPT_EVERY == 0:
            self._keep()

    @torch.no_grad()
    def _follow(self) -> None:
        for name, weight in self.network.state_dict().items():
            self.average[name].lerp_(weight, AVERAGED_WEIGHT)

    def _keep(self) -> None:
        kept = {"steps": self.pace.steps, "done": self.done, "average": self.average}
        states = {"network": self.network.state_dict(), "optimizer": self.optimizer.state_dict()}
        self.part.parent.mkdir(parents=True, exist_ok=True)
        torch.save({**kept, **states}, self.part)


def save(weights: Mapping[str, Tensor], out: Path) -> None:
    """Write weights."""
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({name: weight.cpu() for name, weight in weights.items()}, out)


def load(path: Path) -> dict[str, Any]:
    """Read what :func:`save` wrote."""
    found: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return found


def add_options(parser: argparse.ArgumentParser, steps: int) -> None:
    """Add the options that every trainer has."""
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="small batches")
    add_machine(parser)


def add_machine(parser: argparse.ArgumentParser) -> None:
    """Add the options of what is computed on."""
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=1, help="on a CPU")


def begin(options: argparse.Namespace) -> torch.device:
    """Set seed and threads, and return the device."""
    torch.manual_seed(options.seed)
    return device_of(options)


def device_of(options: argparse.Namespace) -> torch.device:
    """Set the threads, and return the device."""
    torch.set_num_threads(options.threads)
    torch.set_float32_matmul_precision("high")
    return torch.device(options.device)
