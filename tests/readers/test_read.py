from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligex.errors import InputError
from eligex.readers import read, read_all
from eligex.schema import Structured, Trial, TrialCriteria

SECTION = "Inclusion Criteria:\n\n- Age 18 years or older\n\nExclusion Criteria:\n\n- Pregnancy\n"
Write = Callable[[str, str | bytes], Path]


def study(nct_id: str | None = "NCT00000001", text: Any = SECTION, **module: Any) -> dict[str, Any]:
    identification = {"nctId": nct_id} if nct_id else {}
    criteria = {"eligibilityCriteria": text} if text is not None else {}
    return {
        "protocolSection": {
            "identificationModule": identification,
            "eligibilityModule": {**criteria, **module},
        }
    }


def trials(source: Any, **options: Any) -> list[Trial]:
    found = list(read(source, **options))
    assert all(isinstance(each, Trial) for each in found), found
    return [each for each in found if isinstance(each, Trial)]


def errors(source: Any, **options: Any) -> dict[str, str]:
    """Return the message of each record that failed; the others as empty strings."""
    return {
        each.trial_id: each.error.message if isinstance(each, TrialCriteria) and each.error else ""
        for each in read(source, **options)
    }


def test_text_file(write: Write) -> None:
    path = write("NCT00000007.txt", SECTION)
    (trial,) = trials(path)
    assert (trial.trial_id, trial.text) == ("NCT00000007", SECTION)
    assert (trial.source.format, trial.source.path, trial.source.field) == ("text", str(path), None)


def test_newlines_and_byte_order_mark_are_kept(write: Write) -> None:
    text = "\ufeff" + SECTION.replace("\n", "\r\n")
    (trial,) = trials(write("a.txt", text))
    assert trial.text == text


def test_page_around_the_section(write: Write) -> None:
    page = (
        f"A Trial of Something\nLaunched by SOMEBODY\nEligibility criteria\n{SECTION}Locations\nSomewhere\n"
    )
    (trial,) = trials(write("page.txt", page))
    section = page[trial.source.start : trial.source.end]
    assert "Inclusion Criteria:" in section
    assert "Launched by" not in section
    assert "Pregnancy" in section
    assert "Somewhere" not in section


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_byte_order_mark_decides_the_encoding(write: Write, encoding: str) -> None:
    (trial,) = trials(write("a.txt", SECTION.encode(encoding)))
    assert trial.text == SECTION


def test_encoding_that_was_asked_for(write: Write) -> None:
    path = write("a.txt", SECTION.replace("Age", "Âge").encode("cp1252"))
    assert "Âge" in trials(path, encoding="cp1252")[0].text


def test_stream_and_gzip(write: Write) -> None:
    packed = gzip.compress(json.dumps(study()).encode())
    assert trials(io.BytesIO(packed))[0].trial_id == "NCT00000001"
    assert trials(write("x.json.gz", packed))[0].trial_id == "NCT00000001"
    assert trials(write("NCT5.txt.gz", gzip.compress(SECTION.encode())))[0].trial_id == "NCT5"


class Dripping(io.RawIOBase):
    """A stream that gives a few bytes at a time, as a pipe does."""

    def __init__(self, data: bytes) -> None:
        self._rest = data

    def read(self, size: int = -1) -> bytes:  # noqa: ARG002
        part, self._rest = self._rest[:7], self._rest[7:]
        return part


def test_stream_that_drips() -> None:
    lines = "".join(json.dumps({"trial_id": f"t{n}", "text": SECTION}) + "\n" for n in range(5))
    assert [trial.trial_id for trial in trials(Dripping(lines.encode()))] == ["t0", "t1", "t2", "t3", "t4"]


def two() -> list[dict[str, Any]]:
    return [study("NCT00000001"), study("NCT00000002")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.json", json.dumps(two()), id="array"),
        pytest.param("a.json", json.dumps(two(), indent=2), id="array-on-lines"),
        pytest.param("a.json", json.dumps({"studies": two(), "nextPageToken": "x"}), id="page"),
        pytest.param("a.json", json.dumps({"totalCount": 2, "studies": two()}, indent=1), id="page-on-lines"),
        pytest.param("a.jsonl", "\n".join(map(json.dumps, two())), id="lines"),
        pytest.param("a.json", "\r\n\r\n".join(map(json.dumps, two())) + "\r\n", id="lines-named-json"),
        pytest.param("a", "\n".join(json.dumps(each, indent=2) for each in two()), id="one-after-another"),
        pytest.param(
            "a.jsonl", "\n".join(json.dumps({"studies": [each]}) for each in two()), id="a-page-a-line"
        ),
        pytest.param("a.jsonl", "\ufeff" + "\n".join(map(json.dumps, two())), id="byte-order-mark"),
        pytest.param("a.json", json.dumps(two()).encode("utf-16"), id="utf-16-array"),
        pytest.param("a.jsonl", "\n".join(map(json.dumps, two())).encode("utf-16"), id="utf-16-lines"),
    ],
)
def test_layouts_of_json(write: Write, name: str, content: str | bytes) -> None:
    found = trials(write(name, content))
    assert [trial.trial_id for trial in found] == ["NCT00000001", "NCT00000002"]
    assert {trial.text for trial in found} == {SECTION}
    assert {trial.source.format for trial in found} == {"ctgov-v2"}


def test_long_array_is_read_piece_by_piece(write: Write) -> None:
    studies = [study(f"NCT{n:08}", SECTION * 100) for n in range(200)]
    path = write("a.json", json.dumps(studies))
    assert path.stat().st_size > 1_500_000
    assert len(trials(path, max_bytes=300_000)) == 200


def test_fields_of_a_study(write: Write) -> None:
    module = {
        "minimumAge": "18 Years",
        "sex": "FEMALE",
        "healthyVolunteers": False,
        "stdAges": ["ADULT", "OLDER_ADULT"],
    }
    (trial,) = trials(write("a.json", json.dumps(study(**module))))
    assert trial.structured == Structured("18 Years", None, "FEMALE", False, ("ADULT", "OLDER_ADULT"))
    assert trial.source.field == "protocolSection.eligibilityModule.eligibilityCriteria"
    assert (trial.source.start, trial.source.end) == (0, len(SECTION))


@pytest.mark.parametrize("key", ["trial_id", "nct_id", "id"])
def test_eligibility_jsonl(write: Write, key: str) -> None:
    (trial,) = trials(write("a.jsonl", json.dumps({key: "T-1", "text": SECTION, "other": 1})))
    assert (trial.trial_id, trial.text, trial.source.format) == ("T-1", SECTION, "jsonl")


def test_records_of_both_kinds_in_one_file(write: Write) -> None:
    lines = [json.dumps(study()), json.dumps({"id": 17, "text": SECTION})]
    found = trials(write("a.jsonl", "\n".join(lines)))
    assert [(trial.trial_id, trial.source.format) for trial in found] == [
        ("NCT00000001", "ctgov-v2"),
        ("17", "jsonl"),
    ]


def test_foreign_scripts(write: Write) -> None:
    text = "Inclusion Criteria:\n- Ａｇｅ ≥ １８\n- גיל 18 ומעלה\n- العمر ١٨\n"
    assert trials(write("a.txt", text))[0].text == text


def test_nul_inside_a_text(write: Write) -> None:
    text = SECTION.replace("Age", "A\0ge")
    assert trials(write("a.txt", text))[0].text == text


def test_folder(write: Write, tmp_path: Path) -> None:
    write("b.txt", SECTION)
    write("a/z.md", SECTION)
    write("a/y.json", json.dumps(study()))
    write("c.html", "<x/>")
    write("d.docx", "x")
    write(".hidden.txt", SECTION)
    write(".hidden/e.txt", SECTION)
    said: list[str] = []
    found = trials(tmp_path, notify=said.append)
    assert [trial.trial_id for trial in found] == ["NCT00000001", "z", "b"]
    (message,) = said
    assert "skipped 2 files (c.html, d.docx)" in message


def test_folder_with_a_bad_file(write: Write, tmp_path: Path) -> None:
    write("a.txt", SECTION)
    write("b.txt", b"\xff\xfe\xfa")
    write("c.txt", "")
    write("d.json", "{}")
    write("e.txt", SECTION)
    found = errors(tmp_path)
    assert list(found) == ["a", "b", "c", "d", "e"]
    assert [bool(message) for message in found.values()] == [False, True, True, True, False]
    assert "c.txt: the input is empty" in found["c"]


def test_ids_that_are_missing_or_twice(write: Write) -> None:
    said: list[str] = []
    lines = [json.dumps({"trial_id": name, "text": SECTION}) for name in ("T1", "T1", "", " ")]
    found = trials(write("f.jsonl", "\n".join(lines)), notify=said.append)
    assert [trial.trial_id for trial in found] == ["T1", "T1", "f-3", "f-4"]
    assert "trial id T1 was already in" in said[0]
    assert said[1].endswith("line 3: the record has no id; it is called f-3")


def test_broken_records_among_others(write: Write) -> None:
    lines = [
        '{"trial_id": "T1", "text": "unfinished',
        json.dumps({"trial_id": "T2", "text": SECTION}),
        json.dumps({"trial_id": "T3", "txt": SECTION}),
        json.dumps({"trial_id": "T4", "text": None}),
        json.dumps({"trial_id": "T5", "text": " \n\0"}),
        json.dumps({"name": "T6"}),
        json.dumps([1]),
        json.dumps(study("NCT7", None)),
        json.dumps(study("NCT8", ["a"])),
        json.dumps({"schema_version": "1.0", "trial_id": "T9", "criteria": []}),
        '{"trial_id": "T10", "text": "\udce9"}',
        json.dumps({"trial_id": "T11", "text": SECTION}),
    ]
    content = "\n".join(lines).encode("utf-8", "surrogateescape")
    found = errors(write("f.jsonl", content))
    expected = {
        "f": "f.jsonl, line 1: broken JSON: unterminated string",
        "T2": "",
        "T3": 'line 3: no field "text"; the fields are: trial_id, txt',
        "T4": 'line 4: "text" is not text but NoneType',
        "T5": "line 5: text is empty",
        "f-6": "a JSON object of unknown format; its fields are: name",
        "f-7": "a list instead of an object",
        "NCT7": "the study has no protocolSection.eligibilityModule.eligibilityCriteria",
        "NCT8": "is not text but list",
        "T9": "eligex's own output",
        "f-11": "not UTF-8 text: byte 0xE9 at position 29",
        "T11": "",
    }
    assert list(found) == list(expected)
    for name, message in expected.items():
        assert message in found[name]
        assert bool(message) == bool(found[name])


def test_notes_are_bounded(write: Write) -> None:
    said: list[str] = []
    lines = [json.dumps({"trial_id": "T1", "text": SECTION})] * 100
    assert len(trials(write("f.jsonl", "\n".join(lines)), notify=said.append)) == 100
    assert len(said) == 21
    assert said[-1] == "… and 79 more: ids that occur twice"


def test_pipe_in_a_folder(write: Write, tmp_path: Path) -> None:
    write("a.txt", SECTION)
    os.mkfifo(tmp_path / "b.txt")
    found = errors(tmp_path)
    assert sorted(found) == ["a", "b.txt"]
    assert "b.txt: not a regular file" in found["b.txt"]


def test_array_that_breaks_off(write: Write) -> None:
    content = json.dumps(two(), indent=1)
    found = errors(write("f.json", content[:-30]))
    assert list(found) == ["NCT00000001", "f-2"]
    assert "the file ends in the middle of a value" in found["f-2"]


def test_array_with_an_error_in_the_middle(write: Write) -> None:
    content = json.dumps(two()).replace('}, {"protocol', "}, {protocol") + " " * 100
    found = errors(write("f.json", content))
    assert list(found) == ["NCT00000001", "f-2"]
    assert "f.json, line 1: broken JSON" in found["f-2"]


def test_line_over_the_limit_among_others(write: Write) -> None:
    lines = [json.dumps({"trial_id": f"T{n}", "text": SECTION * (1000 if n == 1 else 1)}) for n in range(3)]
    found = errors(write("f.jsonl", "\n".join(lines)), max_bytes=10_000)
    assert list(found) == ["T0", "f-2", "T2"]
    assert "f.jsonl, line 2: 0.1 MB in one piece, over the limit of 0.01 MB" in found["f-2"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("a.txt", b"", "the input is empty", id="empty"),
        pytest.param("a.txt", b" \n\n\t", "the input is empty", id="blank"),
        pytest.param("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary data, not text", id="png"),
        pytest.param("a.txt", bytes(range(32)) * 50, "binary data, not text", id="binary"),
        pytest.param("a.txt", b"\0" * 500 + b"abc" * 200, "without a byte-order mark", id="nuls"),
        pytest.param("a.txt", SECTION.encode("utf-16-le"), "--encoding utf-16-le", id="utf-16-unmarked"),
        pytest.param("a.txt", b"%PDF-1.7 \xe2", "a PDF file", id="pdf"),
        pytest.param("a.txt", b"PK\x03\x04....", "damaged ZIP archive", id="docx"),
        pytest.param("a.txt", "Âge ≥ 18".encode("cp1252", "replace"), "tried utf-8", id="not-utf-8"),
        pytest.param(
            "a.txt", "Âge".encode("cp1252"), "--encoding (text from Windows is often cp1252)", id="cp1252"
        ),
        pytest.param("a.txt", "<!DOCTYPE html><html><body>x", "an HTML page", id="html"),
        pytest.param("a.html", "\n <HTML lang='en'>x", "Save the page as text", id="html-upper"),
        pytest.param("a.xml", "<?xml version='1.0'?><a/>", "its root is <a>", id="xml"),
        pytest.param("a.txt", "\u200b\u2060\n", "the text is empty", id="nothing visible"),
        pytest.param("a.txt", "Adultos con gota que puedan andar.", "the text is in Spanish", id="spanish"),
        pytest.param(
            "a.json", "Inclusion Criteria:", "named .json but its content is not JSON", id="no-json"
        ),
        pytest.param("a.json", "[]", "it holds no record", id="empty-array"),
        pytest.param("a.json", '{"studies": []}', "it holds no record", id="empty-page"),
        pytest.param("a.gz", b"\x1f\x8b\x08\0broken", "damaged gzip", id="gzip"),
        pytest.param("a.gz", gzip.compress(SECTION.encode() * 90)[:-20], "damaged gzip", id="gzip-cut"),
    ],
)
def test_unreadable_input(write: Write, name: str, content: str | bytes, message: str) -> None:
    path = write(name, content)
    with pytest.raises(InputError) as caught:
        list(read(path))
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param('{"trial_id": ', "broken JSON", id="cut-off"),
        pytest.param('{"a": 1, b}', "line 1: broken JSON", id="one-line"),
        pytest.param('{\n "a": 1,\n b\n}', "line 3: broken JSON", id="third-line"),
        pytest.param('[{"a" 1}]', "broken JSON: expecting ':'", id="no-colon"),
        pytest.param('{"FullStudiesResponse": {}}', "unknown format", id="api-1"),
        pytest.param('{"ctNumber": "2022-1"}', "the record has no eligibilityCriteria", id="ctis"),
        pytest.param('{"id": "7", "title": "x"}', "unknown format", id="id-alone"),
        pytest.param('[{"a": ' + "[" * 100_000, "nested too deeply", id="nested"),
        pytest.param('{"a": ' * 100_000, "broken JSON", id="nested-objects"),
    ],
)
def test_unreadable_json(write: Write, content: str, message: str) -> None:
    found = errors(write("a.json", content))
    assert len(found) == 1
    assert message in next(iter(found.values()))


def test_line_of_fifty_megabytes(write: Write) -> None:
    path = write("a.txt", b"Age 18 or older " * 3_200_000)
    with pytest.raises(InputError, match=r"51\.2 MB in one piece, over the limit of 20 MB"):
        list(read(path))


def test_missing_file_before_anything_is_read(write: Write, tmp_path: Path) -> None:
    path = write("a.txt", SECTION)
    with pytest.raises(InputError, match=r"gone\.txt: no such file or folder"):
        read_all([path, tmp_path / "gone.txt"])


def test_several_inputs_go_on_past_a_bad_one(write: Write) -> None:
    paths = [write("a.txt", ""), write("b.txt", SECTION)]
    found = list(read_all(paths))
    assert [each.trial_id for each in found] == ["a", "b"]
    assert isinstance(found[1], Trial)


def test_folder_without_readable_files(write: Write, tmp_path: Path) -> None:
    write("a.html", "<x/>")
    with pytest.raises(InputError, match="no file in this folder can be read"):
        list(read(tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(write: Write) -> None:
    path = write("a.txt", SECTION)
    path.chmod(0)
    with pytest.raises(InputError, match=r"a\.txt: permission denied\. Check its permissions"):
        list(read(path))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"format": "docx"}, "unknown input format 'docx'", id="format"),
        pytest.param({"encoding": "klingon"}, "unknown encoding 'klingon'", id="encoding"),
    ],
)
def test_unknown_options(write: Write, options: dict[str, str], message: str) -> None:
    path = write("a.txt", SECTION)
    with pytest.raises(InputError, match=message):
        list(read(path, **options))


def test_format_that_it_is_not(write: Write) -> None:
    with pytest.raises(
        InputError, match="its content is not JSON, and so not ctgov-v2: it begins 'Inclusion"
    ):
        list(read(write("a.txt", SECTION), format="ctgov-v2"))


def test_values_that_are_not_records(write: Write) -> None:
    assert list(errors(write("a.json", '[1, "x", null]'))) == ["a", "a-2", "a-3"]


def test_format_that_was_asked_for(write: Write) -> None:
    path = write("a.json", SECTION)
    assert trials(path, format="text")[0].source.format == "text"
    record = {"trial_id": "T1", "text": SECTION, "protocolSection": {}}
    assert trials(write("b.json", json.dumps(record)), format="jsonl")[0].trial_id == "T1"


BASES = [
    SECTION.encode(),
    SECTION.encode("utf-16"),
    gzip.compress(SECTION.encode()),
    json.dumps(two()).encode(),
    json.dumps({"studies": two()}, indent=1).encode(),
    "\n".join(map(json.dumps, two())).encode(),
]


@given(
    base=st.sampled_from(BASES),
    cuts=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 9), st.binary(max_size=5)), max_size=4),
    format=st.sampled_from([None, None, "text", "jsonl", "ctgov-v2"]),
)
def test_damage_is_an_error_or_a_record_with_one(
    base: bytes, cuts: list[tuple[int, int, bytes]], format: str | None
) -> None:
    data = bytearray(base)
    for start, length, new in cuts:
        data[start : start + length] = new
    try:
        found = list(read(io.BytesIO(bytes(data)), format=format, notify=lambda _: None))
    except InputError:
        return
    assert found
    for each in found:
        assert isinstance(each, Trial) or (each.error and each.error.message)


@pytest.mark.data
def test_registry_samples(data_dir: Path) -> None:
    found = list(read(data_dir / "registry_samples" / "ctgov_v2_json", notify=lambda _: None))
    good = [each for each in found if isinstance(each, Trial)]
    bad = [each.error.type for each in found if isinstance(each, TrialCriteria) and each.error]
    assert len(good) > 20
    assert set(bad) == {"NoEligibilityError"}
    assert all(trial.structured and trial.source.end == len(trial.text) for trial in good)
