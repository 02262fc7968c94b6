"""The context pipe, as marked-up sentences: ``<…>`` is an entity."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from eligex.errors import LexiconError
from eligex.lexicon.context_rules import context_words
from eligex.pipes.context import ContextReader


@pytest.fixture(scope="module")
def reader(nlp: Language) -> ContextReader:
    return ContextReader(nlp)


def read_marked(nlp: Language, sentence: str, label: str = "Condition") -> Doc:
    """Build a Doc whose entities are the ``<…>`` of the sentence (``<Drug|…>`` for another label)."""
    text, spans, start, name = "", [], None, label
    for piece in sentence.replace("<", "\0<").replace(">", "\0>").split("\0"):
        if piece.startswith("<"):
            if start is not None:
                raise ValueError(f"nested entity in {sentence!r}")
            name, _, words = piece[1:].rpartition("|")
            start = len(text)
            text += words
        elif piece.startswith(">"):
            if start is None:
                raise ValueError(f"unbalanced entity in {sentence!r}")
            spans.append((start, len(text), name or label))
            start = None
            text += piece[1:]
        else:
            text += piece
    if start is not None:
        raise ValueError(f"unbalanced entity in {sentence!r}")
    doc = nlp.make_doc(text)
    for token in doc:
        token.is_sent_start = token.i == 0
    doc.ents = [doc.char_span(s, e, label=name) for s, e, name in spans]
    return doc


def texts(doc: Doc, category: str) -> list[str]:
    return [doc.text[slice(*e["entity"])] for e in doc._.eligex_context if e["category"] == category]


NEGATED = [
    ("no history of <stroke>", ["stroke"]),
    ("No <diabetes>, <asthma> or <stroke>", ["diabetes", "asthma", "stroke"]),
    ("not <pregnant> or <breastfeeding>", ["pregnant", "breastfeeding"]),
    ("absence of <fever>", ["fever"]),
    ("patients without <liver metastases>", ["liver metastases"]),
    ("free of <infection>", ["infection"]),
    ("negative for <HIV>", ["HIV"]),
    ("negative for <HIV> and <Measurement|HBsAg>", ["HIV", "HBsAg"]),
    (
        "seronegative for <HIV>, <HBV> (<Measurement|antigen>, <Measurement|core>), and <syphilis>",
        ["HIV", "HBV", "syphilis"],
    ),
    ("negative for <Measurement|HIV> and adequate <Measurement|renal function>", ["HIV"]),
    ("negative for <Measurement|HIV>, no <gout>", ["HIV", "gout"]),
    ("free of <malaria>, <HIV> and <Measurement|hepatitis B>", ["malaria", "HIV", "hepatitis B"]),
    ("free of <malaria> and <Measurement|hemoglobin> of 9", ["malaria"]),
    ("free of <HIV> (<Measurement|viral load>), and <malaria>", ["HIV"]),
    ("must not have <epilepsy>", ["epilepsy"]),
    ("non-<smoker>", ["smoker"]),
    ("denies <chest pain>", ["chest pain"]),
    ("never received <Drug|warfarin>", ["warfarin"]),
    ("neither <angina> nor <stroke>", ["angina", "stroke"]),
    ("has not received <Drug|insulin>", ["insulin"]),
    ("lack of <Procedure|contraception>", ["contraception"]),
    ("no evidence of <disease progression>", ["disease progression"]),
    ("<fever> is absent", ["fever"]),
    ("<Drug|drug>-free", ["drug"]),
    ("no <signs of infection>", ["signs of infection"]),
    ("<cancer> that has not <resolved>", ["resolved"]),
    ("cannot <tolerate MRI>", ["tolerate MRI"]),
    ("cannot tolerate <Drug|aspirin> or <Drug|heparin>", ["aspirin", "heparin"]),
    ("no increase in <pain>", ["pain"]),
    ("unable to undergo <Procedure|MRI>", ["MRI"]),
    ("unwilling or unable to use <Device|condoms>", ["condoms"]),
    ("refuses <Procedure|transfusion>", ["transfusion"]),
    ("<scoliosis> precluding <Procedure|epidural anesthesia>", ["epidural anesthesia"]),
    ("unwilling to use <Device|condoms> or <asthma>", ["condoms"]),
    ("unable to <walk> or <climb stairs>", ["walk", "climb stairs"]),
    ("unable to <swallow>, <gout> or <angina>", ["swallow"]),
    ("unable to <walk>, <stand> or <sit>", ["walk", "stand", "sit"]),
    ("unable to control <gout> or <angina>", ["gout", "angina"]),
    ("unable to take tablets, <gout>", []),
    ("unable to walk because of <gout>", []),
    ("unable to tolerate <pain>", ["pain"]),
    ("lack of <Observation|insurance> or <asthma>", ["insurance"]),
    ("no <Observation|insurance> or <asthma>", ["insurance", "asthma"]),
    ("must be off <Drug|steroids>", ["steroids"]),
    ("cannot have had <stroke>", ["stroke"]),
    ("off <Drug|steroids> for 7 days", ["steroids"]),
    ("patients on or off <Drug|steroids>", []),
    ("unsuitable for <Procedure|surgery> or <Procedure|dialysis>", ["surgery", "dialysis"]),
    ("unsuitable for <Observation|this study>", []),
    ("incapable of giving <Observation|informed consent>", ["informed consent"]),
    ("who refused <Procedure|surgery>", ["surgery"]),
    ("has declined <Procedure|surgery> or <Drug|steroids>", ["surgery", "steroids"]),
    ("declined <Measurement|kidney function>", []),
    ("kidney function has declined, <Procedure|dialysis>", []),
    ("received or declined <Drug|heparin>", []),
    ("unlikely to <Observation|return for visits>", ["return for visits"]),
    ("unable or unlikely to tolerate <Drug|aspirin>", ["aspirin"]),
    ("unlikely that <gout> recurs", []),
    ("unlikely to <Observation|return> or <Observation|uncooperative attitude>", ["return"]),
    ("unlikely to <Observation|return> or <Observation|attend visits>", ["return", "attend visits"]),
    ("inable to <Observation|return>", ["return"]),
    ("failure to attend <Observation|visits>", ["visits"]),
    ("failure to <Observation|comply with visits>", ["comply with visits"]),
    ("failed to <Procedure|standard therapy>", []),
    ("<edema> not present", ["edema"]),
    ("none of the following: <stroke>, <angina>", ["stroke", "angina"]),
    ("must not have <gout>, <asthma>, or have <epilepsy>", ["gout", "asthma", "epilepsy"]),
    # where it ends
    ("no <gout>, and have <asthma>", ["gout"]),
    ("no <stroke> but <angina>", ["stroke"]),
    ("no <stroke>; <angina>", ["stroke"]),
    ("no <relapse> of a known <leukemia>", ["relapse"]),
    ("no <cancer> except <melanoma>", ["cancer"]),
    ("without <mobility>, and with <caries>", ["mobility"]),
    ("not on <Drug|warfarin> who have <thrombosis>", ["warfarin"]),
    ("<hypertension> (not <pulmonary hypertension>) or <stroke>", ["pulmonary hypertension"]),
    ("no a b c d e f g h <pain>", ["pain"]),
    ("no a b c d e f g h i <pain>", []),
    ("no significant, uncontrolled <hypertension>", ["hypertension"]),
    ("no known severe significant, uncontrolled <hypertension>", []),
    ("no response to a <Drug|drug>", []),
    ("(no <pain>) <stroke>", ["pain"]),
    ("(no; <pain>) <stroke>", []),
    ("no <pain> <swelling>", ["pain", "swelling"]),
    ("no <pain> and <Drug|insulin>", ["pain"]),
    ("have not yet received <Drug|insulin>", ["insulin"]),
    ("eligible if not <dehydrated>", ["dehydrated"]),
    ("not had <Procedure|surgery> must use <Drug|insulin>", ["surgery"]),
    # not a negation
    ("no more than two <relapses>", []),
    ("<cardiac disease> including but not limited to <angina>", []),
    ("with or without <metastases>", []),
    ("<tuberculosis> cannot be ruled out", []),
    ("not only <angina>", []),
    ("if not <treated>", []),
    ("regardless of <HIV> status", []),
]


@pytest.mark.parametrize(("sentence", "expected"), [pytest.param(s, e, id=s[:45]) for s, e in NEGATED])
def test_negation(nlp: Language, reader: ContextReader, sentence: str, expected: list[str]) -> None:
    doc = reader(read_marked(nlp, sentence))
    assert texts(doc, "negation") == expected


OTHERS = [
    ("history of <stroke> or <angina>", "historical", ["stroke", "angina"]),
    ("prior <Procedure|surgery>", "historical", ["surgery"]),
    ("prior to <Procedure|surgery>", "historical", []),
    ("previously untreated <lung cancer>", "historical", []),
    ("disease requiring <Procedure|surgery>", "hypothetical", []),
    ("no history of <stroke>", "historical", ["stroke"]),
    ("family history of <breast cancer>", "family", ["breast cancer"]),
    ("family history of <breast cancer>", "historical", []),
    ("a first-degree relative with <schizophrenia>", "family", ["schizophrenia"]),
    ("high risk of <bleeding>", "hypothetical", ["bleeding"]),
    ("suspected <tuberculosis>", "uncertain", ["tuberculosis"]),
    ("candidates for <Procedure|transplantation>", "hypothetical", ["transplantation"]),
    ("planning to become <pregnant>", "planned", ["pregnant"]),
    ("planning to become <pregnant>, or <nursing>", "planned", ["pregnant"]),
    ("intending to <become pregnant> or <nursing>", "planned", ["become pregnant"]),
    ("planning to become <pregnant> or <nurse>", "planned", ["pregnant", "nurse"]),
    ("scheduled for <Procedure|cesarean section>", "planned", ["cesarean section"]),
    ("likely to require <Procedure|dialysis>", "planned", ["dialysis"]),
    ("willing and able to <Observation|fast>", "mood", ["fast"]),
    ("able and willing to <Observation|fast>", "mood", ["fast"]),
    ("not willing to <Observation|fast>", "mood", []),
    ("no <gout>, willing and able to <Observation|fast>", "negation", ["gout"]),
    ("suspicion for <cancer>", "uncertain", ["cancer"]),
    ("<cancer> other than <melanoma>", "exception", ["melanoma"]),
    ("<cancer>, except <melanoma> or <skin cancer>", "exception", ["melanoma", "skin cancer"]),
    ("<hypertension> unless <controlled>", "exception", ["controlled"]),
    ("<Drug|steroids> (<Drug|inhaled steroids> are allowed)", "permission", ["inhaled steroids"]),
    ("<Measurement|ALT> ≤ 5 × ULN if <liver metastases>", "condition", ["liver metastases"]),
    ("<Measurement|ALT> ≤ 5 × ULN for subjects with <liver metastases>", "condition", ["liver metastases"]),
]


@pytest.mark.parametrize(
    ("sentence", "category", "expected"), [pytest.param(s, c, e, id=f"{c}: {s[:40]}") for s, c, e in OTHERS]
)
def test_category(
    nlp: Language, reader: ContextReader, sentence: str, category: str, expected: list[str]
) -> None:
    assert texts(reader(read_marked(nlp, sentence)), category) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [pytest.param("inclusion", ["diabetes"], id="inclusion"), pytest.param("exclusion", [], id="exclusion")],
)
def test_refusals_negate_only_among_inclusion_criteria(
    nlp: Language, reader: ContextReader, kind: str, expected: list[str]
) -> None:
    doc = read_marked(nlp, "patients with <diabetes> will be excluded")
    doc._.eligex_segments = {"criteria": [{"start": 0, "end": len(doc.text), "type": kind}]}
    assert texts(reader(doc), "negation") == expected


def test_past_in_a_window_is_not_a_history(nlp: Language, reader: ContextReader) -> None:
    doc = read_marked(nlp, "in the past year <stroke>")
    doc._.eligex_windows = [{"start": 0, "end": 16}]
    assert texts(reader(doc), "historical") == []


def test_only_domain_entities_are_targets(nlp: Language, reader: ContextReader) -> None:
    doc = reader(read_marked(nlp, "no <Qualifier|severe> <asthma>"))
    assert texts(doc, "negation") == ["asthma"]


def test_scope_stays_in_the_sentence(nlp: Language, reader: ContextReader) -> None:
    doc = read_marked(nlp, "No <stroke>\n<angina>, <asthma>")
    doc[3].is_sent_start = True
    assert doc[3].text == "angina"
    assert texts(reader(doc), "negation") == ["stroke"]


def test_nothing_but_plain_data_stays(nlp: Language, reader: ContextReader) -> None:
    doc = reader(read_marked(nlp, "no <stroke> unless <treated>; <ALT> ≤ 5 × ULN if <metastases>"))
    for value in (doc._.eligex_context, doc._.eligex_clauses):
        assert value
        assert json.loads(json.dumps(value)) == value
    of_entities = {key[1]: value for key, value in doc.user_data.items() if key[2] is not None}
    assert of_entities == {"is_negated": True, "is_hypothetical": True}
    assert all(isinstance(key, tuple) and key[0] == "._." for key in doc.user_data)
    (again,) = DocBin(store_user_data=True, docs=[doc]).get_docs(nlp.vocab)
    assert json.dumps(again._.eligex_context) == json.dumps(doc._.eligex_context)  # lists come back as tuples
    assert doc._.eligex_context[0]["cue_text"] == "no"


def test_two_readers_agree(nlp: Language, reader: ContextReader) -> None:
    sentence = "no <stroke> or <angina> except <asthma>"
    first = reader(read_marked(nlp, sentence))._.eligex_context
    assert ContextReader(nlp)(read_marked(nlp, sentence))._.eligex_context == first


def test_empty_document(nlp: Language, reader: ContextReader) -> None:
    doc = reader(nlp.make_doc(""))
    assert doc._.eligex_context == []
    assert doc._.eligex_clauses == []


def test_the_markup_is_checked(nlp: Language) -> None:
    with pytest.raises(ValueError, match="unbalanced"):
        read_marked(nlp, "no <stroke")


RULE = "[[rules]]\ncategory='{}'\ndirection='{}'\nphrases={}\n"


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        pytest.param(RULE.format("negation", "forward", ["No"]), "lower case", id="case"),
        pytest.param(RULE.format("nay", "forward", ["no"]), "no such", id="category"),
        pytest.param(RULE.format("pseudo", "forward", ["no"]), "go with", id="pair"),
        pytest.param(RULE.format("negation", "forward", ["no", "no"]), "repeats", id="repeat"),
        pytest.param(RULE.format("negation", "forward", ["no"]) + "scope=3", "unknown", id="key"),
        pytest.param(RULE.format("negation", "forward", ["no"]) + "max_scope=0", "above 0", id="scope"),
        pytest.param(RULE.format("negation", "forward", ["no"]) + "allowed=['Food']", "labels", id="label"),
        pytest.param(RULE.format("negation", "forward", []), "at least one", id="none"),
        pytest.param("[[rules]\n", "not TOML", id="syntax"),
        pytest.param("more = 1", "unknown key 'more'", id="tables"),
    ],
)
def test_rule_files_are_checked(tmp_path: Path, toml: str, message: str) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(LexiconError, match=message) as caught:
        context_words(path)
    assert caught.value.where is not None
    assert caught.value.where.startswith("rules.toml")
    assert caught.value.remedy


def test_faults_of_a_rule_name_the_line_of_its_table(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(RULE.format("negation", "forward", ["no"]) + RULE.format("nay", "forward", ["nay"]))
    with pytest.raises(LexiconError, match=r"rules\.toml:5: no such"):
        context_words(path)


def pipeline_with(path: Path) -> Language:
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}})
    nlp.add_pipe("eligex_context", config={"rules": str(path)})
    return nlp


@pytest.fixture
def rule_file(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    words = 'own_head = ["fear of"]\nnew_phrase = ["likewise"]\n'
    path.write_text(words + RULE.format("negation", "forward", ["bereft of"]), encoding="utf-8")
    return path


def test_a_user_can_add_rules(nlp: Language, reader: ContextReader, rule_file: Path) -> None:
    mine = pipeline_with(rule_file)
    for sentence, expected, before in [
        ("bereft of <fever>", ["fever"], []),
        ("no <pain>", ["pain"], ["pain"]),
        ("no fear of <needles>", [], ["needles"]),
        ("no <pain>, likewise <cough>", ["pain"], ["pain", "cough"]),
    ]:
        assert texts(mine(read_marked(mine, sentence)), "negation") == expected
        assert texts(reader(read_marked(nlp, sentence)), "negation") == before


def test_a_users_rule_replaces_the_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(RULE.format("negation", "forward", ["without"]) + "max_targets = 1\n", encoding="utf-8")
    mine = pipeline_with(path)
    assert texts(mine(read_marked(mine, "without <fever> or <pain>")), "negation") == ["fever"]


def test_the_setting_survives_the_disk(rule_file: Path, tmp_path: Path) -> None:
    nlp = pipeline_with(rule_file)
    nlp.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    assert again.config["components"]["eligex_context"]["rules"] == str(rule_file)
    assert texts(again(read_marked(again, "bereft of <fever>")), "negation") == ["fever"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"mine\.toml: cannot be read"):
        pipeline_with(tmp_path / "mine.toml")


def test_the_default_is_in_the_configuration() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("eligex_context")
    assert nlp.config["components"]["eligex_context"] == {
        "factory": "eligex_context",
        "rules": None,
        "inability_negates": True,
        "numbers_only": False,
    }


@pytest.mark.slow
def test_two_processes_equal_one() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "Condition", "pattern": word} for word in ("stroke", "asthma", "angina")])
    nlp.add_pipe("eligex_context")
    sentences = ["No stroke or asthma.", "Angina is allowed.", "History of stroke unless asthma."] * 4
    one, two = (
        [json.dumps(doc._.eligex_context) for doc in nlp.pipe(sentences, n_process=n, batch_size=3)]
        for n in (1, 2)
    )
    assert one == two


def test_what_the_pipes_require_is_assigned_before_them() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("eligex_segmenter")
    nlp.add_pipe("ner")
    for name in ("entity_rules", "abbreviations", "quantities", "temporal", "context"):
        nlp.add_pipe(f"eligex_{name}")
    assert not any(nlp.analyze_pipes()["problems"].values())
    nlp.remove_pipe("eligex_segmenter")
    assert set(nlp.analyze_pipes()["problems"]["eligex_context"]) == {
        "token.is_sent_start",
        "doc._.eligex_segments",
    }


@pytest.mark.slow
def test_three_times_the_text_takes_less_than_six_times_the_work(
    nlp: Language, reader: ContextReader, steps: Callable[[Callable[[], object]], int]
) -> None:
    def work(times: int) -> int:
        doc = nlp.make_doc("cancer except " * times)
        doc.ents = [Span(doc, i, i + 1, label="Condition") for i in range(0, len(doc), 2)]
        return steps(lambda: reader(doc))

    assert work(600) < 6 * work(200)


@pytest.mark.parametrize("begin", [pytest.param(2, id="a bullet"), pytest.param(0, id="no bullet")])
def test_a_cue_does_not_reach_into_the_bullet(nlp: Language, reader: ContextReader, begin: int) -> None:
    doc = read_marked(nlp, "- Free of <gout>")
    doc._.eligex_segments = {"criteria": [{"start": begin, "end": len(doc.text), "type": "inclusion"}]}
    assert texts(reader(doc), "negation") == (["gout"] if begin else [])
