"""Loader of ``data/context_rules.toml``, the cues of the ConText layer.

Checks every rule and returns plain values; turning them into medspaCy's rules is the pipe's.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eligex.errors import LexiconError
from eligex.schema import DOMAIN_LABELS

CATEGORIES = frozenset(
    {"negation", "refusal", "historical", "family", "hypothetical", "planned", "pseudo", "terminate"}
)
DIRECTIONS = frozenset({"forward", "backward", "bidirectional", "pseudo", "terminate"})
_KEYS = frozenset({"category", "direction", "phrases", "max_scope", "max_targets", "allowed"})
_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class ContextRule:
    """One cue: its category, where its scope lies, and how far that reaches."""

    phrase: str
    category: str
    direction: str
    max_scope: int | None = None
    max_targets: int | None = None
    allowed: tuple[str, ...] | None = None


def context_rules(path: Path = _DATA / "context_rules.toml") -> list[ContextRule]:
    """Read a rule file.

    Raises
    ------
    LexiconError
        For a file that is not TOML, an unknown or missing key, category or direction, or a phrase that is
        empty, not lower case, or repeated within its category and direction.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"not TOML: {error}", where=path.name) from error
    if set(data) != {"rules"}:
        raise LexiconError("must hold [[rules]] tables and nothing else", where=path.name)
    rules: list[ContextRule] = []
    seen: set[tuple[str, str, str]] = set()
    for number, table in enumerate(data["rules"], start=1):
        for rule in _read(table, f"{path.name}, rule table {number}"):
            key = (rule.category, rule.direction, rule.phrase)
            if key in seen:
                raise LexiconError(f"repeats {rule.phrase!r}", where=f"{path.name}, rule table {number}")
            seen.add(key)
            rules.append(rule)
    return rules


def _read(table: dict[str, Any], where: str) -> list[ContextRule]:
    unknown = set(table) - _KEYS
    missing = {"category", "direction", "phrases"} - set(table)
    if unknown or missing:
        raise LexiconError(f"unknown keys {sorted(unknown)}, missing keys {sorted(missing)}", where=where)
    category, direction = table["category"], table["direction"]
    if category not in CATEGORIES or direction not in DIRECTIONS:
        raise LexiconError(f"no such category or direction: {category!r}, {direction!r}", where=where)
    if (
        category in ("pseudo", "terminate") or direction in ("pseudo", "terminate")
    ) and category != direction:
        raise LexiconError(f"category {category!r} does not go with direction {direction!r}", where=where)
    limits = {key: table.get(key) for key in ("max_scope", "max_targets")}
    for key, value in limits.items():
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
            raise LexiconError(f"{key} must be a whole number above 0", where=where)
    phrases = table["phrases"]
    if not isinstance(phrases, list) or not phrases:
        raise LexiconError("phrases must be a list with at least one phrase", where=where)
    for phrase in phrases:
        if not isinstance(phrase, str) or not phrase.strip() or phrase != phrase.lower().strip():
            raise LexiconError(f"phrase {phrase!r} must be lower case, without outer blanks", where=where)
    allowed = tuple(table["allowed"]) if "allowed" in table else None
    if allowed is not None and not (allowed and set(allowed) <= set(DOMAIN_LABELS)):
        raise LexiconError(f"allowed must list labels of {', '.join(DOMAIN_LABELS)}", where=where)
    return [
        ContextRule(p, category, direction, limits["max_scope"], limits["max_targets"], allowed)
        for p in phrases
    ]
