from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligex.readers import unescape
from eligex.spans import Edit, OffsetMap


@pytest.mark.parametrize(
    ("source", "read"),
    [
        pytest.param("Age &gt;= 18 years", "Age >= 18 years", id="named"),
        pytest.param("Age &#8805; 18", "Age ≥ 18", id="decimal"),
        pytest.param("Age &#x2265;18", "Age ≥18", id="hexadecimal"),
        pytest.param("one line&#xA;another", "one line\nanother", id="newline"),
        pytest.param("Age &gte; 18", "Age ≥ 18", id="not-html-but-written"),
        pytest.param("R&amp;D", "R&D", id="ampersand"),
        pytest.param("ALT &amp;lt; 3 x ULN", "ALT < 3 x ULN", id="escaped-twice"),
        pytest.param("see Q&amp;A; then", "see Q&A; then", id="ampersand-before-word-and-semicolon"),
        pytest.param("one<br>two<BR/>three<br />four", "one\ntwo\nthree\nfour", id="br"),
        pytest.param("10<sup>9</sup>/L", "109/L", id="inline-tags"),
        pytest.param('<p class="x">Adults</p>', "\nAdults\n", id="paragraph"),
        pytest.param("a\0b", "a b", id="nul"),
        pytest.param("\ufeffInclusion", " Inclusion", id="byte-order-mark"),
        pytest.param("a\ud800b", "a b", id="half-a-surrogate-pair"),
        pytest.param("5&nbsp;mg", "5 mg", id="no-break-space"),
    ],
)
def test_read(source: str, read: str) -> None:
    offsets = unescape(source)
    assert offsets is not None
    assert offsets.text == read
    assert offsets.source == source


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Age >= 18 & < 65", id="bare-ampersand"),
        pytest.param("AT&T; or B", id="no-such-reference"),
        pytest.param("fasting <126 mg/dl or >200", id="comparators-like-a-tag"),
        pytest.param("CRP <b and IL-6 >c", id="letters-like-a-tag"),
        pytest.param("p<p0 or x>1", id="tag-name-runs-on"),
        pytest.param("Salmonella &", id="last"),
        pytest.param("", id="empty"),
    ],
)
def test_left_alone(text: str) -> None:
    assert unescape(text) is None


def test_spans_lead_back() -> None:
    offsets = unescape("Age &ge; 18 and <b>BMI</b> &lt; 30")
    assert offsets is not None

    def quoted(piece: str) -> str:
        start = offsets.text.index(piece)
        low, high = offsets.span(start, start + len(piece))
        return offsets.source[low:high]

    assert offsets.text == "Age ≥ 18 and BMI < 30"
    assert quoted("Age") == "Age"
    assert quoted("≥ 18") == "&ge; 18"
    assert quoted("BMI") == "BMI"
    assert quoted("BMI < 30") == "BMI</b> &lt; 30"
    assert quoted("and BMI") == "and <b>BMI"
    assert offsets.span(0, len(offsets.text)) == (0, len(offsets.source))
    assert offsets.span(4, 4) == (4, 4)


def test_position_leads_there() -> None:
    offsets = unescape("a&lt;b<br>c")
    assert offsets is not None
    assert [offsets.position(at) for at in (0, 1, 3, 5, 6, 10, 11)] == [0, 1, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param((Edit(2, 1, ""),), id="backwards"),
        pytest.param((Edit(0, 2, ""), Edit(1, 3, "")), id="overlapping"),
        pytest.param((Edit(0, 9, ""),), id="beyond"),
    ],
)
def test_impossible_edits(edits: tuple[Edit, ...]) -> None:
    with pytest.raises(ValueError, match="edits"):
        OffsetMap("abcd", edits)


@given(st.text(alphabet=st.sampled_from("ab <>&≥\n\0;"), max_size=60))
def test_escaping_is_undone(text: str) -> None:
    source = html.escape(text)
    offsets = unescape(source)
    if "\0" in text or "<" in text or ">" in text:
        assert offsets is not None
    if offsets is None:
        return
    assert offsets.span(0, len(offsets.text)) == (0, len(source))
    last = 0
    for position in range(len(offsets.text)):
        start, end = offsets.span(position, position + 1)
        assert last <= start < end <= len(source)
        last = end
        piece = source[start:end]
        assert len(piece) == 1 or piece.startswith("&")
