"""Amendments of each kind, made by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import eligex
from eligex.cli import app
from eligex.diff import TrialDiff, align, compare, sets
from eligex.diff.inputs import pairwise
from eligex.diff.sets import Interval, direction
from eligex.errors import InputError
from eligex.schema import Criterion, Failure, Predicate, PredicateEntity, Source, TrialCriteria
from eligex.writers import write

OLD = """Inclusion Criteria:
1. Age 18 to 65 years
2. Hemoglobin >= 9 g/dL
3. Written informed consent
4. Type 2 diabetes
Exclusion Criteria:
1. Myocardial infarction within 6 months before screening
2. Asthma
3. Pregnancy
"""


def edited(*edits: tuple[str, str]) -> str:
    text = OLD
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text


def changes(new: str, old: str = OLD) -> list[str]:
    """Return what has changed, one line for each criterion: kinds, aspects of its predicates."""
    from eligex.diff.report import label

    found = compare(eligex.extract(old), eligex.extract(new))
    lines = []
    for change in found.changes:
        aspects = [*change.aspects, *(a for p in change.predicates if p.kind == "changed" for a in p.aspects)]
        aspects += [f"{p.kind} predicate" for p in change.predicates if change.kind == "changed" != p.kind]
        criterion = change.new or change.old
        assert criterion is not None
        lines.append(f"{label(change)}: {criterion.text.split()[0]} [{'; '.join(aspects)}]")
    return lines


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([("1. Age", "7) Age"), ("2. Asthma", "- Asthma")], [], id="numbers"),
        pytest.param([("Hemoglobin >= 9", "Hemoglobin   >= 9")], [], id="blanks"),
        pytest.param(
            [(">= 9 g", ">= 10 g")], ["changed, reworded: Hemoglobin [limit tightened]"], id="tighter"
        ),
        pytest.param([(">= 9 g", ">= 8 g")], ["changed, reworded: Hemoglobin [limit loosened]"], id="looser"),
        pytest.param([(">= 9 g", "> 9 g")], ["changed, reworded: Hemoglobin [limit tightened]"], id="strict"),
        pytest.param(
            [(">= 9 g", "<= 9 g")], ["changed, reworded: Hemoglobin [limit changed]"], id="reversed"
        ),
        pytest.param([("9 g/dL", "90 g/L")], ["changed, reworded: Hemoglobin [limit changed]"], id="unit"),
        pytest.param([("18 to 65", "18 to 75")], ["changed, reworded: Age [limit loosened]"], id="range"),
        pytest.param(
            [("18 to 65", "21 to 75")], ["changed, reworded: Age [limit changed]"], id="range-shifted"
        ),
        pytest.param(
            [("within 6 months", "within 12 months")],
            ["changed, reworded: Myocardial [window tightened]"],
            id="window-longer",
        ),
        pytest.param(
            [("within 6 months", "within 3 months")],
            ["changed, reworded: Myocardial [window loosened]"],
            id="window-shorter",
        ),
        pytest.param(
            [(" within 6 months before screening", "")],
            ["changed, reworded: Myocardial [window removed: tightened]"],
            id="window-gone",
        ),
        pytest.param(
            [("before screening", "before surgery")],
            ["changed, reworded: Myocardial [window changed]"],
            id="anchor",
        ),
        pytest.param([("2. Asthma\n", "")], ["removed: Asthma []"], id="removed"),
        pytest.param([("2. Asthma\n", "2. Asthma\n3. Gout\n")], ["added: Gout []"], id="added"),
        pytest.param(
            [("4. Type 2 diabetes\n", ""), ("1. Age", "4. Type 2 diabetes\n1. Age")],
            ["moved: Type []"],
            id="moved",
        ),
        pytest.param(
            [("Written informed consent", "Informed consent in writing")],
            ["reworded: Informed []"],
            id="reworded",
        ),
        pytest.param(
            [("4. Type 2 diabetes\n", ""), ("2. Asthma", "2. Type 2 diabetes")],
            [
                "removed: Asthma []",
                "changed, moved: Type [type: inclusion → exclusion; effect: require → exclude]",
            ],
            id="other-type",
        ),
        pytest.param(
            [("2. Asthma", "2. Asthma or gout")], ["changed, reworded: Asthma [added predicate]"], id="more"
        ),
    ],
)
def test_amendments(edits: list[tuple[str, str]], expected: list[str]) -> None:
    assert sorted(changes(edited(*edits))) == sorted(expected)


def test_a_condition_that_another_criterion_names() -> None:
    """The words of a condition may lie in a heading or in the criterion above."""
    entity = PredicateEntity("ALT", 0, 3, "Measurement")
    given = Predicate("inc-1.1", entity, ">=", 3, unit="[ULN]", condition="liver metastases")
    one, other = result("A", "ALT ≥ 3"), result("A", "ALT ≥ 3")
    one, other = (
        replace(each, criteria=(replace(each.criteria[0], predicates=(predicate,)),))
        for each, predicate in ((one, given), (other, replace(given, condition="Gilbert syndrome")))
    )
    assert compare(one, one).changes == ()
    assert compare(one, other).changes[0].predicates[0].aspects == ("condition changed",)


def test_all_at_once() -> None:
    new = edited(
        (">= 9 g", ">= 10 g"), ("2. Asthma\n", ""), ("within 6", "within 3"), ("1. Age", "0. Gout\n1. Age")
    )
    kinds = [line.partition(" ")[0].rstrip(":,") for line in changes(new)]
    assert sorted(kinds) == ["added", "changed", "changed", "removed"]


def test_there_and_back_are_opposites() -> None:
    new = edited((">= 9 g", ">= 10 g"), ("within 6", "within 12"))
    assert [line.partition("[")[2] for line in changes(OLD, new)] == ["limit loosened]", "window loosened]"]


@pytest.mark.parametrize(
    ("old", "new", "effect", "word"),
    [
        pytest.param(Interval(low=3), Interval(low=5), "require", "tightened", id="require"),
        pytest.param(Interval(low=3), Interval(low=5), "exclude", "loosened", id="exclude"),
        pytest.param(Interval(low=3), Interval(low=5), "allow", "tightened", id="allow"),
        pytest.param(Interval(3, 5), Interval(2, 4), "require", "changed", id="shifted"),
        pytest.param(Interval(3, 5), Interval(3, 5), "require", "changed", id="the-same"),
    ],
)
def test_directions(old: Interval, new: Interval, effect: Any, word: str) -> None:
    assert direction((old,), (new,), effect) == word


@pytest.mark.parametrize(
    ("length", "days"),
    [("P1Y", 365.25), ("P6M", 182.625), ("P4W", 28), ("P10D", 10), ("PT72H", 3), ("P", None), ("x", None)],
)
def test_lengths(length: str, days: float | None) -> None:
    assert sets.days(length) == days


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        pytest.param("a b c", "a b c", {0: 0, 1: 1, 2: 2}, id="same"),
        pytest.param("a b c", "c a b", {0: 1, 1: 2, 2: 0}, id="moved"),
        pytest.param("a a", "a", {0: 0}, id="twice"),
        pytest.param("a", "b", {}, id="other"),
        pytest.param("", "a", {}, id="none"),
    ],
)
def test_alignment(old: str, new: str, pairs: dict[int, int]) -> None:
    assert dict(align.aligned(old.split(), new.split())) == pairs


def test_alignment_by_place() -> None:
    old = ["first thing", "no zinc in the last month before", "last thing"]
    new = ["first thing", "zinc is forbidden within one month", "last thing"]
    assert (1, 1) in align.aligned(old, new)
    assert (1, 0) not in align.aligned(old, new[1:2])


def test_many_criteria_take_no_square_time(steps: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(align, "_MOST_PAIRS", 2_000)

    def work(count: int) -> int:
        old = [f"item a{n} b{n} c{n}" for n in range(count)]
        new = [f"item d{n} e{n} f{n}" for n in range(count)]
        return int(steps(lambda: align.aligned(old, new)))

    assert work(400) < 3 * work(200)


def result(trial_id: str, *texts: str, error: bool = False) -> TrialCriteria:
    criteria = tuple(Criterion(f"inc-{n}", "inclusion", text, n, n + 1) for n, text in enumerate(texts))
    failure = Failure("InputError", "broken") if error else None
    return TrialCriteria(trial_id, Source("text", None, None, 0, 9), criteria=criteria, error=failure)


def kinds(diffs: Any) -> dict[str, str]:
    return {diff.trial_id: diff.kind for diff in diffs}


def test_trials_by_id() -> None:
    old = [result("A", "a"), result("B", "b"), result("C", "c")]
    new = [result("D", "d"), result("C", "c"), result("A", "z")]
    assert kinds(pairwise(old, new)) == {"A": "changed", "B": "removed", "C": "same", "D": "added"}


def test_trials_with_one_id_are_paired_in_order() -> None:
    old, new = [result("A", "a"), result("A", "b")], [result("A", "a"), result("A", "b"), result("A", "c")]
    assert [diff.kind for diff in pairwise(old, new)] == ["same", "same", "added"]


def test_versions_of_one_record_may_have_other_names() -> None:
    assert [diff.kind for diff in pairwise([result("v1", "a")], [result("v2", "a")])] == ["same"]


def test_a_version_that_failed() -> None:
    (found,) = pairwise([result("A", "a")], [result("A", error=True)])
    assert isinstance(found, TrialDiff)
    assert found.note == "the new version could not be read"
    assert [change.kind for change in found.changes] == ["removed"]


def call(*args: object) -> Any:
    return CliRunner().invoke(app, [str(each) for each in args])


@pytest.fixture
def stored(tmp_path: Path) -> tuple[Path, Path]:
    """Two files of results, of which the second has a page's markup in it."""
    write([eligex.extract(OLD, trial_id="A")], tmp_path / "old.jsonl")
    new = edited((">= 9 g", ">= 10 g"), ("Asthma", "Asthma, <script>alert(1)</script>"))
    write([eligex.extract(new, trial_id="A")], tmp_path / "new.jsonl")
    return tmp_path / "old.jsonl", tmp_path / "new.jsonl"


def test_command_as_json_lines(stored: tuple[Path, Path]) -> None:
    done = call("diff", *stored, "-f", "jsonl")
    assert done.exit_code == 0
    data = json.loads(done.stdout)
    assert data["kind"] == "changed"
    limit = next(each for each in data["changes"] if each["new"]["text"].startswith("Hemoglobin"))
    assert limit["predicates"][0]["aspects"] == ["limit tightened"]
    assert (limit["old"]["id"], limit["new"]["id"]) == ("inc-2", "inc-2")
    assert "criteria: 0 added, 0 removed, 2 changed" in done.stderr


def test_command_as_page(stored: tuple[Path, Path], tmp_path: Path) -> None:
    assert call("diff", *stored, "-o", tmp_path / "a.html").exit_code == 0
    page = (tmp_path / "a.html").read_text()
    assert "limit tightened: Hemoglobin ≥ 9 g/dL (require) → Hemoglobin ≥ 10 g/dL (require)" in page
    assert "<script>" not in page


def test_command_as_table(stored: tuple[Path, Path]) -> None:
    assert "limit tightened" in call("diff", *stored).stdout


def test_command_of_texts(tmp_path: Path) -> None:
    (tmp_path / "v1.txt").write_text(OLD)
    (tmp_path / "v2.txt").write_text(edited((">= 9 g", ">= 10 g")))
    done = call("diff", tmp_path / "v1.txt", tmp_path / "v2.txt", "-f", "jsonl")
    assert [change["kind"] for change in json.loads(done.stdout)["changes"]] == ["changed"]


def test_command_of_a_csv_and_a_dataset(stored: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "A", "text": OLD}))
    assert call("batch", tmp_path / "in.jsonl", "-o", tmp_path / "d", "-j", "1").exit_code == 0
    assert call("convert", stored[0], tmp_path / "old.csv").exit_code == 0
    done = call("diff", tmp_path / "old.csv", tmp_path / "d", "-f", "jsonl")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "1 same" in done.stderr


def test_what_cannot_be_compared(stored: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        next(eligex.diff.diff(tmp_path / "gone", stored[0]))
    done = call("diff", *stored, "-o", tmp_path / "a.docx")
    assert done.exit_code == 2
    assert "'.docx' stands for no format" in done.stderr
