"""extract(): texts, trials and pages; where offsets count; provenance; what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from spacy.language import Language

import eligex
from eligex import pipeline
from eligex.errors import EligexError, InputError, LanguageError, NoEligibilityError
from eligex.schema import Source, Structured, Trial

SECTION = (
    "Inclusion Criteria:\n"
    "- • 1. Age: ≥ 21 years old and ≤ 65 years old, male or female.\n"
    "- • 2. Platelets \\> 90,000/mm3 (90 x 10^9/L).\n"
    "Exclusion Criteria:\n"
    "- • 1. Stroke within 6 months before enrollment, except transient ischemic attack.\n"
    "- • 2. Serum creatinine \\> 2.0 mg/dL (177 µmol/L) if male.\n"
)
PAGE = (
    "A Study of Imaginary Tablets in Adults With Cold Feet\n"
    "Launched by THE HOSPITAL OF EXAMPLES · Jan 1, 2024\n"
    "Trial Information\n"
    "Recruiting\n"
    "Keywords\n"
    "Summary\n"
    "This clinical trial is looking at whether imaginary tablets warm the feet. To take part you need to be "
    "between 21 and 65 years old, and you should not have had a stroke within the last 6 months.\n"
    "Gender\n"
    "ALL\n"
    "Eligibility criteria\n"
    f"{SECTION}"
    "About The Hospital Of Examples\n"
    "The Hospital of Examples treats more than 5,000 patients a year aged 18 years or older.\n"
    "Contacts\n"
    "Locations\n"
    "Nowhere, Utopia\n"
)


def shift(value: Any, by: int) -> Any:
    """An independent way to move all offsets of plain data."""
    if isinstance(value, dict):
        return {
            key: each + by
            if (key in ("start", "end") or key.endswith(("_start", "_end"))) and each is not None
            else shift(each, by)
            for key, each in value.items()
        }
    return tuple(shift(each, by) for each in value) if isinstance(value, list | tuple) else value


def body(result: eligex.TrialCriteria) -> dict[str, Any]:
    data = result.to_dict()
    return {key: shift(data[key], 0) for key in ("headings", "entities", "criteria", "unparsed")}


def test_a_text(nlp: Language, check: Any) -> None:
    result = eligex.extract(SECTION, trial_id="cold-feet", nlp=nlp)
    check(result, SECTION)
    assert result.trial_id == "cold-feet"
    assert result.source == Source("text", None, None, 0, len(SECTION))
    assert result.error is None
    assert [criterion.id for criterion in result.criteria] == ["inc-1", "inc-2", "exc-1", "exc-2"]


def test_the_default_pipeline_is_loaded_once(nlp: Language) -> None:
    assert eligex.extract(SECTION) == eligex.extract(SECTION, nlp=nlp)
    assert pipeline._default() is pipeline._default()


def test_only_the_section_of_a_page_is_read(nlp: Language, check: Any) -> None:
    result = eligex.extract(PAGE, nlp=nlp)
    check(result, PAGE)
    within = PAGE[result.source.start : result.source.end]
    assert SECTION.strip() in within
    assert "imaginary tablets" not in within
    assert "Contacts" not in within
    assert [criterion.id for criterion in result.criteria] == ["inc-1", "inc-2", "exc-1", "exc-2"]


def test_offsets_of_a_page_are_those_of_its_section_shifted(nlp: Language) -> None:
    by = PAGE.index(SECTION)
    source = Source("text", None, None, by, by + len(SECTION))
    inside = eligex.extract(Trial("t", PAGE, source), nlp=nlp)
    alone = eligex.extract(Trial("t", SECTION, Source("text", None, None, 0, len(SECTION))), nlp=nlp)
    assert by > 0
    assert any(p.condition_start for c in alone.criteria for p in c.predicates)
    assert any(p.alternatives for c in alone.criteria for p in c.predicates)
    assert any(p.temporal for c in alone.criteria for p in c.predicates)
    assert body(inside) == shift(body(alone), by)


def test_entities_of_html_are_read_and_quoted_as_written(nlp: Language, check: Any) -> None:
    text = "Inclusion Criteria:<br>1. Hemoglobin &ge; 9 g/dL<br>2. Age &gt;= 18 years &amp; male<br>"
    result = eligex.extract(text, nlp=nlp)
    check(result, text)
    values = {p.value_text: (p.comparator, p.threshold) for c in result.criteria for p in c.predicates}
    assert values["&ge; 9 g/dL"] == (">=", 9)
    assert values["&gt;= 18 years"] == (">=", 18)


def test_a_trial_keeps_its_fields(nlp: Language, check: Any) -> None:
    source = Source("ctgov_v2", "studies.json", "eligibilityCriteria", 0, len(SECTION))
    structured = Structured("21 Years", "65 Years", "ALL", False, ("ADULT",))
    result = eligex.extract(Trial("NCT99999999", SECTION, source, structured), nlp=nlp)
    check(result, SECTION)
    assert (result.trial_id, result.source, result.structured) == ("NCT99999999", source, structured)


def test_the_text_of_a_trial_is_not_searched_for_a_section(nlp: Language, check: Any) -> None:
    """A registry's field is the section whatever it says; nothing is looked for in it."""
    text = "Please contact the sites."
    result = eligex.extract(Trial("t", text, Source("ctgov_v2", None, None, 0, len(text))), nlp=nlp)
    check(result, text)
    assert result.error is None


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "\x00"])
def test_a_trial_with_an_empty_section(nlp: Language, check: Any, text: str) -> None:
    result = eligex.extract(Trial("t", text, Source("text", None, None, 0, len(text))), nlp=nlp)
    check(result, text)
    assert result.criteria == ()


def test_provenance(nlp: Language) -> None:
    provenance = eligex.extract(SECTION, nlp=nlp).provenance
    assert provenance is not None
    assert provenance.eligex == eligex.__version__
    assert provenance.model == pipeline.DEFAULT_MODEL
    assert eligex.load(provenance.model).pipe_names == nlp.pipe_names
    assert provenance.model_version == nlp.meta["version"]
    assert provenance.settings == {"pipeline": nlp.pipe_names}


@pytest.mark.parametrize("text", ["", " \n\n ", "\u200b"])
def test_nothing_visible(nlp: Language, text: str) -> None:
    with pytest.raises(NoEligibilityError, match=r"notes.txt: the text is empty"):
        eligex.extract(text, trial_id="notes.txt", nlp=nlp)


def test_another_language(nlp: Language) -> None:
    with pytest.raises(LanguageError, match=r"notes.txt: the text is in Spanish"):
        eligex.extract("Adultos con gota que puedan andar", trial_id="notes.txt", nlp=nlp)


def test_a_text_without_headings_is_one_section(nlp: Language, check: Any) -> None:
    text = "The quick brown fox jumps over the lazy dog."
    for kind in ("inclusion", "exclusion", None):
        result = eligex.extract(text, type=kind, nlp=nlp)  # type: ignore[arg-type]
        check(result, text)
        basis = "given" if kind else "default"
        assert [(c.type, c.type_basis) for c in result.criteria] == [(kind or "inclusion", basis)]


def test_a_given_type_turns_effects(nlp: Language) -> None:
    text = "- Gout\n- HbA1c > 9 %"
    trial = Trial("t", text, Source("text", None, None, 0, len(text)), type="exclusion")
    (result,) = pipeline.extract_many(nlp, [trial])
    assert {p.effect for c in result.criteria for p in c.predicates} == {"exclude"}
    assert result.criteria == eligex.extract(text, type="exclusion", nlp=nlp).criteria
    assert result.criteria == eligex.extract(replace(trial, type=None), type="exclusion", nlp=nlp).criteria


def test_whole(nlp: Language, check: Any) -> None:
    result = eligex.extract(PAGE, whole=True, nlp=nlp)
    check(result, PAGE)
    assert (result.source.start, result.source.end) == (0, len(PAGE))
    assert result.criteria[0].text.startswith("A Study of Imaginary Tablets")


def test_too_long(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "MAX_CHARACTERS", 100)
    with pytest.raises(InputError, match=r"long: the eligibility section has \d+ characters.*up to 100"):
        eligex.extract(SECTION, trial_id="long", nlp=nlp)
    assert issubclass(InputError, EligexError)
    short = "Inclusion Criteria:\n- Age ≥ 18 years\n"
    assert eligex.extract(f"{PAGE[: PAGE.index('Eligibility')]}\n{short}", nlp=nlp).criteria


def test_twice_gives_the_same(nlp: Language) -> None:
    first, second = (eligex.extract(PAGE, nlp=nlp) for _ in range(2))
    assert first == second
    assert eligex.extract(SECTION, nlp=eligex.load()) == eligex.extract(SECTION, nlp=nlp)
