"""Find systems by name: those that come with the harness, and plug-ins of the entry-point group.

A system is asked for as ``name`` or ``name:argument``: ``eligex``, ``eligex:models/mine``, ``rules``,
``file:predictions.jsonl``, ``command:python extract.py``, ``python:mine.py:find``,
``chat:http://127.0.0.1:8000/v1``.  A plug-in is
an entry point of the group ``eligex_eval.systems`` whose object is called with the argument (or nothing)
and keyword options, and returns a system.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata

from ..errors import SystemFailedError
from .base import System
from .chat import Chat
from .command import Command
from .eligex_model import EligexModel, with_chia_entities
from .prediction_file import PredictionFile
from .python_entry import PythonFunction
from .quantity_packages import EdsQuantities, Quantulum
from .regex_baseline import RegexBaseline
from .rules import EligexRules
from .segmenter import Segmenter
from .target_rules import TargetRules
from .token_classifier import TokenClassifier

GROUP = "eligex_eval.systems"
BUILT_IN: dict[str, Callable[..., System]] = {
    "eligex": EligexModel,
    "eligex-chia": with_chia_entities,
    "rules": EligexRules,
    "segmenter": Segmenter,
    "regex": RegexBaseline,
    "token-classifier": TokenClassifier,
    "medspacy-targets": TargetRules,
    "file": PredictionFile,
    "quantulum3": Quantulum,
    "edsnlp-quantities": EdsQuantities,
    "command": Command,
    "python": PythonFunction,
    "chat": Chat,
}
NEEDED = {
    "file": "file:PATH",
    "command": "command:PROGRAM ARGUMENTS",
    "python": "python:FILE.py:FUNCTION",
    "chat": "chat:http://HOST/v1",
}
"""The systems that need an argument, and how it is written."""
WITHOUT = (
    "rules",
    "segmenter",
    "regex",
    "token-classifier",
    "medspacy-targets",
    "quantulum3",
    "edsnlp-quantities",
)
"""The systems that take no argument."""


def names() -> list[str]:
    """Return all names that can be asked for."""
    return sorted({*BUILT_IN, *(point.name for point in metadata.entry_points(group=GROUP))})


def make(spec: str, **options: object) -> System:
    """Make a system from its name, argument and options.

    Raises
    ------
    SystemFailedError
        For a name that is not known, or an argument or options that the system does not take.
    """
    name, _, argument = spec.partition(":")
    plugins = {point.name: point for point in metadata.entry_points(group=GROUP)}
    if name in BUILT_IN:
        factory: Callable[..., System] = BUILT_IN[name]
    elif name in plugins:
        factory = plugins[name].load()
    else:
        raise SystemFailedError(f"no system named {name!r}", remedy=f"There are: {', '.join(names())}.")
    if name in NEEDED and not argument:
        raise SystemFailedError("an argument is missing", remedy=f"Write {NEEDED[name]}.")
    if name in WITHOUT and argument:
        raise SystemFailedError(f"{name} takes no argument, but got {argument!r}")
    try:
        return factory(argument, **options) if argument else factory(**options)
    except TypeError as error:
        raise SystemFailedError(f"options do not fit {name}: {error}") from error
