"""The page in a real browser: typing, a file, corrections, saving, the keyboard alone, narrow and dark."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import chromium, faults

from eligex.invariants import problems
from eligex.schema import TrialCriteria

pytest.importorskip("fastapi", reason="FastAPI is not installed")
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
TEXT = "Inclusion Criteria:\n- Age ≥ 18 years\n- Hemoglobin > 9 g/dL\nExclusion Criteria:\n- Gout or asthma\n"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """Return a page with the form; a fault in a script, or anything that the policy stops, fails the test."""
    context = browser.new_context()
    found = context.new_page()
    said: list[str] = []
    found.on("pageerror", lambda error: said.append(str(error)))
    found.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    found.on("request", lambda request: said.append(request.url) if not _own(request.url, address) else None)
    found.goto(address)
    yield found
    context.close()
    assert [each for each in said if "status of 422" not in each] == []


def _own(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))


def records(saved: Path) -> dict[str, TrialCriteria]:
    return {
        file.name: TrialCriteria.from_dict(json.loads(file.read_text("utf-8")))
        for file in saved.glob("*.jsonl")
    }


def extract(page: Any, text: str = TEXT, name: str = "") -> None:
    page.fill("#trial_id", name)
    page.fill("#text", text)
    page.click("button[type=submit]")
    page.wait_for_selector(".trial")


def test_typing_gives_criteria(page: Any) -> None:
    extract(page, name="T-1")
    assert page.text_content("h1") == "T-1"
    assert "Hemoglobin > 9 g/dL" in page.text_content(".criteria")
    assert page.locator(".words .limit").count() >= 2


def test_a_file_is_read_into_the_box(page: Any, tmp_path: Path) -> None:
    (tmp_path / "NCT00000001.txt").write_text(TEXT, "utf-8")
    page.set_input_files("#file", tmp_path / "NCT00000001.txt")
    sync_api.expect(page.locator("#text")).not_to_have_value("")
    assert page.input_value("#text") == TEXT
    assert page.input_value("#trial_id") == "NCT00000001"
    (tmp_path / "data.txt").write_bytes(b"a\x00b")
    page.set_input_files("#file", tmp_path / "data.txt")
    sync_api.expect(page.locator("#said")).to_contain_text("not a text file")
    assert page.input_value("#text") == TEXT


def drop(page: Any, query: str, *files: Path) -> None:
    """Drag files over an element and let them go, as a person does."""
    box = page.locator(query).bounding_box()
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "data": data, **at})


@pytest.mark.parametrize("query", ["#text", "h1"], ids=["onto-the-box", "beside-it"])
def test_a_file_is_dropped(query: str, page: Any, address: str, tmp_path: Path) -> None:
    file = tmp_path / "NCT00000002.txt"
    file.write_text(TEXT, "utf-8")
    drop(page, query, file)
    sync_api.expect(page.locator("#said")).to_have_text("NCT00000002.txt was read.")
    assert page.input_value("#text") == TEXT
    assert page.input_value("#trial_id") == "NCT00000002"
    assert page.locator("#text.over").count() == 0
    assert page.url.rstrip("/") == address
    page.click("button[type=submit]")
    page.wait_for_selector(".trial")
    assert page.text_content("h1") == "NCT00000002"


def test_what_is_dropped_and_no_text_changes_nothing(page: Any, tmp_path: Path) -> None:
    page.fill("#text", TEXT)
    image, large = tmp_path / "scan<b>.png", tmp_path / "large.txt"
    image.write_bytes(b"\x89PNG\r\n\x00\x00")
    large.write_text("Age\n" * 1_000_000, "utf-8")
    for files, told in (
        ((image,), "scan<b>.png is not a text file."),
        ((large,), "large.txt is too large."),
        ((image, large), "Drop one file at a time."),
    ):
        drop(page, "#text", *files)
        sync_api.expect(page.locator("#said")).to_have_text(told)
        assert page.input_value("#text") == TEXT
        assert page.input_value("#trial_id") == ""


def test_a_file_in_another_encoding_is_said(page: Any, tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes("Age \u2265 18 \u00b0".encode("cp1252", "replace"))
    drop(page, "#text", tmp_path / "old.txt")
    sync_api.expect(page.locator("#said")).to_contain_text("are not UTF-8")


def test_corrections_are_kept_and_saved(page: Any, saved: Path) -> None:
    extract(page, name="edited")
    page.click("text=Accept >> nth=0")
    page.locator(".predicate", has_text="Hemoglobin").get_by_role("button", name="Edit").click()
    page.fill(".correction input[name=threshold]", "10")
    page.select_option(".correction select[name=comparator]", ">=")
    page.click(".correction button[type=submit]")
    page.locator(".predicate", has_text="asthma").get_by_role("button", name="Delete").click()
    page.locator("li.criterion.is-exclusion").get_by_role("button", name="Add a predicate").click()
    page.fill(".correction input[name=words]", "or")
    page.select_option(".correction select[name=label]", "Observation")
    page.click(".correction button[type=submit]")
    assert page.text_content("#corrected") == "4 corrections, not saved."
    page.click("#save")
    sync_api.expect(page.locator("#saved")).not_to_be_empty()
    assert page.text_content("#saved") == "Saved as edited.jsonl."
    found = records(saved)["edited.jsonl"]
    stated = {each.entity.text: each for criterion in found.criteria for each in criterion.predicates}
    assert set(stated) == {"Age", "Hemoglobin", "Gout", "or"}
    assert (stated["Hemoglobin"].comparator, stated["Hemoglobin"].threshold) == (">=", 10)
    assert stated["Age"].confidence == 1.0
    assert problems(found, TEXT) == []


def test_a_correction_that_is_refused_says_why(page: Any, saved: Path) -> None:
    extract(page, name="refused")
    page.locator("li.criterion.is-exclusion").get_by_role("button", name="Add a predicate").click()
    page.fill(".correction input[name=words]", "rheumatism")
    page.click(".correction button[type=submit]")
    with page.expect_response("**/corrections") as answer:
        page.click("#save")
    assert answer.value.status == 422
    sync_api.expect(page.locator("#saved")).not_to_be_empty()
    assert "'rheumatism' is not in the criterion" in page.text_content("#saved")
    assert "refused.jsonl" not in records(saved)


def test_the_keyboard_is_enough(page: Any, saved: Path) -> None:
    def tab_to(query: str, key: str = "Tab") -> None:
        for _ in range(80):
            if page.evaluate("query => document.activeElement.matches(query)", query):
                return
            page.keyboard.press(key)
        raise AssertionError(query)

    tab_to("#trial_id")
    page.keyboard.type("keys")
    tab_to("#text")
    page.keyboard.insert_text(TEXT)
    tab_to("button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".trial")
    tab_to(".predicate .correct button")
    page.keyboard.press("Enter")
    tab_to("#save", key="Shift+Tab")
    page.keyboard.press("Enter")
    sync_api.expect(page.locator("#saved")).not_to_be_empty()
    assert "keys.jsonl" in records(saved)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [500, 1300])
def test_nothing_is_wider_than_the_window(scheme: str, width: int, browser: Any, address: str) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    for made in (lambda: page.goto(address), lambda: extract(page)):
        made()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if shots := os.environ.get("ELIGEX_SCREENSHOTS"):
            name = "form" if page.locator("#form").count() else "result"
            page.screenshot(path=f"{shots}/{name}-{scheme}-{width}.png", full_page=True)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(scheme: str, browser: Any, address: str) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    found = faults(page)
    extract(page)
    page.locator(".predicate").first.get_by_role("button", name="Edit").click()
    found += faults(page)
    context.close()
    assert [each for each in found if each[0] in ("serious", "critical")] == []
