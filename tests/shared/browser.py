"""A page in headless Chromium: what starts the browser, when a page was painted, and axe's faults of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PAINTED = """() => new Promise(done => new PerformanceObserver(list => list.getEntries().forEach(each => {
    if (each.name === 'first-contentful-paint') { done(each.startTime); }
})).observe({ type: 'paint', buffered: true }))"""


@contextmanager
def chromium() -> Iterator[Any]:
    """Start the system's Chromium, or skip.

    For one module of tests, not for the session: ``asyncio.run`` of other tests refuses to run beside the
    event loop of Playwright.
    """
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    with sync_api.sync_playwright() as playwright:
        options = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        found = playwright.chromium.launch(executable_path=program, args=options)
        yield found
        found.close()


def painted(page: Any) -> float:
    """Return when a page showed something for the first time, in milliseconds."""
    return float(page.evaluate(_PAINTED))


def faults(page: Any) -> list[tuple[str, str, Any]]:
    """Return what axe finds wrong with a page: how serious it is, the rule, and the first element; or skip.

    Needs a context with ``bypass_csp``: the page lets no script run but its own.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    violations = axe.run(page).response["violations"]
    return [(each["impact"], each["id"], each["nodes"][0]["target"]) for each in violations]
