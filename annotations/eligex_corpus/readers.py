"""Two readings of the same sections, compared attribute by attribute.

Predicates are paired one to one where their entities overlap, those that agree in most attributes first.
"Where the entity agrees" are the pairs; an attribute that neither reader gives is left out of its row, so
that a row says how often two readers who meet the phenomenon decide alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eligex.schema import DOMAIN_LABELS
from eligex_corpus.problems import Record

Test = Callable[[Record, Record], bool]
_EMPTY_WORDS = frozenset(
    "the of a an with in or and to for who are is patients subjects participants".split()
)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What two readers said: both the same, the first, the second.

    ``pairs`` tells whether things were judged in pairs, so that their figure is a share and not an F1.
    """

    both: int
    first: int
    second: int
    pairs: bool = False

    @property
    def figure(self) -> float | None:
        """The F1, or the share of pairs; None where there is nothing.

        >>> Agreed(3, 4, 4).figure, Agreed(3, 4, 4, pairs=True).figure, Agreed(0, 0, 0).figure
        (0.75, 0.75, None)
        """
        return 2 * self.both / (self.first + self.second) if self.first + self.second else None


def compare(first: Iterable[Record], second: Iterable[Record]) -> dict[str, Agreed]:
    """Return the agreement by attribute over the documents that both have.

    Raises
    ------
    ValueError
        If a document has two texts.
    """
    others = {record["trial_id"]: record for record in second}
    pairs = [(one, others[one["trial_id"]]) for one in first if one["trial_id"] in others]
    for one, other in pairs:
        if one["text"] != other["text"]:
            raise ValueError(f"{one['trial_id']} has two texts; agreement needs the same text")
    found: dict[str, Agreed] = {}
    for title, labels, exact in (
        ("entity, strict", DOMAIN_LABELS, True),
        ("entity, overlapping", DOMAIN_LABELS, False),
        ("all 15 types, strict", None, True),
    ):
        found[title] = _total(_spans(one, other, labels, exact) for one, other in pairs)
    predicates = [(_predicates(one), _predicates(other)) for one, other in pairs]
    matched = [pair for mine, theirs in predicates for pair in match(mine, theirs)]
    sizes = [sum(map(len, side)) for side in zip(*predicates, strict=True)] or [0, 0]
    found["predicate found"] = Agreed(len(matched), sizes[0], sizes[1])
    for name, (given, same) in ATTRIBUTES.items():
        asked = [(a, b) for a, b in matched if given(a) or given(b)]
        found[name] = Agreed(sum(same(a, b) for a, b in asked), len(asked), len(asked), pairs=True)
    whole = sum(all(same(a, b) for _, same in ATTRIBUTES.values()) for a, b in matched)
    found["whole predicate"] = Agreed(whole, sizes[0], sizes[1])
    return found


def _total(rows: Iterable[Agreed]) -> Agreed:
    listed = list(rows)
    return Agreed(*(sum(getattr(row, name) for row in listed) for name in ("both", "first", "second")))


def _spans(one: Record, other: Record, labels: Sequence[str] | None, exact: bool) -> Agreed:
    a, b = ([e for e in side["entities"] if labels is None or e["label"] in labels] for side in (one, other))
    size, left, both = len(b), list(b), 0
    for entity in a:
        hit = next((each for each in left if _same_entity(entity, each, exact)), None)
        if hit is not None:
            left.remove(hit)
            both += 1
    return Agreed(both, len(a), size)


def _same_entity(one: Record, other: Record, exact: bool) -> bool:
    if one["label"] != other["label"]:
        return False
    if exact:
        return (one["start"], one["end"]) == (other["start"], other["end"])
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def _predicates(record: Record) -> list[Record]:
    return [p for criterion in record["criteria"] for p in criterion["predicates"]]


def match(first: Sequence[Record], second: Sequence[Record]) -> list[tuple[Record, Record]]:
    """Pair predicates whose entities overlap, one to one, those that agree in most attributes first."""
    ranked = sorted(
        (-sum(same(a, b) for _, same in ATTRIBUTES.values()), i, j)
        for i, a in enumerate(first)
        for j, b in enumerate(second)
        if a["entity"]["start"] < b["entity"]["end"] and b["entity"]["start"] < a["entity"]["end"]
    )
    taken: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for _, i, j in ranked:
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            pairs.append((first[i], second[j]))
    return pairs


def _threshold(p: Record) -> Any:
    ends = (p["threshold_inclusive"] is not False, p["threshold_high_inclusive"] is not False)
    closed = ends if p["comparator"] == "between" else None
    return p["threshold"], p["threshold_high"], tuple(p["threshold_set"] or ()), closed


def _windows(p: Record) -> list[str]:
    windows = p["windows"] or [w for w in (p["temporal"],) if w]
    return sorted(repr([w["direction"], w["low"], w["high"], w["strict"]]) for w in windows)


def _words(p: Record) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", (p["condition"] or "").lower())) - _EMPTY_WORDS


def _always(_: Record) -> bool:
    return True


ATTRIBUTES: Mapping[str, tuple[Callable[[Record], bool], Test]] = {
    "comparator": (lambda p: p["comparator"] is not None, lambda a, b: a["comparator"] == b["comparator"]),
    "threshold": (lambda p: p["threshold"] is not None, lambda a, b: _threshold(a) == _threshold(b)),
    "unit": (lambda p: p["comparator"] is not None, lambda a, b: a["unit"] == b["unit"]),
    "negation": (_always, lambda a, b: a["negated"] == b["negated"]),
    "effect": (_always, lambda a, b: a["effect"] == b["effect"]),
    "condition": (
        lambda p: p["condition"] is not None,
        lambda a, b: bool(_words(a) & _words(b)) or a["condition"] == b["condition"],
    ),
    "window": (lambda p: bool(_windows(p)), lambda a, b: _windows(a) == _windows(b)),
}
"""Attributes of a predicate: who has it, and what is the same.  Equal conditions share a content word."""


def table(found: Mapping[str, Agreed]) -> list[str]:
    """Return the rows of a Markdown table."""
    lines = ["| attribute | same | first reader | second reader | agreement |", "|---|--:|--:|--:|--:|"]
    for name, row in found.items():
        figure = "–" if row.figure is None else f"{row.figure:.3f}" + ("" if row.pairs else " (F1)")
        lines.append(f"| {name} | {row.both} | {row.first} | {row.second} | {figure} |")
    return lines
