"""Plain eligibility texts, and pages (saved or pasted) with an eligibility section in their middle."""

from __future__ import annotations

from eligex.errors import NoEligibilityError
from eligex.layout.locate import locate_section
from eligex.readers.markup import unescape
from eligex.schema import Source, Trial

FORMAT = "text"


def to_trial(text: str, *, trial_id: str, path: str | None, where: str) -> Trial:
    """Return the trial in a text; its ``source`` bounds the eligibility section.

    Raises
    ------
    NoEligibilityError
        If no eligibility section is found.
    """
    offsets = unescape(text)
    span = locate_section(offsets.text if offsets else text)
    if span is None:
        raise NoEligibilityError(
            "no eligibility section found",
            where=where,
            remedy='Expected headings such as "Inclusion Criteria:", or a list of criteria.',
        )
    start, end = offsets.span(*span) if offsets else span
    return Trial(trial_id, text, Source(FORMAT, path, None, start, end))
