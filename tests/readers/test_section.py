"""The same text is read alike whatever it came in: its section, its type, its language."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from eligex.errors import EligexError, InputError, LanguageError, NoEligibilityError
from eligex.readers import read
from eligex.readers.sniff import FOREIGN, Foreign, foreign_kind
from eligex.readers.text import read_string
from eligex.schema import Trial

SECTION = "Inclusion Criteria:\n\n- Age 18 years or older\n\nExclusion Criteria:\n\n- Pregnancy"
TEXTS = {
    "a section": SECTION,
    "a page": f"Summary\nZinc for gout.\nKeywords\ngout\n{SECTION}\nContacts\nJo Doe\n",
    "a page with references": f"Summary\nZinc &amp; gout.\nKeywords\ngout\n{SECTION}\nContacts\nJo Doe\n",
    "only a tail": f"{SECTION}\n\nLocations\nSpringfield",
    "one word": "Pregnancy",
    "prose": "We look for people who sleep badly. The study takes a night.",
    "no list": "Opening hours\n\nMonday to Friday\n\nTelephone and map\n",
    "limits": "Hemoglobin >= 9 g/dL",
    "a headline in brackets": "<Inclusion Criteria>\n- Adults\n<Exclusion Criteria>\n- Gout",
    "carriage returns": SECTION.replace("\n", "\r\n"),
    "marks": f"\ufeff{SECTION}\u200b",
    "both languages": f"{SECTION}\n\nCriterios de inclusión:\n- Mayores de 18 años con diabetes",
    "spanish": "Criterios de inclusión:\n- Mayores de 18 años que puedan andar\n- Sin embarazo",
    "blank": " \n\u200b\u2060",
}


@pytest.mark.parametrize("name", TEXTS)
def test_text_file_jsonl_and_string_agree(tmp_path: Path, name: str) -> None:
    text = TEXTS[name]
    (tmp_path / "T1.txt").write_bytes(text.encode())
    (tmp_path / "T1.jsonl").write_text(json.dumps({"trial_id": "T1", "text": text}), encoding="utf-8")
    found = {_seen(tmp_path / "T1.txt", tmp_path), _seen(tmp_path / "T1.jsonl", tmp_path)}
    try:
        trial = read_string(text, trial_id="T1")
        found.add((trial.text, trial.source.start, trial.source.end))
    except EligexError as error:
        found.add((type(error).__name__,))
    assert len(found) == 1


def _seen(path: Path, folder: Path) -> tuple[object, ...]:
    """Return text and section, or the kind of error: with a folder, one is a record, not raised."""
    (outcome,) = read(path, notify=lambda _: None) if path.suffix == ".jsonl" else _files(path)
    if isinstance(outcome, Trial):
        return outcome.text, outcome.source.start, outcome.source.end
    assert outcome.error is not None
    return (outcome.error.type,)


def _files(path: Path) -> list[object]:
    path.parent.joinpath("only").mkdir()
    path = path.rename(path.parent / "only" / path.name)
    return list(read(path.parent, notify=lambda _: None))


@pytest.mark.parametrize(
    "name", [name for name in TEXTS if name not in ("spanish", "blank", "a page", "a page with references")]
)
def test_no_text_is_refused_or_cut_for_what_it_lacks(name: str) -> None:
    if name == "only a tail":
        assert read_string(TEXTS[name], trial_id="T1").source.end == len(SECTION)
        return
    source = read_string(TEXTS[name], trial_id="T1").source
    assert (source.start, source.end) == (0, len(TEXTS[name]))


def test_omitted_characters_of_a_page_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    text = TEXTS["a page with references"]
    with caplog.at_level(logging.WARNING, logger="eligex"):
        trial = read_string(text, trial_id="T1")
    assert text[trial.source.start : trial.source.end] == SECTION
    (message,) = caplog.messages
    assert message.startswith("T1: the text is a page; its eligibility section is read, 53 characters around")


def test_whole(caplog: pytest.LogCaptureFixture) -> None:
    text = TEXTS["a page"]
    trial = read_string(text, trial_id="T1", whole=True)
    assert (trial.source.start, trial.source.end) == (0, len(text))
    assert caplog.messages == []


def test_a_registry_field_is_never_searched(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    module = {"eligibilityCriteria": TEXTS["a page"]}
    path.write_text(json.dumps({"protocolSection": {"eligibilityModule": module}}))
    (trial,) = read(path, notify=lambda _: None)
    assert isinstance(trial, Trial)
    assert (trial.source.start, trial.source.end) == (0, len(TEXTS["a page"]))


def test_type(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Pregnancy")
    (trial,) = read(path, type="exclusion")
    assert isinstance(trial, Trial)
    assert trial.type == "exclusion"
    with pytest.raises(InputError, match="unknown type 'both'"):
        list(read(path, type="both"))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u2060\ufeff", "\0"])
def test_nothing_visible(text: str) -> None:
    with pytest.raises(NoEligibilityError, match="T1: the text is empty"):
        read_string(text, trial_id="T1")


def test_another_language() -> None:
    with pytest.raises(LanguageError, match="T1: the text is in Spanish; eligex reads English") as caught:
        read_string(TEXTS["spanish"], trial_id="T1")
    assert caught.value.code == "E202"


@pytest.mark.parametrize("kind", FOREIGN, ids=lambda kind: kind.name)
def test_kinds_that_are_not_read(kind: Foreign) -> None:
    assert foreign_kind(kind.example) is kind
    assert foreign_kind(kind.counter) is None


@pytest.mark.parametrize(
    "text",
    [
        "<strong>Inclusion Criteria</strong>: adults",
        "<Inclusion>\n- Adults",
        "<18 years: excluded",
        "<p>Adults</p>",
        "AST | ALT | bilirubin",
    ],
)
def test_text_that_begins_like_markup(text: str) -> None:
    assert foreign_kind(text) is None


@pytest.mark.parametrize(
    "text",
    ["<study>NCT1</study>", "<study/>", '<study id="1">', "<!DOCTYPE study>", "\n<?xml version=1?>"],
)
def test_xml(text: str) -> None:
    kind = foreign_kind(text)
    assert kind is not None
    assert kind.name.startswith("an XML file")
