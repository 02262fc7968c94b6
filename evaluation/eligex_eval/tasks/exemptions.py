"""Exceptions and limits of subgroups against LCT's Exception events and If-Then relations.

Measures
--------
exempted
    Entities that the annotation exempts against entities whose predicate has the effect ``allow``, one to
    one by overlap.
exception
    Pairs of what is exempted from and what is exempted, both overlapping.  An exempted entity that no
    predicate names as its exception has no pair.  The corpus marks "other than" and "except" throughout, but
    seldom "… is permitted", so precision is a lower bound.
subgroup limits
    Of the annotated limits that hold for a subgroup only ("< 26 kg in men"), those whose predicate has a
    condition that overlaps the subgroup.  Other If-Then relations ("breastfeeding women") are not asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..counts import Counts, Share, Tally
from ..documents import Document, Exemption, Fragment, overlap
from ..matching import maximum_matching
from ..predictions import Pair
from .base import DocumentScore, ErrorItem
from .predicates import Index, condition_span, entity_span


@dataclass(frozen=True, slots=True)
class _Said:
    source: Fragment
    exempted: Fragment


def _any(spans: tuple[Fragment, ...], span: Fragment) -> bool:
    return any(overlap(own, span) for own in spans)


def _same_pair(gold: Exemption, said: _Said) -> bool:
    return _any(gold.exempted, said.exempted) and _any(gold.source, said.source)


class Exemptions:
    """Exceptions, and limits of subgroups."""

    name = "exemptions"
    rule = "exempted entities and pairs by overlap, one to one; limits of subgroups with their condition"

    def applies(self, document: Document) -> bool:
        """Tell whether the document has exemptions."""
        return document.gold.exemptions is not None

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        gold = list(pair.document.gold.exemptions or ())
        things = list(dict.fromkeys(e.exempted for e in gold))
        index = Index(pair.result)
        allowed = [entity_span(p) for p in index.predicates if p.effect == "allow"]
        said = [_Said(entity_span(p), span) for p in index.predicates for span in index.exempted(p)]
        found = maximum_matching(things, allowed, _any)
        pairs = maximum_matching(gold, said, _same_pair)
        limits = pair.document.gold.subgroup_limits
        right = [self.conditioned(index, value, group) for value, group in limits]
        n, m = len(found.pairs), len(pairs.pairs)
        tallies: dict[str, Tally] = {
            "exempted": Counts(len(things), len(allowed), n, n),
            "exception": Counts(len(gold), len(said), m, m),
            "subgroup limits": Share(sum(right), len(limits)),
        }
        errors = [_missed(pair.document, gold[i]) for i in pairs.missed]
        errors += [_spurious(pair.document, said[j]) for j in pairs.spurious]
        errors += [
            _limit(pair.document, value, group)
            for (value, group), ok in zip(limits, right, strict=True)
            if not ok
        ]
        return DocumentScore(pair.document.id, tallies, tuple(sorted(errors, key=lambda e: (e.start, e.end))))

    @staticmethod
    def conditioned(index: Index, value: Fragment, group: Fragment) -> bool:
        """Tell whether a predicate with this value has a condition that overlaps the subgroup."""
        for p in index.predicates:
            if (
                p.value_start is None
                or p.value_end is None
                or not overlap((p.value_start, p.value_end), value)
            ):
                continue
            span = condition_span(p)
            if span is not None and overlap(span, group):
                return True
        return False


def _missed(document: Document, gold: Exemption) -> ErrorItem:
    spans = (*gold.exempted, *gold.source)
    words = f"{_words(document, gold.source)} except {_words(document, gold.exempted)}"
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    return ErrorItem(document.id, "exception missed", start, end, words, None, spans)


def _spurious(document: Document, said: _Said) -> ErrorItem:
    spans = (said.exempted, said.source)
    words = f"{_words(document, (said.source,))} except {_words(document, (said.exempted,))}"
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    return ErrorItem(document.id, "exception spurious", start, end, None, words, (), spans)


def _limit(document: Document, value: Fragment, group: Fragment) -> ErrorItem:
    words = f"{_words(document, (value,))} if {_words(document, (group,))}"
    start, end = min(value[0], group[0]), max(value[1], group[1])
    return ErrorItem(
        document.id, "subgroup limit without its condition", start, end, words, None, (value, group)
    )


def _words(document: Document, spans: tuple[Fragment, ...]) -> str:
    return " | ".join(repr(document.text[slice(*span)]) for span in spans)
