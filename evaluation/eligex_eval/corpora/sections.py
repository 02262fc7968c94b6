"""Find the section of each line of a text, from its plain heading lines alone.

This is truth for scoring, so it is narrow on purpose: a heading is a line of its own that consists of
"inclusion criteria" or "exclusion criteria", with at most a few words around it.  A line that mentions the
words in any other way makes what follows *unclear* until the next plain heading, and unclear text is
counted and left out, never guessed.
"""

from __future__ import annotations

import re
from typing import Literal

from eligex.schema import CriterionType

from ..documents import Region

_PLAIN = re.compile(
    r"""
    \s{0,8}
    (?:(?:key|main|major|general|specific|core|additional|patient|subject|participant)s?\s+)?  # Key ...
    (?P<type>inclusion|exclusion)\s+criteria
    (?:\s+(?:for|of)\s+[\w\s/'-]{1,60}|\s*\([^()]{1,60}\))?     # Exclusion Criteria for Patients:
    \s*[:.]{0,2}\s*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UNCLEAR = re.compile(
    r"""
      \b(?:in|ex)clusion\s+criteri                                  # - Exclusion criteria for MR: ...
    | \b(?:in|ex)clu(?:sions?|ded)\b[^.]{0,80}:\s*$                 # Patients will be excluded if:
    | \b(?:in)?eligible\b[^.]{0,80}:\s*$                            # Subjects are eligible if:
    """,
    re.VERBOSE | re.IGNORECASE,
)


def heading_regions(text: str) -> tuple[Region, ...]:
    """Return the stretches of text between heading lines with the type their heading gives.

    >>> text = "Inclusion Criteria:\\n - adult\\nExclusion Criteria:\\n - ill"
    >>> [(region.type, region.start) for region in heading_regions(text)]
    [('inclusion', 20), ('exclusion', 49)]
    """
    regions: list[Region] = []
    kind: CriterionType | None = None
    start, position = 0, 0
    for line in text.splitlines(keepends=True):
        end = position + len(line)
        found = _line_type(line)
        if found is not False:
            if start < position:
                regions.append(Region(start, position, kind))
            kind, start = found, end if found else position
        position = end
    if start < position:
        regions.append(Region(start, position, kind))
    return tuple(regions)


def _line_type(line: str) -> CriterionType | Literal[False] | None:
    """Return the type a heading line gives, None for an unclear mention, False for an ordinary line."""
    match = _PLAIN.fullmatch(line)
    if match:
        return "inclusion" if match["type"].casefold() == "inclusion" else "exclusion"
    return None if _UNCLEAR.search(line) else False
