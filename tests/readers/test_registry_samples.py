"""Real records of the registries: how many trials, how many criteria of which type, counted by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from eligex.layout.segment import segment
from eligex.pipeline import fields_of, section_of
from eligex.readers import read
from eligex.schema import Trial, TrialCriteria

Criteria = Callable[[Trial], list[tuple[str, str]]]
pytestmark = pytest.mark.data

COUNTS = {
    "ctgov_v2_json": ("ctgov-v2", 23, 15),
    "ctgov_classic_xml": ("ctgov-xml", 54, 1),
    "ctgov_api1_json": ("ctgov-v1", 102, 0),
    "ctis_json": ("ctis", 4, 0),
    "euctr_txt": ("euctr", 10, 0),
    "ictrp_csv": ("ictrp", 1135, 0),
    "ictrp_xml": ("ictrp", 578, 0),
    "isrctn_xml": ("isrctn", 9, 0),
}
"""Folder → format, trials with criteria, records without (parts of records, records of other things)."""


@pytest.mark.parametrize("folder", COUNTS)
def test_number_of_trials(data_dir: Path, folder: str) -> None:
    format, good, bad = COUNTS[folder]
    found = list(read(data_dir / "registry_samples" / folder, notify=lambda _: None))
    assert {each.source.format for each in found} == {format}
    assert sum(isinstance(each, Trial) for each in found) == good
    codes = [each.error.code for each in found if isinstance(each, TrialCriteria) and each.error]
    assert codes == ["E201"] * bad
    assert all(each.trial_id for each in found)


@pytest.mark.parametrize("folder", COUNTS)
def test_criteria_lie_in_their_fields_and_have_their_types(data_dir: Path, folder: str) -> None:
    empty = total = 0
    for trial in list(read(data_dir / "registry_samples" / folder, notify=lambda _: None))[::9]:
        if not isinstance(trial, Trial):
            continue
        fields = fields_of(trial)
        found = segment(section_of(trial), fields=fields)
        assert found.criteria
        for field in fields:
            inside = [item for item in found.criteria if field.start <= item.start < field.end]
            assert all(item.end <= field.end for item in inside)
            assert field.type is None or {item.type for item in inside} <= {field.type}
            empty += not inside and not field.language
            total += 1
    assert empty <= total / 50  # "Exclusion criteria: " with nothing after it


TYPES: dict[str, dict[str, tuple[int, int]]] = {
    "ctis_json": {
        "2022-500244-37-00": (7, 11),
        "2023-505613-24-00": (5, 13),
        "2024-510663-34-00": (5, 8),
    },
    "euctr_txt": {"2022-002568-62-ES": (6, 13)},
    "isrctn_xml": {"ISRCTN16025168": (2, 3)},
    "ictrp_csv": {"NCT04246242": (1, 1), "NL8490": (3, 13), "ACTRN12620000421932": (2, 2)},
    "ictrp_xml": {"ChiCTR2000029953": (1, 2)},
    "ctgov_classic_xml": {"NCT04339322": (1, 1)},
    "ctgov_api1_json": {"NCT04780763": (8, 8)},
    "ctgov_v2_json": {"NCT03418623": (1, 0)},
}
"""Trial → top-level inclusion and exclusion criteria."""


@pytest.mark.parametrize("folder", TYPES)
def test_criteria_of_some_trials(data_dir: Path, folder: str) -> None:
    found = read(data_dir / "registry_samples" / folder, notify=lambda _: None)
    counts: dict[str, tuple[int, int]] = {}
    for trial in found:
        if isinstance(trial, Trial) and trial.trial_id in TYPES[folder]:
            segments = segment(section_of(trial), fields=fields_of(trial)).criteria
            types = Counter(item.type for item in segments if item.parent is None)
            counts.setdefault(trial.trial_id, (types["inclusion"], types["exclusion"]))
    assert counts == TYPES[folder]


def test_languages_of_the_european_records(data_dir: Path) -> None:
    found = read(data_dir / "registry_samples" / "euctr_txt", notify=lambda _: None)
    languages = [
        tuple(dict.fromkeys(field.language for field in trial.source.fields if field.language))
        for trial in found
        if isinstance(trial, Trial)
    ]
    assert languages == [("es",), (), (), (), ("es",), ("el",), (), (), ("pt",), ()]


def test_structured_fields_are_filled(data_dir: Path) -> None:
    for folder in COUNTS:
        trials = [
            each
            for each in read(data_dir / "registry_samples" / folder, notify=lambda _: None)
            if isinstance(each, Trial)
        ]
        assert all(trial.structured for trial in trials)
        shares = {
            name: sum(bool(getattr(trial.structured, name)) for trial in trials) / len(trials)
            for name in ("sex", "conditions")
        }
        assert min(shares.values()) >= 0.6, (folder, shares)


def test_web_pages_of_the_european_register_are_refused(data_dir: Path) -> None:
    for path in sorted((data_dir / "registry_samples" / "euctr_html").glob("*.html")):
        with pytest.raises(Exception, match="an HTML page"):
            list(read(path))
