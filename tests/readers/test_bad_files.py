"""Files that are damaged, hostile or no files at all: a clear error or a record with one, and no hang."""

from __future__ import annotations

import gzip
import io
import json
import os
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from eligex.errors import InputError
from eligex.readers import files, packed, read
from eligex.schema import Trial

Write = Callable[[str, str | bytes], Path]
Trials = Callable[..., list[Trial]]
Errors = Callable[..., dict[str, str]]
SECTION = "Inclusion Criteria:\n\n- Adults\n"
RECORD = json.dumps({"trial_id": "T1", "text": SECTION})


def archive(files: dict[str, str | bytes]) -> bytes:
    packed_files = io.BytesIO()
    with zipfile.ZipFile(packed_files, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return packed_files.getvalue()


# -- archives ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", [10, 100, -1])
def test_archive_that_is_cut_off(write: Write, cut: int) -> None:
    path = write("a.zip", archive({"a.jsonl": RECORD * 3})[:cut])
    with pytest.raises(InputError, match=r"a\.zip: damaged ZIP archive: .* Fetch the file again"):
        list(read(path))


def test_damaged_file_in_an_archive(write: Write, errors: Errors) -> None:
    records = {f"{n}.txt": os.urandom(40).hex() + SECTION * 9 for n in range(3)}
    data = bytearray(archive(records))
    middle = data.index(b"1.txt") + 60
    data[middle : middle + 20] = b"\0" * 20
    found = errors(write("a.zip", bytes(data)))
    assert list(found) == ["0", "1", "2"]
    assert "a.zip/1.txt: damaged ZIP archive" in found["1"]
    assert not found["0"]
    assert not found["2"]


def test_archive_inside_an_archive(write: Write, errors: Errors) -> None:
    inner = archive({"a.txt": SECTION})
    found = errors(write("a.zip", archive({"b.zip": inner, "c.txt": SECTION})))
    assert "an archive inside an archive" in found["b"]
    assert not found["c"]


def test_archive_without_anything_to_read(write: Write) -> None:
    with pytest.raises(InputError, match="no file in this archive can be read"):
        list(read(write("a.zip", archive({"a.html": "x", ".b.txt": SECTION, "__MACOSX/c.txt": SECTION}))))


def test_word_document(write: Write) -> None:
    with pytest.raises(InputError, match="this is a Word document"):
        list(read(write("a.docx", archive({"word/document.xml": "<x/>"}))))


def test_file_with_a_password(write: Write, errors: Errors) -> None:
    data = bytearray(archive({"a.txt": SECTION}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    found = errors(write("a.zip", bytes(data)))
    assert "password" in found["a"]
    assert "Unpack it with its password first" in found["a"]


@pytest.fixture
def little_trust(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make traps of a megabyte out of those of a gigabyte."""
    monkeypatch.setattr(packed, "LARGEST_TRUSTED", 500_000)


def bomb() -> bytes:
    return (json.dumps({"trial_id": "T1", "text": SECTION}) + "\n").encode() + b" " * 2_000_000


@pytest.mark.usefixtures("little_trust")
def test_archive_that_is_a_trap(write: Write, errors: Errors) -> None:
    found = errors(write("a.zip", archive({"a.jsonl": bomb(), "b.txt": SECTION})))
    assert "unpacks to more than 200 times its size" in found["a"]
    assert not found["b"]


@pytest.mark.usefixtures("little_trust")
@pytest.mark.parametrize(("name", "content"), [("a.jsonl.gz", RECORD), ("a.txt.gz", "age ")])
def test_gzip_that_is_a_trap(write: Write, name: str, content: str) -> None:
    with pytest.raises(InputError, match="unpacks to more than 200 times its size"):
        list(
            read(
                write(name, gzip.compress(content.encode() * (2_000_000 // len(content)))),
                max_bytes=100_000_000,
            )
        )


@pytest.mark.usefixtures("little_trust")
@pytest.mark.parametrize("delimiter", ["|", ","])
def test_table_that_is_a_trap(write: Write, delimiter: str) -> None:
    rows = f"nct_id{delimiter}criteria\n" * 50_000
    *_, last = read(write("a.csv.gz", gzip.compress(rows.encode())), notify=lambda _: None)
    assert not isinstance(last, Trial)
    assert last.error is not None
    assert "unpacks to more than 200 times its size" in last.error.message


@pytest.mark.usefixtures("little_trust")
def test_honest_archives_are_trusted(write: Write, trials: Trials) -> None:
    lines = "".join(
        json.dumps({"trial_id": f"T{n}", "text": SECTION * 20 + f"{n**5}"}) + "\n" for n in range(900)
    )
    assert len(trials(write("a.jsonl.gz", gzip.compress(lines.encode())))) == 900
    assert len(trials(write("a.zip", archive({"a.jsonl": lines})))) == 900


# -- XML ---------------------------------------------------------------------------------------------------

LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE clinical_study [
  <!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]>
<clinical_study><eligibility><criteria><textblock>&c;</textblock></criteria></eligibility></clinical_study>
"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE clinical_study [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<clinical_study><eligibility><criteria><textblock>&a;</textblock></criteria></eligibility></clinical_study>
"""


@pytest.mark.parametrize("content", [LAUGHS, OUTSIDE])
def test_entities_are_refused(write: Write, errors: Errors, content: str) -> None:
    found = errors(write("a.xml", content))
    assert list(found) == ["a"]
    assert "declares entities or external references, which are refused" in found["a"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("<clinical_study>", "no element found", id="cut-off"),
        pytest.param("<clinical_study><a></b></clinical_study>", "mismatched tag", id="tags"),
        pytest.param(
            '<?xml version="1.0" encoding="klingon"?><clinical_study/>', "broken XML", id="encoding"
        ),
        pytest.param(b'<?xml version="1.0"?><clinical_study>\xff</a>', "not well-formed", id="bytes"),
    ],
)
def test_broken_xml(write: Write, errors: Errors, content: str | bytes, message: str) -> None:
    assert message in errors(write("a.xml", content))["a"]


def test_xml_record_over_the_limit(write: Write, errors: Errors) -> None:
    text = f"<clinical_study><brief_title>{'x' * 300_000}</brief_title></clinical_study>"
    assert "over the limit of 0.1 MB" in errors(write("a.xml", text), max_bytes=100_000)["a"]


def test_long_xml_is_read_piece_by_piece(write: Write, trials: Trials) -> None:
    study = (
        "<clinical_study><id_info><nct_id>NCT{0}</nct_id></id_info><eligibility><criteria><textblock>{1}"
        "</textblock></criteria></eligibility></clinical_study>"
    )
    studies = "".join(study.format(n, SECTION * 100) for n in range(200))
    path = write("a.xml", f"<search_results>{studies}</search_results>")
    assert len(trials(path, max_bytes=100_000)) == 200


def test_unknown_xml(write: Write) -> None:
    with pytest.raises(InputError, match="unknown format: its root is <feed>"):
        list(read(write("a.xml", "<feed><entry>1</entry></feed>")))
    with pytest.raises(InputError, match="its root is <trials_list>"):
        list(read(write("b.xml", "<trials_list><entry/></trials_list>")))


# -- tables ------------------------------------------------------------------------------------------------

HEAD = "TrialID,Inclusion Criteria,Exclusion Criteria\n"


def test_rows_with_another_number_of_cells(write: Write, errors: Errors) -> None:
    rows = "T1,Adults,Gout\nT2,Adults\nT3,Adults,Gout,Pain\nT4,Adults,Gout,,\n\nT5,Adults,Gout\n"
    found = errors(write("a.csv", HEAD + rows))
    assert list(found) == ["T1", "T2", "T3", "T4", "T5"]
    assert "line 3: a row of 2 cells in a table of 3 columns" in found["T2"]
    assert "a row of 4 cells" in found["T3"]
    assert [name for name, message in found.items() if not message] == ["T1", "T4", "T5"]


def test_quotation_mark_that_is_not_closed(write: Write, errors: Errors) -> None:
    found = errors(write("a.csv", f'{HEAD}T1,Adults,Gout\nT2,"Adults,Gout\nT3,Adults,Gout\n'))
    assert list(found) == ["T1", "T2"]
    assert "a row of 2 cells" in found["T2"]


def test_cell_over_the_limit(write: Write, errors: Errors) -> None:
    long = "x " * 100_000
    path = write("a.csv", f"{HEAD}T1,{long},Gout\nT2,Adults,Gout\n")
    found = errors(path, max_bytes=100_000)
    assert list(found) == ["a", "T2"]
    assert "0.2 MB in one piece" in found["a"]
    assert errors(path)["T1"] == ""


def test_cell_of_csv_s_own_limit(write: Write, trials: Trials) -> None:
    (trial,) = trials(write("a.csv", f'{HEAD}T1,"{"Adults " * 30_000}",Gout\n'))
    assert len(trial.text) > 200_000


def test_byte_that_does_not_fit_costs_one_row(write: Write, errors: Errors) -> None:
    content = f"{HEAD}T1,Adults,Gout\nT2,Âge,Gout\nT3,Adults,Gout\n".encode("cp1252")
    path = write("a.csv", content)
    found = errors(path)
    assert list(found) == ["T1", "a-2", "T3"]
    assert "line 3: not UTF-8 text: byte 0xC2" in found["a-2"]
    assert "name its encoding with --encoding" in found["a-2"]
    assert errors(path, encoding="cp1252") == {"T1": "", "T2": "", "T3": ""}


EUCTR = "EudraCT Number: 2020-000000-00\nE.3 Principal inclusion criteria: Adults\n"


@pytest.mark.parametrize(("head", "name"), [(HEAD, "a"), (EUCTR, "2020-000000-00")])
def test_utf_16_that_is_cut_off(write: Write, head: str, name: str) -> None:
    content = (head + "T1,Adults,Gout\n" * 9_000).encode("utf-16")[:-1]
    *_, last = read(write("a.csv", content), notify=lambda _: None)
    assert last.trial_id == name
    assert not isinstance(last, Trial)
    assert last.error is not None
    assert "not UTF-16 text" in last.error.message


def test_unknown_table_with_bars(write: Write) -> None:
    with pytest.raises(InputError, match=r"a table with columns between \| signs"):
        list(read(write("a.txt", "number|place|size\n1|here|2\n")))


def test_ids_that_are_missing_or_twice(write: Write, trials: Trials) -> None:
    said: list[str] = []
    rows = "T1,Adults,Gout\nT1,Adults,Pain\n,Adults,Gout\n"
    found = trials(write("a.csv", HEAD + rows), notify=said.append)
    assert [trial.trial_id for trial in found] == ["T1", "T1", "a-3"]
    assert "trial id T1 was already in" in said[0]
    assert "the record has no id; it is called a-3" in said[1]


# -- files that are none -----------------------------------------------------------------------------------


def test_pipe_into_which_nobody_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PIPE_PATIENCE", 0.1)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="no program writes into this pipe"):
        list(read(tmp_path / "pipe"))


@pytest.mark.parametrize("delay", [0, 0.1])
def test_pipe_with_a_writer(tmp_path: Path, trials: Trials, delay: float) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)

    def work() -> None:
        time.sleep(delay)
        with path.open("w") as file:
            time.sleep(delay)
            file.write(RECORD + "\n" + "x" * 0)
            file.flush()
            time.sleep(delay)
            file.write(RECORD.replace("T1", "T2") + "\n")

    writer = threading.Thread(target=work)
    writer.start()
    assert [trial.trial_id for trial in trials(path)] == ["T1", "T2"]
    writer.join()


def test_links_that_lead_nowhere(write: Write, tmp_path: Path, errors: Errors) -> None:
    write("a.txt", SECTION)
    (tmp_path / "b.txt").symlink_to(tmp_path / "gone.txt")
    (tmp_path / "c.txt").symlink_to(tmp_path / "c.txt")
    (tmp_path / "d").symlink_to(tmp_path)
    found = errors(tmp_path)
    assert list(found) == ["a", "b", "c"]
    assert "no such file" in found["b"]
    assert "too many levels of symbolic links" in found["c"]


def test_file_that_changes_while_it_is_read(write: Write) -> None:
    path = write("a.jsonl", f"{RECORD}\n{RECORD.replace('T1', 'T2')}\n")
    outcomes = read(path)
    assert isinstance(next(outcomes), Trial)
    with path.open("a") as file:
        file.write(RECORD)
    *_, last = outcomes
    assert not isinstance(last, Trial)
    assert last.error is not None
    assert "the file changed while it was read" in last.error.message


def test_number_that_no_integer_may_have(write: Write, errors: Errors) -> None:
    lines = [f'{{"trial_id": "T1", "text": "Adults", "n": {"9" * 5000}}}', RECORD.replace("T1", "T2")]
    found = errors(write("a.jsonl", "\n".join(lines)))
    assert list(found) == ["a", "T2"]
    assert "broken JSON" in found["a"]
