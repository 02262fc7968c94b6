"""The page of ``eligex view`` in a real browser: axe's check, width, size, when it is painted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browser import chromium, faults, painted

import eligex
from eligex.schema import Failure, Source, TrialCriteria, Unparsed
from eligex.view import page, view_of

pytestmark = pytest.mark.slow
LINES = (
    "- Age ≥ {n} and ≤ 70 years, male or female",
    "- AST ≤ {n} x ULN (≤ 5 x ULN if liver metastases are present)",
    "- Hemoglobin > {n} g/dL within {n} weeks before screening, without transfusion",
    "- Any malignancy within the past {n} years, except basal cell carcinoma of the skin",
    "- Myocardial infarction, stroke or unstable angina within {n} months before the first dose",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def several(trial: TrialCriteria, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a page with three trials: one failed, one has a fragment that was not read."""
    failed = TrialCriteria(
        "T-2", Source("text", None, None, 0, 0), error=Failure("InputError", "it is empty", "E201")
    )
    first, *rest = trial.headings
    unparsed = (Unparsed(first.start, first.end, first.text, "noise"),)
    odd = replace(trial, trial_id="T-3", headings=tuple(rest), unparsed=unparsed)
    file = tmp_path_factory.mktemp("view") / "several.html"
    views = [view_of(each) for each in (trial, failed, odd)]
    file.write_bytes(page(views, title="several", left_out=2).encode())
    return file.as_uri()


@pytest.mark.parametrize(("scheme", "width"), [("light", 500), ("dark", 1300)])
def test_axe_finds_no_fault(scheme: str, width: int, browser: Any, several: str) -> None:
    """At first, where a mark was followed, where a filter leaves nothing, of a trial that failed or has
    fragments, and in the dialog for copying by hand."""
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    shown = context.new_page()
    said: list[str] = []
    shown.on("pageerror", lambda error: said.append(str(error)))
    shown.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    shown.goto(several)
    found = {"at first": faults(shown)}
    shown.click(".words a >> nth=0")
    shown.wait_for_selector(".predicate:target")
    found["followed"] = faults(shown)
    shown.fill("#words", "no criterion has these words")
    assert shown.locator(".predicate:visible").count() == 0
    found["filtered"] = faults(shown)
    shown.click("#clear")
    for number, kind in ((2, ".error"), (3, ".unparsed-list")):
        shown.click(f"nav a[href='#t{number}']")
        shown.wait_for_selector(kind)
        found[kind] = faults(shown)
    shown.click("#copy-csv")
    assert shown.locator("dialog:visible").count() == 1
    found["dialog"] = faults(shown)
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert (found, said) == ({state: [] for state in found}, [])


def test_axe_sees_faults(browser: Any, several: str) -> None:
    context = browser.new_context(bypass_csp=True)
    shown = context.new_page()
    shown.goto(several)
    shown.evaluate("document.documentElement.lang = ''; document.querySelector('.told').style.color = '#ccc'")
    found = {rule for _, rule, _ in faults(shown)}
    context.close()
    assert found == {"html-has-lang", "color-contrast"}


def test_a_page_of_twenty_criteria_is_small_and_quick(browser: Any, tmp_path: Path) -> None:
    lines = [LINES[n % len(LINES)].format(n=n) for n in range(2, 22)]
    text = "\n".join(["Inclusion Criteria:", *lines])
    result = replace(eligex.extract(text), text=text)
    assert len(result.criteria) == 20
    assert sum(len(each.predicates) for each in result.criteria) >= 40
    written = page([view_of(result)], title="T").encode()
    assert len(written) < 300_000
    (tmp_path / "page.html").write_bytes(written)
    shown = browser.new_page()
    times = []
    for _ in range(3):  # the quickest: this machine may be busy with other things
        shown.goto((tmp_path / "page.html").as_uri())
        times.append(painted(shown))
    shown.close()
    assert min(times) < 1_000
