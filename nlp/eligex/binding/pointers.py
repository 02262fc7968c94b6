"""Sentences about the people of the one before: "Patients with gout are eligible. [These patients] must …".

Decides that what such a sentence says is said in the case of the sentence before: of the people whom that one
lets in or exempts, or of those of whom alone it asks something.  Where it speaks of everybody, so does the
next.  Which criterion stands before another one is decided in :mod:`eligex.binding.across`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from eligex.binding.bound import Bound
from eligex.binding.heads import Head, Row
from eligex.binding.indifference import indifferent
from eligex.binding.stance import admits
from eligex.binding.tree import Span, Tree
from eligex.lexicon.loader import DATA, read_words
from eligex.lexicon.patterns import any_of, compiled, keys_of


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``pointers.toml``; the file explains each."""

    pointing: frozenset[str]
    people: frozenset[str]
    pronouns: frozenset[str]
    opens: frozenset[str]
    adverbs: frozenset[str]
    verbs: frozenset[str]
    named_people: frozenset[str]


_W = read_words(DATA / "pointers.toml", _Words)
# "[These patients ]must", "Note: [they also ]need"; "such patients with gout" points to nobody before it
_POINTER = compiled(
    rf"""
    \W{{0,20}} (?: {any_of(_W.opens)} \b [\s,:]{{1,20}} ){{0,2}}
    (?P<pointer> {any_of(_W.pointing)} \s{{1,20}} {any_of(_W.people)} | (?P<they> {any_of(_W.pronouns)} ) )
    \s{{1,20}} (?: {any_of(_W.adverbs)} \s{{1,20}} )? {any_of(_W.verbs)} \b
    """
)
_KEYS = keys_of(_W.pointing | _W.pronouns)
_NAMED_PEOPLE = compiled(rf"\b {any_of(_W.named_people)} \b")
_LONGEST = 120
"""Characters of the longest name of a case that is put together of what is let in."""


class Case(NamedTuple):
    """The words that name whom a sentence is about, and what they state."""

    span: Span
    heads: tuple[Head, ...]


def pointers(tree: Tree, bound: Bound) -> Bound:
    """Give every sentence that begins with a pointer the case of the sentence before it.

    Examples
    --------
    "Patients with gout are eligible. They must be off steroids." → steroids, in the case of gout.
    """
    return carried(tree, bound, None)


def points(tree: Tree, start: int, end: int) -> re.Match[str] | None:
    """Return the pointer with which a sentence begins: "[These patients must] be stable"."""
    return _POINTER.match(tree.text, start, end) if tree.has(_KEYS) else None


def carried(tree: Tree, bound: Bound, case: Case | None) -> Bound:
    """Return ``bound`` with the case that every pointer points to; ``case`` is that of the first sentence."""
    sentences = tree.piece.sentences
    if not sentences or not tree.has(_KEYS):
        return bound
    if case is not None:
        bound = _given(tree, bound, case, sentences[0])
    for before, here in pairwise(sentences):
        if (pointer := points(tree, *here)) is None:
            case = None
            continue
        case = case or _case_of(tree, bound, before, pointer)
        if case is not None:
            bound = _given(tree, bound, case, here)
    return bound


def pointed_to(tree: Tree, bound: Bound, pointer: re.Match[str]) -> Case | None:
    """Return the people of a criterion to whom a pointer in the next one points."""
    sentences = tree.piece.sentences
    return _case_of(tree, bound, sentences[-1], pointer) if sentences else None


def _case_of(tree: Tree, bound: Bound, sentence: Span, pointer: re.Match[str]) -> Case | None:
    """Return the people of a sentence to whom a pointer behind it points."""
    low, high = sentence
    people = pointer["they"] is not None
    if people and _NAMED_PEOPLE.search(tree.text, low, high) is None and points(tree, low, high) is None:
        return None  # "[Steroids] are allowed. They must be stopped."
    heads = [head for head in bound.heads if low <= head.start < high]
    asked = [head for head in heads if head not in bound.exempt]
    first = _condition(bound, asked[0]) if asked else None
    if first is not None:
        named = bound.stated.get(first, ())
        is_subject = first[1] <= asked[0].start
        if is_subject or (named and all(_condition(bound, head) == first for head in asked)):
            return Case(first, named)
    last = asked[-1].end if asked else low
    let_in = [head for head in heads if head in bound.exempt and head.start >= last]
    if not let_in or (people and asked):
        return None
    return _let_in(tree, bound, sentence, let_in, people=people)


def _condition(bound: Bound, head: Head) -> Span | None:
    """Return the condition of a head, or of its first limit that has one."""
    limited = (limit.condition for limit in bound.limits.get(head, ()))
    return bound.conditions.get(head) or next((each for each in limited if each is not None), None)


def _let_in(tree: Tree, bound: Bound, sentence: Span, heads: list[Head], *, people: bool) -> Case | None:
    """Return the case of what a sentence lets in, or exempts: "[treated metastases] are allowed".

    "They" are no ``people`` of an exception, nor of what everybody may have: "patients may take [gold]".
    """
    of_all = set(indifferent(tree, bound)) | bound.negated
    heads = [head for head in heads if head not in of_all]
    if not heads:
        return None
    first = heads[0]
    for clause in tree.piece.clauses:
        if clause.type == "exception" and clause.content_start <= first.start < clause.content_end:
            if people and (not clause.permits or clause.cue_start < clause.content_start):
                return None
            low, high = clause.content_start, clause.content_end
            if high - low > _LONGEST and (aside := tree.text.find("(", first.end, high)) >= 0:
                high = aside
            return _named(low, high, Row(heads).within(low, high))
    if admits(tree, *sentence) is None:
        return None
    low, high = sentence
    said = [each for head in heads for each in bound.modifiers.get(head, ()) if low <= each.start < high]
    low = min(heads[0].start, *(each.start for each in said)) if said else heads[0].start
    high = max(heads[-1].end, *(each.end for each in said)) if said else heads[-1].end
    return _named(low, high, heads)


def _named(low: int, high: int, heads: Iterable[Head]) -> Case | None:
    """Return the words at ``low``–``high`` as a case, unless they are too many to name one."""
    return Case((low, high), tuple(heads)) if high - low <= _LONGEST else None


def _given(tree: Tree, bound: Bound, case: Case, sentence: Span) -> Bound:
    """Put what a sentence says under a case, but for what it puts under another one itself; the people of
    its pointer are no case and no head of their own: "such [women] must".
    """
    low, high = sentence
    pointer = points(tree, low, high)
    end = pointer.end() if pointer else low
    bound = bound.without([head for head in bound.heads if low <= head.start and head.end <= end])
    own = {span for span in bound.stated if low <= span[0] and span[1] <= end}
    free = {None, *own}
    heads = {head for head in bound.heads if low <= head.start < high}
    limits = {
        head: tuple(
            limit._replace(condition=case.span) if head in heads and limit.condition in free else limit
            for limit in each
        )
        for head, each in bound.limits.items()
    }
    given = {head: case.span for head in heads if bound.conditions.get(head) in free and head not in limits}
    kept = {span: each for span, each in bound.stated.items() if span not in own}
    return bound._replace(
        limits=limits, conditions={**bound.conditions, **given}, stated={case.span: case.heads, **kept}
    )
