"""What has to hold for the corpus; every function names what it found wrong, and nothing is repaired.

``check`` looks at the records alone, ``check_folder`` at a whole copy of the corpus with its metadata,
splits and brat files.  What holds for every result of eligex is in :mod:`eligex.invariants`; what annotators
keep beyond that is in :mod:`eligex_corpus.gold`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from eligex.invariants import problems
from eligex.schema import TrialCriteria
from eligex_corpus import gold
from eligex_corpus.brat import to_brat
from eligex_corpus.card import card_counts
from eligex_corpus.documents import SPLITS, path, read_metadata, read_records, read_second, read_splits
from eligex_corpus.phenomena import check_phenomena, read_phenomena
from eligex_corpus.problems import Problem, Record

_DOCUMENT_ID = re.compile(r"EC-\d{4}")
_METADATA = {"title", "area", "dialect"}


def check(documents: Iterable[Record]) -> list[Problem]:
    """Check records of the contract, each by itself and their ids together.

    A record that the schema refuses is reported as such and not looked at further.
    """
    found: list[Problem] = []
    ids: Counter[str] = Counter()
    for record in documents:
        key = str(record.get("trial_id"))
        ids[key] += 1
        refused = list(_schema(key, record))
        found.extend(refused)
        if not refused:
            found.extend(_rules(key, TrialCriteria.from_dict(record)))
    found.extend(Problem(key, "document id", "occurs twice") for key, count in ids.items() if count > 1)
    found.extend(
        Problem(key, "document id", "is not EC-0000") for key in ids if not _DOCUMENT_ID.fullmatch(key)
    )
    return found


def check_folder(folder: Path | None = None) -> list[Problem]:
    """Check a copy of the corpus: its records, metadata, splits, units and brat files."""
    folder = folder or path()
    records = read_records(folder)
    found = check(records)
    keys = [record["trial_id"] for record in records]
    found.extend(check_splits(read_splits(folder), keys))
    found.extend(check_metadata(read_metadata(folder), keys))
    found.extend(check_phenomena(read_phenomena(folder), records))
    found.extend(check_brat(folder / "brat", records))
    found.extend(check_second(read_second(folder), records))
    if not found:
        found.extend(check_card(folder, records))
    return found


def check_card(folder: Path, records: Sequence[Record]) -> list[Problem]:
    """The counts in the card are those of the records."""
    counts = card_counts(
        records,
        read_splits(folder),
        read_metadata(folder)["documents"],
        read_phenomena(folder),
        read_second(folder),
    )
    if counts in (folder / "README.md").read_text("utf-8"):
        return []
    return [Problem("corpus", "card", "the counts in README.md are not those of the records")]


def check_second(second: Sequence[Record], records: Sequence[Record]) -> list[Problem]:
    """What a second reader annotated is of the corpus, cut as it is, and as sound."""
    by_id = {record["trial_id"]: record for record in records}
    found = check(second)
    for record in second:
        key = record["trial_id"]
        first = by_id.get(key)
        if first is None or first["text"] != record["text"]:
            found.append(Problem(key, "second reader", "another text, or no such document"))
        elif [_place(c) for c in first["criteria"]] != [_place(c) for c in record["criteria"]]:
            found.append(Problem(key, "second reader", "criteria are cut otherwise"))
    return found


def _place(criterion: Record) -> tuple[str, int, int]:
    return criterion["id"], criterion["start"], criterion["end"]


def _rules(key: str, result: TrialCriteria) -> Iterator[Problem]:
    """Yield what a document breaks: first what holds for every result, then what holds for gold alone."""
    found = problems(result, result.text or "") or problems(result, result.text or "", gold.RULES)
    for problem in found:
        name, _, detail = problem.partition(": ")
        yield Problem(key, name, detail)


def _schema(key: str, record: Record) -> Iterator[Problem]:
    try:
        result = TrialCriteria.from_dict(record)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        yield Problem(key, "schema", f"{place}: {first['msg']}")
        return
    if json.loads(json.dumps(result.to_dict())) != record:
        yield Problem(key, "schema", "a field of the contract is missing, or has another type")
    if record.get("text") is None or record["error"] is not None:
        yield Problem(key, "schema", "a document has its text and no error")


def check_splits(splits: dict[str, list[str]], keys: Sequence[str]) -> list[Problem]:
    """Every document is in one split, and the splits name no other."""
    found = []
    if tuple(splits) != SPLITS:
        found.append(Problem("splits", "splits", f"are {', '.join(splits)}, not {', '.join(SPLITS)}"))
    counts = Counter(key for members in splits.values() for key in members)
    found.extend(Problem(key, "splits", f"in {counts[key]} splits") for key in keys if counts[key] != 1)
    found.extend(Problem(key, "splits", "no such document") for key in counts if key not in keys)
    return found


def check_metadata(metadata: Record, keys: Sequence[str]) -> list[Problem]:
    """Every document has a title, an area and a dialect; the corpus has a version and a licence."""
    found = [
        Problem("corpus", "metadata", f"{name} is missing")
        for name in ("name", "version", "licence", "documents")
        if not metadata.get(name)
    ]
    about = metadata.get("documents", {})
    if list(about) != list(keys):
        found.append(Problem("corpus", "metadata", "documents are not those of corpus.jsonl, in its order"))
    found.extend(
        Problem(key, "metadata", f"has {', '.join(sorted(fields))}")
        for key, fields in about.items()
        if set(fields) != _METADATA or not all(fields.values())
    )
    return found


def check_brat(folder: Path, records: Sequence[Record]) -> list[Problem]:
    """The brat files are what the records generate."""
    found = []
    expected = {f"{record['trial_id']}.txt": record["text"] for record in records}
    expected.update({f"{record['trial_id']}.ann": to_brat(record) for record in records})
    for name, words in expected.items():
        file = folder / name
        if not file.is_file():
            found.append(Problem(Path(name).stem, "brat", f"{name} is missing"))
        elif file.read_bytes() != words.encode():
            found.append(Problem(Path(name).stem, "brat", f"{name} is not what the record generates"))
    present = {file.name for file in folder.iterdir() if file.suffix in (".txt", ".ann")}
    extra = sorted(present - set(expected))
    found.extend(Problem(Path(name).stem, "brat", f"{name} belongs to no document") for name in extra)
    return found
