"""Results that eligex has written: read again, converted, compared."""

from __future__ import annotations

from eligex.results.read import convert, read
from eligex.results.sniff import holds_results

__all__ = ["convert", "holds_results", "read"]
