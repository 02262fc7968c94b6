"""Which numbers with a unit, other than one of time, are quantities: the table ``UNITS``.

Decides that "1 cmH2O = 0.098 kPa" defines a unit, that "2L treatment" is a line of therapy, and of what limit
"3 times or more the ULN" is so many times.
"""

from __future__ import annotations

from eligex.language.rules import Rule
from eligex.language.tokens import NUM
from eligex.quantities.cases import Case, CaseRule, first, keep, refuse
from eligex.quantities.contexts import before, contexts, labelled
from eligex.quantities.reading import Reading
from eligex.quantities.units import Unit, names_limit, parse_unit


def judge_unit(case: Case) -> Reading | None:
    """Return a number with a unit as the quantity that it is, or None."""
    return first(UNITS, case, case.reading)


def _is_part_of_name(case: Case) -> bool:
    reading = case.reading
    return reading.trailing and case.before == "-" and labelled(case.tokens, reading.i)


def _is_definition(case: Case) -> bool:
    """Whether it is a side of "1 cmH2O = 0.098 kPa"."""
    reading, tokens = case.reading, case.tokens
    if reading.op is None and case.follow == "=" and tokens.kind[reading.j + 1] == NUM:
        return True
    k = reading.i - (reading.op is None)
    if k < 2 or tokens.low[k] != "=":
        return False
    return tokens.kind[k - 2] == NUM and parse_unit(tokens, k - 1) is not None


def _is_limit(case: Case) -> bool:
    return not case.reading.bare and case.reading.op != "in"


def _is_scale_of_points(case: Case) -> bool:
    if case.dimension != "score":
        return False
    follow = case.follow in contexts().score_followers or case.follow in set("<>≤≥=≠")
    return follow or case.code != "{score}" or labelled(case.tokens, case.reading.at)


def _is_count_in_words(case: Case) -> bool:
    return case.reading.as_word and case.code.lower() in contexts().worded_units


def _is_from_baseline(case: Case) -> bool:
    unit = case.reading.unit
    return unit is not None and unit.code == "{baseline}" and unit.j == unit.i + 1


def _is_normal(case: Case) -> bool:
    unit = case.reading.unit
    return unit is not None and unit.code == "[ULN]" and case.tokens.low[unit.i].startswith("normal")


def _is_line_of_therapy(case: Case) -> bool:
    unit = case.reading.unit
    glued = unit is not None and unit.code == "L" and case.tokens.glued(unit.i)
    return glued and case.reading.value in (1, 2, 3, 4)


def _is_times(case: Case) -> bool:
    return case.code in ("T", "{times}") and not case.reading.closed


def _is_dimension(case: Case) -> bool:
    unit = case.reading.unit
    letter = unit is not None and unit.dimension == "optic" and case.tokens.raw(unit.i) == "D"
    return letter and case.reading.value in (2, 3, 4)


def _is_beyond_limit(case: Case) -> bool:
    """Whether it says on which side of so many times a limit a value lies: "3 times above the ULN"."""
    return case.dimension == "relative" and case.reading.op is None and _side(case) is not None


def _side(case: Case) -> str | None:
    low = case.tokens.low[case.reading.at + 1 : case.reading.j]
    if not {"times", "time", "x", "×", "fold"}.intersection(low):
        return None
    return next((contexts().sides_of_limit[word] for word in low if word in contexts().sides_of_limit), None)


def _beyond_limit(case: Case) -> Reading:
    return case.reading._replace(op=_side(case))


def _limit_behind(case: Case) -> Unit | None:
    """Return the limit that is named after a comparator: "3 times or more [the ULN]"."""
    low, k = case.tokens.low, case.reading.j
    if case.code != "{times}" or not case.reading.trailing:
        return None
    while low[k] in ("than", "of", "the"):
        k += 1
    unit = parse_unit(case.tokens, k)
    return (
        unit if unit is not None and unit.dimension == "relative" and names_limit(case.tokens, unit) else None
    )


def _times_limit(case: Case) -> Reading:
    unit = _limit_behind(case)
    return case.reading if unit is None else case.reading._replace(unit=unit, j=unit.j)


def _is_count_in_volume(case: Case) -> bool:
    if case.code not in ("mm3", "uL"):
        return False
    words, i = contexts(), case.reading.i
    return before(case.tokens, i, words.cells, words.cell_fillers, 10) is not None


def _per_volume(case: Case) -> Reading:
    unit = case.reading.unit
    if unit is None:
        return case.reading
    return case.reading._replace(unit=unit._replace(code=f"/{unit.code}", dimension="concentration"))


# fmt: off
UNITS: tuple[CaseRule, ...] = (
    Rule("part of a name", _is_part_of_name, refuse, "anti PD-1 % => ", "PD-L1 - 1 % => number: = 1 %"),
    Rule("definition", _is_definition, refuse,
        "(1 cmH2O = 0.098 kPa) => ", "PEEP = 5 cmH2O => number: = 5 cm[H2O]"),
    Rule("count in a volume", _is_count_in_volume, _per_volume,
        "WBC > 3,000 mm3 => number: > 3000 /mm3", "infarct > 3,000 mm3 => number: > 3000 mm3"),
    Rule("times beyond a limit", _is_beyond_limit, _beyond_limit,
        "ALT 3 times above the ULN => relative: > 3 [ULN]", "ALT 3 times the ULN => relative: = 3 [ULN]"),
    Rule("times a limit behind", lambda case: _limit_behind(case) is not None, _times_limit,
        "ALT 3 times or more the ULN => relative: >= 3 [ULN]", "3 times or more => count: >= 3 {times}"),
    Rule("limit", _is_limit, keep, "tone > 500 Hz => number: > 500 Hz", "50 mg => number: = 50 mg"),
    Rule("frequency of a test", lambda case: case.dimension == "frequency", refuse,
        "hearing at 500 Hz => ", "hearing at 50 dB => number: = 50 dB"),
    Rule("points", _is_scale_of_points, refuse,
        "a 10 point scale => ", "gained 10 points => number: = 10 {score}"),
    Rule("count in words", _is_count_in_words, refuse, "twelve steps => ", "12 steps => count: = 12 {steps}"),
    Rule("baseline", _is_from_baseline, refuse,
        "at 5 baseline => ", "twice the baseline => relative: = 2 {baseline}"),
    Rule("normal", _is_normal, refuse, "had 2 normal scans => ", "2 x normal => relative: = 2 [ULN]"),
    Rule("line of therapy", _is_line_of_therapy, refuse, "as 2L treatment => ", "drank 2 L => number: = 2 L"),
    Rule("surface of a formula", lambda case: case.code == "m2" and case.reading.value == 1.73, refuse,
        "an area of 1.73 m2 => ", "an area of 1.8 m2 => number: = 1.8 m2"),
    Rule("times, tesla", _is_times, refuse, "seen 3 times => ", "seen 3-5 times => count: [3,5] {times}"),
    Rule("dimensions", _is_dimension, refuse, "a 3D scan => ", "myopia of 5D => number: = 5 [diop]"),
)
# fmt: on
