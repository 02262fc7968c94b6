"""The origin of a report: versions, commit, data and date, so that a figure can be traced."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from .documents import Document


def data_hash(documents: Sequence[Document]) -> str:
    """Hash the ids, texts and source annotation of documents, whatever their order."""
    digest = hashlib.sha256()
    for document in sorted(documents, key=lambda d: d.id):
        result = document.gold.result
        contract = None if result is None else without_empty(result.to_dict())
        for part in (document.id, document.text, document.source, document.gold.stated, contract):
            digest.update(str(part).encode("utf-8", "surrogatepass"))
            digest.update(b"\0")
    return digest.hexdigest()[:16]


def without_empty(value: Any) -> Any:
    """Return a plain value without empty fields, so that a new empty field changes nothing.

    >>> without_empty({"unit": None, "windows": [], "temporal": {"low": None}, "threshold": 0})
    {'threshold': 0}
    """
    if isinstance(value, dict):
        return {
            key: kept for key, inner in value.items() if (kept := without_empty(inner)) is not None
        } or None
    if isinstance(value, list | tuple):
        return [without_empty(inner) for inner in value] or None
    return None if value is False else value


_WRITTEN = tuple(
    f":(top,exclude){path}" for path in ("evaluation/board", "docs/leaderboard", "docs/leaderboard.md")
)


def commit(here: Path | None = None) -> str | None:
    """Return the commit of the working tree, with a mark where it has changes; None outside a repository.

    What the leaderboard itself writes is no change: the second system has the rows of the first beside it.
    """
    here = here or Path(__file__).resolve().parent
    try:
        head = _git(here, "rev-parse", "--short=12", "HEAD")
        dirty = _git(here, "status", "--porcelain", "--untracked-files=no", "--", ":/", *_WRITTEN)
    except (OSError, subprocess.CalledProcessError):
        return None
    return f"{head} with changes" if dirty else head


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def now() -> str:
    """Return the date and time of the report in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def versions() -> dict[str, str]:
    """Return the versions that can change a figure."""
    found = {"python": platform.python_version()}
    for name in ("eligex", "spacy", "medspacy", "scispacy", "numpy"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def stamp(**more: Any) -> dict[str, Any]:
    """Return everything that goes at the head of a report."""
    return {"date": now(), "commit": commit(), "versions": versions(), **more}
