"""Corrected results into a folder: contract JSON Lines, a file for each, none of them overwritten."""

from __future__ import annotations

import io
from itertools import count
from pathlib import Path

from eligex.errors import OutputError
from eligex.exports.names import Names
from eligex.schema import TrialCriteria
from eligex.writers import jsonl


def save(result: TrialCriteria, folder: Path) -> Path:
    """Write a result with its text; return the file.

    Raises
    ------
    OutputError
        If the folder cannot be written to.
    """
    stream = io.BytesIO()
    jsonl.write([result], stream)
    stem = Names().stem(result.trial_id)
    try:
        for number in count(1):
            file = folder / (f"{stem}.jsonl" if number == 1 else f"{stem}-{number}.jsonl")
            try:
                with file.open("xb") as new:
                    new.write(stream.getvalue())
            except FileExistsError:
                continue
            return file
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error}", where=str(folder), remedy="Check the folder."
        ) from error
    raise AssertionError
