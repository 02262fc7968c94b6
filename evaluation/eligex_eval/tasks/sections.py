"""Section type: is each predicted criterion in the section that its heading says?

Truth are the regions under plain heading lines (see ``corpora.sections``), independent of any system.  A
criterion in a region whose heading is unclear, or under no heading, is counted and left out.  ``characters``
weighs by text: of all non-blank characters under a plain heading, how many lie in a criterion of that type
(or in a heading or unparsed fragment, which belong to neither).
"""

from __future__ import annotations

from ..counts import Share
from ..documents import Region
from ..predictions import Pair
from ..spans import regions as account_regions
from ..spans import solid, sweep
from .base import DocumentScore, ErrorItem


class SectionType:
    """Inclusion or exclusion of predicted criteria."""

    name = "section-type"
    rule = "each predicted criterion against the plain heading line above it; unclear regions left out"
    layer = "regions"

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        regions = pair.document.gold.regions or ()
        text = pair.document.text
        right = total = unclear = good = asked = 0
        errors = []
        for criterion in pair.result.criteria:
            region = _region(regions, criterion.start)
            size = solid(criterion.text)
            if region is None or region.type is None:
                unclear += 1
                continue
            total += 1
            asked += size
            if criterion.type == region.type:
                right += 1
                good += size
            else:
                kind = f"{region.type} as {criterion.type}"
                place = (criterion.start, criterion.end)
                errors.append(ErrorItem(pair.document.id, kind, *place, region.type, criterion.type))
        gaps, _ = sweep(account_regions(pair.result), 0, len(text))
        missing = sum(
            solid(text[max(gap[0], region.start) : min(gap[1], region.end)])
            for gap in gaps
            for region in regions
            if region.type is not None
        )
        tallies = {
            "criteria": Share(right, total),
            "characters": Share(good, asked + missing),
            "under an unclear heading": Share(unclear, unclear + total),
        }
        return DocumentScore(pair.document.id, tallies, tuple(errors))


def _region(regions: tuple[Region, ...], position: int) -> Region | None:
    return next((region for region in regions if region.start <= position < region.end), None)
