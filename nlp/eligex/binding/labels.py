"""The stage that reads a label before a colon: "Prior chemotherapy: none", "BMI:" over "18.5 to 30 kg/m2".

Decides whether a label names what its statement is about or only a topic.  A thing that is said to be absent
is negated; a limit that names nothing is the label's, on its line or on the next; a topic, and a label of
which nothing is said, make no predicate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eligex.binding.bound import Bound, Limit, joined, modifier
from eligex.binding.heads import Head, Row
from eligex.binding.tree import Piece, Span, Tree
from eligex.binding.words import AGE_WORDS, OWNS_DURATION
from eligex.language.connectors import INTRODUCES
from eligex.layout.silent import REFERENCE
from eligex.lexicon.loader import DATA, read_words
from eligex.lexicon.patterns import any_of, compiled
from eligex.schema import DOMAIN_LABELS, Quantity


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``labels.toml``; the file explains each."""

    nothing: frozenset[str]
    refers: frozenset[str]
    none: frozenset[str]
    no: frozenset[str]
    topics: frozenset[str]
    leads: frozenset[str]
    procedures: frozenset[str]
    drugs: frozenset[str]


_W = read_words(DATA / "labels.toml", _Words)
_LABEL = compiled(
    r"\W{0,4} (?P<label> [^\W_] [^:：;.?!\n]{1,69}? ) \s{0,4} (?: [:：] | \s [-–—]{1,2} (?=\s) | $ )"
)
_NOTHING = compiled(
    # not "See Disease Characteristics At least 14 days since …"
    rf"""\W{{0,4}} (?: {any_of(_W.nothing)} | (?! {REFERENCE} \s{{1,8}} \w )
         {any_of(_W.refers)} \s [^.;:]{{1,80}} ) \W{{0,4}} $"""
)
_NONE = compiled(
    rf"\W{{0,4}} (?P<none> {any_of(_W.none)} | (?P<no> {any_of(_W.no)} ) ) \b (?! \s{{1,40}} of \b )"
)
_TOPIC = compiled(rf"{any_of(_W.topics)} (?: \s? \( [^()]{{1,20}} \) )?")
_LEADS = compiled(rf"(?: {any_of(_W.leads)} \s{{1,40}} )*")
_BRACKET = re.compile(r"\s{0,4}\([^()]{1,40}\)\s{0,4}$")
_OPENS = re.compile(r"[\W_]{0,6}")
_LONGEST = 8
"""Most words of a label."""


def labels(tree: Tree, bound: Bound) -> Bound:
    """Read the label of a criterion, or the one above it.

    Examples
    --------
    "Prior chemotherapy: none" → chemotherapy, negated; "Surgery: Not specified" → nothing; "BMI:" over
    "18.5 to 30 kg/m2" → nothing, and under it BMI with its limit.
    """
    if bound.inherited.label:
        return _from_above(tree, bound)
    label = _label(tree.piece)
    if label is None:
        return bound
    start, end, after = label
    inside = Row(bound.heads).within(start, end)
    if tree.piece.below and not tree.text[after : tree.end].strip():
        below = tree.piece.below
        empty = all(_NOTHING.match(each.text, each.start, each.end) for each in below)
        asked = any(asks_for_label(each, tree.text[start:end]) for each in below)
        named = any(mention.label in DOMAIN_LABELS for each in below for mention in each.mentions)
        topic = named and _TOPIC.fullmatch(tree.text, start, end) is not None
        return bound.without(inside) if empty or asked or topic else bound
    if _NOTHING.match(tree.text, after, tree.end):
        return bound.without(bound.heads)
    if (none := _none(tree.piece, after)) is not None:
        return _denied(bound, _things(tree, bound, (start, end)), modifier_span=none, tree=tree)
    bare = [head for head in inside if head not in bound.limits and head not in bound.windows]
    return bound.without(bare) if _is_topic(tree, bound, (start, end)) else bound


def above(tree: Tree, bound: Bound) -> tuple[Head, ...]:
    """Return what the label of a criterion hands down: what a limit or "none" below it is about."""
    label = _label(tree.piece) if tree.piece.below else None
    if label is None or tree.text[label[2] : tree.end].strip():
        return ()
    words = tree.text[slice(*label[:2])]
    if not any(asks_for_label(each, words) for each in tree.piece.below):
        return ()
    return _things(tree, bound._replace(heads=_entities(tree.piece)), label[:2])


def asks_for_label(piece: Piece, label: str) -> bool:
    """Whether a criterion says "none", or begins with a limit, and names nothing that this is said of.

    A length of time measures few things: "Gout:" over "5 years" is no limit of gout.
    """
    if _none(piece, piece.start) is not None:
        return True
    opening = _opening(piece)
    if opening is not None and opening.kind == "duration" and OWNS_DURATION.search(label) is None:
        return False
    others = (m for m in piece.mentions if m.label in DOMAIN_LABELS and m.label != "Person")
    inside = [(c.start, c.end) for c in piece.clauses] + [(w.start, w.end) for w in piece.windows]
    return opening is not None and all(
        any(low <= mention.start < high for low, high in inside) for mention in others
    )


def _opening(piece: Piece) -> Quantity | None:
    """Return the limit that a criterion begins with, if it names nothing."""
    for quantity in piece.quantities[:1]:
        blank = _OPENS.match(piece.text, piece.start, quantity.start)
        unnamed = quantity.about is None or quantity.about[0] < piece.start
        if unnamed and blank is not None and blank.end() == quantity.start:
            return quantity
    return None


def _label(piece: Piece) -> tuple[int, int, int] | None:
    """Return where the label of a criterion begins and ends, and where what it labels begins."""
    found = _LABEL.match(piece.text, piece.start, piece.end)
    if found is None or found["label"].count(" ") >= _LONGEST:
        return None
    start, end = found.span("label")
    if found.end() == piece.end and (not piece.below or INTRODUCES.search(found["label"])):
        return None
    if any(start <= quantity.start < end for quantity in piece.quantities):
        return None
    if found[0].rstrip()[-1:] not in ":：" and found.end() < piece.end:  # "Liver metastases - none"
        said = _NOTHING.match(piece.text, found.end(), piece.end) or _NONE.match(piece.text, found.end())
        return (start, end, found.end()) if said else None
    return start, end, found.end()


def _none(piece: Piece, start: int) -> Span | None:
    """Return the words at ``start`` that deny what a label names."""
    found = _NONE.match(piece.text, start, piece.end)
    if found is None:
        return None
    inside = [(w.start, w.end) for w in piece.windows]
    rest = [m for m in piece.mentions if m.start >= found.end() and m.label in DOMAIN_LABELS]
    if any(not any(low <= m.start < high for low, high in inside) for m in rest):
        return None
    after = next((high for low, high in inside if low >= found.end()), found.end())
    if found["no"] and any(map(str.isalnum, piece.text[after : piece.end])):
        return None
    return found.span("none")


def _entities(piece: Piece) -> tuple[Head, ...]:
    return tuple(Head(m.start, m.end, m.label) for m in piece.mentions if m.label in DOMAIN_LABELS)


def _things(tree: Tree, bound: Bound, label: Span) -> tuple[Head, ...]:
    """Return what a label names: the entities in it, or its words."""
    if inside := Row(bound.heads).within(*label):
        return tuple(inside)
    start, end = label
    if lead := _LEADS.match(tree.text, start, end):
        start = lead.end()
    if bracket := _BRACKET.search(tree.text, start, end):
        end = bracket.start()
    if start >= end:
        return ()
    words = tree.text[start:end]
    if AGE_WORDS[0].search(words):
        return (Head(start, end, "Person", "named", "age"),)
    last = words.lower().split()[-1]
    kind = "Drug" if last in _W.drugs else "Procedure" if last in _W.procedures else "Condition"
    return (Head(start, end, kind, "phrase"),)


def _is_topic(tree: Tree, bound: Bound, label: Span) -> bool:
    """Whether a label is only a topic: one of the usual ones, of which the statement names a thing."""
    others = any(head.start >= label[1] for head in bound.heads)
    return others and _TOPIC.fullmatch(tree.text, *label) is not None


def _from_above(tree: Tree, bound: Bound) -> Bound:
    """Give the things that the label above names the limit, or the denial, that a criterion begins with."""
    things = bound.inherited.label
    if (none := _none(tree.piece, tree.start)) is not None:
        return _denied(bound, things, modifier_span=none, tree=tree)
    quantity, words = _opening(tree.piece), tree.text[things[0].start : things[-1].end]
    if quantity is None or not asks_for_label(tree.piece, words):
        return bound
    taken = [
        head for head, limits in bound.limits.items() if any(limit.quantity == quantity for limit in limits)
    ]
    if any(head.origin != "named" or head.start < quantity.start for head in taken):
        return bound
    bound = bound.without(taken)  # the "years" of "18 years and over" under "Age:"
    measured = [t._replace(label="Measurement") if t.origin == "phrase" else t for t in things]
    given = {thing: (Limit(quantity, 0.0),) for thing in measured}
    return bound._replace(
        heads=tuple(Row((*bound.heads, *measured)).heads), limits=joined(bound.limits, given)
    )


def _denied(bound: Bound, things: Sequence[Head], *, modifier_span: Span, tree: Tree) -> Bound:
    heads = Row(bound.heads)
    for thing in things:
        heads.add(thing)
    said = {thing: [modifier(tree.text, modifier_span, "negation")] for thing in things}
    return bound._replace(
        heads=tuple(heads.heads),
        negated=bound.negated | set(things),
        demanded=bound.demanded | set(things),
        modifiers=joined(bound.modifiers, said),
    )
