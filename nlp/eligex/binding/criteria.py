"""From what earlier steps found in one criterion to its predicates and their logic.

Decides what becomes a predicate, what it inherits from the criterion above it, its effect, and how several
limits of one head combine.  Which head a limit or window belongs to is decided in the stages before, how
heads combine in :mod:`eligex.binding.logic`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count, groupby, pairwise
from operator import attrgetter
from typing import Any, NamedTuple, cast

from eligex.binding import labels, tables
from eligex.binding.across import Home, Unit
from eligex.binding.bound import Bound, Inherited, Limit, denials_in, modifier
from eligex.binding.conditions import condition_of_items, content_of, permitted_on_items
from eligex.binding.confidence import (
    Facts,
    Unread,
    confidence,
    features_of_criterion,
    features_of_predicate,
    unread_of,
)
from eligex.binding.edges import named
from eligex.binding.exemptions import exempts_items
from eligex.binding.features import Features
from eligex.binding.heads import Head
from eligex.binding.joining import joints
from eligex.binding.links import Side
from eligex.binding.logic import BELOW, Expression, Part, combine, expression_of, of_limits
from eligex.binding.needs import with_needs
from eligex.binding.openings import is_title, opens_permissions
from eligex.binding.stance import demands, forbids
from eligex.binding.statuses import told_apart
from eligex.binding.tables import Above
from eligex.binding.tree import Span, Tree
from eligex.binding.windows import has_no_length
from eligex.binding.words import STATUS_OF_ITEMS
from eligex.language.connectors import COVERS_ITEMS, NEGATED_LEAD, POPULATION
from eligex.schema import (
    LIMIT_FIELDS,
    CriterionType,
    Effect,
    Label,
    Modifier,
    Predicate,
    PredicateEntity,
    Quantity,
)

_OF_QUANTITY = (*LIMIT_FIELDS, "unit_text", "alternatives")
"""The fields that a predicate copies from its quantity."""
_of_quantity = attrgetter(*_OF_QUANTITY)


@dataclass(frozen=True, slots=True)
class Built:
    """One criterion's predicates and expression, and what its children inherit."""

    predicates: tuple[Predicate, ...]
    expression: Expression | None
    confidence: float
    passes_on: Inherited


def read(units: Iterable[Unit]) -> list[Home]:
    """Bind every criterion of a text, parents before children, each with what its parent passes on."""
    found: dict[str, Home] = {}
    above_rows = Above()
    closed: set[str] = set()
    for unit in units:
        above = found[unit.parent].passes_on if unit.parent in found else Inherited(exempts=unit.permitted)
        if above.exempts and unit.parent and (unit.parent in closed or _ends_permissions(found, unit)):
            closed.add(unit.parent)
            above = replace(above, exempts=False)
        if unit.is_bound:
            tree, bound, following = tables.read(unit, above, above_rows)
        else:
            tree, bound, following = Tree(unit.piece), Bound(inherited=above), Above()
        writer = Writer(tree, bound, unit.section, {}, {})
        found[unit.name] = Home(unit, tree, bound, _passes_on(tree, writer))
        if following.column is not None and following.has_rows > above_rows.has_rows:  # its first rows
            for name in following.sources:
                found[name] = tables.given_away(found[name], following.column, above=name == unit.parent)
        above_rows = following
    return list(found.values())


def _ends_permissions(found: Mapping[str, Home], unit: Unit) -> bool:
    """Whether a title among what is permitted begins another list: "Allowed drugs: …, [Heart disease:]"."""
    above = found[unit.parent].unit.piece if unit.parent else unit.piece
    return is_title(unit.piece) and opens_permissions(above.text, above.start, above.end)


def build(home: Home, *, names: Mapping[Span, str], chances: Mapping[Span, float]) -> Built:
    """Return the predicates of a criterion that is bound, and their logic.

    Parameters
    ----------
    home
        The criterion.
    names
        Long names of abbreviated entities, by span.
    chances
        How sure the model is of entities, by span; none is known of those that rules added.
    """
    bound, unit, numbers = home.bound, home.unit, count(1)
    writer = Writer(home.tree, bound, unit.section, names, chances)
    predicates = {
        head: [
            writer.predicate(head, limit, f"{unit.name}.{next(numbers)}", said)
            for limit in bound.limits.get(head) or (None,)
            for said in writer.said(head)
        ]
        for head in bound.heads
        if head != bound.below
    }
    main = bound.main
    parts = {
        head: writer.part(head, [each.id for each in predicates.get(head, ())] or [BELOW]) for head in main
    }
    for head, others in bound.exceptions.items():
        exempting = [each for other in others for each in predicates.get(other, ())]
        predicates[head] = [_excepting(each, exempting) for each in predicates.get(head, ())]
    found = tuple(each for of_head in predicates.values() for each in of_head)
    of_all = confidence("criterion", features_of_criterion(home.tree, bound, found))
    sure = min([of_all, *(each.confidence for each in found)])  # no more than its least sure predicate
    return Built(found, _expression(home.tree, writer, parts), sure, home.passes_on)


def _excepting(predicate: Predicate, exempting: Iterable[Predicate]) -> Predicate:
    """Return a predicate with its exceptions; those that its own condition names are none of it."""
    start, end = predicate.condition_start or 0, predicate.condition_end or 0
    found = dict.fromkeys(each.id for each in exempting if not start <= each.entity.start < end)
    return replace(predicate, exceptions=tuple(found))


def _expression(tree: Tree, writer: Writer, parts: Mapping[Head, Part]) -> Expression | None:
    """Return the expression of a criterion: what it asks for, or excludes.

    What a statement among exclusions demands excludes where it fails: "Must not have gout" is ``not`` of the
    negated predicate.
    """
    found: list[Expression] = []
    for said in writer.statements():
        if len(said.heads) > 1:
            sides = [writer.side(head) for head in said.heads]
            joined = with_needs(tree, sides, joints(tree, sides, said.section))
            part = expression_of([parts[head] for head in said.heads], joined)
        else:
            part = parts[said.heads[0]].expression
        if part is not None:
            found.append({"not": part} if said.demanded else part)
    return combine("or", found) if found else None


class Statement(NamedTuple):
    """Neighbouring heads that are joined by links; ``section`` is how what is said of them is read."""

    heads: Sequence[Head]
    section: CriterionType
    demanded: bool


@dataclass(frozen=True)
class Writer:
    """Writes the predicates of one criterion from its heads."""

    tree: Tree
    bound: Bound
    section: CriterionType
    names: Mapping[Span, str]
    chances: Mapping[Span, float]

    def facts(self, head: Head, limit: Limit | None) -> Facts:
        """Return what holds of a head, or of one of its limits, with what it inherits."""
        bound, exempt = self.bound, head in self.bound.exempt
        negated = self.negated(head, limit)
        excludes = self.section == "exclusion" and not self.demands(head)
        effect: Effect = "allow" if exempt else "exclude" if excludes != negated else "require"
        return Facts(
            bound.windows.get(head) or (() if exempt else bound.inherited.windows),
            (limit and limit.condition) or bound.conditions.get(head) or bound.inherited.condition,
            effect,
            negated,
        )

    @cached_property
    def _unread(self) -> Unread:
        return unread_of(self.tree, self.bound)

    @cached_property
    def _named(self) -> dict[Span, Span | None]:
        return {}

    @cached_property
    def _stated(self) -> dict[Span, list[Predicate]]:
        """What conditions state: many predicates of a long criterion can have the same one."""
        return {}

    def features(self, head: Head, limit: Limit | None, facts: Facts) -> Features:
        """Describe a predicate as its confidence needs it."""
        chance = self.chances.get((head.start, head.end))
        return features_of_predicate(
            self.tree, self.bound, head, limit, facts, chance=chance, unread=self._unread
        )

    def said(self, head: Head) -> tuple[Sequence[Modifier], ...]:
        """Return the modifiers of every predicate of a head; with a limit it has one for the limit."""
        found = self.bound.modifiers.get(head, ())
        return (found,) if head in self.bound.limits else told_apart(self.tree, head, found)

    def predicate(
        self, head: Head, limit: Limit | None, identifier: str, said: Sequence[Modifier]
    ) -> Predicate:
        """Return the predicate of a head, or of one of its limits."""
        facts = self.facts(head, limit)
        if (condition := facts.condition) is None:
            return self._written(head, limit, facts, said, id=identifier)
        own = condition != self.bound.inherited.condition
        stated: Sequence[Predicate] = self.stated(condition) if own else self.bound.inherited.stated
        words = self._words_of(condition)
        written: dict[str, Any] = {}
        if words is not None:  # they end where a bracket closes that did not open in them
            start, end = words
            stated = [each for each in stated if start <= each.entity.start and each.entity.end <= end]
            text = self.tree.text[start:end]
            written = {"condition": text, "condition_start": start, "condition_end": end}
        found = [replace(each, id=f"{identifier}?{number}") for number, each in enumerate(stated, start=1)]
        written |= {"id": identifier, "condition_predicates": tuple(found)}
        return self._written(head, limit, facts, said, **written)

    def _words_of(self, condition: Span) -> Span | None:
        """Return the words that name a condition, which many predicates can have."""
        if condition not in self._named:
            self._named[condition] = named(self.tree.text, *condition)
        return self._named[condition]

    def negated(self, head: Head, limit: Limit | None) -> bool:
        """Whether a predicate is negated: its head is, or its limit is denied ("not ≥ 9"), but not both."""
        denied, negated = limit.quantity.denied if limit else None, head in self.bound.negated
        found = self.bound.modifiers.get(head, ()) if denied and negated else ()
        same = any((m.start, m.end) == denied for m in denials_in(found))
        return negated if denied is None or same else not negated

    def stated(self, condition: Span | None) -> list[Predicate]:
        """Return what a condition itself states: "if bilirubin > 1.5 × ULN", "if liver metastases"."""
        if condition is None:
            return []
        if (found := self._stated.get(condition)) is None:
            bound, found = self.bound, []
            for head in bound.stated.get(condition, ()):
                for limit in bound.limits.get(head) or (None,):
                    facts = Facts(bound.windows.get(head, ()), None, None, self.negated(head, limit))
                    found.append(self._written(head, limit, facts, bound.modifiers.get(head, ()), id=""))
            self._stated[condition] = found
        return found

    def _written(
        self, head: Head, limit: Limit | None, facts: Facts, modifiers: Sequence[Modifier], **more: Any
    ) -> Predicate:
        span, windows = (head.start, head.end), facts.windows
        if limit is not None and limit.quantity.denied is not None:
            modifiers = (*modifiers, modifier(self.tree.text, limit.quantity.denied, "negation"))
        text, name = self.tree.text[slice(*span)], head.name or self.names.get(span)
        return Predicate(
            entity=PredicateEntity(text, *span, cast(Label, head.label), name),
            negated=facts.negated,
            effect=facts.effect,
            temporal=windows[0] if windows else None,
            windows=tuple(windows) if len(windows) > 1 else (),
            modifiers=tuple(_modifiers(modifiers, negated=facts.negated)),
            confidence=confidence("predicate", self.features(head, limit, facts)),
            **_value(limit.quantity if limit else None),
            **more,
        )

    def demands(self, head: Head) -> bool:
        """Whether an exclusion criterion demands what it says of a head: "Must not have gout"."""
        return self.section == "exclusion" and head in self.bound.demanded

    def statements(self) -> Iterator[Statement]:
        """Yield the heads of the logic: what an exclusion criterion demands is a statement of its own."""
        for demanded, run in groupby(self.bound.main, self.demands):
            yield Statement(list(run), "inclusion" if demanded else self.section, demanded)

    def part(self, head: Head, ids: Sequence[str]) -> Part:
        """Return a head for the logic, its limits joined."""
        if len(ids) == 1:
            return Part(ids[0], self.negation(head))
        limits, negated = self.bound.limits.get(head, ()), head in self.bound.negated
        if not limits:  # the patient's own history, or the family's
            return Part(combine("and" if negated else "or", list(ids)), self.negation(head))
        gaps = [self.tree.text[a.quantity.end : b.quantity.start] for a, b in pairwise(limits)]
        section: CriterionType = "inclusion" if self.demands(head) else self.section
        return Part(of_limits(ids, limits, gaps, section, negated=negated), self.negation(head))

    def negation(self, head: Head) -> Span | None:
        """Return the cue that negates a head."""
        if head not in self.bound.negated:
            return None
        modifiers = self.bound.modifiers.get(head, ())
        return next(((m.start, m.end) for m in denials_in(modifiers)), None)

    def side(self, head: Head) -> Side:
        """Return a head as one of two neighbours that are joined."""
        limits = self.bound.limits.get(head, ())
        aged = all(limit.quantity.kind in ("age", "duration") for limit in limits)  # "boys > 12 years, men"
        people = head.label == "Person" and aged
        return Side(
            head.start,
            head.end,
            head.label,
            limits=tuple(limit.quantity for limit in limits),
            windows=tuple(self.bound.windows.get(head, ())),
            negation=self.negation(head),
            negated=head in self.bound.negated,
            conditional=head in self.bound.conditions or any(limit.condition for limit in limits),
            population=people and POPULATION.fullmatch(self.tree.text, head.start, head.end) is not None,
        )


def _passes_on(tree: Tree, writer: Writer) -> Inherited:
    """Return what a criterion that introduces a list says about the items of the list."""
    above, label = writer.bound.inherited, labels.above(tree, writer.bound)
    if above.label != label:
        above = replace(above, label=label)
    if not above.exempts and exempts_items(tree, writer.section):
        above = replace(above, exempts=True)
    if not tree.introduces:
        return above
    lead = NEGATED_LEAD.search(tree.text[tree.start : tree.end])
    negation = (tree.start + lead.start(), tree.start + lead.end()) if lead else above.negation
    last = next(reversed(writer.bound.main), None)
    if last is not None and COVERS_ITEMS.search(tree.text, last.end, tree.end):
        negation = writer.negation(last) or negation  # "no treatment, including:"
    demanding = above.demands or next(demands(tree), None) is not None
    if lead is not None and negation is not None and forbids(tree, negation[0]):
        demanding = True
    windows = tree.piece.windows
    if (permission := permitted_on_items(tree, writer.bound.heads)) is not None:
        demanding = True
        windows = tuple(each for each in windows if each.start >= permission.end)
    passed = replace(
        above,
        windows=tuple(sorted(windows, key=has_no_length)) or above.windows,
        negation=negation,
        demands=demanding,
        status=_status_of_items(tree, writer.bound) or above.status,
    )
    clause = condition_of_items(tree, writer.bound.heads)
    if clause is None or any(limit.condition for found in writer.bound.limits.values() for limit in found):
        return passed
    condition = content_of(clause)
    return replace(passed, condition=condition, stated=tuple(writer.stated(condition)))


def _status_of_items(tree: Tree, bound: Bound) -> Modifier | None:
    """Return the status that an introduction which names nothing says of its items: "[History of] these:"."""
    found = None if bound.heads else STATUS_OF_ITEMS.match(tree.text, tree.start, tree.end)
    if found is None:
        return None
    if found["family"] is not None:
        return modifier(tree.text, found.span("family"), "family")
    return modifier(tree.text, found.span("past"), "historical")


def _modifiers(found: Sequence[Modifier], *, negated: bool) -> list[Modifier]:
    """Drop modifiers inside a longer one of their type, and negations where nothing is negated.

    The entity recogniser labels "except" and "unless" as negations; the effect shows that they exempt.
    """
    if not found:
        return []
    kept: list[Modifier] = []
    for each in sorted(found, key=lambda m: m.start - m.end):
        covered = any(
            other.type == each.type and other.start < each.end and each.start < other.end for other in kept
        )
        if not covered and (negated or each.type != "negation"):
            kept.append(each)
    return [each for each in found if any(each is other for other in kept)]


def _value(quantity: Quantity | None) -> dict[str, Any]:
    if quantity is None:
        return {}
    place = {"value_text": quantity.text, "value_start": quantity.start, "value_end": quantity.end}
    return dict(zip(_OF_QUANTITY, _of_quantity(quantity), strict=True)) | place
