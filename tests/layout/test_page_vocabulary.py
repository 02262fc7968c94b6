"""Words of ``pages.toml``, one of each line, on a page that is taken whole without the word."""

from __future__ import annotations

import pytest

from eligex.layout.locate import locate_section

SECTION = "Inclusion Criteria:\n- Gout"
BEFORE = (
    "study overview | enrolling by invitation | keywords: zinc | purpose | sponsor: zinc | phase: zinc | menu"
    " | about this study"
)
AFTER = (
    "contact us | locations and contacts | sponsor | study sponsor zinc | patients applied | study details"
    " | study contacts | other outcomes | what is the study measuring zinc | recruitment information"
    " | last update zinc | share this zinc | accepts healthy volunteers zinc | gender eligible zinc"
    " | about the Zinc Group"
)
TITLES = (
    "Who can participate | Who can join | Participation criteria | Key eligibility | Trial eligibility"
    " | Participant eligibility | Eligibility information"
)


def section_of(text: str) -> str:
    return text[slice(*locate_section(text))]


def capital(words: str) -> str:
    return words[0].upper() + words[1:]


@pytest.mark.parametrize("words", BEFORE.split(" | "))
def test_line_before_the_section(words: str) -> None:
    page = "{}\nOverview\n\n" + SECTION
    assert section_of(page.format(capital(words))) == SECTION
    assert section_of(page.format("Zinc")) == page.format("Zinc")


@pytest.mark.parametrize("words", AFTER.split(" | "))
def test_line_after_the_section(words: str) -> None:
    page = SECTION + "\n\n{}\nJo Doe"
    assert section_of(page.format(capital(words))) == SECTION
    assert section_of(page.format("About to take zinc")) == page.format("About to take zinc")


@pytest.mark.parametrize("title", TITLES.split(" | "))
def test_title_of_the_section(title: str) -> None:
    page = "Zinc\nOverview\n{}\n\n" + SECTION
    assert section_of(page.format(title)) == f"{title}\n\n{SECTION}"
    assert section_of(page.format("Who can pay")) == page.format("Who can pay")
