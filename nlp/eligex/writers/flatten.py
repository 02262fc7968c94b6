"""Results as flat rows: one row for each predicate, with the field names of the contract.

Nothing is lost: a criterion without predicates, a trial without criteria and a trial that failed each give
one row in which the columns that do not apply are empty.  Columns without a prefix describe the predicate
(``start`` and ``end`` are those of its entity), ``criterion_…`` its criterion, ``temporal_…`` its first time
window.  The predicates that a condition states have no rows: patients need not meet them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from eligex.schema import Count, Criterion, Length, Predicate, TrialCriteria, Window
from eligex.spans import plain

ColumnType = Literal["string", "integer", "number", "boolean"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the flat form; it may be empty in every row unless said otherwise."""

    name: str
    type: ColumnType
    about: str


COLUMNS: tuple[Column, ...] = (
    Column("trial_id", "string", "id of the trial; never empty"),
    Column("criterion_id", "string", "id of the criterion"),
    Column("criterion_type", "string", "inclusion or exclusion"),
    Column("criterion_text", "string", "the criterion as written, without its marker"),
    Column("predicate_id", "string", "id of the predicate; empty for a criterion without predicates"),
    Column("entity", "string", "the entity as written"),
    Column("label", "string", "its type, one of Chia's"),
    Column("comparator", "string", "< <= = != >= > between in, or empty"),
    Column("threshold", "number", "the limit, or the lower of two, or the lowest of a set"),
    Column("threshold_high", "number", "the upper limit"),
    Column("threshold_inclusive", "boolean", "whether the limit itself is included"),
    Column("threshold_high_inclusive", "boolean", "whether the upper limit itself is included"),
    Column("threshold_set", "string", "listed values, as a JSON array of numbers"),
    Column(
        "threshold_text", "string", "what is written for the number (B, IIIB, 20/40); several as a JSON array"
    ),
    Column("unit", "string", "UCUM unit"),
    Column("unit_text", "string", "unit as written"),
    Column("alternatives", "string", "the same limit in other units, as JSON"),
    Column("canonical_threshold", "number", "the limit in the one unit of its analyte, where that is known"),
    Column("canonical_threshold_high", "number", "the upper limit in it"),
    Column("canonical_unit", "string", "that unit, UCUM; of relative limits [ULN], [LLN] or {baseline}"),
    Column("warnings", "string", "what is doubtful in the limit, as JSON"),
    Column("value_text", "string", "the value as written"),
    Column("value_start", "integer", "where it begins"),
    Column("value_end", "integer", "where it ends"),
    Column("negated", "boolean", "whether the entity is negated"),
    Column("effect", "string", "require, exclude or allow"),
    Column("temporal_text", "string", "the time window as written"),
    Column("temporal_start", "integer", "where it begins"),
    Column("temporal_end", "integer", "where it ends"),
    Column("temporal_direction", "string", "before, after, during, for or within"),
    Column("temporal_low", "string", "shortest length: ISO-8601, or a JSON count"),
    Column("temporal_high", "string", "longest length: ISO-8601, or a JSON count"),
    Column(
        "temporal_strict", "boolean", "whether the length itself is outside the window (more than 6 weeks)"
    ),
    Column("temporal_anchor", "string", "what the window is counted from"),
    Column("temporal_alternatives", "string", "other lengths, as JSON"),
    Column("temporal_whichever", "string", "longer or shorter, if the text says so"),
    Column("windows", "string", "all time windows where there are several, as JSON; temporal is the first"),
    Column("modifiers", "string", "as JSON"),
    Column("condition", "string", "the words that name whom this holds for"),
    Column("condition_start", "integer", "where they begin"),
    Column("condition_end", "integer", "where they end"),
    Column(
        "condition_predicates", "string", "what the condition states, as JSON: predicates without an effect"
    ),
    Column("exceptions", "string", "ids of the predicates exempted from this one, as a JSON array"),
    Column("start", "integer", "where the entity begins"),
    Column("end", "integer", "where it ends"),
    Column("confidence", "number", "0 to 1"),
    Column("entity_name", "string", "the entity's full name, where the text abbreviates it"),
    Column("concept_system", "string", "vocabulary of the entity's code"),
    Column("concept_code", "string", "the code"),
    Column("concept_name", "string", "its name"),
    Column("concept_match", "string", "how it was found: alias, exact, rule, fuzzy or broader"),
    Column("concept_score", "number", "how alike the names are, 0 to 1"),
    Column("concept_xrefs", "string", "ids of the concept in other vocabularies, as a JSON array"),
    Column("criterion_start", "integer", "where the criterion begins"),
    Column("criterion_end", "integer", "where it ends"),
    Column("criterion_marker", "string", "its bullet or number"),
    Column("criterion_parent", "string", "id of the criterion it is a child of"),
    Column("criterion_cohort", "string", "the group it is limited to"),
    Column("criterion_confidence", "number", "0 to 1: that its predicates are right and complete"),
    Column("criterion_logic", "string", "boolean expression over predicates and children, as JSON"),
    Column("source_format", "string", "format the trial was read from; never empty"),
    Column("source_path", "string", "file it was read from"),
    Column("error_type", "string", "kind of failure, if the trial failed"),
    Column("error", "string", "why, and what to do"),
)
NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)
_EMPTY: Row = dict.fromkeys(NAMES)


def rows(result: TrialCriteria) -> Iterator[Row]:
    """Yield the rows of one trial: plain values in the order of :data:`COLUMNS`."""
    trial: Row = {
        **_EMPTY,
        "trial_id": result.trial_id,
        "source_format": result.source.format,
        "source_path": result.source.path,
        "error_type": result.error.type if result.error else None,
        "error": result.error.message if result.error else None,
    }
    if not result.criteria:
        yield trial
    for criterion in result.criteria:
        base = trial | _criterion(criterion)
        if not criterion.predicates:
            yield base
        for predicate in criterion.predicates:
            yield base | _predicate(predicate)


def _criterion(criterion: Criterion) -> Row:
    return {
        "criterion_id": criterion.id,
        "criterion_type": criterion.type,
        "criterion_text": criterion.text,
        "criterion_start": criterion.start,
        "criterion_end": criterion.end,
        "criterion_marker": criterion.marker,
        "criterion_parent": criterion.parent,
        "criterion_cohort": criterion.cohort,
        "criterion_confidence": criterion.confidence,
        "criterion_logic": _json(criterion.logic),
    }


def _predicate(predicate: Predicate) -> Row:
    entity, concept, words = predicate.entity, predicate.entity.concept, predicate.threshold_text
    return {
        "predicate_id": predicate.id,
        "entity": entity.text,
        "label": entity.label,
        "comparator": predicate.comparator,
        "threshold": predicate.threshold,
        "threshold_high": predicate.threshold_high,
        "threshold_inclusive": predicate.threshold_inclusive,
        "threshold_high_inclusive": predicate.threshold_high_inclusive,
        "threshold_set": _json(predicate.threshold_set),
        "threshold_text": words if isinstance(words, str) else _json(words),
        "unit": predicate.unit,
        "unit_text": predicate.unit_text,
        "alternatives": _json(predicate.alternatives or None),
        "canonical_threshold": predicate.canonical_threshold,
        "canonical_threshold_high": predicate.canonical_threshold_high,
        "canonical_unit": predicate.canonical_unit,
        "warnings": _json(predicate.warnings or None),
        "value_text": predicate.value_text,
        "value_start": predicate.value_start,
        "value_end": predicate.value_end,
        "negated": predicate.negated,
        "effect": predicate.effect,
        **(_window(predicate.temporal) if predicate.temporal else {}),
        "windows": _json(predicate.windows or None),
        "modifiers": _json(predicate.modifiers or None),
        "condition": predicate.condition,
        "condition_start": predicate.condition_start,
        "condition_end": predicate.condition_end,
        "condition_predicates": _json(
            [_filled(plain(each)) for each in predicate.condition_predicates] or None
        ),
        "exceptions": _json(predicate.exceptions or None),
        "start": entity.start,
        "end": entity.end,
        "confidence": predicate.confidence,
        "entity_name": entity.name,
        "concept_system": concept.system if concept else None,
        "concept_code": concept.code if concept else None,
        "concept_name": concept.name if concept else None,
        "concept_match": concept.match if concept else None,
        "concept_score": concept.score if concept else None,
        "concept_xrefs": _json(entity.xrefs or None),
    }


def _filled(value: Any) -> Any:
    """Return a plain predicate without its null and empty fields; its effect is always kept."""
    if isinstance(value, dict):
        return {
            key: _filled(each) for key, each in value.items() if each not in (None, []) or key == "effect"
        }
    return value


def _window(window: Window) -> Row:
    return {
        "temporal_text": window.text,
        "temporal_start": window.start,
        "temporal_end": window.end,
        "temporal_direction": window.direction,
        "temporal_low": _length(window.low),
        "temporal_high": _length(window.high),
        "temporal_strict": window.strict,
        "temporal_anchor": window.anchor,
        "temporal_alternatives": _json(window.alternatives or None),
        "temporal_whichever": window.whichever,
    }


def _length(length: Length | None) -> str | None:
    return _json(length) if isinstance(length, Count) else length


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(plain(value), ensure_ascii=False)
