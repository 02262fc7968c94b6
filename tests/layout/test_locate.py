"""Finding the eligibility section in pages, and telling eligibility texts from other texts."""

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
    found = locate_section(PAGE)
    assert found is not None
    start, end = found
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
    assert found is not None
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
        pytest.param(
            "The quick brown fox jumps over the lazy dog. It was a sunny day in the park.", id="prose"
        ),
        pytest.param(
            "Background: Zinc is a mineral. Methods: We gave zinc to mice for ten days. Results: Weight"
            " went up (p = 0.03). Conclusions: Our results suggest that zinc is well taken.",
            id="abstract",
        ),
        pytest.param("Shopping list\n- milk\n- bread\n- eggs\n", id="another list"),
        pytest.param('{"name": "zinc", "value": 3}', id="json"),
    ],
)
def test_nothing(text: str) -> None:
    assert locate_section(text) is None


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
def test_furniture_behind(tail: str) -> None:
    section = "Inclusion Criteria:\n- Adults\n\nExclusion Criteria:\n- Gout of the knee"
    assert locate_section(f"{section}\n\n{tail}\nJo Doe, Springfield\n") == (0, len(section))
