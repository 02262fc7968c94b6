#!/usr/bin/env python
"""Mutate the library in a copy and say which mutants its tests notice.

    python tests/mutation/run.py                          the whole list (settings.toml: size)
    python tests/mutation/run.py --sample 24 -j 2         the beginning of it, as CI does
    python tests/mutation/run.py --package windows --kind row --list
    python tests/mutation/run.py --only nlp/eligex/binding/limits.py:120

Exit code 0: at least the required share dies; 1: fewer do; 2: nothing could be tried.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from mutants import KINDS, Mutant, choose
from settings import Settings, candidates, load
from trials import BrokenTestsError, Copy, Pool, Tried, baseline

HERE = Path(__file__).resolve().parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, try the mutants, print the report and return the exit code."""
    options = _parser().parse_args(arguments)
    root = options.root.resolve()
    try:
        settings = load(options.settings or root / "tests" / "mutation" / "settings.toml")
        chosen = _chosen(settings, root, options)
    except (OSError, ValueError, TypeError, KeyError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.list:
        print("\n".join(map(str, chosen)))
        return 0
    if not chosen:
        print("error: there is no such mutant", file=sys.stderr)
        return 2
    try:
        tried = try_all(settings, root, chosen, options.jobs, _print_progress)
    except BrokenTestsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(report(tried))
    counts = Counter(one.verdict for one in tried)
    return int(counts["killed"] < settings.at_least * (counts["killed"] + counts["survived"]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Mutate the library in a copy; say which mutants its tests notice."
    )
    parser.add_argument("--root", type=Path, default=HERE.parents[1], help="the checkout to mutate a copy of")
    parser.add_argument("--settings", type=Path, help="another settings.toml than that of the checkout")
    parser.add_argument(
        "--sample", type=int, metavar="N", help="how many mutants (default: 'size' of the settings)"
    )
    parser.add_argument("--seed", type=int, help="another choice of mutants than that of the settings")
    parser.add_argument("--kind", choices=KINDS, help="mutants of this kind only")
    parser.add_argument("--package", help="mutants of this package only")
    parser.add_argument("--only", metavar="FILE[:LINE]", help="all mutants of this file, or of this line")
    parser.add_argument("-j", "--jobs", type=int, default=1, help="how many to try at a time")
    parser.add_argument("--list", action="store_true", help="only list the mutants")
    return parser


def _chosen(settings: Settings, root: Path, options: argparse.Namespace) -> list[Mutant]:
    found = candidates(settings, root)
    if options.package and options.package not in {package.name for package in settings.packages}:
        raise ValueError(f"there is no package {options.package!r} in the settings")
    wanted = [
        mutant
        for mutant in found
        if options.kind in (None, mutant.kind)
        and options.package in (None, mutant.package)
        and options.only in (None, mutant.path, f"{mutant.path}:{mutant.line}")
    ]
    size = options.sample if options.sample is not None else len(wanted) if options.only else settings.size
    return choose(wanted, size, settings.seed if options.seed is None else options.seed)


def try_all(
    settings: Settings, root: Path, chosen: Sequence[Mutant], jobs: int, tell: Callable[[Tried], None]
) -> list[Tried]:
    """Try each mutant in one of ``jobs`` copies and return them in the order they were given.

    Raises
    ------
    BrokenTestsError
        If the tests fail without a mutant.
    """
    multiprocessing.set_forkserver_preload(list(settings.preload))
    packages = {package.name: package for package in settings.packages}
    used = [packages[name] for name in dict.fromkeys(mutant.package for mutant in chosen)]
    lock = threading.Lock()
    with tempfile.TemporaryDirectory(prefix="mutation-") as name:
        folder = Path(name).resolve()
        pool = Pool([Copy(settings, root, folder / str(number)) for number in range(jobs)])
        limit = baseline(pool, settings, used)

        def try_one(copy: Copy, mutant: Mutant) -> Tried:
            tried = copy.try_mutant(mutant, packages[mutant.package], limit)
            with lock:
                tell(tried)
            return tried

        return pool.map(try_one, chosen)


def _print_progress(tried: Tried) -> None:
    killer = f"  ({tried.outcome.test} {tried.outcome.error})"[:160] if not tried.outcome.passed else ""
    killer = killer.replace("\n", " ")
    print(f"{tried.verdict:<8} {tried.outcome.seconds:5.1f} s  {tried.mutant}{killer}", flush=True)


def report(tried: Sequence[Tried]) -> str:
    """Return the survivors, and killed / tried by kind and package."""
    lines = ["", "Survivors:"]
    lines += [f"  {one.mutant}" for one in tried if one.verdict == "survived"] or ["  none"]
    refused = [one for one in tried if one.verdict == "invalid"]
    if refused:
        lines.append(f"{len(refused)} more were refused by a loader; they are not counted.")
    counted = [one for one in tried if one.verdict != "invalid"]
    packages = list(dict.fromkeys(sorted(one.mutant.package for one in counted)))
    lines += ["", "".join(f"{title:>12}" for title in ("killed/tried", *KINDS, "all"))]
    for package in [*packages, "all"]:
        row = [one for one in counted if package in (one.mutant.package, "all")]
        cells = [_share([one for one in row if one.mutant.kind == kind]) for kind in KINDS]
        lines.append("".join(f"{cell:>12}" for cell in (package, *cells, _share(row))))
    return "\n".join(lines)


def _share(tried: Sequence[Tried]) -> str:
    return f"{sum(one.verdict == 'killed' for one in tried)}/{len(tried)}" if tried else "-"


if __name__ == "__main__":
    sys.exit(main())
