"""What has to hold for the corpus; every function names what it found wrong, and nothing is repaired.

``check`` looks at the records alone, ``check_folder`` at a whole copy of the corpus with its metadata,
splits and brat files.  Checks of single predicates are in :mod:`eligex_corpus.predicate_checks`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eligex.layout.chars import is_blank
from eligex.schema import DOMAIN_LABELS, TrialCriteria
from eligex_corpus.brat import to_brat
from eligex_corpus.card import card_counts
from eligex_corpus.documents import SPLITS, path, read_metadata, read_records, read_splits
from eligex_corpus.predicate_checks import check_predicates
from eligex_corpus.problems import Problem, Record, predicates, quotations, region

_DOCUMENT_ID = re.compile(r"EC-\d{4}")
_CRITERION_ID = re.compile(r"(inc|exc)(-\d+)+")
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
        problems = list(_schema(key, record))
        found.extend(problems)
        if not problems:
            for one in (_quotes, _regions, _accounting, _ids, _logic, _entities, check_predicates):
                found.extend(one(key, record))
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
    found.extend(check_brat(folder / "brat", records))
    if not found:
        found.extend(check_card(folder, records))
    return found


def check_card(folder: Path, records: Sequence[Record]) -> list[Problem]:
    """The counts in the card are those of the records."""
    counts = card_counts(records, read_splits(folder), read_metadata(folder)["documents"])
    if counts in (folder / "README.md").read_text("utf-8"):
        return []
    return [Problem("corpus", "card", "the counts in README.md are not those of the records")]


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


def _quotes(key: str, record: Record) -> Iterator[Problem]:
    text = record["text"]
    for what, start, end, words in quotations(record):
        if not 0 <= start < end <= len(text):
            yield Problem(key, "offsets", f"{what}: {start} to {end} in {len(text)} characters")
        elif text[start:end] != words:
            yield Problem(key, "offsets", f"{what}: {words!r} but the text has {text[start:end]!r}")
        elif words != words.strip():
            yield Problem(key, "offsets", f"{what}: {words!r} has blanks at its ends")


def _regions(key: str, record: Record) -> Iterator[Problem]:
    text, source = record["text"], record["source"]
    if not 0 <= source["start"] < source["end"] <= len(text):
        yield Problem(key, "section", "the section is not in the text")
    spans = sorted(_spans(record))
    for (_, b, what), (c, _, other) in pairwise(spans):
        if c < b:
            yield Problem(key, "overlap", f"{what} (to {b}) and {other} (from {c})")
    for start, end, what in spans:
        if start < source["start"] or end > source["end"]:
            yield Problem(key, "section", f"{what} lies outside the section")
    for criterion in record["criteria"]:
        marker, at = criterion["marker"], criterion["marker_start"]
        if (marker is None) != (at is None):
            yield Problem(key, "marker", f"{criterion['id']}: marker without its place")
        elif marker is not None and text[at : criterion["start"]].rstrip() != marker:
            yield Problem(key, "marker", f"{criterion['id']}: {marker!r} is not in front of the text")
    for kind in ("headings", "criteria", "unparsed"):
        starts = [item["start"] for item in record[kind]]
        if starts != sorted(starts):
            yield Problem(key, "order", f"{kind} are not in the order of the text")


def _spans(record: Record) -> Iterator[tuple[int, int, str]]:
    for heading in record["headings"]:
        yield heading["start"], heading["end"], f"heading {heading['text']!r}"
    for criterion in record["criteria"]:
        yield (*region(criterion), criterion["id"])
    for fragment in record["unparsed"]:
        yield fragment["start"], fragment["end"], f"unparsed {fragment['text']!r}"


def _accounting(key: str, record: Record) -> Iterator[Problem]:
    text = record["text"]
    covered = {place for start, end, _ in _spans(record) for place in range(start, end)}
    first, last = record["source"]["start"], min(record["source"]["end"], len(text))
    lost = [i for i in range(first, last) if i not in covered and not is_blank(text[i])]
    if lost:
        quoted = text[lost[0] : lost[0] + 30]
        yield Problem(key, "accounting", f"{len(lost)} characters, the first at {lost[0]}: {quoted!r}")


def _ids(key: str, record: Record) -> Iterator[Problem]:
    seen: dict[str, Record] = {}
    tops: Counter[str] = Counter()
    children: Counter[str] = Counter()
    for criterion in record["criteria"]:
        name, parent = criterion["id"], criterion["parent"]
        if name in seen:
            yield Problem(key, "ids", f"{name} occurs twice")
        seen[name] = criterion
        if not _CRITERION_ID.fullmatch(name) or not criterion["type"].startswith(name[:3]):
            yield Problem(key, "ids", f"{name} is not the id of a criterion of its type")
        if parent is None:
            tops[criterion["type"]] += 1
            expected = f"{criterion['type'][:3]}-{tops[criterion['type']]}"
        elif parent not in seen:
            yield Problem(key, "ids", f"{name}: no parent {parent} before it")
            continue
        else:
            children[parent] += 1
            expected = f"{parent}-{children[parent]}"
            if seen[parent]["type"] != criterion["type"]:
                yield Problem(key, "ids", f"{name} and its parent are of different types")
        if name != expected:
            yield Problem(key, "ids", f"{name} should be {expected}")
        numbers = [predicate["id"] for predicate in criterion["predicates"]]
        if numbers != [f"{name}.{n}" for n in range(1, len(numbers) + 1)]:
            yield Problem(key, "ids", f"{name}: its predicates are numbered {', '.join(numbers)}")


def _logic(key: str, record: Record) -> Iterator[Problem]:
    for criterion in record["criteria"]:
        name = criterion["id"]
        expected = Counter(p["id"] for p in criterion["predicates"] if p["effect"] != "allow")
        expected.update(child["id"] for child in record["criteria"] if child["parent"] == name)
        named: Counter[str] = Counter()
        for detail in _walk(criterion["logic"], None, named):
            yield Problem(key, "logic", f"{name}: {detail}")
        if named != expected:
            odd = sorted((named - expected) + (expected - named))
            yield Problem(key, "logic", f"{name}: named too often, not at all, or unknown: {', '.join(odd)}")
        if not isinstance(criterion["logic"], dict):
            yield Problem(key, "logic", f"{name}: is not an expression")


def _walk(expression: Any, above: str | None, named: Counter[str]) -> Iterator[str]:
    if isinstance(expression, str):
        named[expression] += 1
        return
    minimum = expression.get("minimum") if isinstance(expression, dict) else None
    operators = [name for name in expression if name != "minimum"] if isinstance(expression, dict) else []
    operator = operators[0] if len(operators) == 1 else ""
    operands = expression[operator] if operator in ("and", "or") else None
    if not isinstance(operands, list):
        yield f"not an expression: {expression!r}"
        return
    if operator == above and minimum is None:
        yield f"an {operator} directly inside an {operator}"
    if above is not None and len(operands) < 2:
        yield f"an {operator} with fewer than two operands"
    if minimum is not None and (operator != "or" or not 1 < minimum < len(operands)):
        yield f"a minimum of {minimum}"
    for operand in operands:
        yield from _walk(operand, operator if minimum is None else None, named)


def _entities(key: str, record: Record) -> Iterator[Problem]:
    spans = [(entity["start"], entity["end"]) for entity in record["entities"]]
    for (a, b), (c, d) in pairwise(spans):
        if (c, d) <= (a, b):
            yield Problem(key, "entities", f"not in the order of the text at {c}")
        elif c < b:
            yield Problem(key, "entities", f"{a} to {b} and {c} to {d} overlap")
    for entity in record["entities"]:
        start, end = entity["start"], entity["end"]
        if not any(c["start"] <= start and end <= c["end"] for c in record["criteria"]):
            yield Problem(key, "entities", f"{entity['text']!r} lies in no criterion")
        if entity["negated"] and entity["label"] not in DOMAIN_LABELS:
            yield Problem(key, "entities", f"{entity['text']!r}: a {entity['label']} is not negated")
    negated: dict[tuple[int, int], bool] = {}
    for _, predicate in predicates(record):
        place = predicate["entity"]["start"], predicate["entity"]["end"]
        negated[place] = negated.get(place, True) and (predicate["negated"] or predicate["effect"] == "allow")
    for entity in record["entities"]:
        if entity["negated"] != negated.get((entity["start"], entity["end"]), False):
            yield Problem(key, "entities", f"{entity['text']!r} and its predicates disagree about negation")


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
