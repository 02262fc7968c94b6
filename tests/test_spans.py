"""Results moved to other offsets, led back to their source, and turned into plain data and back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligex.readers import unescape
from eligex.schema import (
    Alternative,
    Count,
    Criterion,
    Heading,
    Modifier,
    Predicate,
    PredicateEntity,
    Quantity,
    Structured,
    Unparsed,
    Window,
)
from eligex.spans import OffsetMap, Span, move, of_plain, plain, shifted, to_source

AGE = PredicateEntity("Age", 0, 3, "Person")
WINDOW = Window("for 2 cycles", 30, 42, "for", low=Count(2, "{cycle}"), alternatives=("P6W",))
INNER = Predicate("inc-1.1?1", PredicateEntity("ALT", 20, 23, "Measurement"), effect=None)
PREDICATE = Predicate(
    "inc-1.1",
    AGE,
    comparator="in",
    threshold=1,
    threshold_set=(1, 2),
    threshold_text=("A", "B"),
    alternatives=(Alternative(3, "mg", 5, 9),),
    value_text="A or B",
    value_start=4,
    value_end=10,
    temporal=WINDOW,
    windows=(WINDOW, WINDOW),
    modifiers=(Modifier("old", 11, 14, "qualifier"),),
    condition="ALT",
    condition_start=20,
    condition_end=23,
    condition_predicates=(INNER,),
)
CRITERION = Criterion(
    "inc-1", "inclusion", "Age A or B", 0, 10, marker="-", marker_start=-2, predicates=(PREDICATE,)
)
QUANTITY = Quantity(4, 10, "two mg", ">", 2, unit="mg", about=(5, 9))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(CRITERION, id="criterion"),
        pytest.param(QUANTITY, id="quantity"),
        pytest.param(WINDOW, id="window"),
        pytest.param(Structured(standard_ages=("ADULT",)), id="tuple-of-words"),
    ],
)
def test_plain_and_back(value: Any) -> None:
    data = plain(value)
    assert json.loads(json.dumps(data)) == data
    assert of_plain(type(value), data) == value


def offsets_in(value: Any) -> list[int]:
    """Every offset in plain data, in order, found without knowing the classes."""
    if isinstance(value, dict):
        own = [v for k, v in value.items() if k.endswith(("start", "end")) and v is not None]
        pair = value.get("about") or []
        return [*own, *pair, *(o for v in value.values() for o in offsets_in(v))]
    return [o for each in value for o in offsets_in(each)] if isinstance(value, list) else []


@pytest.mark.parametrize("value", [CRITERION, QUANTITY, (WINDOW, QUANTITY), {"a": [CRITERION]}], ids=str)
@pytest.mark.parametrize("by", [0, 7])
def test_every_offset_is_shifted(value: Any, by: int) -> None:
    assert offsets_in(plain(shifted(value, by))) == [offset + by for offset in offsets_in(plain(value))]
    assert offsets_in(plain(value)), "the example has offsets"


def test_a_shift_changes_nothing_else() -> None:
    assert shifted(shifted(CRITERION, 9), -9) == CRITERION


def test_pairs_of_offsets_in_a_list() -> None:
    from eligex.layout.segment import Segment

    segment = Segment("inc-1", "inclusion", 2, 9, None, 0, None, "heading", None, ((2, 5), (6, 9)))
    assert shifted(segment, 10).sentences == ((12, 15), (16, 19))


def test_text_that_is_not_a_quotation_is_kept() -> None:
    item = replace(CRITERION, text="in other words")
    found = move(item, lambda start, end: (start, end), quotes=("Age A or B and more text", "x" * 60))
    assert found.text == "in other words"
    assert found.predicates[0].value_text == "xxxxxx"


def spans(text: str, *pieces: str) -> list[Span]:
    return [(text.index(piece), text.index(piece) + len(piece)) for piece in pieces]


def test_result_is_quoted_from_the_source() -> None:
    source = "&bull; Age &ge; 18 years if ALT &lt; 3"
    offsets = unescape(source)
    assert offsets is not None
    read = offsets.text
    whole, value, condition, age = spans(read, "Age ≥ 18 years if ALT < 3", "≥ 18 years", "ALT < 3", "Age")
    predicate = Predicate(
        "inc-1.1",
        PredicateEntity("Age", *age, "Person"),
        value_text="≥ 18 years",
        value_start=value[0],
        value_end=value[1],
        condition="ALT < 3",
        condition_start=condition[0],
        condition_end=condition[1],
        alternatives=(Alternative(1, "a", *age),),
    )
    second = Predicate("inc-1.2", PredicateEntity("Age", *age, "Person"))
    item = Criterion(
        "inc-1", "inclusion", read[slice(*whole)], *whole, "•", 0, predicates=(predicate, second)
    )
    found = to_source({"headings": (), "entities": (), "criteria": (item,), "unparsed": ()}, offsets)
    (criterion,) = found["criteria"]
    assert (criterion.marker, criterion.marker_start) == ("&bull;", 0)
    assert criterion.text == source[criterion.start : criterion.end] == source[7:]
    first, other = criterion.predicates
    assert first.value_text == "&ge; 18 years"
    assert first.condition == "ALT &lt; 3"
    assert first.entity == PredicateEntity("Age", 7, 10, "Person")
    assert first.alternatives == (Alternative(1, "a", 7, 10),)
    assert (other.value_start, other.value_text, other.condition) == (None, None, None)


def test_what_reads_as_a_blank_is_accounted_for() -> None:
    source = "\ufeff<p>Inclusion:</p>\n- Age <b>over</b> 18<br>- BMI\0~~"
    offsets = unescape(source)
    assert offsets is not None
    read = offsets.text
    heading, first, second, rest = spans(read, "Inclusion:", "Age over 18", "- BMI", "~~")
    found = to_source(
        {
            "headings": (Heading(*heading, "Inclusion:", "inclusion"),),
            "entities": (),
            "criteria": (
                Criterion("inc-1", "inclusion", "Age over 18", *first, "-", read.index("- Age")),
                Criterion("inc-2", "inclusion", "- BMI", *second),
            ),
            "unparsed": (Unparsed(*rest, "~~", "noise"),),
        },
        offsets,
    )
    assert [(each.text, each.reason) for each in found["unparsed"]] == [
        ("\ufeff", "no character"),
        ("<p>", "markup"),
        ("</p>", "markup"),
        ("<br>", "markup"),
        ("\0", "no character"),
        ("~~", "noise"),
    ]
    assert found["criteria"][0].text == "Age <b>over</b> 18"


@given(st.text(alphabet="ab<&>;", max_size=30))
def test_led_back_a_span_quotes_what_it_was_read_from(text: str) -> None:
    offsets = unescape(text) or OffsetMap(text, ())
    for start in range(len(offsets.text)):
        low, high = offsets.span(start, start + 1)
        assert unescape(text[low:high]) is not None or text[low:high] == offsets.text[start]
