"""Reads the closed classes of entities (``entity_rules.tsv``), strictly."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from eligex.errors import LexiconError
from eligex.lexicon.loader import DATA, read_table
from eligex.schema import LABELS, Label

Match = Literal["any", "exact"]
When = Literal["always", "value"]
COLUMNS = ("label", "match", "when", "forms")


@dataclass(frozen=True, slots=True)
class EntityForm:
    """One spelling of a member of a closed class."""

    text: str
    label: Label
    match: Match
    when: When


def read_entity_rules(path: Path = DATA / "entity_rules.tsv") -> tuple[EntityForm, ...]:
    """Read the forms in the order of the file.

    Raises
    ------
    LexiconError
        For an unknown label, way to match or condition, an empty form, or a form that stands there already.
    """
    forms: list[EntityForm] = []
    seen: dict[tuple[Match, str], str] = {}
    for row in read_table(path, COLUMNS):
        label, match, when, cell = row.cells
        if label not in LABELS:
            raise LexiconError(f"unknown label {label!r}", where=row.where)
        if match not in ("any", "exact"):
            raise LexiconError(f"unknown match {match!r}, expected any or exact", where=row.where)
        if when not in ("always", "value"):
            raise LexiconError(f"unknown when {when!r}, expected always or value", where=row.where)
        way = cast(Match, match)
        for text in (part.strip() for part in cell.split("|")):
            key = (way, text if way == "exact" else text.lower())
            if not text:
                raise LexiconError("empty form", where=row.where)
            if key in seen:
                raise LexiconError(f"form {text!r} stands already at {seen[key]}", where=row.where)
            seen[key] = row.where
            forms.append(EntityForm(text, cast(Label, label), way, cast(When, when)))
    return tuple(forms)
