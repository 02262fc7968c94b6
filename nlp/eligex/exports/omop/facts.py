"""What the records of a common data model say of patients, each event a fact: tables of a query.

``set_concepts`` has the concepts of all sets, and ``filled`` one row that says which sets are not empty.
``facts`` has a row for each patient, fact and set of which there is a record, and ``recorded`` the same with
a column for each fact and set.  So the tables of the model are read for all patients and several sets at
once: a database takes a minute to plan a thousand queries about one patient and one set each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from eligex.exports.omop.events import Domain, Event, Limit
from eligex.exports.omop.lengths import Bounds, Offset
from eligex.exports.omop.sets import ConceptSet
from eligex.exports.omop.vocabulary import UNITS
from eligex.schema import Threshold


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


def set_tables(sets: Iterable[ConceptSet]) -> Iterator[str]:
    """Yield the tables of the sets that are known: their concepts, and whether they have any."""
    known = [each for each in sets if each.why is None]
    if not known:
        return
    ids = [f"({each.id}, {concept.id})" for each in known for concept in each.concepts]
    codes = [
        f"({each.id}, {quoted(vocabulary)}, {quoted(code)})"
        for each in known
        if not each.concepts
        for vocabulary, code in each.codes
    ]
    standard = []
    if ids:
        standard.append(f"SELECT set_id, concept_id FROM (VALUES {', '.join(ids)}) AS v(set_id, concept_id)")
    if codes:
        columns = "set_id, vocabulary_id, concept_code"
        yield f"set_codes AS (SELECT {columns} FROM (VALUES {', '.join(codes)}) AS v({columns}))"
        coded = (
            "set_codes AS s JOIN concept AS c"
            " ON c.vocabulary_id = s.vocabulary_id AND c.concept_code = s.concept_code"
        )
        standard += [
            f"SELECT s.set_id, c.concept_id FROM {coded} WHERE c.standard_concept = 'S'",
            f"SELECT s.set_id, r.concept_id_2 FROM {coded} JOIN concept_relationship AS r"
            " ON r.concept_id_1 = c.concept_id AND r.relationship_id = 'Maps to'"
            " AND COALESCE(r.invalid_reason, '') = ''",
        ]
    yield f"set_bases AS ({' UNION '.join(standard)})"
    yield (
        "set_concepts AS (SELECT set_id, concept_id FROM set_bases UNION"
        " SELECT b.set_id, a.descendant_concept_id FROM concept_ancestor AS a"
        " JOIN set_bases AS b ON a.ancestor_concept_id = b.concept_id)"
    )
    columns = ", ".join(f"BOOL_OR(set_id = {each.id}) AS set_{each.id}" for each in known)
    yield f"filled AS (SELECT {columns} FROM set_concepts)"


@dataclass(slots=True)
class Facts:
    """The facts that a query asks for: what is asked of several sets is one query, and asked once."""

    _asked: dict[tuple[str, str], tuple[int, list[int]]] = field(default_factory=dict)
    _units: dict[str, int] = field(default_factory=dict)

    def stated(self, event: Event, domain: Domain) -> str:
        """Return whether an event is there in a domain, in terms of ``recorded AS r``."""
        if event.limits:
            return self._value(event, domain)
        table = _ERA if domain == "Drug" and event.bounds.lasting and not event.count else _TABLES[domain]
        met = _compare(f"COUNT(DISTINCT e.{table.start})", event.count) if event.count else "TRUE"
        rest = " GROUP BY p.person_id, s.set_id"
        fact = self._fact(f"s.set_id, {met} AS met FROM ", table, event, domain, rest)
        return f"COALESCE({fact}, {_compare('0', event.count) if event.count else 'FALSE'})"

    def tables(self) -> Iterator[str]:
        """Yield the tables of units and facts."""
        for unit, number in self._units.items():
            where = f"vocabulary_id = {quoted(UNITS)} AND concept_code = {quoted(unit)}"
            yield f"unit_{number} AS (SELECT concept_id FROM concept WHERE {where})"
        if self._asked:
            rows, columns = [], []
            for (before, after), (fact, sets) in self._asked.items():
                of_sets = f"s.set_id IN ({', '.join(map(str, sets))})"
                rows.append(f"SELECT p.person_id, {fact} AS fact, {before}{of_sets}{after}")
                columns += [
                    f"BOOL_OR(met) FILTER (WHERE fact = {fact} AND set_id = {each}) AS fact_{fact}_{each}"
                    for each in sets
                ]
            yield f"facts AS ({' UNION ALL '.join(rows)})"
            yield f"recorded AS (SELECT person_id, {', '.join(columns)} FROM facts GROUP BY person_id)"

    def joined(self, sets: Sequence[ConceptSet]) -> str:
        """Return what is joined with ``people AS p``: the tables that are there."""
        filled = " CROSS JOIN filled AS f" if any(each.why is None for each in sets) else ""
        return filled + (" LEFT JOIN recorded AS r ON r.person_id = p.person_id" if self._asked else "")

    def _fact(self, chosen: str, table: Table, event: Event, domain: Domain, rest: str) -> str:
        """Return the column of a fact; ``chosen`` and ``rest`` stand before and after the records ``e`` of
        patients ``p`` that it is about, which have a concept of a set ``s``."""
        before = (
            f"{chosen}people AS p JOIN {table.name} AS e ON e.person_id = p.person_id"
            f" JOIN set_concepts AS s ON s.concept_id = e.{table.concept} WHERE "
        )
        asked = before, f"{''.join(_between(table, event.bounds, domain))}{rest}"
        number, sets = self._asked.setdefault(asked, (len(self._asked), []))
        if event.concepts.id not in sets:
            sets.append(event.concepts.id)
        return f"r.fact_{number}_{event.concepts.id}"

    def _value(self, event: Event, domain: Domain) -> str:
        """Return whether the last value is within a limit, of those in one of its units."""
        table = _TABLES[domain]
        tests = [
            (self._measured(each), _compare("e.value_as_number", each, _factor(each)))
            for each in event.limits
        ]
        within = " OR ".join(f"({unit} AND {test})" for unit, test in tests)
        usable = " OR ".join(f"({unit})" for unit, _ in tests)
        latest = f"PARTITION BY p.person_id, s.set_id ORDER BY e.{table.start} DESC, e.{table.id} DESC"
        place = f"ROW_NUMBER() OVER ({latest}) AS place"
        chosen = f"p.set_id, p.met FROM (SELECT p.person_id, s.set_id, {within} AS met, {place} FROM "
        rest = f" AND e.value_as_number IS NOT NULL AND ({usable})) AS p WHERE p.place = 1"
        return self._fact(chosen, table, event, domain, rest)

    def _measured(self, limit: Limit) -> str:
        """Return whether a record has what a limit compares with."""
        if limit.relative is not None:
            return f"e.range_{limit.relative} IS NOT NULL"
        if limit.unit is None:
            return "TRUE"
        if limit.unit_concept is not None:
            return f"COALESCE(e.unit_concept_id, 0) = {limit.unit_concept.id}"
        number = self._units.setdefault(limit.unit, len(self._units))
        return f"COALESCE(e.unit_concept_id, 0) IN (SELECT concept_id FROM unit_{number})"


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


def quoted(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
