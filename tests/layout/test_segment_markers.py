"""Markers: every bullet and numbering style, nesting by them, and what is not a marker."""

from __future__ import annotations

import pytest

from eligex.layout.segment import segment

BULLETS = ("-", "*", "–", "—", "•", "·", "o", "▪", "●", "➢", "✓", "\\-", "\\*", "--", "+")
STYLES = [
    *((bullet, bullet) for bullet in BULLETS),
    *((one, two) for one, two in (
        ("1.", "2."), ("1)", "2)"), ("(1)", "(2)"), ("1-", "2-"), ("1 -", "2 -"), ("1:", "2:"),
        ("1.)", "2.)"),
        ("a.", "b."), ("a)", "b)"), ("(a)", "(b)"), ("A.", "B."), ("A)", "B)"), ("(A)", "(B)"),
        ("i.", "ii."), ("i)", "ii)"), ("(i)", "(ii)"), ("I.", "II."), ("(I)", "(II)"),
        ("1.1", "1.2"), ("1.1.", "1.2."), ("1.1.2", "1.1.3"),
        ("#1", "#2"), ("[1]", "[2]"), ("①", "②"), ("1、", "2、"),
        ("1\\.", "2\\."), ("1\\)", "2\\)"), ("IC1.", "IC2."), ("E01.", "E02."), ("1", "2"),
    )),
]  # fmt: skip


@pytest.mark.parametrize(("one", "two"), [pytest.param(*pair, id=pair[0]) for pair in STYLES])
def test_style(one: str, two: str) -> None:
    text = f"Inclusion Criteria:\n\n{one} Adults with gout\n{two} Signed consent\n"
    found = segment(text).criteria
    assert [(item.marker, text[item.start : item.end]) for item in found] == [
        (one, "Adults with gout"),
        (two, "Signed consent"),
    ]
    assert [item.parent for item in found] == [None, None]


@pytest.mark.parametrize(
    ("line", "marker", "rest"),
    [
        pytest.param("- • 1. Adults", "1.", "Adults", id="stacked"),
        pytest.param("* 2\\. Adults", "2\\.", "Adults", id="bullet and escape"),
        pytest.param("1)Adults", "1)", "Adults", id="no blank after a parenthesis"),
        pytest.param("1.Adults", "1.", "Adults", id="no blank after a stop"),
        pytest.param("-Adults", "-", "Adults", id="no blank after a dash"),
        pytest.param("•Adults", "•", "Adults", id="no blank after a bullet"),
        pytest.param("-≥18 years", "-", "≥18 years", id="dash before a comparator"),
        pytest.param("*Women only", "*", "Women only", id="footnote star"),
    ],
)
def test_label(line: str, marker: str, rest: str) -> None:
    text = f"Inclusion Criteria:\n{line}\n"
    item = segment(text).criteria[0]
    assert (item.marker, text[item.start : item.end], text[item.marker_start]) == (marker, rest, line[0])


@pytest.mark.parametrize(
    "line",
    [
        "1.5 x ULN or lower",
        "18 years or older",
        "18-75 years",
        "2010 criteria of the society",
        "> 18 years",
        "<= 3 prior lines",
        "12-lead ECG normal",
        "5-HT3 antagonists",
        "(28 days) of washout",
        "E. coli infection",
        "C. difficile colitis",
        "I agree to take part",
        "A man or a woman",
        "2:1 ratio of groups",
        "0.8 liters or more",
        "HbA1c below 9 %",
        "+/- surgery",
    ],
)
def test_no_marker(line: str) -> None:
    text = f"Inclusion Criteria:\n\n{line}\n"
    assert [(item.marker, text[item.start : item.end]) for item in segment(text).criteria] == [(None, line)]


@pytest.mark.parametrize(
    ("text", "parents"),
    [
        pytest.param(
            "1. Any of:\na. Gout\nb. Flu\n2. Adults", [None, 0, 0, None], id="letters under numbers"
        ),
        pytest.param("1. Any of:\n- Gout\n- Flu\n2. Adults", [None, 0, 0, None], id="bullets under numbers"),
        pytest.param("- Any of:\n1) Gout\n2) Flu\n- Adults", [None, 0, 0, None], id="numbers under a bullet"),
        pytest.param("A. One\ni. Gout\nii. Flu\nB. Two", [None, 0, 0, None], id="roman under capitals"),
        pytest.param("g. One\nh. Two\ni. Three\nj. Four", [None] * 4, id="i between letters is a letter"),
        pytest.param("1. One\n1.1 Gout\n1.2 Flu\n2. Two", [None, 0, 0, None], id="decimal numbers"),
        pytest.param("* One\n  * Two\n    * Three\n  * Four\n* Five", [None, 0, 1, 0, None], id="indent"),
        pytest.param("* One\n\t* Two\n* Three", [None, 0, None], id="tab"),
        pytest.param("1. One\n   2. Two\n 3. Three", [None] * 3, id="numbers outweigh a crooked indent"),
        pytest.param("* Women:\n  o Gout\n  o Flu\n* Men", [None, 0, 0, None], id="letter o as a bullet"),
        pytest.param("1. One\n\n   A note on one\n2. Two", [None, 0, None], id="indented paragraph"),
        pytest.param("1. One: a) Gout b) Flu\n2. Two", [None, 0, 0, None], id="children inside a line"),
        pytest.param(
            "* Any of the following: (1) gout; (2) flu; or (3) mumps\n* Two",
            [None, 0, 0, 0, None],
            id="inline",
        ),
    ],
)
def test_nesting(text: str, parents: list[int | None]) -> None:
    found = segment("Inclusion Criteria:\n" + text).criteria
    ids = [item.id for item in found]
    assert [None if item.parent is None else ids.index(item.parent) for item in found] == parents


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("1. Adults 2. Gout for a year 3. Consent", 3, id="stops"),
        pytest.param("a) Adults b) Gout for a year c) Consent", 3, id="letters"),
        pytest.param("(1) Adults, (2) Gout for a year, (3) Consent", 3, id="parentheses"),
        pytest.param("1)Adults 2)Gout for a year 3)Consent", 3, id="no blanks"),
        pytest.param("i. Adults ii. Gout for a year iii. Consent", 3, id="roman"),
        pytest.param("• Adults • Gout for a year • Consent", 3, id="bullets"),
        pytest.param(
            "Adults with ECOG 0 or 1. 2 weeks of washout are needed.", 1, id="a number that opens a sentence"
        ),
        pytest.param("Gout of grade 1 or grade 2. Patients must consent", 1, id="grades"),
        pytest.param("Either (a) gout or (b) flu is known", 1, id="two inside a sentence"),
        pytest.param("Patients (see 1) and 2) below) with gout", 1, id="references"),
    ],
)
def test_run_together(text: str, count: int) -> None:
    found = segment(f"Inclusion Criteria:\n- Walks\n{text}\n").criteria
    assert len(found) == count + 1


@pytest.mark.parametrize(
    ("line", "items"),
    [
        pytest.param("Any of: a. Gout", ["Any of:", "Gout"], id="letter"),
        pytest.param("Any of: (i) Gout", ["Any of:", "Gout"], id="roman in brackets"),
        pytest.param("Any of: 1) Gout", ["Any of:", "Gout"], id="number with a bracket"),
        pytest.param("Any of: i. Gout, or ii. Asthma", ["Any of:", "Gout, or", "Asthma"], id="joined"),
        pytest.param(
            "Heart disease: i. Angina\n   ii. Stroke", ["Heart disease:", "Angina", "Stroke"], id="more"
        ),
        pytest.param("Impaired: i.e. Unable to walk", ["Impaired: i.e. Unable to walk"], id="i.e."),
        pytest.param("ECOG: 1. Alive", ["ECOG: 1. Alive"], id="a value"),
        pytest.param("Excess vitamin: A. Allergy", ["Excess vitamin: A. Allergy"], id="a capital"),
        pytest.param("Ill. Any of: a. Gout", ["Ill. Any of: a. Gout"], id="two sentences"),
        pytest.param("Weighed. a. Gout", ["Weighed. a. Gout"], id="no introduction"),
        pytest.param("Stage 1 or 2. Fit", ["Stage 1 or 2. Fit"], id="a number after or"),
    ],
)
def test_first_item_in_the_line_of_its_introduction(line: str, items: list[str]) -> None:
    text = f"Inclusion Criteria:\n\n* {line}\n* Zinc"
    assert [text[each.start : each.end] for each in segment(text).criteria] == [*items, "Zinc"]


@pytest.mark.parametrize(
    ("lead", "kind", "logic", "minimum"),
    [
        pytest.param("One of the following:", "Inclusion", "or", None, id="one of"),
        pytest.param("Any of the following:", "Inclusion", "or", None, id="any of"),
        pytest.param("Either:", "Inclusion", "or", None, id="either"),
        pytest.param("At least one of the following:", "Inclusion", "or", None, id="at least one"),
        pytest.param("At least two of the following:", "Inclusion", "or", 2, id="at least two"),
        pytest.param("3 or more of the following:", "Inclusion", "or", 3, id="three or more"),
        pytest.param("Three out of five of the following criteria:", "Inclusion", "or", 3, id="out of"),
        pytest.param("Meets two criteria:", "Inclusion", "or", 2, id="number of criteria"),
        pytest.param("Two symptoms among the following:", "Inclusion", "or", 2, id="among the following"),
        pytest.param("3 major risk factors from the list below:", "Inclusion", "or", 3, id="from the list"),
        pytest.param("Two weeks from the following:", "Inclusion", "and", None, id="a time"),
        pytest.param("At least two weeks from the following:", "Inclusion", "and", None, id="a least time"),
        pytest.param("Insomnia per DSM-5 criteria:", "Inclusion", "and", None, id="number in a name"),
        pytest.param("Adequate organ function:", "Inclusion", "and", None, id="function"),
        pytest.param("All of the following:", "Inclusion", "and", None, id="all of"),
        pytest.param("All of the following:", "Exclusion", "and", None, id="all of, excluded"),
        pytest.param("Heart disease, including:", "Exclusion", "or", None, id="excluded parts"),
        pytest.param("Adequate cardiac function", "Inclusion", "and", None, id="no introduction"),
    ],
)
def test_children_logic(lead: str, kind: str, logic: str, minimum: int | None) -> None:
    found = segment(f"{kind} Criteria:\n- {lead}\n  - Gout\n  - Flu\n").criteria
    assert (found[0].children_logic, found[0].children_minimum) == (logic, minimum)
    assert [item.children_logic for item in found[1:]] == [None, None]


def test_ids_of_children_are_letters() -> None:
    lines = "\n".join(f"  {number}. Disease" for number in range(1, 29))
    found = segment(f"Exclusion Criteria:\n- Any of:\n{lines}\n").criteria
    assert [found[1].id, found[2].id, found[27].id, found[28].id] == [
        "exc-1.a",
        "exc-1.b",
        "exc-1.aa",
        "exc-1.ab",
    ]


@pytest.mark.parametrize(
    ("lines", "parents"),
    [
        pytest.param(
            ["Any of the following:", "Gout;", "Flu; or", "Mumps.", "Known allergy"],
            [None, 0, 0, 0, None],
            id="semicolons",
        ),
        pytest.param(["The following 2 signs:", "Gout", "Flu", "Adults"], [None, 0, 0, None], id="announced"),
        pytest.param(["Defined as:", "gout in a knee", "flu", "Adults"], [None, 0, 0, None], id="lower case"),
        pytest.param(
            ["Child part:", "Gout", "Flu", "Parent part:", "Adults"], [None, 0, 0, None, 3], id="titles"
        ),
        pytest.param(
            ["Adults", "All patients must be:", "Alert", "Afebrile"], [None, None, 1, 1], id="open verb"
        ),
        pytest.param(
            ["Subjects with one of the following:", "Gout", "Flu", "Subjects who walk"],
            [None, 0, 0, None],
            id="parallel",
        ),
        pytest.param(
            ["Adults", "Blood counts as shown by:", "Platelets > 100", "Hemoglobin > 9", "Able to walk"],
            [None, None, 1, 1, None],
            id="limits",
        ),
        pytest.param(
            ["Adults", "Heart disease, including the following:", "Angina", "Stroke", "Known allergy"],
            [None, None, 1, 1, None],
            id="up to a word that begins criteria",
        ),
    ],
)
@pytest.mark.parametrize("bullet", ["", "* "], ids=["bare", "bullets"])
def test_flat_lists(bullet: str, lines: list[str], parents: list[int | None]) -> None:
    text = "Inclusion Criteria:\n" + "\n".join(bullet + line for line in lines)
    found = segment(text).criteria
    ids = [item.id for item in found]
    assert [None if item.parent is None else ids.index(item.parent) for item in found] == parents


@pytest.mark.parametrize(
    ("bullet", "expected"),
    [
        pytest.param("", ["Adults", "Gout\nOR", "Flu"], id="bare"),
        pytest.param("* ", ["Adults", "Gout\n* OR", "Flu"], id="bullets"),
    ],
)
def test_a_lone_or_joins_the_item_before_it(bullet: str, expected: list[str]) -> None:
    text = "Inclusion Criteria:\n" + "\n".join(bullet + line for line in ("Adults", "Gout", "OR", "Flu"))
    assert [text[item.start : item.end] for item in segment(text).criteria] == expected


@pytest.mark.parametrize("before", ["", "* Flu\n\nExclusion Criteria:\n"], ids=["text", "section"])
def test_a_lone_or_that_opens_a_section_joins_nothing(before: str) -> None:
    text = f"Inclusion Criteria:\n{before}OR\nGout"
    assert "OR" in [text[item.start : item.end] for item in segment(text).criteria]


@pytest.mark.parametrize(
    "topic",
    [
        "DISEASE CHARACTERISTICS",
        "PATIENT CHARACTERISTICS",
        "PRIOR/CONCURRENT THERAPY",
    ],
)
def test_a_topic_in_the_middle_of_a_line_is_a_heading(topic: str) -> None:
    text = f"Adults with proven gout of the knee {topic}: No prior surgery"
    assert [text[heading.start : heading.end] for heading in segment(text).headings] == [f"{topic}:"]


def test_roman_lists_under_letters() -> None:
    text = "Exclusion Criteria:\n8. Illness:\n   a. Heart\n   i. One\n   ii. Two\n"
    text += "   b. Gut\n   i. Three\n9. More"
    found = segment(text).criteria
    assert [(item.id, text[item.start : item.end]) for item in found] == [
        ("exc-1", "Illness:"),
        ("exc-1.a", "Heart"),
        ("exc-1.a.a", "One"),
        ("exc-1.a.b", "Two"),
        ("exc-1.b", "Gut"),
        ("exc-1.b.a", "Three"),
        ("exc-2", "More"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("- Status\n  (ECOG) of 1\n- Cough", ["Status\n  (ECOG) of 1", "Cough"], id="bracket"),
        pytest.param("- Weight above\n  45 kg\n- Cough", ["Weight above\n  45 kg", "Cough"], id="above"),
        pytest.param(
            "- Ejection fraction ≥\n  50%\n- Cough", ["Ejection fraction ≥\n  50%", "Cough"], id="sign"
        ),
        pytest.param(
            "- One of\n  1. fever\n  2. cough", ["One of", "fever", "cough"], id="but a list is a list"
        ),
    ],
)
def test_a_hanging_number_or_bracket_goes_on(text: str, expected: list[str]) -> None:
    found = segment("Inclusion Criteria:\n\n" + text)
    whole = "Inclusion Criteria:\n\n" + text
    assert [whole[c.start : c.end] for c in found.criteria] == expected
