"""Accounting: does the result account for every character of the section, and quote it exactly?

Measures
--------
accounted
    Non-blank characters of the section that lie in a criterion (marker included), a heading or an unparsed
    fragment, out of all.
counted once
    Non-blank characters that lie in exactly one of them, out of those that lie in any.
exact
    Quoted spans with ``text[start:end]`` equal to their text, out of all quoted spans.
records
    Trials with a result, out of all trials.
failed
    Results that are error records, out of all results.
"""

from __future__ import annotations

from eligex.schema import TrialCriteria

from ..counts import Share, Tally
from ..documents import Fragment
from ..predictions import Pair
from ..spans import quotations, regions, solid, sweep
from .base import DocumentScore, ErrorItem


class Accounting:
    """Every non-blank character accounted for, every quotation exact."""

    name = "accounting"
    rule = "non-blank characters in a criterion, heading or unparsed fragment; quoted text at its offsets"
    layer = None

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        return account(pair.document.text, pair.result)


def account(text: str, result: TrialCriteria) -> DocumentScore:
    """Account for one result."""
    first, last = max(result.source.start, 0), min(result.source.end, len(text))
    gaps, twice = sweep(regions(result), first, last)
    total = solid(text[first:last])
    missing = sum(solid(text[start:end]) for start, end in gaps)
    double = sum(solid(text[start:end]) for start, end in twice)
    errors = [_error(result, "not accounted for", text, span) for span in gaps if text[slice(*span)].strip()]
    errors += [
        _error(result, "accounted for twice", text, span) for span in twice if text[slice(*span)].strip()
    ]
    quotes = list(quotations(result))
    wrong = [(s, e, q) for s, e, q in quotes if text[s:e] != q]
    errors += [_error(result, "quotation not exact", text, (s, e), q) for s, e, q in wrong]
    tallies: dict[str, Tally] = {
        "accounted": Share(total - missing, total),
        "counted once": Share(total - missing - double, total - missing),
        "exact": Share(len(quotes) - len(wrong), len(quotes)),
        "failed": Share(int(result.error is not None), 1),
    }
    return DocumentScore(result.trial_id, tallies, tuple(errors))


def _error(
    result: TrialCriteria, kind: str, text: str, span: Fragment, quoted: str | None = None
) -> ErrorItem:
    written = repr(text[slice(*span)][:80])
    return ErrorItem(result.trial_id, kind, *span, written, None if quoted is None else repr(quoted[:80]))
