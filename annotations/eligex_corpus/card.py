"""The counts in the corpus card, generated from the records so that the two cannot disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from eligex_corpus.phenomena import PHENOMENA, Tags, count_phenomena
from eligex_corpus.problems import Record
from eligex_corpus.readers import compare, table
from eligex_corpus.tools import statistics

BEGIN = "<!-- counts: written by `python -m eligex_corpus compile` -->"
END = "<!-- end of counts -->"


def card_counts(
    records: Sequence[Record],
    splits: Mapping[str, Sequence[str]],
    about: Mapping[str, Record],
    tags: Tags,
    second: Sequence[Record],
) -> str:
    """Return the part of the card between its two markers."""
    lines = [*_lines(records, splits), *_tagged(splits, tags), *_agreement(records, second)]
    return "\n".join([BEGIN, "", *lines, *_documents(records, splits, about), END])


def _tagged(splits: Mapping[str, Sequence[str]], tags: Tags) -> Iterator[str]:
    """Yield the table of the phenomena that are tagged, in criteria."""
    columns = {name: count_phenomena(tags, keys) for name, keys in splits.items()}
    columns["all"] = count_phenomena(tags, tags)
    yield "| Tagged criteria | what | " + " | ".join(columns) + " |"
    yield "|---|---" + "|--:" * len(columns) + "|"
    for name, meaning in PHENOMENA.items():
        yield f"| {name} | {meaning} | " + " | ".join(str(c[name]) for c in columns.values()) + " |"
    yield ""


def _agreement(records: Sequence[Record], second: Sequence[Record]) -> Iterator[str]:
    """Yield what two readers agree on, if there are two."""
    if not second:
        return
    criteria = sum(len(record["criteria"]) for record in second)
    yield f"Read twice: {len(second)} documents, {criteria} criteria."
    yield from ("", *table(compare(records, second)), "")


def _lines(records: Sequence[Record], splits: Mapping[str, Sequence[str]]) -> Iterator[str]:
    parts = {name: [r for r in records if r["trial_id"] in keys] for name, keys in splits.items()}
    counts = {name: statistics(part) for name, part in parts.items()}
    counts["all"] = statistics(records)
    for kind, title in (("size", "Size"), ("entities", "Entities"), ("phenomena", "Phenomena")):
        yield from _table(title, {name: found[kind] for name, found in counts.items()})
    for kind, title in (
        ("comparators", "Comparators"),
        ("windows", "Directions of windows"),
        ("modifiers", "Modifiers"),
    ):
        shown = ", ".join(f"{name} {count}" for name, count in counts["all"][kind].most_common())
        yield from (f"{title}: {shown}.", "")
    yield from (f"Different units: {len(set(counts['all']['units']) - {'(none)'})}.", "")


def _documents(
    records: Sequence[Record], splits: Mapping[str, Sequence[str]], about: Mapping[str, Record]
) -> Iterator[str]:
    yield from ("| id | split | criteria | area | dialect |", "|---|---|--:|---|---|")
    places = {key: name for name, keys in splits.items() for key in keys}
    for record in records:
        key = record["trial_id"]
        one = about[key]
        yield f"| {key} | {places[key]} | {len(record['criteria'])} | {one['area']} | {one['dialect']} |"
    yield ""


def _table(title: str, columns: Mapping[str, Counter[str]]) -> Iterator[str]:
    yield f"| {title} | " + " | ".join(columns) + " |"
    yield "|---" + "|--:" * len(columns) + "|"
    for what, count in columns["all"].most_common():
        if count:
            yield f"| {what} | " + " | ".join(str(column[what]) for column in columns.values()) + " |"
    yield ""


def replace_counts(card: str, counts: str) -> str:
    """Put ``counts`` in the place of the counts in ``card``.

    Raises
    ------
    ValueError
        If the card has not both markers.
    """
    before, begin, rest = card.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the card has no place for the counts")
    return before + counts + after
