"""SQL over an OMOP common data model 5.4: for each trial a query for the patients whom nothing rules out.

``judged`` has a column for each criterion, which is true, false or null of a patient: null where the data do
not say, or cannot be asked.  The query returns those for whom none is false, with the number of those that
are null.  Concepts are found when it runs, by their codes in the vocabulary tables of the model, with all
that is below them; ids are used where they are known.  A set of concepts that turns out empty is null, not
"nobody has it".

What the records say of patients is worked out before (:mod:`eligex.exports.omop.facts`), for all at once.
Of a limit the last value up to the day on which patients are looked at counts, in a unit that the limit is
written in; without one the limit is null.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from eligex.errors import EligexError
from eligex.exports.loss import Ledger
from eligex.exports.names import Names
from eligex.exports.omop.accounts import account
from eligex.exports.omop.plan import Plan, plan
from eligex.exports.omop.query import query
from eligex.exports.omop.vocabulary import Vocabulary
from eligex.schema import TrialCriteria

_LONGEST_COMMENT = 160


def write(
    results: Iterable[TrialCriteria],
    out: Path,
    ledger: Ledger,
    *,
    dialect: str,
    vocabulary: Vocabulary,
    index_date: date | None = None,
) -> None:
    """Write a folder with a query for each trial.

    Parameters
    ----------
    dialect
        ``duckdb`` or ``postgres``.
    vocabulary
        The ids that are known.
    index_date
        The day on which patients are looked at; by default the day on which the query runs.
    """
    names = Names()
    for result in results:
        found = plan(result, vocabulary)
        file = out / f"{names.stem(result.trial_id)}.sql"
        file.write_text(statement(result, found, dialect, index_date), encoding="utf-8", newline="\n")
        without = {
            key: lost["entity.concept"] for key, lost in found.lost.items() if "entity.concept" in lost
        }
        account(ledger, result, found, without | found.unknown, sets="a set that is looked up by its codes")


def statement(result: TrialCriteria, found: Plan, dialect: str, index_date: date | None = None) -> str:
    """Return the query of a trial, after comments that say what its columns are."""
    sqlglot = _sqlglot()
    day = f"DATE '{index_date.isoformat()}'" if index_date else "CURRENT_DATE"
    (written,) = sqlglot.transpile(query(found, day), read="postgres", write=dialect, pretty=True)
    return "\n".join([*_comments(result, found), written + ";", ""])


def _comments(result: TrialCriteria, found: Plan) -> Iterable[str]:
    yield f"-- {_line(result.trial_id)}: the patients whom no criterion rules out"
    yield "-- undecided: for how many criteria the data do not say; 0 is eligible by all of them"
    for criterion, _ in found.rules:
        yield f"-- {_line(criterion.id)}: {_line(criterion.text)}"
    for key, why in found.unknown.items():
        yield f"-- not asked: {_line(key)}: {_line(why)}"
    for each in found.sets:
        if each.why is not None:
            yield f"-- without a concept: {_line(each.name)}: {_line(each.why)}"


def _line(text: str) -> str:
    """Return a text as one line of a comment."""
    words = "".join(each if each.isprintable() else " " for each in text).split()
    joined = " ".join(words)
    return joined if len(joined) <= _LONGEST_COMMENT else joined[: _LONGEST_COMMENT - 3] + "..."


def _sqlglot() -> Any:
    try:
        return import_module("sqlglot")
    except ImportError as error:
        raise EligexError(
            "SQL needs sqlglot, which is not installed", remedy='Install it with: pip install "eligex[sql]"'
        ) from error
