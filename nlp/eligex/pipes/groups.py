"""The criteria of a Doc as spans in ``doc.spans``, where spaCy's own tools look for spans.

The id of a span (``span.id_``) is that of its criterion or predicate in ``doc._.criteria``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Span, SpanGroup

from eligex.pipes.doc import token_starts
from eligex.schema import Criterion, Predicate

CRITERIA, VALUES = "eligex_criteria", "eligex_values"
WINDOWS, CONDITIONS = "eligex_windows", "eligex_conditions"
GROUPS = (CRITERIA, VALUES, WINDOWS, CONDITIONS)
Row = tuple[int, int, str, str]
"""Start and end by characters, the label, and the id."""


def write_groups(doc: Doc, criteria: Iterable[Criterion]) -> None:
    """Write the criteria, values, windows and conditions of ``doc`` as groups of spans.

    A label says the type of a criterion, the comparator of a value, or the direction of a window.  What
    several predicates share has a span for each of them.
    """
    starts = token_starts(doc)
    for name, rows in rows_of(criteria).items():
        spans: list[Span] = []
        if rows:
            first = (starts.searchsorted([row[0] for row in rows], "right") - 1).tolist()
            last = starts.searchsorted([row[1] for row in rows], "left").tolist()
            spans = [
                Span(doc, begin, end, label=row[2], span_id=row[3])
                for begin, end, row in zip(first, last, rows, strict=True)
            ]
        doc.spans[name] = SpanGroup(doc, name=name, spans=spans)


def rows_of(criteria: Iterable[Criterion]) -> dict[str, list[Row]]:
    """Return the rows of each group, in the order of the criteria."""
    found: dict[str, list[Row]] = {name: [] for name in GROUPS}
    for criterion in criteria:
        found[CRITERIA].append((criterion.start, criterion.end, criterion.type, criterion.id))
        for predicate in criterion.predicates:
            for name, start, end, label in _of(predicate):
                if start is not None and end is not None:
                    found[name].append((start, end, label, predicate.id))
    return found


def _of(predicate: Predicate) -> Iterator[tuple[str, int | None, int | None, str]]:
    yield VALUES, predicate.value_start, predicate.value_end, predicate.comparator or "value"
    for window in predicate.windows or ((predicate.temporal,) if predicate.temporal else ()):
        yield WINDOWS, window.start, window.end, window.direction
    yield CONDITIONS, predicate.condition_start, predicate.condition_end, "condition"
