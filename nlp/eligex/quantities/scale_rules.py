"""Which values of scales, and which ratios, are quantities: the tables ``SCALES`` and ``RATIOS``.

Decides that "Child B" is a class and "a child 6 or older" an age, and that the number in "HAM-D 17 score ≥
18" belongs to the name.
"""

from __future__ import annotations

from eligex.language.rules import Rule
from eligex.language.tokens import NUM
from eligex.quantities import comparators
from eligex.quantities.cases import Case, CaseRule, first, keep, refuse
from eligex.quantities.contexts import contexts, measured
from eligex.quantities.reading import Reading


def judge_ratio(case: Case) -> Reading | None:
    """Return an acuity or a titre as the quantity that it is, or None."""
    return first(RATIOS, case, keep(case))


def judge_scale(case: Case) -> Reading | None:
    """Return the value of a scale as the quantity that it is, or None."""
    return first(SCALES, case, keep(case))


# --- ratios


def _is_unnamed_ratio(case: Case) -> bool:
    reading = case.reading
    acuity = str(reading.value).startswith("20/")
    return reading.op is None and not acuity and not measured(case.tokens, reading.i)


# fmt: off
RATIOS: tuple[CaseRule, ...] = (
    Rule("ratio of nothing", _is_unnamed_ratio, refuse,
        "vision tested at 6/12 daily => ", "visual acuity of 6/12 => ratio: = 0.5 (6/12)"),
)
# fmt: on


# --- values of scales


def _is_section(case: Case) -> bool:
    j = case.reading.j
    return case.follow == "." and case.tokens.kind[j + 1] == NUM and case.tokens.glued(j)


def _scale(case: Case) -> str:
    return "" if case.reading.naming is None else case.reading.naming.scale.id


def _is_lone_letter(case: Case) -> bool:
    value = case.reading.value
    letter = _scale(case) == "stage" and isinstance(value, str) and len(value) == 1 and case.reading.bare
    return letter and not case.before.startswith(contexts().letter_stages)


def _is_child(case: Case) -> bool:
    about = case.reading.about
    named = about is not None and about[1] - about[0] == len("child")
    return _scale(case) == "child-pugh" and named and not isinstance(case.reading.value, str)


def _is_health_organization(case: Case) -> bool:
    """Whether "WHO" is the whole name, which means performance status only right before several values."""
    naming = case.reading.naming
    if naming is None or case.tokens.low[naming.i : naming.j] != ["who"]:
        return False
    return naming.j != case.reading.at or (
        case.reading.bare and not case.reading.closed and not case.reading.items
    )


def _is_drug_class(case: Case) -> bool:
    return _scale(case) == "class" and case.follow.startswith(contexts().class_followers)


def _is_named_class(case: Case) -> bool:
    naming = case.reading.naming
    if naming is None or _scale(case) != "class" or naming.i == 0:
        return False
    return case.tokens.low[naming.i - 1] in contexts().named_classes


def _is_bare_score(case: Case) -> bool:
    return (
        _scale(case) == "score"
        and case.reading.bare
        and not case.reading.closed
        and case.reading.items is None
    )


def _is_version(case: Case) -> bool:
    """Whether the number of a score is a part of its name: a comparator follows it, or its name."""
    tokens, k = case.tokens, case.reading.j
    if not _is_bare_score(case) or tokens.kind[case.reading.at] != NUM:
        return False
    while tokens.low[k] in contexts().score_words:
        k += 1
    return tokens.low[k] in contexts().score_verbs or comparators.before(tokens, k) is not None


_INSTRUMENTS = frozenset({"score", "mmse"})
"""Scales whose names are instruments; those of grades are written "ECOG-1"."""


def _is_hung(case: Case) -> bool:
    """Whether a hyphen without blanks hangs a number on the name of an instrument."""
    tokens, reading = case.tokens, case.reading
    place = reading.at - 1
    return (
        _scale(case) in _INSTRUMENTS
        and reading.bare
        and reading.items is None
        and tokens.low[place] == "-"
        and tokens.glued(place)
        and tokens.glued(reading.at)
    )


def _is_instrument(case: Case) -> bool:
    """Whether a limit is before it, and between them only what leads from a score to its instrument."""
    last, naming = case.last, case.reading.naming
    if last is None or naming is None or not last.compared or not _is_bare_score(case):
        return False
    gap = case.tokens.low[last.j : naming.i]
    return 0 < len(gap) <= 3 and all(word in contexts().instrument_leads for word in gap)


_RECOVERY_REACH = 14
"""How many tokens before a grade the word that something went down to it is looked for."""


def _is_recovery(case: Case) -> bool:
    """Whether it is the grade down to which something must have gone: "resolved to CTCAE grade 1"."""
    reading, naming, words = case.reading, case.reading.naming, contexts()
    worded = reading.bare or (reading.op == ">=" and case.first == "at")  # "to at least grade 1"
    if naming is None or naming.scale.id != "grade" or not worded or reading.closed or reading.items:
        return False
    low, kind, k = case.tokens.low, case.tokens.kind, min(reading.i, naming.i) - 1
    last = max(-1, k - _RECOVERY_REACH)
    while k > last and (low[k] in words.grade_sources or kind[k] == NUM):
        k -= 1
    if low[k] != "to" or k <= 0 or low[k - 1] in words.to_causes:
        return False
    while k > last and low[k] not in words.recoveries:
        if low[k] in (".", ";", ":") or kind[k] == NUM:
            return False
        k -= 1
    return k > last


def _at_most(case: Case) -> Reading:
    return case.reading._replace(op="<=")


# fmt: off
SCALES: tuple[CaseRule, ...] = (
    Rule("section", _is_section, refuse, "see class IV.2 => ", "NYHA class IV. => scale: = 4 {class}"),
    Rule("letter of a stage", _is_lone_letter, refuse,
        "the stage of A => ", "BCLC stage B => scale: = 2 (B) {stage}"),
    Rule("child", _is_child, refuse,
        "a child 6 or older => age: >= 6 a", "Child B => scale: = 2 (B) {class}"),
    Rule("organization", _is_health_organization, refuse,
        "WHO criteria: 2 => ", "WHO 0-2 => scale: [0,2] {score}"),
    Rule("class of drugs", _is_drug_class, refuse,
        "class I antiarrhythmics => ", "class I angina => scale: = 1 {class}"),
    Rule("number of a name", _is_version, refuse,
        "HAM-D 17 score ≥ 18 => number: >= 18 {score}", "HAM-D 17 => scale: = 17 {score}"),
    Rule("number of an instrument", _is_instrument, refuse,
        "≥ 14 on the HAM-D 17 => number: >= 14", "≥ 14 and HAM-D 17 => number: >= 14; scale: = 17 {score}"),
    Rule("number hung on a name", _is_hung, refuse,
        "autism by the ADOS-2 => ", "autism by the ADOS 2 => scale: = 2 {score}"),
    Rule("name of a class", _is_named_class, refuse,
        "HLA class II => ", "functional class II => scale: = 2 {class}"),
    Rule("grade recovered to", _is_recovery, _at_most,
        "ulcers improved to CTCAE grade 1 => scale: <= 1 {grade}",
        "ulcers worsened to CTCAE grade 1 => scale: = 1 {grade}"),
)
# fmt: on
