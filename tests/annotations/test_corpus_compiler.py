"""The language of the annotation sources: what it means, and that mistakes stop the compiler."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligex_corpus.compiler import compile_source
from eligex_corpus.errors import SourceError
from eligex_corpus.layout import read_source
from eligex_corpus.markup import strip_marks

HEADER = "id: EC-0001\narea: a\ndialect: d\ntitle: t\n"


def compile_text(body: str, header: str = "") -> dict[str, Any]:
    source = read_source((HEADER + header + "---\n" + body).removesuffix("\n").split("\n"), "x.src")
    return compile_source(source).to_dict()


def one_criterion(lines: str, *, kind: str = "inc") -> dict[str, Any]:
    criterion: dict[str, Any] = compile_text(f"@h {kind}\nCriteria:\n@c -\n- {lines}\n")["criteria"][0]
    return criterion


def test_a_value() -> None:
    predicate = one_criterion('{M Haemoglobin} {V ≥ 9 g/dL}\n@v V1 >= 9 g/dL "g/dL"\n@p M1 V1')["predicates"][
        0
    ]
    assert predicate["entity"]["text"] == "Haemoglobin"
    assert (predicate["comparator"], predicate["threshold"], predicate["unit"]) == (">=", 9, "g/dL")
    assert predicate["threshold_inclusive"] is True
    assert predicate["effect"] == "require"


def test_a_range_with_an_open_end() -> None:
    lines = '{M BMI} {V ≥ 18.5 and < 30 kg/m2}\n@v V1 between 18.5 30 kg/m2 "kg/m2" high-open\n@p M1 V1'
    predicate = one_criterion(lines)["predicates"][0]
    assert (predicate["threshold"], predicate["threshold_high"]) == (18.5, 30)
    assert (predicate["threshold_inclusive"], predicate["threshold_high_inclusive"]) == (True, False)


def test_a_set_of_letters_and_a_set_of_numbers() -> None:
    letters = one_criterion("{M Child-Pugh} {V A or B}\n@v V1 in 1:'A' 2:'B' {class}\n@p M1 V1")[
        "predicates"
    ][0]
    assert (letters["threshold_set"], letters["threshold_text"]) == ((1, 2), ("A", "B"))
    numbers = one_criterion("{M NYHA} {V III/IV}\n@v V1 in 3 4 {class}\n@p M1 V1")["predicates"][0]
    assert (numbers["threshold"], numbers["threshold_set"], numbers["threshold_text"]) == (3, (3, 4), None)


def test_a_titre_is_a_number_with_its_words() -> None:
    titre = one_criterion("{M Titre} {V < 1:64}\n@v V1 < 64:'1:64' -\n@p M1 V1")["predicates"][0]
    assert (titre["threshold"], titre["threshold_text"]) == (64, "1:64")


def test_a_strict_window_and_one_on_either_side() -> None:
    lines = (
        "{D Drug X} {T for more than 6 weeks} {T within 72 hours of surgery}\n@t T1 for P6W..- strict\n"
        '@t T2 within -..PT72H anchor "surgery"\n@p D1 T2 T1'
    )
    predicate = one_criterion(lines)["predicates"][0]
    assert [(w["direction"], w["strict"]) for w in predicate["windows"]] == [("for", True), ("within", False)]
    assert predicate["temporal"] == predicate["windows"][0]
    assert predicate["modifiers"] == ()


def test_a_single_window_is_not_listed() -> None:
    predicate = one_criterion("{D X} {T for 6 weeks}\n@t T1 for P6W..-\n@p D1 T1")["predicates"][0]
    assert predicate["temporal"]["low"] == "P6W"
    assert predicate["windows"] == ()


def test_what_a_condition_states_belongs_to_each_predicate_with_it() -> None:
    lines = (
        "{M AST} and {M ALT} {V ≤ 5 x ULN} if {M bilirubin} is {N not} {V > 2 mg/dL}\n"
        '@v V1 <= 5 [ULN] "ULN"\n@v V2 > 2 mg/dL "mg/dL"\n'
        '@p M1,M2 V1 if:"bilirubin is not > 2 mg/dL"\n@i "bilirubin is not > 2 mg/dL" -M3 V2 N1\n@l and'
    )
    first, second = one_criterion(lines)["predicates"]
    assert [first["condition_predicates"][0][key] for key in ("id", "effect", "negated", "threshold")] == [
        "inc-1.1?1",
        None,
        True,
        2,
    ]
    assert second["condition_predicates"][0]["id"] == "inc-1.2?1"
    assert second["condition"] == "bilirubin is not > 2 mg/dL"


def test_an_alternative_is_found_in_the_text() -> None:
    lines = (
        '{M Glucose} {V < 126 mg/dL} (7 mmol/L)\n@v V1 < 126 mg/dL "mg/dL" alt 7 mmol/L "7 mmol/L"\n@p M1 V1'
    )
    criterion = one_criterion(lines)
    alternative = criterion["predicates"][0]["alternatives"][0]
    start = alternative["start"] - criterion["start"]
    assert criterion["text"][start : start + 8] == "7 mmol/L"


def test_two_meanings_of_one_mark() -> None:
    lines = (
        '{M BP} {V ≤ 140/90 mmHg}\n@v V1 <= 140 mm[Hg] "mmHg"\n@v V1/2 <= 90 mm[Hg] "mmHg"\n'
        "@p M1 V1\n@p M1 V1/2\n@l and"
    )
    predicates = one_criterion(lines)["predicates"]
    assert [p["threshold"] for p in predicates] == [140, 90]
    assert predicates[0]["value_start"] == predicates[1]["value_start"]


def test_a_window_with_half_lives() -> None:
    lines = (
        "{D Drug X} {T within 4 weeks or 5 half-lives, whichever is longer, before dosing}\n"
        '@t T1 before -..P4W anchor "dosing" alt 5{half-life} longer\n@p D1 T1'
    )
    window = one_criterion(lines, kind="exc")["predicates"][0]["temporal"]
    assert (window["direction"], window["low"], window["high"], window["anchor"]) == (
        "before",
        None,
        "P4W",
        "dosing",
    )
    assert window["alternatives"] == ({"value": 5.0, "unit": "{half-life}"},)
    assert window["whichever"] == "longer"


def test_negation_turns_the_effect() -> None:
    criterion = one_criterion("{N No} {C stroke}\n@p -C1 N1", kind="exc")
    assert criterion["predicates"][0]["effect"] == "require"
    assert criterion["predicates"][0]["modifiers"][0]["type"] == "negation"


def test_children_take_their_parents_window_and_negation() -> None:
    body = (
        "@h inc\nCriteria:\n@c 1.\n1. {N None} of these {T in the past year}:\n@t T1 before -..P1Y\n@l and\n"
        "@k a)\n   a) {C stroke}\n@p -C1 ^T1 ^N1\n@k b)\n   b) {C seizure}\n@p -C1 ^T1 ^N1\n"
    )
    record = compile_text(body)
    parent, first, second = record["criteria"]
    assert (first["id"], second["id"], first["parent"]) == ("inc-1.a", "inc-1.b", "inc-1")
    assert parent["logic"] == {"and": ["inc-1.a", "inc-1.b"]}
    assert first["predicates"][0]["temporal"]["high"] == "P1Y"
    assert first["predicates"][0]["effect"] == "exclude"
    assert [entity["negated"] for entity in record["entities"]] == [False, False, True, True]


@pytest.mark.parametrize(
    ("said", "logic"),
    [
        pytest.param("or", {"or": ["inc-1.1", "inc-1.2", "inc-1.3"]}, id="or of all"),
        pytest.param("and(1,or(2,3))", {"and": ["inc-1.1", {"or": ["inc-1.2", "inc-1.3"]}]}, id="nested"),
        pytest.param(
            "min2(1,2,3)", {"or": ["inc-1.1", "inc-1.2", "inc-1.3"], "minimum": 2}, id="at least two"
        ),
        pytest.param(
            "not(min2(1,2,3))",
            {"not": {"or": ["inc-1.1", "inc-1.2", "inc-1.3"], "minimum": 2}},
            id="not two",
        ),
        pytest.param(
            "and(when(2,1),3)",
            {"and": [{"when": "inc-1.2", "else": "inc-1.1"}, "inc-1.3"]},
            id="subgroup",
        ),
    ],
)
def test_logic(said: str, logic: dict[str, Any]) -> None:
    assert one_criterion(f"{{C a}}, {{C b}}, {{C c}}\n@p C1,C2,C3\n@l {said}")["logic"] == logic


def test_an_exception() -> None:
    first, second = one_criterion(
        "{C cancer} {N except} {C skin cancer}\n@p C1 exc:2\n@p C2 allow", kind="exc"
    )["predicates"]
    assert first["exceptions"] == ("exc-1.2",)
    assert second["effect"] == "allow"


def test_a_permission_exempts_from_nothing() -> None:
    record = compile_text(
        "@h inc\nCriteria:\n@c -\n- {C psoriasis} with or without {C arthritis}\n@p C1\n@p C2 allow\n"
    )
    criterion = record["criteria"][0]
    assert [each["effect"] for each in criterion["predicates"]] == ["require", "allow"]
    assert criterion["logic"] == {"and": ["inc-1.1"]}
    assert [entity["negated"] for entity in record["entities"]] == [False, False]


@pytest.mark.parametrize(
    ("lines", "negated", "effect"),
    [
        pytest.param(
            "Must {N not} have {C gout}\n@p -C1 N1 exclude\n@l not(1)", True, "exclude", id="forbidden"
        ),
        pytest.param("Must be {O fasting}\n@p O1 require\n@l not(1)", False, "require", id="required"),
    ],
)
def test_an_effect_that_the_meaning_decides(lines: str, negated: bool, effect: str) -> None:
    criterion = one_criterion(lines, kind="exc")
    predicate = criterion["predicates"][0]
    assert (predicate["negated"], predicate["effect"]) == (negated, effect)
    assert criterion["logic"] == {"not": "exc-1.1"}


def test_the_word_for_age_inside_a_value() -> None:
    record = compile_text(
        '@h inc\nCriteria:\n@c -\n- {V 18 years {P old}}\n@v V1 = 18 a "years old"\n@p P1 V1\n'
    )
    assert [entity["label"] for entity in record["entities"]] == ["Value"]
    assert record["criteria"][0]["predicates"][0]["entity"]["text"] == "old"


def test_names_of_abbreviations_the_text_defines() -> None:
    body = "@h inc\nCriteria:\n@c -\n- {M body mass index (BMI)} and {M BMI}\n@p M1,M2\n@l and\n"
    predicates = compile_text(body, "abbr: BMI = body mass index\n")["criteria"][0]["predicates"]
    assert [p["entity"]["name"] for p in predicates] == ["body mass index", "body mass index"]


def test_joined_lines_and_line_ends() -> None:
    record = compile_text(
        "@h inc\nCriteria: \\\\\n@c\n{C a}; \\\\\n@p C1\n@c\n{C b}\n@p C1\n", "newline: crlf\n"
    )
    assert record["text"] == "Criteria: a; b\r\n"
    assert [c["text"] for c in record["criteria"]] == ["a;", "b"]


def test_cohorts_and_types_without_headings() -> None:
    body = (
        '@h inc\nInclusion\n@h none within cohort="Part A"\nPart A\n@c -\n- {C a}\n@p C1\n'
        "@h none\nTOPIC\n@c - type=exc basis=cue\n- {C b}\n@p C1\n"
    )
    first, second = compile_text(body)["criteria"]
    assert (first["cohort"], first["type"], first["type_basis"]) == ("Part A", "inclusion", "heading")
    assert (second["cohort"], second["type"], second["type_basis"]) == (None, "exclusion", "cue")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        pytest.param("{C stroke\n@p C1", "is not closed", id="a mark is not closed"),
        pytest.param("stroke}\n", "without an opening", id="a mark is not opened"),
        pytest.param("{Z stroke}", "not a mark", id="an unknown letter"),
        pytest.param("{C stroke {T ever}}", "inside another mark", id="nested marks"),
        pytest.param("{C stroke }", "blanks at its ends", id="a blank in a mark"),
        pytest.param("{C.x a} {C.x b}", "two marks have the key", id="a key twice"),
        pytest.param("{C stroke}\n@p C2", "no mark has the key C2", id="an unknown key"),
        pytest.param("{T ever}\n@p T1", "cannot carry a predicate", id="a predicate of a window"),
        pytest.param("{C a} {T ever}\n@p C1 T1", "say what T1 is", id="a window that is not described"),
        pytest.param(
            "{C a} {V 3}\n@v V1 = 3 -\n@p C1", "described but not used: V1", id="a value that is not used"
        ),
        pytest.param("{C a} {V 3}\n@v V1 >= -\n@p C1 V1", "0 numbers for >=", id="no number"),
        pytest.param("{C a} {V 3}\n@v V1 >= 3 4 -\n@p C1 V1", "2 numbers for >=", id="a number too many"),
        pytest.param("{C a} {V 3}\n@v V1 between 3 -\n@p C1 V1", "1 numbers for between", id="half a range"),
        pytest.param(
            "{C a} {V 3}\n@v V1 = 3 kg\n@v V2 = 3 kg\n@p C1 V1", "no mark has the key V2", id="no such mark"
        ),
        pytest.param(
            '{C a} {V 3}\n@v V1 = 3 kg "kg"\n@p C1 V1', "the unit 'kg' is not in", id="no such unit"
        ),
        pytest.param(
            '{C a} {V 3}\n@v V1 = 3 kg alt 7 [lb_av] "7 lb"\n@p C1 V1',
            "occurs 0 times",
            id="no such alternative",
        ),
        pytest.param("{C a} {T b}\n@t T1 before -..6M\n@p C1 T1", "not an ISO-8601", id="a wrong duration"),
        pytest.param("{C a} {T b}\n@t T1 since -..P6M\n@p C1 T1", "write @t", id="a wrong direction"),
        pytest.param(
            '{C a} {T b}\n@t T1 before -..P6M anchor "x"\n@p C1 T1', "is not in inc-1", id="no such anchor"
        ),
        pytest.param('{C a} is is\n@p C1 if:"is"', "occurs 2 times", id="words that occur twice"),
        pytest.param('{C a} is is\n@p C1 if:"is"#3', "occurs 2 times", id="a third occurrence of two"),
        pytest.param("{C a} {N no}\n@p -C1", "go together", id="a negation without its cue"),
        pytest.param("{C a} {N no}\n@p C1 N1", "go together", id="a cue without a negation"),
        pytest.param("{C a} {C b}\n@p C2\n@p C1\n@l and", "not in the order", id="predicates out of order"),
        pytest.param("{C a} {C b}\n@p C1,C2", "say @l", id="no logic"),
        pytest.param("{C a} {C b}\n@p C1,C2\n@l xor(1,2)", "not an expression", id="an unknown operator"),
        pytest.param("{C a} {C b}\n@p C1,C2\n@l and(1,3)", "no predicate 3", id="an unknown predicate"),
        pytest.param("{C a} {T b}\n@t T1 for P1D..-\n@p C1 ^T1", "there is no parent", id="no parent"),
        pytest.param("{C a} {C b}\n@p C1\n@i C2 C2", "described but not used: b", id="a condition not used"),
        pytest.param("{C a} {C b}\n@p C1 if:C2\n@i C2", "write @i", id="a condition that states nothing"),
        pytest.param("{C a} {C b}\n@p C1 if:C2\n@i C2 C2 allow", "allow in a condition", id="a stated allow"),
        pytest.param(
            "{C a} {V B or 3}\n@v V1 in 2:'B' 3 -\n@p C1 V1", "or of none", id="words of one of two"
        ),
        pytest.param("{C a} {C b}\n@p C1,C2\n@l not(1,2)", "not of 2", id="not of two"),
        pytest.param("{C a} {C b}\n@p C1,C2\n@l when(1)", "write when", id="when without else"),
        pytest.param("{C a}\n@q C1", "unknown statement", id="an unknown statement"),
    ],
)
def test_mistakes_stop_the_compiler_and_say_where(lines: str, message: str) -> None:
    with pytest.raises(SourceError, match=r"x\.src:") as caught:
        one_criterion(lines)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param("words\n", "before the first segment", id="text before a segment"),
        pytest.param("@h foo\nCriteria\n", "inc, exc or none", id="an unknown heading type"),
        pytest.param("@c -\n- a\n", "no heading says the type", id="a criterion without a type"),
        pytest.param("@h inc\nCriteria\n@k -\n- a\n", "without a parent", id="a child without a parent"),
        pytest.param("@h inc\nCriteria\n@c *\n- a\n", "does not start with the marker", id="another marker"),
        pytest.param("@h inc\n\n@c -\n- a\n", "an empty segment", id="an empty heading"),
        pytest.param("@p C1\n", "outside a criterion", id="a predicate outside a criterion"),
    ],
)
def test_mistakes_of_layout(body: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        compile_text(body)


def test_a_header_without_an_area() -> None:
    with pytest.raises(SourceError, match="the header lacks area"):
        read_source(["id: EC-0001", "dialect: d", "title: t", "---"], "x.src")


def test_an_abbreviation_the_text_does_not_define() -> None:
    with pytest.raises(SourceError, match="does not define"):
        compile_text("@h inc\nCriteria:\n@c -\n- {M BMI}\n@p M1\n", "abbr: BMI = body mass index\n")


WORDS = st.text(
    st.characters(blacklist_characters="{}", blacklist_categories=("Cs",)), min_size=1, max_size=8
).filter(lambda words: words == words.strip())


@given(st.lists(st.tuples(st.sampled_from("CDXMOPESVTQNLUR"), WORDS, st.sampled_from([" ", ", ", "; "]))))
def test_marks_are_removed_completely(pieces: list[tuple[str, str, str]]) -> None:
    marked = "".join(f"{{{letter} {words}}}{gap}" for letter, words, gap in pieces)
    text, marks = strip_marks(marked, "here")
    assert text == "".join(words + gap for _, words, gap in pieces)
    assert [text[mark.start : mark.end] for mark in marks] == [words for _, words, _ in pieces]
