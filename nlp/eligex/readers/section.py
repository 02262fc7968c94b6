"""From a text to a trial: the place, the type and the language of its eligibility section.

Every reader calls this module, so that the same text gives the same result from any file.  A text is refused
only if it has no visible character or is not in English.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from eligex.errors import LanguageError, NoEligibilityError
from eligex.language.identify import other_language
from eligex.layout.chars import is_blank
from eligex.layout.locate import locate_section
from eligex.lexicon.languages import is_english, name_of
from eligex.readers.markup import unescape
from eligex.schema import CriterionType, Trial
from eligex.spans import OffsetMap

TILDES = frozenset({"aact"})
"""The formats whose files have "~" for a line break; their databases have line breaks."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How texts are read: the type of criteria under no typed heading, and whether pages are read whole."""

    type: CriterionType | None = None
    whole: bool = False


def sectioned(
    trial: Trial, reading: Reading, *, where: str, notify: Callable[[str], None], page: bool
) -> Trial:
    """Return a trial with its eligibility section found in its text.

    Parameters
    ----------
    trial
        A trial with the whole text as its section.
    reading
        The options of the caller.
    where
        The file and record, for messages.
    notify
        Called with a message about the number of characters left out of a page, or the languages left out.
    page
        Whether the text may be a page around a section; the eligibility field of a registry is not.

    Raises
    ------
    NoEligibilityError
        If the text has no visible character.
    LanguageError
        If the section is not in English.
    """
    if is_blank(trial.text):
        what = f"{trial.source.field} is empty" if trial.source.field else "the text is empty"
        raise NoEligibilityError(what, where=where, remedy="Give a text with eligibility criteria.")
    if page and not reading.whole:
        trial = _located(trial, where, notify)
    _say_left_out(trial, where, notify)
    language = other_language(english_of(trial))
    if language is not None:
        raise LanguageError(
            f"the text is in {language}; eligex reads English", where=where, remedy="Translate it first."
        )
    return replace(trial, type=trial.type or reading.type)


def offsets_of(trial: Trial) -> OffsetMap | None:
    """Return the form in which a trial's section is read, or None if that is the section itself.

    It has "≥" for "&ge;", and a line break for each "~" of a file of AACT.
    """
    section = trial.text[trial.source.start : trial.source.end]
    return unescape(section, tildes=trial.source.format in TILDES and "\n" not in section)


def _say_left_out(trial: Trial, where: str, notify: Callable[[str], None]) -> None:
    codes = dict.fromkeys(str(each.language) for each in trial.source.fields if not is_english(each))
    if codes:
        notify(f"{where}: only English is read; the text in {', '.join(map(name_of, codes))} is left out")


def english_of(trial: Trial) -> str:
    """Return the section of a trial without the fields that the registry itself says are not in English."""
    spans = [(field.start, field.end) for field in trial.source.fields if is_english(field)]
    spans = spans or [(trial.source.start, trial.source.end)]
    return "\n\n".join(trial.text[start:end] for start, end in spans)


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
