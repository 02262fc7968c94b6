"""Read Chia (Kury et al. 2020): brat files ``NCT…_inc`` and ``NCT…_exc``, with or without scope.

Harmonised view: the 15 entity types, flat (see :mod:`.flat`); labels outside them are comments on the text
and are counted, not scored.  An entity is *negated* where it is the first argument of ``Has_negation``.
Chia writes that relation on one member of an or-group and means the group ("no A or B"), so
``negated_by_group`` carries it over the members of OR groups; the two are reported beside each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

from eligex.schema import DOMAIN_LABELS, LABELS

from ..documents import Document, Fragment, Gold, GoldEntity, Modified, Note, SourceView
from ..errors import CorpusError
from ..modifiers import TYPES
from . import brat
from .flat import Conventions, flat_entities, pick_fragments

SCOPED_LABELS = (*LABELS, "Scope")
MODIFIERS = {f"Has_{kind}": kind for kind in TYPES}
"""Relations from a domain entity to what modifies it."""


def read(
    folder: Path,
    *,
    ids: Iterable[str] | None = None,
    conventions: Conventions | None = None,
    labels: tuple[str, ...] = LABELS,
) -> list[Document]:
    """Read the documents of a Chia folder, sorted by name.

    Parameters
    ----------
    folder
        A folder of ``.txt`` and ``.ann`` files.
    ids
        Trial ids to read; all by default.
    conventions
        How spans are flattened.
    labels
        The labels that are entities; everything else is counted as a comment.
    """
    paths = sorted(folder.glob("*.ann"))
    if not paths:
        raise CorpusError(
            "no .ann files here", where=str(folder), remedy="Give the folder of Chia's brat files."
        )
    wanted = None if ids is None else set(ids)
    chosen = [path for path in paths if wanted is None or path.stem.rsplit("_", 1)[0] in wanted]
    if wanted is not None and not chosen:
        raise CorpusError("none of the asked trials is here", where=str(folder))
    return [read_document(path, conventions or Conventions(), labels) for path in chosen]


def read_folds(path: Path) -> dict[str, int]:
    """Read the trial-level fold assignment."""
    try:
        folds: dict[str, int] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise CorpusError("no fold file", where=str(path)) from error
    return folds


def fold_ids(path: Path, folds: Iterable[int]) -> list[str]:
    """Return the trials of these folds, sorted."""
    wanted = set(folds)
    return sorted(trial for trial, fold in read_folds(path).items() if fold in wanted)


def read_document(path: Path, conventions: Conventions, labels: tuple[str, ...] = LABELS) -> Document:
    """Read one ``.ann`` file and the ``.txt`` beside it."""
    text_path = path.with_suffix(".txt")
    if not text_path.exists():
        raise CorpusError("its .txt file is missing", where=str(path))
    text = brat.read_text(text_path)
    source, notes = brat.parse(brat.read_text(path), text, path.stem)
    gold, more = harmonise(path.stem, text, source, conventions, labels)
    return Document(path.stem, text, "chia", source, gold, (*notes, *more))


def harmonise(
    doc_id: str,
    text: str,
    source: SourceView,
    conventions: Conventions,
    labels: tuple[str, ...] = LABELS,
) -> tuple[Gold, tuple[Note, ...]]:
    """Build the flat view and report what it drops."""
    notes: list[Note] = []
    negated = {relation.head for relation in source.relations if relation.type == "Has_negation"}
    spread = _spread(negated, source)
    entities: list[GoldEntity] = []
    places: dict[str, Fragment] = {}
    for entity in source.entities:
        if entity.label not in labels:
            notes.append(Note(doc_id, "comment, not an entity", f"{entity.label} {entity.text[:60]!r}"))
            continue
        chosen = pick_fragments(entity.fragments, conventions.fragments)
        if len(chosen) < len(entity.fragments) or chosen[0] != (entity.start, entity.end):
            kind = f"discontinuous span: {conventions.fragments} fragment kept"
            notes.append(Note(doc_id, kind, f"{entity.id} {entity.label} {entity.text[:60]!r}"))
        flags = (entity.id in negated, entity.id in spread)
        entities += [GoldEntity(s, e, entity.label, text[s:e], *flags) for s, e in chosen]
        places[entity.id] = chosen[0]
    kept, lost = flat_entities(entities, conventions.overlaps)
    notes += [
        Note(doc_id, "overlapped by another span: not in the flat view", f"{e.label} {e.text[:60]!r}")
        for e in lost
    ]
    notes += [Note(doc_id, "negated entity not in the flat view", e.text[:60]) for e in lost if e.negated]
    flat = {(e.start, e.end) for e in kept}
    placed = {key: span for key, span in places.items() if span in flat}
    domain = {e.id: placed[e.id] for e in source.entities if e.id in placed and e.label in DOMAIN_LABELS}
    joined, modifiers = _joined(source, domain), _modifiers(source, placed, domain)
    return Gold(entities=kept, nested=tuple(entities), joined=joined, modifiers=modifiers), tuple(notes)


def _modifiers(
    source: SourceView, places: dict[str, Fragment], domain: dict[str, Fragment]
) -> tuple[Modified, ...]:
    """Return the flat modifiers of flat domain entities; a member of an or-group has them for the group."""
    groups = _or_groups(source)
    found = set()
    for relation in source.relations:
        kind = MODIFIERS.get(relation.type)
        if kind is not None and relation.tail in places:
            heads = {relation.head}.union(*(group for group in groups if relation.head in group))
            found |= {Modified(places[relation.tail], kind, domain[key]) for key in heads if key in domain}
    return tuple(sorted(found))


def _or_groups(source: SourceView) -> list[set[str]]:
    groups = [set(group.members) for group in source.groups if group.type.upper() == "OR"]
    return groups + [{r.head, r.tail} for r in source.relations if r.type.upper() == "OR"]


def _joined(source: SourceView, places: dict[str, Fragment]) -> tuple[tuple[Fragment, Fragment, str], ...]:
    """Return the pairs of flat domain entities in OR groups and AND relations; OR wins over AND."""
    pairs: dict[tuple[Fragment, Fragment], str] = {}
    for relation in source.relations:
        if relation.type.upper() in ("AND", "OR"):
            _join(pairs, [relation.head, relation.tail], relation.type.casefold(), places)
    for group in source.groups:
        if group.type.upper() == "OR":
            _join(pairs, list(group.members), "or", places)
    return tuple((a, b, operator) for (a, b), operator in sorted(pairs.items()))


def _join(
    pairs: dict[tuple[Fragment, Fragment], str], keys: list[str], operator: str, places: dict[str, Fragment]
) -> None:
    spans = sorted({places[key] for key in keys if key in places})
    for a, b in combinations(spans, 2):
        if operator == "or" or (a, b) not in pairs:
            pairs[a, b] = operator


def _spread(negated: set[str], source: SourceView) -> set[str]:
    """Carry negation over OR groups until nothing changes."""
    groups = _or_groups(source)
    result = set(negated)
    changed = True
    while changed:
        before = len(result)
        for group in groups:
            if group & result:
                result |= group
        changed = len(result) > before
    return result
