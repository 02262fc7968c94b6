"""Every Python block of the README and of docs/ runs, and prints what the page says it prints."""

from __future__ import annotations

import doctest
import json
import re
from pathlib import Path

import pytest

from eligex import batch

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TRIALS = (
    {
        "trial_id": "T-1",
        "text": "Inclusion Criteria:\n- Age 18 to 75 years\n- Gout\n- eGFR >= 60 mL/min/1.73 m2\n"
        "- Left ventricular ejection fraction <= 40%\n"
        "Exclusion Criteria:\n- History of stroke within 6 months before screening\n- Asthma\n",
    },
    {
        "trial_id": "T-2",
        "text": "Inclusion Criteria:\n- Age >= 18 years\n- Type 2 diabetes\n"
        "- ALT <= 3 x ULN (<= 5 x ULN if liver metastases)\n"
        "Exclusion Criteria:\n- Cancer, except basal cell carcinoma\n- Asthma\n",
    },
    {
        "trial_id": "T-3",
        "text": "Inclusion Criteria:\n- Age 40 to 80 years\n- Heart failure\n- LVEF >= 50%\n"
        "- eGFR > 45 mL/min/1.73 m2\n"
        "Exclusion Criteria:\n- Stroke within the last 3 months\n- Asthma\n- Known allergy to zinc\n",
    },
    {
        "trial_id": "T-4",
        "text": "Inclusion Criteria:\n- Adults who are able to walk without help\n"
        "- Adultos con gota que puedan andar\nExclusion Criteria:\n- Pregnancy\n",
    },
    {"trial_id": "T-5", "text": ""},
)
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> str:
    """Return the Python blocks of a page with prompts as one doctest; prose and line numbers are left out."""
    return "\n\n".join(block for block in BLOCK.findall(page) if ">>>" in block)


def failures(page: str, name: str) -> str:
    """Run the blocks of a page one after another, in one namespace; return what did not go as it says."""
    test = doctest.DocTestParser().get_doctest(blocks(page), {}, name, name, 0)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=report.append)
    return "".join(report)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a dataset of invented trials in it, which docs/questions.md asks."""
    found = tmp_path_factory.mktemp("questions")
    (found / "trials.jsonl").write_text("".join(json.dumps(trial) + "\n" for trial in TRIALS))
    batch.extract(found / "trials.jsonl", found / "dataset", n_process=1)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_blocks_print_what_the_page_says(page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert failures(page.read_text("utf-8"), page.name) == ""


@pytest.mark.parametrize(
    "name",
    ["criterion", "predicate", "quantity", "context", "input-and-output", "batch", "questions", "exports"],
)
def test_concept_pages_have_blocks(name: str) -> None:
    page = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    assert blocks(page), f"docs/{name}.md shows no code"


@pytest.mark.parametrize(
    ("page", "wrong"),
    [
        pytest.param("```python\n>>> 1 + 1\n2\n```\n", False, id="right"),
        pytest.param("```python\n>>> 1 + 1\n3\n```\n", True, id="wrong"),
        pytest.param(
            "```python\n>>> a = 1\n```\n\nThen:\n\n```python\n>>> a\n1\n```\n", False, id="one-namespace"
        ),
        pytest.param("```text\n>>> 1 + 1\n3\n```\n", False, id="another-language"),
    ],
)
def test_only_wrong_python_is_reported(page: str, wrong: bool) -> None:
    assert bool(failures(page, "page")) is wrong
