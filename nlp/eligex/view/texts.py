"""The text of a result: kept in it, read again from its source, or only the pieces that it quotes.

A text is used only if every criterion, heading and fragment is found in it where the result says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from eligex import readers
from eligex.errors import EligexError
from eligex.schema import Criterion, Heading, Trial, TrialCriteria, Unparsed
from eligex.view.marks import Fragment


@dataclass(frozen=True, slots=True)
class View:
    """A result, what of its text can be shown, and what to say about that."""

    result: TrialCriteria
    fragments: tuple[Fragment, ...]
    note: str | None = None


def view_of(
    result: TrialCriteria, text: str | None = None, *, missing: str = "the result has no text"
) -> View:
    """Return the view of a result.

    Parameters
    ----------
    result
        The result.
    text
        Its text; by default the one in the result.
    missing
        Why there is no text.
    """
    text = result.text if text is None else text
    if text is None or not _fits(result, text):
        why = missing if text is None else "the text is not the one that was read"
        return View(result, tuple(_quoted(result)), None if result.error else _shown_instead(why))
    start, end = result.source.start, result.source.end
    around = len(text[:start].strip()) + len(text[end:].strip())
    note = f"{around:,} characters around the section are not shown." if around else None
    return View(result, ((start, text[start:end]),), note)


def _shown_instead(why: str) -> str:
    return f"Only what the result quotes is shown: {why}."


def _quotes(result: TrialCriteria) -> tuple[Criterion | Heading | Unparsed, ...]:
    return (*result.criteria, *result.headings, *result.unparsed)


def _fits(result: TrialCriteria, text: str) -> bool:
    return all(text[each.start : each.end] == each.text for each in _quotes(result))


def _quoted(result: TrialCriteria) -> Iterator[Fragment]:
    """Yield what a result quotes, in the order of its text, nothing twice."""
    end = -1
    for each in sorted(_quotes(result), key=lambda each: (each.start, -each.end)):
        if each.end > end:
            new = each.text[max(end - each.start, 0) :]
            yield each.end - len(new), new
            end = each.end


def views_of(results: Iterable[TrialCriteria], folder: Path) -> Iterator[View]:
    """Yield the views of results, whose sources are read again where they have no text.

    Parameters
    ----------
    results
        The results of one file; those of one source that follow each other are read together.
    folder
        Where sources with a relative path are sought if they are not in the current folder.
    """
    sources = _Sources(folder)
    for result in results:
        if result.text is not None or not _quotes(result):
            text, missing = result.text, "it quotes nothing"
        else:
            text, missing = sources.text(result)
        yield view_of(result, text, missing=missing)


class _Sources:
    """The texts of source files, read at the first question and as far as needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path: str | None = None
        self._texts: dict[str, str] = {}
        self._rest: Iterator[Trial | TrialCriteria] = iter(())
        self._why = ""

    def text(self, result: TrialCriteria) -> tuple[str | None, str]:
        """Return the text of a result, or None and why there is none."""
        path = result.source.path
        if path is None:
            return None, "it was not read from a file"
        if path != self._path:
            self._open(path)
        while result.trial_id not in self._texts and (trial := self._next()) is not None:
            if isinstance(trial, Trial):
                self._texts[trial.trial_id] = trial.text
        found = self._texts.get(result.trial_id)
        return (found, "") if found is not None else (None, self._why or f"{path} has no such record")

    def _open(self, path: str) -> None:
        self._path, self._texts, self._rest, self._why = path, {}, iter(()), ""
        place = next((each for each in (Path(path), self._folder / path) if each.is_file()), None)
        if place is None:
            self._why = f"{path} is not there"
            return
        try:
            self._rest = readers.read(place, notify=lambda _: None)
        except EligexError as error:
            self._why = error.what

    def _next(self) -> Trial | TrialCriteria | None:
        try:
            return next(self._rest, None)
        except (EligexError, OSError) as error:
            self._why, self._rest = str(error).rstrip("."), iter(())
            return None
