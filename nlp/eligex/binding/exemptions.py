"""The stage that settles what is exempt: "cancer, except melanoma", "inhaled steroids are allowed".

Decides which heads of a criterion have the effect "allow".  Exception clauses, the cues of permission and a
tagger propose; where they find something, the trained table says of every head how likely it is exempt.  The
tagger sees the criteria before and below as well, whose exception it may take to reach further: beside one,
what it alone saw is no reason to ask without words that tell of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from eligex.binding.bearing import Beside, beside, least, length_of, probability
from eligex.binding.bound import Bound, denials_in, doubted
from eligex.binding.features import Described, Family, Features, Group
from eligex.binding.fertility import leads_to_meaning, meaning
from eligex.binding.heads import Head, Row
from eligex.binding.indifference import indifferent, of_no_account
from eligex.binding.openings import opens_exemptions
from eligex.binding.refusals import refused, spared
from eligex.binding.stance import admits
from eligex.binding.tree import Tree
from eligex.binding.words import (
    ASKS_FOR_ITEMS,
    AT_MOST,
    CONTRASTING,
    DASH_BEFORE,
    EXEMPTING,
    EXEMPTING_AT,
    EXEMPTING_DENIED,
    EXEMPTING_ITEMS,
    FERTILE,
    MEMBER_FOLLOWS,
    MODALS,
    RELATIVES,
    STANDS_FOR_ITEMS,
    TELLING,
    TELLING_DENIED,
)
from eligex.clauses.find import Clause
from eligex.language.connectors import COORDINATES, NEXT_MEMBER
from eligex.schema import CriterionType

_LONGEST_END = 40
"""Characters at the end of an introduction in which the word before its items is looked for."""
_REACH, _NEAR = 30, 4
"""Words before and after a head that are read, and those of them that are near."""
_FEW = 6
"""Words before what a sentence is about: "note that patients who have [gout] are eligible"."""


def exemptions(tree: Tree, bound: Bound) -> Bound:
    """Return ``bound`` with the heads that are exempt; a head that is exempt has no exceptions of its own."""
    if bound.inherited.exempts:
        return bound._replace(exempt=frozenset(bound.heads).difference(refused(tree, bound)), exceptions={})
    freed = set(_freed(tree, bound))
    is_open = _is_open(tree, bound)
    if not (freed or is_open):
        return bound  # nothing is exempt for certain, and nothing is asked
    certain = _certain(tree, bound, freed) if is_open else dict.fromkeys(freed, True)
    chances = {
        head: float(certain[head])
        if head in certain
        else probability("exempt", is_exempt(tree, bound, place))
        for place, head in enumerate(bound.heads if is_open else ())
    } | {head: 1.0 for head, exempt in certain.items() if exempt}
    exempt = frozenset(head for head, chance in chances.items() if chance >= least("exempt"))
    bound = bound._replace(doubts=doubted(bound.doubts, "exempt", chances.items()))
    if exempt == bound.exempt:
        return bound
    kept = {
        head: tuple(other for other in others if other in exempt)
        for head, others in bound.exceptions.items()
        if head not in exempt
    }
    return bound._replace(exempt=exempt, exceptions={head: others for head, others in kept.items() if others})


def exempts_items(tree: Tree, section: CriterionType) -> bool:
    """Whether an introduction exempts what the items of its list name: "No cancer, except the following:"."""
    if not tree.piece.leads:
        return False
    if EXEMPTING_ITEMS.search(tree.text, max(tree.start, tree.end - _LONGEST_END), tree.end):
        return True
    if opens_exemptions(tree.text, tree.start, tree.end, section) or leads_to_meaning(tree):
        return True
    return any(stands_for_items(tree, clause) for clause in tree.piece.clauses if clause.type == "exception")


def stands_for_items(tree: Tree, clause: Clause) -> bool:
    """Whether the words of an exception stand for the items below it: "except for [the following]:"."""
    ends = not any(map(str.isalnum, tree.text[clause.end : tree.end]))
    if not (ends and tree.introduces and clause.governs == "left"):
        return False
    if clause.permits and ASKS_FOR_ITEMS.search(tree.text, clause.content_start, clause.content_end):
        return False
    found = STANDS_FOR_ITEMS.search(tree.text, clause.content_start, clause.content_end)
    if found is None:
        return False
    named = {m.label for m in tree.piece.mentions if clause.content_start <= m.start < found.start()}
    return named <= {"Person"}  # "except *melanoma*, or one of these:" goes back to what is asked


def exempted_cases(tree: Tree, bound: Bound) -> Iterator[tuple[Clause, list[Head]]]:
    """Yield the conditions that name a case that is exempt, or let in, with what they name but people.

    "AST ≤ 3, except in [gout]: ≤ 5" and "[HIV-positive] patients are eligible if on therapy" say that gout
    and HIV exclude nobody, and what is asked in their case.
    """
    for clause in tree.piece.clauses:
        if clause.type != "condition":
            continue
        opened = not EXEMPTING_AT.isdisjoint(tree.words(clause.cue_start, clause.cue_end))
        opened = opened or _opens_exception(tree, clause)
        stated = bound.stated.get((clause.content_start, clause.content_end), ())
        named = [head for head in stated if head.label != "Person"]
        if named and (opened or (len(named) == len(stated) and _is_admitted(tree, bound, clause))):
            yield clause, named


def _opens_exception(tree: Tree, clause: Clause) -> bool:
    """Whether an exception begins with a condition that has no cue of its own: "unless [on warfarin], as long
    as INR < 3".
    """
    return not clause.cued and any(
        each.type == "exception"
        and each.cued
        and each.cue_end <= each.content_start <= clause.start
        and clause.end < each.content_end
        and len(tree.words(each.content_start, clause.start)) <= _FEW
        for each in tree.piece.clauses
    )


def _is_admitted(tree: Tree, bound: Bound, clause: Clause) -> bool:
    """Whether a condition is the subject of a sentence that lets it in: "[HIV] patients are eligible"."""
    low, high = tree.sentence(clause.start)
    if len(tree.words(low, clause.content_start)) > _FEW:
        return False
    if any(low <= head.start < clause.content_start for head in bound.heads):
        return False
    place = admits(tree, clause.content_end, high)
    if place is None or tree.limits_within(clause.content_end, place):  # "in gout, urate ≤ 9 is allowed"
        return False
    return ":" not in tree.text[clause.content_end : place]


def _freed(tree: Tree, bound: Bound) -> Iterator[Head]:
    """Yield what is said to exclude nobody, whatever else is."""
    yield from indifferent(tree, bound)
    yield from spared(tree, bound)
    yield from meaning(tree, bound)
    for _, heads in exempted_cases(tree, bound):
        yield from heads


def _certain(tree: Tree, bound: Bound, freed: Iterable[Head]) -> dict[Head, bool]:
    """Return what is exempt, or is not, without doubt: "[aspirin] is allowed if INR < 3" is, and so is an
    exception in front of the statement: "except for [gout], no *pain*"; what something is asked for instead
    of is not: "surgery rather than *radiotherapy*", nor the terms on which people take part.
    """
    found = {head: False for head in bound.heads if head not in bound.exempt and _contrasted(tree, head)}
    found |= {head: False for head in bound.negated if _forbidden(tree, bound, head)}
    fronted = [each for each in tree.piece.clauses if each.type == "exception" and each.governs == "right"]
    found |= dict.fromkeys(_said_before(tree, bound), False)
    found |= dict.fromkeys(refused(tree, bound), False)
    row = Row(bound.heads)
    found |= dict.fromkeys(_listed_behind(tree, bound, row), False)
    found |= dict.fromkeys(freed, True)
    found |= dict.fromkeys(bound.admitted, False)
    filling = [each for each in tree.piece.clauses if _fills_bracket(tree, row, each)]
    for clause in (*tree.permits.values(), *fronted, *filling):
        inside = row.within(clause.content_start, clause.content_end)
        found |= dict.fromkeys(inside, True)
        if clause.governs == "right":
            found |= {
                head: False for head, others in bound.exceptions.items() if not others or others[0] in inside
            }
    found |= {h: False for h in bound.heads if tree.permitted(h.start) and _counts_out(bound, h)}
    return found


def _counts_out(bound: Bound, head: Head) -> bool:
    """Whether a permission among inclusions says how many are too many: "up to 3 [lines] are allowed"."""
    limits = [limit.quantity for limit in bound.limits.get(head, ())]
    counted = any(each.kind == "count" and each.comparator in ("<", "<=") for each in limits)
    return counted and bound.section == "inclusion" and any(AT_MOST.search(each.text) for each in limits)


def _fills_bracket(tree: Tree, row: Row, clause: Clause) -> bool:
    """Whether a bracket is nothing but an exception with a list: "drugs ([except aspirin or insulin])"."""
    bracket = tree.regions.bracket(clause.content_start)
    if clause.type != "exception" or clause.governs != "left" or bracket is None:
        return False
    alone = bracket.first == clause.start and not any(map(str.isalnum, tree.text[clause.end : bracket.end]))
    inside = row.within(clause.content_start, clause.content_end)
    links = (tree.link(left, right).connector for left, right in pairwise(inside))
    return alone and all(link.tight and link.kind in COORDINATES for link in links)


def _listed_behind(tree: Tree, bound: Bound, row: Row) -> Iterator[Head]:
    """Yield what goes on with a list behind an exception in brackets: "opioids (except codeine), *steroids*".

    It is not exempt where the member that the bracket belongs to is not.
    """
    for clause in tree.piece.clauses if tree.regions.bracketed else ():
        bracket = tree.regions.bracket(clause.start) if clause.type == "exception" else None
        if bracket is None or MEMBER_FOLLOWS.match(tree.text, bracket.end + 1, tree.end) is None:
            continue
        before, after = next(row.before(bracket.start), None), next(row.after(bracket.end), None)
        if before is None or after is None or tree.sentence(before.start) != tree.sentence(after.start):
            continue
        if before in bound.exempt or tree.exempt(before.start):
            continue
        yield from (
            head
            for head in tree.listed(row, after, "exception", bracket.start)
            if not tree.exempt(head.start)
        )


def _said_before(tree: Tree, bound: Bound) -> Iterator[Head]:
    """Yield the heads of the statement before the one that permits, which no word of it exempts: "[gout]
    (with use of [aspirin]). Statins are allowed", "[psoriasis] - mild psoriasis is allowed", "[psoriasis]
    (mild psoriasis is allowed)".
    """
    first = min((clause.start for clause in tree.piece.clauses if clause.permits), default=tree.start)
    opened = DASH_BEFORE.search(tree.text, tree.start, first)
    end = opened.start() if opened else _begun(tree, first)
    if end > tree.start and not _tells(tree.words(tree.start, end)):
        yield from (head for head in bound.heads if head.end <= end and head not in bound.exempt)


def _begun(tree: Tree, permission: int) -> int:
    """Return where the statement begins that a permission is: in its sentence, behind a semicolon that does
    not go on with a list, or in its bracket.
    """
    low = tree.statement(permission)[0]
    if NEXT_MEMBER.match(tree.text, low):
        low = tree.sentence(permission)[0]
    bracket = tree.regions.bracket(permission)
    return low if bracket is None else max(low, bracket.first)


def _may_except(tree: Tree, bound: Bound) -> bool:
    """Whether what only a tagger saw may be an exception or a permission, by the words of the criterion.

    Without a word that tells of one it may be in a list of what is permitted: then it is all of a criterion
    among inclusions.
    """
    words = tree.words(tree.start, tree.end)
    if _tells(words) or _defines_fertile(words):
        return True
    denied = not EXEMPTING.isdisjoint(words)  # "gout is not eligible"
    if denied or tree.piece.beside_exception or bound.section == "exclusion" or of_no_account(tree):
        return False
    return all(tree.tagged("exception", head.start, head.end) != "no" for head in bound.heads)


def _tells(words: Sequence[str]) -> bool:
    """Whether words tell that something is exempt or permitted; "not eligible", "may not" and "gout that may
    recur" do not.
    """
    return any(
        (word in EXEMPTING_AT and (word != "other" or after == "than"))
        or (word == "addition" and after == "to")
        or word in TELLING
        or (word in TELLING_DENIED and before in {"not", "no"})
        or (
            word in EXEMPTING
            and (before == "not") == (word in EXEMPTING_DENIED)
            and after != "not"
            and not (word in MODALS and before in RELATIVES)
        )
        for before, word, after in zip(("", *words), words, (*words[1:], ""), strict=False)
    )


def _defines_fertile(words: Sequence[str]) -> bool:
    """Whether words may say who can have children, or cannot, by what she has had: "not sterilized"."""
    return not {"not", "non"}.isdisjoint(words) and not FERTILE.isdisjoint(words)


def _forbidden(tree: Tree, bound: Bound, head: Head) -> bool:
    """Whether people must not have it: "patients may not have *gout*", outside an exception."""
    if head in bound.exempt or tree.exempt(head.start):
        return False
    said = (tree.words_before(tree.start, cue.end, 3) for cue in denials_in(bound.modifiers.get(head, ())))
    return any("or" not in words and not MODALS.isdisjoint(words[-2:]) for words in said)  # "may or may not"


def _contrasted(tree: Tree, head: Head) -> bool:
    low = tree.sentence(head.start)[0]
    before = tree.words_before(low, head.start, _NEAR)
    return any(pair in CONTRASTING for pair in pairwise(before))


def described(tree: Tree, bound: Bound) -> Iterator[tuple[Head, Features]]:
    """Yield every head with its features; none where nothing proposes an exception or a permission."""
    if _is_open(tree, bound):
        for place, head in enumerate(bound.heads):
            yield head, is_exempt(tree, bound, place)


def _is_open(tree: Tree, bound: Bound) -> bool:
    """Whether anything proposes an exception or a permission."""
    piece = tree.piece
    return bool(bound.exempt or piece.excepts_by_rule or (piece.excepts and _may_except(tree, bound)))


def is_exempt(tree: Tree, bound: Bound, place: int) -> Features:
    """Return the features of the question "is this head excepted or permitted?".

    ``place`` is that of the head among those of the criterion; ``bound`` says what is exempt by the rules.
    """
    head, low, high = bound.heads[place], *tree.sentence(bound.heads[place].start)
    limits = bound.limits.get(head, ())
    stands = (
        head in bound.exempt,
        tree.tagged("exception", head.start, head.end),
        head.label,
        head in bound.negated,
        tree.exempt(head.start),
        place == 0,
        low <= tree.start,
        tree.regions.bracket(head.start) is not None,
        head in bound.conditions or any(limit.condition is not None for limit in limits),
        head in bound.limits,
    )
    before = tree.words_before(low, head.start, _REACH)
    after = tree.words_after(head.end, high, _REACH)
    groups: list[Described] = [
        (_STANDS, stands),
        (_BEFORE, tuple(set(before))),
        (_NEAR_BEFORE, tuple(set(before[-_NEAR:]))),
        (_AFTER, tuple(set(after))),
        (_NEAR_AFTER, tuple(set(after[:_NEAR]))),
    ]
    names = _told("before", before[::-1], (*before[-2::-1], "")) + _told("after", after, ("", *after))
    for name, near in beside(tree, bound, place, bound.exempt, "exception").items():
        if near is None:
            names.append(f"{name}=none")
        else:
            groups.append((_BESIDE, near))
    return Features(groups, names)


def _of_place(
    by_rule: bool,
    tagged: str,
    of: str,
    denied: bool,
    excepted: bool,
    first: bool,
    opens: bool,
    bracket: bool,
    conditional: bool,
    limit: bool,
) -> Iterator[str]:
    """Yield what a head is, how it stands, and what the rules and a tagger say of it."""
    rule, tag, label = f"rule={by_rule}", f"tag={tagged}", f"label={of}"
    yield from (rule, tag, label, f"negated={denied}", f"{rule}:{tag}", f"{rule}:{label}", f"{tag}:{label}")
    yield from (f"in={excepted}", f"first={first}", f"opens={opens}", f"bracket={bracket}")
    yield from (f"conditional={conditional}", f"limit={limit}", f"conditional={conditional}:limit={limit}")


_STANDS = Group(_of_place)
_BESIDE = Group(lambda *near: Beside(*near).features())
_BEFORE, _NEAR_BEFORE = Family("before:has="), Family("before:near=")
_AFTER, _NEAR_AFTER = Family("after:has="), Family("after:near=")


def _told(side: str, words: Sequence[str], earlier: Sequence[str]) -> list[str]:
    """Return the nearest word on one side that tells of exceptions or permissions, with the one before it."""
    for number, (word, before) in enumerate(zip(words, earlier, strict=False)):
        if word in EXEMPTING or word in EXEMPTING_AT:
            told = f"{side}:told={before} {word}" if word in EXEMPTING else f"{side}:told={word}"
            return [told, f"{told}:{length_of(number)}"]
    return [f"{side}:told=nothing"]
