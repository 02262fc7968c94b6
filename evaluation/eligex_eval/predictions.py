"""Pair predictions with documents, before anything is scored.

What cannot be scored is an error with the document's name in it: a prediction for an unknown document, two
predictions for one document, a span outside the text, a quoted text that is not at its offsets, a confidence
that is not between 0 and 1.  What can be scored but is not as it should be is counted and reported: a
document without a prediction scores as an empty one, a record that failed scores as an empty one, flat
spans that overlap are each scored.  With ``lenient`` the first kind is counted too, and every bad item
counts as a wrong prediction; nothing makes a score better silently.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from eligex.schema import Criterion, Entity, Predicate, Source, TrialCriteria

from .documents import Document
from .errors import PredictionError


@dataclass(frozen=True, slots=True)
class Prediction:
    """The prediction of a system for one document, and its cost.

    ``unplaced`` are the labels of entities that it named but that are nowhere in the text; they count as
    wrong.  ``unplaced_predicates`` counts predicates in the same case.  ``foreign`` are those of the unplaced
    labels that are none of the 15 types, ``left_out`` the labels that the user asked to leave out.
    """

    result: TrialCriteria
    unplaced: tuple[str, ...] = ()
    unplaced_predicates: int = 0
    seconds: float | None = None
    cost: float | None = None
    foreign: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A document and its prediction, ready to be scored."""

    document: Document
    prediction: Prediction

    @property
    def result(self) -> TrialCriteria:
        """The predicted result."""
        return self.prediction.result

    @property
    def annotated(self) -> TrialCriteria:
        """The annotated result, of a document that is annotated to the whole contract."""
        if self.document.gold.result is None:
            raise ValueError(f"{self.document.id} is not annotated to the whole contract")
        return self.document.gold.result


@dataclass(frozen=True, slots=True)
class Alignment:
    """All pairs, in the order of the documents, and the problems of the predictions."""

    pairs: tuple[Pair, ...]
    issues: tuple[tuple[str, str], ...] = field(default=())

    def issue_counts(self) -> dict[str, int]:
        """Count the issues by kind."""
        counts: dict[str, int] = {}
        for kind, _ in self.issues:
            counts[kind] = counts.get(kind, 0) + 1
        return counts


def empty_result(doc_id: str, text: str) -> TrialCriteria:
    """Return the result of a system that found nothing."""
    return TrialCriteria(doc_id, Source("text", None, None, 0, len(text)))


def align(
    documents: Sequence[Document],
    predictions: Iterable[TrialCriteria | Prediction],
    *,
    lenient: bool = False,
) -> Alignment:
    """Pair every document with its prediction.

    Raises
    ------
    PredictionError
        For predictions that cannot be scored, unless ``lenient``.
    """
    by_id = {document.id: document for document in documents}
    if len(by_id) < len(documents):
        raise PredictionError("two documents have the same id")
    found: dict[str, Prediction] = {}
    issues: list[tuple[str, str]] = []
    for item in predictions:
        prediction = item if isinstance(item, Prediction) else Prediction(item)
        key = prediction.result.trial_id
        problem = _misplaced(key, by_id, found)
        if problem is None:
            prediction, bad = _checked(prediction, by_id[key].text)
            if prediction.foreign and not lenient:
                label = prediction.foreign[0]
                raise PredictionError(
                    f"the label {label!r} is none of the 15 types", where=key, remedy=_NAME_IT.format(label)
                )
            issues += [(f"label that is none of the types: {name}", key) for name in prediction.foreign]
            issues += [(f"label left out on request: {name}", key) for name in prediction.left_out]
            issues += [(kind, key) for kind, _ in bad]
            found[key] = prediction
            if bad and not lenient:
                raise PredictionError(bad[0][1], where=key, remedy=_LENIENT)
            issues += _oddities(prediction.result, key)
        elif not lenient:
            raise PredictionError(problem, where=key, remedy=_LENIENT)
        else:
            issues.append((problem, key))
    pairs = []
    for document in documents:
        if document.id not in found:
            issues.append(("document without a prediction: scored as empty", document.id))
        pairs.append(
            Pair(document, found.get(document.id) or Prediction(empty_result(document.id, document.text)))
        )
    return Alignment(tuple(pairs), tuple(issues))


_NAME_IT = (
    "Say what it is with --map '{0}=Condition', or '{0}=-' to leave it out; "
    "or score leniently, where it is wrong."
)
_LENIENT = "Correct the predictions, or score leniently: bad items are then counted as wrong."


def _misplaced(key: str, by_id: dict[str, Document], found: dict[str, Prediction]) -> str | None:
    if key not in by_id:
        return "a prediction for an unknown document"
    return "a second prediction for one document" if key in found else None


def _oddities(result: TrialCriteria, key: str) -> Iterator[tuple[str, str]]:
    if result.error is not None:
        yield "record with an error: scored as it is", key
    spans = sorted((e.start, e.end) for e in result.entities)
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            yield "flat spans that overlap: each is scored", key


def _checked(prediction: Prediction, text: str) -> tuple[Prediction, list[tuple[str, str]]]:
    """Return the prediction without the parts that cannot be scored, and a list of these."""
    bad: list[tuple[str, str]] = []
    entities: list[Entity] = []
    unplaced = list(prediction.unplaced)
    for entity in prediction.result.entities:
        problem = span_problem(entity.start, entity.end, entity.text, text)
        if problem:
            bad.append((problem[0], f"entity {entity.text!r}: {problem[1]}"))
            unplaced.append(entity.label)
        else:
            entities.append(entity)
    lost = prediction.unplaced_predicates
    criteria: list[Criterion] = []
    for criterion in prediction.result.criteria:
        kept = []
        for predicate in criterion.predicates:
            problem = _predicate_problem(predicate, text)
            if problem:
                bad.append((problem[0], f"predicate {predicate.id}: {problem[1]}"))
                lost += 1
            else:
                kept.append(predicate)
        problem = span_problem(criterion.start, criterion.end, criterion.text, text)
        if problem:
            bad.append((problem[0], f"criterion {criterion.id}: {problem[1]}"))
        else:
            criteria.append(
                criterion
                if len(kept) == len(criterion.predicates)
                else replace(criterion, predicates=tuple(kept))
            )
    if not bad:
        return prediction, bad
    result = replace(prediction.result, entities=tuple(entities), criteria=tuple(criteria))
    return replace(prediction, result=result, unplaced=tuple(unplaced), unplaced_predicates=lost), bad


def _predicate_problem(predicate: Predicate, text: str) -> tuple[str, str] | None:
    """Return the problem of a predicate or of what its condition states, or None."""
    for each in (predicate, *predicate.condition_predicates):
        spans: list[tuple[int, int, str | None]] = [(each.entity.start, each.entity.end, each.entity.text)]
        if each.value_start is not None and each.value_end is not None:
            spans.append((each.value_start, each.value_end, each.value_text))
        for start, end, quoted in spans:
            if problem := span_problem(start, end, quoted, text):
                return problem
        if not (math.isfinite(each.confidence) and 0 <= each.confidence <= 1):
            return "confidence outside 0 to 1", f"confidence is {each.confidence}"
    return None


def span_problem(start: int, end: int, quoted: str | None, text: str) -> tuple[str, str] | None:
    """Return the problem of a span as (kind, detail), or None.

    >>> span_problem(0, 3, "abc", "abcd"), span_problem(2, 9, None, "abcd")
    (None, ('span outside the text', '2 to 9 in a text of 4 characters'))
    """
    if not 0 <= start < end <= len(text):
        return "span outside the text", f"{start} to {end} in a text of {len(text)} characters"
    if quoted is not None and text[start:end] != quoted:
        return (
            "quoted text is not at its offsets",
            f"{quoted[:40]!r} but the text has {text[start:end][:40]!r}",
        )
    return None
