"""The errors eligex raises on purpose.

Every message says what went wrong, where (file, record), and what to do about it.
Anything that is not an ``EligexError`` is a defect of eligex itself.
"""

from __future__ import annotations


class EligexError(Exception):
    """Base class: a problem with the input, the options or the installation.

    Parameters
    ----------
    what
        What is wrong, as a short statement.
    where
        The file, record or line it is wrong in, if there is one.
    remedy
        What the reader can do about it.
    """

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        message = f"{where}: {what}" if where else what
        super().__init__(f"{message}. {remedy}" if remedy else message)


class InputError(EligexError):
    """A file or a record that cannot be read."""


class NoEligibilityError(InputError):
    """The input was read, but no eligibility section was found in it."""


class LexiconError(EligexError):
    """A lexicon or rule file with an unknown key, a duplicate or an unknown unit."""


class ModelNotFoundError(EligexError):
    """No model of that name or path is installed."""


class OutputError(EligexError):
    """A result that cannot be written."""
