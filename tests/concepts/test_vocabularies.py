"""Vocabularies: from tables to a folder and back, in every format, and what is said of bad ones."""

from __future__ import annotations

import gzip
import json
import resource
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest
from typer.testing import CliRunner

from eligex.cli import app
from eligex.concepts.aliases import check_aliases
from eligex.concepts.link import Linker
from eligex.concepts.normal import bag, stems
from eligex.concepts.own import build, folder_of
from eligex.concepts.sources import COLUMNS, sources
from eligex.concepts.store import Store, own_vocabulary
from eligex.concepts.systems import fhir_uri, systems
from eligex.concepts.table import write_table
from eligex.errors import EligexError, InputError, LexiconError

from .conftest import HEADER, ROWS

Written = Callable[[str, str | bytes], Path]


def test_a_term_comes_back_whole(store: Store) -> None:
    (name,) = store.names(bag("quux syndrome"))
    assert (name.text, name.preferred) == ("quux syndrome", True)
    assert store.curie(name.term) == "MINE:2"
    assert store.label(name.term) == "quux syndrome"
    assert store.xrefs(name.term) == ("MESH:D000001", "SNOMEDCT:7")  # those of other systems are left out
    assert store.kinds(name.term) == {"Condition"}
    assert [store.curie(each) for each in store.ancestors(name.term)] == ["MINE:1"]
    assert store.find("MINE:2") == name.term
    assert store.find("MINE:5") is None


def test_parents_elsewhere_are_left_out(store: Store) -> None:
    term = store.find("MINE:3")
    assert term is not None
    assert [store.curie(each) for each in store.parents(term)] == ["MINE:1"]


def test_like_names_are_found(store: Store) -> None:
    score, name = store.similar(stems("chronic blorbitiss"))[0]
    assert store.curie(name.term) == "MINE:3"
    assert 0.7 < score < 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            HEADER + ROWS + "MINE:2\tagain\t\t\t\tDrug\n",
            "bad.tsv:6: this id is already at bad.tsv:3",
            id="twice",
        ),
        pytest.param(
            HEADER + "M:1\ta\t\t\tM:2\tDrug\nM:2\tb\t\t\tM:3\tDrug\nM:3\tc\t\t\tM:1\tDrug\n",
            "is its own ancestor",
            id="cycle",
        ),
        pytest.param(
            HEADER + "M:1\ta\t\t\tM:1\tDrug\n", "bad.tsv:2: this term is its own ancestor", id="own-parent"
        ),
        pytest.param("id\tlabel\nM:1\ta\n", "bad.tsv:1: the first line is no header", id="columns"),
        pytest.param(HEADER + "M:1\ta\t\n", "bad.tsv:2: 3 cells, expected 6", id="cells"),
        pytest.param(HEADER + "1\ta\t\t\t\tDrug\n", "bad.tsv:2: the id '1' is not SYSTEM:CODE", id="id"),
        pytest.param(HEADER + "M:1\t\t\t\t\tDrug\n", "bad.tsv:2: M:1 has no name", id="name"),
        pytest.param(HEADER + "M:1\ta\t\t\t\tTree\n", "bad.tsv:2: M:1 has the label 'Tree'", id="label"),
        pytest.param(
            (HEADER + "M:1\tMénière\t\t\t\tDrug\n").encode("latin-1"), "bad.tsv:2: not UTF-8", id="latin-1"
        ),
        pytest.param("", "no header that is known", id="empty"),
        pytest.param(HEADER, "no terms", id="no-terms"),
        pytest.param(
            HEADER + "M:1\t" + "a" * 1_000_100 + "\t\t\t\tDrug\n",
            "bad.tsv:2: a line of more than",
            id="long-line",
        ),
    ],
)
def test_bad_tables(written: Written, tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        build([written("bad.tsv", content)], tmp_path / "out")
    assert message in str(caught.value)
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".out*"))


def test_a_damaged_archive(written: Written, tmp_path: Path) -> None:
    packed = gzip.compress((HEADER + ROWS).encode())
    with pytest.raises(InputError, match="cannot be read"):
        build([written("bad.tsv.gz", packed[:-20])], tmp_path / "out")


def test_a_folder_with_something_else_is_left_alone(table: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("dear")
    with pytest.raises(EligexError, match="something else"):
        build([table], tmp_path / "out")
    assert (tmp_path / "out" / "letter.txt").read_text() == "dear"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"format": 0}, "another version", id="format"),
        pytest.param({"words": 0}, "another version", id="words"),
        pytest.param(None, "no vocabulary here", id="no-json"),
    ],
)
def test_other_folders_are_refused(store: Store, change: dict[str, int] | None, message: str) -> None:
    meta = store.folder / "meta.json"
    meta.write_text("?" if change is None else json.dumps(json.loads(meta.read_text()) | change))
    with pytest.raises(InputError, match=message):
        Store(store.folder)


def test_arrays_with_objects_are_refused(store: Store) -> None:
    np.save(store.folder / "key.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match="damaged"):
        Store(store.folder).names(bag("disease"))


CONCEPT = (
    "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\tstandard_concept\tconcept_code\t"
    "valid_start_date\tvalid_end_date\tinvalid_reason\n"
    "11\tQuux syndrome\tCondition\tSNOMED\tDisorder\tS\t700\t19700101\t20991231\t\n"
    "12\tOld quux\tCondition\tSNOMED\tDisorder\tS\t701\t19700101\t20200101\tD\n"
    "13\tquux code\tCondition\tICD10CM\tCode\t\tQ1\t19700101\t20991231\t\n"
    "14\tfrobnicillin\tDrug\tRxNorm\tIngredient\tS\t9\t19700101\t20991231\t\n"
)


def test_omop(written: Written, tmp_path: Path) -> None:
    written(
        "CONCEPT_SYNONYM.csv",
        "concept_id\tconcept_synonym_name\tlanguage_concept_id\n"
        "11\tmorbus Quux\t4180186\n11\tQuux-Syndrom\t4182504\n",
    )
    meta = build([written("CONCEPT.csv", CONCEPT)], tmp_path / "out")
    assert (meta["terms"], meta["names"], meta["systems"]) == (2, 3, ["SNOMED", "RxNorm"])
    linker = Linker([tmp_path / "out"], shipped=False)
    found = linker.link("Morbus Quux", "Condition")
    assert found is not None
    assert (found.system, found.code, found.xrefs) == ("SNOMED", "700", ("OMOP:11",))
    assert linker.link("frobnicillin", "Drug") is not None
    assert linker.link("old quux", "Condition") is None


def _rrf(cui: str, name: str, *, language: str = "ENG", status: str = "P", suppressed: str = "N") -> str:
    cells = [
        cui,
        language,
        status,
        "L",
        "PF",
        "S",
        "Y",
        "A",
        "",
        "",
        "",
        "MSH",
        "MH",
        "D1",
        name,
        "0",
        suppressed,
        "",
    ]
    return "|".join(cells) + "|\n"


def test_rrf(written: Written, tmp_path: Path) -> None:
    written("MRSTY.RRF", "C1|T047|A|Disease|AT1||\nC2|T121|A|Substance|AT2||\nC3|T204|A|Eukaryote|AT3||\n")
    rows = (
        _rrf("C1", "Quux, morbus", status="S")
        + _rrf("C1", "quux syndrome")
        + _rrf("C1", "syndrome de Quux", language="FRE")
        + _rrf("C1", "quux, obsolete", suppressed="O")
        + _rrf("C2", "frobnicillin")
        + _rrf("C3", "quux worm")
    )
    meta = build([written("MRCONSO.RRF", rows)], tmp_path / "out")
    assert (meta["terms"], meta["names"]) == (2, 3)
    store = Store(tmp_path / "out")
    (name,) = store.names(bag("morbus quux"))
    assert (store.curie(name.term), store.label(name.term)) == ("UMLS:C1", "quux syndrome")


def test_rxnorm(written: Written, tmp_path: Path) -> None:
    build([written("RXNCONSO.RRF", _rrf("7", "frobnicillin"))], tmp_path / "out")
    found = Linker([tmp_path / "out"], shipped=False).link("Frobnicillin", "Drug")
    assert found is not None
    assert (found.system, found.code) == ("RXNORM", "7")


def test_snomed(written: Written, tmp_path: Path) -> None:
    head = "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId\n"
    fsn, synonym = "900000000000003001", "900000000000013009"
    rows = [
        ("1", "700", synonym, "Morbus Quux"),
        ("1", "700", fsn, "Quux syndrome (disorder)"),
        ("0", "701", fsn, "Old quux (disorder)"),
        ("1", "702", fsn, "Quux worm (organism)"),
    ]
    lines = [f"{n}\t20250101\t{a}\tm\t{c}\ten\t{t}\t{w}\tx\n" for n, (a, c, t, w) in enumerate(rows)]
    name = "sct2_Description_Snapshot-en_INT.txt"
    meta = build([written(name, head + "".join(lines))], tmp_path / "out")
    assert (meta["terms"], meta["names"]) == (1, 2)
    assert Linker([tmp_path / "out"], shipped=False).link("morbus quux", "Condition") is not None


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param(
            "CONCEPT.csv", CONCEPT + "15\tx\n", "CONCEPT.csv:6: 2 cells, expected 10", id="omop-cells"
        ),
        pytest.param(
            "CONCEPT.csv", CONCEPT.replace("11\t", "x1\t"), "CONCEPT.csv:2: 'x1' is no number", id="omop-id"
        ),
        pytest.param(
            "CONCEPT.csv",
            CONCEPT + CONCEPT.splitlines()[1] + "\n",
            "CONCEPT.csv:6: this id is already",
            id="omop-twice",
        ),
        pytest.param(
            "MRCONSO.RRF", _rrf("C1", "a") + "C2|ENG|\n", "MRCONSO.RRF:2: 2 columns", id="rrf-columns"
        ),
    ],
)
def test_bad_downloads(written: Written, tmp_path: Path, name: str, content: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        build([written(name, content)], tmp_path / "out")
    assert message in str(caught.value)


@pytest.mark.slow
def test_memory_does_not_follow_the_size_of_the_download(tmp_path: Path) -> None:
    head, row = CONCEPT.splitlines()[:2]
    path = tmp_path / "CONCEPT.csv"
    with path.open("w") as stream:
        stream.write(head + "\n")
        for n in range(400_000):  # 60 MB, of which one in ten is a standard concept
            stream.write(
                row.replace("11\t", f"{n}\t")
                .replace("\t700\t", f"\t{n}\t")
                .replace("Quux", f"Quux number {n} of many more")
                .replace("\tS\t", "\tS\t" if n % 10 == 0 else "\t\t")
                + " " * 60
                + "\n"
            )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    text = path.read_text().replace(" " * 60, "")
    path.write_text(text)
    del text
    before = max(before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    meta = build([path], tmp_path / "out")
    assert meta["terms"] == 40_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kB


def test_a_table_is_built_once(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = folder_of(table)
    stamp = (folder / "meta.json").stat().st_mtime_ns
    assert folder_of(table) == folder
    assert (folder / "meta.json").stat().st_mtime_ns == stamp
    table.write_text(HEADER + ROWS + "MINE:5\tother\t\t\t\tDrug\n")
    assert folder_of(table) != folder
    assert folder_of(folder) == folder
    with pytest.raises(InputError, match="no such file"):
        folder_of(tmp_path / "nothing")
    with pytest.raises(InputError, match="no vocabulary here"):
        folder_of(tmp_path)


def test_every_alias_has_a_code_of_the_vocabularies() -> None:
    assert check_aliases(own_vocabulary()) >= 600


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param(
            "x\tCondition\tDOID:0\t1", "a.tsv:2: 'x' has the code DOID:0, which no vocabulary has", id="code"
        ),
        pytest.param("x\tTree\t-\t1", "a.tsv:2: unknown label 'Tree'", id="label"),
        pytest.param("x\tDrug\t-\tmany", "a.tsv:2: the count 'many' is not a number", id="count"),
        pytest.param("x\tDrug\t-\t1\nX-\tDrug\t-\t1", "is already at a.tsv:2", id="twice"),
    ],
)
def test_bad_aliases(written: Written, row: str, message: str) -> None:
    path = written("a.tsv", f"name\tlabels\tcode\tcount\n{row}\n")
    with pytest.raises(LexiconError) as caught:
        check_aliases(own_vocabulary(), path)
    assert message in str(caught.value)


def test_systems_have_names_in_fhir() -> None:
    assert all(each["fhir"] and each["licence"] and each["version"] for each in systems())
    assert {each["system"] for each in systems()} >= {"DOID", "MONDO", "MESH", "HP", "DRUGBANK", "LOINC"}
    assert fhir_uri("SNOMEDCT") == "http://snomed.info/sct"
    assert set(own_vocabulary().systems) <= {source.system for source in sources()} | {"CIVIC.GID"}


def test_the_shipped_data_is_small() -> None:
    sizes = [path.stat().st_size for path in own_vocabulary().folder.iterdir()]
    assert sum(sizes) < 24_000_000


def test_heart_failure_and_all_below_it(tmp_path: Path) -> None:
    out = tmp_path / "concepts.parquet"
    assert write_table([own_vocabulary()], out) == own_vocabulary().size
    query = "select system, code, name from read_parquet(?) where list_contains(ancestors, 'MESH:D006333')"
    found = duckdb.execute(query, [str(out)]).fetchall()
    assert ("MESH", "D006333", "Heart Failure") in found
    assert ("DOID", "6000", "congestive heart failure") in found
    assert ("MESH", "D054143", "Heart Failure, Systolic") in found
    assert not any(name.lower() == "asthma" for _, _, name in found)


def test_commands(table: Path, tmp_path: Path) -> None:
    def call(*args: object) -> tuple[int, str]:
        result = CliRunner().invoke(app, [str(each) for each in args])
        return result.exit_code, result.output

    code, said = call("vocab", "build", table, "-o", tmp_path / "out")
    assert (code, "4 terms" in said) == (0, True)
    code, said = call("vocab", "list")
    assert code == 0
    assert json.loads(said)[0]["system"] == "DOID"
    code, said = call("vocab", "build", tmp_path / "no.tsv", "-o", tmp_path / "x")
    assert (code, "cannot be read" in said) == (2, True)
    code, said = call("vocab", "build", table, "-o", tmp_path / "x", "--label", "Tree")
    assert code == 2


def test_columns_are_those_of_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "concepts.md").read_text("utf-8")
    assert all(f"`{name}`" in page for name in COLUMNS)
