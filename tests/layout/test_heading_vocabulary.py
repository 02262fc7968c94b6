"""Words of the heading lexicon, a few of each line, in a heading that is read otherwise without the word."""

from __future__ import annotations

import pytest

from eligex.layout.segment import segment

# A line with a place for a word; words; what comes of the line and of "- Tin" after it: types of headings,
# ids of criteria, unparsed fragments, and the last criterion's group; what comes of it with an unknown word.
LINES = [
    (
        "We exclude @ who:",
        "participant | women | controls | any",
        ("exclusion exc-1", None),
        ("inc-1 inc-1.a", None),
    ),
    ("@ patients:", "male | female | hiv-infected", ("none inc-1", "@ patients"), ("inc-1 inc-1.a", None)),
    ("the @ criteria:", "eligible | selection", ("none inc-1", None), ("inc-1 inc-1.a", None)),
    (
        "@ exclusion criteria include gout",
        "main | for | study | and",
        ("exclusion exc-1 exc-2", None),
        ("exc-1 inc-1", None),
    ),
    (
        "@ patients must have:",
        "exclusions | non-eligible | noneligibility | non inclusion | ineligible",
        ("exclusion exc-1", None),
        ("inclusion inc-1", None),
    ),
    ("the @ criteria:", "inclusions | inclusion", ("inclusion inc-1", None), ("inc-1 inc-1.a", None)),
    ("the @ criteria:", "exclusion | exclusions", ("exclusion exc-1", None), ("inc-1 inc-1.a", None)),
    (
        "exclusion @ of adults:",
        "crtieria | characteristics | criterion | criteria",
        ("exclusion exc-1", "adults"),
        ("exclusion exc-1", None),
    ),
    ("criteria for @:", "entry | participation", ("inclusion inc-1", None), ("inc-1 inc-1.a", None)),
    (
        "Inclusion criteria @ be gout:",
        "Related | Following | Participant | Should | Will | Shall | Can | Is",
        ("inclusion inc-1", None),
        ("inclusion inc-1 inc-1.a", None),
    ),
    ("Inclusion criteria: these @.", "fulfilled", ("inclusion inc-1", None), ("inclusion inc-1 inc-2", None)),
    (
        "Inclusion criteria: these @.",
        "any of",
        ("inclusion inc-1 inc-1.a", None),
        ("inclusion inc-1 inc-2", None),
    ),
    (
        "Inclusion criteria for adults @ gout:",
        "met",
        ("inclusion inc-1", None),
        ("inclusion inc-1", "adults @ gout"),
    ),
    ("Gout. @. Zinc", "must be all met | have been all met", ("inc-1 inc-2", None), ("inc-1 inc-1.a", None)),
    (
        "Patients @ not be enrolled if:",
        "be | should | shall",
        ("exclusion exc-1", None),
        ("inclusion inc-1", None),
    ),
    ("Patients are not @ if:", "enrolled", ("exclusion exc-1", None), ("inc-1 inc-1.a", None)),
    (
        "Patients cannot @ if:",
        "recruited | able to participate | take part",
        ("exclusion exc-1", None),
        ("inc-1 inc-1.a", None),
    ),
    ("@ must have:", "none of the following", ("exclusion exc-1", None), ("inclusion inc-1", None)),
    ("Patients excluded @:", "for", ("exclusion exc-1", None), ("inc-1 inc-1.a", None)),
    (
        "@ will be excluded if:",
        "not exclude | exception | evidence | of study entry",
        ("exc-1 exc-1.a", None),
        ("exclusion exc-1", None),
    ),
    ("Adults eligible @ the study if:", "to", ("inclusion inc-1", None), ("inc-1 inc-1.a", None)),
    ("Gout will @ patients if:", "enrol", ("inclusion inc-1", None), ("inc-1 inc-1.a", None)),
    ("Patients excluded @:", "have to | who | must", ("inclusion inc-1", None), ("inc-1 inc-1.a", None)),
    (
        "Gout must @ the following:",
        "fulfil | satisfying | fulfilling",
        ("inclusion inc-1", None),
        ("inc-1 inc-1.a", None),
    ),
    ("@ must have:", "at least | defined", ("inc-1 inc-1.a", None), ("inclusion inc-1", None)),
    ("Patients are eligible @", "who", ("inclusion inc-1", None), ("inc-1 inc-2", None)),
    (
        "Zinc is low. @ Exclusion Criteria: gout",
        "Other | Control",
        ("exclusion inc-1 exc-1 exc-2", None),
        ("exclusion inc-1 inc-2 exc-1 exc-2", None),
    ),
    (
        "Zinc is low. @ criteria: gout",
        "Exclusive",
        ("exclusion inc-1 exc-1 exc-2", None),
        ("inc-1 inc-2", None),
    ),
    ("@:", "patient characteristics | patients", ("none inc-1", None), ("inc-1 inc-1.a", None)),
    (
        "Zinc is low. @ Exclusion Criteria: gout",
        "meets | list",
        ("exc-1 inc-1", None),
        ("exclusion inc-1 exc-1 exc-2", None),
    ),
    (
        "@ will be excluded if:",
        "for more information regarding zinc please visit | for more information zinc please contact",
        ("inc-1 ? registry note", None),
        ("exclusion exc-1", None),
    ),
    ("Part B @:", "cohort | portion", ("none inc-1", "Part B @"), ("inc-1 inc-1.a", None)),
    ("@:", "stratum | panel | arm", ("none inc-1", "@"), ("inc-1 inc-1.a", None)),
    ("Patients @ not have:", "without", ("none inc-1", "Patients @ not have"), ("inc-1 inc-1.a", None)),
    ("Patients @ the low arm:", "of", ("none inc-1", "low arm"), ("none inc-1", "Patients @ the low arm")),
    ("@ in the low arm:", "either", ("inc-1 inc-1.a", None), ("none inc-1", "@ in the low arm")),
    (
        "Inclusion criteria for adults @ gout:",
        "is",
        ("inclusion inc-1", "adults"),
        ("inclusion inc-1", "adults @ gout"),
    ),
    (
        "Exclusion criteria:\nPatients with any of the following @ 6 months will be excluded: gout, pain",
        "within | in the past | in the last | in the previous | in the preceding",
        ("exclusion exc-1 exc-2", None),
        ("exclusion exclusion exc-1 exc-2", None),
    ),
    (
        "Inclusion criteria (@ patients):",
        "eligible",
        ("inclusion inc-1", None),
        ("inclusion inc-1", "@ patients"),
    ),
]


def outcome(line: str) -> tuple[str, str | None]:
    found = segment(f"{line}\n- Tin")
    words = [item.type or "none" for item in found.headings]
    words += [item.id for item in found.criteria]
    words += [f"? {item.reason}" for item in found.unparsed]
    return " ".join(words), found.criteria[-1].cohort


@pytest.mark.parametrize(
    ("line", "word", "known", "unknown"),
    [(line, word, known, unknown) for line, words, known, unknown in LINES for word in words.split(" | ")],
)
def test_word(line: str, word: str, known: tuple[str, str | None], unknown: tuple[str, str | None]) -> None:
    other = "Zork" if word[0].isupper() else "zork"
    for one, (expected, group) in ((word, known), (other, unknown)):
        assert outcome(line.replace("@", one)) == (expected, group and group.replace("@", one))
