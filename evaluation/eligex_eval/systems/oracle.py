"""Turn gold into predictions: what a perfect system would say, for testing the harness itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from eligex.schema import (
    Comparator,
    Criterion,
    CriterionType,
    Entity,
    Predicate,
    PredicateEntity,
    TrialCriteria,
)

from ..documents import Atom, Document, Input
from ..numbers import as_threshold
from ..predictions import empty_result


class Oracle:
    """Answers with the annotation; every task must score it 1."""

    name = "oracle"

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = {document.id: document for document in documents}

    def predict(self, inputs: Iterable[Input]) -> Iterator[TrialCriteria]:
        """Yield the gold result of every input."""
        for item in inputs:
            yield oracle_result(self.documents[item.id])


def oracle_result(document: Document) -> TrialCriteria:
    """Build a result from whatever gold layers the document has."""
    if document.gold.result is not None:
        return document.gold.result
    base = empty_result(document.id, document.text)
    entities = tuple(
        Entity(e.start, e.end, e.text, e.label, e.negated)  # type: ignore[arg-type]
        for e in document.gold.entities or ()
    )
    predicates = tuple(
        _predicate(f"inc-1.{i}", atom, document.text)
        for i, atom in enumerate(document.gold.atoms or (), start=1)
        if atom.comparator != "+-"
    )
    return TrialCriteria(
        document.id, base.source, entities=entities, criteria=tuple(_criteria(document, predicates))
    )


def _criteria(document: Document, predicates: tuple[Predicate, ...]) -> Iterator[Criterion]:
    """Yield one criterion for each region; all predicates are in the first, which does not affect scoring."""
    text = document.text
    for number, region in enumerate(document.gold.regions or (), start=1):
        inner = text[region.start : region.end]
        start = region.start + len(inner) - len(inner.lstrip())
        end = start + len(inner.strip())
        if start < end:
            kind: CriterionType = region.type or "inclusion"
            yield Criterion(f"{kind[:3]}-{number}", kind, text[start:end], start, end, predicates=predicates)
            predicates = ()
    if predicates:
        yield Criterion("inc-1", "inclusion", text, 0, len(text), predicates=predicates)


def _predicate(key: str, atom: Atom, text: str) -> Predicate:
    """Return an atom as a separate predicate."""
    start, end = atom.entities[0]
    unit = next((u for u in atom.units if not u.startswith("text:")), None)
    comparator: Comparator = atom.comparator  # type: ignore[assignment]
    threshold, words = as_threshold(atom.value) or (0, str(atom.value))
    return Predicate(
        key,
        PredicateEntity(text[start:end], start, end, "Measurement"),
        comparator=comparator,
        threshold=threshold,
        threshold_text=words,
        unit=unit,
        unit_text=atom.units[0].removeprefix("text:") if atom.units else None,
        value_text=text[atom.start : atom.end],
        value_start=atom.start,
        value_end=atom.end,
    )
