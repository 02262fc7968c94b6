"""The way in: load a pipeline, read criteria off a Doc, extract from a text or a trial.

Decides the order of the pipes and how offsets return to the source; everything else is the pipes'.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import raise_error

from eligex import __version__
from eligex.errors import InputError, ModelNotFoundError
from eligex.pipes.doc import register_extensions
from eligex.readers import to_source, unescape
from eligex.readers.text import to_trial as read_text
from eligex.schema import Criterion, Failure, Provenance, Source, Trial, TrialCriteria

DEFAULT_MODEL = "eligex_en_sm"
BEFORE_NER = ("eligex_segmenter",)
AFTER_NER = (
    "eligex_entity_rules",
    "eligex_abbreviations",
    "eligex_quantities",
    "eligex_temporal",
    "eligex_context",
    "eligex_assemble",
)
MAX_CHARACTERS = 500_000
"""The longest section taken; the longest of 37,847 registry texts has 20,038 characters."""
NEGATING = frozenset({"negation", "exception"})
"""Context categories that negate an entity; as in Chia, "cancer other than X" negates X."""
_OFFSETS = frozenset(
    {"start", "end", "marker_start", "value_start", "value_end", "condition_start", "condition_end"}
)


def installed_models() -> dict[str, metadata.EntryPoint]:
    """Return the eligex models that installed packages offer, by name."""
    points = metadata.entry_points(group="spacy_models")
    return {point.name: point for point in points if point.name.startswith("eligex_")}


def load(name: str | Path | None = None) -> Language:
    """Load a trained model and put the eligex pipes around it.

    Parameters
    ----------
    name
        A directory with a spaCy pipeline, or the name of an installed model; by default the one that
        comes with eligex.

    Returns
    -------
    Language
        A medspaCy pipeline; ``nlp(text)._.criteria`` holds the criteria.

    Raises
    ------
    ModelNotFoundError
        If there is no such directory and no such model; the message lists what is installed.
    """
    name = DEFAULT_MODEL if name is None else name
    models = installed_models()
    if (Path(name) / "meta.json").is_file():  # a folder that only has the name of a model is not one
        nlp = spacy.load(Path(name))
    elif str(name) in models:
        nlp = models[str(name)].load().load()
    else:
        known = ", ".join(sorted(models)) or "none"
        raise ModelNotFoundError(
            f"no spaCy pipeline in the folder {str(name)!r}"
            if str(name) and Path(name).is_dir()
            else f"no model named {str(name)!r}",
            remedy=f"Give a directory that holds a spaCy pipeline, or one of the installed models: {known}",
        )
    return add_pipes(nlp)


def add_pipes(nlp: Language) -> Language:
    """Add the pipes of eligex that ``nlp`` does not have yet, in their order."""
    register_extensions()
    for pipe in reversed(BEFORE_NER):
        if pipe not in nlp.pipe_names:
            nlp.add_pipe(pipe, first=True)
    for pipe in AFTER_NER:
        if pipe not in nlp.pipe_names:
            nlp.add_pipe(pipe)
    nlp.max_length = max(nlp.max_length, MAX_CHARACTERS)
    return nlp


@cache
def _default() -> Language:
    return load()


def criteria(doc: Doc) -> tuple[Criterion, ...]:
    """Return the criteria of a processed Doc as dataclasses."""
    source = Source("text", None, None, 0, len(doc.text))
    data = {"trial_id": "", "source": _plain_source(source), "criteria": doc._.criteria or []}
    return TrialCriteria.from_dict(data).criteria


def extract(text: str | Trial, *, trial_id: str = "text", nlp: Language | None = None) -> TrialCriteria:
    """Extract the criteria of one eligibility text, page or trial.

    Parameters
    ----------
    text
        An eligibility section, a whole trial page with one in it, or a :class:`Trial`.
    trial_id
        The id of the result, where ``text`` is a string.
    nlp
        A pipeline from :func:`load`; by default the shipped model, loaded once.

    Raises
    ------
    NoEligibilityError
        If a string holds nothing that looks like eligibility criteria.
    InputError
        If the section is longer than 500,000 characters.
    """
    trial = text if isinstance(text, Trial) else trial_of(text, trial_id)
    nlp = nlp or _default()
    return result_of(nlp(section_of(trial)), trial, nlp)


def extract_many(
    nlp: Language, trials: Iterable[Trial], *, n_process: int = 1, batch_size: int = 64
) -> Iterator[TrialCriteria]:
    """Extract from many trials, in their order; a trial that fails gives a result with ``error``.

    Parameters
    ----------
    nlp
        A pipeline from :func:`load`.
    trials
        Read lazily, a few batches ahead.
    n_process, batch_size
        As of spaCy's ``nlp.pipe``; results do not depend on them.
    """
    source = enumerate(trials)
    waiting: deque[tuple[int, Trial]] = deque()
    unreadable: list[Exception] = []

    def texts() -> Iterator[tuple[str, int]]:
        try:
            for index, trial in source:
                waiting.append((index, trial))
                if trial.source.end - trial.source.start <= MAX_CHARACTERS:
                    yield section_of(trial), index
        except Exception as error:  # noqa: BLE001 - raised again below, once what was read is told
            unreadable.append(error)

    finished = False
    while not finished:
        try:
            with _dropping_failures(nlp):
                pairs = nlp.pipe(texts(), as_tuples=True, n_process=n_process, batch_size=batch_size)
                for doc, index in pairs:
                    while waiting[0][0] < index:
                        yield _alone(nlp, waiting.popleft()[1])
                    yield result_of(doc, waiting.popleft()[1], nlp)
            finished = True
        except Exception:  # noqa: BLE001, S110 - a pipe that cannot be skipped: its texts are tried alone
            pass
        while waiting:
            yield _alone(nlp, waiting.popleft()[1])
    if unreadable:
        raise unreadable[0]


@contextmanager
def _dropping_failures(nlp: Language) -> Iterator[None]:
    """Let ``nlp.pipe`` leave out the texts that fail in a pipe instead of ending the run.

    The attribute is set directly: ``Language.set_error_handler`` fails on spaCy's entity recogniser.
    """
    before = nlp.default_error_handler
    nlp.default_error_handler = lambda *_: None
    try:
        yield
    finally:
        nlp.default_error_handler = before


def _alone(nlp: Language, trial: Trial) -> TrialCriteria:
    """Try once more, by itself, a trial that ``nlp.pipe`` left out; its error is its result."""
    before = nlp.default_error_handler
    nlp.default_error_handler = raise_error
    try:
        return extract(trial, nlp=nlp)
    except Exception as error:  # noqa: BLE001 - one bad record never stops a batch
        return failed(trial, error)
    finally:
        nlp.default_error_handler = before


def trial_of(text: str, trial_id: str) -> Trial:
    """Find the eligibility section in ``text``."""
    return read_text(text, trial_id=trial_id, path=None, where=trial_id)


def section_of(trial: Trial) -> str:
    """Return the eligibility section of a trial, as the pipeline reads it: "&ge;" is "≥" there."""
    section = trial.text[trial.source.start : trial.source.end]
    if len(section) > MAX_CHARACTERS:
        raise InputError(
            f"the eligibility section has {len(section):,} characters",
            where=trial.trial_id,
            remedy=f"Sections of up to {MAX_CHARACTERS:,} characters are read",
        )
    offsets = unescape(section)
    return offsets.text if offsets else section


def result_of(doc: Doc, trial: Trial, nlp: Language) -> TrialCriteria:
    """Return what the pipes left on ``doc``, with offsets that count in the trial's text."""
    segments = doc._.eligex_segments or {}
    negated = {
        (item["entity"][0], item["entity"][1])
        for item in doc._.eligex_context or ()
        if item["category"] in NEGATING
    }
    entities = [
        {
            "start": e.start_char,
            "end": e.end_char,
            "text": e.text,
            "label": e.label_,
            "negated": (e.start_char, e.end_char) in negated,
        }
        for e in doc.ents
    ]
    found = {
        "headings": segments.get("headings", []),
        "entities": entities,
        "criteria": doc._.criteria or [],
        "unparsed": segments.get("unparsed", []),
    }
    offsets = unescape(trial.text[trial.source.start : trial.source.end])
    if offsets:
        found = to_source(found, offsets)
    result = TrialCriteria.from_dict(
        {
            "trial_id": trial.trial_id,
            "source": _plain_source(trial.source),
            **(shifted(found, trial.source.start) if trial.source.start else found),
        }
    )
    return replace(result, structured=trial.structured, provenance=provenance(nlp))


def shifted(value: Any, by: int) -> Any:
    """Return plain data with every offset in it moved by ``by``."""
    if isinstance(value, dict):
        return {
            k: v + by if k in _OFFSETS and isinstance(v, int) else shifted(v, by) for k, v in value.items()
        }
    if isinstance(value, list | tuple):
        return [shifted(v, by) for v in value]
    return value


def provenance(nlp: Language) -> Provenance:
    """Return what produced a result: versions and the pipes that ran."""
    version = nlp.meta.get("version")
    return Provenance(__version__, model_name(nlp) or None, version, {"pipeline": list(nlp.pipe_names)})


def model_name(nlp: Language) -> str:
    """Return the name under which a model is installed: spaCy's, but "eligex_en_sm" for our own.

    spaCy puts the language first, and what is installed under its name should be ours at sight.
    """
    language, name = nlp.meta.get("lang") or "", nlp.meta.get("name") or ""
    own, _, size = name.partition("_")
    parts = (own, language, size) if own == "eligex" else (language, name)
    return "_".join(part for part in parts if part)


def failed(trial: Trial, error: Exception) -> TrialCriteria:
    """Return the record of a trial that could not be processed."""
    return TrialCriteria(
        trial.trial_id,
        trial.source,
        structured=trial.structured,
        error=Failure(type(error).__name__, str(error) or type(error).__name__),
    )


def _plain_source(source: Source) -> dict[str, Any]:
    return {
        "format": source.format,
        "path": source.path,
        "field": source.field,
        "start": source.start,
        "end": source.end,
    }
