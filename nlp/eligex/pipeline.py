"""The main entry points: load a pipeline, get the criteria of a Doc, extract from a text or a trial.

Decides the order of the pipes and maps offsets back to the source; everything else is done by the pipes.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from itertools import chain, islice
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from eligex import __version__
from eligex.concepts import own
from eligex.errors import EligexError, ModelNotFoundError, TooLongError, failed
from eligex.pipes.doc import SPAN_ATTRIBUTES, entities_of, register_extensions, text_of
from eligex.pipes.installed import installed_models as installed_models
from eligex.pipes.products import with_fast_products
from eligex.readers.section import offsets_of
from eligex.readers.text import read_string
from eligex.schema import (
    Criterion,
    CriterionType,
    Entity,
    Heading,
    Provenance,
    SourceField,
    Trial,
    TrialCriteria,
    Unparsed,
    adapter,
)
from eligex.spans import Span, all_of_plain, move, plain, shifted, to_source

DEFAULT_MODEL = "eligex_en_sm"
BEFORE_NER = ("eligex_segmenter",)
AFTER_NER = (
    "eligex_entity_rules",
    "eligex_abbreviations",
    "eligex_quantities",
    "eligex_temporal",
    "eligex_named",
    "eligex_context",
    "eligex_assemble",
)
NUMBERED = ("eligex_context", "eligex_assemble")
"""The pipes that can leave out what has no number."""
NUMBERS = "eligex_numbers"
"""The name of the pipeline that reads numbers without a trained model."""
CONCEPTS = "eligex_concepts"
"""The last pipe, which can be left out."""
CONVENTIONS = {"eligex": "ner", "chia": "ner_chia"}
"""Whose entities a model gives, and the recogniser that gives them; a model may have one of them alone."""
MAX_CHARACTERS = 500_000
"""The longest section accepted; the longest of 37,847 registry texts has 20,038 characters."""
RUN_CHARACTERS = 50_000
"""The characters that go through each pipe together; only a longer section is alone."""
NEGATING = frozenset(category for category, name in SPAN_ATTRIBUTES.items() if name == "is_negated")
"""Context categories that negate an entity."""


def _check_installed() -> None:
    missing = [name for name in ("medspacy", "scispacy") if find_spec(name) is None]
    if missing:
        raise EligexError(
            f"{' and '.join(missing)} must be installed, and conda-forge has neither",
            remedy='Install with: python -m pip install "medspacy>=1.3.1,<1.4" "scispacy>=0.6.2,<0.7"',
        )


def load(
    name: str | Path | None = None,
    *,
    convention: str | None = None,
    numbers_only: bool = False,
    concepts: bool = True,
    vocabularies: Sequence[str | Path] = (),
    shipped_vocabularies: bool = True,
) -> Language:
    """Load a trained model and put the eligex pipes around it.

    Parameters
    ----------
    name
        A directory with a spaCy pipeline, or the name of an installed model; by default the model that comes
        with eligex.
    convention
        How entities are marked: "eligex" (the shortest words that name a thing; consent, abilities and the
        like are entities, too) or "chia" (as the annotators of Chia did); by default as the model was saved,
        which for the models of eligex is "eligex".  ``annotations/guidelines.md`` says where they differ.
    numbers_only
        Read limits and windows without a trained model, several times faster: entities are those of the
        lexicon and the words beside a value, and a criterion without a number has no predicates.
        ``docs/speed.md`` says what this costs in accuracy.
    concepts
        Whether entities get codes, and limits a canonical unit.
    vocabularies
        The user's own vocabularies, which are asked first: tables, or folders that ``eligex vocab build``
        made of them.
    shipped_vocabularies
        Whether the vocabularies that come with eligex are asked, too.

    Returns
    -------
    Language
        A medspaCy pipeline; ``nlp(text)._.criteria`` holds the criteria.

    Raises
    ------
    ModelNotFoundError
        If there is neither such a directory nor such a model (the message lists the installed models), or if
        the model does not know the convention.
    EligexError
        If a model or a convention is given, and only numbers are to be read; or if medspaCy or scispaCy is
        missing, which Conda does not have.
    """
    _check_installed()
    coding: dict[str, Any] = {"vocabularies": vocabularies, "shipped": shipped_vocabularies}
    if numbers_only:
        if name is not None or convention is not None:
            what = "a model" if name is not None else "a convention"
            raise EligexError(
                f"{what} is given, and numbers are read without one",
                remedy="Leave it out, or read more than numbers.",
            )
        return _with_concepts(_numbers(), **coding) if concepts else _numbers()
    name = DEFAULT_MODEL if name is None else name
    models = installed_models()
    if (Path(name) / "meta.json").is_file():  # a folder with the name of a model need not hold one
        nlp = _load_folder(Path(name))
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
    if convention is not None:
        follow(nlp, convention, name)
    nlp = add_pipes(with_fast_products(nlp))
    if concepts and CONCEPTS not in nlp.pipe_names:
        _with_concepts(nlp, **coding)
    if convention == "chia" and nlp.has_pipe("eligex_context"):
        reader: Any = nlp.get_pipe("eligex_context")
        reader.inability_negates = False  # Chia marks "unable to undergo MRI" as an MRI
        rules: Any = nlp.get_pipe("eligex_entity_rules")
        rules.judges = False  # what counts is trained on eligex's own convention
    return nlp


def _with_concepts(nlp: Language, vocabularies: Sequence[str | Path], *, shipped: bool) -> Language:
    folders = [str(own.folder_of(Path(each))) for each in vocabularies]
    nlp.add_pipe(CONCEPTS, config={"vocabularies": folders, "shipped": shipped})
    return nlp


def _numbers() -> Language:
    """Return the pipeline that reads limits and windows without a trained model."""
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}})
    nlp.meta |= {"name": NUMBERS, "version": __version__}
    for pipe in (*BEFORE_NER, *AFTER_NER):
        nlp.add_pipe(pipe, config={"numbers_only": True} if pipe in NUMBERED else {})
    return add_pipes(nlp)


def follow(nlp: Language, convention: str, name: str | Path) -> None:
    """Enable the recogniser of ``convention`` alone."""
    if convention not in CONVENTIONS:
        raise ModelNotFoundError(
            f"no convention named {convention!r}", remedy=f"There are: {', '.join(CONVENTIONS)}."
        )
    recogniser = CONVENTIONS[convention]
    if recogniser not in nlp.component_names:
        raise ModelNotFoundError(
            f"the model {str(name)!r} has no recogniser for the convention {convention!r}",
            remedy=f"Use {DEFAULT_MODEL}, or load the model without a convention.",
        )
    for pipe in CONVENTIONS.values():
        if pipe in nlp.component_names:
            (nlp.enable_pipe if pipe == recogniser else nlp.disable_pipe)(pipe)


def _load_folder(folder: Path) -> Language:
    try:
        return spacy.load(folder)
    except Exception as error:
        why = str(error).rstrip(".")
        raise ModelNotFoundError(
            f"the folder {str(folder)!r} holds no spaCy pipeline that can be loaded: {why}",
            remedy="Train or copy the model again.",
        ) from error


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
    kept = doc._.eligex_criteria
    found: tuple[Criterion, ...] = () if kept is None else adapter(tuple[Criterion, ...]).validate_json(kept)
    return found


def extract(
    text: str | Trial,
    *,
    trial_id: str = "text",
    type: CriterionType | None = None,
    whole: bool = False,
    nlp: Language | None = None,
) -> TrialCriteria:
    """Extract the criteria of one eligibility text, page or trial.

    Parameters
    ----------
    text
        An eligibility section, a whole trial page with one in it, or a :class:`Trial`.
    trial_id
        The id of the result, where ``text`` is a string.
    type
        The type of criteria under no heading that gives one; by default they are inclusion criteria, and
        their ``type_basis`` is "default".
    whole
        Whether to read all of a string.  By default, if the string is a page, only its eligibility section is
        read; ``source.start`` and ``source.end`` of the result bound it, and a warning says how much is left
        out.
    nlp
        A pipeline from :func:`load`; by default the shipped model, loaded once.

    Raises
    ------
    NoEligibilityError
        If a string has no visible character.
    LanguageError
        If a string is not in English.
    TooLongError
        If the section is longer than 500,000 characters.
    """
    if isinstance(text, Trial):
        trial = text if type is None else replace(text, type=type)
    else:
        trial = read_string(text, trial_id=trial_id, type=type, whole=whole)
    nlp = nlp or _default()
    (doc,) = _docs(nlp, [trial])
    return result_of(doc, trial, nlp)


def extract_many(
    nlp: Language, trials: Iterable[Trial | TrialCriteria], *, batch_size: int = 64
) -> Iterator[TrialCriteria]:
    """Extract from many trials, in their order: one result for each.

    A trial that fails gives a result with ``error``; this is the one place where an exception becomes a
    record.  A record that a reader could not read is a result already and is passed on.  For several
    processes use :func:`eligex.batch.run`.

    Parameters
    ----------
    nlp
        A pipeline from :func:`load`.
    trials
        Read lazily, a batch at a time; if the iterator raises, the trials read before are extracted first.
    batch_size
        How many trials go through each pipe together at most; results do not depend on it.
    """
    iterator = iter(trials)
    unreadable: Exception | None = None
    while unreadable is None:
        batch: list[Trial | TrialCriteria] = []
        try:
            batch.extend(islice(iterator, batch_size))
        except Exception as error:  # noqa: BLE001 - raised again after the trials read before
            unreadable = error
        if not batch and unreadable is None:
            return
        strange = next((i for i in batch if not isinstance(i, Trial | TrialCriteria)), None)
        if strange is not None:
            raise EligexError(
                f"{type(strange).__name__} instead of a trial",
                remedy="Give what eligex.read yields, or eligex.schema.Trial(trial_id, text, source).",
            )
        runs = _runs([item for item in batch if isinstance(item, Trial)])
        found = chain.from_iterable(_extract_batch(nlp, run) for run in runs)
        for item in batch:
            yield next(found) if isinstance(item, Trial) else item
    raise unreadable


def _runs(trials: Sequence[Trial]) -> Iterator[list[Trial]]:
    """Yield the trials in runs of up to ``RUN_CHARACTERS``, since memory grows with the length of texts."""
    run: list[Trial] = []
    size = 0
    for trial in trials:
        length = trial.source.end - trial.source.start
        if run and size + length > RUN_CHARACTERS:
            yield run
            run, size = [], 0
        run.append(trial)
        size += length
    if run:
        yield run


def _extract_batch(nlp: Language, trials: Sequence[Trial]) -> list[TrialCriteria]:
    """Extract from a whole batch; if that raises, from each trial alone."""
    try:
        with uncollected():
            docs, made_by = _docs(nlp, trials), provenance(nlp)
            pairs = zip(docs, trials, strict=True)
            return [result_of(doc, trial, nlp, made_by=made_by) for doc, trial in pairs]
    except Exception:  # noqa: BLE001 - one failure must not lose the other trials of the batch
        return [_extract_alone(nlp, trial) for trial in trials]


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep Python from searching for garbage in the block, which ends before much can arise.

    The search is for objects that refer to each other in a circle; it goes through all objects again and
    again, among them the thousands that a batch makes and needs to its end.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _docs(nlp: Language, trials: Sequence[Trial]) -> list[Doc]:
    """Send the sections of trials through the pipes, batch by batch.

    With a lenient error handler, which is the user's to choose, ``nlp.pipe`` drops the texts on which a pipe
    raises; here every exception is raised.
    """
    docs: Iterable[Doc] = [doc_of(nlp, trial) for trial in trials]
    for _, pipe in nlp.pipeline:
        together = getattr(pipe, "pipe", None)
        docs = together(docs, batch_size=len(trials)) if together else map(pipe, docs)
    return list(docs)


def _extract_alone(nlp: Language, trial: Trial) -> TrialCriteria:
    try:
        (doc,) = _docs(nlp, [trial])
        return result_of(doc, trial, nlp)
    except Exception as error:  # noqa: BLE001 - one bad record never stops a batch
        return failed(trial.trial_id, trial.source, error, structured=trial.structured)


def doc_of(nlp: Language, trial: Trial) -> Doc:
    """Return the section of a trial as an unprocessed Doc, with the type and the fields of the trial."""
    doc = nlp.make_doc(section_of(trial))
    doc._.eligex_type = trial.type
    doc._.eligex_fields = plain(fields_of(trial)) or None
    doc._.eligex_conditions = list(trial.structured.conditions) if trial.structured else None
    return doc


def fields_of(trial: Trial) -> tuple[SourceField, ...]:
    """Return the fields of a trial's section, with offsets in the section as the pipeline reads it."""
    if not trial.source.fields:
        return ()
    first = trial.source.start
    offsets = offsets_of(trial)

    def read(start: int, end: int) -> Span:
        start, end = start - first, end - first
        return (offsets.position(start), offsets.position(end)) if offsets else (start, end)

    return move(trial.source.fields, read)


def section_of(trial: Trial) -> str:
    """Return the eligibility section of a trial as the pipeline reads it, with "≥" for "&ge;"."""
    section = trial.text[trial.source.start : trial.source.end]
    if len(section) > MAX_CHARACTERS:
        raise TooLongError(
            f"the eligibility section has {len(section):,} characters",
            where=trial.trial_id,
            remedy=f"Sections of up to {MAX_CHARACTERS:,} characters are read",
        )
    offsets = offsets_of(trial)
    return offsets.text if offsets else section


def result_of(doc: Doc, trial: Trial, nlp: Language, *, made_by: Provenance | None = None) -> TrialCriteria:
    """Return the annotations of ``doc`` as a result, with offsets into the trial's text.

    ``made_by`` is the :func:`provenance` of ``nlp``, for a caller with many results.
    """
    segments, text = doc._.eligex_segments or {}, text_of(doc)
    negated = {tuple(item["entity"]) for item in doc._.eligex_context or () if item["category"] in NEGATING}
    found: dict[str, tuple[Any, ...]] = {
        "headings": all_of_plain(Heading, segments.get("headings")),
        "entities": tuple(
            Entity(start, end, text[start:end], label, (start, end) in negated)  # type: ignore[arg-type]
            for start, end, label in entities_of(doc)
        ),
        "criteria": criteria(doc),
        "unparsed": all_of_plain(Unparsed, segments.get("unparsed")),
    }
    offsets = offsets_of(trial)
    if offsets:
        found = to_source(found, offsets)
    found = {name: shifted(items, trial.source.start) for name, items in found.items()}
    return TrialCriteria(
        trial.trial_id,
        trial.source,
        headings=found["headings"],
        entities=found["entities"],
        criteria=found["criteria"],
        unparsed=found["unparsed"],
        structured=trial.structured,
        provenance=made_by or provenance(nlp),
    )


def provenance(nlp: Language) -> Provenance:
    """Return the versions and the pipes that produced a result."""
    version = nlp.meta.get("version")
    return Provenance(__version__, model_name(nlp) or None, version, {"pipeline": list(nlp.pipe_names)})


def model_name(nlp: Language) -> str:
    """Return the name under which a model is installed: spaCy's, but "eligex_en_sm" for our own.

    spaCy puts the language first; with "eligex" first, the name shows whose model it is.
    """
    meta = nlp.meta  # which spaCy writes anew each time
    language, name = meta.get("lang") or "", meta.get("name") or ""
    own, _, size = name.partition("_")
    parts = (own, language, size) if own == "eligex" else (language, name)
    return "_".join(part for part in parts if part)
