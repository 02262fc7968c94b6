"""Plain eligibility texts, and saved or pasted pages that contain an eligibility section."""

from __future__ import annotations

import logging

from eligex.readers.section import Reading, sectioned
from eligex.schema import CriterionType, Source, Trial

FORMAT = "text"
_log = logging.getLogger(__name__)


def to_trial(text: str, *, trial_id: str, path: str | None) -> Trial:
    """Return a trial with all of a text as its section."""
    return Trial(trial_id, text, Source(FORMAT, path, None, 0, len(text)))


def read_string(text: str, *, trial_id: str, type: CriterionType | None = None, whole: bool = False) -> Trial:
    """Return the trial of a string; for a page, a warning is logged with the number of characters left out.

    Raises
    ------
    NoEligibilityError
        If the text has no visible character.
    LanguageError
        If the section is not in English.
    """
    trial = to_trial(text, trial_id=trial_id, path=None)
    return sectioned(trial, Reading(type, whole), where=trial_id, notify=_log.warning, page=True)
