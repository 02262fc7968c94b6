"""What a reader says beside its trials, kept short: the first notes of each kind, then their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

Notify = Callable[[str], None]
MOST = 20
"""So many notes of a kind are passed on."""


class Notes:
    """Passes notes on, at most :data:`MOST` of each kind; ``close`` says how many more there were."""

    def __init__(self, notify: Notify) -> None:
        self._notify = notify
        self._counts = Counter[str]()

    def say(self, kind: str, message: str) -> None:
        """Pass a note on unless there were enough of its kind."""
        self._counts[kind] += 1
        if self._counts[kind] <= MOST:
            self._notify(message)

    def close(self) -> None:
        """Say how many notes of each kind were not passed on."""
        for kind, count in self._counts.items():
            if count > MOST:
                self._notify(f"… and {count - MOST:,} more: {kind}")
