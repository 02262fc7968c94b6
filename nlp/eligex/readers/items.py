"""The pieces that streams of records yield, and the errors that they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eligex.errors import InputError


@dataclass(frozen=True, slots=True)
class Item:
    """A record as its stream gives it, or the error in its place; ``where`` names the line or record."""

    number: int
    where: str
    value: Any = None
    error: InputError | None = None


def too_large(size: int, max_bytes: int, where: str) -> InputError:
    """Return the error of a text, line or record over the limit."""
    return InputError(
        f"{size / 1e6:,.1f} MB in one piece, over the limit of {max_bytes / 1e6:g} MB",
        where=where,
        remedy="Split it into one record a line, or raise the limit with --max-mb.",
    )
