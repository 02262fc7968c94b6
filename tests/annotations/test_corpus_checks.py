"""Every check of the corpus is shown to fail on a copy that is broken in one place."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from eligex_corpus import check, check_folder, path, read_records
from eligex_corpus.__main__ import main

Record = dict[str, Any]


@cache
def records() -> list[Record]:
    return read_records()


def record_of(key: str) -> Record:
    return copy.deepcopy(next(record for record in records() if record["trial_id"] == key))


def criterion_of(record: Record, key: str) -> Record:
    found: Record = next(criterion for criterion in record["criteria"] if criterion["id"] == key)
    return found


def predicate_of(record: Record, key: str) -> Record:
    criterion = criterion_of(record, key.rpartition(".")[0])
    found: Record = next(predicate for predicate in criterion["predicates"] if predicate["id"] == key)
    return found


def setting(key: str, **values: Any) -> Callable[[Record], None]:
    """Break a predicate by setting fields of it."""

    def change(record: Record) -> None:
        predicate_of(record, key).update(values)

    return change


def window(key: str, **values: Any) -> Callable[[Record], None]:
    """Break the window of a predicate."""

    def change(record: Record) -> None:
        predicate_of(record, key)["temporal"].update(values)

    return change


def logic(key: str, expression: Any) -> Callable[[Record], None]:
    """Give a criterion another logic."""

    def change(record: Record) -> None:
        criterion_of(record, key)["logic"] = expression

    return change


def criterion(key: str, **values: Any) -> Callable[[Record], None]:
    """Break a criterion by setting fields of it."""

    def change(record: Record) -> None:
        criterion_of(record, key).update(values)

    return change


def drop_field(record: Record) -> None:
    del record["unparsed"]


def unknown_field(record: Record) -> None:
    predicate_of(record, "inc-1.1")["certainty"] = 1


def forget_text(record: Record) -> None:
    del record["text"]


def shift_entity(record: Record) -> None:
    record["entities"][0]["start"] += 1


def entity_past_the_end(record: Record) -> None:
    record["entities"][-1]["end"] += 10_000


def shift_modifier(record: Record) -> None:
    predicate_of(record, "inc-2.1")["modifiers"][0]["end"] -= 1


def blank_at_the_end(record: Record) -> None:
    found = criterion_of(record, "inc-1")
    found["end"] += 1
    found["text"] = record["text"][found["start"] : found["end"]]


def drop_heading(record: Record) -> None:
    record["headings"].pop()


def drop_unparsed(record: Record) -> None:
    record["unparsed"].clear()


def narrow_section(record: Record) -> None:
    record["source"]["end"] -= 60


def cover_twice(record: Record) -> None:
    first, second = criterion_of(record, "inc-4"), criterion_of(record, "inc-5")
    first["end"] = second["start"] + 4
    first["text"] = record["text"][first["start"] : first["end"]]


def swap_criteria(record: Record) -> None:
    criteria = record["criteria"]
    criteria[0], criteria[1] = criteria[1], criteria[0]


def swap_entities(record: Record) -> None:
    entities = record["entities"]
    entities[0], entities[1] = entities[1], entities[0]


def nest_entities(record: Record) -> None:
    second = record["entities"][1]
    inner = {**second, "start": second["start"] + 1, "text": second["text"][1:]}
    record["entities"].insert(2, inner)


def entity_in_a_heading(record: Record) -> None:
    heading = record["headings"][0]
    words = heading["text"][:9]
    entity = {
        "start": heading["start"],
        "end": heading["start"] + 9,
        "text": words,
        "label": "Mood",
        "negated": False,
    }
    record["entities"].insert(0, entity)


def negate_an_entity(record: Record) -> None:
    record["entities"][0]["negated"] = True


def negate_a_value(record: Record) -> None:
    next(entity for entity in record["entities"] if entity["label"] == "Value")["negated"] = True


def relabel_an_entity(record: Record) -> None:
    record["entities"][0]["label"] = "Device"


def drop_an_entity(record: Record) -> None:
    entity = predicate_of(record, "inc-4.1")["entity"]
    record["entities"] = [e for e in record["entities"] if e["start"] != entity["start"]]


def drop_a_value_entity(record: Record) -> None:
    start = predicate_of(record, "inc-4.1")["value_start"]
    record["entities"] = [e for e in record["entities"] if e["start"] != start]


def drop_a_window_entity(record: Record) -> None:
    start = predicate_of(record, "inc-1.1")["temporal"]["start"]
    record["entities"] = [e for e in record["entities"] if e["start"] != start]


def predicate_of_a_qualifier(record: Record) -> None:
    predicate_of(record, "inc-1.1")["entity"]["label"] = "Qualifier"


def entity_of_another_criterion(record: Record) -> None:
    predicate_of(record, "inc-5.1")["entity"] = dict(predicate_of(record, "inc-4.1")["entity"])


def value_of_another_criterion(record: Record) -> None:
    other = predicate_of(record, "inc-4.1")
    names = ("value_text", "value_start", "value_end")
    predicate_of(record, "inc-5.1").update({name: other[name] for name in names} | {"unit_text": None})


def alternative_elsewhere(record: Record) -> None:
    predicate_of(record, "inc-6-3.1")["alternatives"][0].update(start=30, end=40)


def alternative_without_number(record: Record) -> None:
    found = criterion_of(record, "inc-6-3")
    predicate_of(record, "inc-6-3.1")["alternatives"][0].update(start=found["start"], end=found["start"] + 4)


def alternative_in_odd_units(record: Record) -> None:
    predicate_of(record, "inc-6-3.1")["alternatives"][0]["unit"] = "mmol per litre"


def negation_without_words(record: Record) -> None:
    predicate_of(record, "inc-6-2.2")["modifiers"].clear()


def exempt_without_owner(record: Record) -> None:
    predicate_of(record, "exc-6.1")["exceptions"] = ["exc-6.2"]


def exemption_with_exceptions(record: Record) -> None:
    predicate_of(record, "exc-6.3")["exceptions"] = ["exc-6.2"]


def same_predicate_id(record: Record) -> None:
    predicate_of(record, "exc-6.3")["id"] = "exc-6.2"


BROKEN = [
    pytest.param("schema", drop_field, id="a field is missing"),
    pytest.param("schema", unknown_field, id="a field is unknown"),
    pytest.param("schema", forget_text, id="no text"),
    pytest.param("schema", setting("inc-1.1", comparator="=="), id="an unknown comparator"),
    pytest.param("schema", lambda r: r["entities"][0].update(label="Disease"), id="an unknown label"),
    pytest.param("schema", lambda r: r.update(error={"type": "X", "message": "y"}), id="an error record"),
    pytest.param("document id", lambda r: r.update(trial_id="NCT00000001"), id="another kind of id"),
    pytest.param("offsets", shift_entity, id="an entity is shifted"),
    pytest.param("offsets", entity_past_the_end, id="an entity ends behind the text"),
    pytest.param("offsets", shift_modifier, id="a modifier is shifted"),
    pytest.param("offsets", setting("inc-1.1", value_text="over 18 years"), id="a value is reworded"),
    pytest.param("offsets", window("inc-1.1", text="at signing"), id="a window is reworded"),
    pytest.param("offsets", setting("inc-7.1", condition="women"), id="a condition is reworded"),
    pytest.param("offsets", blank_at_the_end, id="a span ends in a blank"),
    pytest.param("accounting", drop_heading, id="a heading is lost"),
    pytest.param("accounting", drop_unparsed, id="an unparsed fragment is lost"),
    pytest.param("section", narrow_section, id="a criterion outside the section"),
    pytest.param(
        "section", lambda r: r["source"].update(end=10**6), id="the section is longer than the text"
    ),
    pytest.param("overlap", cover_twice, id="two criteria overlap"),
    pytest.param("marker", criterion("inc-1", marker="-"), id="another marker than in the text"),
    pytest.param("marker", criterion("inc-1", marker=None), id="the place of a marker without a marker"),
    pytest.param("order", swap_criteria, id="criteria out of order"),
    pytest.param("ids", criterion("inc-2", id="inc-1"), id="a criterion id twice"),
    pytest.param("ids", criterion("inc-2", id="inc-9"), id="a criterion id left out"),
    pytest.param("ids", criterion("inc-2", id="inc-2.a"), id="a criterion id with a dot"),
    pytest.param("ids", criterion("inc-6-1", parent="inc-66"), id="an unknown parent"),
    pytest.param("ids", criterion("inc-6-2", type="exclusion"), id="a child of another type"),
    pytest.param("ids", same_predicate_id, id="a predicate id twice"),
    pytest.param("logic", logic("exc-1", {"or": ["exc-1.1"]}), id="a predicate is not in the logic"),
    pytest.param(
        "logic", logic("exc-6", {"or": ["exc-6.1", "exc-6.2"]}), id="an exempted predicate in the logic"
    ),
    pytest.param(
        "logic", logic("exc-1", {"or": ["exc-1.1", "exc-1.2", "exc-1.9"]}), id="an unknown id in the logic"
    ),
    pytest.param("logic", logic("exc-1", {"xor": ["exc-1.1", "exc-1.2"]}), id="an unknown operator"),
    pytest.param("logic", logic("exc-1", {"or": ["exc-1.1", {"or": ["exc-1.2"]}]}), id="an or inside an or"),
    pytest.param("logic", logic("exc-1", {"or": ["exc-1.1", {"and": ["exc-1.2"]}]}), id="an and of one"),
    pytest.param(
        "logic", logic("exc-1", {"or": ["exc-1.1", "exc-1.2"], "minimum": 2}), id="at least two of two"
    ),
    pytest.param("logic", logic("inc-6", {"and": ["inc-6.1"]}), id="children are not in the logic"),
    pytest.param("entities", swap_entities, id="entities out of order"),
    pytest.param("entities", nest_entities, id="entities overlap"),
    pytest.param("entities", entity_in_a_heading, id="an entity outside the criteria"),
    pytest.param("entities", negate_an_entity, id="an entity negated, its predicate not"),
    pytest.param("entities", negate_a_value, id="a negated value"),
    pytest.param("place", relabel_an_entity, id="a predicate and its entity have two labels"),
    pytest.param("place", drop_an_entity, id="the entity of a predicate is not flat"),
    pytest.param("place", drop_a_value_entity, id="a value is not among the entities"),
    pytest.param("place", drop_a_window_entity, id="a window is not among the entities"),
    pytest.param("place", predicate_of_a_qualifier, id="a predicate of a qualifier"),
    pytest.param("place", entity_of_another_criterion, id="the entity of another criterion"),
    pytest.param("place", value_of_another_criterion, id="the value of another criterion"),
    pytest.param("place", window("inc-6-2.2", anchor="enrolment"), id="an anchor that is not in the text"),
    pytest.param("value", setting("inc-1.1", comparator=None), id="a threshold without a comparator"),
    pytest.param("value", setting("inc-1.1", threshold=None), id="a comparator without a threshold"),
    pytest.param("value", setting("inc-4.1", threshold_high=None), id="between with one end"),
    pytest.param("value", setting("inc-1.1", threshold_high=70), id="two ends without between"),
    pytest.param("value", setting("inc-4.1", threshold=2), id="between with its ends reversed"),
    pytest.param("value", setting("inc-2.1", threshold_set=None), id="in without a set"),
    pytest.param("value", setting("inc-2.1", threshold_set=["IV", "IIIB", "IIIC"]), id="a set out of order"),
    pytest.param(
        "value", setting("inc-2.1", threshold_set=["IIIC", "IV"]), id="a threshold that is not the lowest"
    ),
    pytest.param(
        "value", setting("inc-1.1", comparator=">"), id="a strict comparator that includes its threshold"
    ),
    pytest.param("value", setting("inc-1.1", threshold_inclusive=False), id="an open end of at least"),
    pytest.param(
        "value",
        setting("inc-4.1", threshold_high_inclusive=None),
        id="an end that is neither open nor closed",
    ),
    pytest.param("unit", setting("inc-1.1", unit="years"), id="a unit that is not UCUM"),
    pytest.param("unit", setting("inc-1.1", unit=None), id="unit_text without a unit"),
    pytest.param("unit", setting("inc-1.1", unit_text="months"), id="unit_text that is not in the text"),
    pytest.param("unit", alternative_in_odd_units, id="an alternative in a unit that is not UCUM"),
    pytest.param("unit", alternative_elsewhere, id="an alternative outside its criterion"),
    pytest.param("unit", alternative_without_number, id="an alternative without a number"),
    pytest.param("window", window("exc-6.1", high="3 years"), id="a length that is not ISO 8601"),
    pytest.param(
        "window", window("exc-6.1", high={"value": 3, "unit": "a"}), id="a calendar length as a count"
    ),
    pytest.param("window", window("exc-9.1", whichever=None), id="an alternative length without whichever"),
    pytest.param("window", window("exc-3.2", low=None), id="for without a length"),
    pytest.param("window", window("exc-6.1", high=None, anchor=None), id="neither length nor anchor"),
    pytest.param("effect", setting("inc-1.1", effect="exclude"), id="a requirement that excludes"),
    pytest.param("effect", setting("exc-1.1", effect="require"), id="an exclusion that requires"),
    pytest.param("negation", negation_without_words, id="a negation without its words"),
    pytest.param(
        "negation", setting("inc-6-2.2", negated=False, effect="require"), id="a cue without a negation"
    ),
    pytest.param("exceptions", setting("exc-6.1", exceptions=["exc-6.9"]), id="an unknown exception"),
    pytest.param("exceptions", setting("exc-6.3", effect="exclude"), id="an exception that does not allow"),
    pytest.param("exceptions", exempt_without_owner, id="an exemption that nothing names"),
    pytest.param("exceptions", exemption_with_exceptions, id="an exemption with exceptions"),
    pytest.param("confidence", setting("inc-1.1", confidence=0.9), id="gold that is not certain"),
]


@pytest.mark.parametrize(("name", "damage"), BROKEN)
def test_a_broken_record_is_reported(name: str, damage: Callable[[Record], object]) -> None:
    record = record_of("EC-0001")
    assert check([record]) == []
    damage(record)
    assert name in {problem.check for problem in check([record])}


def test_one_document_twice() -> None:
    record = record_of("EC-0001")
    assert {problem.check for problem in check([record, record])} == {"document id"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "corpus"
    shutil.copytree(path(), target, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    return target


def edit_json(file: Path, change: Callable[[Any], object]) -> None:
    data = json.loads(file.read_text("utf-8"))
    change(data)
    file.write_text(json.dumps(data), "utf-8")


def edit_splits(change: Callable[[Any], object]) -> Callable[[Path], None]:
    return lambda folder: edit_json(folder / "data" / "splits.json", change)


def edit_metadata(change: Callable[[Any], object]) -> Callable[[Path], None]:
    return lambda folder: edit_json(folder / "data" / "corpus.json", change)


def swap_relation(folder: Path) -> None:
    file = folder / "brat" / "EC-0001.ann"
    file.write_text(file.read_text("utf-8").replace("Has_value", "Has_temporal", 1), "utf-8")


def unify_line_ends(folder: Path) -> None:
    file = folder / "brat" / "EC-0008.txt"
    file.write_bytes(file.read_bytes().replace(b"\r\n", b"\n"))


def stray_file(folder: Path) -> None:
    (folder / "brat" / "EC-9999.txt").write_text("x", "utf-8")


def wrong_count(folder: Path) -> None:
    file = folder / "README.md"
    file.write_text(file.read_text("utf-8").replace("| documents | 8 |", "| documents | 9 |"), "utf-8")


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        pytest.param("splits", edit_splits(lambda s: s["train"].pop()), id="a document in no split"),
        pytest.param(
            "splits", edit_splits(lambda s: s["test"].append("EC-0001")), id="a document in two splits"
        ),
        pytest.param("splits", edit_splits(lambda s: s["dev"].append("EC-9999")), id="an unknown document"),
        pytest.param("splits", edit_splits(lambda s: s.update(extra=[])), id="a split too many"),
        pytest.param("metadata", edit_metadata(lambda m: m.pop("licence")), id="no licence"),
        pytest.param(
            "metadata",
            edit_metadata(lambda m: m["documents"].pop("EC-0002")),
            id="a document without metadata",
        ),
        pytest.param(
            "metadata", edit_metadata(lambda m: m["documents"]["EC-0002"].pop("area")), id="no area"
        ),
        pytest.param("brat", swap_relation, id="another relation than in the JSONL"),
        pytest.param("brat", unify_line_ends, id="line ends changed"),
        pytest.param(
            "brat", lambda folder: (folder / "brat" / "EC-0001.ann").unlink(), id="a file is missing"
        ),
        pytest.param("brat", stray_file, id="a file too many"),
        pytest.param("card", wrong_count, id="a wrong count in the card"),
    ],
)
def test_a_broken_copy_is_reported(
    name: str, damage: Callable[[Path], object], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check_folder(folder) == []
    damage(folder)
    assert {problem.check for problem in check_folder(folder)} == {name}
    assert main(["check", str(folder)]) == 1
    assert f": {name}: " in capsys.readouterr().out
