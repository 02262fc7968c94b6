"""OMOP Circe: for each trial a cohort expression, as ATLAS and CirceR read them.

Every visit is a day on which a patient may be looked at; the cohort begins at the first one at which all
inclusion rules hold.  Each criterion is a rule with its text; a criterion of which nothing can be asked is a
rule that everyone meets.  Circe knows no "unknown": where a part cannot be asked, the rule lets in everyone
whom the rest does not rule out.  A set of concepts without an id is there, named and empty, to be filled in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from eligex.exports.circe_values import age_ranges, concept_item, criteria_of, sex_concept
from eligex.exports.loss import Ledger
from eligex.exports.names import Names
from eligex.exports.omop.accounts import account
from eligex.exports.omop.events import Event
from eligex.exports.omop.people import Age, Sex
from eligex.exports.omop.plan import AllOf, AnyOf, Node, Not, Plan, Unknown, plan
from eligex.exports.omop.sets import ConceptSet
from eligex.exports.omop.vocabulary import Vocabulary
from eligex.schema import Criterion, TrialCriteria

Json = dict[str, Any]
_EXACTLY, _AT_LEAST = 0, 2
_BESIDE = "the rule lets in everyone, because another part of the criterion cannot be asked"


def write(results: Iterable[TrialCriteria], out: Path, ledger: Ledger, *, vocabulary: Vocabulary) -> None:
    """Write a folder with a JSON file for each trial."""
    names, vocabulary = Names(), replace(vocabulary, needs_ids=True)
    for result in results:
        found = plan(result, vocabulary)
        made = _Trial(found)
        file = out / f"{names.stem(result.trial_id)}.json"
        file.write_text(json.dumps(made.expression(), indent=1) + "\n", encoding="ascii", newline="\n")
        unsaid = {
            each.id: found.unknown.get(each.id) or _broader(found.lost.get(each.id, {})) or _BESIDE
            for criterion in result.criteria
            for each in criterion.predicates
            if each.id not in made.said
        }
        for key, parts in made.lost.items():
            found.lost.setdefault(key, {}).update(parts)
        account(ledger, result, found, unsaid, sets="a set of concepts, by their ids")


def _broader(lost: dict[str, str]) -> str | None:
    """Return why an event is not asked for where it would rule out too many."""
    why = lost.get("modifiers") or lost.get("temporal") or lost.get("comparator")
    return why and f"it would rule out too many: {why}"


@dataclass(slots=True)
class _Trial:
    """The expression of one trial, while it is built."""

    found: Plan
    said: set[str] = field(default_factory=set)
    """The predicates that a rule asks for."""
    lost: dict[str, dict[str, str]] = field(default_factory=dict)

    def expression(self) -> Json:
        rules = [self.rule(criterion, node) for criterion, node in self.found.rules]
        return {
            "cdmVersionRange": ">=5.0.0",
            "PrimaryCriteria": {
                "CriteriaList": [{"VisitOccurrence": {"VisitTypeExclude": False}}],
                "ObservationWindow": {"PriorDays": 0, "PostDays": 0},
                "PrimaryCriteriaLimit": {"Type": "All"},
            },
            "ConceptSets": [_concept_set(each) for each in self.found.sets],
            "QualifiedLimit": {"Type": "All"},
            "ExpressionLimit": {"Type": "First"},
            "InclusionRules": rules,
            "CensoringCriteria": [],
            "CollapseSettings": {"CollapseType": "ERA", "EraPad": 0},
            "CensorWindow": {},
        }

    def rule(self, criterion: Criterion, node: Node) -> Json:
        member = self.member(node, doubt=True)
        is_group = member is not None and "Type" in member
        return {
            "name": f"{criterion.id} ({criterion.type})",
            "description": " ".join(criterion.text.split()),
            "expression": member if is_group else self.group("ALL", [] if member is None else [member]),
        }

    def member(self, node: Node, *, doubt: bool) -> Json | None:
        """Return what makes an expression true, or with ``doubt`` what does not make it false.

        None is what holds of everyone with ``doubt``, and of nobody without it: an unknown part.
        """
        if isinstance(node, Unknown):
            return None
        if isinstance(node, Not):
            inner = self.member(node.member, doubt=not doubt)
            return None if inner is None else self.denied(inner)
        if isinstance(node, AllOf | AnyOf):
            return self.members(node, doubt)
        if isinstance(node, Event) and node.narrowed and not doubt:
            return None
        return self.leaf(node)

    def members(self, node: AllOf | AnyOf, doubt: bool) -> Json | None:
        """Combine members: one that holds of everyone, or of nobody, is left out or decides."""
        before = set(self.said)
        found = [self.member(each, doubt=doubt) for each in node.members]
        known = [each for each in found if each is not None]
        unknown = len(found) - len(known)
        minimum = len(found) if isinstance(node, AllOf) else node.minimum
        minimum -= unknown if doubt else 0
        if minimum <= 0 or minimum > len(known):
            self.said = before
            return None
        if minimum == len(known):
            return known[0] if len(known) == 1 else self.group("ALL", known)
        if minimum == 1:
            return self.group("ANY", known)
        return self.group("AT_LEAST", known, minimum)

    def denied(self, member: Json) -> Json:
        """Return what holds where a member does not."""
        occurrence = member.get("Occurrence")
        if occurrence is not None and occurrence == {"Type": _AT_LEAST, "Count": 1, "IsDistinct": False}:
            return member | {"Occurrence": {"Type": _EXACTLY, "Count": 0, "IsDistinct": False}}
        return self.group("AT_MOST", [member], 0)

    def leaf(self, node: Event | Age | Sex) -> Json:
        """Return one thing that is asked of a patient."""
        self.said.add(node.key)
        if isinstance(node, Sex):
            return self.group("ALL", [{"Gender": [sex_concept(node.sex)]}])
        if isinstance(node, Age):
            ranges, lost = age_ranges(node)
            asked: list[Json] = [{"Age": each} for each in ranges]
        else:
            asked, lost = criteria_of(node)
        if lost:
            self.lost.setdefault(node.key, {}).update(lost)
        if len(asked) == 1 and "Criteria" in asked[0]:
            return asked[0]
        return self.group("ANY", asked) if len(asked) > 1 else self.group("ALL", asked)

    def group(self, kind: str, members: list[Json], count: int | None = None) -> Json:
        """Return a group of what is asked, of people and of other groups."""
        found: Json = {"Type": kind} | ({} if count is None else {"Count": count})
        found["CriteriaList"] = [each for each in members if "Criteria" in each]
        found["DemographicCriteriaList"] = [each for each in members if "Age" in each or "Gender" in each]
        found["Groups"] = [each for each in members if "Type" in each]
        return found


def _concept_set(concepts: ConceptSet) -> Json:
    items = [concept_item(each) for each in concepts.concepts]
    return {"id": concepts.id, "name": concepts.name, "expression": {"items": items}}
