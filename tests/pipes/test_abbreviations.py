"""Short forms are tied to their long forms wherever they return."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from eligex.errors import LexiconError
from eligex.lexicon.aliases import read_aliases
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
        pytest.param(["AST | SGOT", "ALT | sgot"], "'sgot' stands already", id="twice"),
        pytest.param(["AST | serum AST"], "is not one word", id="two-words"),
        pytest.param(["AST | "], "is not one word", id="empty"),
    ],
)
def test_the_aliases_are_read_strictly(tmp_path: Path, lines: list[str], message: str) -> None:
    path = tmp_path / "aliases.tsv"
    path.write_text("\n".join(["names", *lines]), encoding="utf-8")
    with pytest.raises(LexiconError, match=rf"aliases\.tsv:{len(lines) + 1}: .*{message}"):
        read_aliases(path)
