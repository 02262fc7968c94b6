"""The order in which a criterion is bound: limits, then windows, conditions, exceptions, modifiers, cues.

Each stage of ``ORDER`` takes what the ones before it decided and returns it with its own decisions; none
changes what it was given.  A head that is part of a window or a value leaves; a head that a condition
states becomes part of that condition; a head inside an exception stays and is exempt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from eligex.binding.attach import Relation, owner
from eligex.binding.avoidances import avoidances
from eligex.binding.bound import Bound, Inherited, denials_in, joined, modifier
from eligex.binding.cases import with_suspected
from eligex.binding.conditions import conditions, content_of, on_terms, without, without_timings
from eligex.binding.denials import denials
from eligex.binding.exemptions import exempted_cases, exemptions, stands_for_items
from eligex.binding.explanations import explanations
from eligex.binding.heads import Head, Row
from eligex.binding.inabilities import denying_all
from eligex.binding.instruments import instruments
from eligex.binding.labels import labels
from eligex.binding.limits import bind_limits
from eligex.binding.moments import is_now, now_and_then
from eligex.binding.needs import links_need, needed
from eligex.binding.owners import owners
from eligex.binding.recoveries import recoveries
from eligex.binding.refusals import refusals
from eligex.binding.sides import sides
from eligex.binding.stance import stance, told_examples
from eligex.binding.tree import SHARING, Piece, Shared, Tree, coordinated
from eligex.binding.windows import windows
from eligex.binding.words import (
    ADJECTIVE,
    INFECTION,
    IS_TREATED,
    KNOWN,
    NEGATING,
    PLANNABLE,
    PLANS,
    PRESENT,
    RESULTS,
    RULED_OUT,
    RULED_OUT_FOR,
    STANDS_FOR_CASES,
    TESTED_FOR,
)
from eligex.clauses.find import Clause
from eligex.language.connectors import HANGS_ON, HISTORY
from eligex.schema import CriterionType, Modifier, ModifierType

_MODIFIERS: dict[str, tuple[ModifierType, Relation]] = {
    "Qualifier": ("qualifier", "qualifier"),
    "Value": ("value", "value"),
    "Multiplier": ("multiplier", "multiplier"),
    "Temporal": ("temporal", "temporal"),
    "Mood": ("mood", "mood"),
    "Reference_point": ("reference", "mood"),
    "Negation": ("negation", "mood"),
}
"""What an entity that is not a head is to one, and the relation that finds the head, by label."""
Stage = Callable[[Tree, Bound], Bound]
_SIGNS = frozenset("+-−–")
"""Results that are written on what was tested: "ER+/PR-"."""
_ROUNDS = 3
"""Number of times a criterion is bound; that what is left has nothing to restrict is rare then."""
_STATUSES = frozenset({"historical", "family", "hypothetical", "planned", "temporal"})
"""Modifiers that say of when, or of whom, something is said."""
_GIVEN = frozenset({"Drug", "Procedure", "Device"})
_PAST = _GIVEN | {"Condition", "Visit", "Observation"}
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
    for _ in range(_ROUNDS):
        tree = Tree(piece)
        bound = Bound(inherited=above, section=section)
        for stage in ORDER if order is None else order:
            bound = stage(tree, bound)
        if not bound.refused:
            break
        piece = without(piece, bound.refused)
    return tree, bound


def exceptions(tree: Tree, bound: Bound) -> Bound:
    """Mark what an exception exempts, and list it at the heads that it is an exception to.

    An exempted case with a limit of its own is a condition as well: "AST ≤ 3, except [gout]: ≤ 5".
    """
    cases = dict(exempted_cases(tree, bound))
    if not tree.piece.excepts_by_rule and not cases:
        return bound
    row, main, unmarked = Row(bound.heads), Row(bound.heads), set(bound.heads)
    exempt: set[Head] = set()
    found: dict[Head, list[Head]] = defaultdict(list)
    for clause in tree.piece.clauses:
        if clause in cases:
            head = next(main.before(clause.start), None)
            inside = [row.add(each) for each in cases[clause]]
        elif clause.type == "exception":
            around = main.after(clause.end) if clause.governs == "right" else main.before(clause.start)
            head = _needing(tree, next(around, None), main, clause, row)
            if head is None and clause not in tree.permits.values():
                continue
            inside = _exempted(tree, bound, row, clause, head.label if head else "Observation")
        else:
            continue
        if not inside:
            continue
        for each in inside:
            if each in unmarked:
                main.remove(each)
                unmarked.remove(each)
            exempt.add(each)
        for member in tree.listed(main, head, "exception", clause.start) if head else ():
            found[member].extend(inside)
    return bound._replace(heads=tuple(row.heads), exempt=frozenset(exempt), exceptions=joined({}, found))


def _needing(tree: Tree, head: Head | None, main: Row, clause: Clause, row: Row) -> Head | None:
    """Return what an exception is to: not what a disease needs, where it exempts something of another kind.

    "Cancer requiring *surgery*, except basal cell carcinoma" is an exception to the cancer.
    """
    before = None if head is None else next(main.before(head.start), None)
    inside = next(iter(row.within(clause.content_start, clause.content_end)), None)
    if head is None or before is None or inside is None or clause.governs == "right":
        return head
    apart = inside.label == "Condition" and head.label != "Condition"
    return before if apart and links_need(tree.text, before.end, head.start) else head


def _exempted(tree: Tree, bound: Bound, row: Row, clause: Clause, label: str) -> list[Head]:
    """Return the heads in an exception; without one, what its condition names, or its words as a new head.

    Nothing where its words stand for something else: for people, or for the items below.
    """
    start, end = clause.content_start, min(clause.content_end, tree.end)
    if inside := row.within(clause.content_start, clause.content_end):
        return inside
    if clause.permits and clause.cue_start < start:  # "the patient may receive [it]"
        return []
    if _asks_people(tree, bound, clause) or stands_for_items(tree, clause):
        return []
    if not any(map(str.isalnum, tree.text[start:end])):
        return []
    named: set[Head] = set()
    if clause.permits:
        stated = chain.from_iterable(bound.stated.values())
        named = {each for each in stated if start <= each.start < end and each.label != "Person"}
    if not named and STANDS_FOR_CASES.fullmatch(tree.text, start, end):
        return []
    return [row.add(each) for each in sorted(named) or [Head(start, end, label, "phrase")]]


def _asks_people(tree: Tree, bound: Bound, clause: Clause) -> bool:
    """Whether a permission only says of whom its terms are asked: "[women] are eligible if *sterile*"."""
    named = (*tree.piece.mentions, *tree.piece.named)
    people = any(each.start == clause.content_start and each.label == "Person" for each in named)
    return people and content_of(clause) in bound.stated


def modifiers(tree: Tree, bound: Bound) -> Bound:
    """Attach qualifiers, moods, multipliers and values that are not quantities to their heads.

    What stands before the first member of a list is said of all members up to one that is described itself;
    what stands before a later member is said of this one alone: "[active] gout, [severe] asthma, or angina",
    and of those that share their noun: "[severe] hepatic or renal disease".
    """
    row = Row(bound.heads)
    found = _of_needs(tree, row)
    owned = list(_owned(tree, row))
    if not owned and not found:
        return bound
    first: dict[Head, int] = {}
    described: set[Head] = set()
    for head, each in owned:
        if each.start < head.start:
            first.setdefault(head, each.start)
            if each.type == "qualifier":
                described.add(head)
    for head, each in owned:
        if each.text in _SIGNS:
            found[head].append(each)
            continue
        members = tree.listed(row, head, _shared_as(tree, head, each), each.start)
        if each.start < head.start and _later_member(row, head, first[head], tree):
            members = _of_one_noun(tree, members)
        for member in members:
            if member != head and each.type == "qualifier" and member in described:
                break
            if member != head and is_now(each.text) and now_and_then(tree, head, member):
                continue
            if member != head and not _reaches(tree, row, member, each):
                continue
            if (member in bound.exempt) == (head in bound.exempt):  # "except [mild] asthma, any lung disease"
                found[member].append(each)
    return bound._replace(modifiers=joined(bound.modifiers, found))


def _shared_as(tree: Tree, head: Head, said: Modifier) -> Shared:
    """Return how unlike things share what stands before them: what is known, or what a test shows."""
    if said.end > head.start:
        return "modifier"
    tested = said.type == "value" and TESTED_FOR.fullmatch(tree.text, said.end, head.start)
    return "knowledge" if tested or said.text.lower() in KNOWN else "modifier"


def _of_one_noun(tree: Tree, members: Sequence[Head]) -> list[Head]:
    """Return the first of some members and those with its noun: "[hepatic] or [renal disease], gout"."""
    for place, each in enumerate(members, start=1):
        if " " in tree.text[each.start : each.end] or not ADJECTIVE.fullmatch(
            tree.text, each.start, each.end
        ):
            return list(members[:place])
    return list(members[:1])


def _of_needs(tree: Tree, row: Row) -> defaultdict[Head, list[Modifier]]:
    """Return what things need, each of the nearest alone: "stroke, aneurysm [requiring repair]"."""
    found: defaultdict[Head, list[Modifier]] = defaultdict(list)
    for span in needed(tree, row):
        head = next(row.before(span[0]), None)
        if head is not None and not tree.taken(*span):
            found[head].append(modifier(tree.text, span, "qualifier"))
    return found


def _owned(tree: Tree, row: Row) -> Iterator[tuple[Head, Modifier]]:
    """Yield what narrows a head, in text order, with the head that stands next to it."""
    for mention in tree.piece.mentions:
        span = (mention.start, mention.end)
        if mention.label not in _MODIFIERS or tree.taken(*span) or row.overlapping(*span):
            continue
        kind, relation = _MODIFIERS[mention.label]
        if kind == "qualifier" and tree.text[slice(*span)].lower() in RESULTS:
            kind = "value"
        if (head := owner(tree, row, relation, span)) is not None:
            yield head, modifier(tree.text, span, kind)


def _later_member(row: Row, head: Head, start: int, tree: Tree) -> bool:
    """Whether a head whose description begins at ``start`` follows another member of its list."""
    before = next(row.before(head.start), None)
    return before is not None and coordinated(
        tree.text[before.end : start], before.label, head.label, "modifier"
    )


def names(tree: Tree, bound: Bound) -> Bound:
    """Let a condition state what it names, where nothing in it is an entity."""
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


def cues(tree: Tree, bound: Bound) -> Bound:
    """Read the context cues of every head, and the negation that the criterion above passes on."""
    found: dict[Head, list[Modifier]] = defaultdict(list)
    row, negated, exempt = Row(bound.heads), set(bound.negated), set(bound.exempt)
    for head in dict.fromkeys(chain(bound.heads, *bound.stated.values())):  # a case may be asked for, too
        for cue in tree.piece.cues.get((head.start, head.end), ()):
            if cue.category == "permission":
                exempt.add(head)
            elif cue.category in _CUES:
                said = modifier(tree.text, (cue.start, cue.end), _CUES[cue.category])
                if not _reaches(tree, row, head, said) or _is_said(bound.modifiers.get(head, ()), said):
                    continue
                found[head].append(said)
                if cue.category == "negation":
                    negated.add(head)
    if (passed := bound.inherited.negation) is not None:
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
    labels_of = _GIVEN if IS_TREATED.match(status.text) else _PAST
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


def _reaches(tree: Tree, row: Row, member: Head, said: Modifier) -> bool:
    """Whether what is said of the members of a list before them is said of this one: nobody has a history of
    *current* asthma, or plans epilepsy, or what is denied: "planning pregnancy or *not* using contraception".
    """
    if not row.within(said.end, member.start):
        return True
    between = tree.words(said.end, member.start)
    if said.type == "historical":
        return PRESENT.isdisjoint(between[-1:])
    if said.type in ("planned", "mood") and PLANS.match(said.text):
        ill = member.label == "Condition" and not PLANNABLE.search(tree.text, member.start, member.end)
        return not ill and NEGATING.isdisjoint(between)
    return True


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


def results(tree: Tree, bound: Bound) -> Bound:
    """Negate what a result rules out, with its list: "negative for [A or B]", "[HIV] negative"."""
    found = ((head, each) for head, given in bound.modifiers.items() for each in given)
    ruling = {each for head, each in found if _rules_out(tree, head, each)}
    if not ruling:
        return bound
    modifiers = {
        head: tuple(replace(each, type="negation") if each in ruling else each for each in given)
        for head, given in bound.modifiers.items()
    }
    ruled_out = {head for head, given in bound.modifiers.items() if not ruling.isdisjoint(given)}
    return bound._replace(modifiers=modifiers, negated=bound.negated | ruled_out)


def _rules_out(tree: Tree, head: Head, result: Modifier) -> bool:
    if result.type != "value" or result.text.lower() not in RULED_OUT:
        return False
    if result.start < head.start:
        return RULED_OUT_FOR.match(tree.text, result.end) is not None
    return INFECTION.fullmatch(tree.text, head.start, head.end) is not None


def negations(tree: Tree, bound: Bound) -> Bound:
    """Negate what a negated entity takes along: its complement, a list of them, and its examples.

    "no allergy to penicillin", "never treated with A or B", "no diuretics such as A and B".
    """
    if not bound.negated:
        return bound
    negated, modifiers = set(bound.negated), dict(bound.modifiers)
    for general, example in told_examples(tree, bound):
        if general in negated and example not in negated:
            modifiers[example] = (*modifiers.get(example, ()), *denials_in(modifiers.get(general, ())))
            negated.add(example)
    spread: Head | None = None
    for left, right in pairwise(bound.main):
        if right in negated or left not in negated:
            continue
        gap = tree.text[left.end : right.start]
        said = denying_all(modifiers.get(left, ()), left.label, right.label, gap)
        if not said and modifiers.get(left):
            continue
        listed = left is spread and coordinated(gap, left.label, right.label, "negation")
        hangs = HANGS_ON.fullmatch(gap) or links_need(gap, 0, len(gap))
        if listed or hangs or _examples(tree, bound, left, right):
            modifiers[right] = (*modifiers.get(right, ()), *said)
            negated.add(right)
            spread = right
    return bound._replace(negated=frozenset(negated), modifiers=modifiers)


def _examples(tree: Tree, bound: Bound, left: Head, right: Head) -> bool:
    """Whether ``right`` is an example of ``left``: "diuretics, e.g. furosemide"."""
    same = tree.sentence(left.start) == tree.sentence(right.start)
    alike = SHARING["negation"].alike(left.label, right.label) and right not in bound.limits
    return same and alike and tree.link(left, right).connector.kind == "covers"


ORDER: tuple[Stage, ...] = (
    bind_limits,  # what a limit measures, before anything is read as a circumstance of it
    owners,  # right after the rules, whose proposals it settles
    labels,  # right after limits: it gives the label a limit that found no head
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
    passed_status,  # last: what is exempt has none
)
"""The order of the stages; the comments say why."""
