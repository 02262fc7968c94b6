"""One trial of a page: its text on the left, its criteria on the right, each with links to the other."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from eligex.schema import Criterion, Predicate, TrialCriteria
from eligex.view import html
from eligex.view.html import element, text
from eligex.view.marks import Mark, marked, marks_of, within
from eligex.view.sentences import canonical, is_plain, line, logic, statement, window
from eligex.view.texts import View
from eligex.writers.csv import write_rows
from eligex.writers.flatten import NAMES, rows

EFFECTS = {"require": "requires", "exclude": "excludes", "allow": "allows", None: "where"}
_BREAK = "\n⋯\n"


@dataclass(frozen=True, slots=True)
class Links:
    """The ids of a trial's elements: of predicates and criteria by their own id, and the marks of each."""

    ids: dict[str, str]
    marks: dict[str, tuple[str, ...]]
    told: dict[str, str]


def article(view: View, number: int) -> str:
    """Return the element of a trial; all ids in it begin with ``t`` and its number."""
    result, prefix = view.result, f"t{number}-"
    ids = _ids(result, prefix)
    marks = marks_of(result, ids, prefix)
    fragments = [(fragment, within(marks, fragment)) for fragment in view.fragments]
    shown = [mark for _, found in fragments for mark in found]
    told = {p.id: statement(p) for c in result.criteria for p in c.predicates}
    links = Links(ids, _by_target(shown), told)
    left = text(_BREAK).join(marked(words, found) for (_, words), found in fragments)
    return element(
        "article",
        element("h2", text(result.trial_id), id=f"{prefix}name", tabindex=-1),
        element("p", text(summary(result)), class_="dim"),
        _error(result),
        element("p", text(view.note), class_="note") if view.note else "",
        "" if result.error and not shown else _columns(result, links, left, prefix),
        _data(result),
        id=f"t{number}",
        class_="trial",
        aria_labelledby=f"{prefix}name",
    )


def summary(result: TrialCriteria) -> str:
    """Return the counts of a trial: ``3 inclusion, 2 exclusion criteria; 9 predicates``, and more."""
    if result.error:
        return "could not be read"
    types = Counter(criterion.type for criterion in result.criteria)
    sure = [p.confidence for c in result.criteria for p in c.predicates]
    told = f"{types['inclusion']} inclusion, {types['exclusion']} exclusion criteria; {len(sure)} predicates"
    told += f", the least sure {min(sure):.2f}" if sure else ""
    return told + (f"; {len(result.unparsed)} fragments not read" if result.unparsed else "")


def _ids(result: TrialCriteria, prefix: str) -> dict[str, str]:
    ids: dict[str, str] = {}
    for criterion in result.criteria:
        ids.setdefault(criterion.id, f"{prefix}c{len(ids)}")
        for predicate in criterion.predicates:
            ids.setdefault(predicate.id, f"{prefix}p{len(ids)}")
    return ids


def _by_target(marks: list[Mark]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for mark in sorted(marks, key=lambda mark: mark.kind != "entity"):
        for target in mark.targets:
            if mark.id and not mark.continued:
                found.setdefault(target, []).append(mark.id)
    return {target: tuple(dict.fromkeys(marks)) for target, marks in found.items()}


def _error(result: TrialCriteria) -> str:
    if result.error is None:
        return ""
    said = f"{result.error.code} {result.error.type}: {result.error.message}"
    return element("p", element("strong", "Not read. "), text(said), class_="error")


def _columns(result: TrialCriteria, links: Links, left: str, prefix: str) -> str:
    of_text = element(
        "section",
        element("h3", "Text", id=f"{prefix}text"),
        element("div", left, class_="words"),
        class_="text",
        tabindex=0,
        aria_labelledby=f"{prefix}text",
    )
    items = "".join(_criterion(criterion, links) for criterion in result.criteria)
    of_criteria = element(
        "section",
        element("h3", "Criteria", id=f"{prefix}criteria", tabindex=-1),
        element("p", class_="count dim", role="status"),
        element("ol", items, class_="criteria") if items else element("p", "No criteria were found."),
        _unparsed(result),
        class_="facts",
        tabindex=0,
        aria_labelledby=f"{prefix}criteria",
    )
    return element("div", of_text, of_criteria, class_="columns")


def _criterion(criterion: Criterion, links: Links) -> str:
    least = min((p.confidence for p in criterion.predicates), default=criterion.confidence)
    here = links.ids[criterion.id]
    place = links.marks.get(here, ())
    name = text(criterion.id)
    if place:
        name = element("a", name, href=f"#{place[0]}", title="show it in the text")
    told: list[str] = [criterion.type]
    if criterion.cohort:
        told.append(f"of {line(criterion.cohort)}")
    if criterion.parent:
        told.append(f"under {criterion.parent}")
    if criterion.type_basis in ("default", "cue"):
        told.append(f"type by {criterion.type_basis}")
    parts = [
        element("h4", name, " ", element("span", text(", ".join(told)), class_="dim")),
        element("p", text(line(criterion.text)), class_="quote"),
    ]
    if criterion.predicates:
        items = "".join(_predicate(each, links) for each in criterion.predicates)
        parts.append(element("ul", items))
    else:
        parts.append(element("p", "No predicate.", class_="dim"))
    if not is_plain(criterion.logic):
        parts.append(element("p", element("b", "Logic: "), text(logic(criterion.logic)), class_="logic"))
    return element(
        "li",
        *parts,
        id=here,
        tabindex=-1,
        class_=f"criterion is-{criterion.type}",
        data_id=criterion.id,
        data_type=criterion.type,
        data_sure=round(least, 4),
        data_text=line(criterion.text).lower(),
        data_empty=not criterion.predicates,
    )


def _predicate(predicate: Predicate, links: Links) -> str:
    here = links.ids[predicate.id]
    places = links.marks.get(here, ())
    told = text(statement(predicate))
    effect = predicate.effect or "where"
    return element(
        "li",
        element("span", EFFECTS[predicate.effect], class_=f"effect is-{effect}"),
        " ",
        element("a", told, href=f"#{places[0]}", class_="told")
        if places
        else element("span", told, class_="told"),
        " ",
        _sureness(predicate.confidence),
        element(
            "dl",
            *(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in _details(predicate, links)),
        ),
        id=here,
        tabindex=-1,
        class_="predicate",
        data_id=predicate.id,
        data_m=" ".join(places) or None,
        data_kinds=" ".join(_kinds(predicate)),
        data_label=predicate.entity.label,
        data_sure=round(predicate.confidence, 4),
    )


def _sureness(confidence: float) -> str:
    level = "low" if confidence < 0.5 else "middle" if confidence < 0.8 else "high"
    said = f"confidence {confidence:.2f}" + (", doubtful" if level == "low" else "")
    return element("span", text(said), class_=f"sure is-{level}")


def _kinds(predicate: Predicate) -> Iterator[str]:
    yield "limit" if predicate.comparator else "entity"
    if predicate.temporal:
        yield "window"
    if predicate.condition:
        yield "condition"
    if predicate.exceptions or predicate.effect == "allow":
        yield "exception"
    if predicate.warnings:
        yield "warning"


def _details(predicate: Predicate, links: Links) -> Iterator[tuple[str, str]]:
    """Yield the names and the values, as HTML, of what a predicate has beside its limit."""
    entity, concept = predicate.entity, predicate.entity.concept
    full = f" ({line(entity.name)})" if entity.name and entity.name != entity.text else ""
    yield "entity", text(f"{entity.label}{full}")
    for each in predicate.windows or ((predicate.temporal,) if predicate.temporal else ()):
        yield "when", text(window(each))
    if predicate.condition:
        yield "if", text(line(predicate.condition)) + _stated(predicate)
    if predicate.exceptions:
        yield "except", ", ".join(_to(each, links) for each in predicate.exceptions)
    if predicate.modifiers:
        yield "also", text("; ".join(f"{line(each.text)} ({each.type})" for each in predicate.modifiers))
    if predicate.negated:
        yield "wording", "negated"
    if shown := canonical(predicate):
        yield "in one unit", text(shown)
    if concept:
        found = "" if concept.match == "exact" else f", {concept.match}"
        yield "concept", text(f"{concept.name} ({concept.system}:{concept.code}{found})")
    for warned in predicate.warnings:
        yield "doubtful", text(warned.message)


def _stated(predicate: Predicate) -> str:
    told = [("not " if p.negated else "") + statement(p) for p in predicate.condition_predicates]
    told = [each for each in told if each != line(predicate.condition or "")]
    return text(f" ({' and '.join(told)})") if told else ""


def _to(predicate_id: str, links: Links) -> str:
    told = text(links.told.get(predicate_id, predicate_id))
    here = links.ids.get(predicate_id)
    return element("a", told, href=f"#{here}") if here else told


def _unparsed(result: TrialCriteria) -> str:
    if not result.unparsed:
        return ""
    items = [
        element(
            "li", element("q", text(line(each.text))), " ", element("span", text(each.reason), class_="dim")
        )
        for each in result.unparsed
    ]
    heading = element("h4", f"Not read: {len(items)}")
    return element("section", heading, element("ul", *items), class_="unparsed-list", aria_label="Not read")


def _data(result: TrialCriteria) -> str:
    """Return the record as JSON and CSV for the buttons that copy; not a script that runs."""
    stream = io.BytesIO()
    write_rows(rows(result), stream, excel=True)
    table = stream.getvalue().decode("utf-8", "replace").removeprefix("\ufeff")
    record = {key: value for key, value in result.to_dict().items() if key != "text"}
    data = json.dumps({"json": record, "csv": _used(table)}, ensure_ascii=True, separators=(",", ":"))
    data = data.replace("<", "\\u003c")
    return f'<script type="application/json"{html.attributes(class_="data")}>{data}</script>'


def _used(table: str) -> str:
    """Return a CSV table without the columns that are empty in all rows."""
    found = list(csv.reader(io.StringIO(table)))
    used = [n for n in range(len(NAMES)) if any(row[n] for row in found[1:])]
    stream = io.StringIO()
    csv.writer(stream).writerows([row[n] for n in used] for row in found)
    return stream.getvalue()
