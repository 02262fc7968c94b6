"""What a heading says of the criteria below it: those under "Allowed:" keep nobody out.

Decides which criteria a heading permits: the list right below it, up to the first item of another kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eligex.binding.exemptions import permits_items


def permitted_by_heading(
    text: str, headings: Iterable[Mapping[str, Any]], segments: Sequence[Mapping[str, Any]]
) -> set[str]:
    """Return the ids of the criteria that a heading permits, without those below them.

    Without bullets nothing shows where a list ends, so that only the first criterion is permitted.

    Parameters
    ----------
    text
        The text of the document.
    headings, segments
        Its headings and criteria as plain data, in text order.
    """
    found: set[str] = set()
    ends = [
        (each["start"], each["end"], permits_items(text, each["start"], each["end"])) for each in headings
    ]
    for place, (_, end, permits) in enumerate(ends):
        if not permits:
            continue
        stop = ends[place + 1][0] if place + 1 < len(ends) else len(text)
        below = [each for each in segments if end <= each["start"] < stop and each["parent"] is None]
        for number, each in enumerate(below):
            if number and (each["marker"] is None or below[0]["marker"] is None):
                break
            found.add(each["id"])
    return found
