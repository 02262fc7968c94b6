"""SDTM: rows of the Trial Inclusion/Exclusion Criteria domain (TI), CSV, one row for each criterion.

``IETEST`` is the text, ``TIRL`` the predicates in one line each.  A variable of SDTM has 200 characters at
most: what is longer is cut at a word, and in the report of losses.  Line breaks become blanks.  A trial that
is there again is the next version of its criteria (``TIVERS``).
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from eligex.errors import InputError
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
        versions: Counter[str] = Counter()
        for result in results:
            study = harmless(result.trial_id)
            if len(study) > _LONGEST:
                what = f"the id of the trial is {_CUT}"
                raise InputError(what, where=f"{study[:20]}...", remedy="Give it a shorter one.")
            versions[study] += 1
            ledger.trial(result)
            numbers = {"inclusion": 0, "exclusion": 0}
            for criterion in result.criteria:
                numbers[criterion.type] += 1
                cells = _cells(result, criterion, numbers[criterion.type], ledger)
                writer.writerow((study, *cells, str(versions[study])))


def _cells(result: TrialCriteria, criterion: Criterion, number: int, ledger: Ledger) -> tuple[str, ...]:
    """Return the cells between the study and the version."""
    text, cohort = (harmless(" ".join(each.split())) for each in (criterion.text, criterion.cohort or ""))
    why = {part: _CUT for part, cell in (("text", text), ("cohort", cohort)) if len(cell) > _LONGEST}
    ledger.criterion(result.trial_id, criterion, {"type", "text", "cohort"}, lost=why)
    return (
        "TI",
        f"{criterion.type[:4].upper()}{number:03d}",
        _cut(text),
        criterion.type.upper(),
        _cut(cohort),
        harmless(_rules(result, criterion, ledger)),
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
    kept = text[: _LONGEST - 3]
    return (kept.rpartition(" ")[0] or kept) + "..."
