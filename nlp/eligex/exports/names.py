"""File names for trials: what a registry calls a trial may be no name of a file."""

from __future__ import annotations

import re

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_LONGEST = 100
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..{0,100})?")


class Names:
    """Gives each trial the stem of a file: safe in every file system, and different for every trial.

    >>> names = Names()
    >>> [names.stem(each) for each in ("NCT00000001", "../../etc/passwd", "<script>", "nct00000001")]
    ['NCT00000001', '_.._etc_passwd', '_script_', 'nct00000001-2']
    """

    def __init__(self) -> None:
        self._used: set[str] = set()

    def stem(self, trial_id: str) -> str:
        """Return the stem for the next trial."""
        safe = _UNSAFE.sub("_", trial_id).lstrip(".-")[:_LONGEST].rstrip(".") or "trial"
        if _RESERVED.fullmatch(safe):
            safe = f"_{safe}"
        name, number = safe, 1
        while name.lower() in self._used:
            number += 1
            name = f"{safe}-{number}"
        self._used.add(name.lower())
        return name
