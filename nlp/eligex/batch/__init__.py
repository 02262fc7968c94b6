"""Many trials on one machine: in order, in bounded memory, and past whatever fails."""

from __future__ import annotations

from eligex.batch.run import DEFAULT_BATCH_SIZE, run

__all__ = ["DEFAULT_BATCH_SIZE", "run"]
