"""The pages of a service: the form for a text, and a result that can be corrected."""

from __future__ import annotations

import json
from importlib.resources import files
from string import Template
from typing import Any, get_args

from eligex.schema import DOMAIN_LABELS, Comparator, TrialCriteria
from eligex.service.settings import Settings
from eligex.view import page, view_of
from eligex.view.html import element, text
from eligex.view.page import Addition, asset, policy

MAX_TITLE = 80


def form(settings: Settings, *, error: str | None = None, words: str = "", trial_id: str = "") -> str:
    """Return the page with the form, and what was wrong with the text that was sent before."""
    style = asset("page.css") + _asset("service.css")
    script = _asset("form.js")
    return Template(_asset("form.html")).substitute(
        policy=policy(style, script, own="'self'"),
        style=style,
        script=script,
        most=settings.max_bytes,
        error=element("p", text(error), class_="error", role="alert", id="error") if error else "",
        words=text(words),
        trial_id=text(trial_id),
    )


def result_page(result: TrialCriteria, written: str, settings: Settings) -> str:
    """Return the page of a result; with a folder for corrections it can be corrected."""
    back = element("p", element("a", "Another text", href="/"))
    script, top = "", back
    if settings.corrections is not None:
        script = _asset("corrections.js")
        top += _correcting(written)
    addition = Addition(top, _asset("service.css"), script)
    title = result.trial_id if len(result.trial_id) <= MAX_TITLE else result.trial_id[: MAX_TITLE - 1] + "…"
    return page([view_of(result, written)], title=title, addition=addition)


def _correcting(written: str) -> str:
    """Return what the script of corrections needs, and where it says what it did."""
    found: dict[str, Any] = {"text": written, "labels": DOMAIN_LABELS, "comparators": get_args(Comparator)}
    data = json.dumps(found, ensure_ascii=True).replace("<", "\\u003c")
    parts = (
        element("button", "Save corrections", type="button", id="save", disabled=True),
        element("span", "No corrections yet.", id="corrected", role="status"),
        element("span", id="saved", role="status"),
    )
    bar = element("div", *parts, id="correcting", role="region", aria_label="Corrections")
    return f'{bar}<script type="application/json" id="correct-data">{data}</script>'


def _asset(name: str) -> str:
    return files("eligex.service").joinpath("assets", name).read_text("utf-8")
