"""A table for the terminal: the predicates of each criterion, one table for each trial."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from eligex.schema import Count, Criterion, Length, Predicate, Threshold, TrialCriteria, Window

FILE_WIDTH = 160
"""The width of a table in a file, in characters."""
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]+")
_EFFECT = {"require": "green", "exclude": "red", "allow": "cyan"}
_SYMBOL = {"<=": "≤", ">=": "≥", "!=": "≠", "<": "<", ">": ">", "=": "="}
_SECTION = {"inclusion": "green", "exclusion": "red"}
_LONGEST, _LONGEST_BESIDE = 200, 50


def write(results: Iterable[TrialCriteria], stream: BinaryIO) -> None:
    """Write the table of each result, without colours, in a fixed width."""
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        show(results, Console(file=text, width=FILE_WIDTH, color_system=None, force_terminal=False))
    finally:
        text.detach()


def show(results: Iterable[TrialCriteria], console: Console) -> None:
    """Print the table of each result."""
    for result in results:
        console.print(_heading(result))
        if result.error:
            console.print(Text(_clean(result.error.message), style="red"))
        elif result.criteria:
            console.print(table(result))
        for fragment in result.unparsed:
            console.print(Text(f"not read ({fragment.reason}): {_clean(fragment.text)}", style="dim"))
        console.print()


def table(result: TrialCriteria) -> Table:
    """Return the criteria of a trial as a rich table: a section for each type, a row for each predicate."""
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    grid.add_column("criterion", no_wrap=True)
    grid.add_column("entity", min_width=12, overflow="fold")
    grid.add_column("value", overflow="fold")
    grid.add_column("unit", overflow="fold")
    grid.add_column("not", no_wrap=True)
    grid.add_column("window", overflow="fold")
    grid.add_column("effect", no_wrap=True)
    section = None
    for criterion in result.criteria:
        if criterion.type != section:
            if section is not None:
                grid.add_section()
            section = criterion.type
            grid.add_row(Text(section, style=f"bold {_SECTION[section]}"))
        for row in _rows(criterion):
            grid.add_row(*row)
    return grid


def _heading(result: TrialCriteria) -> Text:
    inclusion = sum(criterion.type == "inclusion" for criterion in result.criteria)
    predicates = sum(len(criterion.predicates) for criterion in result.criteria)
    title = Text(_clean(result.trial_id), style="bold")
    if not result.error:
        counts = (
            f"{inclusion} inclusion, {len(result.criteria) - inclusion} exclusion, {predicates} predicates"
        )
        title.append(f"  {counts}", style="not bold dim")
    return title


def _rows(criterion: Criterion) -> Iterator[list[Text]]:
    if not criterion.predicates:
        yield [Text(criterion.id), Text(_clean(criterion.text, _LONGEST_BESIDE), style="dim italic")]
    for index, predicate in enumerate(criterion.predicates):
        yield [Text(criterion.id if index == 0 else ""), *_cells(predicate)]


def _cells(predicate: Predicate) -> list[Text]:
    entity = Text(_clean(predicate.entity.name or predicate.entity.text))
    if predicate.effect == "allow":
        entity.append(f" [{predicate.id}]", style="dim")
    if predicate.condition:
        entity.append(f"\nif {condition(predicate)}", style="dim")
    if predicate.exceptions:
        entity.append(f"\nexcept {', '.join(predicate.exceptions)}", style="dim")
    windows = predicate.windows or ((predicate.temporal,) if predicate.temporal else ())
    return [
        entity,
        Text(value(predicate)),
        Text(_clean(predicate.unit or "")),
        Text("not" if predicate.negated else "", style="magenta"),
        Text("\n".join(window(each) for each in windows)),
        Text(predicate.effect or "", style=_EFFECT.get(predicate.effect or "", "")),
    ]


def condition(predicate: Predicate) -> str:
    """Return the words of a condition and, if it states a limit or an absence, how eligex read that.

    Examples
    --------
    ``liver metastases``, ``AST above 2 × ULN (AST > 2 [ULN])``, ``not on dialysis (not dialysis)``.
    """
    stated = predicate.condition_predicates
    shown = _clean(predicate.condition or "")
    if not any(each.comparator or each.negated for each in stated):
        return shown
    return f"{shown} ({' and '.join(map(_statement, stated))})"


def _statement(predicate: Predicate) -> str:
    negated = "not" if predicate.negated else ""
    words = (negated, _clean(predicate.entity.text), value(predicate), _clean(predicate.unit or ""))
    return " ".join(word for word in words if word)


def value(predicate: Predicate) -> str:
    """Return comparator and threshold as one short expression.

    Examples
    --------
    ``≥ 18``, ``18 – 70``, ``> 18, ≤ 70`` (if an end is excluded), ``3 or 4``, ``IIIB or IV``.
    """
    if predicate.comparator is None or predicate.threshold is None:
        return ""
    shown = _thresholds(predicate)
    if predicate.comparator == "in":
        return " or ".join(shown)
    if predicate.comparator == "between":
        low, high = shown[0], shown[-1]
        if predicate.threshold_inclusive is not False and predicate.threshold_high_inclusive is not False:
            return f"{low} – {high}"
        below = ">" if predicate.threshold_inclusive is False else "≥"
        above = "<" if predicate.threshold_high_inclusive is False else "≤"
        return f"{below} {low}, {above} {high}"
    return f"{_SYMBOL.get(predicate.comparator, predicate.comparator)} {shown[0]}"


def _thresholds(predicate: Predicate) -> list[str]:
    """Return the thresholds as written if they are not numbers ("IIIB"), else as numbers."""
    words = predicate.threshold_text
    if words is not None:
        return [_clean(word) for word in ((words,) if isinstance(words, str) else words)]
    ends = (predicate.threshold, predicate.threshold_high)
    return [_number(each) for each in predicate.threshold_set or ends if each is not None]


def window(temporal: Window) -> str:
    """Return a time window as one short expression.

    Examples
    --------
    ``P4W – P6M before screening``, ``> P6W for``, ``≤ PT72H either side of surgery``.
    """
    low, high = _length(temporal.low), _length(temporal.high)
    if low and high:
        length = f"{low} – {high}"
    elif low:
        length = f"{'>' if temporal.strict else '≥'} {low}"
    else:
        length = f"{'<' if temporal.strict else '≤'} {high}" if high else ""
    direction = "either side of" if temporal.direction == "within" else temporal.direction
    return " ".join(part for part in (length, direction, _clean(temporal.anchor or "")) if part)


def _length(length: Length | None) -> str:
    if isinstance(length, Count):
        return f"{length.value:g} {length.unit}"
    return length or ""


def _number(threshold: Threshold) -> str:
    return f"{threshold:,.10g}" if isinstance(threshold, float) else f"{threshold:,}"


def _clean(text: str, longest: int = _LONGEST) -> str:
    """Return ``text`` on one line, without characters that move the cursor or change direction."""
    line = " ".join(_UNPRINTABLE.sub(" ", text).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
