"""Texts become streams; streams come back as sentences, batches, blocks and windows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import spacy
from batches import Stream, Table, batches, read_stream, read_table, running, sentences
from layers import MISSING, Layers, read_layers
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan
from streams import LAYERS
from streams import Stream as Written
from windows import GAP, SIZE, MarkedRow, Row

FIRST, LAST, MASK = 7, 8, 9


def doc_of(*lines: str, marked: str = "") -> Doc:
    words = [word for line in lines for word in line.split(" ")]
    starts = [number == 0 for line in lines for number, _ in enumerate(line.split(" "))]
    doc = Doc(spacy.blank("en").vocab, words=words, sent_starts=starts)
    spans = [DocSpan(doc, i, i + 2, label="Drug") for i, word in enumerate(words) if word == marked]
    doc.spans["own"], doc.spans["condition"] = spans, []
    return doc


@pytest.fixture
def table() -> Table:
    """Words 0 to 5, of which 0 is a blank, 1 has one piece, 5 has five."""
    counts = np.arange(6)
    rows, vectors = np.zeros((6, 5, 4), dtype=np.uint16), np.zeros((6, 3), dtype=np.float16)
    return Table(np.arange(100, 115), counts, rows, vectors, (FIRST, LAST, MASK))


@pytest.fixture
def stream() -> Stream:
    rng = np.random.default_rng(3)
    words, texts = rng.integers(0, 6, 4000), rng.random(4000) < 0.01
    texts[0] = True
    return Stream(words, texts | (rng.random(4000) < 0.1), texts)


def test_a_stream_comes_back(tmp_path: Path) -> None:
    gold, plain = Written(), Written()
    gold.add(doc_of("no ritonavir gel", "no gout", marked="ritonavir"), gold=True)
    plain.add(doc_of("no gel"), gold=False)
    plain.add(doc_of("gout"), gold=False)
    numbers = {}
    for name, each in (("gold", gold), ("texts", plain)):
        each.write(tmp_path / f"{name}.npz")
        words = json.loads((tmp_path / f"{name}.words.json").read_text("utf-8"))
        numbers[name] = [["no", "gel", "gout", "ritonavir"].index(form) for form, _ in words]
    table = {"pieces": [5], "counts": [1], "marks": [1, 2, 3], "rows": [0], "vectors": [0.0]}
    np.savez(tmp_path / "words.npz", **table, **{f"numbers of {n}": each for n, each in numbers.items()})
    found = read_stream(tmp_path, "gold")
    assert found.words.tolist() == [0, 3, 1, 0, 2]
    assert found.sentences.tolist() == [True, False, False, True, False]
    assert found.texts.tolist() == [True, False, False, False, False]
    begins = 1 + 2 * LAYERS.labels["own"].index("Drug")
    layers = list(LAYERS.labels)
    assert found.states[:, layers.index("own")].tolist() == [0, begins, begins + 1, 0, 0]
    assert found.states[:, layers.index("condition")].tolist() == [0] * 5
    assert set(found.states[:, layers.index("chia")].tolist()) == {MISSING}
    other = read_stream(tmp_path, "texts")
    assert (other.words.tolist(), other.texts.tolist(), other.states) == (
        [0, 1, 2],
        [True, False, True],
        None,
    )
    assert read_table(tmp_path).marks == (1, 2, 3)


def test_layers_come_back(tmp_path: Path) -> None:
    LAYERS.write(tmp_path)
    assert read_layers(tmp_path) == LAYERS
    assert LAYERS.columns()["negated"].stop == LAYERS.states
    assert "lct" not in LAYERS.columns(LAYERS.taught)


def test_columns_stand_side_by_side() -> None:
    layers = Layers({"own": ("Drug", "Device"), "window": ("window",)})
    assert layers.columns() == {"own": slice(0, 5), "window": slice(5, 8)}


@pytest.mark.parametrize("longest", [7, 12, 250])
def test_sentences_and_batches_cover_every_word_once(table: Table, stream: Stream, longest: int) -> None:
    cut = sentences(table, stream, longest)
    of_sentence = np.cumsum(stream.sentences)
    seen: list[int] = []
    for batch in batches(table, stream, cut, 60):
        assert batch.ids.size <= max(60, longest)
        for ids, length, places, tokens in zip(
            batch.ids, batch.lengths, batch.places, batch.tokens, strict=True
        ):
            tokens = tokens[tokens != GAP]
            assert len({of_sentence[token] for token in tokens}) == 1
            assert length <= longest
            assert (ids[0], ids[length - 1]) == (FIRST, LAST)
            pieces, counts = table.pieces_of(stream.words[tokens])
            assert ids[1 : length - 1].tolist() == pieces.tolist()
            assert places[: len(tokens)].tolist() == [1, *(1 + np.cumsum(counts)[:-1])]
            seen += tokens.tolist()
    assert sorted(seen) == np.flatnonzero(stream.words > 0).tolist()


def test_blocks_of_running_text(table: Table, stream: Stream) -> None:
    ids, words = running(table, stream, 50)
    pieces, _ = table.pieces_of(stream.words)
    text = ids.ravel()
    assert text[text != LAST].tolist() == pieces[: (text != LAST).sum()].tolist()
    assert (words[:, 0] == 0).all()
    assert set(np.diff(words.astype(int)).ravel().tolist()) == {0, 1}
    inside = (ids[:, 1:] > 100 + np.array([0])) & (words[:, 1:] == words[:, :-1])
    assert (ids[:, 1:][inside] == ids[:, :-1][inside] + 1).all()  # the pieces of a word follow each other


def test_no_text_sees_another(stream: Stream) -> None:
    row = Row(stream, 5)
    assert row.words[row.places].tolist() == stream.words.tolist()
    firsts = row.places[stream.texts]
    for first in firsts:
        assert (row.words[first - 5 : first] == GAP).all()
    assert (row.words[-5:] == GAP).all()


def test_sentences_of_windows(table: Table, stream: Stream) -> None:
    row = MarkedRow(stream, 5, sentences(table, stream))
    starts = row.drawn(6, np.random.default_rng(2))
    marked, words = row.marked(starts), row.words[row.columns(starts)]
    assert len(marked.rows) > 100
    rows = np.broadcast_to(marked.rows[:, None], marked.columns.shape)
    here = marked.present
    assert (words[rows[here], marked.columns[here]] == stream.words[marked.tokens[here]]).all()
    assert marked.columns[here].min() >= 5
    assert marked.columns[here].max() < SIZE - 5
    inner = row.inner(starts)
    assert (inner[rows[here], marked.columns[here]] == marked.tokens[here]).all()
    assert (inner[:, :5] == GAP).all()
    assert (inner[:, -5:] == GAP).all()


def test_a_short_stream_fills_a_window() -> None:
    row = Row(Stream(np.array([1, 2]), np.array([True, False]), np.array([True, False])), 3)
    assert row.columns(row.drawn(2, np.random.default_rng(1))).shape == (2, SIZE)
