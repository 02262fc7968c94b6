"""SDTM: rows of the Trial Inclusion/Exclusion Criteria domain (TI), CSV, one row for each criterion.

``IETEST`` is the text, ``TIRL`` the predicates in one line each.  A variable of SDTM has 200 characters at
most: what is longer is cut at a word, and in the report of losses.  Line breaks become blanks.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from eligex.exports.loss import Ledger
from eligex.exports.rules import rule
from eligex.schema import Criterion, TrialCriteria
from eligex.writers.csv import harmless

COLUMNS = ("STUDYID", "DOMAIN", "IETESTCD", "IETEST", "IECAT", "IESCAT", "TIRL", "TIVERS")
_LONGEST = 200
_HELD = frozenset({"comparator", "threshold", "threshold_high", "threshold_inclusive"}) | {
    "threshold_high_inclusive",
    "threshold_set",
    "threshold_text",
    "unit",
    "negated",
    "effect",
}
_CUT = f"longer than {_LONGEST} characters"


def write(results: Iterable[TrialCriteria], out: Path, ledger: Ledger) -> None:
    """Write a CSV file."""
    with out.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for result in results:
            ledger.trial(result)
            numbers = {"inclusion": 0, "exclusion": 0}
            for criterion in result.criteria:
                numbers[criterion.type] += 1
                writer.writerow(map(harmless, _row(result, criterion, numbers[criterion.type], ledger)))


def _row(result: TrialCriteria, criterion: Criterion, number: int, ledger: Ledger) -> tuple[str, ...]:
    text = " ".join(criterion.text.split())
    shown = _cut(text)
    why = {} if shown == text else {"text": _CUT}
    ledger.criterion(result.trial_id, criterion, {"type", "text", "cohort"}, lost=why)
    return (
        result.trial_id,
        "TI",
        f"{criterion.type[:4].upper()}{number:03d}",
        shown,
        criterion.type.upper(),
        criterion.cohort or "",
        _rules(result, criterion, ledger),
        "1",
    )


def _rules(result: TrialCriteria, criterion: Criterion, ledger: Ledger) -> str:
    """Return the predicates of a criterion in one line, as many as there is place for."""
    lines: list[str] = []
    for predicate in criterion.predicates:
        line = f"{predicate.id}: {rule(predicate)}"
        if len("; ".join([*lines, line])) <= _LONGEST:
            lines.append(line)
            ledger.predicate(result.trial_id, criterion.id, predicate, _HELD)
        else:
            ledger.missing(result.trial_id, criterion.id, predicate, f"TIRL would be {_CUT}")
    return "; ".join(lines)


def _cut(text: str) -> str:
    """Return what fits, with three dots where something is gone."""
    if len(text) <= _LONGEST:
        return text
    return text[: _LONGEST - 3].rpartition(" ")[0][: _LONGEST - 3] + "..."
