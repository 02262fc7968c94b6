"""An external command: texts in on standard input, results out on standard output.

The command gets one JSON object a line, ``{"id": …, "text": …}``, and answers with JSON lines of the
contract, or minimal ones (:mod:`.minimal`), in any order.  A command that fails, or does not end in time, is
an error with what it said.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..documents import Input
from ..errors import SystemFailedError
from ..predictions import Prediction
from .labels import LabelMap
from .minimal import read_lines


class Command:
    """Run a program once over all inputs.

    Parameters
    ----------
    command
        The command line, split as a shell would, but not run by one.
    timeout
        Seconds after which it is stopped.
    labels
        What its labels are called here.
    """

    def __init__(
        self, command: str, *, timeout: float = 3600, labels: Mapping[str, str] | None = None
    ) -> None:
        self.arguments = shlex.split(command)
        if not self.arguments:
            raise SystemFailedError("an empty command", remedy="Give it as command:PROGRAM ARGUMENTS.")
        self.timeout = timeout
        self.labels = LabelMap(labels)
        self.name = f"command:{Path(self.arguments[0]).name}"

    def describe(self) -> dict[str, Any]:
        """Return the command line."""
        return {"command": self.arguments, "labels": self.labels.names}

    def predict(self, inputs: Iterable[Input]) -> Iterator[Prediction]:
        """Yield a result for every line the command answers."""
        items = list(inputs)
        lines = [json.dumps({"id": item.id, "text": item.text}, ensure_ascii=False) for item in items]
        before = time.perf_counter()
        output = self._run("\n".join(lines) + "\n")
        each = (time.perf_counter() - before) / max(len(items), 1)
        texts = {item.id: item.text for item in items}
        for prediction in read_lines(output.split("\n"), "standard output", texts, self.labels):
            yield replace(prediction, seconds=each)

    def _run(self, given: str) -> str:
        try:
            done = subprocess.run(
                self.arguments,
                input=given,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=self.timeout,
            )
        except FileNotFoundError as error:
            raise SystemFailedError("no such program", where=self.arguments[0]) from error
        except subprocess.TimeoutExpired as error:
            raise SystemFailedError(f"did not end within {self.timeout:g} s", where=self.name) from error
        except UnicodeDecodeError as error:
            raise SystemFailedError("its output is not UTF-8", where=self.name) from error
        if done.returncode:
            said = done.stderr.strip().splitlines()
            raise SystemFailedError(
                f"ended with exit code {done.returncode}: {said[-1] if said else 'it said nothing'}",
                where=self.name,
            )
        return done.stdout
