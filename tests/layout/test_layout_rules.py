"""Rules of the layout that one line shows, each beside a line that it must leave alone."""

from __future__ import annotations

import pytest

from eligex.layout.logic import children_logic
from eligex.layout.markers import read_marker
from eligex.layout.segment import segment


def outline(text: str) -> list[str]:
    """Write headings as "# type: words", criteria as "id: words", fragments as "? reason"."""
    found = segment(text)
    rows = [(item.start, f"# {item.type or 'none'}: {item.text}") for item in found.headings]
    rows += [(item.start, f"{item.id}: {text[item.start : item.end]}") for item in found.criteria]
    rows += [(item.start, f"? {item.reason}") for item in found.unparsed]
    return [row for _, row in sorted(rows)]


NUMBERS = [
    (2, "two", "2"),
    (4, "four", "4"),
    (5, "five", "5"),
    (6, "six", "6"),
    (7, "seven", "7"),
    (8, "eight", "8"),
]


@pytest.mark.parametrize(("number", "word"), [(number, word) for number, *both in NUMBERS for word in both])
def test_number_of_children_that_must_hold(number: int, word: str) -> None:
    assert children_logic(f"At least {word} of the following:", "inclusion", introduces=True) == (
        "or",
        number,
    )


@pytest.mark.parametrize("word", ["one", "1"])
def test_one_child_is_any_child(word: str) -> None:
    assert children_logic(f"Adults with {word} of the following:", "inclusion", introduces=True) == (
        "or",
        None,
    )


def test_words_far_before_the_end_of_an_introduction_do_not_say_how_its_children_combine() -> None:
    near, far = "Any of these must meet:", f"Any of these {'very ' * 30}must meet:"
    assert children_logic(near, "inclusion", introduces=True) == ("or", None)
    assert children_logic(far, "inclusion", introduces=True) == ("and", None)


@pytest.mark.parametrize(
    ("numeral", "number"),
    [("i", 1), ("iv", 4), ("v", 5), ("vi", 6), ("ix", 9), ("x", 10), ("xi", 11), ("xx", 20)],
)
def test_roman_number_of_a_marker(numeral: str, number: int) -> None:
    marker = read_marker(f"{numeral}. Gout", 0, len(numeral) + 6)
    assert marker is not None
    assert marker.orders[0] == ("i.", (number,))


@pytest.mark.parametrize(
    ("lead", "count"),
    [
        ("The following two conditions:", 2),
        ("The following 2 conditions:", 2),
        ("These three conditions:", 3),
        ("The following three conditions:", 3),
        ("The following 3 conditions:", 3),
        ("The following four conditions:", 4),
        ("The following 4 conditions:", 4),
        ("Either of the following:", 2),
        ("Both:", 2),
    ],
)
def test_announced_number_of_items(lead: str, count: int) -> None:
    items = ("Gout", "Asthma", "Zinc", "Lead", "Iron", "Copper")
    text = "Inclusion criteria:\n" + "".join(f"- {item}\n" for item in (lead, *items))
    children = [item for item in segment(text).criteria if item.parent]
    assert len(children) == count


HEADINGS = [
    pytest.param(
        "Exclusion criteria include gout",
        ["# exclusion: Exclusion criteria include", "exc-1: gout"],
        id="introduces",
    ),
    pytest.param(
        "Exclusion criteria imply gout", ["exc-1: Exclusion criteria imply gout"], id="introduces nothing"
    ),
    pytest.param(
        "Inclusion criteria Adults with gout",
        ["# inclusion: Inclusion criteria", "inc-1: Adults with gout"],
        id="runs on",
    ),
    pytest.param(
        "Inclusion criteria adults with gout", ["inc-1: Inclusion criteria adults with gout"], id="lower case"
    ),
    pytest.param(
        "Inclusion criteria for adults with gout,\n- Gout",
        ["inc-1: Inclusion criteria for adults with gout,", "inc-2: Gout"],
        id="a title does not end with a comma",
    ),
    pytest.param(
        "Inclusion criteria are those of gout, asthma and so on and must be met:\n- Gout",
        [
            "# inclusion: Inclusion criteria are those of gout, asthma and so on and must be met:",
            "inc-1: Gout",
        ],
        id="a verb introduces up to the colon",
    ),
    pytest.param("Included\n- Gout", ["inc-1: Included", "inc-1.a: Gout"], id="participle without a colon"),
    pytest.param(
        "Included:\n- Gout", ["# inclusion: Included:", "inc-1: Gout"], id="participle with a colon"
    ),
    pytest.param(
        "Inclusion criteria: all of these must be met:\n- Gout",
        ["# inclusion: Inclusion criteria: all of these must be met:", "inc-1: Gout"],
        id="introduction after the colon",
    ),
    pytest.param(
        "Inclusion criteria: all of these must be met\n- Gout",
        ["# inclusion: Inclusion criteria:", "inc-1: all of these must be met", "inc-2: Gout"],
        id="introduction that is left open",
    ),
    pytest.param(
        "Patients must meet the following: gout of the knee\n- Asthma",
        ["inc-1: Patients must meet the following: gout of the knee", "inc-2: Asthma"],
        id="a requirement does not open a section in its line",
    ),
    pytest.param(
        "Patients will be excluded if: gout of the knee\n- Asthma",
        ["# exclusion: Patients will be excluded if:", "exc-1: gout of the knee", "exc-2: Asthma"],
        id="an exclusion opens a section in its line",
    ),
    pytest.param(
        "Patients must have:\n- Gout", ["# inclusion: Patients must have:", "inc-1: Gout"], id="requires"
    ),
    pytest.param(
        "Nurses must know:\n- Gout",
        ["inc-1: Nurses must know:", "inc-1.a: Gout"],
        id="requires nothing of patients",
    ),
    pytest.param(
        "Inclusion criteria:\n- Adults with gout\n  exclusion criteria:\n  - Asthma",
        [
            "# inclusion: Inclusion criteria:",
            "inc-1: Adults with gout",
            "# exclusion: exclusion criteria:",
            "exc-1: Asthma",
        ],
        id="typed heading in lower case",
    ),
    pytest.param(
        "Inclusion criteria:\n- Adults of whom all\n  patients are included if:\n  - Asthma",
        [
            "# inclusion: Inclusion criteria:",
            "inc-1: Adults of whom all\n  patients are included if:",
            "inc-1.a: Asthma",
        ],
        id="a sentence in lower case goes on",
    ),
    pytest.param(
        "Inclusion criteria for\nadults with gout:\n- Zinc",
        ["# inclusion: Inclusion criteria for\nadults with gout:", "inc-1: Zinc"],
        id="heading over two lines",
    ),
    pytest.param("Part B\n- Gout", ["# none: Part B", "inc-1: Gout"], id="group"),
    pytest.param("part B\n- Gout", ["inc-1: part B", "inc-2: Gout"], id="group in lower case"),
    pytest.param(
        "Part B, any of the following:\n- Gout",
        ["inc-1: Part B, any of the following:", "inc-1.a: Gout"],
        id="choice",
    ),
    pytest.param(
        "- Gout\n\nThe above information is not intended to contain all considerations.",
        ["inc-1: Gout", "? registry note"],
        id="note of the registry",
    ),
]


@pytest.mark.parametrize(("text", "expected"), HEADINGS)
def test_heading(text: str, expected: list[str]) -> None:
    assert outline(text) == expected


def test_statement_that_excludes_without_a_heading() -> None:
    assert outline("- Adults\n- Patients with gout are not eligible\n") == [
        "inc-1: Adults",
        "exc-1: Patients with gout are not eligible",
    ]


LISTS = [
    pytest.param(
        "-Women must meet both of the following conditions:/-Gout/-Asthma/-Lead",
        [None, 1, 1, None],
        id="a pair of named things",
    ),
    pytest.param(
        "-Gout/-Asthma/OR/-Zinc",
        [None, None, 2],
        id="a lone OR is part of the item before it, and joins the next",
    ),
    pytest.param("-Gout/-Asthma/SO/-Zinc", [None, None, None, 3], id="another lone word is an item"),
    pytest.param(
        "Adequate liver function as shown by:/ALT < 30/AST < 40/Gout", [None, 1, 1, None], id="values"
    ),
    pytest.param(
        "Liver function as shown by:/ALT < 30/Willing to fast for 2 days", [None, 1, None], id="new topic"
    ),
    pytest.param(
        "Nurses with one of these:/Gout/Lead/Nurses on zinc/Iron", [None, 1, 1, None, None], id="parallel"
    ),
    pytest.param("One of these:/Gout/Lead/One of the others/Iron", [None, 1, 1, 1, 1], id="not parallel"),
    pytest.param("One of these:/Gout/RENAL: normal creatinine/Zinc", [None, None, None, None], id="labelled"),
    pytest.param(
        "One of the following:/gout/known lead/Zinc/Known iron/Tin",
        [None, 1, 1, None, None, None],
        id="lower case",
    ),
    pytest.param(
        "-Gout/-Lead/-One of the following:/-Iron,/-Zinc,/-Copper./-Tin",
        [None, None, None, 3, 3, 3, None],
        id="commas that end with the list",
    ),
    pytest.param(
        "-Gout,/-Lead,/-One of the following:/-Iron,/-Zinc,/-Copper./-Tin",
        [None, None, None, 3, 3, 3, 3],
        id="commas everywhere",
    ),
    pytest.param("Adults with:/Gout/Lead/Children with:/Zinc", [None, 1, 1, None, 4], id="series"),
    pytest.param(
        "Any of:/Gout/Lead/Children with:/Zinc/Tin", [None, None, None, None, None, None], id="no series"
    ),
    pytest.param("Patient component:/Gout/Lead/Zinc", [None, 1, 1, 1], id="title"),
    pytest.param("Cardiac disease/-Gout/-Lead", [None, 1, 1], id="title over bullets"),
    pytest.param("No disease that is one of;/-Gout/-Lead", [None, 1, 1], id="introduction with a semicolon"),
    pytest.param("No disease other than/-Gout/-Lead", [None, 1, 1], id="introduction of exceptions"),
    pytest.param("No disease like others/-Gout/-Lead", [None, None, None], id="no introduction"),
    pytest.param("Active ulcer/-Gout/-Lead", [None, None, None], id="first item without its bullet"),
]


@pytest.mark.parametrize(("lines", "parents"), LISTS)
def test_list_without_nesting(lines: str, parents: list[int | None]) -> None:
    """``parents`` counts the items from 1."""
    found = segment("Inclusion criteria:\n" + lines.replace("/", "\n")).criteria
    ids = [item.id for item in found]
    assert [ids.index(item.parent) + 1 if item.parent else None for item in found] == parents


ITEMS = [
    pytest.param(
        "- Function as shown by (1) zinc; (2) lead; (3) tin",
        ["Function as shown by", "zinc;", "lead;", "tin"],
        id="three",
    ),
    pytest.param(
        "- Function (1) zinc and (2) lead and (3) tin",
        ["Function (1) zinc and (2) lead and (3) tin"],
        id="run on",
    ),
    pytest.param(
        "- Function shown (1) zinc; (2) lead", ["Function shown (1) zinc; (2) lead"], id="two, not led to"
    ),
    pytest.param(
        "- Zinc (of 1) lead and 2) tin) of all", ["Zinc (of 1) lead and 2) tin) of all"], id="in a bracket"
    ),
    pytest.param("1. Zinc of the knee 2. Lead\n3. Tin", ["Zinc of the knee", "Lead", "Tin"], id="one list"),
    pytest.param(
        "1. Zinc\n- Lead. 2. tin and iron 3. gold",
        ["Zinc", "Lead.", "tin and iron", "gold"],
        id="goes on after a stop",
    ),
    pytest.param(
        "1. Zinc\n- Lead 2. tin and iron 3. gold",
        ["Zinc", "Lead 2. tin and iron 3. gold"],
        id="goes on without one",
    ),
]


@pytest.mark.parametrize(("text", "expected"), ITEMS)
def test_items_in_a_line(text: str, expected: list[str]) -> None:
    text = f"Inclusion criteria:\n{text}\n"
    assert [text[item.start : item.end] for item in segment(text).criteria] == expected


NESTING = [
    pytest.param("1. Zinc/2. Lead/3) Tin", [None, None, None], id="another bracket goes on"),
    pytest.param(
        "1. Zinc/   a. Lead/   b) Tin/2. Iron", [None, 1, 1, None], id="another bracket in a list of letters"
    ),
    pytest.param("* Zinc/- Lead/* Tin/- Iron", [None, None, None, None], id="bullets at one indent"),
    pytest.param("* Zinc:/  - Lead/* Tin/- Iron", [None, 1, None, 3], id="bullets that were nested before"),
    pytest.param(
        "1. Zinc/2. Lead/* Tin/* Iron/3. Gold", [None, None, 2, 2, None], id="bullets under a number"
    ),
    pytest.param(
        "* Zinc:/1. Lead/2. Tin/* Iron/3. Gold", [None, 1, 1, None, None], id="numbers under a bullet"
    ),
    pytest.param("1. Zinc/1.1 Lead/1.2 Tin/2. Iron", [None, 1, 1, None], id="dotted numbers"),
    pytest.param("Lung cancer (arms 1 and 2)/- Zinc/- Lead", [None, 1, 1], id="title that names groups"),
    pytest.param("Lung cancer (stages 1 and 2)/- Zinc/- Lead", [None, None, None], id="line that names none"),
    pytest.param("One of the following/- Zinc/- Lead", [None, 1, 1], id="following without a colon"),
    pytest.param("Patients who had zinc:/- Lead", [None, 1], id="colon"),
    pytest.param("Patients who had zinc.\n- Lead", [None, None], id="full stop"),
    pytest.param("LIVER FUNCTION/- Zinc/- Lead", [None, 1, 1], id="short title"),
    pytest.param("LIVER FUNCTION OF ALL OF THE PATIENTS HERE/- Zinc", [None, None], id="title of many words"),
]


@pytest.mark.parametrize(("lines", "parents"), NESTING)
def test_nesting(lines: str, parents: list[int | None]) -> None:
    """``parents`` counts the items from 1."""
    found = segment("Inclusion criteria:\n" + lines.replace("/", "\n")).criteria
    ids = [item.id for item in found]
    assert [ids.index(item.parent) + 1 if item.parent else None for item in found] == parents


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("Zinc > 5. 3 doses of lead", 1, id="number that is compared"),
        pytest.param("Zinc of 5. 3 doses of lead", 2, id="number that is not"),
        pytest.param("Is it zinc? Lead is out", 2, id="question"),
        pytest.param(f"Zinc ({'tin ' * 40}. Lead is out", 1, id="bracket left open"),
        pytest.param(f"Zinc ({'tin ' * 120}. Lead is out", 2, id="bracket left open long ago"),
    ],
)
def test_sentences_of_an_item(text: str, count: int) -> None:
    (found,) = segment(f"Inclusion criteria:\n- {text}\n").criteria
    assert len(found.sentences) == count


def test_title_takes_forty_items_at_most() -> None:
    items = "".join(f"{'Zinc' if number % 2 else 'Lead'} of kind {number}\n" for number in range(45))
    found = segment(f"Inclusion criteria:\nPatient component:\n{items}").criteria
    assert sum(item.parent is not None for item in found) == 40


MORE_HEADINGS = [
    pytest.param("Controls:\n- Gout", ["# none: Controls:", "inc-1: Gout"], id="people"),
    pytest.param(
        "Controls: with asthma\n- Gout",
        ["inc-1: Controls: with asthma", "inc-1.a: Gout"],
        id="people with a statement",
    ),
    pytest.param(
        "Patients in the control group\n- Gout",
        ["inc-1: Patients in the control group", "inc-2: Gout"],
        id="members, no colon",
    ),
    pytest.param(
        "Patients in the control group:\n- Gout",
        ["# none: Patients in the control group:", "inc-1: Gout"],
        id="members",
    ),
    pytest.param("Recruitment:\n- Gout", ["inc-1: Recruitment:", "inc-1.a: Gout"], id="neutral word"),
    pytest.param("Eligibility:\n- Gout", ["# none: Eligibility:", "inc-1: Gout"], id="eligibility"),
    pytest.param(
        "key exclusion criteria include gout",
        ["# exclusion: key exclusion criteria include", "exc-1: gout"],
        id="key, lower case",
    ),
    pytest.param(
        "Inclusion criteria imply. Gout: severe",
        ["inc-1: Inclusion criteria imply.", "inc-2: Gout: severe"],
        id="stop",
    ),
    pytest.param(
        "- Inclusion criteria for adults with gout",
        ["inc-1: Inclusion criteria for adults with gout"],
        id="marked title",
    ),
    pytest.param("Allowed: zinc", ["inc-1: Allowed: zinc"], id="bare topic with a statement"),
    pytest.param("Allowed:\n- Zinc", ["# none: Allowed:", "inc-1: Zinc"], id="bare topic"),
    pytest.param(
        "- PATIENT CHARACTERISTICS: gout", ["inc-1: PATIENT CHARACTERISTICS: gout"], id="marked topic"
    ),
    pytest.param(
        "Zinc. See the Exclusion Criteria: gout",
        ["inc-1: Zinc.", "exc-1: See the Exclusion Criteria: gout"],
        id="named in passing",
    ),
    pytest.param(
        "Zinc is low. Exclusion Criteria: gout",
        ["inc-1: Zinc is low.", "# exclusion: Exclusion Criteria:", "exc-1: gout"],
        id="inline",
    ),
]


@pytest.mark.parametrize(("text", "expected"), MORE_HEADINGS)
def test_heading_among_statements(text: str, expected: list[str]) -> None:
    assert outline(text) == expected


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Inclusion criteria for controls:", "controls"),
        ("Inclusion criteria for all patients:", None),
        ("Inclusion criteria for the main study:", None),
        ("Inclusion criteria for part B:", "part B"),
        ("Key inclusion criteria (siblings):", "siblings"),
        ("Donor inclusion criteria:", "Donor"),
    ],
)
def test_group_that_a_typed_heading_names(text: str, group: str | None) -> None:
    assert [item.cohort for item in segment(f"{text}\n- Gout").criteria] == [group]


MORE_ITEMS = [
    pytest.param("1. Zinc\n- Lead. 2. tin", ["Zinc", "Lead. 2. tin"], id="a lone number does not go on"),
    pytest.param(
        "- Any (kinds 1) zinc, 2) lead, 3) tin",
        ["Any (kinds 1) zinc, 2) lead, 3) tin"],
        id="number in a bracket",
    ),
    pytest.param(
        "- Any of: 1) zinc, 2) lead, 3) tin", ["Any of:", "zinc,", "lead,", "tin"], id="numbers of a list"
    ),
    pytest.param("1. Zinc, - Lead", ["Zinc, - Lead"], id="a lone dash"),
    pytest.param("1. Zinc: - Lead", ["Zinc:", "Lead"], id="a dash after a colon"),
    pytest.param("- Zinc\n  (of the knee)", ["Zinc\n  (of the knee)"], id="a bracket goes on"),
    pytest.param("- Zinc\nLead", ["Zinc", "Lead"], id="a capital does not"),
    pytest.param("Use of regular\nzinc (or lead)", ["Use of regular\nzinc (or lead)"], id="cut in two"),
    pytest.param("Zinc\n(but no lead)", ["Zinc\n(but no lead)"], id="cut before a bracket"),
    pytest.param("Zinc.\nlead", ["Zinc.", "lead"], id="closed before the cut"),
    pytest.param("Zinc\n\nlead", ["Zinc", "lead"], id="a gap is no cut"),
    pytest.param("Zinc\nlead\ntin", ["Zinc", "lead", "tin"], id="three are a list"),
    pytest.param("Zinc\nlead\n\nTin", ["Zinc\nlead", "Tin"], id="cut in two above a gap"),
    pytest.param(
        "Zinc: no prior\nuse of the metal within the past year, nor of any other kind of such\nlead",
        ["Zinc: no prior\nuse of the metal within the past year, nor of any other kind of such\nlead"],
        id="the first line may be short",
    ),
    pytest.param("Zinc no\ngreater than 2", ["Zinc no\ngreater than 2"], id="a comparator in two lines"),
    pytest.param("Zinc: At\nleast 3 mg", ["Zinc: At\nleast 3 mg"], id="at, least"),
    pytest.param(
        "Zinc or lead\nno greater than 2", ["Zinc or lead\nno greater than 2"], id="a limit goes on"
    ),
    pytest.param("At least 3\nmonths of zinc", ["At least 3\nmonths of zinc"], id="a number goes on"),
    pytest.param("At least one\nnode", ["At least one\nnode"], id="a number in words goes on"),
    pytest.param(
        "Zinc: no\nlead: no\ntin: no", ["Zinc: no", "lead: no", "tin: no"], id="no, and no comparator"
    ),
    pytest.param("Zinc.\nno greater than 2", ["Zinc.", "no greater than 2"], id="a limit after a full stop"),
    pytest.param(
        "Zinc or lead\nmore than 3 falls\ntin",
        ["Zinc or lead", "more than 3 falls", "tin"],
        id="an item of its own",
    ),
]


@pytest.mark.parametrize(("text", "expected"), MORE_ITEMS)
def test_items_of_lines(text: str, expected: list[str]) -> None:
    text = f"Inclusion criteria:\n{text}\n"
    assert [text[item.start : item.end] for item in segment(text).criteria] == expected


def test_short_line_ends_a_wrapped_paragraph() -> None:
    wrapped = (
        "Adults who have had gout of the knee or of the foot for more than twelve months\n"
        "and who were treated with zinc for at least six weeks before they were seen for\n"
        "the first time in one of the hospitals that take part, and who do not have lead\n"
        "in their blood"
    )
    text = f"Inclusion criteria:\n{wrapped}\nChildren with asthma\n"
    assert [text[item.start : item.end] for item in segment(text).criteria] == [
        wrapped,
        "Children with asthma",
    ]


LONE = [
    pytest.param("Inclusion", "* Adults with gout/  * Asthma/  * Lead/  * Zinc", 4, id="a flat list"),
    pytest.param("Inclusion", "* • Male/    * Asthma/    * Lead", 3, id="stacked bullets"),
    pytest.param("Exclusion", "* Gout/    * Asthma/    * Lead", 3, id="exclusion"),
    pytest.param("Exclusion", "* Gout/    * Asthma", 1, id="one below"),
    pytest.param("Inclusion", "* Gout/    * Asthma/    * Lead", 1, id="notes"),
    pytest.param("Inclusion", "* Adults with gout:/  * Asthma/  * Lead/  * Zinc", 1, id="introduces them"),
    pytest.param("Inclusion", "* Either/  * Asthma/  * Lead/  * Zinc", 1, id="announces them"),
    pytest.param("Inclusion", "* Gout/  * Asthma/  * Lead/  * Zinc/* Tin", 2, id="not alone"),
    pytest.param("DISEASE CHARACTERISTICS:/", "* Gout/  * Asthma/  * Lead/  * Zinc", 1, id="topic"),
]


@pytest.mark.parametrize(("heading", "lines", "roots"), LONE)
def test_list_below_a_lone_item(heading: str, lines: str, roots: int) -> None:
    lead = heading if heading.endswith("/") else f"{heading} criteria:/"
    found = segment((lead + lines).replace("/", "\n")).criteria
    assert sum(item.parent is None for item in found) == roots
