"""Read a folder of brat that ``eligex convert --to brat`` has written and people have corrected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from eligex.corrections.corrected import Corrected, Problems
from eligex.errors import InputError
from eligex.exports.brat import NEGATED, NOTE, RESULTS, as_stored, fragments
from eligex.exports.common import shown
from eligex.exports.graph import Graph, Node, graph
from eligex.exports.names import Names
from eligex.results.read import read as read_results
from eligex.schema import TrialCriteria

_SPAN = re.compile(r"(?P<label>\S{1,200}) (?P<where>\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9}){0,999})")
_ARROW = re.compile(r"(?P<name>\S{1,200}) Arg1:(?P<head>T\d{1,9}) Arg2:(?P<tail>T\d{1,9})\s{0,9}")
_NOTE = re.compile(r"(?P<key>\S{1,200}) (?P<note>\{.*)")


def read(path: Path, problems: Problems, notify: Callable[[str], None]) -> Iterator[Corrected]:
    """Yield each document of the folder; what is wrong goes to ``problems``."""
    if not path.is_dir() or not (path / RESULTS).is_file():
        raise InputError(
            f"no folder of brat with the {RESULTS} that was exported",
            where=str(path),
            remedy=f"Give the folder that `eligex convert --to brat` has written, with its {RESULTS}.",
        )
    names = Names()
    for result in read_results(path / RESULTS):
        stem = names.stem(result.trial_id)
        files = path / f"{stem}.txt", path / f"{stem}.ann"
        if not any(file.exists() for file in files):
            notify(f"{result.trial_id}: {stem}.ann is no longer there; the trial is left out")
            continue
        where = str(files[1])
        if not all(file.exists() for file in files):
            problems.add(where, f"{stem}.txt or {stem}.ann is gone")
        elif files[0].read_bytes() != as_stored(result.text or "").encode():
            problems.add(str(files[0]), "its text has changed, so the offsets count in another text")
        else:
            found = _parse(files[1], result, problems)
            _restore_edges(found, result)
            yield Corrected(result, found, where)


def _restore_edges(found: Graph, result: TrialCriteria) -> None:
    """Give spans that begin or end with blanks, which brat cannot have, their blanks again.

    Two spans may differ in nothing but their blanks: brat shows both at one place, and the id or else the
    label says which is which.
    """
    shown_at: dict[tuple[int, int], list[Node]] = {}
    for node in graph(result).nodes.values():
        pieces = list(fragments(shown(result.text or ""), *node.span))
        if pieces:
            shown_at.setdefault((pieces[0][0], pieces[-1][1]), []).append(node)
    for node in found.nodes.values():
        candidates = shown_at.get(node.span, [])
        if candidates:
            own = min(candidates, key=lambda each: (each.id != node.id, each.label != node.label))
            node.start, node.end = own.span
            if len(candidates) > 1:
                candidates.remove(own)


def _parse(file: Path, result: TrialCriteria, problems: Problems) -> Graph:
    found, where = Graph(), str(file)
    try:
        lines = file.read_text("utf-8").split("\n")
    except UnicodeDecodeError as error:
        problems.add(where, f"not UTF-8: {error.reason} at byte {error.start}")
        return found
    later = []
    for number, line in enumerate(lines, start=1):
        if line.startswith("T"):
            problem = _span(found, line.split("\t"), len(result.text or ""))
            if problem:
                problems.add(f"{where}, line {number}", problem)
        elif line.strip():
            later.append((number, line))
    for number, line in later:  # a line may refer to one below it
        problem = _rest(found, line.split("\t"))
        if problem:
            problems.add(f"{where}, line {number}", problem)
    return found


def _span(found: Graph, columns: list[str], size: int) -> str | None:
    match = _SPAN.fullmatch(columns[1]) if len(columns) > 1 else None
    if match is None:
        return "not a span of brat"
    offsets = [int(each) for pair in match["where"].split(";") for each in pair.split()]
    start, end = min(offsets), max(offsets)
    if not start < end <= size:
        return f"{start} to {end} is no place in the text"
    found.nodes[columns[0]] = Node(columns[0], start, end, match["label"])
    return None


def _rest(found: Graph, columns: list[str]) -> str | None:
    key, body = columns[0], columns[1] if len(columns) > 1 else ""
    if key.startswith("R"):
        match = _ARROW.fullmatch(body)
        if match is None or not {match["head"], match["tail"]} <= found.nodes.keys():
            return "not a relation between spans that are here"
        found.arrows[match["name"], match["head"], match["tail"]] = None
        return None
    name, _, target = body.partition(" ")
    if key.startswith("A") and name == NEGATED and target.strip() in found.nodes:
        found.nodes[target.strip()].negated = True
        return None
    if key.startswith("#"):
        match = _NOTE.fullmatch(columns[2]) if len(columns) > 2 else None
        if name == NOTE and match and target in found.nodes:
            found.nodes[target].notes[match["key"]] = match["note"]
        return None  # any other note is people's own
    return f"{key} is no annotation that eligex reads"
