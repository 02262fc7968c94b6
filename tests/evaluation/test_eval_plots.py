"""Drawings as SVG and PDF, labels that stay apart, LaTeX tables, and which systems are equally good."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from eligex_eval.documents import Document, Gold, GoldEntity
from eligex_eval.figures import Figure
from eligex_eval.report import plots
from eligex_eval.report.canvas import INKS, Canvas, width_of
from eligex_eval.report.html import to_html
from eligex_eval.report.latex import to_latex
from eligex_eval.report.model import build, equal_best
from eligex_eval.report.pictures import pictures
from eligex_eval.runs import Corpus, run
from eligex_eval.systems.prediction_file import PredictionFile

CLOSE = {f"system number {i}": (10.0 + i / 10, 0.5 + i / 100) for i in range(8)}
DRAWN = {
    "forest": plots.forest({"a": (0.5, 0.4, 0.6), "b & <c>": (None, None, None)}, "F1 (strict)"),
    "bars": plots.bars({"Drug": [(0.5, 0.4, 0.6), (None, None, None)]}, ["a", "b"], "F1"),
    "counts": plots.counts({"missed": [120, 7]}, ["a", "b"], "errors", 120),
    "heatmap": plots.heatmap({("Drug", "Drug"): 3, ("Drug", "Device"): 1}, "confusion"),
    "lines": plots.lines({"a": [(0, 1), (1, 0.5)]}, "t", "x", "y", diagonal=True, points=True),
    "scatter": plots.scatter(CLOSE, "t", "x", "y"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_svg_is_well_formed_and_stays_in_its_frame(name: str) -> None:
    canvas = DRAWN[name]
    root = ElementTree.fromstring(canvas.svg(standalone=True))  # noqa: S314  made here
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "<style>" in canvas.svg(standalone=True)
    assert "<style>" not in canvas.svg()
    for shape in canvas.shapes:
        for x, y in shape.points:
            assert 0 <= x <= canvas.width
            assert 0 <= y <= canvas.height
        if shape.words and not shape.turn:
            wide = width_of(shape.words, shape.size)
            left = shape.points[0][0] - {"start": 0, "middle": 0.5, "end": 1}[shape.anchor] * wide
            assert left >= 0, shape.words
            assert left + wide <= canvas.width, shape.words


@pytest.mark.parametrize("name", DRAWN)
def test_a_pdf_has_the_words_and_its_objects_where_it_says(name: str) -> None:
    data = DRAWN[name].pdf()
    assert data.startswith(b"%PDF-1.4")
    start = int(re.findall(rb"startxref\n(\d+)", data)[0])
    places = re.findall(rb"(\d{10}) 00000 n", data[start:])
    for number, place in enumerate(places, start=1):
        assert data[int(place) :].startswith(b"%d 0 obj" % number)
    length = int(re.findall(rb"/Length (\d+)", data)[0])
    stream = data.split(b"stream\n", 1)[1]
    assert stream[length:].startswith(b"\nendstream")
    for shape in DRAWN[name].shapes:
        if shape.words.isalnum():
            assert f"({shape.words}) Tj".encode() in data


def test_a_pdf_escapes_brackets_and_writes_signs_that_it_has() -> None:
    canvas = Canvas(100, 20, "t")
    canvas.text(0, 10, "(≥ 18 \\ years)")
    assert rb"(\(>= 18 \\ years\)) Tj" in canvas.pdf()


def test_labels_of_points_that_are_close_do_not_overlap() -> None:
    boxes = []
    for shape in DRAWN["scatter"].shapes:
        if shape.words in CLOSE:
            x, y = shape.points[0]
            boxes.append((x, y - 9, x + width_of(shape.words, 12), y + 2))
    assert len(boxes) == len(CLOSE)
    for a, b in combinations(boxes, 2):
        assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


def test_every_colour_of_a_page_has_a_class() -> None:
    style = (Path(plots.__file__).parent / "page.css").read_text("utf-8")
    for name in INKS:
        assert f".t-{name} " in style
        assert f".s-{name} " in style


TEXT = "- gout and asthma in adults"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return a report of three systems: a good one, its twin, and one that finds half."""
    folder = tmp_path_factory.mktemp("predictions")
    words = ("gout", "asthma")
    golds = tuple(GoldEntity(TEXT.index(w), TEXT.index(w) + len(w), "Condition", w) for w in words)
    documents = [Document(f"d{i}", TEXT, "t", gold=Gold(entities=golds)) for i in range(30)]
    runs = []
    for name, count in (("good_1", 2), ("good_2", 2), ("half", 1)):
        entities = ", ".join(f'{{"text": "{word}", "label": "Condition"}}' for word in words[:count])
        lines = [f'{{"trial_id": "d{i}", "entities": [{entities}]}}' for i in range(30)]
        (folder / name).write_text("\n".join(lines) + "\n")
        runs.append(run(PredictionFile(folder / name), Corpus("50 % made_up", "dev", documents)))
    return build(runs, conventions="c", samples=200)


STRICT = Figure("entities", "strict", "f1")


def test_equal_best_systems_are_equal(report: dict[str, Any]) -> None:
    assert equal_best(report, "50 % made_up", "dev", STRICT) == {"file:good_1", "file:good_2"}
    worse = [row for row in report["comparisons"] if "file:half" in row["systems"]]
    assert all(row["p_value"] <= row["corrected"] < 0.05 for row in worse if row["figure"] == STRICT.name)
    assert "class='best'" in to_html(report)


def test_latex(report: dict[str, Any]) -> None:
    table = to_latex(report)
    assert r"\caption{50 \% made\_up, dev (30 documents).}" in table
    row = next(line for line in table.splitlines() if line.startswith("entities: strict"))
    assert row.count(r"\textbf{1.000}") == 2
    assert r"& 0.667 {\footnotesize" in row
    assert table.count(r"\begin{tabular}{lrrr}") == 1


def test_few_documents_are_said_in_the_page(report: dict[str, Any]) -> None:
    assert "class='warning'" not in to_html(report)
    few = {**report, "runs": [{**each, "warning": "only 3 documents"} for each in report["runs"]]}
    assert "<p class='warning'>only 3 documents</p>" in to_html(few)


def test_plots_come_before_tables_and_errors_have_their_text(report: dict[str, Any]) -> None:
    page = to_html(report)
    assert page.index("id='plots'") < page.index("id='summary'") < page.index("id='tables'")
    assert report["texts"] == {"50 % made_up": {f"d{i}": TEXT for i in range(30)}}
    names = [picture.name for picture in pictures(report["runs"])]
    assert names[0] == "entities"
    assert len(set(names)) == len(names)
    assert "errors-entities" in names
