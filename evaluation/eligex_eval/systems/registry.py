"""Find systems by name: those that come with the harness, and plug-ins of the entry-point group.

A system is asked for as ``name`` or ``name:argument``: ``eligex``, ``eligex:models/mine``, ``rules``,
``file:predictions.jsonl``, ``command:python extract.py``, ``chat:http://127.0.0.1:8000/v1``.  A plug-in is
an entry point of the group ``eligex_eval.systems`` whose object is called with the argument (or nothing)
and keyword options, and returns a system.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from typing import Any

from ..errors import SystemFailedError
from .base import System

GROUP = "eligex_eval.systems"


def _eligex(argument: str | None = None, **options: Any) -> System:
    from .eligex_model import EligexModel

    return EligexModel(argument, **options)


def _rules(argument: str | None = None, **options: Any) -> System:
    from .rules import EligexRules

    return EligexRules(**_without(argument, "rules"), **options)


def _regex(argument: str | None = None, **options: Any) -> System:
    from .regex_baseline import RegexBaseline

    return RegexBaseline(**_without(argument, "regex"), **options)


def _tokens(argument: str | None = None, **options: Any) -> System:
    from .token_classifier import TokenClassifier

    return TokenClassifier(**_without(argument, "token-classifier"), **options)


def _targets(argument: str | None = None, **options: Any) -> System:
    from .target_rules import TargetRules

    return TargetRules(**_without(argument, "medspacy-targets"), **options)


def _file(argument: str | None = None, **options: Any) -> System:
    from .prediction_file import PredictionFile

    return PredictionFile(_needed(argument, "file:PATH"), **options)


def _command(argument: str | None = None, **options: Any) -> System:
    from .command import Command

    return Command(_needed(argument, "command:PROGRAM ARGUMENTS"), **options)


def _chat(argument: str | None = None, **options: Any) -> System:
    from .chat import Chat

    return Chat(_needed(argument, "chat:http://HOST/v1"), **options)


BUILT_IN: dict[str, Callable[..., System]] = {
    "eligex": _eligex,
    "rules": _rules,
    "regex": _regex,
    "token-classifier": _tokens,
    "medspacy-targets": _targets,
    "file": _file,
    "command": _command,
    "chat": _chat,
}


def _without(argument: str | None, name: str) -> dict[str, Any]:
    if argument is not None:
        raise SystemFailedError(f"{name} takes no argument, but got {argument!r}")
    return {}


def _needed(argument: str | None, form: str) -> str:
    if not argument:
        raise SystemFailedError("an argument is missing", remedy=f"Write {form}.")
    return argument


def names() -> list[str]:
    """Return all names that can be asked for."""
    return sorted({*BUILT_IN, *(point.name for point in metadata.entry_points(group=GROUP))})


def make(spec: str, **options: Any) -> System:
    """Make a system from its name, argument and options.

    Raises
    ------
    SystemFailedError
        For a name that is not known, or options that the system does not take.
    """
    name, _, argument = spec.partition(":")
    plugins = {point.name: point for point in metadata.entry_points(group=GROUP)}
    if name in BUILT_IN:
        factory: Callable[..., System] = BUILT_IN[name]
    elif name in plugins:
        factory = plugins[name].load()
    else:
        raise SystemFailedError(f"no system named {name!r}", remedy=f"There are: {', '.join(names())}.")
    try:
        return factory(argument, **options) if argument else factory(**options)
    except TypeError as error:
        raise SystemFailedError(f"options do not fit {name}: {error}") from error
