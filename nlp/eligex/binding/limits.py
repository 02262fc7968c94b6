"""Which limit belongs to which heads; the first stage of binding.

Decides the head of every quantity, and over which members of a list it is distributed ("AST and ALT ≤ 3 ×
ULN").  A quantity that finds no head is left unbound and makes no predicate.  Whether something is a
quantity at all, or a time window, was decided before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, takewhile
from typing import NamedTuple

from eligex.binding.attach import candidates, load_weights, score
from eligex.binding.bound import Bound, Found, Limit, joined
from eligex.binding.heads import (
    Head,
    Row,
    Site,
    claimed,
    instrument,
    is_rest,
    named,
    says_age,
    with_short_form,
)
from eligex.binding.pairing import paired
from eligex.binding.tree import Tree
from eligex.binding.unnamed import is_bare, phrase_behind, phrase_in_front, preposition
from eligex.binding.words import (
    AGE_GROUP,
    AGE_WORDS,
    APART,
    BESIDE_HEAD,
    BRACKETED,
    FOLLOWING_THING,
    GENERIC_SCALE,
    LIST_GOES_ON,
    LISTED,
    OF_THING,
    OWNS_DURATION,
    SHOWS,
    STANDS_ALONE,
)
from eligex.language.connectors import COORDINATES
from eligex.language.methods import without_methods
from eligex.language.phrases import content_words
from eligex.quantities.scales import is_scale
from eligex.schema import DOMAIN_LABELS, Quantity, Window
from eligex.windows.find import as_window, lasts

_DOSE_UNITS = frozenset({"g", "mg", "ug", "ng", "[IU]", "U", "{units}", "mL", "L"})
_BARE_LABELS = frozenset({"Measurement", "Observation", "Drug"})
REACH = 600
"""Characters between a limit and its farthest candidate."""
_WORDS_BEFORE = 60
"""How many characters before a word are read to find its role."""


@dataclass(slots=True)
class _Limits:
    """The heads of a criterion with their limits, and the durations that are not limits of them."""

    row: Row
    limits: dict[Head, list[Limit]] = field(default_factory=dict)
    windows: dict[Head, list[Window]] = field(default_factory=dict)

    def grow(self, head: Head, end: int) -> Head:
        """Extend ``head`` to ``end``; heads there without a limit become part of it."""
        for other in self.row.within(head.end, end):
            if other not in self.limits:
                self.row.remove(other)
        self.row.remove(head)
        grown = self.row.add(head._replace(end=end))
        if head in self.limits:
            self.limits[grown] = self.limits.pop(head)
        if head in self.windows:
            self.windows[grown] = self.windows.pop(head)
        return grown


class _Choice(NamedTuple):
    """A quantity as it is to be read, and its heads with their costs.

    ``shared`` is whether their list has it, too; ``how`` is how the heads were found.
    """

    quantity: Quantity
    owners: tuple[tuple[Head, float], ...] = ()
    shared: bool = False
    how: Found = "near"


def bind_limits(tree: Tree, bound: Bound) -> Bound:
    """Make heads of the entities, attach the quantities to them, and add the heads that values name."""
    entities = [Head(*mention) for mention in tree.piece.mentions if mention.label in DOMAIN_LABELS]
    if not tree.piece.quantities:
        return bound._replace(heads=tuple(entities)) if entities else bound
    found = _Limits(Row(entities))
    last = outside = _Choice(Quantity(-1, -1, "", "=", 0))  # of all limits, and of those in no condition
    pairs = paired(tree, found.row)
    for place, quantity in enumerate(tree.piece.quantities):
        if _is_no_length(tree, quantity):
            continue
        site, conditional = _site(tree, found.row, place), tree.conditional(quantity.start, quantity.end)
        before = last if conditional else outside
        choice = _of_pair(site, *pairs[place]) if place in pairs else _choice(tree, site, before)
        if choice.shared:
            (head, cost), more = choice.owners[0], -load_weights()["limit"]["shared"]
            others = _listed(tree, found.row, head, choice.quantity)
            others = [other for other in others if tree.not_excepted(other.start, quantity.start)]
            if choice.quantity.scale is not None and head.end <= quantity.start:
                others = list(takewhile(lambda other: is_scale(tree.text[other.start : other.end]), others))
            choice = choice._replace(owners=(*choice.owners, *((other, cost + more) for other in others)))
        last = _attach(site, found, choice)
        outside = outside if conditional else last
    limits, windows = joined({}, found.limits), joined({}, found.windows)
    return bound._replace(heads=tuple(found.row.heads), limits=limits, windows=windows)


def _is_no_length(tree: Tree, quantity: Quantity) -> bool:
    """Whether a duration says how often or how far apart: "[5 days] in the past month", "[6 weeks] apart"."""
    if as_window(quantity) is None:
        return False
    days = quantity.unit == "d" and any(0 < each.start - quantity.end <= 2 for each in tree.piece.windows)
    return days or APART.match(tree.text, quantity.end) is not None


def _listed(tree: Tree, row: Row, head: Head, quantity: Quantity) -> list[Head]:
    """Return the heads in one list with that of a quantity; what happens shares how long ago it was."""
    if as_window(quantity) is None:
        return tree.listed(row, head, "limit", quantity.end)[1:]
    if LIST_GOES_ON.match(tree.text, quantity.end):  # "asthma, stroke (< 1 year), or gout"
        return []
    return tree.listed(row, head, "window", quantity.end)[1:]


def _site(tree: Tree, row: Row, place: int) -> Site:
    quantity, *after = tree.piece.quantities[place : place + 2]
    low, high = tree.sentence(quantity.start)
    span, (opened, last) = (quantity.start, quantity.end), tree.last_limit(quantity.start)
    return Site(
        tree.text,
        row,
        quantity,
        low,
        high,
        tree.end,
        opened,
        max(low, last),
        last >= low and tree.goes_on(last, quantity.start),
        candidates(tree, row, "limit", span, leftward=True),
        candidates(tree, row, "limit", span, leftward=False),
        next((each for each in after if is_rest(tree.text, quantity, each)), None),
    )


def _of_pair(site: Site, head: Head, first: Quantity) -> _Choice:
    """Return a limit with its partner, which may have grown since; the first limit lends its comparator."""
    owner = next(iter(site.row.overlapping(head.start, head.end)), head)
    return _Choice(
        _as_before(site.quantity, first), ((owner, -load_weights()["limit"]["named"]),), how="paired"
    )


def _choice(tree: Tree, site: Site, last: _Choice) -> _Choice:
    """Return the heads of a quantity by the first method that finds any."""
    costs, quantity = load_weights()["limit"], site.quantity
    if last.owners and is_rest(site.text, last.quantity, quantity) and not says_age(quantity):
        return _Choice(quantity, tuple((head, -costs["named"]) for head, _ in last.owners), how="named")
    if (head := named(site)) is not None:
        scored = head.origin == "entity" and head.end <= quantity.start and quantity.scale is not None
        scored = scored and is_scale(site.text[head.start : head.end])  # not the disease of a stage
        owner = _last_scale(site, head) if scored else head
        shared = scored or _opens_list(tree, site, head)
        return _Choice(quantity, ((owner, -costs["named"]),), shared=shared, how="named")
    completed = _completed(quantity, last.quantity)
    if last.owners and (
        _goes_on(site, completed, last.quantity) or _is_said_again(tree, site, completed, last.quantity)
    ):
        cost = -costs["previous"]
        return _Choice(completed, tuple((head, cost) for head, _ in last.owners), how="previous")
    if (nearest := _nearest(site, last)).owners:
        return nearest
    if quantity.about is not None and STANDS_ALONE.fullmatch(site.text, *quantity.about):
        scale = claimed(site, Head(*quantity.about, "Measurement", "named"))
        return _Choice(quantity, ((scale, -costs["scale"]),), how="scale")
    return _Choice(quantity)


def _opens_list(tree: Tree, site: Site, head: Head) -> bool:
    """Whether a grade or stage is before a whole list: "grade 2 neuropathy or ataxia", not "angina, grade 2
    neuropathy or ataxia", nor "3+ by IHC or FISH", where the scale is named behind its value.
    """
    quantity = site.quantity
    if quantity.scale is None or head.origin != "entity" or head.start < quantity.end:
        return False
    if quantity.about is not None and head.start < quantity.about[1]:
        return False
    before = next(site.row.before(quantity.start), None)
    return before is None or tree.link(before, head).connector.kind not in COORDINATES


def _last_scale(site: Site, head: Head) -> Head:
    """Return the last of the scales that are named together: "NIHSS and mRS scores ≤ 4"."""
    for other in site.row.after(head.end):
        if other.end > site.quantity.start or not LISTED.fullmatch(site.text, head.end, other.start):
            break
        head = other if is_scale(site.text[other.start : other.end]) else head
    return head


def _completed(quantity: Quantity, before: Quantity) -> Quantity:
    """Read a second limit with the comparator of the first: "> 14 units for women or 21 units for men"."""
    same = quantity.unit is not None and quantity.unit == before.unit
    return _as_before(quantity, before) if same and quantity.kind != "duration" else quantity


def _as_before(quantity: Quantity, before: Quantity) -> Quantity:
    """Give a limit without a comparator that of the limit before it."""
    if not is_bare(quantity) or before.comparator not in ("<", "<=", ">", ">="):
        return quantity
    return replace(quantity, comparator=before.comparator, threshold_inclusive=before.threshold_inclusive)


def _goes_on(site: Site, quantity: Quantity, before: Quantity) -> bool:
    """Whether a limit is the next one of the same heads: "BMI > 30 or < 18", "≤ 3 × ULN (≤ 5 × ULN if …)"."""
    if before.start < site.low:
        return False
    if quantity.start < before.end:
        return quantity.part is not None
    after = next(site.row.after(quantity.end), None) if quantity.comparator == "=" else None
    return site.again and (after is None or bool(site.text[quantity.end : after.start].strip()))


def _is_said_again(tree: Tree, site: Site, quantity: Quantity, before: Quantity) -> bool:
    """Whether a statement names nothing but a case, and has a limit like the last one: "AST ≤ 3 × ULN. [In
    case of liver metastases ≤ 5 × ULN]"; a concentration can be like a multiple of the limit of normal.
    """
    alike = quantity.unit == before.unit or (before.unit == "[ULN]" and "/" in (quantity.unit or ""))
    if (
        not alike
        or quantity.comparator[0] != before.comparator[0]  # "<" and "<="
        or quantity.unit is None
        or quantity.kind == "duration"
        or tree.conditional(quantity.start, quantity.end)
    ):
        return False
    low, high = tree.statement(quantity.start)
    return before.end <= low and all(
        head.label == "Person" or tree.conditional(head.start, head.end)
        for head in site.row.within(low, high)
    )


def _attach(site: Site, bound: _Limits, choice: _Choice) -> _Choice:
    """Give the heads their limit; a duration that cannot be their limit is a window of theirs."""
    quantity, window = choice.quantity, as_window(choice.quantity)
    lead = max(site.low, quantity.start - _WORDS_BEFORE)
    said = max(quantity.start, *(owner.end for owner, _ in choice.owners if owner.end <= quantity.end), 0)
    owned = window is None or OWNS_DURATION.search(site.text, lead, said) is not None
    taken = []
    for owner, cost in choice.owners:
        head = bound.row.add(owner)
        end = with_short_form(site, head.end)
        if head.end < end <= quantity.start and not content_words(site.text[end : quantity.start]):
            head = bound.grow(head, end)  # "partial pressure (PaO2) > 60"
        measured = head.origin == "named" or (head.origin == "entity" and head.label == "Measurement")
        aged = window is not None and any(
            words.search(site.text, head.start, head.end) for words in (*AGE_WORDS, AGE_GROUP)
        )
        if aged and quantity.comparator in ("=", "in"):
            continue  # "aged 20 to 55 years, [including 20 and 55 years]"
        if window is None or owned or measured or aged or lasts(site.text[head.start : head.end]):
            bound.limits.setdefault(head, []).append(Limit(quantity, cost, how=choice.how))
        else:
            bound.windows.setdefault(head, []).append(window)
        taken.append((head, cost))
    return choice._replace(owners=tuple(taken))


def _nearest(site: Site, last: _Choice) -> _Choice:
    """Return the head beside a quantity: the best candidate, or a noun phrase."""
    costs, quantity = load_weights()["limit"], site.quantity
    best = max(_scored(site, last), key=lambda one: (one[1], -one[0].start), default=None)
    phrase = phrase_in_front(site, best)
    if phrase is not None:
        return _Choice(quantity, ((phrase, -costs["phrase"]),), how="phrase")
    if best is None or best[1] < costs["least"]:
        if (head := _lasting(site)) is not None:
            return _Choice(quantity, ((head, -costs["least"]),), shared=True)
        after = phrase_behind(site)
        return _Choice(quantity, ((after, -costs["phrase"]),), how="phrase") if after else _Choice(quantity)
    head = _what_is_scored(site, best[0]) or best[0]
    if is_bare(quantity) and not (best[1] > costs["bare"] and head.label in _BARE_LABELS):
        return _Choice(quantity)
    return _Choice(quantity, ((head, -best[1]),), shared=head.start < quantity.end)


def _lasting(site: Site) -> Head | None:
    """Return the head right before a duration with a comparator: "ICU stay > 48 hours"."""
    quantity, head = site.quantity, next(site.row.before(site.quantity.start), None)
    if head is None or head.start < site.low or is_bare(quantity) or as_window(quantity) is None:
        return None
    return head if BESIDE_HEAD.fullmatch(site.text, head.end, quantity.start) else None


def is_of_the_next(text: str, left: Head | None, quantity: Quantity, right: Head | None) -> bool:
    """Whether the words around a limit say that it is of what follows, and of nothing before it: "a positive
    test or > 40% of *blasts*", "a vessel with > 50% *stenosis*".
    """
    if left is None or right is None or right.label == "Person" or right.start < quantity.end:
        return False
    before, after = text[left.end : quantity.start], text[quantity.end : right.start]
    if SHOWS.search(before) and not after.strip():
        return True
    joined = LISTED.fullmatch(before) is not None and before.strip(" ,;\n").isalpha()
    return joined and OF_THING.fullmatch(after) is not None


def _with_first(first: Head | None, rest: Iterator[Head]) -> Iterator[Head]:
    return chain(() if first is None else (first,), rest)


def _scored(site: Site, last: _Choice) -> list[tuple[Head, float]]:
    """Return the candidates of a quantity with their scores."""
    quantity, found = site.quantity, []
    taken = {head for head, _ in last.owners if last.quantity.end <= head.start}  # "≥ 120 bpm HR"
    before, after = next(site.left, None), next(site.right, None)
    is_next = is_of_the_next(site.text, before, quantity, after)
    for head in () if is_next else _with_first(before, site.left):
        if head.end <= site.opened or quantity.start - head.end > REACH:
            break
        gap = without_methods(BRACKETED.sub(" ", site.text[head.end : quantity.start]))
        described = {
            _label(head, quantity): 1.0,
            "left:word": content_words(gap),
            "left:blank": gap.count(" "),
            "left:comma": gap.count(","),
            "left:taken": head in taken and bool(gap.strip()),
            "left:bracket": gap.lstrip()[:1] in (")", "]"),
            "left:circumstance": head.label != "Measurement" and bool(preposition(site, head.start)),
        }
        found.append((head, score("limit", described)))
    for head in _with_first(after, site.right):
        gap = site.text[quantity.end : head.start]
        if len(gap) > REACH or not FOLLOWING_THING.fullmatch(gap):
            break
        place = "right:beside" if head.label == "Measurement" and not gap.strip() else "right:apart"
        described = {_label(head, quantity): 1.0, place: 1.0, "right:word": content_words(gap)}
        found.append((head, score("limit", described)))
    return found


def _label(head: Head, quantity: Quantity) -> str:
    dose = head.label == "Drug" and (quantity.unit or "").split("/")[0] in _DOSE_UNITS
    return f"label={head.label}:dose" if dose else f"label={head.label}"


def _what_is_scored(site: Site, head: Head) -> Head | None:
    """Return the instrument after, or the thing right before, a head that is only a "total score"."""
    if head.end > site.quantity.start or not GENERIC_SCALE.fullmatch(site.text, head.start, head.end):
        return None
    before = next(site.row.before(head.start), None)
    if before is None or before.label == "Person":
        return instrument(site)
    gap = site.text[with_short_form(site, before.end) : head.start]
    return instrument(site) if gap.strip() else before
