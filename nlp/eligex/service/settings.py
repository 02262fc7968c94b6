"""What a service allows, as one record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a service; the defaults are those of ``eligex serve``."""

    model: str | None = None
    concepts: bool = True
    vocabularies: tuple[str, ...] = ()
    workers: int = 2
    """Processes, each with the model."""
    waiting: int = 64
    """Requests that may wait for a process."""
    time_limit: float = 20.0
    """Seconds that a text may take."""
    body_time: float = 30.0
    """Seconds that a request may take to arrive."""
    max_bytes: int = 2_000_000
    """The largest request with one text."""
    max_batch_bytes: int = 20_000_000
    """The largest request with many."""
    max_batch: int = 1_000
    """The most texts in one request."""
    rate: int = 240
    """Requests that a client may make in a minute; 0 is no limit."""
    corrections: Path | None = None
    """Where corrections are saved; without a folder none are."""
    hosts: tuple[str, ...] = LOOPBACK
    """The names by which the service may be called, against pages that pretend to be it."""
