"""A Python function: a text in, a minimal record (or entities alone) out.

``python:PACKAGE.MODULE:FUNCTION`` or ``python:FILE.py:FUNCTION``.  The function gets the text and returns a
list of entities, a dictionary with ``entities`` and ``predicates`` (:mod:`.minimal`), or a
``TrialCriteria``.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from eligex.schema import TrialCriteria

from ..documents import Input
from ..errors import SystemFailedError
from ..predictions import Prediction
from .labels import LabelMap
from .minimal import complete


class PythonFunction:
    """Call a function for every text.

    Parameters
    ----------
    entry
        Where the function is: ``package.module:function`` or ``file.py:function``.
    labels
        What its labels are called here.
    """

    def __init__(self, entry: str, *, labels: Mapping[str, str] | None = None) -> None:
        self.entry = entry
        self.function = find(entry)
        self.labels = LabelMap(labels)
        self.name = f"python:{entry.rpartition(':')[2]}"

    def describe(self) -> dict[str, Any]:
        """Return where the function is."""
        place, _, function = self.entry.rpartition(":")
        return {"function": f"{Path(place).name}:{function}", "labels": self.labels.names}

    def predict(self, inputs: Iterable[Input]) -> Iterator[Prediction]:
        """Yield a result for every input."""
        for item in inputs:
            before = time.perf_counter()
            said = self._call(item)
            seconds = time.perf_counter() - before
            if isinstance(said, TrialCriteria):
                yield Prediction(replace(said, trial_id=item.id), seconds=seconds)
                continue
            record = said if isinstance(said, Mapping) else {"entities": said}
            yield replace(complete(item.id, item.text, record, self.labels, item.id), seconds=seconds)

    def _call(self, item: Input) -> Any:
        """Call the function; what goes wrong in it is told with the document and its own line."""
        try:
            said = self.function(item.text)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(last.filename).name}:{last.lineno}"
            raise SystemFailedError(
                f"{self.name} failed on {item.id} with {type(error).__name__}: {error}", where=where
            ) from error
        if said is None:
            raise SystemFailedError(
                f"{self.name} returned None for {item.id}",
                remedy="Return a list of entities or a dictionary; an empty one if nothing is found.",
            )
        return said


def find(entry: str) -> Callable[[str], Any]:
    """Return the function an entry names."""
    place, _, name = entry.rpartition(":")
    if not place:
        raise SystemFailedError(
            f"not MODULE:FUNCTION: {entry!r}",
            remedy="Write python:package.module:function or python:file.py:function.",
        )
    module = _from_file(Path(place)) if place.endswith(".py") else _imported(place)
    function = getattr(module, name, None)
    if not callable(function):
        raise SystemFailedError(f"no function {name!r}", where=place)
    return function  # type: ignore[no-any-return]


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise SystemFailedError(f"cannot be imported: {error}", where=name) from error


def _from_file(path: Path) -> Any:
    if not path.is_file():
        raise SystemFailedError("no such file", where=str(path))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise SystemFailedError("not a Python file", where=str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(path.stem, module)
    spec.loader.exec_module(module)
    return module
