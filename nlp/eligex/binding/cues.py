"""The stages that read context cues, and other words that say of when, or of whom, something is said.

Decides what a cue says of which head ("[no history of] gout"), what a "history" that was recognised as an
entity says of the entities after it, and to which items the status of their introduction applies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain

from eligex.binding.bound import Bound, denials_in, joined, modifier
from eligex.binding.heads import Head, Row
from eligex.binding.indifference import denied_limits
from eligex.binding.modifiers import reaches
from eligex.binding.tree import Tree
from eligex.binding.words import IS_TREATED, PRESENT
from eligex.language.connectors import HANGS_ON, HISTORY
from eligex.schema import TREATMENT_LABELS, Modifier, ModifierType

_STATUSES = frozenset({"historical", "family", "hypothetical", "planned", "temporal"})
"""Modifiers that say of when, or of whom, something is said."""
_PAST = TREATMENT_LABELS | {"Condition", "Visit", "Observation"}
"""What one can be treated with, and what one can have a history of."""
_CUES: dict[str, ModifierType] = {
    "negation": "negation",
    "historical": "historical",
    "family": "family",
    "hypothetical": "hypothetical",
    "uncertain": "hypothetical",
    "planned": "planned",
    "mood": "mood",
}


def cues(tree: Tree, bound: Bound) -> Bound:
    """Read the context cues of every head, and the negation that the criterion above passes on."""
    passed, known = bound.inherited.negation, tree.piece.cues
    asked = dict.fromkeys(chain(bound.heads, *bound.stated.values()))  # a case may be asked for, too
    told = [(head, cue) for head in asked for cue in known.get((head.start, head.end), ())]
    if not told and passed is None:
        return bound
    found: dict[Head, list[Modifier]] = defaultdict(list)
    row, negated, exempt = Row(bound.heads), set(bound.negated), set(bound.exempt)
    limits = tuple(denied_limits(tree))
    for head, cue in told:
        if any(start <= cue.start < end for start, end in limits):
            continue
        if cue.category == "permission":
            exempt.add(head)
        elif cue.category in _CUES:
            said = modifier(tree.text, (cue.start, cue.end), _CUES[cue.category])
            if not reaches(tree, row, head, said) or _is_said(bound.modifiers.get(head, ()), said):
                continue
            found[head].append(said)
            if cue.category == "negation":
                negated.add(head)
    if passed is not None:
        for head in bound.heads:
            if head not in negated:
                negated.add(head)
                found[head].append(modifier(tree.text, passed, "negation"))
    if not found and len(exempt) == len(bound.exempt):
        return bound
    return bound._replace(
        modifiers=joined(_unsaid(bound.modifiers, found), found),
        negated=frozenset(negated),
        exempt=frozenset(exempt),
    )


def passed_status(_tree: Tree, bound: Bound) -> Bound:
    """Say of every item what its introduction says of all, "[History of] any of these:", but of one that has
    a status of its own, or is exempt.
    """
    if (status := bound.inherited.status) is None:
        return bound
    labels_of = TREATMENT_LABELS if IS_TREATED.match(status.text) else _PAST
    found = {
        head: (status,)
        for head in bound.heads
        if head not in bound.exempt
        and head.label in labels_of
        and not any(
            each.type in _STATUSES or each.text.lower() in PRESENT for each in bound.modifiers.get(head, ())
        )
    }
    return bound._replace(modifiers=joined(bound.modifiers, found))


def _is_said(given: Sequence[Modifier], cue: Modifier) -> bool:
    """Whether a mood was recognised: "[able and willing] to fast"."""
    return cue.type == "mood" and any(each.start < cue.end and cue.start < each.end for each in given)


def _says_too(cue: Modifier, said: Modifier) -> bool:
    """Whether a cue says what a description says: "[prior]", "[planning] to" and "[plans to] undergo"."""
    if said.type == "mood" and cue.type == "planned":
        return cue.start == said.start
    return said.type == "qualifier" and cue.start <= said.start and said.end <= cue.end


def _unsaid(
    modifiers: Mapping[Head, tuple[Modifier, ...]], found: Mapping[Head, Sequence[Modifier]]
) -> dict[Head, tuple[Modifier, ...]]:
    """Return the modifiers without what a cue says, too: "[prior] surgery", "[planning] to walk"."""
    return {
        head: tuple(each for each in given if not any(_says_too(cue, each) for cue in found.get(head, ())))
        for head, given in modifiers.items()
    }


def histories(tree: Tree, bound: Bound) -> Bound:
    """Turn a "history" that was recognised as an entity into a modifier of the entities after it."""
    if not tree.has(("histor",)):
        return bound
    row = Row(bound.heads)
    found: dict[Head, list[Modifier]] = defaultdict(list)
    windows, negated = dict(bound.windows), set(bound.negated)
    for head in bound.heads:
        history = HISTORY.fullmatch(tree.text, head.start, head.end)
        after = next(row.after(head.end), None) if history and head not in bound.limits else None
        if history is None or after is None or not HANGS_ON.fullmatch(tree.text, head.end, after.start):
            continue
        said = [modifier(tree.text, (head.start, head.end), "family" if history["family"] else "historical")]
        denied = list(denials_in((*bound.modifiers.get(head, ()), *found[head])))
        for member in tree.listed(row, after, "modifier", head.start):
            found[member] += said
            if windows.get(head):
                windows[member] = windows.get(member) or windows[head]
            if head in negated and member not in negated:
                negated.add(member)
                found[member] += denied
        row.remove(head)
    return bound._replace(
        heads=tuple(row.heads),
        windows=windows,
        negated=frozenset(negated),
        modifiers=joined(bound.modifiers, found),
    )
