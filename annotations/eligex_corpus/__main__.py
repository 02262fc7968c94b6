"""``python -m eligex_corpus check|show|stats|compile``; check and compile end with 1 if anything is wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eligex.errors import EligexError
from eligex_corpus.card import card_counts, replace_counts
from eligex_corpus.checks import check_folder
from eligex_corpus.documents import path, read_records, read_splits
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
    options = parser.parse_args(arguments)
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
