"""Each invariant of the contract finds a result that breaks it, and no other invariant does."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from eligex.invariants import INVARIANTS, name_of, problems
from eligex.schema import (
    Alternative,
    Count,
    Criterion,
    Entity,
    Heading,
    Modifier,
    Predicate,
    PredicateEntity,
    Source,
    TrialCriteria,
    Unparsed,
    Warned,
    Window,
)

TEXT = (
    "Inclusion Criteria:\n"
    "1. Age 18 to 70 years\n"
    "2. Any of:\n"
    "   a. stage IIIB or IV cancer\n"
    "   b. ALT ≤ 2 mg/dL (177 µmol/L), ≤ 5 x ULN if liver metastases\n"
    "Exclusion Criteria:\n"
    "- No steroids for 2 weeks within 6 months, except creams\n"
    "***"
)
Record = dict[str, Any]
Change = Callable[[Record], object]


def span(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def entity(words: str, label: Any) -> PredicateEntity:
    return PredicateEntity(words, *span(words), label)


def value(words: str) -> dict[str, Any]:
    start, end = span(words)
    return {"value_text": words, "value_start": start, "value_end": end}


def criterion(key: str, words: str, marker: str, *predicates: Predicate, **more: Any) -> Criterion:
    kind: Any = {"inc": "inclusion", "exc": "exclusion"}[key[:3]]
    start, end = span(words)
    marks = {"marker": marker, "marker_start": TEXT.index(marker + " " + words)}
    return Criterion(key, kind, words, start, end, **marks, predicates=predicates, **more)


AGE = Predicate(
    "inc-1.1",
    entity("Age", "Person"),
    "between",
    18,
    70,
    threshold_inclusive=True,
    threshold_high_inclusive=True,
    unit="a",
    **value("18 to 70 years"),
)
STAGE = Predicate(
    "inc-2.a.1",
    entity("cancer", "Condition"),
    "in",
    3,
    threshold_inclusive=True,
    threshold_set=(3, 4),
    threshold_text=("IIIB", "IV"),
    **value("stage IIIB or IV"),
)
ALT = Predicate(
    "inc-2.b.1",
    entity("ALT", "Measurement"),
    "<=",
    2,
    threshold_inclusive=True,
    unit="mg/dL",
    alternatives=(Alternative(177, "umol/L", *span("177 µmol/L")),),
    canonical_threshold=176.8,
    canonical_unit="umol/L",
    warnings=(Warned("mismatch", "one limit, two values"),),
    **value("≤ 2 mg/dL"),
)
LIVER = Predicate(
    "inc-2.b.2",
    entity("ALT", "Measurement"),
    "<=",
    5,
    threshold_inclusive=True,
    unit="[ULN]",
    canonical_threshold=5,
    canonical_unit="[ULN]",
    **value("≤ 5 x ULN"),
    condition="liver metastases",
    condition_start=span("liver metastases")[0],
    condition_end=span("liver metastases")[1],
    condition_predicates=(Predicate("inc-2.b.2?1", entity("liver metastases", "Condition"), effect=None),),
)
WINDOWS = (
    Window("for 2 weeks", *span("for 2 weeks"), "for", low="P2W"),
    Window(
        "within 6 months",
        *span("within 6 months"),
        "before",
        high="P6M",
        alternatives=(Count(5, "{half-life}"),),
        whichever="longer",
    ),
)
STEROIDS = Predicate(
    "exc-1.1",
    entity("steroids", "Drug"),
    negated=True,
    temporal=WINDOWS[0],
    windows=WINDOWS,
    modifiers=(Modifier("No", *span("No"), "negation"),),
    exceptions=("exc-1.2",),
)
CREAMS = Predicate("exc-1.2", entity("creams", "Drug"), effect="allow")
CRITERIA = (
    criterion("inc-1", "Age 18 to 70 years", "1.", AGE, logic={"and": ["inc-1.1"]}),
    criterion("inc-2", "Any of:", "2.", logic={"or": ["inc-2.a", "inc-2.b"]}),
    criterion(
        "inc-2.a", "stage IIIB or IV cancer", "a.", STAGE, parent="inc-2", logic={"and": ["inc-2.a.1"]}
    ),
    criterion(
        "inc-2.b",
        "ALT ≤ 2 mg/dL (177 µmol/L), ≤ 5 x ULN if liver metastases",
        "b.",
        ALT,
        LIVER,
        parent="inc-2",
        logic={"when": "inc-2.b.2", "else": "inc-2.b.1"},
    ),
    criterion(
        "exc-1",
        "No steroids for 2 weeks within 6 months, except creams",
        "-",
        STEROIDS,
        CREAMS,
        logic={"and": ["exc-1.1"]},
    ),
)
RESULT = TrialCriteria(
    "T",
    Source("text", None, None, 0, len(TEXT)),
    headings=(
        Heading(*span("Inclusion Criteria:"), "Inclusion Criteria:", "inclusion"),
        Heading(*span("Exclusion Criteria:"), "Exclusion Criteria:", "exclusion"),
    ),
    entities=(
        Entity(*span("Age"), "Age", "Person"),
        Entity(*span("18 to 70 years"), "18 to 70 years", "Value"),
    ),
    criteria=CRITERIA,
    unparsed=(Unparsed(*span("***"), "***", "separator"),),
)


def of_item(key: str, **values: Any) -> Change:
    return lambda record: next(c for c in record["criteria"] if c["id"] == key).update(values)


def said(record: Record, key: str) -> Record:
    owned = [p for c in record["criteria"] for p in c["predicates"]]
    stated = [p for one in owned for p in one["condition_predicates"]]
    found: Record = next(p for p in owned + stated if p["id"] == key)
    return found


def of(key: str, **values: Any) -> Change:
    """Change fields of a predicate."""
    return lambda record: said(record, key).update(values)


def of_window(index: int, **values: Any) -> Change:
    """Change a window of the steroids; the first is also ``temporal``."""

    def change(record: Record) -> None:
        found = said(record, "exc-1.1")
        found["windows"][index].update(values)
        if index == 0:
            found["temporal"].update(values)

    return change


def of_alternative(**values: Any) -> Change:
    return lambda record: said(record, "inc-2.b.1")["alternatives"][0].update(values)


def negate_words(record: Record) -> None:
    start, end = span("years")
    words = {"text": "years", "start": start, "end": end, "type": "negation"}
    said(record, "inc-1.1")["modifiers"].append(words)


def borrowed_value(record: Record) -> None:
    said(record, "inc-2.a.1").update(value("18 to 70 years"))


def overlapping_heading(record: Record) -> None:
    start, end = span("1. Age")
    record["headings"].insert(1, {"start": start, "end": end, "text": "1. Age", "type": None})


def overlapping_entity(record: Record) -> None:
    start, end = span("Age 18")
    record["entities"].insert(0, {**record["entities"][0], "start": start, "end": end, "text": "Age 18"})


def entity_in_heading(record: Record) -> None:
    start, end = span("Inclusion")
    record["entities"].insert(0, {**record["entities"][0], "start": start, "end": end, "text": "Inclusion"})


def entity_is_shifted(record: Record) -> None:
    record["entities"][0]["text"] = "age"


def empty_span(record: Record) -> None:
    record["entities"][0].update(end=record["entities"][0]["start"], text="")


def short_section(record: Record) -> None:
    record["source"]["end"] -= 2


def renamed(old: str, new: str) -> Change:
    """Rename a criterion and everything that refers to it."""
    return lambda record: record.update(json.loads(json.dumps(record).replace(old, new)))


def swapped(kind: str) -> Change:
    return lambda record: record[kind].reverse()


def lost(kind: str) -> Change:
    return lambda record: record[kind].pop()


def repeated_id(record: Record) -> None:
    """Give both children one id; the parent then names a criterion that is not there."""
    child = record["criteria"][3]
    child["id"] = "inc-2.a"
    for number, predicate in enumerate(child["predicates"], start=1):
        predicate["id"] = f"inc-2.a.{number}"
        for stated in predicate["condition_predicates"]:
            stated["id"] = f"inc-2.a.{number}?1"
    child["logic"] = {"when": "inc-2.a.2", "else": "inc-2.a.1"}
    record["criteria"][1]["logic"] = {"or": ["inc-2.a", "inc-2.a"]}


CANCER = {"system": "DOID", "code": "162", "name": "cancer", "match": "exact", "score": 1.0}


def coded(key: str, **fields: Any) -> Change:
    """Return a change of the concept of a predicate's entity."""
    return lambda r: said(r, key)["entity"].update(concept=CANCER | fields)


BROKEN = [
    pytest.param("concept", coded("inc-2.a.1", score=1.5), id="score-above-1"),
    pytest.param("concept", coded("inc-2.a.1", code=""), id="no-code"),
    pytest.param("concept", coded("inc-2.a.1", system="DOID:162"), id="system-with-a-code"),
    pytest.param(
        "concept", lambda r: said(r, "inc-2.a.1")["entity"].update(xrefs=["MESH:D1"]), id="references-alone"
    ),
    pytest.param(
        "concept",
        lambda r: said(r, "inc-2.a.1")["entity"].update(concept=CANCER, xrefs=["D1"]),
        id="reference-without-system",
    ),
    pytest.param("canonical", of("inc-1.1", canonical_unit="a"), id="unit-without-limit"),
    pytest.param(
        "canonical", of("inc-1.1", canonical_unit="a", canonical_threshold=18), id="upper-end-lost"
    ),
    pytest.param("canonical", of("inc-1.1", canonical_threshold_high=70), id="upper-end-alone"),
    pytest.param("canonical", of("inc-2.b.2", canonical_threshold=200), id="relative-limit-converted"),
    pytest.param(
        "canonical", of("inc-2.a.1", canonical_threshold=3, canonical_unit="mg/dL"), id="no-unit-as-written"
    ),
    pytest.param(
        "warnings",
        of("inc-1.1", warnings=[{"kind": "implausible", "message": "so old", "unit": None}]),
        id="not-converted",
    ),
    pytest.param(
        "warnings",
        of("inc-2.b.1", warnings=[{"kind": "mismatch", "message": "", "unit": None}]),
        id="no-words",
    ),
    pytest.param("warnings", of("inc-2.b.1", alternatives=[]), id="mismatch-with-nothing"),
    pytest.param("quotes", entity_is_shifted, id="entity-reworded"),
    pytest.param("quotes", of("inc-1.1", value_text="18 to 71 years"), id="value-reworded"),
    pytest.param("quotes", of_window(1, text="within 7 months"), id="second-window-reworded"),
    pytest.param("quotes", of("inc-2.b.2", condition="liver metastasis"), id="condition-reworded"),
    pytest.param(
        "quotes",
        lambda r: said(r, "inc-2.b.2?1")["entity"].update(text="liver"),
        id="condition-predicate-reworded",
    ),
    pytest.param("section", short_section, id="fragment-outside-the-section"),
    pytest.param("section", lambda r: r["source"].update(end=len(TEXT) + 1), id="section-too-long"),
    pytest.param("section", empty_span, id="empty-span"),
    pytest.param("overlap", overlapping_heading, id="heading-over-criterion"),
    pytest.param("accounting", lost("headings"), id="heading-lost"),
    pytest.param("accounting", lost("unparsed"), id="end-lost"),
    pytest.param("order", swapped("headings"), id="headings-swapped"),
    pytest.param("marker", of_item("inc-1", marker="9."), id="another-marker"),
    pytest.param("marker", of_item("inc-1", marker=None), id="marker-lost"),
    pytest.param("flat entities", overlapping_entity, id="entities-overlap"),
    pytest.param("entity in criterion", entity_in_heading, id="entity-in-heading"),
    pytest.param("criterion ids", renamed("inc-2.b", "inc-2-2"), id="child-with-a-number"),
    pytest.param("criterion ids", renamed("inc-1", "inc-7"), id="number-left-out"),
    pytest.param("criterion ids", renamed("inc-1", "exc-2"), id="id-of-the-other-type"),
    pytest.param("parents", repeated_id, id="id-twice"),
    pytest.param("predicate ids", renamed("inc-1.1", "inc-1.2"), id="predicate-number-left-out"),
    pytest.param("predicate ids", of("inc-2.b.2?1", id="inc-2.b.2.1"), id="condition-predicate-id"),
    pytest.param("logic form", of_item("inc-1", logic={"and": ["inc-1.1"], "or": []}), id="two-operators"),
    pytest.param("logic form", of_item("inc-1", logic={"xor": ["inc-1.1"]}), id="unknown-operator"),
    pytest.param(
        "logic form", of_item("inc-2", logic={"or": ["inc-2.a", "inc-2.b"], "minimum": 3}), id="minimum"
    ),
    pytest.param(
        "logic form", of_item("inc-2", logic={"and": ["inc-2.a", "inc-2.b"], "minimum": 1}), id="and-minimum"
    ),
    pytest.param(
        "logic form",
        of_item("inc-2.b", logic={"and": [{"when": "inc-2.b.2"}, "inc-2.b.1"]}),
        id="when-without-else",
    ),
    pytest.param("logic ids", of_item("exc-1", logic={"and": ["exc-1.1", "exc-1.2"]}), id="allow-in-logic"),
    pytest.param("logic ids", of_item("inc-2", logic={"or": ["inc-2.a"]}), id="child-not-in-logic"),
    pytest.param(
        "logic ids", of_item("inc-1", logic={"and": ["inc-1.1", {"or": ["inc-1.1"]}]}), id="named-twice"
    ),
    pytest.param("logic ids", of_item("inc-1", logic={"and": ["inc-1.1", "inc-9"]}), id="unknown-id"),
    pytest.param(
        "logic ids",
        of_item("inc-2.b", logic={"when": "inc-2.b.2", "else": {"and": ["inc-2.b.1", "inc-2.b.2?1"]}}),
        id="condition-predicate-in-logic",
    ),
    pytest.param(
        "logic when", of_item("inc-2.b", logic={"when": "inc-2.b.1", "else": "inc-2.b.2"}), id="when-general"
    ),
    pytest.param(
        "logic when",
        of_item("inc-2.b", logic={"and": [{"when": "inc-2.b.1", "else": "inc-2.b.2"}]}),
        id="when-general-inside",
    ),
    pytest.param("effect", of("inc-1.1", effect="exclude"), id="effect-of-the-other-type"),
    pytest.param("effect", of_item("inc-1", logic={"not": "inc-1.1"}), id="effect-under-not"),
    pytest.param("effect", of("exc-1.1", effect="exclude"), id="effect-forgets-negation"),
    pytest.param("effect", of("inc-1.1", effect=None), id="no-effect"),
    pytest.param("negation", negate_words, id="negation-without-negated"),
    pytest.param("exceptions", of("inc-1.1", exceptions=["exc-1.2"]), id="exception-of-another-criterion"),
    pytest.param("exceptions", of("exc-1.1", exceptions=["exc-1.1"]), id="exception-that-requires"),
    pytest.param("exceptions", of("exc-1.1", exceptions=["exc-1.2", "exc-1.2"]), id="exception-given-twice"),
    pytest.param("condition", of("inc-1.1", condition_start=3), id="place-without-condition"),
    pytest.param("condition predicates", of("inc-2.b.2?1", effect="require"), id="stated-with-effect"),
    pytest.param("condition predicates", of("inc-2.b.2?1", exceptions=["exc-1.2"]), id="stated-exception"),
    pytest.param(
        "condition predicates",
        lambda r: said(r, "inc-2.b.2?1").update(entity=said(r, "inc-2.b.1")["entity"]),
        id="stated-elsewhere",
    ),
    pytest.param("label", lambda r: said(r, "inc-1.1")["entity"].update(label="Mood"), id="label"),
    pytest.param("place", borrowed_value, id="value-of-another-criterion"),
    pytest.param("place", of_alternative(start=0, end=4), id="alternative-elsewhere"),
    pytest.param("no comparator", of("exc-1.2", unit="mg"), id="unit-without-comparator"),
    pytest.param("with comparator", of("inc-2.b.1", threshold=None), id="comparator-without-threshold"),
    pytest.param("numbers", of("inc-2.b.1", threshold=float("inf")), id="infinite"),
    pytest.param("numbers", of_alternative(threshold=float("nan")), id="alternative-not-a-number"),
    pytest.param("ends", of("inc-1.1", threshold_high=None), id="between-with-one-end"),
    pytest.param("ends", of("inc-1.1", threshold=80), id="between-upside-down"),
    pytest.param("ends", of("inc-2.b.1", threshold_high=3), id="two-ends-of-a-bound"),
    pytest.param("members", of("inc-2.b.1", threshold_set=[2, 3]), id="set-of-a-bound"),
    pytest.param("members", of("inc-2.a.1", threshold_set=[], threshold_text=None), id="empty-set"),
    pytest.param("members", of("inc-2.a.1", threshold=4), id="not-the-lowest"),
    pytest.param("inclusive", of("inc-2.b.1", threshold_inclusive=False), id="at-most-is-inclusive"),
    pytest.param("inclusive", of("inc-1.1", threshold_high_inclusive=None), id="upper-end-unsaid"),
    pytest.param("inclusive", of("inc-2.b.1", threshold_high_inclusive=True), id="upper-end-of-a-bound"),
    pytest.param("threshold text", of("inc-2.a.1", threshold_text=["IIIB"]), id="one-text-for-two"),
    pytest.param("threshold text", of("inc-1.1", threshold_text="18"), id="text-of-a-range"),
    pytest.param("threshold text", of("inc-2.b.1", threshold_text=["two"]), id="list-for-a-bound"),
    pytest.param("windows", lambda r: said(r, "exc-1.1")["windows"].pop(), id="one-window-listed"),
    pytest.param("windows", lambda r: said(r, "exc-1.1")["windows"].reverse(), id="temporal-not-first"),
    pytest.param("lengths", of_window(0, low="2 weeks"), id="words-for-a-length"),
    pytest.param("lengths", of_window(1, high={"value": -1, "unit": "{half-life}"}), id="negative-count"),
    pytest.param("lengths", of_window(1, alternatives=["P"]), id="alternative-length"),
    pytest.param("window content", of_window(0, low=None), id="says-nothing"),
    pytest.param("window content", of_window(0, low=None, anchor="months", strict=True), id="strict"),
    pytest.param("window content", of_window(1, direction="within", low="P1M", high=None), id="within"),
    pytest.param("window ends", of_window(0, high="P7D"), id="far-to-near"),
    pytest.param("confidence", of("inc-1.1", confidence=1.5), id="confidence"),
]  # fmt: skip


def names(result: TrialCriteria) -> set[str]:
    return {problem.partition(": ")[0] for problem in problems(result, TEXT)}


def test_a_right_result_has_no_problems() -> None:
    assert problems(RESULT, TEXT) == []


@pytest.mark.parametrize(("rule", "change"), BROKEN)
def test_the_rule_alone_finds_it(rule: str, change: Change) -> None:
    record = json.loads(json.dumps(RESULT.to_dict()))
    broken = copy.deepcopy(record)
    change(broken)
    assert names(TrialCriteria.from_dict(record)) == set()
    assert names(TrialCriteria.from_dict(broken)) == {rule}


def test_every_rule_has_an_example() -> None:
    shown = {str(case.values[0]) for case in BROKEN}
    assert shown == {name_of(rule) for rule in INVARIANTS}


@pytest.mark.parametrize("rule", INVARIANTS, ids=name_of)
def test_rules_say_what_has_to_hold(rule: Any) -> None:
    assert rule.__doc__


def test_circular_parents_are_reported() -> None:
    record = RESULT.to_dict()
    record["criteria"][1]["parent"] = "inc-2.b"
    assert "parents" in names(TrialCriteria.from_dict(json.loads(json.dumps(record))))


PARAGRAPH = "Exclusion Criteria:\nStroke within 6 months. Asthma too.\nGout."


def shared(bearer: str) -> TrialCriteria:
    """Return a result in which ``bearer`` has the window of the first criterion."""
    start = PARAGRAPH.index("within")
    window = Window("within 6 months", start, start + 15, "before", high="P6M")
    items = []
    for number, words in enumerate(("Stroke within 6 months.", "Asthma too.", "Gout."), start=1):
        at, name = PARAGRAPH.index(words), words.split()[0].strip(".")
        entity = PredicateEntity(name, at, at + len(name), "Condition")
        predicate = Predicate(
            f"exc-{number}.1", entity, effect="exclude", temporal=window if name == bearer else None
        )
        logic: Any = {"and": [predicate.id]}
        end = at + len(words)
        items.append(
            Criterion(f"exc-{number}", "exclusion", words, at, end, predicates=(predicate,), logic=logic)
        )
    heading = Heading(0, 19, PARAGRAPH[:19], "exclusion")
    return TrialCriteria("NCT1", Source("text", None, None, 0, len(PARAGRAPH)), (heading,), (), tuple(items))


@pytest.mark.parametrize(("bearer", "broken"), [("Stroke", False), ("Asthma", False), ("Gout", True)])
def test_a_window_may_lie_earlier_in_the_paragraph(bearer: str, broken: bool) -> None:
    found = problems(shared(bearer), PARAGRAPH)
    assert [problem.partition(": ")[0] for problem in found] == (["place"] if broken else [])
