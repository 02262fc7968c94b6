"""Closed classes are entities even where the recogniser passed them over."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from eligex.errors import LexiconError
from eligex.lexicon.entity_rules import read_entity_rules
from eligex.pipes.entity_rules import tidied


def found(doc: Doc) -> list[str]:
    return [f"{entity.label_}: {entity.text}" for entity in doc.ents]


def with_entities(ruled: Language, text: str, marked: list[tuple[str, str]]) -> Doc:
    """Return a document in which the first occurrence of each text is an entity."""
    doc = ruled.make_doc(text)
    places = [(text.index(words), words, label) for words, label in marked]
    doc.ents = [doc.char_span(at, at + len(words), label=label) for at, words, label in places]
    return doc


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Age over 40", ["Person: Age"], id="age"),
        pytest.param("Aged between 2 and 5", ["Person: Aged"], id="aged"),
        pytest.param("ECOG 0-1", ["Measurement: ECOG"], id="scale"),
        pytest.param("NYHA class III or IV", ["Measurement: NYHA class"], id="scale-with-roman-value"),
        pytest.param("Hgb at least 9 g/dL", ["Measurement: Hgb"], id="short-form"),
        pytest.param("serum creatinine level < 2 mg/dL", ["Measurement: serum creatinine level"], id="grown"),
        pytest.param("AST ≤ 3 × ULN, ALT ≤ 3", ["Measurement: AST", "Measurement: ALT"], id="two"),
        pytest.param("≥ 50 % LVEF", ["Measurement: LVEF"], id="value-before"),
        pytest.param("life expectancy of 12 weeks", ["Observation: life expectancy"], id="survival"),
        pytest.param("prothrombin time 14 s", ["Measurement: prothrombin time"], id="longest"),
        pytest.param("Known history of low hemoglobin", [], id="no-value-nearby"),
        pytest.param("map of 3 hospitals", [], id="exact-forms-keep-their-case"),
        pytest.param("MAP of 65 mmHg", ["Measurement: MAP"], id="exact-form"),
        pytest.param("10 mg of the study drug", [], id="nothing-known"),
    ],
)
def test_adds(ruled: Language, text: str, expected: list[str]) -> None:
    assert found(ruled(text)) == expected


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        pytest.param(
            "urine albumin:creatinine ratio > 30",
            [("urine albumin", "Measurement"), ("creatinine ratio", "Measurement")],
            ["Measurement: urine albumin:creatinine ratio"],
            id="two-parts",
        ),
        pytest.param("urine zinc/iron ratio", [], ["Measurement: urine zinc/iron ratio"], id="no-part"),
        pytest.param(
            "sFlt-1/PlGF ratio",
            [("PlGF ratio", "Measurement")],
            ["Measurement: sFlt-1/PlGF ratio"],
            id="digits",
        ),
        pytest.param(
            "zinc-to-iron ratio", [("iron", "Measurement")], ["Measurement: zinc-to-iron ratio"], id="to"
        ),
        pytest.param("risk to benefit ratio", [], [], id="to-without-a-part"),
        pytest.param(
            "ratio of FEV1 to FVC",
            [("FEV1", "Measurement"), ("FVC", "Measurement")],
            ["Measurement: ratio of FEV1 to FVC"],
            id="of",
        ),
        pytest.param("E/e' ratio", [], ["Measurement: E/e' ratio"], id="known-pair-and-word"),
        pytest.param(
            "PaO2/FiO2 < 200",
            [("PaO2", "Measurement"), ("FiO2", "Measurement")],
            ["Measurement: PaO2/FiO2"],
            id="known-pair",
        ),
        pytest.param(
            "AST/ALT < 2",
            [("AST", "Measurement"), ("ALT", "Measurement")],
            ["Measurement: AST", "Measurement: ALT"],
            id="list",
        ),
        pytest.param("in a 2:1 ratio", [], [], id="numbers"),
        pytest.param(
            "Coagulation: normalized ratio",
            [("normalized ratio", "Measurement")],
            ["Measurement: normalized ratio"],
            id="label",
        ),
    ],
)
def test_a_ratio_is_one_entity(
    ruled: Language, text: str, marked: list[tuple[str, str]], expected: list[str]
) -> None:
    assert found(ruled(with_entities(ruled, text, marked))) == expected


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        pytest.param(
            "CA 15-3 > 30 U/mL",
            [("CA", "Measurement"), ("15-3 > 30 U/mL", "Value")],
            ["Measurement: CA 15-3", "Value: > 30 U/mL"],
            id="digits-of-the-name",
        ),
        pytest.param(
            "≥ 120 bpm heart rate",
            [("≥ 120 bpm heart rate", "Value")],
            ["Value: ≥ 120 bpm", "Measurement: heart rate"],
            id="name-in-a-value",
        ),
        pytest.param(
            "(HAM-D 17) score > 3",
            [("HAM-D 17) score", "Measurement")],
            ["Measurement: HAM-D 17"],
            id="bracket",
        ),
    ],
)
def test_a_name_is_whole(
    ruled: Language, text: str, marked: list[tuple[str, str]], expected: list[str]
) -> None:
    assert found(ruled(with_entities(ruled, text, marked))) == expected


def test_leaves_what_the_recogniser_found(ruled: Language) -> None:
    doc = ruled.make_doc("hemoglobin A1c above 7")
    doc.ents = [doc.char_span(0, 10, label="Drug")]
    assert found(ruled(doc)) == ["Drug: hemoglobin"]


def test_a_value_in_the_next_sentence_does_not_count(ruled: Language) -> None:
    doc = ruled.make_doc("Raised creatinine\n3 visits")
    for token in doc:
        token.is_sent_start = token.text in {"Raised", "3"}
    assert found(ruled(doc)) == []


def test_headings_are_left_alone(ruled: Language) -> None:
    doc = ruled.make_doc("Age 18 to 30:\nAge over 20")
    doc.ents = [doc.char_span(4, 12, label="Value")]
    doc._.eligex_segments = {"criteria": [{"start": 14, "end": 25}]}
    assert [entity.start_char for entity in ruled(doc).ents] == [14]


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        pytest.param("Body mass index (BMI)", 0, 17, "Body mass index", id="open-parenthesis-last"),
        pytest.param("at day 2 (baseline)", 0, 18, "at day 2 (baseline)", id="closed"),
        pytest.param("asthma) or", 0, 7, "asthma", id="never-opened"),
        pytest.param("asthma, or", 0, 7, "asthma", id="comma"),
        pytest.param("asthma (mild)", 0, 13, "asthma (mild)", id="balanced"),
        pytest.param("asthma\n\n gout", 0, 9, "asthma", id="blanks"),
        pytest.param("of the lung", 0, 11, "lung", id="function-words-first"),
        pytest.param("loss of", 0, 7, "loss", id="function-word-last"),
        pytest.param("in situ cancer", 0, 14, "in situ cancer", id="in-is-part-of-a-name"),
        pytest.param("asthma (mild", 0, 12, "asthma (mild", id="nothing-to-close-it"),
        pytest.param("with Gilbert's syndrome", 15, 23, "Gilbert's syndrome", id="whose-syndrome"),
        pytest.param("with Rotor syndrome", 11, 19, "Rotor syndrome", id="the-name-of-a-syndrome"),
        pytest.param("with Rotor's Syndrome", 13, 21, "Rotor's Syndrome", id="all-in-capitals"),
        pytest.param("with Active Disease", 12, 19, "Disease", id="a-title-has-no-name"),
        pytest.param("Active disease", 7, 14, "disease", id="no-name-first"),
        pytest.param("refusal to walk", 0, 15, "walk", id="a-refusal-first"),
        pytest.param("mentally incapable of walking", 0, 29, "walking", id="an-inability-first"),
        pytest.param(
            "wholly incapable of walking", 0, 27, "wholly incapable of walking", id="other-words-first"
        ),
    ],
)
def test_tidies_ends(ruled: Language, text: str, start: int, end: int, expected: str) -> None:
    doc = ruled.make_doc(text)
    doc.ents = [doc.char_span(start, end, label="Condition")]
    assert [span.text for span in tidied(doc, doc.ents)] == [expected]


def test_a_name_with_a_short_form_inside_is_one(ruled: Language) -> None:
    doc = ruled.make_doc("radiation therapy (RT) boost or surgery")
    places = [(0, 17), (19, 28), (32, 39)]
    doc.ents = [doc.char_span(start, end, label="Procedure") for start, end in places]
    assert [span.text for span in tidied(doc, doc.ents)] == ["radiation therapy (RT) boost", "surgery"]


@pytest.mark.parametrize(
    ("text", "start", "end", "label", "kept"),
    [
        pytest.param("asthma ( or", 7, 8, "Condition", False, id="marks"),
        pytest.param("function, obtained today", 10, 18, "Observation", False, id="names nothing alone"),
        pytest.param("unsuitable for surgery", 0, 10, "Observation", False, id="a cue"),
        pytest.param("unsuitable and ill", 0, 10, "Observation", True, id="a cue alone"),
        pytest.param("blood obtained today", 0, 14, "Observation", True, id="beside a name"),
        pytest.param("for weeks", 4, 9, "Temporal", True, id="no thing at all"),
    ],
)
def test_a_span_that_names_nothing_is_dropped(
    ruled: Language, text: str, start: int, end: int, label: str, kept: bool
) -> None:
    doc = ruled.make_doc(text)
    doc.ents = [doc.char_span(start, end, label=label)]
    assert [span.text for span in tidied(doc, doc.ents)] == ([text[start:end]] if kept else [])


def test_no_rule_stays_on_the_doc(ruled: Language) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        doc = ruled("Age over 40 and BMI under 30")
    assert not any("target_rule" in key for key in doc.user_data)
    copy = next(DocBin(docs=[doc], store_user_data=True).get_docs(ruled.vocab))
    assert found(copy) == found(doc)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        pytest.param(["Disease\tany\talways\tasthma"], "unknown label 'Disease'", id="label"),
        pytest.param(["Condition\tsome\talways\tasthma"], "unknown match 'some'", id="match"),
        pytest.param(["Condition\tany\tnever\tasthma"], "unknown when 'never'", id="when"),
        pytest.param(["Condition\tany\talways\tasthma | "], "empty form", id="empty"),
        pytest.param(["Condition\tany\talways\tasthma | Asthma"], "is already at", id="twice"),
        pytest.param(["Condition\tany\tasthma"], "3 cells, expected 4", id="cells"),
    ],
)
def test_the_lexicon_is_read_strictly(tmp_path: Path, lines: list[str], message: str) -> None:
    path = tmp_path / "rules.tsv"
    path.write_text("\n".join(["# a comment", "label\tmatch\twhen\tforms", *lines]), encoding="utf-8")
    with pytest.raises(LexiconError, match=rf"rules\.tsv:3: .*{message}"):
        read_entity_rules(path)


def test_the_shipped_lexicon_reads() -> None:
    assert len(read_entity_rules()) > 900


@pytest.fixture
def rule_file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.tsv"
    rows = ["label\tmatch\twhen\tforms", "Device\tany\talways\tgizmo | gizmos", "Drug\tany\talways\tAge"]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_a_user_adds_forms_and_replaces_shipped_ones(ruled: Language, rule_file: Path) -> None:
    mine = spacy.blank("en")
    mine.add_pipe("eligex_entity_rules", config={"rules": str(rule_file)})
    text = "Two gizmos, age over 40, BMI under 30"
    assert found(mine(text)) == ["Device: gizmos", "Drug: age", "Measurement: BMI"]
    assert found(ruled(text)) == ["Person: age", "Measurement: BMI"]


def test_the_setting_survives_the_disk(rule_file: Path, tmp_path: Path) -> None:
    mine = spacy.blank("en")
    mine.add_pipe("eligex_entity_rules", config={"rules": str(rule_file)})
    mine.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    assert again.config["components"]["eligex_entity_rules"]["rules"] == str(rule_file)
    assert found(again("Two gizmos")) == ["Device: gizmos"]


def test_a_users_mistake_is_named_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("label\tmatch\twhen\tforms\nToy\tany\talways\tgizmo", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"mine\.tsv:2: unknown label") as caught:
        spacy.blank("en").add_pipe("eligex_entity_rules", config={"rules": str(path)})
    assert caught.value.remedy
