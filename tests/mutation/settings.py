"""What is mutated and which tests must notice, read from ``settings.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from code_mutants import CodeMutants
from data_mutants import data_mutants
from mutants import Mutant


@dataclass(frozen=True, slots=True)
class Package:
    """A part of the library: its code and lexicon files, and the tests that hold it, in stages.

    ``data`` lists the lexicon files that no module of ``code`` names.
    ``disable`` says for a class of rules that carry examples by which field one of them never holds.
    """

    name: str
    code: tuple[str, ...]
    data: tuple[str, ...]
    tests: tuple[tuple[str, ...], ...]
    disable: dict[str, str]


@dataclass(frozen=True, slots=True)
class Skip:
    """Mutants that change nothing a test could see, and why."""

    file: str
    change: str
    reason: str

    def covers(self, mutant: Mutant) -> bool:
        return mutant.path.endswith(self.file) and self.change in mutant.change


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run.

    ``copy`` are the folders that every worker has of its own, ``paths`` those on ``sys.path``; ``module``
    must be imported from them.  ``lexicon`` is a glob of files each of which must belong to a package or
    be in ``elsewhere``.  ``preload`` is imported once for all runs.  ``invalid`` are the exceptions by
    which the library refuses a broken file, which proves nothing.  ``ignore`` are globs of test
    files not to run, ``timed`` words in the names of tests not to run.  A run with a mutant is ended after
    six times the longest run without one, and no sooner than ``patience`` seconds.
    """

    copy: tuple[str, ...]
    lexicon: str
    elsewhere: tuple[str, ...]
    paths: tuple[str, ...]
    module: str
    preload: tuple[str, ...]
    invalid: tuple[str, ...]
    ignore: tuple[str, ...]
    timed: tuple[str, ...]
    size: int
    seed: int
    at_least: float
    patience: float
    packages: tuple[Package, ...]
    listed: dict[str, dict[str, tuple[str, ...]]]
    skips: tuple[Skip, ...]


def load(path: Path) -> Settings:
    """Read the settings; a missing or unknown key is an error.

    Raises
    ------
    ValueError, TypeError, KeyError
        For a file of another form.
    """
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    packages = tuple(
        Package(
            name,
            tuple(one["code"]),
            tuple(one.get("data", ())),
            tuple(map(tuple, one["tests"])),
            one.get("disable", {}),
        )
        for name, one in table.pop("packages").items()
    )
    listed: dict[str, dict[str, tuple[str, ...]]] = {}
    for file, functions in table.pop("constants", {}).items():
        listed[file] = {name: tuple(values) for name, values in functions.items()}
    skips = tuple(Skip(**one) for one in table.pop("skip", ()))
    plain: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in table.items()
    }
    return Settings(packages=packages, listed=listed, skips=skips, **plain)


def candidates(settings: Settings, root: Path) -> list[Mutant]:
    """Return every mutant of the library under ``root`` that is not skipped.

    Raises
    ------
    ValueError
        For a listed file or function that is not there, a skip that covers nothing, or a lexicon file that no
        package has.
    """
    found = [mutant for package in settings.packages for mutant in _of_package(settings, package, root)]
    code = {name for package in settings.packages for name in _names(root, package.code)}
    data = {name for package in settings.packages for name in _lexicon(settings, package, root)}
    for file in settings.listed:
        if file not in code:
            raise ValueError(f"no package has the file {file}: correct [constants] in the settings")
    for path in sorted(root.glob(settings.lexicon)):
        name = path.relative_to(root).as_posix()
        if name not in data and name not in settings.elsewhere:
            raise ValueError(
                f"no package has the file {name}: add it to one in the settings, or to 'elsewhere'"
            )
    for skip in settings.skips:
        if not any(map(skip.covers, found)):
            raise ValueError(f"no mutant of {skip.file} is {skip.change!r}: drop this skip")
    return [mutant for mutant in found if not any(skip.covers(mutant) for skip in settings.skips)]


def _of_package(settings: Settings, package: Package, root: Path) -> Iterator[Mutant]:
    for name in _names(root, package.code):
        source = (root / name).read_bytes()
        yield from CodeMutants(package.name, name, source, settings.listed.get(name), package.disable).find()
    for name in _lexicon(settings, package, root):
        yield from data_mutants(package.name, name, (root / name).read_bytes())


def _lexicon(settings: Settings, package: Package, root: Path) -> Iterator[str]:
    """Yield the lexicon files of a package: those that the settings list and those that its modules name.

    A file that the modules of several packages name belongs to the first of them.
    """
    earlier = settings.packages[: settings.packages.index(package)]
    taken = {name for other in earlier for name in _lexicon(settings, other, root)}
    source = "".join((root / name).read_text(encoding="utf-8") for name in _names(root, package.code))
    named = (path for path in sorted(root.glob(settings.lexicon)) if f'"{path.name}"' in source)
    listed = _names(root, package.data)
    names = dict.fromkeys([*listed, *(path.relative_to(root).as_posix() for path in named)])
    yield from (name for name in names if name not in taken)


def _names(root: Path, patterns: Iterable[str]) -> Iterator[str]:
    for pattern in patterns:
        paths = sorted(root.glob(pattern))
        if not paths:
            raise ValueError(f"there is no {root / pattern}: correct the settings")
        yield from (path.relative_to(root).as_posix() for path in paths)
