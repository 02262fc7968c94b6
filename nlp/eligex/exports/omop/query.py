"""The expressions of a trial → a query, in PostgreSQL's words, which other dialects are made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from eligex.exports.omop.events import Event
from eligex.exports.omop.facts import Facts, set_tables
from eligex.exports.omop.people import TIME_UNITS, Age, Sex
from eligex.exports.omop.plan import AllOf, Node, Not, Plan, Unknown

GENDERS = {"male": 8507, "female": 8532}
"""The concepts of OMOP's vocabulary "Gender"."""
_NULL = "CAST(NULL AS BOOLEAN)"


def query(found: Plan, day: str) -> str:
    """Return the query of a trial; ``day`` is an expression for the day on which patients are looked at."""
    return _Query(found, day).sql()


@dataclass(slots=True)
class _Query:
    found: Plan
    day: str
    facts: Facts = field(default_factory=Facts)

    def sql(self) -> str:
        rules = [(criterion.id, self.node(node)) for criterion, node in self.found.rules]
        columns = [f"{sql} AS {_name(key)}" for key, sql in rules]
        names = [_name(key) for key, _ in rules]
        undecided = " + ".join(f"CASE WHEN {name} IS NULL THEN 1 ELSE 0 END" for name in names) or "0"
        kept = " AND ".join(f"{name} IS NOT FALSE" for name in names) or "TRUE"
        judged = ", ".join(["p.person_id", "p.index_date", *columns])
        tables = [
            f"people AS ({self.people()})",
            *set_tables(self.found.sets),
            *self.facts.tables(),
            f"judged AS (SELECT {judged} FROM people AS p{self.facts.joined(self.found.sets)})",
        ]
        return (
            f"WITH {', '.join(tables)} SELECT person_id, index_date, {undecided} AS undecided"
            f" FROM judged WHERE {kept} ORDER BY person_id"
        )

    def people(self) -> str:
        born = "MAKE_DATE(year_of_birth, COALESCE(month_of_birth, 1), COALESCE(day_of_birth, 1))"
        return (
            f"SELECT person_id, gender_concept_id, {self.day} AS index_date,"
            f" COALESCE(CAST(birth_datetime AS DATE), {born}) AS birth_date FROM person"
        )

    def node(self, node: Node) -> str:
        """Return an expression that is true, false or null of ``p``."""
        if isinstance(node, Unknown):
            return _NULL
        if isinstance(node, Sex):
            known = ", ".join(map(str, GENDERS.values()))
            return (
                f"CASE WHEN p.gender_concept_id IN ({known})"
                f" THEN p.gender_concept_id = {GENDERS[node.sex]} END"
            )
        if isinstance(node, Age):
            return _age(node)
        if isinstance(node, Event):
            return self.event(node)
        if isinstance(node, Not):
            return f"(NOT ({self.node(node.member)}))"
        members = [f"({self.node(each)})" for each in node.members]
        if isinstance(node, AllOf):
            return f"({' AND '.join(members)})"
        if node.minimum == 1:
            return f"({' OR '.join(members)})"
        held = " + ".join(f"CASE WHEN {each} THEN 1 ELSE 0 END" for each in members)
        possible = " + ".join(f"CASE WHEN {each} IS NOT FALSE THEN 1 ELSE 0 END" for each in members)
        return f"CASE WHEN {held} >= {node.minimum} THEN TRUE WHEN {possible} < {node.minimum} THEN FALSE END"

    def event(self, event: Event) -> str:
        if event.concepts.why is not None:
            return _NULL
        stated = " OR ".join(f"({self.facts.stated(event, domain)})" for domain in event.domains)
        if event.narrowed:
            stated = f"CASE WHEN NOT ({stated}) THEN FALSE END"
        return f"CASE WHEN f.set_{event.concepts.id} THEN {stated} END"


def _age(age: Age) -> str:
    """Return whether an age is within a limit: 18 years old is who was born 18 years ago, and not yet 19."""
    at_least = [f"{_birthday(age, number)} <= p.index_date" for number in (age.low, age.low + 1)]
    if age.comparator in ("in", "=", "!="):
        ages = " OR ".join(
            f"({_birthday(age, each)} <= p.index_date AND {_birthday(age, each + 1)} > p.index_date)"
            for each in age.values or (age.low,)
        )
        return f"(NOT ({ages}))" if age.comparator == "!=" else f"({ages})"
    if age.comparator == "between" and age.high is not None:
        high = f"{_birthday(age, age.high + age.high_inclusive)} > p.index_date"
        return f"({at_least[0 if age.low_inclusive else 1]} AND {high})"
    return {
        ">=": at_least[0],
        ">": at_least[1],
        "<": f"(NOT {at_least[0]})",
        "<=": f"(NOT {at_least[1]})",
    }[age.comparator]


def _birthday(age: Age, number: int) -> str:
    return f"p.birth_date + INTERVAL '{number} {TIME_UNITS[age.unit]}s'"


def _name(key: str) -> str:
    return '"' + key.replace('"', '""') + '"'
