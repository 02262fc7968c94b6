"""Notes of a reader, apart from its trials: the first ones of each kind, then the number of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

Notify = Callable[[str], None]
MOST = 20
"""The largest number of notes of one kind that are passed on."""


class Notes:
    """Passes notes on, at most :data:`MOST` of each kind; ``close`` reports how many more there were."""

    def __init__(self, notify: Notify) -> None:
        self._notify = notify
        self._counts = Counter[str]()

    def say(self, kind: str, message: str) -> None:
        """Pass a note on, unless :data:`MOST` of its kind were."""
        self._counts[kind] += 1
        if self._counts[kind] <= MOST:
            self._notify(message)

    def close(self) -> None:
        """Report how many notes of each kind were not passed on."""
        for kind, count in self._counts.items():
            if count > MOST:
                self._notify(f"… and {count - MOST:,} more: {kind}")
