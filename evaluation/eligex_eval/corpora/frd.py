"""Read FRD, the lines that Facebook Research annotated (Clinical-Trial-Parser, ``medical_ner.tsv``).

A line holds its slots, ``start:end:label`` separated by commas, and its text, separated by a tab; columns
before them (a trial id) are kept in the document's id.  ``start`` counts from 1 and ``end`` is exclusive,
both in the text column.  Harmonised view: labels that mean one of the 15 types become it; ``treatment`` may
be a drug or a procedure and becomes Drug; the other labels have no counterpart and are counted.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..documents import Document, Gold, GoldEntity, Note, SourceEntity, SourceView
from ..errors import CorpusError
from .brat import read_text
from .flat import Conventions, flat_entities

LABELS = {
    "treatment": "Drug",
    "chronic_disease": "Condition",
    "cancer": "Condition",
    "pregnancy": "Condition",
    "allergy_name": "Condition",
    "clinical_variable": "Measurement",
    "bmi": "Measurement",
    "upper_bound": "Value",
    "lower_bound": "Value",
    "age": "Person",
    "gender": "Person",
    "ethnicity": "Person",
    "language_fluency": "Observation",
}
NO_COUNTERPART = ("contraception_consent", "technology_access")
_SLOTS = re.compile(r"\d{1,6}:\d{1,6}:[a-z_]+(?:,\s?\d{1,6}:\d{1,6}:[a-z_]+)*")


def read(path: Path, conventions: Conventions | None = None) -> list[Document]:
    """Read a TSV file, or all of a folder; every line is a document."""
    paths = sorted(path.glob("*.tsv")) if path.is_dir() else [path]
    if not paths or not paths[0].exists():
        raise CorpusError("no .tsv file here", where=str(path))
    documents = []
    for item in paths:
        for number, line in enumerate(read_text(item).split("\n"), start=1):
            if line.strip():
                documents.append(_document(item, number, line.rstrip("\r"), conventions or Conventions()))
    return documents


def _document(path: Path, number: int, line: str, conventions: Conventions) -> Document:
    columns = line.split("\t")
    place = next((i for i, cell in enumerate(columns) if not cell or _SLOTS.fullmatch(cell.strip())), None)
    if place is None or place + 1 >= len(columns):
        raise CorpusError("no column of slots with a text after it", where=f"{path.name}:{number}")
    key = "-".join([path.stem, *columns[:place], str(number)])
    text = "\t".join(columns[place + 1 :])
    notes: list[Note] = []
    entities: list[SourceEntity] = []
    for slot in filter(None, (s.strip() for s in columns[place].split(","))):
        left, right, label = slot.split(":")
        start, end = int(left) - 1, int(right) - 1
        if not 0 <= start < end <= len(text):
            notes.append(Note(key, "dropped: span outside the text", slot))
            continue
        entities.append(SourceEntity(f"T{len(entities) + 1}", label, ((start, end),), text[start:end]))
    golds = []
    for entity in entities:
        if entity.label in LABELS:
            golds.append(GoldEntity(entity.start, entity.end, LABELS[entity.label], entity.text))
        else:
            notes.append(Note(key, "label without a counterpart", entity.label))
    kept, lost = flat_entities(golds, conventions.overlaps)
    notes += [Note(key, "overlapped by another span: not in the flat view", e.text) for e in lost]
    source = SourceView(entities=tuple(entities))
    return Document(
        key,
        text,
        "frd",
        source,
        Gold(entities=kept, labels=tuple(sorted(set(LABELS.values()))), nested=tuple(golds)),
        tuple(notes),
    )
