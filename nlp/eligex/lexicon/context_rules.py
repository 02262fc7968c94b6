"""Strict loader of the cues of ConText (``context_rules.toml``).

Checks every rule and returns plain values; the pipe makes medspaCy's rules from them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eligex.errors import LexiconError
from eligex.lexicon.loader import DATA, read_text, where_is
from eligex.schema import DOMAIN_LABELS

CATEGORIES = frozenset(
    {
        "negation",
        "inability",
        "refusal",
        "historical",
        "family",
        "hypothetical",
        "uncertain",
        "planned",
        "mood",
        "pseudo",
        "terminate",
    }
)
DIRECTIONS = frozenset({"forward", "backward", "bidirectional", "pseudo", "terminate"})
_REQUIRED = frozenset({"category", "direction", "phrases"})
_KEYS = _REQUIRED | {"max_scope", "max_targets", "allowed"}
_WORDS = ("own_head", "new_phrase", "same_phrase")
_REMEDY = "The head of lexicon/data/context_rules.toml says what a rule holds."


@dataclass(frozen=True, slots=True)
class ContextRule:
    """One cue: its category, the direction of its scope, and how far that reaches."""

    phrase: str
    category: str
    direction: str
    max_scope: int | None = None
    max_targets: int | None = None
    allowed: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ContextWords:
    """The cues, and the phrases between a cue and an entity that separate them.

    After ``own_head`` the cue applies to that phrase instead ("no [response to] insulin"); ``new_phrase``
    begins another statement ("without fever, and [with] pain"), unless it is part of a ``same_phrase`` ("must
    not have gout, or [have] asthma").
    """

    rules: tuple[ContextRule, ...]
    own_head: tuple[str, ...] = ()
    new_phrase: tuple[str, ...] = ()
    same_phrase: tuple[str, ...] = ()

    def extended(self, other: ContextWords) -> ContextWords:
        """Return these words with those of another file, whose version of a cue replaces this one."""
        replaced = {_key(rule) for rule in other.rules}
        return ContextWords(
            tuple(rule for rule in self.rules if _key(rule) not in replaced) + other.rules,
            self.own_head + other.own_head,
            self.new_phrase + other.new_phrase,
            self.same_phrase + other.same_phrase,
        )


def _key(rule: ContextRule) -> tuple[str, str, str]:
    return rule.category, rule.direction, rule.phrase


def context_words(path: Path = DATA / "context_rules.toml") -> ContextWords:
    """Read a file of ``[[rules]]``, with optional lists ``own_head`` and ``new_phrase``.

    Raises
    ------
    LexiconError
        For a file that is not TOML, an unknown or missing key, category or direction, or a phrase that is
        empty, not lower case, or repeated within its category and direction.
    """
    return _Reader(path).read()


class _Reader:
    """A rule file that is being read, with the line of every rule table."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._text = read_text(path)
        lines = enumerate(self._text.split("\n"), start=1)
        self._tables = [number for number, line in lines if line.strip() == "[[rules]]"]

    def read(self) -> ContextWords:
        try:
            data = tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            raise LexiconError(f"not TOML: {error}", where=self._path.name, remedy=_REMEDY) from error
        for key in set(data) - {"rules", *_WORDS}:
            where = where_is(self._path, self._text, key)
            raise LexiconError(f"unknown key {key!r}", where=where, remedy=_REMEDY)
        tables = data.get("rules", [])
        if not isinstance(tables, list) or len(tables) != len(self._tables):
            raise LexiconError("rules must be written as [[rules]]", where=self._path.name, remedy=_REMEDY)
        rules: dict[tuple[str, str, str], ContextRule] = {}
        for number, table in enumerate(tables):
            for rule in self._rules(table, number):
                if _key(rule) in rules:
                    raise self._error(f"repeats {rule.phrase!r}", number)
                rules[_key(rule)] = rule
        words = {key: tuple(data.get(key, ())) for key in _WORDS}
        return ContextWords(tuple(rules.values()), **words)

    def _error(self, what: str, number: int) -> LexiconError:
        return LexiconError(what, where=f"{self._path.name}:{self._tables[number]}", remedy=_REMEDY)

    def _rules(self, table: dict[str, Any], number: int) -> Iterator[ContextRule]:
        for what in _faults(table):
            raise self._error(what, number)
        allowed = tuple(table["allowed"]) if "allowed" in table else None
        for phrase in table["phrases"]:
            yield ContextRule(
                phrase,
                table["category"],
                table["direction"],
                table.get("max_scope"),
                table.get("max_targets"),
                allowed,
            )


def _faults(table: dict[str, Any]) -> Iterator[str]:
    """Yield the mistakes of a rule table."""
    unknown, missing = set(table) - _KEYS, _REQUIRED - set(table)
    if unknown or missing:
        yield f"unknown keys {sorted(unknown)}, missing keys {sorted(missing)}"
        return
    category, direction = table["category"], table["direction"]
    if category not in CATEGORIES or direction not in DIRECTIONS:
        yield f"no such category or direction: {category!r}, {direction!r}"
    if {category, direction} & {"pseudo", "terminate"} and category != direction:
        yield f"category {category!r} does not go with direction {direction!r}"
    for key in ("max_scope", "max_targets"):
        value = table.get(key, 1)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            yield f"{key} must be a whole number above 0"
    phrases = table["phrases"]
    if not isinstance(phrases, list) or not phrases:
        yield "phrases must be a list with at least one phrase"
        return
    for phrase in phrases:
        if not isinstance(phrase, str) or not phrase.strip() or phrase != phrase.lower().strip():
            yield f"phrase {phrase!r} must be lower case, without outer blanks"
    allowed = table.get("allowed", DOMAIN_LABELS)
    if not allowed or not set(allowed) <= set(DOMAIN_LABELS):
        yield f"allowed must list labels of {', '.join(DOMAIN_LABELS)}"
