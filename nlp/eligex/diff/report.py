"""Differences as JSON Lines, as a table for the terminal, and as an HTML page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import Any, BinaryIO

from eligex.diff.compare import Change, PredicateChange, TrialDiff
from eligex.schema import Criterion, Predicate
from eligex.spans import plain

FORMATS = ("table", "jsonl", "html")
_LONGEST = 300
_STYLES = {"added": "green", "removed": "red", "changed": "yellow", "reworded": "cyan", "moved": "blue"}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Eligibility criteria: what has changed</title>
<style>
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin-bottom:2rem}
td,th{border-bottom:1px solid #ddd;padding:.4rem .6rem;text-align:left;vertical-align:top}
td.text{width:36%}li{list-style:none}ul{margin:.3rem 0;padding:0;color:#444}
.added{color:#176f2c}.removed{color:#a40e26}.changed{color:#8a5a00}.reworded{color:#0b6b74}.moved{color:#23469e}
</style></head><body>
<h1>Eligibility criteria: what has changed</h1>
"""


class Tally:
    """Counts trials and criteria by what has become of them."""

    def __init__(self) -> None:
        self.trials = Counter[str]()
        self.criteria = Counter[str]()

    def counted(self, diffs: Iterable[TrialDiff]) -> Iterator[TrialDiff]:
        """Pass differences on, without the trials that are the same, and count all."""
        for diff in diffs:
            self.trials[diff.kind] += 1
            self.criteria.update(change.kind for change in diff.changes)
            if diff.kind != "same":
                yield diff

    def __str__(self) -> str:
        trials = ", ".join(f"{self.trials[k]} {k}" for k in ("changed", "added", "removed", "same"))
        criteria = ", ".join(f"{self.criteria[kind]} {kind}" for kind in _STYLES)
        return f"trials: {trials}; criteria: {criteria}"


def write(diffs: Iterable[TrialDiff], stream: BinaryIO, format: str) -> None:
    """Write differences in one of :data:`FORMATS`."""
    _WRITERS[format](diffs, stream)


def line(diff: TrialDiff) -> str:
    """Return the differences of a trial as one line of JSON."""
    data = {
        "trial_id": diff.trial_id,
        "kind": diff.kind,
        "note": diff.note,
        "changes": [_change(change) for change in diff.changes],
    }
    return json.dumps(data).replace("\u2028", "\\u2028")


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "is_moved": change.is_moved,
        "is_reworded": change.is_reworded,
        "aspects": list(change.aspects),
        "old": _criterion(change.old),
        "new": _criterion(change.new),
        "predicates": [plain(each) for each in change.predicates],
    }


def _criterion(criterion: Criterion | None) -> dict[str, Any] | None:
    if criterion is None:
        return None
    names = ("id", "type", "text", "start", "end", "parent")
    return {name: getattr(criterion, name) for name in names}


def _write_lines(diffs: Iterable[TrialDiff], stream: BinaryIO) -> None:
    for diff in diffs:
        stream.write(line(diff).encode() + b"\n")


def statement(predicate: Predicate) -> str:
    """Return a predicate in one line: ``not asthma, ≤ P6M before screening (exclude)``."""
    from eligex.writers import table

    words = ["not" if predicate.negated else "", predicate.entity.text, table.value(predicate)]
    words.append(predicate.unit or "" if predicate.comparator else "")
    windows = predicate.windows or ((predicate.temporal,) if predicate.temporal else ())
    parts = [" ".join(word for word in words if word), *map(table.window, windows)]
    if predicate.condition:
        parts.append(f"if {predicate.condition}")
    return f"{', '.join(part for part in parts if part)} ({predicate.effect})"


def described(change: PredicateChange) -> str:
    """Return what has become of a predicate in one line."""
    if change.old is None or change.new is None:
        predicate = change.new or change.old
        return f"{change.kind}: {statement(predicate)}" if predicate else change.kind
    return f"{'; '.join(change.aspects)}: {statement(change.old)} → {statement(change.new)}"


def label(change: Change) -> str:
    """Return what has become of a criterion in words: ``changed, reworded, moved``."""
    more = [("reworded", change.is_reworded), ("moved", change.is_moved)]
    return ", ".join([change.kind, *(name for name, is_so in more if is_so and name != change.kind)])


def _details(change: Change) -> list[str]:
    if change.kind in ("added", "removed"):
        return [statement(each) for p in change.predicates if (each := p.new or p.old)]
    return [*change.aspects, *map(described, change.predicates)]


def _text(criterion: Criterion | None) -> str:
    words = " ".join((criterion.text if criterion else "").split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def show(diffs: Iterable[TrialDiff], console: Any) -> None:
    """Print a table for each trial."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    for diff in diffs:
        console.print(Text(f"{diff.trial_id}: {diff.kind}", style="bold"))
        if diff.note:
            console.print(Text(diff.note, style="red"))
        grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in ("what", "old", "new", "predicates"):
            grid.add_column(name, overflow="fold")
        for change in diff.changes:
            what = Text(label(change), style=_STYLES[change.kind])
            grid.add_row(
                what, Text(_text(change.old)), Text(_text(change.new)), Text("\n".join(_details(change)))
            )
        console.print(grid)


def _write_table(diffs: Iterable[TrialDiff], stream: BinaryIO) -> None:
    import io

    from rich.console import Console

    from eligex.writers.table import FILE_WIDTH

    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        show(diffs, Console(file=text, width=FILE_WIDTH, color_system=None, force_terminal=False))
    finally:
        text.detach()


def _write_page(diffs: Iterable[TrialDiff], stream: BinaryIO) -> None:
    stream.write(_PAGE.encode())
    for diff in diffs:
        stream.write("".join(_section(diff)).encode("utf-8", "replace"))
    stream.write(b"</body></html>\n")


def _section(diff: TrialDiff) -> Iterator[str]:
    yield f"<h2>{escape(diff.trial_id)}: {diff.kind}</h2>\n"
    if diff.note:
        yield f"<p>{escape(diff.note)}</p>\n"
    if not diff.changes:
        return
    yield "<table><tr><th>what</th><th>old</th><th>new</th></tr>\n"
    for change in diff.changes:
        details = "".join(f"<li>{escape(each)}</li>" for each in _details(change))
        yield (
            f'<tr><td class="{change.kind}">{escape(label(change))}</td>'
            f'<td class="text">{escape(_text(change.old))}</td>'
            f'<td class="text">{escape(_text(change.new))}<ul>{details}</ul></td></tr>\n'
        )
    yield "</table>\n"


_WRITERS: dict[str, Callable[[Iterable[TrialDiff], BinaryIO], None]] = {
    "jsonl": _write_lines,
    "table": _write_table,
    "html": _write_page,
}
