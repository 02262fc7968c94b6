"""Each check of the corpus fails on a copy that is broken in one place.

What holds for every result of eligex is shown in tests/invariants; here one example says that it is checked.
"""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from eligex.invariants import name_of
from eligex_corpus import check, check_folder, gold, path, read_metadata, read_records, read_splits
from eligex_corpus.__main__ import main
from eligex_corpus.card import card_counts, replace_counts
from eligex_corpus.checks import check_second
from eligex_corpus.phenomena import read_phenomena, write_phenomena

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


def blank_at_the_end(record: Record) -> None:
    found = criterion_of(record, "inc-1")
    found["end"] += 1
    found["text"] = record["text"][found["start"] : found["end"]]


def child_left_out(record: Record) -> None:
    record.update(json.loads(json.dumps(record).replace("inc-6.f", "inc-6.g")))


def child_of_another_type(record: Record) -> None:
    criterion_of(record, "inc-6.f")["type"] = "exclusion"
    for predicate in criterion_of(record, "inc-6.f")["predicates"]:
        predicate["effect"] = "exclude"


def negate_an_entity(record: Record) -> None:
    record["entities"][0]["negated"] = True


def relabel_an_entity(record: Record) -> None:
    record["entities"][0]["label"] = "Device"


def drop_flat(key: str, part: str) -> Callable[[Record], None]:
    """Take the entity, the value or the window of a predicate out of the flat list."""

    def change(record: Record) -> None:
        found = predicate_of(record, key)
        start = found["value_start"] if part == "value" else found[part]["start"]
        record["entities"] = [e for e in record["entities"] if e["start"] != start]

    return change


def alternative(**values: Any) -> Callable[[Record], None]:
    """Break the alternative of the haemoglobin limit."""
    return lambda record: predicate_of(record, "inc-6.c.1")["alternatives"][0].update(values)


def alternative_without_number(record: Record) -> None:
    found = criterion_of(record, "inc-6.c")
    alternative(start=found["start"], end=found["start"] + 4)(record)


def negation_without_words(record: Record) -> None:
    predicate_of(record, "inc-6.b.2")["modifiers"].clear()


def forget_an_exception(record: Record) -> None:
    """Take the last exception out of the list of the predicate that it exempts from."""
    predicate_of(record, "exc-6.1")["exceptions"].pop()
    start = predicate_of(record, "exc-6.4")["entity"]["start"]
    next(entity for entity in record["entities"] if entity["start"] == start)["negated"] = False


def negate_a_value(record: Record) -> None:
    """Negate a value, which carries no predicate."""
    value = next(entity for entity in record["entities"] if entity["label"] == "Value")
    value["negated"] = True


BROKEN = [
    pytest.param("schema", drop_field, id="a field is missing"),
    pytest.param("schema", unknown_field, id="a field is unknown"),
    pytest.param("schema", forget_text, id="no text"),
    pytest.param("schema", setting("inc-1.1", comparator="=="), id="an unknown comparator"),
    pytest.param("schema", lambda r: r["entities"][0].update(label="Disease"), id="an unknown label"),
    pytest.param("schema", lambda r: r.update(error={"type": "X", "message": "y"}), id="an error record"),
    pytest.param("document id", lambda r: r.update(trial_id="NCT00000001"), id="another kind of id"),
    pytest.param("quotes", setting("inc-7.1", condition="women"), id="an invariant of every result"),
    pytest.param("tight", blank_at_the_end, id="a span ends in a blank"),
    pytest.param("whole marker", criterion("inc-1", marker=""), id="a marker left out"),
    pytest.param("children", child_left_out, id="a letter is left out"),
    pytest.param("children", child_of_another_type, id="a child of another type"),
    pytest.param(
        "tidy logic",
        criterion("exc-1", logic={"or": ["exc-1.1", {"or": ["exc-1.2"]}]}),
        id="an or inside an or",
    ),
    pytest.param(
        "tidy logic", criterion("exc-1", logic={"or": ["exc-1.1", {"and": ["exc-1.2"]}]}), id="an and of one"
    ),
    pytest.param(
        "tidy logic", criterion("exc-1", logic={"or": ["exc-1.1", "exc-1.2"], "minimum": 2}), id="two of two"
    ),
    pytest.param("negated entities", negate_an_entity, id="an entity negated, its predicate not"),
    pytest.param("in flat list", relabel_an_entity, id="a predicate and its entity have two labels"),
    pytest.param("in flat list", drop_flat("inc-4.1", "entity"), id="the entity of a predicate is lost"),
    pytest.param("in flat list", drop_flat("inc-4.1", "value"), id="a value is lost"),
    pytest.param("in flat list", drop_flat("inc-1.1", "temporal"), id="a window is lost"),
    pytest.param("units", setting("inc-1.1", unit="years"), id="a unit that is not UCUM"),
    pytest.param("units", setting("inc-1.1", unit=None), id="unit_text without a unit"),
    pytest.param("units", setting("inc-1.1", unit_text="months"), id="unit_text that is not in the text"),
    pytest.param("units", alternative(unit="mmol per litre"), id="an alternative that is not UCUM"),
    pytest.param("units", alternative_without_number, id="an alternative without a number"),
    pytest.param(
        "threshold words", setting("inc-2.1", threshold_text=["IIIA", "IIIC", "IV"]), id="words elsewhere"
    ),
    pytest.param("threshold words", setting("inc-2.1", threshold_text=None), id="a set with repeats"),
    pytest.param("threshold words", setting("inc-2.1", threshold_set=[3, 4, 3]), id="a set out of order"),
    pytest.param(
        "threshold words", setting("inc-2.1", threshold_set=[3], threshold_text=None), id="a set of one"
    ),
    pytest.param(
        "window form", window("exc-6.1", high={"value": 3, "unit": "{a}"}), id="a calendar length as a count"
    ),
    pytest.param("window form", window("exc-9.1", whichever=None), id="an alternative without whichever"),
    pytest.param("window form", window("inc-1.1", direction="for"), id="for without a length"),
    pytest.param("window form", window("inc-6.b.2", anchor="enrolment"), id="an anchor not in the text"),
    pytest.param("cues", negation_without_words, id="a negation without its words"),
    pytest.param("exemptions", forget_an_exception, id="an exemption without owner"),
    pytest.param("exemptions", setting("exc-6.3", exceptions=["exc-6.2"]), id="an exemption with exceptions"),
    pytest.param("certain", setting("inc-1.1", confidence=0.9), id="gold that is not certain"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "damage"), BROKEN)
def test_a_broken_record_is_reported(name: str, damage: Callable[[Record], object]) -> None:
    record = record_of("EC-0001")
    assert check([record]) == []
    damage(record)
    assert {problem.check for problem in check([record])} == {name}


def test_every_rule_of_gold_has_an_example() -> None:
    shown = {str(case.values[0]) for case in BROKEN}
    assert shown >= {name_of(rule) for rule in gold.RULES}


def test_one_document_twice() -> None:
    record = record_of("EC-0001")
    assert {problem.check for problem in check([record, record])} == {"document id"}


KEPT = ("EC-0001", "EC-0002", "EC-0003", "EC-0008")
"""The documents of the copies that are broken; all of them would take minutes."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sound copy of a few documents of the corpus."""
    target = tmp_path_factory.mktemp("sound") / "corpus"
    shutil.copytree(path(), target, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    kept = [record for record in records() if record["trial_id"] in KEPT]
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in kept)
    (target / "data" / "corpus.jsonl").write_text(lines, "utf-8", newline="")
    (target / "data" / "second.jsonl").write_text("", "utf-8")
    edit_json(
        target / "data" / "corpus.json", lambda m: m.update(documents={k: m["documents"][k] for k in KEPT})
    )
    edit_json(
        target / "data" / "splits.json",
        lambda s: s.update({name: [key for key in keys if key in KEPT] for name, keys in s.items()}),
    )
    write_phenomena({key: of for key, of in read_phenomena(target).items() if key in KEPT}, target)
    for file in (target / "brat").glob("EC-*"):
        if file.stem not in KEPT:
            file.unlink()
    about = read_metadata(target)["documents"]
    counts = card_counts(kept, read_splits(target), about, read_phenomena(target), [])
    card = target / "README.md"
    card.write_text(replace_counts(card.read_text("utf-8"), counts), "utf-8")
    return target


@pytest.fixture
def folder(tmp_path: Path, sound: Path) -> Path:
    target = tmp_path / "corpus"
    shutil.copytree(sound, target)
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
    file.write_text(
        re.sub(r"\| documents \| \d+ \|", "| documents | 9999 |", file.read_text("utf-8")), "utf-8"
    )


def edit_tags(old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        file = folder / "data" / "phenomena.tsv"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")

    return change


def second_reader(folder: Path) -> None:
    """Let somebody else have read another text under the id of a document."""
    read = record_of("EC-0001") | {"trial_id": "EC-0003"}
    (folder / "data" / "second.jsonl").write_text(json.dumps(read) + "\n", "utf-8")


def test_a_second_reader_has_the_same_criteria() -> None:
    first = record_of("EC-0001")
    first["criteria"][0]["end"] -= 1
    problems = check_second([record_of("EC-0001")], [first])
    assert [problem.detail for problem in problems] == ["criteria are cut otherwise"]
    assert check_second([record_of("EC-0001")], [record_of("EC-0001")]) == []


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
        pytest.param("phenomena", edit_tags("EC-0001\tinc-6.d\tuln\n", ""), id="a tag is missing"),
        pytest.param(
            "phenomena",
            edit_tags("inc-6.d\tuln", "inc-6.d\tuln\nEC-0001\tinc-6.d\thalf_life"),
            id="a tag too many",
        ),
        pytest.param(
            "phenomena", edit_tags("EC-0001\tinc-6.d\tuln", "EC-0001\tinc-6.d\tULN"), id="no such tag"
        ),
        pytest.param(
            "phenomena", edit_tags("EC-0001\t", "EC-0001\tinc-99\tratio\nEC-0001\t"), id="no criterion"
        ),
        pytest.param("second reader", second_reader, id="another text"),
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
