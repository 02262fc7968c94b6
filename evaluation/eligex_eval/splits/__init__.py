"""Fixed lists of documents; a list never changes once figures have been reported on it."""

from __future__ import annotations

from importlib.resources import files


def read_list(name: str) -> list[str]:
    """Return the document ids of a list, without its comments.

    >>> len(read_list("lct_dev")) > 100
    True
    """
    text = files(__package__).joinpath(f"{name}.txt").read_text("utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
