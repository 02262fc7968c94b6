"""The corpus as it is shipped: checks, splits, what it covers, and that it is what its sources say."""

from __future__ import annotations

import doctest
import json
from itertools import chain
from pathlib import Path

import pytest

import eligex_corpus
import eligex_corpus.brat
import eligex_corpus.documents
import eligex_corpus.markup
from eligex.invariants import Subject
from eligex.schema import LABELS, TrialCriteria
from eligex_corpus import Document, check_folder, load, read_metadata, read_records, read_splits
from eligex_corpus.__main__ import main
from eligex_corpus.brat import RELATIONS, to_brat
from eligex_corpus.documents import read_second
from eligex_corpus.gold import allowed_units
from eligex_corpus.tools import compile_folder, statistics

SOURCES = Path(__file__).resolve().parents[2] / "annotations" / "source"


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """Return the corpus, read once; a document cannot be changed."""
    return load()


def test_the_corpus_has_no_problems() -> None:
    assert [str(problem) for problem in check_folder()] == []


def test_the_corpus_is_what_its_sources_compile_to() -> None:
    records, about = compile_folder(SOURCES)
    assert records == read_records()
    assert about == read_metadata()["documents"]


def test_splits_partition_the_documents(documents: list[Document]) -> None:
    by_split = {split: load(split) for split in ("train", "dev", "test")}
    assert sorted(chain(*by_split.values()), key=lambda each: each.id) == documents
    for split, part in by_split.items():
        assert {document.split for document in part} == {split}
    with pytest.raises(ValueError, match="not 'validation'"):
        load("validation")  # type: ignore[arg-type]


def test_splits_are_fixed() -> None:
    splits = read_splits()
    assert splits["dev"][:6] == ["EC-0002", "EC-0006", "EC-0012", "EC-0016", "EC-0017", "EC-0019"]
    assert splits["test"][:6] == ["EC-0004", "EC-0008", "EC-0010", "EC-0014", "EC-0018", "EC-0020"]


def test_a_document_quotes_its_text(documents: list[Document]) -> None:
    for document in documents:
        assert document.area
        assert document.dialect
        for criterion in document.result.criteria:
            assert document.text[criterion.start : criterion.end] == criterion.text
        for entity in document.result.entities:
            assert document.text[entity.start : entity.end] == entity.text


def test_what_the_corpus_covers() -> None:
    counts = statistics(read_records())
    assert counts["size"]["documents"] >= 20
    assert set(counts["entities"]) == set(LABELS)
    assert set(counts["comparators"]) >= {"<", "<=", "=", ">=", ">", "between", "in"}
    assert set(counts["windows"]) == {"before", "after", "during", "for", "within"}
    assert set(counts["units"]) >= {
        "[ULN]",
        "[LLN]",
        "{baseline}",
        "mm[Hg]",
        "%",
        "10*9/L",
        "{score}",
        "{lines}",
    }
    for phenomenon in (
        "alternatives in another unit",
        "whichever is longer or shorter",
        "at least n of a list",
        "child criteria",
        "predicates with a condition",
        "predicates with exceptions",
        "negated predicates",
        "type by cue",
        "type by default",
        "criteria of a cohort",
        "thresholds not written as numbers",
        "predicates with several windows",
        "windows with a strict bound",
        "predicates with a condition that states something",
        "a limit for a subgroup, else the general one",
    ):
        assert counts["phenomena"][phenomenon] > 0, phenomenon
    for modifier in ("historical", "family", "planned", "hypothetical", "mood", "value", "multiplier"):
        assert counts["modifiers"][modifier] > 0, modifier


def test_every_allowed_unit_is_used(documents: list[Document]) -> None:
    second = (TrialCriteria.from_dict(record) for record in read_second())
    readings = [*(document.result for document in documents), *second]
    predicates = [each for result in readings for _, each in Subject(result, "").predicates]
    used = {each.unit for each in predicates} | {a.unit for each in predicates for a in each.alternatives}
    assert allowed_units() == used - {None}


def test_dialects_keep_their_characters(documents: list[Document]) -> None:
    texts = {document.id: document.text for document in documents}
    assert "\r\n" in texts["EC-0008"]
    assert "\n" not in texts["EC-0008"].replace("\r\n", "")
    assert "\\>=" in texts["EC-0001"]
    assert "～" in texts["EC-0009"]
    assert "\t" in texts["EC-0015"]
    page = next(document for document in documents if document.id == "EC-0010")
    assert 0 < page.result.source.start < page.result.source.end < len(page.text)


def test_brat_files_read_as_brat() -> None:
    for record in read_records():
        text = record["text"]
        for line in to_brat(record).splitlines():
            key, middle, *words = line.split("\t")
            if key[0] == "T":
                spans = middle.partition(" ")[2].split(";")
                pieces = [text[int(a) : int(b)] for a, b in (span.split() for span in spans)]
                assert " ".join(pieces) == words[0]
                assert not any("\n" in piece for piece in pieces)
            elif key[0] == "R":
                assert middle.split()[0] in RELATIONS


@pytest.mark.parametrize(
    ("arguments", "status", "shown"),
    [
        pytest.param(["check"], 0, "0 problems", id="check"),
        pytest.param(["show", "EC-0001"], 0, "inc-6.e.2", id="show"),
        pytest.param(["stats"], 0, "numeric predicates", id="stats"),
    ],
)
def test_commands(arguments: list[str], status: int, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == status
    assert shown in capsys.readouterr().out


def test_compile_refuses_a_folder_without_sources(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", str(tmp_path)]) == 1
    assert "no EC-*.src" in capsys.readouterr().err


def test_records_are_plain_json() -> None:
    for record in read_records():
        assert json.loads(json.dumps(record)) == record


@pytest.mark.parametrize(
    "module",
    [
        eligex_corpus,
        eligex_corpus.brat,
        eligex_corpus.documents,
        eligex_corpus.markup,
    ],
    ids=lambda module: module.__name__,
)
def test_examples_in_docstrings(module: object) -> None:
    results = doctest.testmod(module)  # type: ignore[arg-type]
    assert results.failed == 0
    assert results.attempted > 0
