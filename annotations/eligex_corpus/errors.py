"""The errors that the corpus tools raise on purpose."""

from __future__ import annotations

from eligex.errors import EligexError


class SourceError(EligexError):
    """A line of an annotation source that cannot be compiled; ``where`` is file:line."""
