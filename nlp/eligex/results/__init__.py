"""Results that eligex has written: read again, converted, compared."""

from __future__ import annotations

from eligex.results.read import convert, read

__all__ = ["convert", "read"]
