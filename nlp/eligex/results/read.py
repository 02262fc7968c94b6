"""Read results again: a dataset, JSON Lines, CSV or Parquet.

Decides the format by the name: a folder is a dataset, a file is what its ending says.  JSON Lines and
datasets hold results whole.  CSV and Parquet files hold rows (:mod:`eligex.results.unflatten`), in which the
headings, the entities without a predicate, the unparsed fragments and the structured fields are not.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from eligex import writers
from eligex.errors import InputError
from eligex.schema import SCHEMA_VERSION, TrialCriteria

_MISSING = "headings, other entities, unparsed fragments, structured fields and provenance"


def read(path: str | Path) -> Iterator[TrialCriteria]:
    """Yield the results in a dataset or a file, one by one.

    Parameters
    ----------
    path
        The folder of a dataset, or a file that ends in ``.jsonl``, ``.csv`` or ``.parquet``.

    Raises
    ------
    InputError
        If it is not what eligex has written; the message names the line.
    OutputError
        If the folder is no dataset.
    """
    path = Path(path)
    if path.is_dir():
        from eligex.batch.dataset import opened

        return opened(path).results()
    if not path.exists():
        raise InputError("no such file or folder", where=str(path), remedy="Check the path.")
    return iter(_READERS[kind_of(path)](path))


def kind_of(path: Path) -> str:
    """Return the format of a file of results.

    Raises
    ------
    InputError
        If its ending stands for none that can be read.
    """
    kind = writers.SUFFIXES.get(path.suffix.lower())
    if kind not in _READERS:
        raise InputError(
            "results are read from a dataset, or from a file that ends in .jsonl, .csv or .parquet",
            where=str(path),
            remedy="Give one of these.",
        )
    return str(kind)


def is_rows(path: str | Path) -> bool:
    """Whether a file holds rows, from which results cannot be built whole."""
    return not Path(path).is_dir() and kind_of(Path(path)) != "jsonl"


def _read_lines(path: Path) -> Iterator[TrialCriteria]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            where = f"{path}, line {number}"
            try:
                data = json.loads(line)
            except (ValueError, RecursionError) as error:
                what = "nested too deeply" if isinstance(error, RecursionError) else error
                raise InputError(f"not JSON: {what}", where=where, remedy=_remedy()) from None
            yield _checked(data, where)


def _checked(data: Any, where: str) -> TrialCriteria:
    version = data.get("schema_version") if isinstance(data, dict) else None
    if version != SCHEMA_VERSION:
        what = f"a result of schema version {version}" if version else "not a result of eligex"
        raise InputError(f"{what}; version {SCHEMA_VERSION} is read", where=where, remedy=_remedy())
    try:
        return TrialCriteria.from_dict(data)
    except (ValueError, RecursionError) as error:
        reason = " ".join(str(error).split()[:20])
        raise InputError(f"not a result of eligex: {reason}", where=where, remedy=_remedy()) from None


def _remedy() -> str:
    return "Give what `eligex extract` or `eligex batch` has written, or extract again."


def _read_csv(path: Path) -> Iterator[TrialCriteria]:
    from eligex.results import unflatten

    return unflatten.results(unflatten.csv_rows(path))


def _read_parquet(path: Path) -> Iterator[TrialCriteria]:
    from eligex.results import unflatten

    return unflatten.results(unflatten.parquet_rows(path))


_READERS: dict[str, Callable[[Path], Iterable[TrialCriteria]]] = {
    "jsonl": _read_lines,
    "csv": _read_csv,
    "parquet": _read_parquet,
}


def convert(
    source: str | Path,
    out: str | Path,
    *,
    format: str | None = None,
    excel: bool = False,
    notify: Callable[[str], None] = lambda _: None,
) -> int:
    """Convert results to another format; return how many there are.

    Parameters
    ----------
    source
        A dataset or a file of results, as for :func:`read`.
    out
        The new file; "-" is standard output, which needs ``format``.
    format
        "jsonl", "csv", "parquet" or "table"; by default what the ending of ``out`` says.
    excel
        As for :func:`eligex.writers.write`.
    notify
        Called with what is lost on the way.

    Raises
    ------
    InputError
        If the source is not what eligex has written.
    OutputError
        If the ending of ``out`` stands for no format, or ``out`` cannot be written.
    """
    to = writers.check_format(format) if format else writers.format_of(out)
    writers.writer_of(to, excel=excel)
    if Path(out).exists() and Path(source).exists() and Path(out).samefile(source):
        raise InputError("the output is also the input", where=str(out), remedy="Choose another name.")
    results = read(source)
    first = next(results, None)  # an unreadable source leaves no file behind
    if to == "jsonl" and is_rows(source):
        notify(f"{source}: the rows of a table have no {_MISSING}; these are empty in {out}")
    count = 0

    def counted() -> Iterator[TrialCriteria]:
        nonlocal count
        for result in chain([first] if first else [], results):
            count += 1
            yield result

    target = sys.stdout.buffer if str(out) == "-" else out
    if formulas := writers.write(counted(), target, format=to, excel=excel):
        notify(f"{out}: a spreadsheet takes texts of {formulas:,} records for formulas; --excel prevents it")
    return count
