"""Which concept a mention gets, by which step, and which mentions get none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eligex.concepts.link import THRESHOLDS, Linker


@pytest.mark.parametrize(
    ("text", "label", "code", "match"),
    [
        pytest.param("Pregnant", "Condition", "MESH:D011247", "alias", id="adjective"),
        pytest.param("CABG", "Procedure", "MESH:D001026", "alias", id="abbreviation"),
        pytest.param("ASA", "Drug", "DRUGBANK:DB00945", "alias", id="abbreviation-by-label"),
        pytest.param("beta blocker", "Drug", "MESH:D000319", "alias", id="class"),
        pytest.param("renal impairment", "Condition", "MESH:D051437", "alias", id="paraphrase"),
        pytest.param("total bilirubin", "Measurement", "LOINC:1975-2", "alias", id="analyte"),
        pytest.param("ECOG", "Measurement", "LOINC:89247-1", "alias", id="scale"),
        pytest.param("baseline ALT", "Measurement", "LOINC:1742-6", "rule", id="modifier-of-an-alias"),
        pytest.param(
            "elevated creatinine level", "Measurement", "LOINC:2160-0", "rule", id="ending-of-an-alias"
        ),
        pytest.param("Asthma", "Condition", "DOID:2841", "exact", id="name"),
        pytest.param("rifampicin", "Drug", "DRUGBANK:DB01045", "exact", id="synonym"),
        pytest.param("Severe asthma", "Condition", "DOID:2841", "rule", id="modifier"),
        pytest.param("coeliac disease", "Condition", "DOID:10608", "rule", id="spelling"),
        pytest.param("Placenda previa", "Condition", "MESH:D010923", "fuzzy", id="slip"),
        pytest.param("asthma (moderate)", "Condition", "DOID:2841", "exact", id="bracket"),
        pytest.param(
            "asthma (moderate (GINA))", "Condition", "DOID:2841", "exact", id="bracket-in-a-bracket"
        ),
        pytest.param("refractory medulloblastoma", "Condition", "DOID:0050902", "rule", id="course"),
        pytest.param("metastatic ovarian cancer", "Condition", "DOID:2394", "rule", id="stage"),
        pytest.param(
            "chronic lymphocytic leukemia", "Condition", "DOID:1040", "exact", id="course-in-the-name"
        ),
        pytest.param("renal", "Condition", "DOID:557", "alias", id="member-of-a-list"),
        pytest.param("unstable cardiac", "Condition", "DOID:114", "rule", id="member-with-a-modifier"),
        pytest.param("neurologic illness", "Condition", "DOID:863", "rule", id="adjective-and-ailment"),
    ],
)
def test_right_concept(linker: Linker, text: str, label: str, code: str, match: str) -> None:
    found = linker.link(text, label)
    assert found is not None
    assert (f"{found.system}:{found.code}", found.match) == (code, match)
    assert 0 < found.score <= 1


@pytest.mark.parametrize(
    ("text", "label"),
    [
        pytest.param("ZQX", "Condition", id="unknown-capitals"),
        pytest.param("SVD", "Condition", id="acronym-of-a-rare-disease"),
        pytest.param("medical condition", "Condition", id="generic"),
        pytest.param("medication", "Drug", id="generic-drug"),
        pytest.param("stage", "Measurement", id="generic-measurement"),
        pytest.param("face", "Condition", id="acronym-in-small-letters"),
        pytest.param("opinion of the investigator", "Observation", id="no-concept"),
        pytest.param("renal", "Observation", id="adjective-that-is-no-disease"),
        pytest.param("endocrine symptoms", "Condition", id="adjective-of-something-else"),
        pytest.param("metastatic bone disease", "Condition", id="not-a-disease-of-bone"),
        pytest.param("", "Condition", id="empty"),
        pytest.param("??", "Drug", id="no-words"),
        pytest.param("a" * 5000, "Condition", id="very-long-word"),
        pytest.param("word " * 200, "Condition", id="very-many-words"),
    ],
)
def test_none_where_none_is_right(linker: Linker, text: str, label: str) -> None:
    assert linker.link(text, label) is None


def test_a_broader_concept_is_flagged(linker: Linker) -> None:
    found = linker.link("left-sided endocarditis", "Condition")
    assert found is not None
    assert (found.name.lower(), found.match, found.score) == ("endocarditis", "broader", 0.5)


def test_the_long_form_of_the_trial_comes_first(linker: Linker) -> None:
    found = linker.link("SVD", "Condition", name="small vessel disease")
    assert found is None or found.name != "snowflake vitreoretinal degeneration"
    asthma = linker.link("AAA", "Condition", name="allergic asthma")
    assert asthma is not None
    assert "asthma" in asthma.name.lower()


@pytest.mark.parametrize(
    ("text", "name", "label", "expected"),
    [
        pytest.param("CHF", "congestive heart failure", "Condition", "congestive heart failure", id="whole"),
        pytest.param(
            "embolism (PE)",
            "pulmonary embolism",
            "Condition",
            "pulmonary embolism",
            id="end-of-the-long-form",
        ),
        pytest.param(
            "histone deacetylase (HDAC) inhibitors",
            "histone deacetylase",
            "Drug",
            "Histone Deacetylase Inhibitors",
            id="inhibitor-is-not-the-enzyme",
        ),
        pytest.param(
            "CNS vasculitis",
            "central nervous system",
            "Condition",
            "Vasculitis, Central Nervous System",
            id="part",
        ),
        pytest.param("systolic BP", "blood pressure", "Measurement", "Systolic blood pressure", id="head"),
        pytest.param(
            "VEGF inhibitor",
            "vascular endothelial growth factor",
            "Drug",
            None,
            id="none-if-only-the-part-has-one",
        ),
        pytest.param(
            "mild CHF", "congestive heart failure", "Condition", "congestive heart failure", id="modifier"
        ),
    ],
)
def test_the_long_form_of_a_part_is_not_the_whole(
    linker: Linker, text: str, name: str, label: str, expected: str | None
) -> None:
    found = linker.link(text, label, name=name)
    assert (found and found.name) == expected


def test_the_conditions_of_the_trial_are_context(linker: Linker) -> None:
    assert linker.link("SSP", "Condition") is None
    found = linker.link("SSP", "Condition", conditions=["Gout", "Subacute Sclerosing Panencephalitis"])
    assert found is not None
    assert "panencephalitis" in found.name.lower()


def test_genes_only_among_biomarkers(linker: Linker) -> None:
    mutated = linker.link("EGFR", "Measurement", around="tumours with an EGFR mutation")
    assert mutated is not None
    assert (mutated.system, mutated.name) == ("HGNC", "EGFR")
    assert linker.link("EGFR", "Measurement", around="EGFR above 60") is None
    assert linker.link("NRAS mutation", "Measurement") is not None
    assert linker.link("NRAS mutation", "Condition") is None


def test_opposites_are_never_linked(linker: Linker) -> None:
    for text, wrong in (
        ("hypothyroidism", "hyper"),
        ("hyperkalaemia", "hypo"),
        ("nondilated cardiomyopathy", "dilated"),
    ):
        found = linker.link(text, "Condition")
        assert found is None or not found.name.lower().startswith(wrong)


def test_references_are_those_of_the_vocabulary(linker: Linker) -> None:
    found = linker.link("congestive heart failure", "Condition")
    assert found is not None
    assert {"MESH:D006333", "UMLS:C0018802", "ICD10CM:I50"} <= set(found.xrefs)


def test_own_vocabularies_come_first(table: Path, tmp_path: Path, linker: Linker) -> None:
    from eligex.concepts.own import build

    table.write_text(table.read_text() + "MINE:9\tasthma\t\t\t\tCondition\n")
    build([table], tmp_path / "out")
    both, alone = Linker([tmp_path / "out"]), Linker([tmp_path / "out"], shipped=False)
    for each in (both, alone):
        found = each.link("asthma", "Condition")
        assert found is not None
        assert (found.system, found.code) == ("MINE", "9")
    assert both.link("gout", "Condition") == linker.link("gout", "Condition")
    assert alone.link("gout", "Condition") is None
    assert alone.link("pregnant", "Condition") is None  # the aliases lead to the vocabularies of eligex


def test_candidates_begin_with_the_concept(linker: Linker) -> None:
    found = linker.candidates("asthma", "Condition")
    assert (found[0].system, found[0].code) == ("DOID", "2841")
    assert 1 < len(found) <= 5
    assert len({(each.system, each.code) for each in found}) == len(found)


def test_answers_do_not_depend_on_what_was_asked_before(linker: Linker) -> None:
    fresh = Linker()
    for text in ("quinsy", "asthma", "beta blockers", "asthma"):
        assert fresh.link(text, "Condition") == linker.link(text, "Condition")


def test_thresholds_are_of_labels_with_names_to_compare() -> None:
    assert set(THRESHOLDS) == {"Condition", "Drug", "Procedure", "Measurement"}


@pytest.mark.data
def test_mentions_of_chia_have_codes(data_dir: Path, linker: Linker) -> None:
    from eligex_eval.normalisation import chia_mentions, coverage

    found = coverage(linker, chia_mentions(data_dir))
    least = {"Condition": 0.70, "Drug": 0.72, "Measurement": 0.60, "Procedure": 0.52}
    values: dict[str, Any] = {label: found[label].value for label in least}
    assert [label for label in least if values[label] < least[label]] == []


@pytest.mark.data
def test_the_coded_mentions(data_dir: Path, linker: Linker) -> None:
    from eligex_eval.normalisation import agreement, read_gold, score

    folder = Path(__file__).parents[2] / "annotations" / "standoff"
    mentions, missing = read_gold(folder / "concepts.jsonl", data_dir)
    assert (len(mentions) >= 400, missing) == (True, 0)
    found = score(linker, mentions)
    for share, least in ((found.at_1, 0.85), (found.precision, 0.92), (found.at_5, 0.85)):
        value: Any = share.value
        assert value >= least
    assert agreement(folder / "concepts.jsonl", folder / "concepts_second.jsonl").total == 100
