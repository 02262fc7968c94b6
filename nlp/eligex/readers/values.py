"""Values of registries' structured fields: texts, yes or no, lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from eligex.errors import InputError, NoEligibilityError

_YES = frozenset({"yes", "true", "t", "y", "1", "accepts healthy volunteers"})
_NO = frozenset({"no", "false", "f", "n", "0", "does not accept healthy volunteers"})


def text_of(value: object) -> str | None:
    """Return a text without blanks at its ends; a number as its digits; None for anything else or nothing.

    >>> text_of(" 18 Years "), text_of(18), text_of(""), text_of(True)
    ('18 Years', '18', None, None)
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def yes_no(value: object) -> bool | None:
    """Return what a field says, None if it says neither.

    >>> yes_no("Yes"), yes_no("f"), yes_no(True), yes_no("unknown")
    (True, False, True, None)
    """
    if isinstance(value, bool):
        return value
    word = (text_of(value) or "").lower()
    return True if word in _YES else False if word in _NO else None


def texts_of(values: object) -> tuple[str, ...]:
    """Return the texts of a list, each once.

    >>> texts_of(["Gout", None, "Gout", " Pain "])
    ('Gout', 'Pain')
    """
    items: Iterable[object] = values if isinstance(values, list | tuple) else ()
    return tuple(dict.fromkeys(text for value in items if (text := text_of(value))))


def at(value: Any, *keys: str) -> Any:
    """Return what lies at a path of keys, or None.

    >>> at({"a": {"b": 1}}, "a", "b"), at({"a": []}, "a", "b")
    (1, None)
    """
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def sex_of(*, female: bool | None, male: bool | None) -> str | None:
    """Return the sex of two boxes that are ticked or not, in the words of ClinicalTrials.gov.

    >>> sex_of(female=True, male=True), sex_of(female=True, male=False), sex_of(female=None, male=None)
    ('ALL', 'FEMALE', None)
    """
    if female and male:
        return "ALL"
    return "FEMALE" if female else "MALE" if male else None


def eligibility_of(value: object, field: str, *, where: str, remedy: str | None = None) -> str:
    """Return the eligibility text of a study.

    Raises
    ------
    NoEligibilityError
        If the study has none; the message names ``field``, ``where`` it is missing and the ``remedy``.
    InputError
        If it is not a string.
    """
    if value is None:
        raise NoEligibilityError(f"the study has no {field}", where=where, remedy=remedy)
    if not isinstance(value, str):
        raise InputError(f"{field} is not text but {type(value).__name__}", where=where)
    return value
