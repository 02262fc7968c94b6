"""Bare numbers beside entities: examples mark values and entities, as a recogniser would.

``<V>`` is a value, ``<M>`` a measurement, ``<C>`` a condition, ``<D>`` a drug, ``<O>`` an observation.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from eligex.quantities import beside
from eligex.quantities.beside import Thing, find_beside
from eligex.quantities.find import canonical
from eligex.schema import Quantity

_LABELS = {"M": "Measurement", "C": "Condition", "D": "Drug", "O": "Observation", "V": "Value"}
_TAG = re.compile(r"<(/?)([MCDOV])>")


def parsed(marked: str) -> tuple[str, list[tuple[int, int]], list[Thing]]:
    """Return the text, its values and its entities; raise on a tag that is not closed."""
    text, at, opened, values, things = "", 0, None, [], []
    for tag in _TAG.finditer(marked):
        text, at = text + marked[at : tag.start()], tag.end()
        if not tag[1]:
            assert opened is None, f"nested tag in {marked!r}"
            opened = (tag[2], len(text))
            continue
        assert opened is not None, f"unopened tag in {marked!r}"
        assert opened[0] == tag[2], f"unbalanced tag in {marked!r}"
        if tag[2] == "V":
            values.append((opened[1], len(text)))
        else:
            things.append(Thing(opened[1], len(text), _LABELS[tag[2]]))
        opened = None
    assert opened is None, f"unclosed tag in {marked!r}"
    return text + marked[at:], values, things


def found(marked: str) -> list[Quantity]:
    return find_beside(*parsed(marked))


def said(marked: str) -> str:
    return "; ".join(map(canonical, found(marked)))


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in beside.LINKS])
def test_rows_are_needed(row: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for example in (row.example, row.counter):
        marked, _, expected = example.partition(" => ")
        assert said(marked) == expected.strip()
    monkeypatch.setattr(beside, "LINKS", tuple(other for other in beside.LINKS if other is not row))
    for example, changes in ((row.example, True), (row.counter, False)):
        marked, _, expected = example.partition(" => ")
        assert (said(marked) != expected.strip()) is changes


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param("<M>IGA-XY</M> of <V>3 or 4</V>", "in {3,4}", id="of"),
        pytest.param("<M>IGA-XY</M> = <V>3</V>", "= 3", id="one-number-after-a-word"),
        pytest.param("<M>trisomy</M> <V>8</V>", "", id="one-number-right-behind-is-a-name"),
        pytest.param("<M>Fatigue status</M> that is either <V>0 or 1</V>", "in {0,1} {score}", id="either"),
        pytest.param("<M>tumor grade</M> <V>2-3</V>", "[2,3] {grade}", id="unit-of-the-name"),
        pytest.param("<M>BMI</M> inclusive of <V>18.5 to 30.0</V>", "[18.5,30]", id="inclusive-of"),
        pytest.param("<C>pain</C> of <V>4 to 9</V>", "[4,9]", id="of-a-condition"),
        pytest.param("<C>diabetes</C> <V>1 or 2</V>", "", id="behind-a-condition"),
        pytest.param("<D>metformin</D> of <V>1 or 2</V>", "", id="of-a-drug"),
        pytest.param("<M>genotype</M> <V>1-3</V>", "", id="label"),
        pytest.param("<M>FGFR</M> <V>1-3</V> fusion", "", id="numbered-name"),
        pytest.param("<M>hive score</M> (range <V>0-21</V>) low", "", id="range-of-the-scale"),
        pytest.param("<M>itch scale</M> <V>0-10</V>", "", id="whole-scale"),
        pytest.param("near <M>triploidy</M> (<V>60-78</V> chromosomes)", "", id="of-another-noun"),
        pytest.param("<M>XYRS</M> (<V>60-78</V>)", "[60,78]", id="in-brackets"),
        pytest.param("<M>course</M> of <V>1 or more</V> of the following", "", id="of-the-following"),
        pytest.param("<M>XYRS</M> <V>47, 53</V>, or 61", "in {47,53,61}", id="rest-of-a-list"),
        pytest.param("<M>XYRS</M> <V>0-2</V>, 30 visits", "[0,2]", id="no-rest-of-a-list"),
        pytest.param("<M>Pulse XY</M> <V>60</V>- 100", "[60,100]", id="rest-of-a-range"),
        pytest.param("<M>PSA</M>: <V>2 consecutive</V> rises", "", id="part-of-a-value"),
        pytest.param("<M>XYRS</M> (Smith 1982) of <V>2 or 3</V>", "in {2,3}", id="past-a-bracket"),
        pytest.param("<M>body mass index</M> in the range <V>22-45</V>", "[22,45]", id="in-the-range"),
        pytest.param("<M>XYRS</M> #<V>0-2</V>", "[0,2]", id="number-sign"),
        pytest.param("<M>XYRS</M> measured on several other days as <V>2 or 3</V>", "", id="far-away"),
    ],
)
def test_values_of_names(marked: str, expected: str) -> None:
    assert said(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param("<V>0-2</V> <M>GOG status</M>", "[0,2] {score}", id="right-before"),
        pytest.param("<V>2 or 3</V> using the <M>XYF rating scale</M>", "in {2,3} {score}", id="using"),
        pytest.param("<V>1</V> on a <M>4-point ordinal scale</M>", "= 1 {score}", id="one-number"),
        pytest.param("type <V>4 or 5</V> on the C-SSRS", "in {4,5}", id="scale-of-the-lexicon"),
        pytest.param("<V>5 to 7</V> on the 8-point scale", "[5,7] {score}", id="scale-of-points"),
        pytest.param("<V>5 to 7</V> on the 8-point list", "", id="no-scale-of-points"),
        pytest.param("item <V>4 or 5</V> on the <M>XYF scale</M>", "", id="item"),
        pytest.param("<V>2 or 3</V> on <M>CT</M>", "", id="no-scale"),
        pytest.param("<V>7</V> <M>GOG status</M>", "", id="one-number-right-before"),
        pytest.param("from <V>0-8</V> <M>rating scale</M>", "", id="extent"),
    ],
)
def test_scores_before_their_scale(marked: str, expected: str) -> None:
    assert said(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param("<V>1 to 6</V> clearly visible <C>warts</C>", "[1,6] {warts}", id="adjectives"),
        pytest.param("<V>1 or 2</V> <D>csDMARDs</D>", "in {1,2} {csdmards}", id="listed"),
        pytest.param("<V>2 negative</V> <M>pregnancy tests</M>", "= 2 {tests}", id="adjective-in-the-value"),
        pytest.param(
            "<V>1</V> <D>tumor necrosis factor blocker</D>", "= 1 {blockers}", id="end-of-the-entity"
        ),
        pytest.param("<V>1</V> <D>PD-1 blocker</D>", "= 1 {blockers}", id="past-a-hyphen"),
        pytest.param("<V>1</V> <D>cannabis</D> <O>specimen</O>", "= 1 {specimens}", id="another-entity"),
        pytest.param("<V>1</V> <C>lesion of the liver</C>", "= 1 {lesions}", id="before-of"),
        pytest.param("<V>1</V> functional <C>eye</C> even if", "= 1 {eyes}", id="not-past-the-entity"),
        pytest.param("<V>1</V> <C>lymph node removed</C>", "= 1 {nodes}", id="no-noun-at-the-end"),
        pytest.param("<V>only 1</V> invasive <C>focus</C>", "= 1 {foci}", id="only"),
        pytest.param(
            "<V>1</V> additional <O>effective (barrier) method</O>", "= 1 {methods}", id="name-with-a-bracket"
        ),
        pytest.param("<V>2</V> reliable and <O>safe methods</O>", "= 2 {methods}", id="two-adjectives"),
        pytest.param("<V>2</V> cats and <O>safe methods</O>", "", id="a-noun-between"),
        pytest.param("<V>2</V> or the <O>safe methods</O>", "", id="no-adjectives"),
        pytest.param("<V>1</V> reliable and <O>safe cat</O>", "", id="one-of-an-unlisted-noun"),
        pytest.param("<V>20</V> unstained <O>slides</O>", "= 20 {slides}", id="slides"),
        pytest.param("<M>SGLT</M> <V>2</V> <D>inhibitors</D>", "", id="part-of-a-name"),
        pytest.param("exon 19 or <V>21</V> <C>deletions</C>", "", id="goes-on"),
        pytest.param("3:<V>1</V> <O>staffing ratio</O>", "", id="ratio"),
        pytest.param("<V>0-1</V> prior <D>xy based therapy</D>", "[0,1] {therapies}", id="based"),
        pytest.param("<V>3</V>TC and <D>blockers</D>", "", id="glued"),
        pytest.param("<V>400</V> <C>warts</C>", "", id="many"),
        pytest.param("<V>2.5</V> <C>warts</C>", "", id="no-whole-number"),
        pytest.param("the <V>2</V> <C>warts</C>", "", id="told-before"),
        pytest.param("<V>2</V> of the <C>warts</C>", "", id="of"),
        pytest.param("<V>2</V> cats with <C>warts</C>", "", id="another-noun"),
    ],
)
def test_counts(marked: str, expected: str) -> None:
    assert said(marked) == expected


def test_what_it_is_about() -> None:
    (limit,) = found("a <M>GOG status</M> of <V>0-2</V>")
    assert (limit.about, limit.text, limit.kind) == ((2, 12), "0-2", "number")
    (count,) = found("<V>2 negative</V> <M>pregnancy tests</M>")
    assert (count.about, count.text, count.kind) == ((2, 26), "2", "count")
    assert count.unit_text == "negative pregnancy tests"
