"""Many texts: processes, what a Doc carries, and trials that fail among trials that do not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import eligex
from eligex import batch, pipeline
from eligex.errors import EligexError
from eligex.pipeline import extract_many
from eligex.pipes.doc import DOC_EXTENSIONS
from eligex.schema import Failure, Source, Trial

TEXTS = [
    "Inclusion Criteria:\n- Age 18 to 75 years\n- ALT ≤ 3 x ULN (≤ 5 x ULN if liver metastases)\n",
    "Exclusion Criteria:\n1. No history of stroke within 6 months\n2. Cancer, except basal cell carcinoma\n",
    "Pregnant women will be excluded. Aspartate aminotransferase (AST) > 2 x ULN; AST unstable.",
    "Inclusion Criteria:\n* One of the following:\n  * a. Hemoglobin < 9 g/dL\n  * b. Type 2 diabetes\n",
    "",
    "Inclusion Criteria:\n- Body mass index (BMI) between 18.5 and 30 kg/m2, unless approved\n",
]


def trials(texts: list[str] = TEXTS) -> list[Trial]:
    return [Trial(f"T{n}", text, Source("text", None, None, 0, len(text))) for n, text in enumerate(texts)]


def left_on(doc: Doc) -> str:
    """Everything the pipes left on a Doc, as JSON."""
    kept = {name: doc._.get(name) for name in (*DOC_EXTENSIONS, "criteria")}
    entities = [(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]
    return json.dumps({**kept, "entities": entities, "starts": [t.is_sent_start for t in doc]})


def test_the_pipes_leave_plain_data(nlp: Language) -> None:
    for doc in nlp.pipe(TEXTS):
        for name in DOC_EXTENSIONS:
            value = doc._.get(name)
            assert json.loads(json.dumps(value)) == value, name
        assert not [group for group in doc.spans if group.startswith("medspacy")]


def test_bytes(nlp: Language) -> None:
    for doc in nlp.pipe(TEXTS):
        again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
        assert left_on(again) == left_on(doc)
        assert eligex.criteria(again) == eligex.criteria(doc)


def test_docbin(nlp: Language) -> None:
    docs = list(nlp.pipe(TEXTS))
    data = DocBin(docs=docs, store_user_data=True).to_bytes()
    again = list(DocBin().from_bytes(data).get_docs(nlp.vocab))
    assert [left_on(doc) for doc in again] == [left_on(doc) for doc in docs]


def test_processes_leave_the_same_on_the_documents(nlp: Language) -> None:
    one, two = ([left_on(doc) for doc in nlp.pipe(TEXTS * 2, n_process=n, batch_size=2)] for n in (1, 2))
    assert one == two


def test_processes_extract_the_same(nlp: Language) -> None:
    one, two = (list(batch.run(trials(), model=nlp, n_process=n, batch_size=2)) for n in (1, 2))
    assert one == two


def test_many_are_extracted_as_each_alone(nlp: Language, check: Any) -> None:
    results = list(extract_many(nlp, trials()))
    assert results == [eligex.extract(trial, nlp=nlp) for trial in trials()]
    for result, trial in zip(results, trials(), strict=True):
        check(result, trial.text)


@pytest.mark.parametrize("batch_size", [1, 2, 64])
def test_batches_do_not_matter(nlp: Language, batch_size: int) -> None:
    assert list(extract_many(nlp, trials(), batch_size=batch_size)) == list(extract_many(nlp, trials()))


def test_none() -> None:
    assert list(extract_many(eligex.load(), [])) == []


def test_something_else_than_a_trial_is_refused(nlp: Language) -> None:
    with pytest.raises(EligexError, match="str instead of a trial"):
        list(batch.run([TEXTS[0]], model=nlp))  # type: ignore[list-item]


def test_pairs(nlp: Language) -> None:
    pairs = [("T1", TEXTS[0]), (2, TEXTS[1]), ("T3", float("nan")), ("T4", 5), ("T5", "")]
    results = list(batch.run(pairs, model=nlp))  # type: ignore[arg-type]
    assert [result.trial_id for result in results] == ["T1", "2", "T3", "T4", "T5"]
    assert [result.error.code if result.error else None for result in results] == [
        None,
        None,
        "E200",
        "E200",
        "E201",
    ]
    assert results[0].criteria == eligex.extract(TEXTS[0]).criteria


BAD = "Inclusion Criteria:\n- The word boom raises\n"


@pytest.fixture
def raising(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the quantities pipe raise on every text with "boom" in it."""
    pipe = nlp.get_pipe("eligex_quantities")
    find = pipe.find

    def raises(doc: Doc) -> Any:
        if "boom" in doc.text:
            raise ValueError("on purpose")
        return find(doc)

    monkeypatch.setattr(pipe, "find", raises)


@pytest.mark.usefixtures("raising")
@pytest.mark.parametrize("n_process", [1, 2])
@pytest.mark.parametrize(
    "bad", [pytest.param({0}, id="first"), pytest.param({2, 3}, id="middle"), pytest.param({6}, id="last")]
)
def test_a_pipe_that_raises(nlp: Language, n_process: int, bad: set[int]) -> None:
    texts = [*TEXTS, TEXTS[0]]
    expected = [eligex.extract(trial, nlp=nlp) for trial in trials(texts)]
    mixed = trials([BAD if n in bad else text for n, text in enumerate(texts)])
    results = list(batch.run(mixed, model=nlp, n_process=n_process, batch_size=2))
    assert [result.trial_id for result in results] == [trial.trial_id for trial in mixed]
    for n, result in enumerate(results):
        if n in bad:
            assert result.error is not None
            assert (result.error.type, result.error.message) == ("ValueError", "on purpose")
            assert result.criteria == ()
            assert result.source == mixed[n].source
        else:
            assert result == expected[n]


def test_an_error_without_words(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    def raises(doc: Doc) -> None:
        raise MemoryError

    monkeypatch.setattr(nlp.get_pipe("eligex_quantities"), "find", raises)
    (result,) = extract_many(nlp, trials(TEXTS[:1]))
    assert result.error == Failure("MemoryError", "MemoryError", "E900")


@pytest.mark.usefixtures("raising")
def test_one_alone_raises(nlp: Language) -> None:
    with pytest.raises(ValueError, match="on purpose"):
        eligex.extract(BAD, nlp=nlp)


@pytest.mark.usefixtures("raising")
def test_a_batch_that_is_half_read_changes_nothing(nlp: Language) -> None:
    """Between two results the pipeline is the user's: what raises there raises."""
    results = extract_many(nlp, trials([TEXTS[0], BAD, *TEXTS * 3]), batch_size=2)
    next(results)
    with pytest.raises(ValueError, match="on purpose"):
        eligex.extract(BAD, nlp=nlp)
    with pytest.raises(ValueError, match="on purpose"):
        nlp(BAD)
    results.close()  # type: ignore[attr-defined]


@pytest.mark.usefixtures("raising")
def test_a_lenient_error_handler_does_not_hide_failures(
    nlp: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nlp, "default_error_handler", lambda *_: None)
    results = list(extract_many(nlp, trials([TEXTS[0], BAD])))
    assert [result.error is None for result in results] == [True, False]


def test_a_tokenizer_that_raises(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    """spaCy cannot leave such a text out; the rest is done all the same."""
    make_doc = nlp.make_doc

    def raises(text: str) -> Doc:
        if "boom" in text:
            raise ValueError("on purpose")
        return make_doc(text)

    monkeypatch.setattr(nlp, "make_doc", raises)
    mixed = trials([TEXTS[0], BAD, TEXTS[1], TEXTS[2]])
    results = list(extract_many(nlp, mixed, batch_size=2))
    assert [result.trial_id for result in results] == ["T0", "T1", "T2", "T3"]
    assert [result.error is None for result in results] == [True, False, True, True]


@pytest.mark.parametrize("n_process", [1, 2])
def test_a_text_too_long(nlp: Language, monkeypatch: pytest.MonkeyPatch, n_process: int) -> None:
    monkeypatch.setattr(pipeline, "MAX_CHARACTERS", 200)
    mixed = trials([TEXTS[0], TEXTS[1] * 3, TEXTS[2], TEXTS[1] * 4])
    results = list(batch.run(mixed, model=nlp, n_process=n_process, batch_size=2))
    assert [result.trial_id for result in results] == ["T0", "T1", "T2", "T3"]
    assert [result.error is None for result in results] == [True, False, True, False]
    error = results[1].error
    assert error is not None
    assert (error.type, error.code) == ("TooLongError", "E203")
    assert "up to 200 characters" in error.message


@pytest.mark.parametrize("read", [0, 1, 3, 5])
def test_a_reader_that_raises_midway(nlp: Language, read: int) -> None:
    """The trials read before are extracted, then the reader's error is raised."""

    def reader() -> Iterator[Trial]:
        yield from trials()[:read]
        raise OSError("the disk is gone")

    results: list[eligex.TrialCriteria] = []
    with pytest.raises(OSError, match="the disk is gone"):
        results.extend(extract_many(nlp, reader(), batch_size=2))
    assert results == list(extract_many(nlp, trials()[:read]))


def test_trials_are_read_a_few_batches_ahead(nlp: Language) -> None:
    taken: list[int] = []

    def reader() -> Iterator[Trial]:
        for n, trial in enumerate(trials(TEXTS[:1] * 400)):
            taken.append(n)
            yield trial

    results = extract_many(nlp, reader(), batch_size=4)
    next(results)
    assert len(taken) < 100
    results.close()  # type: ignore[attr-defined]
