"""Corrected annotations come back as results, and what cannot be applied is refused with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eligex import results as stored
from eligex import spans as eligex_spans
from eligex.cli import app
from eligex.corrections import SOURCES, read_corrected, renames
from eligex.errors import InputError
from eligex.exports import export
from eligex.invariants import problems
from eligex.schema import Entity, PredicateEntity, TrialCriteria
from eligex.writers import write
from eligex_eval.corpora import contract

TEXT = (
    "Inclusion Criteria:\n- Age >= 18 years\n- Gout or asthma\n"
    "Exclusion Criteria:\n- Stroke within 6 months, except lacunar stroke\n"
)


def record() -> dict[str, Any]:
    """Return a small result: a limit, an or, a window and an exception."""

    def span(words: str, **more: Any) -> dict[str, Any]:
        start = TEXT.index(words)
        return {"start": start, "end": start + len(words), "text": words, **more}

    def predicate(key: str, words: str, label: str, **more: Any) -> dict[str, Any]:
        return {"id": key, "entity": span(words, label=label), **more}

    age = {
        "comparator": ">=",
        "threshold": 18,
        "threshold_inclusive": True,
        "unit": "a",
        "unit_text": "years",
    }
    value = {
        "value_text": ">= 18 years",
        "value_start": TEXT.index(">="),
        "value_end": TEXT.index("\n- Gout"),
    }
    window = span("within 6 months", direction="before", high="P6M")
    return {
        "schema_version": "2.0",
        "trial_id": "T/1",
        "source": {"format": "text", "path": None, "field": None, "start": 0, "end": len(TEXT)},
        "headings": [
            span("Inclusion Criteria:", type="inclusion"),
            span("Exclusion Criteria:", type="exclusion"),
        ],
        "entities": [
            span("Age", label="Person"),
            span(">= 18 years", label="Value"),
            span("Gout", label="Condition"),
            span("asthma", label="Condition"),
            span("Stroke", label="Condition"),
            span("within 6 months", label="Temporal"),
            span("lacunar stroke", label="Condition"),
        ],
        "criteria": [
            span("Age >= 18 years", id="inc-1", type="inclusion", marker="-", marker_start=20)
            | {
                "predicates": [predicate("inc-1.1", "Age", "Person", **age, **value)],
                "logic": {"and": ["inc-1.1"]},
            },
            span("Gout or asthma", id="inc-2", type="inclusion", marker="-", marker_start=38)
            | {
                "predicates": [
                    predicate("inc-2.1", "Gout", "Condition"),
                    predicate("inc-2.2", "asthma", "Condition"),
                ],
                "logic": {"or": ["inc-2.1", "inc-2.2"]},
            },
            span(
                "Stroke within 6 months, except lacunar stroke",
                id="exc-1",
                type="exclusion",
                marker="-",
                marker_start=TEXT.index("- Stroke"),
            )
            | {
                "predicates": [
                    predicate("exc-1.1", "Stroke", "Condition", effect="exclude", temporal=window)
                    | {"exceptions": ["exc-1.2"]},
                    predicate("exc-1.2", "lacunar stroke", "Condition", effect="allow"),
                ],
                "logic": {"and": ["exc-1.1"]},
            },
        ],
        "text": TEXT,
    }  # fmt: skip


@pytest.fixture
def small() -> TrialCriteria:
    result = TrialCriteria.from_dict(record())
    assert problems(result, TEXT) == []
    return result


@pytest.mark.parametrize("tool", SOURCES)
def test_the_corpus_comes_back_as_it_was(tool: str, corpus: list[TrialCriteria], tmp_path: Path) -> None:
    export(corpus, tool, tmp_path / "out")
    assert list(read_corrected(tmp_path / "out", tool)) == corpus


def test_what_comes_back_is_a_gold_of_the_harness(corpus: list[TrialCriteria], tmp_path: Path) -> None:
    export(corpus, "brat", tmp_path / "out")
    write(read_corrected(tmp_path / "out", "brat"), tmp_path / "gold.jsonl")
    documents = contract.read(tmp_path / "gold.jsonl")
    assert [document.id for document in documents] == [result.trial_id for result in corpus]
    assert [document.gold.result for document in documents] == corpus


@pytest.mark.parametrize("tool", SOURCES)
def test_annotations_in_another_order_and_with_other_ids_are_the_same(
    tool: str, hostile: TrialCriteria, corpus: list[TrialCriteria], tmp_path: Path
) -> None:
    out, results = tmp_path / "out", [*corpus[:3], hostile]
    export(results, tool, out)
    if tool == "brat":
        for file in out.glob("*.ann"):
            lines = re.sub(r"\bT(\d+)\b(?=[\t\n ])", r"T9\1", file.read_text("utf-8")).splitlines()
            file.write_text("\n".join(reversed(lines)), "utf-8")
    else:
        text = re.sub(r'"T(\d+)"', r'"x\1"', (out / "tasks.json").read_text("utf-8"))
        tasks = json.loads(text)
        for task in tasks:
            task["annotations"] = [{"result": task.pop("predictions")[0]["result"][::-1]}]
        (out / "tasks.json").write_text(json.dumps(tasks), "utf-8")
    assert list(read_corrected(out, tool)) == results


@pytest.mark.parametrize("tool", SOURCES)
def test_line_breaks_of_two_characters_are_counted_as_two(
    tool: str, hostile: TrialCriteria, tmp_path: Path
) -> None:
    text = (hostile.text or "").replace(":\n", ":\r\n").replace("7 to", "\rto")
    assert text.count("\r") == 2
    result = eligex_spans.shifted(hostile, 1)
    source = replace(result.source, start=0, end=len(text))
    result = replace(result, text=text, source=source, criteria=(), entities=result.entities[:1])
    assert text[slice(result.entities[0].start, result.entities[0].end)] == "HbA1c"
    export([result], tool, tmp_path / "out")
    written = "".join(
        file.read_bytes().decode() for file in (tmp_path / "out").iterdir() if file.suffix in (".txt", ".ann")
    )
    assert "\r" not in written
    assert list(read_corrected(tmp_path / "out", tool)) == [result]


@pytest.mark.parametrize("renamed", [False, True], ids=["own-ids", "other-ids"])
def test_spans_that_differ_in_blanks_alone_stay_apart(
    renamed: bool, hostile: TrialCriteria, tmp_path: Path
) -> None:
    """The condition of one predicate ends with the line, that of the other before it."""
    text = "Inclusion Criteria:\n- Fever, chills, if septic\n "
    fever, chills = ({"condition": words, "condition_start": 40, "condition_end": 40 + len(words)}
                     for words in ("septic\n ", "septic"))  # fmt: skip
    criterion = hostile.criteria[0]
    first, second = (
        replace(
            criterion.predicates[1],
            id=f"inc-1.{number}",
            entity=PredicateEntity(words, start, start + len(words), "Condition"),
            **given,
        )
        for number, words, start, given in ((1, "Fever", 22, fever), (2, "chills", 29, chills))
    )
    criterion = replace(criterion, text=text[22:], end=len(text), predicates=(first, second))
    entities = tuple(
        Entity(each.entity.start, each.entity.end, each.entity.text, "Condition") for each in (first, second)
    )
    entities += (Entity(40, 48, "septic\n ", "Observation"),)
    source = replace(hostile.source, end=len(text))
    result = replace(hostile, text=text, criteria=(criterion,), entities=entities, source=source)
    export([result], "brat", tmp_path / "out")
    if renamed:
        (file,) = (tmp_path / "out").glob("*.ann")
        file.write_text(re.sub(r"\bT(\d+)\b(?=[\t\n ])", r"T9\1", file.read_text("utf-8")), "utf-8")
    assert list(read_corrected(tmp_path / "out", "brat")) == [result]


Edit = Callable[[str], str]


def corrected(small: TrialCriteria, folder: Path, edit: Edit) -> TrialCriteria:
    """Export, change the ``.ann`` file, and read it back."""
    export([small], "brat", folder / "out")
    file = folder / "out" / "T_1.ann"
    old = file.read_text("utf-8")
    new = edit(old)
    assert new != old
    file.write_text(new, "utf-8")
    (result,) = read_corrected(folder / "out", "brat")
    assert problems(result, TEXT) == []
    return result


def of(result: TrialCriteria, key: str) -> Any:
    found = [p for criterion in result.criteria for p in criterion.predicates if p.id == key]
    return found[0] if found else None


def line(words: str, key: str = "T90", label: str = "Condition", at: int = 0) -> str:
    start = TEXT.index(words, at)
    return f"{key}\t{label} {start} {start + len(words)}\t{words}\n"


def drop(pattern: str) -> Edit:
    return lambda text: "".join(
        each for each in text.splitlines(keepends=True) if not re.search(pattern, each)
    )


def test_a_moved_span_moves_in_entities_and_predicates(small: TrialCriteria, tmp_path: Path) -> None:
    start = TEXT.index("lacunar stroke")
    result = corrected(
        small,
        tmp_path,
        lambda text: text.replace(f"{start} {start + 14}\tlacunar stroke", f"{start} {start + 7}\tlacunar"),
    )
    assert of(result, "exc-1.2").entity.text == "lacunar"
    assert [entity.text for entity in result.entities][-1] == "lacunar"
    assert result.criteria[2].text == small.criteria[2].text


def test_a_new_label_is_that_of_the_predicate_too(small: TrialCriteria, tmp_path: Path) -> None:
    result = corrected(small, tmp_path, lambda text: text.replace("Person 22", "Observation 22"))
    assert (result.entities[0].label, of(result, "inc-1.1").entity.label) == ("Observation", "Observation")


def test_a_deleted_span_takes_its_predicate_along(small: TrialCriteria, tmp_path: Path) -> None:
    result = corrected(small, tmp_path, drop(r"\tasthma$|inc-2\.2"))
    assert of(result, "inc-2.2") is None
    assert result.criteria[1].logic == {"and": ["inc-2.1"]}
    assert "asthma" not in [entity.text for entity in result.entities]


def test_what_follows_a_deleted_predicate_gets_its_number(small: TrialCriteria, tmp_path: Path) -> None:
    result = corrected(small, tmp_path, drop(r"\tGout$|inc-2\.1"))
    assert of(result, "inc-2.1").entity.text == "asthma"
    assert of(result, "inc-2.2") is None
    assert result.criteria[1].logic == {"and": ["inc-2.1"]}


def test_without_its_arrow_a_limit_is_gone(small: TrialCriteria, tmp_path: Path) -> None:
    result = corrected(small, tmp_path, lambda text: drop("Has_value")(text).replace(
        '{"comparator": ">=", "threshold": 18, "unit": "a", "effect": "require"}', '{"effect": "require"}'
    ))  # fmt: skip
    age = of(result, "inc-1.1")
    assert (age.comparator, age.threshold, age.value_start) == (None, None, None)


def test_without_its_arrow_a_window_is_gone(small: TrialCriteria, tmp_path: Path) -> None:
    assert of(corrected(small, tmp_path, drop("Has_temporal")), "exc-1.1").temporal is None


def test_without_its_arrow_nothing_is_exempted(small: TrialCriteria, tmp_path: Path) -> None:
    result = corrected(small, tmp_path, drop("Has_exception"))
    assert of(result, "exc-1.1").exceptions == ()
    assert of(result, "exc-1.2").effect == "exclude"
    assert result.criteria[2].logic == {"and": ["exc-1.1", "exc-1.2"]}


def test_a_changed_note_changes_the_fields(small: TrialCriteria, tmp_path: Path) -> None:
    result = corrected(
        small, tmp_path, lambda text: text.replace('">=", "threshold": 18', '">", "threshold": 21')
    )
    age = of(result, "inc-1.1")
    assert (age.comparator, age.threshold, age.threshold_inclusive, age.unit) == (">", 21, False, "a")
    assert age.value_text == ">= 18 years"


def test_negation_turns_the_effect(small: TrialCriteria, tmp_path: Path) -> None:
    def negate(text: str) -> str:
        key = re.search(r"^(T\d+)\tCondition .*\tGout$", text, re.M)
        assert key
        return text + f"A1\tNegated {key[1]}\n"

    gout = of(corrected(small, tmp_path, negate), "inc-2.1")
    assert (gout.negated, gout.effect) == (True, "exclude")


def test_a_new_span_is_a_predicate(small: TrialCriteria, tmp_path: Path) -> None:
    result = corrected(small, tmp_path, lambda text: text + line("except", "T90", "Procedure"))
    new = of(result, "exc-1.3")
    assert (new.entity.text, new.entity.label, new.effect) == ("except", "Procedure", "exclude")
    assert result.criteria[2].logic == {"and": ["exc-1.1", "exc-1.3"]}
    assert "except" in [entity.text for entity in result.entities]


def test_a_new_arrow_is_read_by_the_grammars(small: TrialCriteria, tmp_path: Path) -> None:
    bare = corrected(small, tmp_path, lambda text: drop("Has_value|Has_temporal")(text).replace(
        '{"comparator": ">=", "threshold": 18, "unit": "a", "effect": "require"}', '{"effect": "require"}'
    ).replace(', "temporal": {"direction": "before", "high": "P6M"}', ""))  # fmt: skip
    assert of(bare, "inc-1.1").comparator is None
    again = tmp_path / "again"
    again.mkdir()
    result = corrected(
        bare, again, lambda text: text + "R8\tHas_value Arg1:T1 Arg2:T2\nR9\tHas_temporal Arg1:T5 Arg2:T6\n"
    )
    age = of(result, "inc-1.1")
    assert (age.comparator, age.threshold, age.unit, age.unit_text) == (">=", 18, "a", "years")
    assert age.value_text == ">= 18 years"
    assert (of(result, "exc-1.1").temporal.direction, of(result, "exc-1.1").temporal.high) == (
        "before",
        "P6M",
    )


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        pytest.param(
            lambda text: text.replace("Person", "Human").replace("Temporal", "Zeit"),
            r"unknown labels: 'Human' \(.*T1\), 'Zeit'.*--map 'Human=NEW' --map 'Zeit=NEW'",
            id="labels",
        ),
        pytest.param(lambda text: text.replace("Has_value", "Owns"), "unknown labels: 'Owns'", id="arrow"),
        pytest.param(
            lambda text: text.replace("Person 22 25", "Person 22 2500"),
            "line 1: 22 to 2500 is no place",
            id="outside",
        ),
        pytest.param(lambda text: "T1\tPerson\n" + text, "line 1: not a span of brat", id="span"),
        pytest.param(lambda text: text + "R7\tHas_value Arg1:T1 Arg2:T99\n", "not a relation", id="relation"),
        pytest.param(lambda text: text + "E1\tThing:T1\n", "E1 is no annotation", id="event"),
        pytest.param(
            lambda text: text.replace('"threshold": 18', '"threshold": '),
            "note of inc-1.1: not JSON",
            id="note",
        ),
        pytest.param(
            lambda text: text.replace('"threshold": 18', '"treshold": 18'), "unknown: treshold", id="field"
        ),
        pytest.param(
            lambda text: text.replace('"threshold": 18', '"threshold": "x"'), "threshold", id="type"
        ),
        pytest.param(
            lambda text: text.replace("Person 22", "Qualifier 22"),
            "can be no entity of inc-1.1",
            id="no-domain",
        ),
        pytest.param(
            lambda text: text + line("Criteria", "T90"), r"'Criteria' \(10\) is in no criterion", id="heading"
        ),
        pytest.param(
            lambda text: text + "R8\tHas_value Arg1:T1 Arg2:T6\n", "has a value already", id="second-value"
        ),
        pytest.param(
            lambda text: text + "R8\tHas_temporal Arg1:T3 Arg2:T4\n",
            "not read as one time window",
            id="no-window",
        ),
        pytest.param(lambda text: text + line("ge >", "T90"), "is no annotation|flat entities", id="overlap"),
    ],
)
def test_what_cannot_be_applied_is_refused(
    small: TrialCriteria, tmp_path: Path, edit: Edit, message: str
) -> None:
    with pytest.raises(InputError, match=f"(?s){message}"):
        corrected(small, tmp_path, edit)


def test_labels_are_renamed(small: TrialCriteria, tmp_path: Path) -> None:
    export([small], "brat", tmp_path / "out")
    file = tmp_path / "out" / "T_1.ann"
    file.write_text(
        file.read_text("utf-8").replace("Condition", "Disease").replace("Has_value", "limit"), "utf-8"
    )
    found = read_corrected(tmp_path / "out", "brat", rename=renames(["Disease=Condition", "limit=Has_value"]))
    assert list(found) == [small]
    with pytest.raises(InputError, match=r"'Ding' is no label of eligex.*Condition"):
        renames(["Disease=Ding"])
    with pytest.raises(InputError, match="'Disease' renames nothing"):
        renames(["Disease"])


@pytest.mark.parametrize("tool", SOURCES)
def test_a_changed_text_is_refused(tool: str, small: TrialCriteria, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export([small], tool, out)
    file = out / ("T_1.txt" if tool == "brat" else "tasks.json")
    file.write_text(file.read_text("utf-8").replace("asthma", "Asthma", 1), "utf-8")
    with pytest.raises(InputError, match="text has changed"):
        read_corrected(out, tool)


def test_all_problems_are_said_at_once(small: TrialCriteria, tmp_path: Path) -> None:
    export([small] * 25, "brat", tmp_path / "out")
    for file in (tmp_path / "out").glob("*.txt"):
        file.write_text("other", "utf-8")
    with pytest.raises(InputError, match=r"25 corrections cannot be applied.*and 5 more"):
        read_corrected(tmp_path / "out", "brat")


def test_a_trial_that_is_gone_is_said(small: TrialCriteria, tmp_path: Path) -> None:
    export([small, small], "brat", tmp_path / "out")
    for name in ("T_1-2.ann", "T_1-2.txt"):
        (tmp_path / "out" / name).unlink()
    said: list[str] = []
    assert len(list(read_corrected(tmp_path / "out", "brat", notify=said.append))) == 1
    assert said == ["T/1: T_1-2.ann is no longer there; the trial is left out"]


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        pytest.param("{", "not an export of Label Studio", id="no-json"),
        pytest.param("{}", "not a list of tasks", id="no-list"),
        pytest.param(
            '[{"data": {"text": "x"}}]', "task 1: no data.eligex of schema version 2.0", id="foreign"
        ),
        pytest.param('["x"]', "task 1: no data.eligex", id="no-object"),
        pytest.param('[{"data": {"eligex": {"schema_version": "2.0"}}}]', "task 1: data.eligex", id="broken"),
    ],
)
def test_what_is_no_export_of_label_studio(tasks: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(tasks, "utf-8")
    with pytest.raises(InputError, match=message):
        read_corrected(tmp_path / "a.json", "label-studio")


def test_label_studio_corrects_and_the_last_annotation_counts(small: TrialCriteria, tmp_path: Path) -> None:
    export([small], "label-studio", tmp_path / "out")
    tasks = json.loads((tmp_path / "out" / "tasks.json").read_text("utf-8"))
    regions = tasks[0].pop("predictions")[0]["result"]
    gout = next(each for each in regions if each.get("value", {}).get("text") == "Gout")
    place = {key: gout["value"][key] for key in ("start", "end")}
    negated = {"id": gout["id"], "type": "choices", "value": place | {"choices": ["negated"]}}
    tasks[0]["annotations"] = [
        {"result": [*regions, negated], "updated_at": "2026-02-02"},
        {"result": regions, "updated_at": "2026-01-01"},
        {"result": [], "updated_at": "2026-03-03", "was_cancelled": True},
    ]
    (tmp_path / "a.json").write_text(json.dumps(tasks), "utf-8")
    said: list[str] = []
    (result,) = read_corrected(tmp_path / "a.json", "label-studio", notify=said.append)
    assert of(result, "inc-2.1").negated
    assert "2 annotations; the one that was changed last" in said[0]


def test_the_command_goes_there_and_back(small: TrialCriteria, tmp_path: Path) -> None:
    run = CliRunner().invoke
    source, folder, back = tmp_path / "a.jsonl", tmp_path / "brat", tmp_path / "b.jsonl"
    write([small], source)
    there = run(app, ["convert", str(source), "--to", "brat", "-o", str(folder)])
    assert there.exit_code == 0, there.output
    assert "1 trials, 5 predicates: 0 held whole, 5 in part" in there.output
    assert (tmp_path / "brat.loss.jsonl").read_text().count("\n") > 5
    assert run(app, ["convert", str(folder), "--from", "brat", "-o", str(back)]).exit_code == 0
    assert back.read_bytes() == source.read_bytes()
    assert list(stored.read(back)) == [small]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["a.jsonl"], "B must be given once", id="no-output"),
        pytest.param(["a.jsonl", "b.csv", "-o", "c.csv"], "B must be given once", id="two-outputs"),
        pytest.param(["a.jsonl", "b", "--to", "bart"], "unknown target 'bart'", id="target"),
        pytest.param(
            ["a.jsonl", "b", "--to", "brat", "--excel"], "--excel has no meaning with --to", id="excel"
        ),
        pytest.param(["a.jsonl", "b.csv", "--map", "A=B"], "--map has no meaning", id="map"),
        pytest.param(["a.jsonl", "a.jsonl", "--to", "conll"], "output is also the input", id="itself"),
        pytest.param(["a.jsonl", "b.jsonl", "--from", "doccano"], "not read from 'doccano'", id="source"),
        pytest.param(["a.jsonl", "b.jsonl", "--from", "brat"], "no folder of brat", id="no-folder"),
    ],
)
def test_wrong_usage_of_the_command(
    arguments: list[str], message: str, small: TrialCriteria, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write([small], tmp_path / "a.jsonl")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["convert", *arguments])
    assert result.exit_code == 2
    assert message in result.output
    assert [each.name for each in tmp_path.iterdir()] == ["a.jsonl"]
