"""Which limit belongs to which heads; the first stage of binding.

Decides the head of every quantity, and over which members of a list it is distributed ("AST and ALT ≤ 3 ×
ULN").  A quantity that finds no head is left unbound and makes no predicate.  Whether something is a
quantity at all, or a time window, was decided before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from eligex.binding.attach import candidates, load_weights, score
from eligex.binding.heads import Head, Row, claimed, instrument, named, with_short_form
from eligex.binding.tree import Span, Tree
from eligex.binding.words import (
    BRACKETED,
    CIRCUMSTANCE,
    FOLLOWING_THING,
    GENERIC_SCALE,
    OPENS_PHRASE,
    OWNS_DURATION,
    STANDS_ALONE,
)
from eligex.language.phrases import content_words, phrase_before
from eligex.schema import Quantity, Window
from eligex.windows.find import as_window

_DOSE_UNITS = frozenset({"g", "mg", "ug", "ng", "[IU]", "U", "{units}", "mL", "L"})
_BARE_LABELS = frozenset({"Measurement", "Observation", "Drug"})
_REACH = 600
"""Characters between a limit and its farthest candidate."""
_WORDS_BEFORE = 60
"""Characters before a word that say what it is there for."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A quantity bound to a head, with the condition that limits this one limit."""

    quantity: Quantity
    cost: float
    condition: Span | None = None


@dataclass(slots=True)
class Limits:
    """The heads of a criterion with their limits, and the durations that are no limits of theirs."""

    row: Row
    limits: dict[Head, list[Limit]] = field(default_factory=dict)
    windows: dict[Head, list[Window]] = field(default_factory=dict)

    def grow(self, head: Head, end: int) -> Head:
        """Let ``head`` reach to ``end``; what has no limit and lies there is part of it."""
        for other in self.row.within(head.end, end):
            if other not in self.limits:
                self.row.remove(other)
        self.row.remove(head)
        grown = self.row.add(replace(head, end=end))
        for table in (self.limits, self.windows):
            if head in table:
                table[grown] = table.pop(head)  # type: ignore[assignment]
        return grown


@dataclass(frozen=True, slots=True)
class _Previous:
    """The limit just before, and the heads that it went to."""

    quantity: Quantity
    heads: tuple[Head, ...]


def bind_limits(tree: Tree, heads: Iterable[Head]) -> Limits:
    """Attach every quantity to its heads, and add the heads that values name."""
    bound = Limits(Row(heads))
    previous: _Previous | None = None
    for found in tree.piece.quantities:
        quantity, owners = _owners(tree, bound.row, found, previous)
        previous = _attach(tree, bound, quantity, owners) if owners else None
    return bound


def _owners(
    tree: Tree, row: Row, found: Quantity, previous: _Previous | None
) -> tuple[Quantity, list[tuple[Head, float]]]:
    """Return the quantity as it is to be read and its heads with their costs, by the first way found."""
    costs = load_weights()["limit"]
    quantity = found if previous is None else _with_comparator_of(found, previous.quantity)
    if (head := named(tree, row, quantity)) is not None:
        return found, [(head, -costs["named"])]
    if previous is not None and _goes_on(tree, row, quantity, previous.quantity):
        return quantity, [(head, -costs["previous"]) for head in previous.heads]
    if owners := _nearest(tree, row, found):
        return found, owners
    if found.about is not None and STANDS_ALONE.fullmatch(tree.text, *found.about):
        scale = claimed(row, Head(*found.about, "Measurement", "named"), tree.text, tree.end)
        return found, [(scale, -costs["scale"])]
    return found, []


def _with_comparator_of(quantity: Quantity, before: Quantity) -> Quantity:
    """Read a second limit with the comparator of the first: "> 14 units for women or 21 units for men"."""
    same = _is_bare(quantity) and quantity.unit is not None and quantity.unit == before.unit
    if not same or quantity.kind == "duration" or before.comparator not in ("<", "<=", ">", ">="):
        return quantity
    return replace(quantity, comparator=before.comparator, threshold_inclusive=before.threshold_inclusive)


def _is_bare(quantity: Quantity) -> bool:
    return quantity.comparator == "=" and quantity.scale is None and "=" not in quantity.text


def _goes_on(tree: Tree, row: Row, quantity: Quantity, before: Quantity) -> bool:
    """Whether a limit is the next one of the same heads: "BMI > 30 or < 18", "≤ 3 × ULN (≤ 5 × ULN if …)"."""
    if tree.sentence(before.start) != tree.sentence(quantity.start):
        return False
    if quantity.start < before.end:
        return quantity.part is not None
    if not tree.goes_on(before.end, quantity.start):
        return False
    after = next(row.after(quantity.end), None) if quantity.comparator == "=" else None
    return after is None or bool(tree.text[quantity.end : after.start].strip())


def _attach(tree: Tree, bound: Limits, quantity: Quantity, owners: list[tuple[Head, float]]) -> _Previous:
    """Give the heads their limit; a duration that they cannot have as a limit is how long they lasted."""
    window = as_window(quantity)
    lead = max(tree.sentence(quantity.start)[0], quantity.start - _WORDS_BEFORE)
    lasting = window is None or OWNS_DURATION.search(tree.text, lead, quantity.start) is not None
    taken = []
    for owner, cost in owners:
        head = bound.row.add(owner)
        end = with_short_form(tree.text, head.end, tree.end)
        if head.end < end <= quantity.start and not content_words(tree.text[end : quantity.start]):
            head = bound.grow(head, end)  # "partial pressure (PaO2) > 60"
        measured = head.origin == "named" or (head.origin == "entity" and head.label == "Measurement")
        if window is None or measured or lasting:
            bound.limits.setdefault(head, []).append(Limit(quantity, cost))
        else:
            bound.windows.setdefault(head, []).append(window)
        taken.append(head)
    return _Previous(quantity, tuple(taken))


def _nearest(tree: Tree, row: Row, quantity: Quantity) -> list[tuple[Head, float]]:
    """Return the head beside a quantity with its cost, and those in a list with it: "AST and ALT ≤ 3"."""
    costs = load_weights()["limit"]
    scored = _scored(tree, row, quantity)
    best = max(scored, key=lambda one: (one[1], -one[0].start), default=None)
    phrase = _phrase(tree, row, quantity, best)
    if phrase is not None:
        return [(phrase, -costs["phrase"])]
    if best is None or best[1] < costs["least"]:
        return []
    head, cost = _what_is_scored(tree, row, best[0], quantity) or best[0], -best[1]
    if _is_bare(quantity) and not (best[1] > costs["bare"] and head.label in _BARE_LABELS):
        return []
    if head.start >= quantity.end:
        return [(head, cost)]
    others = tree.members(row.heads, row.place(head), "limit", leftward=True)[1:]
    return [(head, cost), *((other, cost - costs["shared"]) for other in others)]


def _scored(tree: Tree, row: Row, quantity: Quantity) -> list[tuple[Head, float]]:
    """Return the candidates of a quantity with their scores."""
    span, last = (quantity.start, quantity.end), tree.limit_opened_before(quantity.start)
    low = tree.sentence(quantity.start)[0]
    found = []
    for head in candidates(tree, row, "limit", span, leftward=True):
        if head.end <= last or quantity.start - head.end > _REACH:
            break
        gap = BRACKETED.sub(" ", tree.text[head.end : quantity.start])
        described = {
            _label(head, quantity): 1.0,
            "left:word": content_words(gap),
            "left:blank": gap.count(" "),
            "left:comma": gap.count(","),
            "left:bracket": gap.lstrip()[:1] in (")", "]"),
            "left:circumstance": head.label != "Measurement"
            and _circumstance(tree, low, head.start) is not None,
        }
        found.append((head, score("limit", described)))
    for head in candidates(tree, row, "limit", span, leftward=False):
        gap = tree.text[quantity.end : head.start]
        if len(gap) > _REACH or not FOLLOWING_THING.fullmatch(gap):
            break
        beside = head.label == "Measurement" and not gap.strip()
        place = "right:beside" if beside else "right:apart"
        described = {_label(head, quantity): 1.0, place: 1.0, "right:word": content_words(gap)}
        found.append((head, score("limit", described)))
    return found


def _label(head: Head, quantity: Quantity) -> str:
    dose = head.label == "Drug" and (quantity.unit or "").split("/")[0] in _DOSE_UNITS
    return f"label={head.label}:dose" if dose else f"label={head.label}"


def _circumstance(tree: Tree, start: int, position: int) -> Span | None:
    """Return the preposition that makes what follows it a circumstance: "temperature [on] admission"."""
    match = CIRCUMSTANCE.search(tree.text, max(start, position - _WORDS_BEFORE), position)
    return match.span() if match else None


def _what_is_scored(tree: Tree, row: Row, head: Head, quantity: Quantity) -> Head | None:
    """Return the instrument after, or the thing right before, a head that is only a "total score"."""
    if head.end > quantity.start or not GENERIC_SCALE.fullmatch(tree.text, head.start, head.end):
        return None
    before = next(row.before(head.start), None)
    if before is None or before.label == "Person":
        return instrument(tree, row, quantity)
    gap = tree.text[with_short_form(tree.text, before.end, tree.end) : head.start]
    return instrument(tree, row, quantity) if gap.strip() else before


def _phrase(tree: Tree, row: Row, quantity: Quantity, best: tuple[Head, float] | None) -> Head | None:
    """Return a noun phrase right before the value, where it is nearer than any entity."""
    costs = load_weights()["limit"]
    if _is_bare(quantity) or (best is not None and best[1] > costs["sure"]):
        return None
    if best is not None and best[0].start >= quantity.end and best[1] > costs["following"]:
        return None
    low = tree.sentence(quantity.start)[0]
    span = _measured(tree, max(low, tree.limit_before(quantity.start)), quantity, best and best[0])
    if span is None or row.overlapping(*span):
        return None
    if GENERIC_SCALE.fullmatch(tree.text, *span) and (on := instrument(tree, row, quantity)):
        return on
    if not OPENS_PHRASE.search(tree.text[max(low, span[0] - _WORDS_BEFORE) : span[0]]):
        return None
    return Head(*span, "Measurement", "phrase")


def _measured(tree: Tree, start: int, quantity: Quantity, best: Head | None) -> Span | None:
    """Return the phrase before the value, or the one before its circumstance: "temperature on admission"."""
    span = phrase_before(tree.text, start, quantity.start)
    circumstance = None if span is None else _circumstance(tree, start, span[0])
    taken = best is not None and (span is None or (span[0] < best.end and best.start < span[1]))
    if best is not None and taken and best.end <= quantity.start and best.label != "Measurement":
        circumstance = _circumstance(tree, start, best.start)
        if circumstance is not None and tree.text[slice(*circumstance)].lower().startswith("of"):
            circumstance = None
    if circumstance is None:
        return span
    return phrase_before(tree.text, start, circumstance[0]) or span
