"""Golden segmentations of invented texts, one or more for each dialect registries write."""

from __future__ import annotations

import textwrap

import pytest

from eligex.layout.segment import segment


def render(text: str) -> list[str]:
    """Write a segmentation as lines: headings, criteria with id and marker, unparsed fragments."""
    found = segment(text)
    rows = [(item.start, f"# {item.type or 'none'}: {item.text}") for item in found.headings]
    rows += [(item.start, f"? {item.reason}: {item.text}") for item in found.unparsed]
    for item in found.criteria:
        words = " ".join(text[item.start : item.end].split())
        logic = f" <{item.children_logic}{item.children_minimum or ''}>" if item.children_logic else ""
        cohort = f" @{item.cohort}" if item.cohort else ""
        marker = f" {item.marker}" if item.marker else ""
        rows.append((item.marker_start, f"{item.id}{marker} | {words}{logic}{cohort}"))
    return [row for _, row in sorted(rows)]


def text_of(block: str) -> str:
    return textwrap.dedent(block).strip("\n")


GOLDEN = [
    pytest.param(
        """
        Inclusion Criteria:

          -  Adults with stable asthma confirmed by spirometry within the last twelve months and a
             reversibility of at least twelve percent

          -  Adequate organ function:

               -  Creatinine at most 1.5 mg/dL

               -  Platelets at least 100,000/mm3

        Exclusion Criteria:

          -  Any of the following:

               1. Stroke

               2. Seizures
        """,
        [
            "# inclusion: Inclusion Criteria:",
            "inc-1 - | Adults with stable asthma confirmed by spirometry within the last twelve months and a"
            " reversibility of at least twelve percent",
            "inc-2 - | Adequate organ function: <and>",
            "inc-2.a - | Creatinine at most 1.5 mg/dL",
            "inc-2.b - | Platelets at least 100,000/mm3",
            "# exclusion: Exclusion Criteria:",
            "exc-1 - | Any of the following: <or>",
            "exc-1.a 1. | Stroke",
            "exc-1.b 2. | Seizures",
        ],
        id="hard-wrapped, nested by indent",
    ),
    pytest.param(
        """
        Inclusion Criteria:

        * Age \\>= 18 years
        * ECOG 0 or 1

          * Measured twice
        * Signed consent

        Exclusion Criteria:

        1\\. Pregnancy
        2\\. Dialysis
        """,
        [
            "# inclusion: Inclusion Criteria:",
            "inc-1 * | Age \\>= 18 years",
            "inc-2 * | ECOG 0 or 1 <and>",
            "inc-2.a * | Measured twice",
            "inc-3 * | Signed consent",
            "# exclusion: Exclusion Criteria:",
            "exc-1 1\\. | Pregnancy",
            "exc-2 2\\. | Dialysis",
        ],
        id="markdown with escapes",
    ),
    pytest.param(
        "Inclusion Criteria:\nAsthma for two years\nable to walk\nExclusion Criteria:\n:\n\n Smoking",
        [
            "# inclusion: Inclusion Criteria:",
            "inc-1 | Asthma for two years",
            "inc-2 | able to walk",
            "# exclusion: Exclusion Criteria:",
            "? punctuation: :",
            "exc-1 | Smoking",
        ],
        id="line lists without markers",
    ),
    pytest.param(
        "Eligibility Criteria:~Adults~Able to consent~Exclusion criteria:~Gout",
        [
            "# none: Eligibility Criteria:",
            "? line break: ~",
            "inc-1 | Adults",
            "? line break: ~",
            "inc-2 | Able to consent",
            "? line break: ~",
            "# exclusion: Exclusion criteria:",
            "? line break: ~",
            "exc-1 | Gout",
        ],
        id="tilde for line breaks",
    ),
    pytest.param(
        "Inclusion Criteria:<br>- Adults<br><br>- Consent",
        [
            "# inclusion: Inclusion Criteria:",
            "? line break: <br>",
            "inc-1 - | Adults",
            "? line break: <br>",
            "? line break: <br>",
            "inc-2 - | Consent",
        ],
        id="br tags",
    ),
    pytest.param(
        "\ufeffInclusion Criteria:\r\n\r\n\t1.\u00a0Adults\r\n\t2.\u00a0Consent\r\n"
        "\x0cExclusion：\r\n\u200b• Gout；\r\n",
        [
            "# inclusion: Inclusion Criteria:",
            "inc-1 1. | Adults",
            "inc-2 2. | Consent",
            "# exclusion: Exclusion：",
            "exc-1 • | Gout；",
        ],
        id="CRLF, tabs, NBSP, form feed, BOM, zero width, full width",
    ),
    pytest.param(
        """
        DISEASE CHARACTERISTICS: Proven sarcoma of the thigh No brain metastases

        PATIENT CHARACTERISTICS: Age: 18 and over Performance status: ECOG 0-2 Hepatic: Bilirubin
        no greater than 2 mg/dL AST no greater than 3 times normal Renal: Not specified Other: Not
        pregnant

        PRIOR CONCURRENT THERAPY: Chemotherapy: No prior anthracycline Surgery: Not specified
        """,
        [
            "# none: DISEASE CHARACTERISTICS:",
            "inc-1 | Proven sarcoma of the thigh No brain metastases",
            "# none: PATIENT CHARACTERISTICS:",
            "inc-2 | Age: 18 and over",
            "inc-3 | Performance status: ECOG 0-2",
            "inc-4 | Hepatic: Bilirubin no greater than 2 mg/dL AST no greater than 3 times normal",
            "? says nothing: Renal: Not specified",
            "inc-5 | Other: Not pregnant",
            "# none: PRIOR CONCURRENT THERAPY:",
            "inc-6 | Chemotherapy: No prior anthracycline",
            "? says nothing: Surgery: Not specified",
        ],
        id="old oncology records, run together",
    ),
    pytest.param(
        """
        PATIENT CHARACTERISTICS:

        Age:

          -  18 and over

        Performance status

          -  ECOG 0-1
        """,
        [
            "# none: PATIENT CHARACTERISTICS:",
            "inc-1 | Age: <and>",
            "inc-1.a - | 18 and over",
            "inc-2 | Performance status <and>",
            "inc-2.a - | ECOG 0-1",
        ],
        id="sub-headings are parents",
    ),
    pytest.param(
        """
        Exclusion Criteria

        Co-existing Condition:

        Patients with the following conditions are excluded:

          -  Gout.

        Prior Medication:

        Excluded within 2 weeks of study entry:

          -  Zinc.
        """,
        [
            "# exclusion: Exclusion Criteria",
            "# none: Co-existing Condition:",
            "# exclusion: Patients with the following conditions are excluded:",
            "exc-1 - | Gout.",
            "# none: Prior Medication:",
            "exc-2 | Excluded within 2 weeks of study entry: <or>",
            "exc-2.a - | Zinc.",
        ],
        id="a heading that says something about patients stays a criterion",
    ),
    pytest.param(
        "Subjects must be adults, must have had gout for a year and must sign. They must own a phone."
        " Patients on dialysis will be excluded.",
        [
            "inc-1 | Subjects must be adults, must have had gout for a year and must sign.",
            "inc-2 | They must own a phone.",
            "exc-1 | Patients on dialysis will be excluded.",
        ],
        id="prose without headings",
    ),
    pytest.param(
        "inclusion criteria - adults with gout who can walk. exclusion criteria - dialysis, pregnancy",
        [
            "# inclusion: inclusion criteria -",
            "inc-1 | adults with gout who can walk.",
            "# exclusion: exclusion criteria -",
            "exc-1 | dialysis, pregnancy",
        ],
        id="headings inline with dashes",
    ),
    pytest.param(
        "Inclusion Criteria: 1. Adults 2. Gout Exclusion Criteria: (1) Dialysis; (2) Pregnancy",
        [
            "# inclusion: Inclusion Criteria:",
            "inc-1 1. | Adults",
            "inc-2 2. | Gout",
            "# exclusion: Exclusion Criteria:",
            "exc-1 (1) | Dialysis;",
            "exc-2 (2) | Pregnancy",
        ],
        id="all on one line",
    ),
    pytest.param(
        "Exclusion: gout; renal failure (stage 4; stage 5); allergy to zinc.",
        [
            "# exclusion: Exclusion:",
            "exc-1 | gout;",
            "exc-2 | renal failure (stage 4; stage 5);",
            "exc-3 | allergy to zinc.",
        ],
        id="semicolon list in one paragraph",
    ),
    pytest.param(
        """
        - Inclusion Criteria:
        - • 1. Adults with gout; both sexes may take part.
        - • 2. ECOG 0 - 2.
        - Exclusion Criteria:
        - • 1. Dialysis.
        """,
        [
            "# inclusion: - Inclusion Criteria:",
            "inc-1 1. | Adults with gout; both sexes may take part.",
            "inc-2 2. | ECOG 0 - 2.",
            "# exclusion: - Exclusion Criteria:",
            "exc-1 1. | Dialysis.",
        ],
        id="copied page, stacked bullets",
    ),
    pytest.param(
        """
        Inclusion Criteria:
        Adequate liver function as shown by:
        AST at most 3 x ULN
        Bilirubin < 2 mg/dL
        Women must use contraception
        Ages Eligible for Study: 18 Years and older
        ______
        """,
        [
            "# inclusion: Inclusion Criteria:",
            "inc-1 | Adequate liver function as shown by: <and>",
            "inc-1.a | AST at most 3 x ULN",
            "inc-1.b | Bilirubin < 2 mg/dL",
            "inc-2 | Women must use contraception",
            "? registry field: Ages Eligible for Study: 18 Years and older",
            "? separator: ______",
        ],
        id="flat list adopts limits; registry fields and rules are unparsed",
    ),
    pytest.param(
        """
        Exclusion Criteria:

        1. Gout
        2. Hepatitis

        The following subjects are eligible:

        * Cured hepatitis C

        3. Dialysis
        """,
        [
            "# exclusion: Exclusion Criteria:",
            "exc-1 1. | Gout",
            "exc-2 2. | Hepatitis",
            "# inclusion: The following subjects are eligible:",
            "inc-1 * | Cured hepatitis C",
            "exc-3 3. | Dialysis",
        ],
        id="a numbered list continues after an aside",
    ),
    pytest.param("None", ["? asks nothing: None"], id="None alone"),
    pytest.param(
        "Inclusion Criteria:\n\n* N/A\n\nExclusion Criteria:\n\n* None",
        [
            "# inclusion: Inclusion Criteria:",
            "? says nothing: * N/A",
            "# exclusion: Exclusion Criteria:",
            "? asks nothing: * None",
        ],
        id="None and N/A",
    ),
    pytest.param("", [], id="empty"),
    pytest.param(" \n\t\u200b\ufeff\n", [], id="blank"),
]


@pytest.mark.parametrize(("block", "expected"), GOLDEN)
def test_dialect(block: str, expected: list[str]) -> None:
    assert render(text_of(block)) == expected


COHORTS = [
    pytest.param(
        """
        Part A:
        Inclusion criteria:
        - Adults
        Exclusion criteria:
        - Gout
        Part B:
        Inclusion criteria:
        - Children
        """,
        {"inc-1": "Part A", "exc-1": "Part A", "inc-2": "Part B"},
        id="a group before a section outranks it",
    ),
    pytest.param(
        """
        Inclusion Criteria:

        Cohort 1:

        * Gout

        For healthy volunteers

        * No disease

        Exclusion Criteria:

        * Dialysis
        """,
        {"inc-1": "Cohort 1", "inc-2": "healthy volunteers", "exc-1": None},
        id="a group inside a section ends with it",
    ),
    pytest.param(
        "Inclusion Criteria for Part A:\n- Adults\nExclusion criteria for controls\n- Gout\n"
        "Exclusion Criteria:\n- Flu",
        {"inc-1": "Part A", "exc-1": "controls", "exc-2": None},
        id="a group in the heading itself",
    ),
    pytest.param(
        "Inclusion Criteria:\n* DONOR: Age over 18\n* All others may join",
        {"inc-1": "DONOR", "inc-2": None},
        id="a group before one item",
    ),
    pytest.param(
        "Inclusion criteria for patients:\n- Gout\nInclusion criteria for caregivers:\n- Adults",
        {"inc-1": "patients", "inc-2": "caregivers"},
        id="patients are a group where others are",
    ),
    pytest.param(
        "Inclusion criteria for patients:\n- Gout\nExclusion criteria for all participants:\n- Flu",
        {"inc-1": None, "exc-1": None},
        id="everybody is not a group",
    ),
]


@pytest.mark.parametrize(("block", "expected"), COHORTS)
def test_cohort(block: str, expected: dict[str, str | None]) -> None:
    assert {item.id: item.cohort for item in segment(text_of(block)).criteria} == expected


def test_only_a_span_is_read() -> None:
    text = "Summary. Adults may join.\nInclusion Criteria:\n- Adults\nContacts\nJo Doe"
    found = segment(text, start=text.index("Inclusion"), end=text.index("Contacts"))
    assert [text[item.start : item.end] for item in found.criteria] == ["Adults"]
    assert [item.start for item in found.headings] == [text.index("Inclusion")]


BASES = "Adults. Patients with gout are excluded. Exclusion criteria: flu"


def test_type_basis() -> None:
    found = segment(BASES)
    assert [(item.type, item.type_basis) for item in found.criteria] == [
        ("inclusion", "default"),
        ("exclusion", "cue"),
        ("exclusion", "heading"),
    ]


def test_given_type_outweighs_cues_but_not_headings() -> None:
    found = segment(BASES, type="inclusion")
    assert [(item.type, item.type_basis) for item in found.criteria] == [
        ("inclusion", "given"),
        ("inclusion", "given"),
        ("exclusion", "heading"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Gout",
        "- Gout\n- Flu",
        "Eligibility Criteria:\n- Gout",
        "Part B:\n- Gout",
        "Gout is known. Flu is not.",
    ],
)
def test_a_text_without_typed_headings_is_one_section_of_the_given_type(text: str) -> None:
    for kind in ("inclusion", "exclusion"):
        found = segment(text, type=kind)  # type: ignore[arg-type]
        assert {(item.type, item.type_basis) for item in found.criteria} == {(kind, "given")}
        assert found.criteria[0].id.startswith(kind[:3])


def test_children_of_a_given_type() -> None:
    found = segment("Any of the following:\n- Gout\n- Flu", type="exclusion")
    assert [(item.id, item.children_logic) for item in found.criteria] == [
        ("exc-1", "or"),
        ("exc-1.a", None),
        ("exc-1.b", None),
    ]


def test_other_languages_are_left_out() -> None:
    text = """
        Inclusion Criteria:
        - Adults with gout who are able to walk
        Criterios de inclusión:
        - Adultos con gota que puedan andar
        Exclusion Criteria:
        - Any other disease of the joints
        - Cualquier otra enfermedad de las articulaciones
        """
    assert render(text_of(text)) == [
        "# inclusion: Inclusion Criteria:",
        "inc-1 - | Adults with gout who are able to walk",
        "? in Spanish: Criterios de inclusión:",
        "? in Spanish: - Adultos con gota que puedan andar",
        "# exclusion: Exclusion Criteria:",
        "exc-1 - | Any other disease of the joints",
        "? in Spanish: - Cualquier otra enfermedad de las articulaciones",
    ]


def test_a_foreign_text_has_no_criteria() -> None:
    found = segment("Criterios de inclusión:\n- Adultos con gota que puedan andar\n- Embarazo")
    assert found.criteria == ()
    assert {item.reason for item in found.unparsed} == {"in Spanish"}
