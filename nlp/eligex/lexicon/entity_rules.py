"""Strict loader of the closed classes of entities (``entity_rules.tsv``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from eligex.errors import LexiconError
from eligex.lexicon.loader import DATA, read_table, read_words
from eligex.schema import LABELS, Label

Match = Literal["any", "exact"]
When = Literal["always", "value"]
COLUMNS = ("label", "match", "when", "forms")
_REMEDY = "The head of lexicon/data/entity_rules.tsv says what a row holds."


@dataclass(frozen=True, slots=True)
class EntityForm:
    """One spelling of a member of a closed class."""

    text: str
    label: Label
    match: Match
    when: When


@dataclass(frozen=True, slots=True)
class EntityWords:
    """The words that bound an entity; see ``entity_words.toml``."""

    before: frozenset[str]
    after: frozenset[str]
    hanging_leads: frozenset[str]
    hanging: frozenset[str]
    hanging_articles: frozenset[str]
    goes_on: frozenset[str]
    hanging_aside: frozenset[str]
    goes_not_on: frozenset[str]
    like_results: frozenset[str]
    never_first: frozenset[str]
    denied_first: frozenset[str]
    denied_how: frozenset[str]
    cut_cues: frozenset[str]
    never_last: frozenset[str]
    never_alone: frozenset[str]
    named_after: frozenset[str]
    species: frozenset[str]
    signs: frozenset[str]
    told_of: tuple[str, ...]
    needed_drugs: frozenset[str]
    needed_stays: frozenset[str]
    needed_acts: frozenset[str]
    needed_how: frozenset[str]
    needed_not: frozenset[str]
    needed_times: frozenset[str]
    no_members: frozenset[str]
    listed_routes: frozenset[str]
    names_end: frozenset[str]
    names_end_in: frozenset[str]
    name_goes_on: frozenset[str]
    variants: frozenset[str]
    of_variants: frozenset[str]
    ratio_words: frozenset[str]
    ratio_signs: frozenset[str]
    ratio_joints: frozenset[str]
    ratio_marks: frozenset[str]
    ratios: frozenset[str]
    durations: frozenset[str]
    to_length: frozenset[str]


@cache
def entity_words(path: Path = DATA / "entity_words.toml") -> EntityWords:
    """Read the words that bound an entity."""
    return read_words(path, EntityWords)


def read_entity_rules(path: Path = DATA / "entity_rules.tsv") -> tuple[EntityForm, ...]:
    """Read the forms in the order of the file.

    Raises
    ------
    LexiconError
        For an unknown label, match or condition, an empty form, or a repeated form.
    """
    forms: list[EntityForm] = []
    seen: dict[tuple[Match, str], str] = {}
    for row in read_table(path, COLUMNS):
        label, match, when, cell = row.cells
        if label not in LABELS:
            raise LexiconError(f"unknown label {label!r}", where=row.where, remedy=_REMEDY)
        if match not in ("any", "exact"):
            raise LexiconError(
                f"unknown match {match!r}, expected any or exact", where=row.where, remedy=_REMEDY
            )
        if when not in ("always", "value"):
            raise LexiconError(
                f"unknown when {when!r}, expected always or value", where=row.where, remedy=_REMEDY
            )
        way = cast(Match, match)
        for text in (part.strip() for part in cell.split("|")):
            key = _key(way, text)
            if not text:
                raise LexiconError("empty form", where=row.where, remedy=_REMEDY)
            if key in seen:
                raise LexiconError(
                    f"form {text!r} is already at {seen[key]}", where=row.where, remedy=_REMEDY
                )
            seen[key] = row.where
            forms.append(EntityForm(text, cast(Label, label), way, cast(When, when)))
    return tuple(forms)


def _key(match: Match, text: str) -> tuple[Match, str]:
    return match, text if match == "exact" else text.lower()


def with_forms(forms: tuple[EntityForm, ...], more: tuple[EntityForm, ...]) -> tuple[EntityForm, ...]:
    """Return the forms with those of another file, whose version of a form replaces this one."""
    replaced = {_key(form.match, form.text) for form in more}
    return tuple(form for form in forms if _key(form.match, form.text) not in replaced) + more
