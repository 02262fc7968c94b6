"""The errors that eligex raises on purpose, and the record of a trial that failed.

Every message says what went wrong, where (file, record), and what to do about it; every kind of error has
a code that does not change, listed in ``docs/errors.md``.  Anything that is not an ``EligexError`` is a
defect of eligex itself.
"""

from __future__ import annotations

from eligex.schema import Failure, Source, Structured, TrialCriteria


class EligexError(Exception):
    """Base class: a problem with the input, the options or the installation.

    Parameters
    ----------
    what
        What is wrong, as a short statement.
    where
        The file, record or line with the problem, if there is one.
    remedy
        What the reader can do about it.
    """

    code = "E100"

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        message = f"{where}: {what}" if where else what
        super().__init__(f"{message}. {remedy}" if remedy else message)


class InputError(EligexError):
    """A file or a record that cannot be read."""

    code = "E200"


class NoEligibilityError(InputError):
    """The input was read, but there is no eligibility text in it."""

    code = "E201"


class LanguageError(InputError):
    """The text is in a language that eligex does not read."""

    code = "E202"


class TooLongError(InputError):
    """The text is longer than eligex accepts."""

    code = "E203"


class LexiconError(EligexError):
    """A lexicon or rule file with an unknown key, a duplicate or an unknown unit."""

    code = "E300"


class ModelNotFoundError(EligexError):
    """No model of that name or path is installed, or what it needs is missing."""

    code = "E400"


class OutputError(EligexError):
    """A result that cannot be written."""

    code = "E500"


class WorkerError(EligexError):
    """A worker process died while it worked on a trial."""

    code = "E600"


class TimeLimitError(WorkerError):
    """A trial took longer than the time limit."""

    code = "E601"


DEFECT = "E900"
"""The code of an exception that eligex did not foresee."""


def failed(
    trial_id: str, source: Source, error: BaseException, *, structured: Structured | None = None
) -> TrialCriteria:
    """Return the record of a trial that could not be read or processed."""
    kind = type(error).__name__
    code = error.code if isinstance(error, EligexError) else DEFECT
    failure = Failure(kind, str(error) or kind, code)
    return TrialCriteria(trial_id, source, structured=structured, error=failure)


def unfit_packages(error: BaseException) -> EligexError | None:
    """Return the error of a NumPy that does not fit spaCy, with the remedy; None for another error.

    >>> str(unfit_packages(ValueError("numpy.dtype size changed")))[:56]
    'the installed NumPy does not fit the installed spaCy (nu'
    """
    words = str(error)
    if "numpy.dtype size changed" not in words and "numpy.core.multiarray" not in words:
        return None
    return EligexError(
        f"the installed NumPy does not fit the installed spaCy ({words})",
        remedy='On Python 3.11 spaCy needs NumPy 1: pip install "numpy<2" "pandas<3.1", or pip install'
        ' "eligex[pandas]" into a fresh environment.',
    )
