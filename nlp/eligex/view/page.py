"""Results and their texts to one self-contained page: no other file, no network, no script but its own."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

from eligex.errors import EligexError
from eligex.schema import DOMAIN_LABELS
from eligex.view.html import element, text
from eligex.view.texts import View
from eligex.view.trial import article, summary

MAX_TRIALS = 100
"""The most trials in one page, unless the caller asks for more."""
PARTS = {label: label.lower() for label in DOMAIN_LABELS} | {
    "limit": "limit",
    "window": "window",
    "condition": "when",
    "modifier": "modifier",
}
"""What a palette gives colours to, labels of entities and other marks, and the variables of CSS for them."""
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,30}")


@dataclass(frozen=True, slots=True)
class Addition:
    """What a service adds to a page: HTML before the trials, a style, a script, and requests to itself."""

    top: str
    style: str
    script: str


def page(
    views: Iterable[View],
    *,
    title: str,
    left_out: int | None = 0,
    palette: Mapping[str, str] | None = None,
    addition: Addition | None = None,
) -> str:
    """Return the page of some trials.

    Parameters
    ----------
    views
        The trials.
    title
        What the page is about, such as the name of the file.
    left_out
        How many trials are not in the page, None if that is not known; the page says so.
    palette
        Colours, by the names in :data:`PARTS`.
    addition
        What a service adds; without one the page needs and asks nothing outside of it.

    Raises
    ------
    EligexError
        If the palette names something else, or something that is no colour.
    """
    shown = list(views)
    style = f"{asset('marks.css')}{asset('page.css')}{palette_css(palette)}"
    script = asset("page.js")
    if addition is not None:
        style, script = style + addition.style, script + addition.script
    count = f"{len(shown):,} trial{'' if len(shown) == 1 else 's'}"
    if left_out != 0:
        count += f"; {'more' if left_out is None else f'{left_out:,} more'} are not in this page"
    return Template(asset("page.html")).substitute(
        title=text(title),
        count=text(count),
        style=style,
        script=script,
        policy=policy(style, script, own="'self'" if addition else "'none'"),
        top=addition.top if addition else "",
        skip='<a href="#trials">to the list of trials</a>' if len(shown) > 1 else "",
        trials=_list(shown),
        labels="".join(element("option", label) for label in DOMAIN_LABELS),
        articles="\n".join(article(view, number) for number, view in enumerate(shown, start=1)),
    )


def _list(views: Sequence[View]) -> str:
    if len(views) < 2:
        return ""
    items = [
        element(
            "li",
            element("a", text(view.result.trial_id), href=f"#t{number}"),
            " ",
            element("span", text(summary(view.result)), class_="dim"),
            class_="failed" if view.result.error else None,
        )
        for number, view in enumerate(views, start=1)
    ]
    opened = element("summary", f"Trials ({len(items)})")
    inner = element("details", opened, element("ol", *items), open=True)
    return element("nav", inner, id="trials", tabindex=-1, aria_label="Trials")


@cache
def asset(name: str) -> str:
    """Return a file of this package's ``assets``."""
    return files("eligex.view").joinpath("assets", name).read_text("utf-8")


def palette_css(palette: Mapping[str, str] | None) -> str:
    """Return the rules that set the colours of a palette.

    >>> palette_css({"Drug": "#07f"})
    '.eligex{--drug:#07f}'
    """
    if not palette:
        return ""
    rules = []
    for name, colour in palette.items():
        if name not in PARTS:
            raise EligexError(
                f"a palette has no part named {name!r}", remedy=f"There are: {', '.join(PARTS)}."
            )
        if not _COLOUR.fullmatch(colour):
            raise EligexError(f"{colour!r} is no colour", remedy="Write it as #rrggbb or as a CSS name.")
        rules.append(f"--{PARTS[name]}:{colour}")
    return f".eligex{{{';'.join(rules)}}}"


def policy(style: str, script: str, *, own: str) -> str:
    """Return the content security policy of a page with one style and one script.

    ``own`` is where the page may send what is typed into it.
    """
    inline = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    return f"default-src 'none'; {inline}; connect-src {own}; form-action {own}; base-uri 'none'"


def _hash(inline: str) -> str:
    """Return what a content security policy knows an inline style or script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
