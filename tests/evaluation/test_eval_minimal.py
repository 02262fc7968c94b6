"""Minimal predictions, foreign labels, Python functions, quantity packages, Facebook's parser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eligex_eval.corpora import standoff
from eligex_eval.documents import Document, Gold, GoldEntity, Input
from eligex_eval.errors import CorpusError, PredictionError, SystemFailedError
from eligex_eval.predictions import Prediction, align
from eligex_eval.systems import registry
from eligex_eval.systems.labels import LabelMap, read_pairs
from eligex_eval.systems.minimal import complete, read
from eligex_eval.tasks.base import run_task
from eligex_eval.tasks.entities import Entities

TEXT = (
    "Inclusion Criteria:\n- Age 18 to 75 years\n- Hemoglobin >= 9 g/dL\n"
    "Exclusion Criteria:\n- No gout\n- Gout\n"
)
NONE = LabelMap()


def made(record: dict, labels: LabelMap = NONE) -> Prediction:
    return complete("T1", TEXT, record, labels, "p.jsonl:1")


class TestRecord:
    def test_spans_by_offset_and_by_words(self) -> None:
        start = TEXT.index("Age")
        entities = [
            {"start": start, "end": start + 3, "label": "Person"},
            {"text": "gout", "label": "Condition", "negated": True},
            {"text": "Gout", "label": "Condition"},
        ]
        found = made({"entities": entities}).result.entities
        assert [(e.text, e.start, e.negated) for e in found] == [
            ("Age", start, False), ("gout", TEXT.index("gout"), True), ("Gout", TEXT.index("Gout"), False),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("predicate", "said"),
        [
            pytest.param(
                {"entity": "Age", "value": "18 to 75 years", "comparator": "between", "threshold": 18,
                 "threshold_high": 75, "unit": "a"},
                ("Age", "between", 18.0, 75.0, "a", "require", "inclusion"),
                id="range",
            ),
            pytest.param(
                {"entity": "gout", "negated": True},
                ("gout", None, None, None, None, "require", "exclusion"),
                id="negated among exclusions",
            ),
            pytest.param(
                {"entity": "gout", "negated": True, "effect": "exclude"},
                ("gout", None, None, None, None, "exclude", "exclusion"),
                id="an effect of its own",
            ),
            pytest.param(
                {"entity": {"start": 22, "end": 25}, "value": {"text": "18"}, "comparator": ">=",
                 "threshold": 18},
                ("Age", ">=", 18.0, None, None, "require", "inclusion"),
                id="spans as objects",
            ),
        ],
    )  # fmt: skip
    def test_predicates(self, predicate: dict, said: tuple) -> None:
        ((criterion, p),) = [
            (c, p) for c in made({"predicates": [predicate]}).result.criteria for p in c.predicates
        ]
        threshold, high = p.threshold, p.threshold_high
        assert (p.entity.text, p.comparator, threshold, high, p.unit, p.effect, criterion.type) == said

    def test_a_condition_and_a_window(self) -> None:
        text = "- in men, stroke within 6 months"
        window = {"text": "within 6 months", "direction": "before", "high": "P6M"}
        record = {"predicates": [{"entity": "stroke", "condition": "men", "window": window}]}
        (criterion,) = complete("T", text, record, NONE, "1").result.criteria
        (p,) = criterion.predicates
        assert (p.condition, p.temporal.high, p.temporal.text) == ("men", "P6M", "within 6 months")

    @pytest.mark.parametrize(
        ("record", "unplaced", "lost"),
        [
            pytest.param(
                {"entities": [{"text": "asthma", "label": "Condition"}]}, ("Condition",), 0, id="span"
            ),
            pytest.param({"predicates": [{"entity": "asthma"}]}, (), 1, id="entity of a predicate"),
            pytest.param(
                {"predicates": [{"entity": "Age", "value": "18", "comparator": ">="}]}, (), 1, id="limit"
            ),
            pytest.param({"predicates": [{"entity": "Inclusion Criteria"}]}, (), 1, id="in a heading"),
        ],
    )
    def test_what_is_not_in_the_text_counts_as_wrong(self, record: dict, unplaced: tuple, lost: int) -> None:
        prediction = made(record)
        assert (prediction.unplaced, prediction.unplaced_predicates) == (unplaced, lost)

    @pytest.mark.parametrize(
        ("record", "message"),
        [
            pytest.param({"trial_id": "T1", "entity": []}, "the record has 'entity'", id="key"),
            pytest.param({"entities": []}, "no trial_id", id="no id"),
            pytest.param({"trial_id": "T2"}, "unknown document, 'T2'", id="stranger"),
            pytest.param({"trial_id": "T1", "entities": ["Age"]}, "not a list of objects", id="no objects"),
            pytest.param(
                {"trial_id": "T1", "entities": [{"start": 0, "end": 999, "label": "Drug"}]},
                "span outside the text",
                id="outside",
            ),
            pytest.param(
                {"trial_id": "T1", "entities": [{"start": "0", "end": 3, "label": "Drug"}]},
                "'0' and 3",
                id="types",
            ),
            pytest.param(
                {"trial_id": "T1", "predicates": [{"entity": "Age", "comparator": "=>"}]},
                "'=>'",
                id="comparator",
            ),
            pytest.param(
                {"trial_id": "T1", "predicates": [{"entity": "Age", "effect": "maybe"}]},
                "'maybe'",
                id="effect",
            ),
            pytest.param(
                {"trial_id": "T1", "predicates": [{"entity": "Age", "window": {"text": "18"}}]},
                "without its words or its direction",
                id="window",
            ),
            pytest.param(["T1"], "not a JSON object", id="list"),
        ],
    )
    def test_bad_records_name_the_line(self, record: object, message: str) -> None:
        with pytest.raises(PredictionError, match=r"p\.jsonl:7") as caught:
            read(record, {"T1": TEXT}, NONE, "p.jsonl:7")
        assert message in str(caught.value)


class TestForeignLabels:
    RECORD = {"entities": [{"text": "gout", "label": "problem"}, {"text": "Age", "label": "junk"}]}  # noqa: RUF012

    def test_an_unknown_label_is_an_error_that_says_what_to_do(self) -> None:
        with pytest.raises(
            PredictionError, match=r"'problem' is none of the 15 types.*--map 'problem=Condition'"
        ):
            align([Document("T1", TEXT, "t")], [made(self.RECORD)])

    def test_leniently_it_is_wrong(self) -> None:
        aligned = align(
            [Document("T1", TEXT, "t", gold=Gold(entities=()))], [made(self.RECORD)], lenient=True
        )
        assert aligned.issue_counts()["label that is none of the types: problem"] == 1
        assert run_task(Entities(), aligned.pairs).tallies["strict"].predicted == 2

    def test_mapped_and_left_out(self) -> None:
        prediction = made(self.RECORD, LabelMap({"problem": "Condition", "junk": "-"}))
        aligned = align([Document("T1", TEXT, "t")], [prediction])
        assert [e.label for e in prediction.result.entities] == ["Condition"]
        assert aligned.issue_counts() == {"label left out on request: junk": 1}

    def test_files_of_brat_and_conll_and_the_contract(self, tmp_path: Path) -> None:
        (tmp_path / "brat").mkdir()
        start = TEXT.index("Gout")
        (tmp_path / "brat" / "T1.ann").write_text(f"T1\tproblem {start} {start + 4}\tGout\n")
        (tmp_path / "p.conll").write_text("-DOCSTART- T1\n\nGout B-problem\n")
        whole = {
            "trial_id": "T1",
            "source": {"format": "text", "path": None, "field": None, "start": 0, "end": 9},
        }
        whole["entities"] = [{"start": start, "end": start + 4, "text": "Gout", "label": "problem"}]
        (tmp_path / "p.jsonl").write_text(json.dumps(whole) + "\n")
        for name in ("brat", "p.conll", "p.jsonl"):
            spec = f"file:{tmp_path / name}"
            (bare,) = registry.make(spec).predict([Input("T1", TEXT)])
            assert bare.foreign == ("problem",), name
            system = registry.make(spec, labels={"problem": "Condition"})
            (mapped,) = system.predict([Input("T1", TEXT)])
            assert [(e.start, e.label) for e in mapped.result.entities] == [(start, "Condition")], name
            assert system.describe()["labels"] == {"problem": "Condition"}

    def test_pairs_from_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "labels.txt"
        path.write_text("# i2b2\nproblem = Condition\ntreatment=Drug\n")
        assert read_pairs([str(path), "test=-"]) == {"problem": "Condition", "treatment": "Drug", "test": "-"}

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            pytest.param(["problem"], "neither LABEL=TYPE nor a file", id="no file"),
            pytest.param(["=Drug"], "not LABEL=TYPE", id="no label"),
            pytest.param(["a=Drug", "a=Device"], "mapped twice", id="twice"),
        ],
    )
    def test_bad_pairs(self, given: list[str], message: str) -> None:
        with pytest.raises(PredictionError, match=message):
            read_pairs(given)

    def test_a_type_that_there_is_not(self) -> None:
        with pytest.raises(PredictionError, match="'Disease', which is none of the types"):
            LabelMap({"problem": "Disease"})


class TestPythonFunction:
    def test_a_file_that_returns_entities(self, tmp_path: Path) -> None:
        (tmp_path / "mine.py").write_text(
            "def find(text):\n    return [{'text': 'gout', 'label': 'Condition'}] if 'gout' in text else []\n"
        )
        system = registry.make(f"python:{tmp_path / 'mine.py'}:find")
        (item,) = system.predict([Input("T1", TEXT)])
        assert [e.text for e in item.result.entities] == ["gout"]
        assert item.seconds is not None
        assert system.describe()["function"] == "mine.py:find"

    @pytest.mark.parametrize(
        ("code", "message"),
        [
            pytest.param(
                "def find(text):\n    raise ValueError('no rule')\n",
                r"mine\.py:2: python:find failed on T1 with ValueError: no rule",
                id="an exception",
            ),
            pytest.param(
                "def find(text):\n    found = []\n",
                "python:find returned None for T1.*an empty one if nothing is found",
                id="a forgotten return",
            ),
        ],
    )
    def test_what_goes_wrong_in_it_is_told_with_the_document(
        self, tmp_path: Path, code: str, message: str
    ) -> None:
        (tmp_path / "mine.py").write_text(code)
        system = registry.make(f"python:{tmp_path / 'mine.py'}:find")
        with pytest.raises(SystemFailedError, match=message):
            list(system.predict([Input("T1", TEXT)]))

    @pytest.mark.parametrize(
        ("entry", "message"),
        [
            pytest.param("find", "not MODULE:FUNCTION", id="no module"),
            pytest.param("no.such.module:find", "cannot be imported", id="module"),
            pytest.param("missing.py:find", "no such file", id="file"),
            pytest.param("json:nothing", "no function 'nothing'", id="function"),
        ],
    )
    def test_bad_entries(self, entry: str, message: str) -> None:
        with pytest.raises(SystemFailedError, match=message):
            registry.make(f"python:{entry}")


@pytest.mark.parametrize(
    ("name", "package", "expected"),
    [
        pytest.param(
            "quantulum3",
            "quantulum3",
            {("Hemoglobin", ">=", 9.0, None, "g/dL"), ("Age", "between", 18.0, 75.0, "a")},
            id="quantulum3",
        ),
        pytest.param("edsnlp-quantities", "edsnlp", {("Hemoglobin", ">=", 9.0, None, "g/dL")}, id="edsnlp"),
    ],
)
def test_quantity_packages(name: str, package: str, expected: set) -> None:
    pytest.importorskip(package, reason=f"{package} is not installed")
    (result,) = registry.make(name).predict([Input("T1", TEXT)])
    said = {
        (p.entity.text, p.comparator, p.threshold, p.threshold_high, p.unit)
        for c in result.criteria
        for p in c.predicates
    }
    assert said == expected


class TestFacebook:
    ROWS = (
        ("inclusion", {"name": "age", "unit": "year", "lower": {"incl": True, "value": "18"},
                       "upper": {"incl": True, "value": "75"}}, "age 18 to 75 years"),
        ("inclusion", {"name": "hb_count", "unit": "g/dl", "lower": {"incl": True, "value": "9"}},
         "adequate blood count: hemoglobin >= 9 g/dL"),
        ("exclusion", {"name": "bmi", "unit": "kg/m2", "lower": {"incl": True, "value": "18"}},
         "bmi below 18"),
        ("exclusion", {"name": "ecog", "value": ["3", "4"]}, "ecog 3 or 4"),
        ("exclusion", {"name": "pregnancy"}, "pregnant"),
        ("inclusion", {"name": "anc", "lower": {"incl": True, "value": "1.5e9"}}, "hemoglobin"),
    )  # fmt: skip

    def table(self, tmp_path: Path, key: str = "T1") -> str:
        lines = ["#nct_id\teligibility_type\tvariable_type\tcriterion_index\tcriterion\tquestion\trelation"]
        for i, (kind, relation, words) in enumerate(self.ROWS):
            lines.append("\t".join([key, kind, "numerical", str(i), words, "?", json.dumps(relation)]))
        path = tmp_path / "parsed.tsv"
        path.write_text("\n".join(lines) + "\n")
        return f"file:{path}"

    def test_relations_are_laid_onto_the_text(self, tmp_path: Path) -> None:
        text = TEXT + "- BMI below 18 kg/m2\n- ECOG 3 or 4\n"
        (item,) = registry.make(self.table(tmp_path)).predict([Input("T1", text)])
        said = [
            (
                p.entity.text,
                p.comparator,
                p.threshold,
                p.threshold_high or p.threshold_set,
                p.unit,
                p.value_text,
            )
            for c in item.result.criteria
            for p in c.predicates
        ]
        assert said == [
            ("Age", "between", 18.0, 75.0, "a", "18 to 75"),
            ("Hemoglobin", ">=", 9.0, None, "g/dL", ">= 9"),
            ("BMI", "<", 18.0, None, "kg/m2", "below 18"),
            ("ECOG", "in", 3.0, (3.0, 4.0), None, "3 or 4"),
        ]
        assert item.unplaced_predicates == 1  # 1.5e9 is nowhere in the text

    def test_a_stranger(self, tmp_path: Path) -> None:
        with pytest.raises(PredictionError, match="unknown document, 'T9'"):
            list(registry.make(self.table(tmp_path, "T9")).predict([Input("T1", TEXT)]))

    def test_another_table(self, tmp_path: Path) -> None:
        (tmp_path / "x.tsv").write_text("a\tb\n")
        with pytest.raises(PredictionError, match=r"x\.tsv:1: 2 columns, not 7"):
            list(registry.make(f"file:{tmp_path / 'x.tsv'}").predict([Input("T1", TEXT)]))


class TestStandoff:
    LINE = {  # noqa: RUF012
        "id": "a0001", "nct_id": "NCT1", "type": "exclusion", "text": "severe gout within 6 months",
        "entities": [{"text": "gout", "start": 7, "end": 11, "label": "Condition"}],
        "qualifiers": [{"text": "severe", "start": 0, "end": 6}],
        "values": [], "windows": [{"text": "within 6 months", "start": 12, "end": 27}],
        "conditions": [], "exempt": [],
    }  # fmt: skip

    def test_marks_are_entities_of_a_criterion_under_its_heading(self, tmp_path: Path) -> None:
        path = tmp_path / "criteria.jsonl"
        path.write_text(json.dumps(self.LINE) + "\n")
        (document,) = standoff.read(path)
        assert document.text == "Exclusion Criteria:\nsevere gout within 6 months\n"
        said = [(e.label, document.text[e.start : e.end]) for e in document.gold.entities or ()]
        assert said == [("Qualifier", "severe"), ("Condition", "gout"), ("Temporal", "within 6 months")]

    def test_types_that_were_not_annotated_do_not_count(self) -> None:
        document = standoff.document(self.LINE)
        entities = [{"text": "gout", "label": "Condition"}, {"text": "severe", "label": "Mood"}]
        prediction = complete(document.id, document.text, {"entities": entities}, NONE, "1")
        tally = run_task(Entities(), align([document], [prediction]).pairs).tallies["strict"]
        assert (tally.gold, tally.predicted, tally.right) == (3, 1, 1)

    def test_bad_lines(self, tmp_path: Path) -> None:
        with pytest.raises(CorpusError, match="eligex-eval fetch ctgov"):
            standoff.read(tmp_path / "none.jsonl")
        (tmp_path / "bad.jsonl").write_text('{"id": "a"}\n')
        with pytest.raises(CorpusError, match=r"bad\.jsonl:1: no joined criterion"):
            standoff.read(tmp_path / "bad.jsonl")


def test_gold_of_all_types_counts_all_types() -> None:
    document = Document("T1", TEXT, "t", gold=Gold(entities=(GoldEntity(22, 25, "Person", "Age"),)))
    prediction = made({"entities": [{"text": "Age", "label": "Person"}, {"text": "gout", "label": "Mood"}]})
    assert run_task(Entities(), align([document], [prediction]).pairs).tallies["strict"].predicted == 2
