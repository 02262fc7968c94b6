"""The order in which a criterion is bound: limits, then windows, conditions, exceptions, modifiers, cues.

Each stage of ``ORDER`` takes what the ones before it decided and returns it with its own decisions; none
changes what it was given.  A head that is part of a window or a value leaves; a head that a condition
states becomes part of that condition; a head inside an exception stays and is exempt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eligex.binding.avoidances import avoidances
from eligex.binding.bound import Bound, Inherited
from eligex.binding.cases import with_suspected
from eligex.binding.conditions import conditions, on_terms, without, without_timings
from eligex.binding.cues import cues, histories, passed_status
from eligex.binding.denials import denials
from eligex.binding.exceptions import exceptions
from eligex.binding.exemptions import exemptions
from eligex.binding.explanations import explanations
from eligex.binding.heads import Head
from eligex.binding.indifference import unlimited
from eligex.binding.instruments import instruments
from eligex.binding.labels import labels
from eligex.binding.limits import bind_limits
from eligex.binding.modifiers import modifiers
from eligex.binding.negations import negations, results
from eligex.binding.owners import owners
from eligex.binding.pointers import pointers
from eligex.binding.recoveries import recoveries
from eligex.binding.refusals import refusals
from eligex.binding.sides import sides
from eligex.binding.stance import stance
from eligex.binding.tree import Piece, Tree
from eligex.binding.windows import windows
from eligex.schema import CriterionType

Stage = Callable[[Tree, Bound], Bound]
_ROUNDS = 3
"""Number of times a criterion is bound; that what is left has nothing to restrict is rare then."""


def settle(
    piece: Piece,
    above: Inherited,
    order: Sequence[Stage] | None = None,
    *,
    section: CriterionType = "inclusion",
) -> tuple[Tree, Bound]:
    """Bind a criterion, and again without the conditions that turned out to restrict nothing.

    Without them other words are in one list, and limits can belong to other heads.

    Parameters
    ----------
    piece, above
        The criterion, and what its parent passes on.
    order
        ``ORDER`` unless a training wants to see what some stage sees.
    section
        The kind of criteria that it is among.
    """
    piece = without_timings(with_suspected(piece))
    for left in reversed(range(_ROUNDS)):
        tree = Tree(piece)
        bound = Bound(inherited=above, section=section)
        for stage in ORDER if order is None else order:
            bound = stage(tree, bound)
            if left and bound.refused:  # all that is decided so far, and after it, is decided anew
                break
        if not bound.refused:
            break
        piece = without(piece, bound.refused)
    return tree, bound


def names(tree: Tree, bound: Bound) -> Bound:
    """Let a condition state what it names, where nothing in it is an entity."""
    if not bound.stated:
        return bound
    found = dict(bound.stated)
    for (start, end), heads in bound.stated.items():
        more = [
            Head(each.start, each.end, each.label)
            for each in tree.piece.named
            if start <= each.start
            and each.end <= end
            and not any(each.start < head.end and head.start < each.end for head in heads)
        ]
        found[start, end] = (*heads, *more)
    return bound._replace(stated=found) if found != bound.stated else bound


ORDER: tuple[Stage, ...] = (
    bind_limits,  # what a limit measures, before anything is read as a circumstance of it
    owners,  # right after the rules, whose proposals it settles
    labels,  # right after limits: it gives the label a limit that found no head
    unlimited,
    instruments,  # right after all that gives limits: a window behind a scale is the measured thing's
    windows,  # before conditions, so that what a condition states has its windows
    conditions,  # before exceptions and modifiers, which must not attach to what a condition states
    on_terms,  # right after conditions, which leave out what is asked
    names,  # right after conditions: cues and negations apply to what conditions name
    exceptions,
    modifiers,
    cues,
    histories,  # after cues: a history passes its negation on
    results,
    negations,
    explanations,  # after negations: what explains a negated thing is negated, too
    denials,  # right after them, to which it adds
    recoveries,  # after both, whose negations it takes back
    avoidances,  # after negations: what is denied itself goes on to no other
    refusals,  # after all negations, which it adds to, and turns behind "excluded if"
    stance,  # after negations: a negation that opens a statement forbids
    exemptions,  # after all that it reads
    sides,  # after both: what is negated or exempt has no side
    passed_status,  # what is exempt has none
    pointers,  # last: what a sentence lets in is the case of the next one
)
"""The order of the stages; the comments say why."""
