"""Finding the eligibility section in pages, and telling pages from eligibility texts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from eligex.layout.locate import locate_section
from eligex.layout.segment import segment

INCLUSION = "\n".join(
    f"- • {number}. Adults with gout of kind {number} who can walk." for number in range(1, 10)
)
EXCLUSION = "\n".join(
    f"- • {number}. Subjects with disease number {number} at screening." for number in range(1, 11)
)
PAGE = f"""A Study of Zinc for Gout
Launched by EXAMPLE UNIVERSITY HOSPITAL · Mar 3, 2024
Trial Information
Recruiting
Keywords
Summary
This clinical trial looks at zinc for people with gout.
To participate in this study, you need to be an adult who has had gout for at least a year.
Gender
ALL
Eligibility criteria
- Inclusion Criteria:
{INCLUSION}
- Exclusion Criteria:
{EXCLUSION}
About Example University Hospital
Example University Hospital is a leading institution that treats adults of all ages.
Contacts
Jo Doe
Locations
Springfield
Timeline
First submit
"""


def test_page() -> None:
    start, end = locate_section(PAGE)
    assert PAGE[start:end].startswith("Eligibility criteria")
    assert PAGE[start:end].endswith("disease number 10 at screening.")
    criteria = segment(PAGE, start=start, end=end).criteria
    assert [item.type for item in criteria] == ["inclusion"] * 9 + ["exclusion"] * 10
    assert all(PAGE[item.start : item.end].endswith(".") for item in criteria)


@pytest.mark.data
@pytest.mark.skipif("ELIGEX_DATA" not in os.environ, reason="ELIGEX_DATA names no corpora")
def test_saved_page() -> None:
    text = (Path(os.environ["ELIGEX_DATA"]) / "seed" / "clinconnect_page.txt").read_text(encoding="utf-8")
    found = locate_section(text)
    criteria = segment(text, start=found[0], end=found[1]).criteria
    assert [item.type for item in criteria] == ["inclusion"] * 9 + ["exclusion"] * 10
    assert [item.marker for item in criteria] == [f"{n}." for n in (*range(1, 10), *range(1, 11))]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Inclusion Criteria:\n\n- Adults\n\nExclusion Criteria:\n\n- Gout\n", id="two headings"),
        pytest.param("\n\n  Inclusion: adults. Exclusion: gout.\n", id="inline"),
        pytest.param("- Age ≥ 18 years\n- ECOG 0-1\n- No prior chemotherapy\n", id="bullets alone"),
        pytest.param("Age over 18\nDiagnosis of gout\nAble to walk\nNot pregnant\n", id="lines alone"),
        pytest.param("Patients must be at least 18 years old and have a history of gout.", id="one sentence"),
        pytest.param("Hemoglobin >= 9 g/dL", id="one limit"),
        pytest.param(
            "DISEASE CHARACTERISTICS: Proven sarcoma PATIENT CHARACTERISTICS: Age: 18 and over", id="oncology"
        ),
        pytest.param("Exclusion Criteria:\n* None", id="exclusion alone"),
        pytest.param("Healthy men\n\nExclusion criteria:\n- Gout", id="items before the first heading"),
    ],
)
def test_whole_text(text: str) -> None:
    assert locate_section(text) == (0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(" \n ", id="blank"),
        pytest.param("A sunny day in the park. The dog sleeps.", id="prose"),
        pytest.param("Contacts\nJo Doe\nLocations\nSpringfield", id="furniture without a section"),
        pytest.param(
            "Inclusion Criteria:\n\n  -  No disease of the kidney or of the liver in the opinion of the\n"
            "     Investigator\n\n  -  No gout\n",
            id="a wrapped line that ends with a word of the furniture",
        ),
        pytest.param(
            "Inclusion Criteria:\n- Adults\n- Sponsor\n- Contacts of patients with flu", id="marked lines"
        ),
        pytest.param(
            "Recruiting\nAdults with gout\nInclusion Criteria:\n- Adults", id="one line of a head alone"
        ),
        pytest.param(
            "This study looks at zinc for people with gout.\n" * 50 + "Inclusion Criteria:\n- Adults",
            id="long prose before the first heading",
        ),
        pytest.param(
            "To join you must have gout.\nInclusion Criteria:\n- About to start zinc", id="about to"
        ),
    ],
)
def test_a_text_that_is_not_a_page_is_read_whole(text: str) -> None:
    assert locate_section(text) == (0, len(text))


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        pytest.param("Summary\nZinc for gout.\nKeywords\ngout\n", "", id="two lines of a head"),
        pytest.param("Summary\nZinc for gout.\n", "\nContacts\nJo Doe", id="one, and page lines after"),
        pytest.param("", "\nContacts\nJo Doe", id="only page lines after"),
    ],
)
def test_lines_that_show_a_page(head: str, tail: str) -> None:
    section = "Inclusion Criteria:\n- Adults\n- No gout"
    text = head + section + tail
    assert text[slice(*locate_section(text))] == section


def test_title_of_a_section() -> None:
    head = "Summary\nZinc for gout.\n"
    page = f"{head}Who can participate?\nAll who have had gout for a year.\nInclusion Criteria:\n- Adults"
    assert page[locate_section(page)[0] :].startswith("Who can participate?")


@pytest.mark.parametrize(
    "tail",
    [
        "Contacts",
        "Contacts and Locations",
        "Study Plan",
        "Sponsor",
        "Locations:",
        "## More Information",
        "About the Zinc Group",
    ],
)
def test_page_lines_after_the_section(tail: str) -> None:
    section = "Inclusion Criteria:\n- Adults\n\nExclusion Criteria:\n- Gout of the knee"
    assert locate_section(f"{section}\n\n{tail}\nJo Doe, Springfield\n") == (0, len(section))
