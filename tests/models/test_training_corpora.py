"""Brat annotations become flat spans whose text is what the annotator marked."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from attachment import decisions
from augment import Line, as_written, cut_lines, dress, escape, run_on, wrap
from corpora import TRAIN_FOLDS, Document, Span, read_chia, read_lct
from hypothesis import given
from hypothesis import strategies as st

from eligex_eval.corpora import chia
from eligex_eval.corpora.registry import DEV_FOLD


def write(folder: Path, name: str, text: str, ann: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_bytes(text.encode())
    (folder / f"{name}.ann").write_bytes(ann.encode())


def words(document: Document) -> list[tuple[str, str]]:
    return [(s.label, document.text[s.start : s.end]) for s in document.spans]


def test_chia_gives_flat_spans_of_the_trials_of_the_folds(tmp_path: Path) -> None:
    text = "No mild asthma,\r\ngout or acne."
    ann = "T1\tCondition 3 14\tmild asthma\nT2\tCondition 8 14\tasthma\n"
    ann += "T3\tInformed_consent 0 14\tNo mild asthma\n"
    ann += "T4\tCondition 17 21;25 29\tgout acne\nT5\tNegation 0 3\tNo\n"
    for trial in ("NCT1", "NCT2"):
        write(tmp_path / "chia" / "without_scope", f"{trial}_inc", text, ann)
    (tmp_path / "chia" / "folds.json").write_text('{"NCT1": 1, "NCT2": 2}')
    (document,) = read_chia(tmp_path, [2])
    assert document.doc_id == "NCT2_inc"
    assert words(document) == [("Negation", "No"), ("Condition", "mild asthma"), ("Condition", "gout")]


def test_lct_gives_the_types_that_teach_under_their_own_names(tmp_path: Path) -> None:
    ann = "T1\tCondition-Name 0 4\tgout\nT2\tCondition 0 4\tgout\nT3\tSeverity 5 11\tsevere\n"
    write(tmp_path / "lct", "NCT1", "gout severe", ann)
    write(tmp_path / "lct", "NCT2", "gout severe", ann)
    (document,) = read_lct(tmp_path, ["NCT1"])
    assert document.doc_id == "NCT2"
    assert words(document) == [("Condition", "gout"), ("Severity", "severe")]


def test_the_development_fold_is_never_trained_on() -> None:
    config = (Path(__file__).parents[2] / "models" / "configs" / "ner.cfg").read_text("utf-8")
    folds = [json.loads(line.partition("=")[2]) for line in config.splitlines() if line.startswith("folds")]
    assert len(folds) == 2
    assert {fold for part in folds for fold in part} == TRAIN_FOLDS
    assert DEV_FOLD not in TRAIN_FOLDS


def test_attachment_decides_between_two_neighbours(tmp_path: Path) -> None:
    text = "severe asthma, mild gout\nmild acne"
    ann = "T1\tCondition 7 13\tasthma\nT2\tQualifier 15 19\tmild\nT3\tCondition 20 24\tgout\n"
    ann += "T4\tQualifier 25 29\tmild\nT5\tCondition 30 34\tacne\n"
    ann += "R1\tHas_qualifier Arg1:T3 Arg2:T2\nR2\tHas_qualifier Arg1:T5 Arg2:T4\n"
    write(tmp_path, "NCT1_inc", text, ann)
    (document,) = chia.read(tmp_path)
    ((relation, found, is_left),) = decisions(document)  # "mild acne" has one neighbour in its line
    assert (relation, is_left) == ("qualifier", False)
    assert found["left:has=,"] == found["right:empty"] == 1.0


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
