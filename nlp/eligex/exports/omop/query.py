"""The expressions of a trial → a query, in PostgreSQL's words, which other dialects are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from eligex.exports.omop.events import Domain, Event, Limit
from eligex.exports.omop.lengths import Bounds, Offset
from eligex.exports.omop.people import TIME_UNITS, Age, Sex
from eligex.exports.omop.plan import AllOf, Node, Not, Plan, Unknown
from eligex.exports.omop.sets import ConceptSet
from eligex.exports.omop.vocabulary import UNITS
from eligex.schema import Threshold

GENDERS = {"male": 8507, "female": 8532}
"""The concepts of OMOP's vocabulary "Gender"."""
_NULL = "CAST(NULL AS BOOLEAN)"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of events and its columns."""

    name: str
    concept: str
    start: str
    end: str
    id: str

    @classmethod
    def of(cls, name: str, thing: str, dated: str | None = None) -> Table:
        """Return a table whose columns are named after what it holds."""
        start, end = (f"{dated or thing}_{each}_date" for each in ("start", "end"))
        return cls(name, f"{thing}_concept_id", start, end, f"{name}_id")

    @classmethod
    def on_a_day(cls, name: str, thing: str) -> Table:
        """Return a table of what begins and ends on one day."""
        return cls(name, f"{thing}_concept_id", f"{thing}_date", f"{thing}_date", f"{name}_id")


_TABLES: dict[Domain, Table] = {
    "Condition": Table.of("condition_occurrence", "condition"),
    "Drug": Table.of("drug_exposure", "drug", "drug_exposure"),
    "Procedure": Table.on_a_day("procedure_occurrence", "procedure"),
    "Measurement": Table.on_a_day("measurement", "measurement"),
    "Observation": Table.on_a_day("observation", "observation"),
    "Device": Table.of("device_exposure", "device", "device_exposure"),
    "Visit": Table.of("visit_occurrence", "visit"),
}
_ERA = Table.of("drug_era", "drug", "drug_era")


def query(found: Plan, day: str) -> str:
    """Return the query of a trial; ``day`` is an expression for the day on which patients are looked at."""
    return _Query(found, day).sql()


@dataclass(slots=True)
class _Query:
    found: Plan
    day: str
    units: dict[str, int] = field(default_factory=dict)

    def sql(self) -> str:
        rules = [(criterion.id, self.node(node)) for criterion, node in self.found.rules]
        columns = [f"{sql} AS {_name(key)}" for key, sql in rules]
        names = [_name(key) for key, _ in rules]
        undecided = " + ".join(f"CASE WHEN {name} IS NULL THEN 1 ELSE 0 END" for name in names) or "0"
        kept = " AND ".join(f"{name} IS NOT FALSE" for name in names) or "TRUE"
        judged = ", ".join(["p.person_id", "p.index_date", *columns])
        tables = [
            f"people AS ({self.people()})",
            *self.sets(),
            *self.unit_tables(),
            f"judged AS (SELECT {judged} FROM people AS p)",
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

    def sets(self) -> Iterator[str]:
        for each in self.found.sets:
            if each.why is None:
                yield f"base_{each.id} AS ({_base(each)})"
                yield (
                    f"set_{each.id} AS (SELECT concept_id FROM base_{each.id} UNION"
                    " SELECT a.descendant_concept_id FROM concept_ancestor AS a"
                    f" JOIN base_{each.id} AS b ON a.ancestor_concept_id = b.concept_id)"
                )

    def unit_tables(self) -> Iterator[str]:
        for unit, number in self.units.items():
            where = f"vocabulary_id = {_text(UNITS)} AND concept_code = {_text(unit)}"
            yield f"unit_{number} AS (SELECT concept_id FROM concept WHERE {where})"

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
        one = self.value if event.limits else self.count if event.count else self.there
        stated = " OR ".join(f"({one(event, domain)})" for domain in event.domains)
        if event.narrowed:
            stated = f"CASE WHEN NOT ({stated}) THEN FALSE END"
        return f"CASE WHEN EXISTS(SELECT 1 FROM set_{event.concepts.id}) THEN {stated} END"

    def there(self, event: Event, domain: Domain) -> str:
        table = _ERA if domain == "Drug" and event.bounds.lasting else _TABLES[domain]
        return f"EXISTS(SELECT 1 FROM {_records(table, event, domain)})"

    def count(self, event: Event, domain: Domain) -> str:
        table, limit = _TABLES[domain], event.count
        if limit is None:
            raise ValueError(event)
        number = f"(SELECT COUNT(DISTINCT e.{table.start}) FROM {_records(table, event, domain)})"
        return _compare(number, limit)

    def value(self, event: Event, domain: Domain) -> str:
        """Return whether the last value is within a limit, of those in one of its units."""
        table = _TABLES[domain]
        tests = [
            (self.measured(each), _compare("e.value_as_number", each, _factor(each))) for each in event.limits
        ]
        within = " OR ".join(f"({unit} AND {test})" for unit, test in tests)
        usable = " OR ".join(f"({unit})" for unit, _ in tests)
        return (
            f"(SELECT {within} FROM {_records(table, event, domain)} AND e.value_as_number IS NOT NULL"
            f" AND ({usable}) ORDER BY e.{table.start} DESC, e.{table.id} DESC LIMIT 1)"
        )

    def measured(self, limit: Limit) -> str:
        """Return whether a record has what a limit compares with."""
        if limit.relative is not None:
            return f"e.range_{limit.relative} IS NOT NULL"
        if limit.unit is None:
            return "TRUE"
        if limit.unit_concept is not None:
            return f"COALESCE(e.unit_concept_id, 0) = {limit.unit_concept.id}"
        number = self.units.setdefault(limit.unit, len(self.units))
        return f"COALESCE(e.unit_concept_id, 0) IN (SELECT concept_id FROM unit_{number})"


def _base(concepts: ConceptSet) -> str:
    """Return the standard concepts of a set, without those below them."""
    if concepts.concepts:
        rows = ", ".join(f"({each.id})" for each in concepts.concepts)
        return f"SELECT concept_id FROM (VALUES {rows}) AS v(concept_id)"
    coded = " OR ".join(
        f"(c.vocabulary_id = {_text(vocabulary)} AND c.concept_code = {_text(code)})"
        for vocabulary, code in concepts.codes
    )
    return (
        f"SELECT c.concept_id FROM concept AS c WHERE c.standard_concept = 'S' AND ({coded}) UNION"
        " SELECT r.concept_id_2 FROM concept AS c JOIN concept_relationship AS r"
        " ON r.concept_id_1 = c.concept_id AND r.relationship_id = 'Maps to'"
        f" AND COALESCE(r.invalid_reason, '') = '' WHERE {coded}"
    )


def _records(table: Table, event: Event, domain: Domain) -> str:
    """Return the records of a patient ``p`` that an event is about, as a table ``e`` and a condition."""
    return (
        f"{table.name} AS e WHERE e.person_id = p.person_id"
        f" AND e.{table.concept} IN (SELECT concept_id FROM set_{event.concepts.id})"
        f"{''.join(_between(table, event.bounds, domain))}"
    )


def _between(table: Table, bounds: Bounds, domain: Domain) -> Iterable[str]:
    if bounds.earliest is not None:
        yield f" AND e.{table.start} >= {_day(bounds.earliest)}"
    if bounds.latest is not None:
        yield f" AND e.{table.start} <= {_day(bounds.latest)}"
    if bounds.lasting and domain != "Condition":
        yield f" AND COALESCE(e.{table.end}, p.index_date) >= p.index_date"


def _day(offset: Offset) -> str:
    found = "p.index_date"
    for number, unit in ((offset.months, "months"), (offset.days, "days")):
        if number:
            found += f" {'-' if number < 0 else '+'} INTERVAL '{abs(number)} {unit}'"
    return found


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


def _factor(limit: Limit) -> str:
    return f" * e.range_{limit.relative}" if limit.relative is not None else ""


def _compare(value: str, limit: Limit, factor: str = "") -> str:
    """Return whether a value is within a limit, whose numbers are multiples of ``factor``."""
    if limit.comparator == "in":
        return (
            "("
            + " OR ".join(f"{value} = {_number(each)}{factor}" for each in limit.values or (limit.low,))
            + ")"
        )
    if limit.comparator == "between" and limit.high is not None:
        low, high = (">=" if limit.low_inclusive else ">"), ("<=" if limit.high_inclusive else "<")
        return (
            f"({value} {low} {_number(limit.low)}{factor} AND {value} {high} {_number(limit.high)}{factor})"
        )
    sign = {"!=": "<>"}.get(limit.comparator, limit.comparator)
    return f"{value} {sign} {_number(limit.low)}{factor}"


def _number(number: Threshold) -> str:
    return repr(number)


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(key: str) -> str:
    return '"' + key.replace('"', '""') + '"'
