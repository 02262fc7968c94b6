from __future__ import annotations

from pathlib import Path

import pytest

from eligex_eval.corpora import brat, chia
from eligex_eval.corpora.flat import Conventions, flatten, pick_fragments
from eligex_eval.documents import notes_by_kind
from eligex_eval.errors import CorpusError

TEXT = "No renal or hepatic impairment.\r\nAspirin within 3 months of surgery."
ANN = """\
T1\tNegation 0 2\tNo
T2\tCondition 3 8;20 30\trenal impairment
T3\tCondition 12 30\thepatic impairment
T4\tDrug 33 40\tAspirin
T5\tTemporal 41 67\twithin 3 months of surgery
T6\tReference_point 60 67\tsurgery
T7\tNon-query-able 33 68\tAspirin within 3 months of surgery.
R1\tHas_negation Arg1:T3 Arg2:T1\t
*\tOR T2 T3
R2\tHas_temporal Arg1:T4 Arg2:T5\t
"""


def write(folder: Path, name: str, text: str, ann: str) -> None:
    (folder / f"{name}.txt").write_bytes(text.encode())
    (folder / f"{name}.ann").write_bytes(ann.encode())


def test_chia_document(tmp_path: Path) -> None:
    write(tmp_path, "NCT1_inc", TEXT, ANN)
    (document,) = chia.read(tmp_path)
    assert document.text == TEXT  # CRLF kept: offsets count two characters
    assert len(document.source.entities) == 7
    flat = [(e.label, e.text) for e in document.gold.entities or ()]
    assert flat == [
        ("Negation", "No"),
        ("Condition", "hepatic impairment"),
        ("Drug", "Aspirin"),
        ("Temporal", "within 3 months of surgery"),
    ]
    notes = notes_by_kind([document])
    assert notes["comment, not an entity"] == 1
    assert notes["discontinuous span: longest fragment kept"] == 1
    assert notes["overlapped by another span: not in the flat view"] == 2


def test_negation_is_carried_over_or_groups_beside_the_mark_itself(tmp_path: Path) -> None:
    text = "No asthma or eczema, but acne."
    ann = "T1\tNegation 0 2\tNo\nT2\tCondition 3 9\tasthma\nT3\tCondition 13 19\teczema\n"
    ann += "T4\tCondition 25 29\tacne\nR1\tHas_negation Arg1:T2 Arg2:T1\n*\tOR T2 T3\n"
    write(tmp_path, "NCT1_exc", text, ann)
    (document,) = chia.read(tmp_path)
    entities = {e.text: (e.negated, e.negated_by_group) for e in document.gold.entities or ()}
    assert entities["asthma"] == (True, True)
    assert entities["eczema"] == (False, True)
    assert entities["acne"] == (False, False)


def test_groups_and_relations_join_domain_entities(tmp_path: Path) -> None:
    text = "asthma, eczema or gout and aspirin daily"
    ann = "T1\tCondition 0 6\tasthma\nT2\tCondition 8 14\teczema\nT3\tCondition 18 22\tgout\n"
    ann += "T4\tDrug 27 34\taspirin\nT5\tMultiplier 35 40\tdaily\n"
    ann += "*\tOR T1 T2 T3\nR1\tAND Arg1:T1 Arg2:T4\nR2\tAND Arg1:T4 Arg2:T5\n"
    write(tmp_path, "NCT1_inc", text, ann)
    (document,) = chia.read(tmp_path)
    joined = [(text[slice(*a)], text[slice(*b)], o) for a, b, o in document.gold.joined or ()]
    assert joined == [
        ("asthma", "eczema", "or"), ("asthma", "gout", "or"), ("asthma", "aspirin", "and"),
        ("eczema", "gout", "or"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        pytest.param("longest", ((10, 20),), id="longest"),
        pytest.param("first", ((0, 4),), id="first"),
        pytest.param("hull", ((0, 20),), id="hull"),
        pytest.param("all", ((0, 4), (10, 20)), id="all"),
    ],
)
def test_fragments(choice, expected) -> None:
    assert pick_fragments([(0, 4), (10, 20)], choice) == expected


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        pytest.param("longest", [(2, 9)], id="longest"),
        pytest.param("shortest", [(0, 3), (8, 10)], id="shortest"),
        pytest.param("first", [(0, 3), (8, 10)], id="first"),
    ],
)
def test_overlaps(choice, kept) -> None:
    spans = [(0, 3), (2, 9), (8, 10)]
    assert flatten(spans, lambda s: s, choice)[0] == kept


def test_ties_go_to_the_first_in_the_file() -> None:
    kept, lost = flatten([("a", 0, 3), ("b", 0, 3)], lambda s: (s[1], s[2]), "longest")
    assert (kept, lost) == ([("a", 0, 3)], [("b", 0, 3)])


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        pytest.param(
            "T1\tDrug 0 9\tAspirin", "repaired: span shrunk to its quoted text", id="over a line end"
        ),
        pytest.param(
            "T1\tDrug 0 7\tIbuprof", "kept: quoted text differs from the text at its offsets", id="other"
        ),
        pytest.param("T1\tDrug 0 99\tAspirin", "dropped: span outside the text", id="outside"),
        pytest.param("T1\tDrug 5 5\t", "dropped: span outside the text", id="empty"),
        pytest.param("T1\tDrug x 7\tAspirin", "dropped: malformed line", id="malformed"),
        pytest.param("rest of a broken line", "dropped: line is not an annotation", id="no annotation"),
        pytest.param("#1\tAnnotatorNotes T1\tunsure", "ignored: annotator note", id="note"),
        pytest.param("R1\tAND Arg1:T8 Arg2:T9", "dropped: refers to an unknown annotation", id="dangling"),
    ],
)
def test_nothing_is_repaired_or_dropped_silently(line: str, kind: str) -> None:
    _, notes = brat.parse(line, "Aspirin\r\nor not", "d")
    assert [note.kind for note in notes] == [kind]


def test_repair_ends_where_the_quoted_text_ends() -> None:
    view, _ = brat.parse("T1\tDrug 0 9\tAspirin", "Aspirin\r\nor not", "d")
    assert view.entities[0].fragments == ((0, 7),)
    assert view.entities[0].text == "Aspirin"


def test_fragments_written_out_of_order_are_no_mismatch() -> None:
    view, notes = brat.parse("T1\tCondition 6 10;0 5\tloss blood", "blood loss", "d")
    assert view.entities[0].fragments == ((0, 5), (6, 10))
    assert notes == ()


def test_missing_text_file(tmp_path: Path) -> None:
    (tmp_path / "a.ann").write_text("T1\tDrug 0 1\tx\n")
    with pytest.raises(CorpusError, match=r"\.txt file is missing"):
        chia.read(tmp_path)


def test_not_utf8(tmp_path: Path) -> None:
    write(tmp_path, "a", "x", "")
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    with pytest.raises(CorpusError, match="not UTF-8 at byte 3"):
        chia.read(tmp_path)


def test_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no \.ann files"):
        chia.read(tmp_path)


def test_scope_is_a_label_only_where_asked(tmp_path: Path) -> None:
    write(tmp_path, "NCT1_inc", "renal or hepatic", "T1\tScope 0 16\trenal or hepatic\n")
    assert chia.read(tmp_path)[0].gold.entities == ()
    scoped = chia.read(tmp_path, labels=chia.SCOPED_LABELS, conventions=Conventions())
    assert [e.label for e in scoped[0].gold.entities or ()] == ["Scope"]
