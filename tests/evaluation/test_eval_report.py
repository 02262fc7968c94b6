"""Reports, agreement, results, fetching and the commands, on made-up documents."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
import threading
import zipfile
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree

import pytest
import spacy
from spacy.tokens import DocBin
from typer.testing import CliRunner

from eligex.schema import Criterion, Entity, Predicate, PredicateEntity
from eligex_eval import cli, cli_run, results
from eligex_eval.corpora import brat_folder, conll, contract, docbin, frd, registry
from eligex_eval.documents import Document, Gold, GoldEntity
from eligex_eval.errors import CorpusError
from eligex_eval.fetch import Source, fetch
from eligex_eval.iaa import agree
from eligex_eval.predictions import empty_result
from eligex_eval.report.html import to_html
from eligex_eval.report.model import build
from eligex_eval.report.text import to_csv, to_markdown
from eligex_eval.runs import Corpus, run
from eligex_eval.systems.oracle import Oracle
from eligex_eval.systems.regex_baseline import RegexBaseline

TEXT = "Inclusion Criteria:\n- Age 18 to 75 years\n- No history of <b>asthma</b> & gout"


def annotated(key: str = "d") -> Document:
    """Return a document annotated to the whole contract."""
    start, end = TEXT.index("Age"), TEXT.index("Age") + 3
    value = TEXT.index("18"), TEXT.index("years") + 5
    predicate = Predicate(
        "inc-1.1",
        PredicateEntity("Age", start, end, "Person"),
        comparator="between",
        threshold=18,
        threshold_high=75,
        unit="a",
        unit_text="years",
        value_text=TEXT[value[0] : value[1]],
        value_start=value[0],
        value_end=value[1],
        confidence=0.8,
    )
    line = "Age 18 to 75 years"
    criterion = Criterion(
        "inc-1",
        "inclusion",
        line,
        start,
        start + len(line),
        predicates=(predicate,),
        logic={"and": ["inc-1.1"]},
    )
    gout = TEXT.index("gout")
    entities = (Entity(start, end, "Age", "Person"), Entity(gout, gout + 4, "gout", "Condition", True))
    base = empty_result(key, TEXT)
    result = replace(base, entities=entities, criteria=(criterion,), text=TEXT)
    return contract.document(result, Path("made up"))


@pytest.fixture(scope="module")
def report() -> dict:
    documents = [annotated("a"), annotated("b")]
    corpus = Corpus("made up", "all", documents)
    runs = [run(system, corpus) for system in (Oracle(documents), RegexBaseline())]
    return build(runs, conventions="none", samples=50)


def test_report_is_plain_json_and_complete(report: dict) -> None:
    again = json.loads(json.dumps(report))
    assert {"date", "commit", "versions", "conventions", "seed"} <= set(again["head"])
    assert [item["system"] for item in again["runs"]] == ["oracle", "regex"]
    assert again["comparisons"]
    oracle = again["runs"][0]
    assert {t["task"] for t in oracle["tasks"]} >= {
        "segmentation",
        "entities",
        "numeric",
        "predicates",
        "logic",
    }
    assert {e["task"] for e in oracle["errors"]} == {"accounting"}  # the made-up gold leaves text out


class Checker(HTMLParser):
    """Counts tags and collects addresses; every opened tag must be closed in order."""

    void = frozenset({"meta", "br", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs) -> None:
        self.links += [v for k, v in attrs if k in ("src", "href") and v]
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_well_formed_and_self_contained(report: dict) -> None:
    page = to_html(report)
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    assert all(link.startswith("#") for link in checker.links)
    assert "http://" not in page
    assert "https://" not in page
    assert "<svg" in page


def test_plots_are_well_formed(report: dict) -> None:
    plots = re.findall(r"<svg.*?</svg>", to_html(report), re.DOTALL)
    assert len(plots) >= 5
    for plot in plots:
        root = ElementTree.fromstring(plot)  # noqa: S314 (made here)
        assert root.find("title") is not None


def test_text_of_documents_is_never_markup(report: dict) -> None:
    page = to_html(report)
    assert "<b>asthma" not in page
    data = page.split("id='errors-data'>")[1].split("</script>")[0]
    rows = json.loads(data)
    assert any("<b>asthma</b>" in row["text"] for row in rows)
    for row in rows:
        for start, end in [*row["gold spans"], *row["predicted spans"]]:
            assert 0 <= start < end <= len(TEXT)


def test_report_without_texts() -> None:
    documents = [annotated()]
    item = run(RegexBaseline(), Corpus("made up", "all", documents))
    page = to_html(build([item], conventions="none", errors=False, samples=20))
    assert "made without texts" in page
    assert "asthma" not in page


def test_csv_and_markdown(report: dict) -> None:
    rows = to_csv(report).splitlines()
    assert rows[0].startswith("corpus,split,system,task,measure")
    assert any(row.startswith("made up,all,oracle,entities,strict,f1,1.000000") for row in rows)
    text = to_markdown(report)
    assert "| entities: strict (F1) | 1.000 (1.000–1.000) |" in text


def test_runs_are_cached_by_content(tmp_path: Path) -> None:
    corpus = Corpus("made up", "all", [annotated()])
    first = run(RegexBaseline(), corpus, cache_folder=tmp_path)
    again = run(RegexBaseline(), corpus, cache_folder=tmp_path)
    assert (first.from_cache, again.from_cache) == (False, True)
    assert again.results == first.results
    other = Corpus("made up", "all", [annotated("e")])
    assert not run(RegexBaseline(), other, cache_folder=tmp_path).from_cache


def test_a_broken_cache_file_is_made_again(tmp_path: Path) -> None:
    corpus = Corpus("made up", "all", [annotated()])
    run(RegexBaseline(), corpus, cache_folder=tmp_path)
    for path in tmp_path.glob("*.json"):
        path.write_text("{", "utf-8")
    assert not run(RegexBaseline(), corpus, cache_folder=tmp_path).from_cache


class TestAgreement:
    def test_with_oneself(self) -> None:
        found = agree([annotated()], [annotated()])
        assert all(t.figures().get("f1") in (1.0, None) for r in found.results for t in r.tallies.values())
        assert {k.name: (k.items, k.agreed) for k in found.kappas}["label of overlapping entities"] == (2, 2)

    def test_kappa_on_labels(self) -> None:
        text = "abcd"
        golds = [("Drug", "Drug"), ("Drug", "Device"), ("Device", "Device"), ("Device", "Device")]
        sides = [
            Document(
                "d",
                text,
                "t",
                gold=Gold(entities=tuple(GoldEntity(i, i + 1, p[s], text[i]) for i, p in enumerate(golds))),
            )
            for s in (0, 1)
        ]
        kappas = {k.name: k for k in agree([sides[0]], [sides[1]]).kappas}
        assert kappas["label of overlapping entities"].kappa == pytest.approx(0.5)

    def test_no_common_document(self) -> None:
        with pytest.raises(CorpusError, match="no document in common"):
            agree([annotated("a")], [annotated("b")])

    def test_two_texts(self) -> None:
        with pytest.raises(CorpusError, match="two different texts"):
            agree([annotated()], [replace(annotated(), text="other")])


class TestReaders:
    document = Document(
        "d", "no mild asthma today", "t", gold=Gold(entities=(GoldEntity(3, 14, "Condition", "mild asthma"),))
    )

    @staticmethod
    def spans(documents: list[Document]) -> list[tuple[int, int, str]]:
        return [(e.start, e.end, e.label) for d in documents for e in d.gold.entities or ()]

    def test_brat_round_trip(self, tmp_path: Path) -> None:
        brat_folder.write([self.document], tmp_path / "b")
        assert self.spans(registry.open_corpus(f"brat:{tmp_path / 'b'}")) == [(3, 14, "Condition")]

    def test_conll_round_trip(self, tmp_path: Path) -> None:
        conll.write([self.document], tmp_path / "x.conll")
        (tmp_path / "d.txt").write_text(self.document.text)
        assert self.spans(registry.open_corpus(f"conll:{tmp_path}")) == [(3, 14, "Condition")]

    def test_conll_token_without_a_tag(self, tmp_path: Path) -> None:
        (tmp_path / "x.conll").write_text("no O\nasthma\n")
        with pytest.raises(CorpusError, match=r"x\.conll:2: a token without a tag"):
            conll.read(tmp_path)

    @pytest.mark.parametrize(
        ("tags", "spans"),
        [
            pytest.param(["O", "B-A", "I-A"], [(3, 14, "A")], id="bio"),
            pytest.param(["O", "B-A", "E-A"], [(3, 14, "A")], id="bioes"),
            pytest.param(["O", "U-A", "U-A"], [(3, 7, "A"), (8, 14, "A")], id="unit"),
            pytest.param(["O", "I-A", "I-B"], [(3, 7, "A"), (8, 14, "B")], id="inside without begin"),
            pytest.param(["O", "B-A", "B-A"], [(3, 7, "A"), (8, 14, "A")], id="neighbours"),
        ],
    )
    def test_tag_schemes(self, tags: list[str], spans) -> None:
        tokens = list(zip(["no", "mild", "asthma"], tags, strict=True))
        assert conll.align_tokens("no mild asthma", tokens) == (spans, [])

    def test_docbin(self, tmp_path: Path) -> None:
        doc = spacy.blank("en")("no mild asthma")
        doc.ents = [doc.char_span(3, 14, label="Condition")]
        doc.user_data["id"] = "x1"
        DocBin(docs=[doc], store_user_data=True).to_disk(tmp_path / "a.spacy")
        (document,) = registry.open_corpus(f"docbin:{tmp_path}")
        assert (document.id, self.spans([document])) == ("x1", [(3, 14, "Condition")])

    def test_not_a_docbin(self, tmp_path: Path) -> None:
        (tmp_path / "a.spacy").write_bytes(b"nothing")
        with pytest.raises(CorpusError, match="not a DocBin"):
            docbin.read(tmp_path)

    def test_frd_counts_from_one_and_ends_exclusive(self, tmp_path: Path) -> None:
        path = tmp_path / "ner.tsv"
        path.write_text("4:10:chronic_disease,15:22:treatment,1:3:technology_access\tno asthma and aspirin\n")
        (document,) = frd.read(path)
        assert [(e.text, e.label) for e in document.gold.entities or ()] == [
            ("asthma", "Condition"),
            ("aspirin", "Drug"),
        ]
        assert [n.kind for n in document.notes] == ["label without a counterpart"]

    def test_frd_line_without_slots_column(self, tmp_path: Path) -> None:
        path = tmp_path / "ner.tsv"
        path.write_text("just text\n")
        with pytest.raises(CorpusError, match=r"ner\.tsv:1: no column of slots"):
            frd.read(path)

    def test_contract_with_a_wrong_quotation(self) -> None:
        base = replace(
            empty_result("d", "asthma"), text="asthma", entities=(Entity(0, 3, "gou", "Condition"),)
        )
        with pytest.raises(CorpusError, match="quotes 'gou', but the text has 'ast'"):
            contract.document(base, Path("x.jsonl"))

    @pytest.mark.parametrize(
        ("spec", "message"),
        [
            pytest.param("nothing", "no corpus named 'nothing'", id="unknown"),
            pytest.param("brat", "a path is missing", id="no path"),
            pytest.param("brat:/nowhere/at/all", "no such file or folder", id="nowhere"),
        ],
    )
    def test_unknown_corpora(self, spec: str, message: str) -> None:
        with pytest.raises(CorpusError, match=message):
            registry.open_corpus(spec)


@pytest.fixture
def server(tmp_path: Path):
    folder = tmp_path / "served"
    folder.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield folder, f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def archive(*names: str, tar: bool = False) -> bytes:
    stream = io.BytesIO()
    contents = {name: b"T1\tDrug 0 1\tx\n" if name.endswith(".ann") else b"x" for name in names}
    if tar:
        with tarfile.open(fileobj=stream, mode="w:gz") as opened:
            for name, data in contents.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                opened.addfile(info, io.BytesIO(data))
    else:
        with zipfile.ZipFile(stream, "w") as packed:
            for name, data in contents.items():
                packed.writestr(name, data)
    return stream.getvalue()


PAIR = ("deep/NCT1_inc.ann", "deep/NCT1_inc.txt")


class TestFetch:
    def publish(self, server, content: bytes, name: str = "c.zip", md5: str | None = None) -> str:
        """Lay a file out as the publisher's interface would."""
        folder, url = server
        (folder / name).write_bytes(content)
        listing = folder / "v2" / "articles" / "1" / "files"
        listing.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest() if md5 is None else md5
        listing.write_text(
            json.dumps([{"name": name, "download_url": f"{url}/{name}", "computed_md5": digest}])
        )
        return url

    def fetch(self, url: str, target: Path, name: str = "c.zip", pinned: str = "") -> dict[str, str]:
        return fetch(Source(1, name, "CC BY 4.0", "corpus", pinned), target, api=url)

    @pytest.mark.parametrize("tar", [False, True], ids=["zip", "tar"])
    def test_good(self, tar: bool, server, tmp_path: Path) -> None:
        name = "c.tar.gz" if tar else "c.zip"
        url = self.publish(server, archive(*PAIR, "README.txt", "lonely.ann", tar=tar), name)
        info = self.fetch(url, tmp_path / "data", name)
        assert (info["files"], info["licence"]) == ("1", "CC BY 4.0")
        found = sorted(p.name for p in (tmp_path / "data/corpus").iterdir())
        assert found == ["NCT1_inc.ann", "NCT1_inc.txt", "SOURCE.json"]

    @pytest.mark.parametrize(
        ("md5", "pinned"), [pytest.param("00", "", id="published"), pytest.param(None, "00", id="pinned")]
    )
    def test_wrong_checksum_leaves_nothing(self, md5, pinned: str, server, tmp_path: Path) -> None:
        url = self.publish(server, archive(*PAIR), md5=md5)
        with pytest.raises(CorpusError, match="but should be 00"):
            self.fetch(url, tmp_path / "data", pinned=pinned)
        assert not (tmp_path / "data").exists()

    def test_paths_in_the_archive_are_not_trusted(self, server, tmp_path: Path) -> None:
        url = self.publish(server, archive("../../evil.ann", "../../evil.txt"))
        self.fetch(url, tmp_path / "data")
        assert (tmp_path / "data/corpus/evil.ann").exists()
        assert not list(tmp_path.glob("evil*"))

    @pytest.mark.parametrize(
        ("content", "name", "message"),
        [
            pytest.param(b"<html>", "c.zip", "not an archive", id="no zip"),
            pytest.param(b"<html>", "c.tar.gz", "not an archive", id="no tar"),
            pytest.param(archive("README.txt"), "c.zip", r"no \.ann files", id="no annotation"),
        ],
    )
    def test_bad_archives(self, content: bytes, name: str, message: str, server, tmp_path: Path) -> None:
        url = self.publish(server, content, name)
        with pytest.raises(CorpusError, match=message):
            self.fetch(url, tmp_path / "data", name)
        assert not (tmp_path / "data").exists()

    def test_no_such_file(self, server, tmp_path: Path) -> None:
        url = self.publish(server, archive(*PAIR))
        with pytest.raises(CorpusError, match=r"no file other\.zip; there are: c\.zip"):
            self.fetch(url, tmp_path, "other.zip")

    def test_no_answer(self, server, tmp_path: Path) -> None:
        with pytest.raises(CorpusError, match="cannot be fetched"):
            self.fetch(server[1], tmp_path)

    def test_command(self, monkeypatch, server, tmp_path: Path) -> None:
        url = self.publish(server, archive(*PAIR))
        source = Source(1, "c.zip", "CC BY 4.0", "corpus")
        monkeypatch.setitem(cli_run.SOURCES, "made-up", (source,))
        done = CliRunner().invoke(cli.app, ["fetch", "made-up", "--to", str(tmp_path), "--api", url])
        assert done.exit_code == 0, done.output
        assert "licence: CC BY 4.0" in done.output
        assert "1 annotated files" in done.output


class TestCommands:
    def corpus(self, tmp_path: Path) -> str:
        path = tmp_path / "c.jsonl"
        result = annotated().gold.result
        assert result is not None
        path.write_text(json.dumps(result.to_dict(), ensure_ascii=False) + "\n", "utf-8")
        return f"jsonl:{path}"

    def test_score_writes_every_form(self, tmp_path: Path) -> None:
        out = tmp_path / "report"
        arguments = [
            "score",
            "-s",
            "regex",
            "-c",
            self.corpus(tmp_path),
            "-o",
            str(out),
            "--cache",
            str(tmp_path / "k"),
        ]
        done = CliRunner().invoke(cli.app, arguments)
        assert done.exit_code == 0, done.output
        assert "entities: strict" in done.output
        assert sorted(p.name for p in out.iterdir()) == [
            "figures",
            "report.csv",
            "report.html",
            "report.json",
            "report.md",
            "report.tex",
        ]
        pictures = sorted(path.name for path in (out / "figures").iterdir())
        assert any(name.endswith("-entities.svg") for name in pictures)
        assert [name.replace(".svg", ".pdf") for name in pictures if name.endswith("svg")] == [
            name for name in pictures if name.endswith("pdf")
        ]

    def test_iaa(self, tmp_path: Path) -> None:
        spec = self.corpus(tmp_path)
        done = CliRunner().invoke(cli.app, ["iaa", spec, spec])
        assert done.exit_code == 0, done.output
        assert "Cohen's kappa" in done.output

    def test_list(self) -> None:
        assert "regex" in CliRunner().invoke(cli.app, ["list"]).output

    def test_a_mistake_is_a_message_and_a_code(self, monkeypatch, capsys) -> None:
        monkeypatch.setattr("sys.argv", ["eligex-eval", "score", "-s", "nothing", "-c", "brat:/nowhere"])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        assert caught.value.code == 1
        assert "no such file or folder" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            pytest.param("model=x", {"model": "x"}, id="word"),
            pytest.param("epochs=3", {"epochs": 3}, id="number"),
        ],
    )
    def test_options(self, text: str, expected: dict) -> None:
        assert cli_run._options([text]) == expected


class TestResults:
    def report(self) -> dict:
        documents = [annotated()]
        oracle = Oracle(documents)
        oracle.name = "eligex"
        item = run(oracle, Corpus("eligex corpus", "all", documents))
        return build([item], conventions="none", errors=False, samples=20)

    def test_tables_are_renewed_in_place(self, tmp_path: Path) -> None:
        page = tmp_path / "README.md"
        page.write_text("before\n<!-- results:eligex-corpus -->\nold\n<!-- /results -->\nafter\n")
        assert results.renew_tables(page, self.report())
        text = page.read_text()
        assert text.startswith("before\n<!-- results:eligex-corpus -->\n| figure | eligex |")
        assert text.endswith("<!-- /results -->\nafter\n")
        assert not results.renew_tables(page, self.report())

    def test_unknown_table(self, tmp_path: Path) -> None:
        page = tmp_path / "README.md"
        page.write_text("<!-- results:nothing -->\n<!-- /results -->\n")
        with pytest.raises(CorpusError, match="no results table named 'nothing'"):
            results.renew_tables(page, self.report())

    def check(self, monkeypatch, tmp_path: Path, recorded: dict) -> list[results.Checked]:
        documents = [annotated()]
        monkeypatch.setattr(results, "open_corpus", lambda *_, **__: documents)
        oracle = Oracle(documents)
        oracle.name = "eligex"
        monkeypatch.setattr(results.registry, "make", lambda *_: oracle)
        (tmp_path / "recorded.json").write_text(json.dumps(recorded))
        return results.check_recorded(tmp_path)

    def test_a_lower_figure_is_detected(self, monkeypatch, tmp_path: Path) -> None:
        recorded = results.recorded(self.report())
        assert all(row.ok for row in self.check(monkeypatch, tmp_path, recorded))
        higher = {**recorded, "figures": {**recorded["figures"], "entities: strict (F1)": 1.5}}
        assert [r.name for r in self.check(monkeypatch, tmp_path, higher) if not r.ok] == [
            "entities: strict (F1)"
        ]

    def test_recorded_figures_are_renewed_on_purpose(self, monkeypatch, tmp_path: Path) -> None:
        with pytest.raises(CorpusError, match="another version of the corpus"):
            self.check(monkeypatch, tmp_path, {"data": "other", "figures": {}})
        done = CliRunner().invoke(cli.app, ["check", "--record", "--folder", str(tmp_path)])
        assert done.exit_code == 0, done.output
        rows = results.check_recorded(tmp_path)
        assert rows
        assert all(row.ok for row in rows)

    def test_nothing_recorded(self, tmp_path: Path) -> None:
        with pytest.raises(CorpusError, match="no recorded figures"):
            results.check_recorded(tmp_path)
