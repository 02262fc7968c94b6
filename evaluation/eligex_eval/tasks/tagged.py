"""Predicates by the phenomenon of their criterion, for a corpus whose criteria are tagged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..counts import Share
from ..predictions import Pair
from .predicates import levels, matched

Tags = Mapping[str, Mapping[str, tuple[str, ...]]]


def by_tag(pairs: Iterable[Pair], tags: Tags) -> dict[str, dict[str, int]]:
    """Return, for each phenomenon, its criteria, its gold predicates, and those of them that are right.

    ``tuple`` and ``exact`` are as in :mod:`.predicates` (``exact`` with an overlapping entity); ``criteria
    right`` are those all of whose gold predicates are.
    """
    table: dict[str, dict[str, int]] = {}
    for pair in pairs:
        found = matched(pair)
        tests = dict(levels(found.parts))
        partner = {gold.id: said for gold, said in found.pairs}
        for criterion in pair.annotated.criteria:
            judged = [(p, partner.get(p.id)) for p in criterion.predicates]
            right = {
                name: sum(said is not None and tests[rule](gold, said) for gold, said in judged)
                for name, rule in (("tuple", "tuple"), ("exact", "exact, entity overlaps"))
            }
            whole = bool(judged) and right["exact"] == len(judged)
            for name in tags.get(pair.document.id, {}).get(criterion.id, ()):
                row = table.setdefault(
                    name, dict.fromkeys(("criteria", "criteria right", "predicates", "tuple", "exact"), 0)
                )
                row["criteria"] += 1
                row["criteria right"] += whole
                row["predicates"] += len(judged)
                row["tuple"] += right["tuple"]
                row["exact"] += right["exact"]
    return dict(sorted(table.items()))


def share(row: Mapping[str, int], name: str) -> Share:
    """Return a share of the table.

    >>> share({"predicates": 4, "tuple": 3}, "tuple").value
    0.75
    """
    return Share(row[name], row["criteria" if name == "criteria right" else "predicates"])
