"""``python -m eligex_corpus check|show|stats|compile|tag|split|blank|strip|join|agreement``; 1 if wrong."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import eligex
from eligex.errors import EligexError
from eligex.schema import Trial
from eligex_corpus.blank import blank
from eligex_corpus.card import card_counts, replace_counts
from eligex_corpus.checks import check_folder
from eligex_corpus.documents import path, read_metadata, read_records, read_second, read_splits
from eligex_corpus.phenomena import PHENOMENA, count_phenomena, merged, read_phenomena, write_phenomena
from eligex_corpus.readers import compare, table
from eligex_corpus.splits import propose
from eligex_corpus.standoff import STATUSES, agreement, read
from eligex_corpus.tools import compile_folder, show, statistics, write_folder, write_second
from eligex_corpus.whole import (
    agreement_of_whole,
    is_whole,
    join_file,
    read_whole,
    strip,
    trials_of,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = _parser().parse_args(arguments)
    return _COMMANDS[options.command](options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eligex_corpus", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="check the corpus").add_argument("folder", nargs="?", type=Path)
    commands.add_parser("show", help="print documents for reading").add_argument("ids", nargs="*")
    commands.add_parser("stats", help="count what the corpus holds")
    compiling = commands.add_parser("compile", help="write the corpus from its sources")
    compiling.add_argument("sources", type=Path)
    compiling.add_argument("--second", type=Path, help="sources of a second reader of some documents")
    tagging = commands.add_parser("tag", help="write the phenomena: what follows, and what readers tagged")
    tagging.add_argument("files", type=Path, nargs="*", help="lines of document, criterion, phenomenon")
    splitting = commands.add_parser("split", help="propose splits in which every phenomenon is balanced")
    splitting.add_argument("--write", action="store_true", help="write data/splits.json and the card")
    blanking = commands.add_parser(
        "blank", help="write sources without their annotation, for a second reader"
    )
    blanking.add_argument("sources", type=Path, nargs="+")
    blanking.add_argument("-o", "--output", type=Path, required=True, help="a folder")
    stripping = commands.add_parser("strip", help="write criteria annotated whole without their words")
    stripping.add_argument("criteria", type=Path, help="JSON lines with texts")
    stripping.add_argument("-o", "--output", type=Path, required=True)
    joining = commands.add_parser("join", help="join stand-off annotation with registry texts")
    joining.add_argument("standoff", type=Path, help="a file of annotations/standoff")
    joining.add_argument("texts", type=Path, help="a file or folder with the trials, as eligex reads them")
    joining.add_argument("-o", "--output", type=Path, required=True, help="JSON lines with texts and marks")
    agreeing = commands.add_parser(
        "agreement", help="compare two readings, of the corpus or of stand-off files"
    )
    agreeing.add_argument("first", type=Path, nargs="?", help="a stand-off file; the corpus by default")
    agreeing.add_argument("second", type=Path, nargs="?")
    return parser


def _show(ids: Sequence[str]) -> int:
    for record in read_records():
        if not ids or record["trial_id"] in ids:
            print(f"\n===== {record['trial_id']}", *show(record), sep="\n")
    return 0


def _stats() -> int:
    for name, counts in statistics(read_records()).items():
        print(f"\n{name}")
        for what, count in counts.most_common():
            print(f"  {count:5d}  {what}")
    return 0


def _check(folder: Path | None) -> int:
    problems = check_folder(folder)
    for problem in problems:
        print(problem)
    print(f"{len(read_records(folder))} documents, {len(problems)} problems")
    return 1 if problems else 0


def _join(standoff: Path, texts: Path, output: Path) -> int:
    """Write what is found and say how many criteria were; those of changed texts are named."""
    try:
        wanted = trials_of(standoff)
        found = [trial for trial in eligex.read(texts) if trial.trial_id in wanted]
        known = {t.trial_id: t.text[t.source.start : t.source.end] for t in found if isinstance(t, Trial)}
        joined, lines = join_file(standoff, known)
    except (EligexError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    output.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    counts = Counter(each.status for each in joined)
    for status, meaning in STATUSES.items():
        print(f"{counts[status]:6d}  {meaning}")
    lost = [each.criterion for each in joined if each.status == "changed"]
    if lost:
        print("changed:", ", ".join(f"{criterion.id} ({criterion.nct_id})" for criterion in lost))
    return 0


def _strip(criteria: Path, output: Path) -> int:
    items = [json.loads(line) for line in criteria.read_text("utf-8").split("\n") if line]
    lines = [json.dumps(strip(each), ensure_ascii=False, separators=(",", ":")) for each in items]
    output.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    print(f"{len(lines)} criteria in {output}")
    return 0


def _agreement(first: Path | None, second: Path | None) -> int:
    """Print how far two readings agree, as the rows of a table."""
    if first is None:
        print(*table(compare(read_records(), read_second())), sep="\n")
        return 0
    if second is None:
        print("two files are needed", file=sys.stderr)
        return 1
    try:
        if is_whole(first) != is_whole(second):
            print("one file holds criteria annotated whole, the other only marks", file=sys.stderr)
            return 1
        if is_whole(first):
            counts = agreement_of_whole(read_whole(first), read_whole(second))
        else:
            counts = agreement(read(first), read(second))
    except (EligexError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for kind, (both, mine, theirs) in counts.items():
        f1 = f"{2 * both / (mine + theirs):.3f}" if mine + theirs else "–"
        print(f"| {kind} | {both} | {mine} | {theirs} | {f1} |")
    return 0


def _tag(files: list[Path]) -> int:
    """Write the phenomena of the corpus; say which tags were left out, and why."""
    records = read_records()
    try:
        tags, problems = merged(records, files, read_phenomena())
    except (EligexError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    write_phenomena(tags, path())
    print(*problems, sep="\n", end="\n" if problems else "")
    counts = count_phenomena(tags, tags)
    print(", ".join(f"{name} {counts[name]}" for name in PHENOMENA), f"; {len(problems)} tags left out")
    return _renew_card(records)


def _split(write: bool) -> int:
    """Print, or write, splits that keep every document where it is and place the new ones."""
    records, tags = read_records(), read_phenomena()
    splits = propose(records, tags, read_splits())
    if write:
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(keys)}" for name, keys in splits.items())
        (path() / "data" / "splits.json").write_text(f"{{\n{lines}\n}}\n", "utf-8")
        _renew_card(records)
    for name, keys in splits.items():
        counts = count_phenomena(tags, keys)
        shown = ", ".join(f"{phenomenon} {counts[phenomenon]}" for phenomenon in PHENOMENA)
        print(f"{name}: {len(keys)} documents; {shown}")
    return 0


def _blank(sources: list[Path], output: Path) -> int:
    output.mkdir(parents=True, exist_ok=True)
    for source in sources:
        lines = source.read_text("utf-8").removesuffix("\n").split("\n")
        (output / source.name).write_text("\n".join(blank(lines, source.name)) + "\n", "utf-8")
    print(f"{len(sources)} files in {output}")
    return 0


def _renew_card(records: list[dict[str, Any]]) -> int:
    """Write the counts of the card; 1 if a document is in no split."""
    splits = read_splits()
    placed = {key for keys in splits.values() for key in keys}
    if missing := [record["trial_id"] for record in records if record["trial_id"] not in placed]:
        print(f"in no split: {', '.join(missing)}; run split --write", file=sys.stderr)
        return 1
    card = path() / "README.md"
    counts = card_counts(records, splits, read_metadata()["documents"], read_phenomena(), read_second())
    card.write_text(replace_counts(card.read_text("utf-8"), counts), "utf-8")
    return 0


def _compile(sources: Path, second: Path | None) -> int:
    try:
        records, about = compile_folder(sources)
        again = compile_folder(second)[0] if second else []
        compare(records, again)
    except (EligexError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if not records:
        print(f"{sources}: no EC-*.src in it", file=sys.stderr)
        return 1
    write_folder(records, about, path())
    if second:
        write_second(again, path())
    tags, problems = merged(records, [], read_phenomena())
    write_phenomena(tags, path())
    print(*problems, sep="\n", end="\n" if problems else "")
    return _renew_card(records) or _check(None)


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "agreement": lambda o: _agreement(o.first, o.second),
    "blank": lambda o: _blank(o.sources, o.output),
    "check": lambda o: _check(o.folder),
    "compile": lambda o: _compile(o.sources, o.second),
    "join": lambda o: _join(o.standoff, o.texts, o.output),
    "show": lambda o: _show(o.ids),
    "split": lambda o: _split(o.write),
    "stats": lambda _: _stats(),
    "strip": lambda o: _strip(o.criteria, o.output),
    "tag": lambda o: _tag(o.files),
}


if __name__ == "__main__":
    sys.exit(main())
