"""Results in notebooks: a compact piece of HTML, without a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from eligex.errors import EligexError
from eligex.schema import Criterion, Predicate, Source, TrialCriteria
from eligex.spans import of_plain
from eligex.view.html import element, text
from eligex.view.marks import marked, marks_of, within
from eligex.view.page import asset, palette_css
from eligex.view.sentences import line, statement, window
from eligex.view.texts import view_of
from eligex.view.trial import EFFECTS, summary

MAX_ROWS = 200
"""The most predicates in a table."""


class Html(str):
    """HTML as a string, which a notebook shows as what it means."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


def display(item: Any, *, palette: Mapping[str, str] | None = None) -> Html:
    """Return the highlighted text and the criteria of a document, or of a result with its text, as HTML.

    Parameters
    ----------
    item
        A Doc that a pipeline of :func:`eligex.load` has read, or a :class:`~eligex.schema.TrialCriteria`.
    palette
        Colours by label of an entity (``Drug``, ``Condition`` …), or by ``limit``, ``window``,
        ``condition``, ``modifier``; the others keep theirs.

    Returns
    -------
    Html
        A string; as the last value of a cell, a notebook shows it.

    Raises
    ------
    EligexError
        If ``item`` is neither, no pipeline has read it, or the palette is none.

    Examples
    --------
    >>> import eligex
    >>> doc = eligex.load()("Inclusion Criteria: hemoglobin >= 9 g/dL")
    >>> "hemoglobin &gt;= 9 g/dL" in eligex.display(doc, palette={"limit": "#0a7"})
    True
    """
    result = item if isinstance(item, TrialCriteria) else _of_doc(item)
    return Html(compact(result, palette=palette, words=True))


def _of_doc(doc: Any) -> TrialCriteria:
    found = getattr(getattr(doc, "_", None), "criteria", None)
    if found is None:
        raise EligexError(
            f"{type(doc).__name__} without criteria",
            remedy="Give a Doc that went through eligex.load(), or a result.",
        )
    written = doc.text
    source = Source("text", None, None, 0, len(written))
    return TrialCriteria(
        "text", source, criteria=tuple(of_plain(Criterion, each) for each in found), text=written
    )


def compact(result: TrialCriteria, *, palette: Mapping[str, str] | None = None, words: bool = False) -> str:
    """Return a result as a table of its predicates, after its text if ``words`` asks for that."""
    style = element("style", asset("marks.css"), asset("notebook.css"), palette_css(palette))
    parts = [style, element("p", element("b", text(result.trial_id)), text(f" — {summary(result)}"))]
    if result.error:
        parts.append(element("p", text(f"{result.error.code}: {result.error.message}")))
    if words:
        parts.append(element("div", _words(result), class_="words"))
    stated = [(each, criterion) for criterion in result.criteria for each in criterion.predicates or (None,)]
    if stated:
        names = ("criterion", "effect", "statement", "when", "if", "confidence")
        head = element("tr", *(element("th", name, scope="col") for name in names))
        body = "".join(_row(each, criterion) for each, criterion in stated[:MAX_ROWS])
        parts.append(element("table", element("thead", head), element("tbody", body)))
    if len(stated) > MAX_ROWS:
        parts.append(element("p", f"… and {len(stated) - MAX_ROWS:,} more rows; to_pandas() has all of them"))
    return element("div", *parts, class_="eligex eligex-notebook")


def _words(result: TrialCriteria) -> str:
    view = view_of(result)
    ids = dict.fromkeys((each.id for each in result.criteria), "")
    ids |= {each.id: "" for criterion in result.criteria for each in criterion.predicates}
    marks = [replace(mark, id=None) for mark in marks_of(result, ids, "") if mark.kind != "criterion"]
    return "\n".join(marked(at[1], within(marks, at), links=False) for at in view.fragments)


def _row(predicate: Predicate | None, criterion: Criterion) -> str:
    if predicate is None:
        cells = [criterion.id, "", line(criterion.text), "", "", ""]
    else:
        windows = predicate.windows or ((predicate.temporal,) if predicate.temporal else ())
        cells = [
            predicate.id,
            EFFECTS[predicate.effect],
            statement(predicate),
            "; ".join(window(each) for each in windows),
            line(predicate.condition or ""),
            f"{predicate.confidence:.2f}",
        ]
    return element("tr", *(element("td", text(cell)) for cell in cells))
