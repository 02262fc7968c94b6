"""Every target: nothing of a result is dropped in silence, and nothing in it is executed or overwritten."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import fields, replace
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from eligex.errors import InputError, OutputError, failed
from eligex.exports import NAMES, TARGETS, export, loss_path
from eligex.exports.common import tokens
from eligex.exports.graph import graph
from eligex.exports.loss import (
    CRITERION_PARTS,
    ENTITY,
    PREDICATE_PARTS,
    TRIAL_PARTS,
    WHOLE,
    Ledger,
    predicate_parts,
)
from eligex.schema import Criterion, Predicate, PredicateEntity, TrialCriteria
from eligex.spans import plain

ABSENT = {"circe": 350, "sql-duckdb": 837, "sql-postgres": 837}
"""What a target may leave out: Circe what would rule out too many, SQL what has no code, as all here."""
EVERY = [
    pytest.param(
        name,
        id=name,
        marks=pytest.mark.skipif(
            name.startswith("sql") and find_spec("sqlglot") is None, reason="sqlglot is not installed"
        ),
    )
    for name in NAMES
]
BOUND = [target.name for target in TARGETS if target.text]


def losses(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in loss_path(out).read_text("utf-8").splitlines()]


def written(out: Path) -> str:
    """Return all that an export has written, the report of losses and the copy of the results apart."""
    files = sorted(out.rglob("*")) if out.is_dir() else [out]
    kept = [each for each in files if each.is_file() and each.name != "results.jsonl"]
    return "\n".join(each.read_bytes().decode("utf-8", "replace") for each in kept)


@pytest.mark.parametrize("name", EVERY)
def test_every_predicate_is_in_the_target_or_in_the_report(
    name: str, corpus: list[TrialCriteria], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ledger = export(corpus, name, out)
    every = Counter(
        (result.trial_id, predicate.id)
        for result in corpus
        for criterion in result.criteria
        for predicate in criterion.predicates
    )
    reported = losses(out)
    absent = {(each["trial_id"], each["predicate_id"]) for each in reported if each["part"] == WHOLE}
    assert ledger.predicates == sum(every.values()) == 837
    assert ledger.absent == len(absent) < ABSENT.get(name, 15)
    assert Counter(each["part"] for each in reported) == ledger.sums
    for result in corpus:
        for criterion in result.criteria:
            for predicate in criterion.predicates:
                if (result.trial_id, predicate.id) not in absent:
                    HOLDS[name](out, result, predicate)
    HOLDS[name].cache.clear()


class _Holds:
    """Checks that a target holds a predicate; what was read of a trial is kept."""

    def __init__(self, read: Any) -> None:
        self.read, self.cache = read, {}

    def __call__(self, out: Path, result: TrialCriteria, predicate: Predicate) -> None:
        if not self.cache:
            self.cache = self.read(out)
        key = result.trial_id
        entity = predicate.entity
        keys = {predicate.id, (entity.start, entity.end, entity.label), _named(entity)}
        assert keys & self.cache[key], (key, predicate.id)


def _named(entity: PredicateEntity) -> str:
    """Return what a set of concepts is called that has none yet; ages and sexes need none."""
    if entity.label == "Person":
        return "a person"
    return f"{' '.join((entity.name or entity.text).split())} (no OMOP concept)"


def _circe(out: Path) -> dict[str, set[Any]]:
    return {
        file.stem: {
            "a person",
            *(each["name"] for each in json.loads(file.read_text("utf-8"))["ConceptSets"]),
        }
        for file in out.glob("*.json")
    }


def _sql(out: Path) -> dict[str, set[Any]]:
    name = re.compile(r"^-- without a concept: (.*?): it has no code", re.M)
    return {file.stem: {"a person", *name.findall(file.read_text("utf-8"))} for file in out.glob("*.sql")}


def _brat(out: Path) -> dict[str, set[Any]]:
    note = re.compile(r"^#\d+\tAnnotatorNotes T\d+\t(\S+) \{", re.M)
    return {file.stem: set(note.findall(file.read_text("utf-8"))) for file in out.glob("*.ann")}


def _label_studio(out: Path) -> dict[str, set[Any]]:
    tasks = json.loads((out / "tasks.json").read_text("utf-8"))
    return {
        task["data"]["trial_id"]: {
            line.split()[0]
            for region in task["predictions"][0]["result"]
            for line in region.get("meta", {}).get("text", ())
        }
        for task in tasks
    }


def also(criterion: Criterion, *more: Predicate) -> Criterion:
    """Return a criterion that states more."""
    logic = {"and": [criterion.logic, *(each.id for each in more)]}
    return replace(criterion, predicates=(*criterion.predicates, *more), logic=logic)


def _lines(out: Path) -> list[Any]:
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def _doccano(out: Path) -> dict[str, set[Any]]:
    return {
        each["meta"]["trial_id"]: {
            (entity["start_offset"], entity["end_offset"], entity["label"]) for entity in each["entities"]
        }
        for each in _lines(out)
    }


def _prodigy(out: Path) -> dict[str, set[Any]]:
    return {each["meta"]["trial_id"]: {p["id"] for p in each["predicates"]} for each in _lines(out)}


def _docbin(out: Path) -> dict[str, set[Any]]:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    found = {}
    for doc in DocBin().from_disk(out).get_docs(Vocab()):
        data = json.loads(doc.user_data["eligex"])
        found[data["trial_id"]] = {p["id"] for criterion in data["criteria"] for p in criterion["predicates"]}
    return found


def _conll(out: Path) -> dict[str, set[Any]]:
    found: dict[str, set[Any]] = {}
    spans: list[tuple[int, int, str]] = []
    for line in out.read_text("utf-8").splitlines():
        if not line:
            continue
        word, start, end, tag = line.split("\t")
        if word == "-DOCSTART-":
            key = start
            found[key] = set()
        elif tag.startswith("B-"):
            spans = [(int(start), int(end), tag[2:])]
            found[key].add(spans[0])
        elif tag.startswith("I-"):
            found[key].discard(spans[-1])
            spans.append((spans[0][0], int(end), tag[2:]))
            found[key].add(spans[-1])
    return found


def _bigbio(out: Path) -> dict[str, set[Any]]:
    return {
        each["document_id"]: {(*entity["offsets"][0], entity["type"]) for entity in each["entities"]}
        for each in _lines(out)
    }


def _fhir(out: Path) -> dict[str, set[Any]]:
    return {
        each["identifier"][0]["value"]: {
            member.get("id") for group in each["contained"] for member in group["characteristic"]
        }
        for each in _lines(out)
    }


def _usdm(out: Path) -> dict[str, set[Any]]:
    found = {}
    for file in out.glob("*.json"):
        study = json.loads(file.read_text("utf-8"))["study"]
        criteria = study["versions"][0]["studyDesigns"][0]["eligibilityCriteria"]
        parts = [json.loads(each["extensionAttributes"][0]["valueString"]) for each in criteria]
        found[study["name"]] = {predicate["id"] for part in parts for predicate in part["predicates"]}
    return found


def _sdtm(out: Path) -> dict[str, set[Any]]:
    found: dict[str, set[Any]] = {}
    with out.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            assert len(row["IETEST"]) <= 200
            assert len(row["TIRL"]) <= 200
            assert len(row["IETESTCD"]) <= 8
            keys = re.findall(r"(?:^|; )((?:inc|exc)-\S+): ", row["TIRL"])
            found.setdefault(row["STUDYID"], set()).update(keys)
    return found


HOLDS = {
    "brat": _Holds(_brat),
    "label-studio": _Holds(_label_studio),
    "doccano": _Holds(_doccano),
    "prodigy": _Holds(_prodigy),
    "docbin": _Holds(_docbin),
    "conll": _Holds(_conll),
    "bigbio": _Holds(_bigbio),
    "fhir-r5": _Holds(_fhir),
    "fhir-r4": _Holds(_fhir),
    "circe": _Holds(_circe),
    "sql-duckdb": _Holds(_sql),
    "sql-postgres": _Holds(_sql),
    "usdm": _Holds(_usdm),
    "sdtm-ti": _Holds(_sdtm),
}


def test_every_field_of_the_contract_is_a_part() -> None:
    own = {each.name for each in fields(Predicate)} - {"id", "entity"}
    spans = {"value_start", "value_end", "condition_start", "condition_end"}
    assert own - spans <= set(PREDICATE_PARTS)
    inner = {each.name for each in fields(PredicateEntity)} - ENTITY - {"start", "end"}
    assert {f"entity.{name}" for name in inner} <= set(PREDICATE_PARTS)
    assert {each.name for each in fields(Criterion)} - set(CRITERION_PARTS) == {
        "id",
        "predicates",
        "start",
        "end",
        "marker_start",
    }
    assert {each.name for each in fields(TrialCriteria)} - set(TRIAL_PARTS) == {
        "trial_id",
        "criteria",
        "schema_version",
    }


@pytest.mark.parametrize(
    ("change", "part"),
    [
        pytest.param({"comparator": ">=", "threshold": 0}, "threshold", id="zero"),
        pytest.param({"negated": True}, "negated", id="negated"),
        pytest.param({"confidence": 0.0}, "confidence", id="confidence-zero"),
        pytest.param({"exceptions": ("inc-1.2",)}, "exceptions", id="exceptions"),
        pytest.param(
            {"comparator": "between", "threshold": 1, "threshold_high": 2, "threshold_inclusive": False},
            "threshold_inclusive",
            id="exclusive-end",
        ),
    ],
)
def test_a_part_is_what_a_reader_could_miss(change: dict[str, Any], part: str) -> None:
    base = Predicate("inc-1.1", PredicateEntity("gout", 0, 4, "Condition"), confidence=0.5)
    present = dict(predicate_parts(replace(base, **change)))
    assert part in present
    ledger = Ledger()
    ledger.predicate("T", "inc-1", replace(base, **change), set(PREDICATE_PARTS))
    assert (ledger.whole, sum(ledger.sums.values())) == (1, 0)
    ledger.predicate("T", "inc-1", replace(base, **change), set(PREDICATE_PARTS), lost={part: "why"})
    assert ledger.sums == {part: 1}


@pytest.mark.parametrize("name", ["brat", "label-studio", "doccano", "conll", "bigbio"])
def test_a_label_that_is_not_that_of_the_span_is_a_loss(
    name: str, hostile: TrialCriteria, tmp_path: Path
) -> None:
    drug = replace(hostile.entities[0], label="Drug")
    export([replace(hostile, entities=(drug, *hostile.entities[1:]))], name, tmp_path / "out")
    (lost,) = [each for each in losses(tmp_path / "out") if each["part"] == "entity.label"]
    assert (lost["predicate_id"], lost["value"]) == ("inc-1.1", "Measurement")
    assert lost["reason"] == "its words are labelled Drug"


@pytest.mark.parametrize("name", ["doccano", "bigbio"])
def test_words_that_two_predicates_label_differently_are_a_loss(
    name: str, hostile: TrialCriteria, tmp_path: Path
) -> None:
    """The span has the label of the first, where it is no entity of the text."""
    criterion, *rest = hostile.criteria
    first = criterion.predicates[0]
    second = replace(first, id="inc-1.9", entity=replace(first.entity, label="Drug"))
    criteria = (also(criterion, second), *rest)
    export([replace(hostile, entities=(), criteria=criteria)], name, tmp_path / "out")
    lost = [each["predicate_id"] for each in losses(tmp_path / "out") if each["part"] == "entity.label"]
    assert lost == ["inc-1.9"]


@pytest.mark.parametrize("name", ["brat", "label-studio", "doccano", "bigbio"])
def test_what_one_of_two_limits_of_an_entity_has_is_a_loss(
    name: str, hostile: TrialCriteria, tmp_path: Path
) -> None:
    """Both have the window and the modifier; only the second has the condition, and its value is another."""
    criterion, *rest = hostile.criteria
    first = criterion.predicates[0]
    second = replace(
        first, id="inc-1.9", value_text="9 %", value_start=39, value_end=42,
        condition="type 2", condition_start=67, condition_end=73,
    )  # fmt: skip
    criteria = (also(criterion, second), *rest)
    export([replace(hostile, criteria=criteria)], name, tmp_path / "out")
    lost = [
        (each["predicate_id"], each["part"])
        for each in losses(tmp_path / "out")
        if (each["reason"] or "").startswith("other predicates are about the same words")
    ]
    assert lost == [("inc-1.1", "value_text"), ("inc-1.9", "value_text"), ("inc-1.9", "condition")]


@pytest.mark.parametrize("name", ["brat", "label-studio"])
def test_what_a_condition_states_is_a_loss_where_its_words_have_another_label(
    name: str, hostile: TrialCriteria, tmp_path: Path
) -> None:
    criterion = hostile.criteria[0]
    first, second = criterion.predicates
    stated = replace(second, id="inc-1.1?1", effect=None, entity=replace(second.entity, label="Drug"))
    first = replace(first, condition="type 2", condition_start=67, condition_end=73)
    changed = replace(criterion, predicates=(replace(first, condition_predicates=(stated,)), second))
    export([replace(hostile, criteria=(changed,))], name, tmp_path / "out")
    (lost,) = [each for each in losses(tmp_path / "out") if each["part"] == "condition_predicates"]
    assert lost["predicate_id"] == "inc-1.1"
    assert lost["reason"].endswith("its words are labelled Condition")


def test_codes_beside_those_of_another_predicate_are_a_loss_in_bigbio(
    hostile: TrialCriteria, tmp_path: Path
) -> None:
    criterion = hostile.criteria[0]
    disease = criterion.predicates[1]
    other = replace(disease, id="inc-1.9", entity=replace(disease.entity, xrefs=("MINE:2",)))
    export([replace(hostile, criteria=(also(criterion, other),))], "bigbio", tmp_path / "out")
    lost = [each["predicate_id"] for each in losses(tmp_path / "out") if each["part"] == "entity.xrefs"]
    assert lost == ["inc-1.2", "inc-1.9"]


def test_a_span_that_ends_with_blanks_ends_with_a_token_in_prodigy(
    hostile: TrialCriteria, tmp_path: Path
) -> None:
    """ "diabetes" ends before the line does; of blanks alone there is no span, and no arrow to them."""
    criterion = hostile.criteria[0]
    first = replace(criterion.predicates[0], condition="\n", condition_start=84, condition_end=85)
    changed = replace(criterion, predicates=(first, criterion.predicates[1]))
    export([replace(hostile, criteria=(changed,))], "prodigy", tmp_path / "out")
    (task,) = _lines(tmp_path / "out")
    shown = {
        (task["tokens"][span["token_start"]]["text"], task["tokens"][span["token_end"]]["text"])
        for span in task["spans"]
    }
    assert ("type", "diabetes") in shown
    assert [each["label"] for each in task["relations"]] == ["Has_value", "Has_temporal", "Has_qualifier"]
    assert all(task["tokens"][span["token_end"]]["end"] == span["end"] for span in task["spans"])


def test_an_entity_between_blanks_begins_with_b_in_conll(hostile: TrialCriteria, tmp_path: Path) -> None:
    """The second entity begins and ends with a blank, and lies right behind another."""
    disease = replace(hostile.criteria[0].predicates[1].entity, text=" type 2\n  diabetes\n", start=66)
    second = replace(hostile.criteria[0].predicates[1], entity=disease)
    entities = (
        hostile.entities[0],
        replace(hostile.entities[1], text="or", start=64, end=66),
        replace(hostile.entities[1], text=disease.text, start=66),
    )
    criterion = replace(hostile.criteria[0], predicates=(hostile.criteria[0].predicates[0], second))
    export([replace(hostile, entities=entities, criteria=(criterion,))], "conll", tmp_path / "out")
    rows = [line.split("\t") for line in (tmp_path / "out").read_text("utf-8").splitlines() if line]
    tagged = [(row[0], row[3]) for row in rows if row[3] != "O"]
    assert tagged == [
        ("HbA1c", "B-Measurement"), ("or", "B-Condition"),
        ("type", "B-Condition"), ("2", "I-Condition"), ("diabetes", "I-Condition"),
    ]  # fmt: skip
    lost = {
        each["predicate_id"]: each["reason"] for each in losses(tmp_path / "out") if each["part"] == "offsets"
    }
    assert lost == {"inc-1.2": "blanks at the ends of its words are no tokens"}


@pytest.mark.parametrize("name", ["brat", "label-studio", "doccano", "bigbio"])
def test_words_that_are_a_window_elsewhere_keep_the_label_of_their_predicate(
    name: str, hostile: TrialCriteria, tmp_path: Path
) -> None:
    """``inc-1.2`` is about the words of the window of ``inc-1.1``, and they are no entity of the text."""
    criterion, (window, end) = hostile.criteria[0], (47, 62)
    visit = PredicateEntity("within 3 months", window, end, "Visit")
    second = replace(criterion.predicates[1], entity=visit)
    changed = replace(criterion, predicates=(criterion.predicates[0], second))
    result = replace(hostile, trial_id="T-1", criteria=(changed,), entities=hostile.entities[:1])
    (node,) = [each for each in graph(result).nodes.values() if each.span == (window, end)]
    assert node.label == "Visit"
    export([result], name, tmp_path / "out")
    HOLDS[name](tmp_path / "out", result, second)
    HOLDS[name].cache.clear()
    assert "Visit" in written(tmp_path / "out")
    assert not [each for each in losses(tmp_path / "out") if each["part"] == "entity.label"]


@pytest.mark.parametrize("name", EVERY)
def test_a_trial_that_failed_is_a_loss(name: str, hostile: TrialCriteria, tmp_path: Path) -> None:
    broken = failed("T-2", hostile.source, InputError("broken"))
    ledger = export([broken, hostile], name, tmp_path / "out")
    assert ledger.trials == 2
    assert [each["trial_id"] for each in losses(tmp_path / "out") if each["part"] == "error"] == ["T-2"]


@pytest.mark.parametrize("name", EVERY)
def test_no_results_are_written_too(name: str, tmp_path: Path) -> None:
    ledger = export([], name, tmp_path / "out")
    assert (ledger.trials, (tmp_path / "out").exists()) == (0, True)


@pytest.mark.parametrize("name", BOUND)
def test_what_is_bound_to_text_needs_it(name: str, hostile: TrialCriteria, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no text.*--with-text"):
        export([replace(hostile, text=None)], name, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [each for each in EVERY if each.id not in BOUND])
def test_what_is_not_does_not(name: str, hostile: TrialCriteria, tmp_path: Path) -> None:
    assert export([replace(hostile, text=None)], name, tmp_path / "out").predicates == 2


@pytest.mark.parametrize("name", EVERY)
def test_tags_and_paths_in_ids_and_texts_do_no_harm(
    name: str, hostile: TrialCriteria, tmp_path: Path
) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    export([hostile, hostile], name, inner / "out")
    assert [each.name for each in tmp_path.iterdir()] == ["inner"]
    assert sorted(each.name for each in inner.iterdir()) == ["out", "out.loss.jsonl"]
    for file in inner.rglob("*"):
        assert re.fullmatch(r"[\w.-]+", file.name)
    if name in ("fhir-r5", "usdm"):
        assert "<b>" not in re.sub(r'"valueString": "(?:[^"\\]|\\.)*"', "", written(inner / "out"))
    if name == "sdtm-ti":
        formula = replace(hostile, trial_id="=1+1")
        export([formula], name, inner / "again")
        assert written(inner / "again").splitlines()[1].startswith("'=1+1,")


def test_a_trial_that_is_there_again_has_rows_of_its_own_in_sdtm(
    hostile: TrialCriteria, tmp_path: Path
) -> None:
    export([hostile, replace(hostile, trial_id="T-2"), hostile], "sdtm-ti", tmp_path / "out")
    rows = list(csv.DictReader(written(tmp_path / "out").splitlines()))
    assert [each["TIVERS"] for each in rows] == ["1", "1", "2"]


def test_no_cell_of_sdtm_is_longer_than_it_may_be(hostile: TrialCriteria, tmp_path: Path) -> None:
    """The apostrophe before a formula counts, and so does the name of a cohort."""
    criterion = replace(hostile.criteria[0], cohort="=" + "x" * 199)
    export([replace(hostile, criteria=(criterion,))], "sdtm-ti", tmp_path / "out")
    (row,) = csv.DictReader(written(tmp_path / "out").splitlines())
    assert row["IESCAT"].startswith("'=xx")
    assert len(row["IESCAT"]) <= 200
    assert [each["reason"] for each in losses(tmp_path / "out") if each["part"] == "cohort"] == [
        "longer than 200 characters"
    ]
    with pytest.raises(InputError, match=r"TTTT.*the id of the trial is longer than 200 characters"):
        export([replace(hostile, trial_id="T" * 201)], "sdtm-ti", tmp_path / "again")


def test_a_folder_with_corrections_is_not_overwritten(hostile: TrialCriteria, tmp_path: Path) -> None:
    export([hostile], "brat", tmp_path / "out")
    with pytest.raises(OutputError, match="there and not empty"):
        export([hostile], "brat", tmp_path / "out")
    with pytest.raises(OutputError, match="this is a folder"):
        export([hostile], "conll", tmp_path / "out")
    with pytest.raises(OutputError, match=r"unknown target 'bart'.*brat, label-studio"):
        export([hostile], "bart", tmp_path / "new")


def test_tokens_are_cut_where_spans_are(corpus: list[TrialCriteria]) -> None:
    for result in corpus:
        text, nodes = result.text or "", graph(result).nodes.values()
        found = tokens(text, (offset for node in nodes for offset in node.span))
        assert all(text[token.start : token.end] == token.text for token in found)
        assert all(one.end <= other.start for one, other in pairwise(found))
        assert "".join(token.text for token in found) == "".join(text.split())
        starts, ends = {token.start for token in found}, {token.end for token in found}
        assert all(node.start in starts and node.end in ends for node in nodes)


def test_prodigy_and_bigbio_quote_the_text(corpus: list[TrialCriteria], tmp_path: Path) -> None:
    export(corpus, "prodigy", tmp_path / "p")
    for task in _lines(tmp_path / "p"):
        for span in task["spans"]:
            assert task["tokens"][span["token_start"]]["start"] == span["start"]
            assert task["tokens"][span["token_end"]]["end"] == span["end"]
    export(corpus, "bigbio", tmp_path / "b")
    seen: set[str] = set()
    for document in _lines(tmp_path / "b"):
        text = document["passages"][0]["text"][0]
        parts = [*document["passages"], *document["entities"], *document["relations"]]
        assert not seen & {part["id"] for part in parts}
        seen |= {part["id"] for part in parts}
        for entity in document["entities"]:
            assert text[slice(*entity["offsets"][0])] == entity["text"][0]


def test_docbin_holds_the_result_and_its_spans(corpus: list[TrialCriteria], tmp_path: Path) -> None:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    export(corpus, "docbin", tmp_path / "out.spacy")
    docs = list(DocBin().from_disk(tmp_path / "out.spacy").get_docs(Vocab()))
    for doc, result in zip(docs, corpus, strict=True):
        assert doc.text == result.text
        assert TrialCriteria.from_dict(json.loads(doc.user_data["eligex"]) | {"text": doc.text}) == result
        found = [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
        assert found == [(each.start, each.end, each.label) for each in result.entities]
        values = {
            (predicate.value_start, predicate.value_end)
            for criterion in result.criteria
            for each in criterion.predicates
            for predicate in (each, *each.condition_predicates)
            if predicate.value_start is not None
        }
        group = doc.spans["eligex_values"] if values else ()
        assert {(span.start_char, span.end_char) for span in group} == values


def test_usdm_is_read_again(corpus: list[TrialCriteria], tmp_path: Path) -> None:
    from eligex.readers import read

    export(corpus[:3], "usdm", tmp_path / "out")
    for result in corpus[:3]:
        (trial,) = list(read(tmp_path / "out" / f"{result.trial_id}.json"))
        assert trial.trial_id == result.trial_id
        types = [field.type for field in trial.source.fields]
        assert types.count("exclusion") == sum(each.type == "exclusion" for each in result.criteria)
        study = json.loads((tmp_path / "out" / f"{result.trial_id}.json").read_text("utf-8"))
        criteria = study["study"]["versions"][0]["studyDesigns"][0]["eligibilityCriteria"]
        held = [json.loads(each["extensionAttributes"][0]["valueString"]) for each in criteria]
        assert held == [plain(each) for each in result.criteria]
