"""The flat rows of one result as a pandas data frame."""

from __future__ import annotations

from typing import Any

from eligex.errors import EligexError
from eligex.schema import TrialCriteria
from eligex.writers.flatten import COLUMNS, rows

_TYPES = {"string": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean"}
"""The types of pandas that can be empty."""


def to_pandas(result: TrialCriteria) -> Any:
    """Return the rows of a result, with the columns of :data:`eligex.writers.flatten.COLUMNS`.

    Raises
    ------
    EligexError
        If pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise EligexError("pandas is not installed", remedy='pip install "eligex[pandas]"') from error
    found = list(rows(result))
    return pd.DataFrame(
        {
            column.name: pd.array([row[column.name] for row in found], dtype=_TYPES[column.type])
            for column in COLUMNS
        }
    )
