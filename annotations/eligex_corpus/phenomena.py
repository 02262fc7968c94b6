"""What makes a criterion hard: tags of phenomena, by criterion, in ``data/phenomena.tsv``.

Nine tags follow from the annotation (:func:`derived`), and the check demands them.  A reader gives the
others, and some of these nine where the annotation has no sign of them (a limit against an earlier value
that is no ``{baseline}``), but none of :data:`STRICT`, which the annotation cannot fail to show.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from eligex_corpus.documents import path
from eligex_corpus.errors import SourceError
from eligex_corpus.problems import Problem, Record

PHENOMENA = {
    "uln": "a multiple of a normal limit (ULN, LLN)",
    "baseline": "a limit relative to the patient's own baseline",
    "subgroup": "a limit or a statement for some patients (men, patients with metastases)",
    "conditional": "a statement with a condition",
    "exception": "an exception",
    "permission": "something allowed that is no exception",
    "dual_unit": "the same limit in two units",
    "count": "a required number of things",
    "half_life": "a window in half-lives",
    "score_grade": "scores, classes, grades, stages",
    "biomarker": "biomarkers, mutations, receptors",
    "age_weeks_days": "an age in weeks or days",
    "ratio": "a ratio",
    "respectively": "several limits given in the order of several things",
    "label_line": "a label, and the value behind it or on the next line",
    "shared_head": "things that share a word or an adjective",
}
"""The phenomena and what they are."""
_RELATIVE = frozenset({"[ULN]", "[LLN]"})
_SCALES = frozenset({"{score}", "{class}", "{grade}", "{stage}"})
_HALF_LIFE = "{half-life}"
_COUNTED = re.compile(r"\{[a-z][a-z -]*\}")  # {lines}
_NOT_COUNTED = _SCALES | {"{baseline}", "{t-score}", "{z-score}", _HALF_LIFE}
DERIVED = (
    "uln",
    "baseline",
    "conditional",
    "exception",
    "permission",
    "dual_unit",
    "count",
    "half_life",
    "score_grade",
)
"""The tags that follow from the annotation alone."""
STRICT = ("uln", "conditional", "exception", "dual_unit", "half_life")
"""The tags of which the annotation has a sign, or they are wrong."""
Tags = dict[str, dict[str, tuple[str, ...]]]
"""Tags by document and criterion."""


def derived(criterion: Record) -> set[str]:
    """Return the tags that follow from the annotation of a criterion."""
    own = criterion["predicates"]
    every = [*own, *(stated for p in own for stated in p["condition_predicates"])]
    units = {p["unit"] for p in every}
    named = {name for p in own for name in p["exceptions"]}
    signs = {
        "uln": bool(units & _RELATIVE),
        "baseline": "{baseline}" in units,
        "conditional": any(p["condition"] is not None for p in own),
        "exception": bool(named),
        "permission": any(p["effect"] == "allow" and p["id"] not in named for p in own),
        "dual_unit": any(p["alternatives"] for p in every),
        "count": any(_COUNTED.fullmatch(unit or "") and unit not in _NOT_COUNTED for unit in units),
        "half_life": _HALF_LIFE in {unit for p in every for unit in _lengths(p)},
        "score_grade": bool(units & _SCALES),
    }
    return {name for name, found in signs.items() if found}


def _lengths(predicate: Record) -> Iterator[str]:
    windows = predicate["windows"] or [w for w in (predicate["temporal"],) if w]
    for window in windows:
        for length in (window["low"], window["high"], *window["alternatives"]):
            if isinstance(length, dict):
                yield length["unit"]


def read_phenomena(folder: Path | None = None) -> Tags:
    """Return the tags of the corpus, by document and criterion."""
    tags: Tags = {}
    for document, criterion, name in _rows((folder or path()) / "data" / "phenomena.tsv"):
        of = tags.setdefault(document, {})
        of[criterion] = (*of.get(criterion, ()), name)
    return tags


def _rows(file: Path) -> Iterator[tuple[str, str, str]]:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        if line and not line.startswith("#"):
            cells = line.split("\t")
            if len(cells) != 3:
                raise SourceError(f"{len(cells)} columns, not 3", where=f"{file.name}:{number}")
            yield cells[0], cells[1], cells[2]


def merged(records: Iterable[Record], readers: Sequence[Path], before: Tags) -> tuple[Tags, list[Problem]]:
    """Join what readers tagged with what follows from the annotation.

    Parameters
    ----------
    readers
        Files of ``document, number of the criterion (from 1) or its id, phenomenon``.
    before
        Tags that are there already, and stay.

    Returns
    -------
    tuple
        The tags, and what was left out: a tag of a criterion that is not there, one of which the annotation
        has no sign and must, an unknown name.
    """
    by_id = {record["trial_id"]: record["criteria"] for record in records}
    said: dict[tuple[str, str], set[str]] = {}
    problems: list[Problem] = []
    rows = [row for file in readers for row in _rows(file)]
    rows += [(key, of, name) for key, tags in before.items() for of, names in tags.items() for name in names]
    for document, criterion, name in rows:
        found = _criterion(by_id.get(document, []), criterion)
        if name not in PHENOMENA or found is None:
            problems.append(Problem(document, "phenomena", f"no {name} of {criterion}"))
        elif name not in STRICT or name in derived(found):
            said.setdefault((document, found["id"]), set()).add(name)
        else:
            problems.append(Problem(document, "phenomena", f"nothing in {found['id']} is {name}"))
    tags: Tags = {}
    for document, criteria in by_id.items():
        for each in criteria:
            names = derived(each) | said.get((document, each["id"]), set())
            if names:
                tags.setdefault(document, {})[each["id"]] = tuple(n for n in PHENOMENA if n in names)
    return tags, problems


def _criterion(criteria: Sequence[Record], key: str) -> Record | None:
    if key.isdecimal():
        return criteria[int(key) - 1] if 1 <= int(key) <= len(criteria) else None
    return next((each for each in criteria if each["id"] == key), None)


def write_phenomena(tags: Tags, folder: Path) -> None:
    """Write the tags of the corpus."""
    lines = [
        "# What makes a criterion hard; names as in phenomena.py.  Columns: document, criterion, phenomenon."
    ]
    for document, of in tags.items():
        lines += [f"{document}\t{criterion}\t{name}" for criterion, names in of.items() for name in names]
    (folder / "data" / "phenomena.tsv").write_text("\n".join(lines) + "\n", "utf-8")


def count_phenomena(tags: Tags, documents: Iterable[str]) -> Counter[str]:
    """Count the criteria of each phenomenon in some documents."""
    return Counter(name for key in documents for names in tags.get(key, {}).values() for name in names)


def check_phenomena(tags: Tags, records: Sequence[Record]) -> list[Problem]:
    """Tags are known and of criteria that exist; those that follow are there, strict ones have a sign."""
    found = []
    criteria = {(r["trial_id"], c["id"]): c for r in records for c in r["criteria"]}
    for key, names in _flat(tags).items():
        if key not in criteria:
            found.append(Problem(key[0], "phenomena", f"no criterion {key[1]}"))
        found += [Problem(key[0], "phenomena", f"{name} is none") for name in names if name not in PHENOMENA]
        if len(set(names)) < len(names):
            found.append(Problem(key[0], "phenomena", f"{key[1]} has a tag twice"))
    flat = _flat(tags)
    for key, criterion in criteria.items():
        there, signs = set(flat.get(key, ())), derived(criterion)
        found += [Problem(key[0], "phenomena", f"{key[1]} lacks the tag {n}") for n in sorted(signs - there)]
        wrong = there.intersection(STRICT) - signs
        found += [Problem(key[0], "phenomena", f"{key[1]} has no sign of {n}") for n in sorted(wrong)]
    return found


def _flat(tags: Tags) -> Mapping[tuple[str, str], tuple[str, ...]]:
    return {(document, key): names for document, of in tags.items() for key, names in of.items()}
