from __future__ import annotations

from dataclasses import replace

import pytest

from eligex.schema import Count, Criterion, Predicate, PredicateEntity, Window
from eligex_eval.counts import Counts, Share
from eligex_eval.documents import Document, Gold, TimeWindow
from eligex_eval.durations import comparable, of_unit
from eligex_eval.predictions import Pair, Prediction, empty_result
from eligex_eval.tasks.windows import SCALE, Windows

TEXT = "stroke within 6 months, gout now"
SIX = of_unit(6, "month")


def at(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


GOLD = TimeWindow(*at("within 6 months"), None, SIX, False, (at("stroke"),))


def score(*windows: tuple[str, str, str | None, str | None], gold: TimeWindow = GOLD):
    """Score windows given as (entity, words, low, high)."""
    predicates = tuple(
        Predicate(
            "p", PredicateEntity(e, *at(e), "Condition"), temporal=Window(w, *at(w), "before", low, high)
        )
        for e, w, low, high in windows
    )
    criterion = Criterion("inc-1", "inclusion", TEXT, 0, len(TEXT), predicates=predicates)
    document = Document("d", TEXT, "t", gold=Gold(windows=(gold,), windows_elsewhere=(at("now"),)))
    result = replace(empty_result("d", TEXT), criteria=(criterion,))
    return Windows().score(Pair(document, Prediction(result)))


def right(*windows, **more) -> list[int]:
    tallies = score(*windows, **more).tallies
    return [tallies[name].right for name in SCALE.names]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        pytest.param(("stroke", "within 6 months", None, "P6M"), [1, 1, 1, 1], id="right"),
        pytest.param(("stroke", "6 months", None, "P0.5Y"), [1, 1, 1, 1], id="other unit, shorter span"),
        pytest.param(("gout", "within 6 months", None, "P6M"), [1, 1, 1, 0], id="other entity"),
        pytest.param(("stroke", "within 6 months", "P6M", None), [1, 1, 0, 0], id="wrong end"),
        pytest.param(("stroke", "within 6 months", None, "P6W"), [1, 0, 0, 0], id="wrong length"),
        pytest.param(("stroke", "gout", None, "P6M"), [0, 0, 0, 0], id="elsewhere"),
    ],
)
def test_levels(window, expected: list[int]) -> None:
    assert right(window) == expected


def test_either_end_where_the_annotation_does_not_say() -> None:
    open_ended = replace(GOLD, low=SIX, high=None, either=True)
    assert right(("stroke", "within 6 months", None, "P6M"), gold=open_ended) == [1, 1, 1, 1]


def test_windows_on_other_times_are_left_out_and_windows_without_length_are_not_asked() -> None:
    tallies = score(("gout", "now", None, "P1D"), ("gout", "now", None, None)).tallies
    assert tallies["left out"] == Share(1, 1)
    assert tallies["found"] == Counts(1, 0, 0, 0)


def test_errors_name_what_is_wrong() -> None:
    assert [e.kind for e in score(("gout", "within 6 months", None, "P6M")).errors] == ["entity wrong"]
    assert [e.kind for e in score().errors] == ["missed"]


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        pytest.param("P2W", "P14D", True, id="weeks and days"),
        pytest.param("P1Y", "P12M", True, id="years and months"),
        pytest.param("P1D", "PT24H", True, id="days and hours"),
        pytest.param("P1M", "PT1M", False, id="months and minutes"),
        pytest.param("P1M", "P4W", False, id="months and weeks"),
        pytest.param(Count(5, "{half-life}"), Count(5.0, "{half-life}"), True, id="counts"),
        pytest.param(Count(5, "{half-life}"), Count(5, "{cycles}"), False, id="other counts"),
        pytest.param("soon", "soon", True, id="no duration at all"),
    ],
)
def test_equal_lengths(a, b, equal: bool) -> None:
    assert (comparable(a) == comparable(b)) is equal
