"""Words of the layout lexicons, a few of each line, in a text that is cut otherwise without the word."""

from __future__ import annotations

import pytest

from eligex.layout.segment import Segmentation, segment


def cut(text: str) -> tuple[list[str | None], list[str]]:
    """Return the types of the headings, and the criteria of a text in order."""
    found = segment(text)
    return [item.type for item in found.headings], [text[item.start : item.end] for item in found.criteria]


def groups(found: Segmentation) -> list[str | None]:
    return [item.cohort for item in found.criteria]


QUALIFIERS = """
key specific core | principal trial clinical absolute | relative detailed laboratory psychiatric ophthalmic
| treatment randomization randomisation | pre-registration summary | minimum secondary | radiographic
surgical disease-specific | tumor crossover open-label | preoperative final cardiac patient's | ct
study-specific eye non-study | health neonatal medication | population our temporary | ii b 3
"""
SENTENCE_WORDS = """
meet fulfilling satisfies who fail | according applies comply | listed above-mentioned had
| do matching cannot
"""
GROUP_NOUNS = "part cohort arm strata module | substudy panel track | subgroup regimen"
PEOPLE = """
healthy volunteers, healthy control, healthy participants, healthy donors, normal volunteers, control group,
cases, care partners, family caregivers, related donors, parent, recipient, mothers, newborns, adolescents,
youth, siblings, spouses, first-degree relatives, health care providers, clinicians, staff, teachers, kidney
donors, females, pregnant women, veterans, residents
"""
STARTERS = """
subject volunteers woman | men female wocbp able unable | unwilling signed provision had | must cannot
history current | life karnofsky breastfeeding adequate | histologically measurable diagnosed concomitant |
received planned fertile clinically | uncontrolled agree understands serum platelet
"""
ABBREVIATIONS = "e.g vs approx | resp vol spp dept | b.i.d u.s inj viz"
NAMED_BY_LETTER = "hepatitis vitamin arm child-pugh | factor pugh schedule influenza"
BEFORE_VALUE = """
grade stages type phases day | week cycle cohorts levels | appendix visit between for | aged ecog hepatitis
figure | within about ≥ asa per question | hba1c exon protocol who
"""
OPENERS = """
no measurable fertile | adequate creatinine platelets | hemoglobin granulocyte karnofsky | bun lvef able |
eligible neutrophil hiv
"""


def words(table: str) -> list[str]:
    return table.replace("|", " ").split()


@pytest.mark.parametrize("word", words(QUALIFIERS))
def test_qualifier_of_a_heading(word: str) -> None:
    assert cut(f"{word.capitalize()} inclusion criteria\n- Gout\n") == (["inclusion"], ["Gout"])


def test_other_words_do_not_make_a_heading() -> None:
    assert cut("Gouty inclusion criteria\n- Gout\n")[0] == []


@pytest.mark.parametrize("word", words(SENTENCE_WORDS))
def test_word_of_a_sentence_about_criteria_does_not_name_a_group(word: str) -> None:
    assert groups(segment(f"Patients {word} inclusion criteria:\n- Gout\n")) == [None]
    assert groups(segment("Patients weaned inclusion criteria:\n- Gout\n")) == ["Patients weaned"]


@pytest.mark.parametrize("word", words(GROUP_NOUNS))
def test_noun_that_numbers_a_group(word: str) -> None:
    name = f"{word.capitalize()} B"
    assert groups(segment(f"{name}:\n- Gout\n")) == [name]


@pytest.mark.parametrize("people", [" ".join(name.split()) for name in PEOPLE.split(",")])
def test_people_who_are_a_group(people: str) -> None:
    assert groups(segment(f"{people.capitalize()}:\n- Gout\n")) == [people.capitalize()]


def test_other_words_do_not_name_a_group() -> None:
    assert groups(segment("Foot B:\n- Gout\n")) == [None, None]
    assert groups(segment("Plumbers:\n- Gout\n")) == [None, None]


def test_everybody_is_a_group_beside_others() -> None:
    assert groups(segment("Individuals:\n- Gout\n\nControls:\n- Asthma\n")) == ["Individuals", "Controls"]
    assert groups(segment("Individuals:\n- Gout\n")) == [None]


@pytest.mark.parametrize(
    "topic", ["PRIOR/CONCURRENT THERAPY", "PROTOCOL ENTRY CRITERIA", "RISK BEHAVIOR", "REQUIRED"]
)
def test_topic_ends_the_exclusion_criteria(topic: str) -> None:
    found = segment(f"Exclusion criteria:\n- Asthma\n\n{topic}:\n- Gout\n")
    assert [item.type for item in found.criteria] == ["exclusion", "inclusion"]


@pytest.mark.parametrize(
    "label", ["Menopausal status", "Renal", "Pulmonary", "Metabolic", "Radiotherapy", "Cardiac"]
)
def test_label_of_an_old_record_begins_a_criterion(label: str) -> None:
    text = f"DISEASE CHARACTERISTICS:\nGout of the knee {label}: Normal\n"
    assert cut(text)[1] == ["Gout of the knee", f"{label}: Normal"]
    assert len(cut(text.replace(label, "Nails"))[1]) == 1


@pytest.mark.parametrize("word", [*words(STARTERS), "a"])
def test_starter_ends_a_list_without_markers(word: str) -> None:
    text = f"Inclusion criteria:\nOne of the following:\nGout\nAsthma\n{word.capitalize()} zinc\nLead\n"
    assert [item.parent for item in segment(text).criteria] == [None, "inc-1", "inc-1", None, None]


def test_other_words_do_not_end_a_list() -> None:
    text = "Inclusion criteria:\nOne of the following:\nGout\nAsthma\nPure zinc\nLead\n"
    assert [item.parent for item in segment(text).criteria] == [None, *["inc-1"] * 4]


@pytest.mark.parametrize(
    "field", ["Genders eligible for study", "Sampling method", "Accepts healthy volunteers"]
)
def test_registry_field_is_not_a_criterion(field: str) -> None:
    found = segment(f"Inclusion criteria:\n- Gout\n\n{field}: 18\n")
    assert [item.reason for item in found.unparsed] == ["registry field"]


def sentences(text: str) -> list[str]:
    (only,) = segment(text).criteria
    return [text[start:end] for start, end in only.sentences]


@pytest.mark.parametrize("word", words(ABBREVIATIONS))
def test_abbreviation_does_not_end_a_sentence(word: str) -> None:
    assert len(sentences(f"- Treated with zinc {word}. Lead is out\n")) == 1
    assert len(sentences("- Treated with zinc oil. Lead is out\n")) == 2


@pytest.mark.parametrize("word", ["no", "max", "sec", "a.m", "i.v"])
def test_abbreviation_before_numbers_only(word: str) -> None:
    assert len(sentences(f"- Treated with zinc {word}. 2 doses and more\n")) == 1
    assert len(sentences(f"- Treated with zinc {word}. Lead is out\n")) == 2


@pytest.mark.parametrize("word", words(NAMED_BY_LETTER))
def test_letter_of_a_name_may_end_a_sentence(word: str) -> None:
    assert len(sentences(f"- Positive for {word} B. Treatment is over\n")) == 2
    assert len(sentences("- Seen by John B. Treatment is over\n")) == 1


@pytest.mark.parametrize("word", words(BEFORE_VALUE))
def test_number_after_such_a_word_does_not_begin_an_item(word: str) -> None:
    text = "- Gout {0} 1. Zinc {0} 2. Lead {0} 3. Copper\n"
    assert len(cut(text.format(word))[1]) == 1
    assert len(cut(text.format("foot"))[1]) == 4


@pytest.mark.parametrize("word", words(OPENERS))
def test_opener_begins_a_statement_where_no_stop_ends_the_last(word: str) -> None:
    text = f"DISEASE CHARACTERISTICS:\nGout of the knee {word.capitalize()} zinc\n"
    assert sentences(text) == ["Gout of the knee", f"{word.capitalize()} zinc"]
    assert len(sentences(text.replace(word.capitalize(), "Pure"))) == 1
