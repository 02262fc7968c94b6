"""``python -m eligex_corpus check|show|stats|compile|join|agreement``; 1 where something is wrong."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import eligex
from eligex.errors import EligexError
from eligex.schema import Trial
from eligex_corpus.card import card_counts, replace_counts
from eligex_corpus.checks import check_folder
from eligex_corpus.documents import path, read_records, read_splits
from eligex_corpus.standoff import STATUSES, agreement, join, read, write_joined
from eligex_corpus.tools import compile_folder, show, statistics, write_folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m eligex_corpus", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="check the corpus").add_argument("folder", nargs="?", type=Path)
    commands.add_parser("show", help="print documents for reading").add_argument("ids", nargs="*")
    commands.add_parser("stats", help="count what the corpus holds")
    compiling = commands.add_parser("compile", help="write the corpus from its sources")
    compiling.add_argument("sources", type=Path)
    joining = commands.add_parser("join", help="join stand-off annotation with registry texts")
    joining.add_argument("standoff", type=Path, help="a file of annotations/standoff")
    joining.add_argument("texts", type=Path, help="a file or folder with the trials, as eligex reads them")
    joining.add_argument("-o", "--output", type=Path, required=True, help="JSON lines with texts and marks")
    agreeing = commands.add_parser("agreement", help="compare two readings of the same criteria")
    agreeing.add_argument("first", type=Path)
    agreeing.add_argument("second", type=Path)
    options = parser.parse_args(arguments)
    if options.command == "agreement":
        return _agreement(options.first, options.second)
    if options.command == "join":
        return _join(options.standoff, options.texts, options.output)
    if options.command == "check":
        return _check(options.folder)
    if options.command == "compile":
        return _compile(options.sources)
    if options.command == "show":
        for record in read_records():
            if not options.ids or record["trial_id"] in options.ids:
                print(f"\n===== {record['trial_id']}", *show(record), sep="\n")
        return 0
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
        criteria = read(standoff)
        wanted = {criterion.nct_id for criterion in criteria}
        found = [trial for trial in eligex.read(texts) if trial.trial_id in wanted]
        known = {t.trial_id: t.text[t.source.start : t.source.end] for t in found if isinstance(t, Trial)}
    except (EligexError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    joined = list(join(criteria, known))
    lines = [json.dumps(write_joined(each), ensure_ascii=False) for each in joined if each.text is not None]
    output.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    counts = Counter(each.status for each in joined)
    for status, meaning in STATUSES.items():
        print(f"{counts[status]:6d}  {meaning}")
    lost = [each.criterion for each in joined if each.status == "changed"]
    if lost:
        print("changed:", ", ".join(f"{criterion.id} ({criterion.nct_id})" for criterion in lost))
    return 0


def _agreement(first: Path, second: Path) -> int:
    """Print how far two readings agree, as the rows of a table."""
    try:
        counts = agreement(read(first), read(second))
    except (EligexError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for kind, (both, mine, theirs) in counts.items():
        f1 = f"{2 * both / (mine + theirs):.3f}" if mine + theirs else "–"
        print(f"| {kind} | {both} | {mine} | {theirs} | {f1} |")
    return 0


def _compile(sources: Path) -> int:
    try:
        records, about = compile_folder(sources)
    except EligexError as error:
        print(error, file=sys.stderr)
        return 1
    if not records:
        print(f"{sources}: no EC-*.src in it", file=sys.stderr)
        return 1
    write_folder(records, about, path())
    card = path() / "README.md"
    counts = card_counts(records, read_splits(), about)
    card.write_text(replace_counts(card.read_text("utf-8"), counts), "utf-8")
    return _check(None)


if __name__ == "__main__":
    sys.exit(main())
