"""eligex's segmenter alone: headings, criteria and what is left over; fast enough for a whole registry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from eligex.layout.segment import segment
from eligex.schema import Criterion, TrialCriteria

from ..documents import Input
from ..predictions import empty_result


class Segmenter:
    """Criteria without predicates."""

    name = "segmenter"

    def predict(self, inputs: Iterable[Input]) -> Iterator[TrialCriteria]:
        """Yield a result for every input."""
        for item in inputs:
            parts = segment(item.text)
            criteria = tuple(
                Criterion(s.id, s.type, item.text[s.start : s.end], s.start, s.end, s.marker, s.marker_start)
                for s in parts.criteria
            )
            base = empty_result(item.id, item.text)
            yield replace(base, headings=parts.headings, criteria=criteria, unparsed=parts.unparsed)
