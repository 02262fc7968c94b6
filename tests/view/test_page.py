from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from eligex.errors import EligexError
from eligex.schema import Failure, Source, TrialCriteria, Unparsed
from eligex.view import View, page, view_of
from eligex.view.sentences import statement

Parse = Callable[[str], Any]
HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture(scope="session")
def written(trial: TrialCriteria) -> str:
    return page([view_of(trial)], title="one")


def ids_of(values: str) -> list[str]:
    return values.split()


def test_the_text_is_shown_as_it_is(written: str, parse: Parse, trial: TrialCriteria) -> None:
    (words,) = parse(written).of("div", "words")
    assert words.text == trial.text


def test_every_predicate_is_there_with_its_statement(
    written: str, parse: Parse, trial: TrialCriteria
) -> None:
    shown = [node.text for node in parse(written).nodes if "told" in node.classes]
    assert shown == [statement(p) for c in trial.criteria for p in c.predicates]
    assert len(shown) > 10


def test_marks_and_predicates_name_each_other(written: str, parse: Parse, trial: TrialCriteria) -> None:
    parsed = parse(written)
    predicates = parsed.of("li", "predicate")
    for predicate in predicates:
        marks = ids_of(predicate.get("data-m"))
        assert marks, predicate.text
        for mark in marks:
            assert predicate.get("id") in ids_of(parsed.ids[mark].get("data-p"))
    for node in parsed.nodes:
        for target in ids_of(node.get("data-p")):
            assert not node.get("id") or node.get("id") in ids_of(parsed.ids[target].get("data-m"))


def test_a_mark_has_the_words_of_its_predicate(written: str, parse: Parse, trial: TrialCriteria) -> None:
    parsed = parse(written)
    wanted = Counter(p.entity.text for c in trial.criteria for p in c.predicates)
    first = (parsed.ids[ids_of(p.get("data-m"))[0]] for p in parsed.of("li", "predicate"))
    assert Counter(node.text for node in first) == wanted
    kinds = {node.classes[0] for node in parsed.nodes if node.get("data-p")}
    assert {"entity", "limit", "window", "condition"} <= kinds


def test_links_lead_somewhere_and_are_not_nested(written: str, parse: Parse) -> None:
    parsed = parse(written)
    links = parsed.of("a")
    assert len(links) > 20
    for link in links:
        assert link.get("href").startswith("#")
        assert link.get("href")[1:] in parsed.ids
        assert link.text.strip()
        assert all(parent.tag != "a" for parent in link.parents)


def test_ids_are_given_once(trial: TrialCriteria, parse: Parse) -> None:
    parsed = parse(page([view_of(trial), view_of(trial)], title="two"))
    given = [node.get("id") for node in parsed.nodes if node.get("id")]
    assert len(given) == len(set(given))


def test_headings_go_down_one_level_at_a_time(written: str, parse: Parse) -> None:
    levels = [int(node.tag[1]) for node in parse(written).nodes if re.fullmatch("h[1-6]", node.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_controls_and_landmarks_have_names(written: str, parse: Parse) -> None:
    parsed = parse(written)
    controls = [node for node in parsed.nodes if node.tag in ("select", "input", "textarea")]
    assert len(controls) == 7
    for node in controls:
        assert node.get("aria-label") or any(parent.tag == "label" for parent in node.parents)
    for node in parsed.of("button"):
        assert node.text.strip()
    for node in parsed.nodes:
        if node.tag in ("section", "article", "nav"):
            name = node.get("aria-labelledby")
            assert node.get("aria-label") or parsed.ids[name].text.strip()
    assert [node.tag for node in parsed.nodes if node.tag in ("header", "main")] == ["header", "main"]
    (root,) = parsed.of("html")
    assert root.get("lang") == "en"


def test_nothing_is_loaded_from_elsewhere(written: str, parse: Parse) -> None:
    parsed = parse(written)
    assert not [n for n in parsed.nodes if {"src", "action", "style", "srcset"} & set(n.attributes)]
    assert not [name for n in parsed.nodes for name in n.attributes if name.startswith("on")]
    assert not parsed.of("link")
    assert "url(" not in written
    assert "@import" not in written
    assert not re.search(r"https?://", written)
    policy = next(n for n in parsed.nodes if n.get("http-equiv"))
    assert "default-src 'none'" in policy.get("content")
    assert "unsafe" not in policy.get("content")


def test_hostile_names_and_texts_stay_text(trial: TrialCriteria, parse: Parse) -> None:
    first, *rest = trial.criteria
    told = replace(first, id=HOSTILE, cohort=HOSTILE, logic={"not": HOSTILE})
    hostile = replace(
        trial,
        trial_id=HOSTILE,
        criteria=(told, *rest),
        unparsed=(Unparsed(0, 9, trial.text[:9] if trial.text else "", HOSTILE),),
        source=replace(trial.source, path=HOSTILE),
        error=Failure(HOSTILE, HOSTILE, "E900"),
    )
    written = page([view_of(hostile), View(hostile, ((0, HOSTILE),), HOSTILE)], title=HOSTILE)
    parsed = parse(written)
    assert len(parsed.of("script")) == 3  # the data of two trials, and the script of the page
    assert not parsed.of("img")
    assert parsed.of("h1")[0].text == HOSTILE
    assert [node.text for node in parsed.of("h2")] == [HOSTILE, HOSTILE]
    (data, _, _) = parsed.of("script")
    assert json.loads(data.text)["json"]["trial_id"] == HOSTILE


@pytest.mark.parametrize(
    "character",
    [
        pytest.param("\x00", id="NUL"),
        pytest.param("\ud800", id="surrogate"),
        pytest.param("\u202e", id="override"),
    ],
)
def test_what_cannot_be_shown_is_replaced(character: str, trial: TrialCriteria) -> None:
    written = page([View(trial, ((0, f"a{character}b"),))], title=f"x{character}")
    assert "a\ufffdb" in written
    assert character not in written
    written.encode()


def test_the_data_to_copy_is_the_record(written: str, parse: Parse, trial: TrialCriteria) -> None:
    data = json.loads(parse(written).of("script", "data")[0].text)
    assert TrialCriteria.from_dict(data["json"]) == replace(trial, text=None)
    names, *rows = [row for row in data["csv"].splitlines() if row]
    assert names.startswith("trial_id,criterion_id,")
    assert "error" not in names.split(",")
    assert len(rows) == sum(max(len(c.predicates), 1) for c in trial.criteria)


def test_cells_to_copy_are_no_formulas(trial: TrialCriteria, parse: Parse) -> None:
    written = page([view_of(replace(trial, trial_id="=1+1"))], title="x")
    data = json.loads(parse(written).of("script", "data")[0].text)
    assert data["csv"].splitlines()[1].startswith("'=1+1,")


def test_failed_trials_and_fragments_are_shown(trial: TrialCriteria, parse: Parse) -> None:
    failed = TrialCriteria(
        "T-2", Source("text", None, None, 0, 0), error=Failure("InputError", "it is empty", "E201")
    )
    heading = trial.headings[0]
    odd = replace(
        trial,
        headings=trial.headings[1:],
        unparsed=(Unparsed(heading.start, heading.end, heading.text, "noise"),),
    )
    parsed = parse(page([view_of(failed), view_of(odd)], title="two"))
    (error,) = parsed.of("p", "error")
    assert "E201" in error.text
    assert "it is empty" in error.text
    assert [node.text for node in parsed.of("span", "unparsed")][1:] == [
        heading.text
    ]  # the first is the legend
    (listed,) = parsed.of("section", "unparsed-list")
    assert "noise" in listed.text
    (nav,) = parsed.of("nav")
    assert "T-2" in nav.text


def test_trials_left_out_are_counted(trial: TrialCriteria) -> None:
    assert "1 trial; 1,200 more are not in this page" in page([view_of(trial)], title="x", left_out=1200)
    assert "1 trial; more are not in this page" in page([view_of(trial)], title="x", left_out=None)


def test_a_page_of_one_trial_is_small(trial: TrialCriteria) -> None:
    criteria = (trial.criteria * 3)[:20]
    many = tuple(
        replace(
            c, id=f"n-{n}", predicates=tuple(replace(p, id=f"n-{n}.{k}") for k, p in enumerate(c.predicates))
        )
        for n, c in enumerate(criteria)
    )
    assert len(page([view_of(replace(trial, criteria=many))], title="x").encode()) < 300_000


@pytest.mark.parametrize(
    ("palette", "message"),
    [
        pytest.param({"Drugs": "red"}, "no part named 'Drugs'", id="unknown part"),
        pytest.param({"Drug": "red;}</style>"}, "is no colour", id="not a colour"),
    ],
)
def test_a_bad_palette_is_refused(palette: dict[str, str], message: str, trial: TrialCriteria) -> None:
    with pytest.raises(EligexError, match=message):
        page([view_of(trial)], title="x", palette=palette)


def test_a_palette_sets_colours(trial: TrialCriteria) -> None:
    written = page([view_of(trial)], title="x", palette={"Condition": "#123456", "condition": "teal"})
    assert ".eligex{--condition:#123456;--when:teal}" in written
