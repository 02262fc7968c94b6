"""Short forms are tied to their long forms wherever they return."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from eligex.errors import LexiconError
from eligex.lexicon.aliases import read_aliases, with_aliases
from eligex.pipes.abbreviations import AbbreviationFinder


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}})
    nlp.add_pipe("eligex_abbreviations")
    return nlp


def pairs(doc: Doc) -> list[tuple[str, str]]:
    return [
        (doc.text[slice(*row["short"])], doc.text[slice(*row["long"])]) for row in doc._.eligex_abbreviations
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Raised aspartate aminotransferase (AST) or a rising AST",
            [("AST", "aspartate aminotransferase")] * 2,
            id="returns",
        ),
        pytest.param(
            "Active CHF at entry, that is congestive heart failure (CHF)",
            [("CHF", "congestive heart failure")] * 2,
            id="used-before-it-is-defined",
        ),
        pytest.param(
            "NYHA (New York Heart Association) class II",
            [("NYHA", "New York Heart Association")],
            id="long-form-in-parentheses",
        ),
        pytest.param(
            "Body mass index (BMI) above 30", [("BMI", "Body mass index")], id="at-the-start-of-the-text"
        ),
        pytest.param("AST (SGOT) over 40; SGOT", [("SGOT", "AST")] * 2, id="another-name"),
        pytest.param("AST (ALT) over 40", [], id="another-thing"),
        pytest.param("Any tumour (solid or not)", [], id="remark"),
        pytest.param("Creatinine (mg/dL)", [], id="unit"),
        pytest.param("Stroke (within 6 months)", [], id="window"),
        pytest.param("Pain or fever (or both)", [], id="lower-case"),
        pytest.param("No parenthesis at all", [], id="none"),
        pytest.param("Open ( and never closed", [], id="unbalanced"),
    ],
)
def test_ties(nlp: Language, text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(nlp(text)) == expected


def entities(nlp: Language, text: str, marked: list[tuple[str, str]]) -> list[str]:
    doc = nlp.make_doc(text)
    doc.ents = [
        doc.char_span(text.index(part), text.index(part) + len(part), label=label) for part, label in marked
    ]
    AbbreviationFinder()(doc)
    return [entity.text for entity in doc.ents]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            [("body mass index", "Measurement"), ("BMI", "Measurement")], ["body mass index (BMI)"], id="both"
        ),
        pytest.param([("body mass index", "Measurement")], ["body mass index (BMI)"], id="long-form-only"),
        pytest.param(
            [("body mass index", "Measurement"), ("BMI", "Drug")],
            ["body mass index", "BMI"],
            id="labels-differ",
        ),
        pytest.param([("BMI", "Measurement")], ["BMI"], id="short-form-only"),
        pytest.param([("index", "Measurement")], ["index (BMI)"], id="end-of-the-long-form"),
    ],
)
def test_merges(nlp: Language, marked: list[tuple[str, str]], expected: list[str]) -> None:
    assert entities(nlp, "A body mass index (BMI) over 30", marked) == expected


def test_leaves_plain_data(nlp: Language) -> None:
    doc = nlp("Chronic kidney disease (CKD); CKD on dialysis")
    copy = next(DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab))
    assert json.dumps(copy._.eligex_abbreviations) == json.dumps(doc._.eligex_abbreviations)
    assert len(copy._.eligex_abbreviations) == 2


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        pytest.param(["AST | SGOT", "ALT | sgot"], "'sgot' is in the file twice", id="twice"),
        pytest.param(["AST | serum AST"], "is not one word", id="two-words"),
        pytest.param(["AST | "], "is not one word", id="empty"),
    ],
)
def test_mistakes_in_aliases_are_errors(tmp_path: Path, lines: list[str], message: str) -> None:
    path = tmp_path / "aliases.tsv"
    path.write_text("\n".join(["names", *lines]), encoding="utf-8")
    with pytest.raises(LexiconError, match=rf"aliases\.tsv:{len(lines) + 1}: .*{message}"):
        read_aliases(path)


@pytest.fixture
def alias_file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.tsv"
    path.write_text("names\nAST | aspat\ngizmo | widget", encoding="utf-8")
    return path


def test_a_user_can_add_names(nlp: Language, alias_file: Path, tmp_path: Path) -> None:
    mine = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}})
    mine.add_pipe("eligex_abbreviations", config={"aliases": str(alias_file)})
    mine.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    assert again.config["components"]["eligex_abbreviations"]["aliases"] == str(alias_file)
    for text, short, long in [
        ("gizmo (widget)", "widget", "gizmo"),
        ("SGOT (aspat)", "aspat", "SGOT"),
        ("ALT (SGPT)", "SGPT", "ALT"),
    ]:
        assert pairs(mine(text)) == pairs(again(text)) == [(short, long)]
    assert pairs(nlp("gizmo (widget)")) == []


def test_two_groups_of_a_user_that_share_a_name_with_one_join_it() -> None:
    assert with_aliases({"a": 0, "b": 1, "c": 2}, {"a": 0, "b": 0, "d": 1}) == {
        "a": 0,
        "b": 0,
        "c": 2,
        "d": 4,
    }


def test_a_users_mistake_is_named_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("names\ntwo words | one", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"mine\.tsv:2: name 'two words'") as caught:
        AbbreviationFinder(aliases=str(path))
    assert caught.value.remedy


def test_the_last_definition_before_a_place_holds(nlp: Language) -> None:
    doc = nlp("Upper arm pain (UAP), UAP; unstable angina pectoris (UAP); UAP")
    assert [long for _, long in pairs(doc)] == ["Upper arm pain"] * 2 + ["unstable angina pectoris"] * 2


def test_four_times_the_definitions_take_less_than_eight_times_the_work(
    nlp: Language, steps: Callable[[Callable[[], object]], int]
) -> None:
    def work(times: int) -> int:
        doc = nlp.make_doc("acute myeloid leukemia (AML), " * times)
        doc.ents = [Span(doc, start, start + 3, label="Condition") for start in range(0, len(doc), 7)]
        finder = AbbreviationFinder()
        lines = steps(lambda: finder(doc))
        assert len(doc._.eligex_abbreviations) == len(doc.ents) == times
        assert doc.ents[-1].text == "acute myeloid leukemia (AML)"
        return lines

    assert work(800) < 8 * work(200)
