"""The state of a criterion while it is bound: its heads, and what belongs to each.

The data that the stages of :mod:`eligex.binding.stages` pass on; this module decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeVar

from eligex.binding.heads import Head
from eligex.binding.tree import Span
from eligex.clauses.find import Clause
from eligex.schema import CriterionType, Modifier, ModifierType, Predicate, Quantity, Window

Item = TypeVar("Item")
Table = Mapping[Head, tuple[Item, ...]]
Doubted = tuple[str, Head]
Found = Literal["paired", "named", "previous", "near", "phrase", "scale"]
"""How the head of a limit is found: as the n-th of a list whose n-th limit it is, named by the limit, as that
of the limit before, beside it, as a noun phrase there, or as the scale of the limit alone.
"""


class Limit(NamedTuple):
    """A quantity bound to a head, the condition that limits this one limit, and how likely it is the head's.

    ``how`` is how the rules found the head, None if they found none.
    """

    quantity: Quantity
    cost: float
    condition: Span | None = None
    chance: float = 1.0
    how: Found | None = None


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a list's introduction says about every item of the list.

    ``stated`` comes from its condition; ``demands`` says that it demands what the items name ("Must not
    have:"), ``exempts`` that it exempts them ("No cancer, except:"); ``label`` are the things that a limit
    without an entity of its own is about ("BMI:"); ``status`` is a past, or another person, of which all of
    them are said ("History of:").
    """

    windows: tuple[Window, ...] = ()
    condition: Span | None = None
    stated: tuple[Predicate, ...] = ()
    negation: Span | None = None
    demands: bool = False
    exempts: bool = False
    label: tuple[Head, ...] = ()
    status: Modifier | None = None


_NOTHING: Mapping[Head, tuple[()]] = MappingProxyType({})


class Bound(NamedTuple):
    """The heads of a criterion and what belongs to each.

    ``stated`` holds what a condition itself states, by the span of its content; its heads are not among
    ``heads``.  ``refused`` are the conditions that restrict nothing; ``demanded`` are the heads of statements
    that demand, whatever list they stand in, ``admitted`` are those of the terms on which people take part.
    ``section`` is the kind of criteria that it is among; ``below`` is the head whose limits are in a table.
    """

    heads: tuple[Head, ...] = ()
    limits: Table[Limit] = _NOTHING
    windows: Table[Window] = _NOTHING
    modifiers: Table[Modifier] = _NOTHING
    exceptions: Table[Head] = _NOTHING
    conditions: Mapping[Head, Span] = MappingProxyType({})
    stated: Mapping[Span, tuple[Head, ...]] = MappingProxyType({})
    refused: frozenset[Clause] = frozenset()
    exempt: frozenset[Head] = frozenset()
    negated: frozenset[Head] = frozenset()
    demanded: frozenset[Head] = frozenset()
    admitted: frozenset[Head] = frozenset()
    inherited: Inherited = Inherited()
    section: CriterionType = "inclusion"
    doubts: Mapping[Doubted, float] = MappingProxyType({})
    below: Head | None = None

    @property
    def main(self) -> list[Head]:
        """The heads that are not exempt."""
        return [head for head in self.heads if head not in self.exempt]

    def without(self, heads: Collection[Head]) -> Bound:
        """Return it without heads of which nothing is said, and with no limits or windows of theirs."""
        if not heads:
            return self
        return self._replace(
            heads=tuple(head for head in self.heads if head not in heads),
            limits={head: limits for head, limits in self.limits.items() if head not in heads},
            windows={head: windows for head, windows in self.windows.items() if head not in heads},
        )

    def stating(self, heads: Collection[Head], other: Bound) -> Bound:
        """Return it with what ``other`` says of heads that a condition here states."""
        return self._replace(
            limits={**self.limits, **_of(other.limits, heads)},
            windows={**self.windows, **_of(other.windows, heads)},
            modifiers={**self.modifiers, **_of(other.modifiers, heads)},
            negated=self.negated | other.negated.intersection(heads),
        )


def _of(table: Table[Item], heads: Collection[Head]) -> Table[Item]:
    """Return what a table has of some heads."""
    return {head: table[head] for head in heads if head in table}


def doubted(
    known: Mapping[Doubted, float], relation: str, chances: Iterable[tuple[Head, float]]
) -> Mapping[Doubted, float]:
    """Return the doubts with those about some decisions, each given by its head and probability."""
    found = dict(known)
    for head, chance in chances:
        doubt = 1.0 - abs(2.0 * chance - 1.0)
        found[relation, head] = max(found.get((relation, head), 0.0), doubt)
    return found


def joined(table: Table[Item], more: Mapping[Head, Sequence[Item]]) -> Table[Item]:
    """Return ``table`` with ``more`` appended to its values."""
    if not more:
        return table
    return {head: (*table.get(head, ()), *more.get(head, ())) for head in {**table, **more}}


def denials_in(given: Iterable[Modifier]) -> Iterator[Modifier]:
    """Yield the modifiers that negate."""
    return (each for each in given if each.type == "negation")


def modifier(text: str, span: Span, kind: ModifierType) -> Modifier:
    """Return the words at ``span`` as a modifier."""
    return Modifier(text[slice(*span)], *span, kind)
