"""Extract from many trials on one machine: in order, in bounded memory, going on after failures."""

from __future__ import annotations

from eligex.batch.fill import Report, extract
from eligex.batch.run import DEFAULT_BATCH_SIZE, run

__all__ = ["DEFAULT_BATCH_SIZE", "Report", "extract", "run"]
