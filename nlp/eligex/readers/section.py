"""From a text to a trial: where its eligibility section lies, of which type it is, and in which language.

Every reader ends here, so that the same text gives the same result whatever file it came in.  A text is only
refused if nothing in it is visible or it is in another language than English.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from eligex.errors import LanguageError, NoEligibilityError
from eligex.language.identify import other_language
from eligex.layout.chars import is_blank
from eligex.layout.locate import locate_section
from eligex.readers.markup import unescape
from eligex.schema import CriterionType, Trial


@dataclass(frozen=True, slots=True)
class Reading:
    """How texts are taken: the type of what no heading gives a type, and whether pages are taken whole."""

    type: CriterionType | None = None
    whole: bool = False


def sectioned(
    trial: Trial, reading: Reading, *, where: str, notify: Callable[[str], None], page: bool
) -> Trial:
    """Return a trial with its eligibility section found in its text.

    Parameters
    ----------
    trial
        With the whole text as its section.
    reading
        The options of the caller.
    where
        The file and record, for messages.
    notify
        Told how many characters of a page are left out.
    page
        Whether the text may be a page with a section in it; a registry's own eligibility field is not.

    Raises
    ------
    NoEligibilityError
        If nothing in the text is visible.
    LanguageError
        If the section is in another language than English.
    """
    if is_blank(trial.text):
        what = f"{trial.source.field} is empty" if trial.source.field else "the text is empty"
        raise NoEligibilityError(what, where=where, remedy="Give a text with eligibility criteria.")
    if page and not reading.whole:
        trial = _located(trial, where, notify)
    language = other_language(trial.text[trial.source.start : trial.source.end])
    if language is not None:
        raise LanguageError(
            f"the text is in {language}; eligex reads English", where=where, remedy="Translate it first."
        )
    return replace(trial, type=reading.type)


def _located(trial: Trial, where: str, notify: Callable[[str], None]) -> Trial:
    text = trial.text
    offsets = unescape(text)
    span = locate_section(offsets.text if offsets else text)
    start, end = offsets.span(*span) if offsets else span
    left_out = len(text[:start].strip()) + len(text[end:].strip())
    if not left_out:
        return trial
    notify(
        f"{where}: the text is a page; its eligibility section is read, {left_out:,} characters around it are"
        " left out (--whole, or whole=True, reads them)"
    )
    return replace(trial, source=replace(trial.source, start=start, end=end))
