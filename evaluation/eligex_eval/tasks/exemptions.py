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

from functools import partial

from ..counts import Share, Tally
from ..documents import Exemption, Fragment, overlap
from ..matching import maximum_matching
from ..predictions import Pair
from .base import DocumentScore, Side, disagreement, in_order, one_to_one, unmatched
from .predicates import Index, condition_span, entity_span, value_span


class Exemptions:
    """Exceptions, and limits of subgroups."""

    name = "exemptions"
    rule = "exempted entities and pairs by overlap, one to one; limits of subgroups with their condition"
    layer = "exemptions"

    def score(self, pair: Pair) -> DocumentScore:
        """Score one document."""
        gold = list(pair.document.gold.exemptions or ())
        things = list(dict.fromkeys(e.exempted for e in gold))
        index = Index(pair.result)
        allowed = [entity_span(p) for p in index.predicates if p.effect == "allow"]
        said = [Exemption((entity_span(p),), (span,)) for p in index.predicates for span in index.exempted(p)]
        found = maximum_matching(things, allowed, _overlaps)
        pairs = maximum_matching(gold, said, _same_pair)
        limits = pair.document.gold.subgroup_limits
        bare = [limit for limit in limits if not _conditioned(index, *limit)]
        tallies: dict[str, Tally] = {
            "exempted": one_to_one(len(things), len(allowed), len(found.pairs)),
            "exception": one_to_one(len(gold), len(said), len(pairs.pairs)),
            "subgroup limits": Share(len(limits) - len(bare), len(limits)),
        }
        key, text = pair.document.id, pair.document.text
        kinds = "exception missed", "exception spurious"
        errors = unmatched(key, pairs, gold, said, partial(_side, text=text), kinds)
        errors += [
            disagreement(
                key,
                "subgroup limit without its condition",
                (f"{text[slice(*value)]!r} if {text[slice(*group)]!r}", (value, group)),
            )
            for value, group in bare
        ]
        return DocumentScore(key, tallies, in_order(errors))


def _overlaps(spans: tuple[Fragment, ...], span: Fragment) -> bool:
    return any(overlap(own, span) for own in spans)


def _same_pair(gold: Exemption, said: Exemption) -> bool:
    return _overlaps(gold.exempted, said.exempted[0]) and _overlaps(gold.source, said.source[0])


def _conditioned(index: Index, value: Fragment, group: Fragment) -> bool:
    """Tell whether a predicate with this value has a condition that overlaps the subgroup."""
    return any(
        (span := value_span(p)) is not None
        and overlap(span, value)
        and (condition := condition_span(p)) is not None
        and overlap(condition, group)
        for p in index.predicates
    )


def _side(item: Exemption, text: str) -> Side:
    source, exempted = (
        " | ".join(repr(text[slice(*span)]) for span in spans) for spans in (item.source, item.exempted)
    )
    return f"{source} except {exempted}", (*item.exempted, *item.source)
