"""The errors the harness raises on purpose."""

from __future__ import annotations

from eligex.errors import EligexError


class CorpusError(EligexError):
    """A corpus that is not there or cannot be read."""


class PredictionError(EligexError):
    """Predictions that cannot be scored as they are."""


class SystemFailedError(EligexError):
    """A system that cannot be set up or fails to answer."""
