"""eligex: structured criteria from the free-text eligibility sections of clinical trials."""

from __future__ import annotations

__version__ = "0.1.0"
