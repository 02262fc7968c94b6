"""Brat annotations become flat spans whose text is what the annotator marked."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from augment import Line, as_written, cut_lines, dress, escape, run_on, wrap
from corpora import Document, Span, flatten, parse_brat
from evaluate import overlapping
from hypothesis import given
from hypothesis import strategies as st

LABELS = ("Condition", "Value")


@pytest.mark.parametrize(
    ("spans", "kept"),
    [
        pytest.param([(0, 9), (4, 9)], [(0, 9)], id="nested"),
        pytest.param([(0, 5), (4, 10)], [(4, 10)], id="overlapping"),
        pytest.param([(0, 5), (3, 8)], [(0, 5)], id="equal-length-first-wins"),
        pytest.param([(6, 9), (0, 5)], [(0, 5), (6, 9)], id="apart-and-sorted"),
        pytest.param([(0, 5), (5, 9)], [(0, 5), (5, 9)], id="touching"),
    ],
)
def test_flatten(spans: list[tuple[int, int]], kept: list[tuple[int, int]]) -> None:
    assert [(s.start, s.end) for s in flatten(Span(a, b, "Condition") for a, b in spans)] == kept


@pytest.mark.parametrize(
    ("line", "expected", "noted"),
    [
        pytest.param("T1\tCondition 3 9\tasthma", ["asthma"], {}, id="right"),
        pytest.param("T1\tCondition 4 10\tasthma", ["asthma"], {"offset wrong, repaired": 1}, id="moved"),
        pytest.param("T1\tCondition 3 9\tangina", [], {"offset wrong, dropped": 1}, id="not-there"),
        pytest.param("T1\tCondition 0 2;3 9\tNo asthma", ["asthma"], {"discontinuous": 1}, id="longest-part"),
        pytest.param("T1\tCondition 3 10\tasthma", ["asthma"], {}, id="blank-at-the-end"),
        pytest.param("T1\tInformed_consent 3 9\tasthma", [], {"other label": 1}, id="other-label"),
        pytest.param("R1\tAND Arg1:T1 Arg2:T2", [], {}, id="relation"),
    ],
)
def test_parse_brat(line: str, expected: list[str], noted: dict[str, int]) -> None:
    text = "No asthma at entry\r\nor later"
    report: Counter[str] = Counter()
    assert [text[s.start : s.end] for s in parse_brat(line, text, LABELS, report)] == expected
    assert report == noted


def test_lines_lose_markers_and_keep_spans() -> None:
    document = Document(
        "d", "1. No asthma\r\n- Gout\n\n", (Span(6, 12, "Condition"), Span(16, 20, "Condition"))
    )
    lines = cut_lines(document)
    assert [line.text for line in lines] == ["No asthma", "Gout"]
    assert [[line.text[s.start : s.end] for s in line.spans] for line in lines] == [["asthma"], ["Gout"]]


def test_a_span_over_a_line_end_keeps_its_longest_part() -> None:
    document = Document("d", "severe\nliver failure", (Span(0, 20, "Condition"),))
    assert [[line.text[s.start : s.end] for s in line.spans] for line in cut_lines(document)] == [
        [],
        ["liver failure"],
    ]


def test_escapes_and_wraps_carry_spans() -> None:
    line = Line("HbA1c > 7 % at visit", (Span(0, 5, "Condition"), Span(6, 11, "Value")))
    escaped = escape(line)
    assert escaped.text == "HbA1c \\> 7 % at visit"
    assert [escaped.text[s.start : s.end] for s in escaped.spans] == ["HbA1c", "\\> 7 %"]
    wrapped = wrap(line, 8, 5)
    assert wrapped.text.replace("\n     ", " ") == line.text
    assert [" ".join(wrapped.text[s.start : s.end].split()) for s in wrapped.spans] == ["HbA1c", "> 7 %"]


@given(st.integers(0, 10_000))
def test_every_layout_keeps_the_marked_words(seed: int) -> None:
    rng = Random(seed)
    text = "Age ≥ 18 years\nNo asthma [mild] or gout, treated within 3 months\nHbA1c <= 7 %\n"
    marked = ("Age", "≥ 18 years", "asthma [mild]", "gout", "within 3 months", "HbA1c", "<= 7 %")
    spans = tuple(Span(text.index(m), text.index(m) + len(m), "Condition") for m in marked)
    document = Document("d", text, spans)
    signs = str.maketrans("", "", "\\\n =≧≥≤≦></")
    for built in (dress(cut_lines(document), rng), run_on(cut_lines(document), rng), as_written(document)):
        result = "".join(built.parts)
        words = [result[s.start : s.end].translate(signs).lower() for s in built.spans]
        assert words == [m.translate(signs).lower() for m in marked]
        assert all(start < len(result) for start in built.starts)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 4)), max_size=5), st.data())
def test_overlap_counts_like_an_oracle(cuts: list[tuple[int, int]], data: st.DataObject) -> None:
    other = data.draw(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 4)), max_size=5))
    gold, predicted = (flatten(Span(a, a + n, "Value") for a, n in row) for row in (cuts, other))
    assert overlapping(gold, predicted) == most_pairs(list(gold), list(predicted))


def most_pairs(gold: list[Span], predicted: list[Span]) -> int:
    if not gold:
        return 0
    first, rest = gold[0], gold[1:]
    best = most_pairs(rest, predicted)
    for place, span in enumerate(predicted):
        if first.start < span.end and span.start < first.end:
            best = max(best, 1 + most_pairs(rest, predicted[:place] + predicted[place + 1 :]))
    return best
