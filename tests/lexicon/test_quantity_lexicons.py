"""The lexicons of the quantity grammar load, and refuse what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligex.errors import LexiconError
from eligex.lexicon import loader
from eligex.quantities import comparators, contexts, numbers, scales, unit_names, units

TABLES = {
    "units.tsv": (unit_names, "unit_names", "code\tdimension\tnames\n"),
    "number_words.tsv": (numbers, "_words_of_role", "word\tvalue\trole\n"),
}


def load(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str, body: str) -> None:
    module, function, header = TABLES[name]
    (folder / name).write_text(header + body, encoding="utf-8")
    monkeypatch.setattr(module, "DATA", folder)
    getattr(module, function).__wrapped__()


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        pytest.param(
            "units.tsv", "mg\tweight\tmg\n", "units.tsv:2: unknown dimension 'weight'", id="dimension"
        ),
        pytest.param(
            "units.tsv",
            "mg\tmass\tmg\ng\tmass\tmg\n",
            "units.tsv:3: unit name 'mg' is listed twice",
            id="unit",
        ),
        pytest.param(
            "number_words.tsv", "one\t1\tunits\n", "number_words.tsv:2: unknown role 'units'", id="role"
        ),
    ],
)
def test_mistakes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, body: str, message: str
) -> None:
    with pytest.raises(LexiconError, match=message):
        load(monkeypatch, tmp_path, name, body)


def test_all_load() -> None:
    before, after = comparators.phrases()
    assert before
    assert after
    assert scales.scales()
    assert contexts.contexts()
    assert numbers.number_words()["twelve"] == (12, "unit")


def test_every_unit_name_reads_back_to_its_code() -> None:
    for row in loader.read_table(loader.DATA / "units.tsv", ("code", "dimension", "names")):
        code, _, names = row.cells
        for name in names.split("|"):
            assert units.normalise(name.removeprefix("!")) == code, (row.where, name)
