"""Run the tests over one mutant at a time, in a copy of the library.

A server process imports pytest, spaCy and the like once; the run of each mutant is a fork of it that imports
the library from its copy.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Literal

from mutants import Mutant
from settings import Package, Settings

Verdict = Literal["killed", "survived", "invalid"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the tests said: all passed, or the first one that did not and its exception."""

    passed: bool
    test: str
    error: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Tried:
    """A mutant with its verdict and the test that killed it."""

    mutant: Mutant
    verdict: Verdict
    outcome: Outcome


class BrokenTestsError(Exception):
    """The tests fail, or cannot run, without any mutant."""


class Copy:
    """A copy of the checkout in which one mutant at a time is put to the tests.

    What the settings do not name is linked, not copied.
    """

    def __init__(self, settings: Settings, root: Path, folder: Path) -> None:
        self.settings, self.folder = settings, folder
        self._clock = int(time.time())
        folder.mkdir(parents=True)
        for entry in root.iterdir():
            if entry.name not in settings.copy:
                (folder / entry.name).symlink_to(entry.resolve())
            elif entry.is_dir():
                ignored = shutil.ignore_patterns(".git", ".*_cache")
                shutil.copytree(entry, folder / entry.name, ignore=ignored)
            else:
                shutil.copy2(entry, folder / entry.name)

    def test(self, targets: Sequence[str], limit: float, *, warm: bool = False) -> Outcome:
        """Run the tests; ``warm`` keeps the compiled modules for later runs."""
        context = multiprocessing.get_context("forkserver")
        receiving, sending = context.Pipe(duplex=False)
        process = context.Process(target=_run, args=(sending, self.settings, str(self.folder), targets, warm))
        began = time.monotonic()
        process.start()
        sending.close()
        try:
            said = receiving.recv() if receiving.poll(limit) else ("failed", "", f"more than {limit:.0f} s")
        except EOFError:
            said = ("failed", "", "the process died")
        if process.pid is not None and process.is_alive():
            process.join(1)
            _end_group(process.pid)
        process.join()
        if said[0] == "broken":
            raise BrokenTestsError(said[2])
        return Outcome(said[0] == "passed", said[1], said[2], time.monotonic() - began)

    def try_mutant(self, mutant: Mutant, package: Package, limit: float) -> Tried:
        """Run the tests of the package, stage by stage until one fails, with the mutant in the copy."""
        path = self.folder / mutant.path
        before, times = path.read_bytes(), path.stat()
        path.write_bytes(mutant.apply(before))
        self._clock += 1  # a compiled module counts as fresh by the second
        os.utime(path, (self._clock, self._clock))
        try:
            for stage in package.tests:
                outcome = self.test(stage, limit)
                if not outcome.passed:
                    refused = outcome.error.split(":")[0] in self.settings.invalid
                    return Tried(mutant, "invalid" if refused else "killed", outcome)
            return Tried(mutant, "survived", outcome)
        finally:
            path.write_bytes(before)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


class Pool:
    """Copies that are lent to threads, as many as there are copies."""

    def __init__(self, copies: Sequence[Copy]) -> None:
        self._size = len(copies)
        self._free: SimpleQueue[Copy] = SimpleQueue()
        for copy in copies:
            self._free.put(copy)

    def map(self, work: Callable[[Copy, Any], Any], items: Sequence[Any]) -> list[Any]:
        """Return what ``work`` makes of a free copy and each item, in the order of the items."""

        def one(item: Any) -> Any:
            copy = self._free.get()
            try:
                return work(copy, item)
            finally:
                self._free.put(copy)

        with ThreadPoolExecutor(self._size) as threads:
            return list(threads.map(one, items))


def baseline(pool: Pool, settings: Settings, packages: Sequence[Package]) -> float:
    """Run all tests that will be used without a mutant, and return the time limit for a run with one.

    What is in several stages runs once.

    Raises
    ------
    BrokenTestsError
        If one fails.
    """
    stages = list(dict.fromkeys(stage for package in packages for stage in package.tests))
    targets = list(dict.fromkeys(target for stage in stages for target in stage))
    outcomes = pool.map(lambda copy, target: copy.test([target], 1200.0, warm=True), targets)
    for target, outcome in zip(targets, outcomes, strict=True):
        if not outcome.passed:
            raise BrokenTestsError(f"without a mutant {outcome.test or target} fails: {outcome.error}")
    took = {target: outcome.seconds for target, outcome in zip(targets, outcomes, strict=True)}
    return max(settings.patience, 6 * max(sum(took[target] for target in stage) for stage in stages))


def _end_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


class _FirstFailure:
    """A pytest plugin that keeps the first failure."""

    test = ""
    error = ""

    def pytest_exception_interact(self, node: Any, call: Any) -> None:
        if not self.error:
            self.test = node.nodeid
            line = str(call.excinfo.value).strip().split("\n")[0]
            self.error = f"{call.excinfo.typename}: {line}"


def _run(sending: Connection, settings: Settings, folder: str, targets: Sequence[str], warm: bool) -> None:
    """Run pytest over ``targets`` in this process and send what came of it."""
    os.setsid()
    os.chdir(folder)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    sys.path[:0] = [f"{folder}/{path}" for path in settings.paths]
    sys.dont_write_bytecode = not warm
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[: len(settings.paths)])
    os.environ["CI"] = "1"  # hypothesis then tries the same examples each time
    os.environ.pop("ELIGEX_DATA", None)  # a verdict must not depend on what the machine has
    os.environ.pop("PYTEST_ADDOPTS", None)  # nor on how the tests around it are run
    if "fork" in multiprocessing.get_all_start_methods():
        multiprocessing.set_start_method("fork", force=True)  # as outside a fork server
    if settings.module in sys.modules:
        sending.send(("broken", "", f"{settings.module} was imported before its copy: correct 'preload'"))
        return
    try:
        sending.send(_pytest(settings, folder, targets))
    except Exception as error:  # noqa: BLE001 - whatever a mutant does to pytest itself, it is noticed
        sending.send(("failed", "", f"{type(error).__name__}: {error}"))


def _pytest(settings: Settings, folder: str, targets: Sequence[str]) -> tuple[str, str, str]:
    """Return ``passed``, ``failed`` or ``broken``, the first test that failed, and its exception."""
    import pytest  # imported once, by the server

    first = _FirstFailure()
    ignored = [f"--ignore-glob={glob}" for glob in settings.ignore]
    imported = "ignore::pytest.PytestAssertRewriteWarning"  # the server has imported pytest's plugins
    options = ["-x", "-q", "-p", "no:cacheprovider", "-W", imported, *ignored]
    if settings.timed:
        options += ["-k", " and ".join(f"not {name}" for name in settings.timed)]
    code = pytest.main([*options, *targets], plugins=[first])
    module = sys.modules.get(settings.module)
    origin = getattr(module, "__file__", None) or ""
    if module is not None and not origin.startswith(folder):
        return "broken", "", f"{settings.module} was imported from {origin}, not from the copy"
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        return "broken", "", f"there are no tests in {' '.join(targets)}"
    if code == pytest.ExitCode.OK:
        return "passed", "", ""
    return "failed", first.test, first.error or f"pytest ends with {code!r}"
