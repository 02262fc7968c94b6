"""Plain eligibility texts, and pages (saved or pasted) with an eligibility section in their middle."""

from __future__ import annotations

import logging

from eligex.readers.section import Reading, sectioned
from eligex.schema import CriterionType, Source, Trial

FORMAT = "text"
_log = logging.getLogger(__name__)


def to_trial(text: str, *, trial_id: str, path: str | None) -> Trial:
    """Return the trial of a text, all of it its section."""
    return Trial(trial_id, text, Source(FORMAT, path, None, 0, len(text)))


def read_string(text: str, *, trial_id: str, type: CriterionType | None = None, whole: bool = False) -> Trial:
    """Return the trial of a string with its section found; what is left out of a page is logged.

    Raises
    ------
    NoEligibilityError
        If nothing in the text is visible.
    LanguageError
        If the section is in another language than English.
    """
    trial = to_trial(text, trial_id=trial_id, path=None)
    return sectioned(trial, Reading(type, whole), where=trial_id, notify=_log.warning, page=True)
