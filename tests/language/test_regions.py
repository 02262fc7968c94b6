"""The regions of a criterion nest, cover it, and are found in one scan."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligex.language.regions import Region, Regions


def outward(text: str, position: int) -> list[str]:
    """Return the regions around a position, innermost first, the criterion left out."""
    region: Region | None = Regions(text).innermost(position)
    found = []
    while region is not None and region.kind != "criterion":
        found.append(f"{region.kind}: {text[region.start : region.end]}")
        region = region.parent
    return found


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param("no ^stroke", ["sentence: no stroke"], id="undivided"),
        pytest.param("a; ^b", ["part:  b", "sentence: a; b"], id="part"),
        pytest.param("a (^b) c", ["bracket: b", "sentence: a (b) c"], id="bracket"),
        pytest.param("a ^(b) c", ["sentence: a (b) c"], id="the bracket itself is outside"),
        pytest.param("a (b^) c", ["sentence: a (b) c"], id="and so is its other half"),
        pytest.param("a^; b", ["sentence: a; b"], id="a semicolon is outside its parts"),
        pytest.param(
            "a (b; ^c)", ["part:  c", "bracket: b; c", "sentence: a (b; c)"], id="part of a bracket"
        ),
        pytest.param("a ([^b] c)", ["bracket: b", "bracket: [b] c", "sentence: a ([b] c)"], id="nested"),
        pytest.param("x (0, ^1] y", ["bracket: 0, 1", "sentence: x (0, 1] y"], id="half-open interval"),
        pytest.param("x （^b） y", ["bracket: b", "sentence: x （b） y"], id="full width"),
        pytest.param("x； ^b", ["part:  b", "sentence: x； b"], id="full-width semicolon"),
        pytest.param("1) a; 2) ^b", ["part:  2) b", "sentence: 1) a; 2) b"], id="never opened"),
        pytest.param("(a ^b; c", ["bracket: a b", "part: (a b", "sentence: (a b; c"], id="never closed"),
        pytest.param("(a; ^b", ["part:  b", "sentence: (a; b"], id="ends with its part"),
        pytest.param("age &gt; ^18", ["sentence: age &gt; 18"], id="escaped sign"),
        pytest.param("R&D; ^b", ["part:  b", "sentence: R&D; b"], id="ampersand before a semicolon"),
        pytest.param(
            "x (It is. ^Or not)",
            ["part:  Or not", "bracket: It is. Or not", "sentence: x (It is. Or not)"],
            id="two sentences in a bracket",
        ),
        pytest.param("x (e.g. ^B)", ["bracket: e.g. B", "sentence: x (e.g. B)"], id="abbreviation"),
        pytest.param("It is. ^Or not", ["sentence: It is. Or not"], id="sentences are the caller's"),
    ],
)
def test_regions_around(marked: str, expected: list[str]) -> None:
    assert outward(marked.replace("^", ""), marked.index("^")) == expected


def test_sentences_bound_everything() -> None:
    text = "No stroke (mild. Asthma) or gout"
    regions = Regions(text, 0, len(text), [(0, 16), (17, len(text))])
    assert regions.innermost(12).kind == "bracket"
    assert regions.innermost(text.index("gout")).kind == "sentence"
    assert regions.innermost(16).kind == "criterion"


@pytest.mark.parametrize(
    ("marked", "opens"),
    [
        pytest.param("^if male", True, id="first word"),
        pytest.param("- ^if male", True, id="after a bullet"),
        pytest.param("not ^if male", False, id="second word"),
        pytest.param("Hb > 13 (^if male)", True, id="first of a bracket"),
        pytest.param("Hb > 13; ^if male", True, id="first of a part"),
        pytest.param("(mild) ^if male", False, id="a bracket is a word"),
    ],
)
def test_opens(marked: str, opens: bool) -> None:
    assert Regions(marked.replace("^", "")).opens(marked.index("^")) == opens


@pytest.mark.parametrize(
    ("marked", "inside"),
    [
        pytest.param("a ^b", None, id="no bracket at all"),
        pytest.param("a (b) ^c", None, id="outside"),
        pytest.param("a (b; ^c)", "b; c", id="in a part of it"),
        pytest.param("a 【^b】", "b", id="of another shape"),
        pytest.param("a ([b] ^c)", "[b] c", id="nested"),
    ],
)
def test_bracket(marked: str, inside: str | None) -> None:
    text = marked.replace("^", "")
    found = Regions(text).bracket(marked.index("^"))
    assert (None if found is None else text[found.start : found.end]) == inside


texts = st.text(alphabet="abA ()[]（）;；&lt.,", max_size=60)


@given(texts)
def test_regions_nest_and_cover(text: str) -> None:
    regions = Regions(text)
    for position in range(len(text)):
        region = regions.innermost(position)
        assert region.holds(position)
        while region.parent is not None:
            assert region.parent.start <= region.start <= region.end
            assert region.end <= region.parent.end
            assert (region.start, region.end) != (region.parent.start, region.parent.end) or (
                region.kind != "part"
            )
            region = region.parent
        assert (region.kind, region.start, region.end) == ("criterion", 0, len(text))


@given(texts)
def test_words_between_marks_share_a_region(text: str) -> None:
    regions = Regions(text)
    for position in range(1, len(text)):
        if not set(text[position - 1 : position + 1]) & set("()[]（）;；."):
            assert regions.innermost(position - 1) is regions.innermost(position)


@pytest.mark.parametrize("unit", ["(", "a (b; c) ", "a; ", "([{(", ")"])
def test_four_times_the_text_takes_less_than_five_times_the_steps(
    unit: str, steps: Callable[[Callable[[], object]], int]
) -> None:
    def work(size: int) -> None:
        text = unit * (size // len(unit))
        regions = Regions(text)
        for position in range(0, len(text), 3):
            regions.opens(position)

    assert steps(lambda: work(20_000)) < 5 * steps(lambda: work(5_000))


def test_brackets_deeper_than_sixteen_are_no_regions() -> None:
    text = "(" * 40 + "mild" + ")" * 40
    region, brackets = Regions(text).innermost(41), set()
    while region is not None:
        brackets |= {(region.start, region.end)} if region.kind == "bracket" else set()
        region = region.parent
    assert 10 < len(brackets) <= 16
