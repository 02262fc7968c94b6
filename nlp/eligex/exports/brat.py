"""brat standoff: for each trial a ``.txt`` with the text and a ``.ann`` with the annotations.

Entities are text-bound annotations, the parts of a predicate relations, negation an attribute; the notes say
what values and windows mean.  A span over a line break is written as one fragment a line, as brat wants it.
``results.jsonl`` beside them holds the results whole: :mod:`eligex.corrections` applies corrections to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from eligex.exports import graph as graphs
from eligex.exports.common import account, shown
from eligex.exports.loss import Ledger
from eligex.exports.names import Names
from eligex.schema import TrialCriteria
from eligex.writers.jsonl import line as contract_line

RESULTS = "results.jsonl"
"""The results that were exported, beside the files of brat."""
NOTE = "AnnotatorNotes"
NEGATED = "Negated"


def write(results: Iterable[TrialCriteria], out: Path, ledger: Ledger) -> None:
    """Write a folder that brat opens."""
    names = Names()
    (out / "annotation.conf").write_text(_configuration(), encoding="utf-8", newline="\n")
    with (out / RESULTS).open("w", encoding="utf-8", newline="\n") as stream:
        for result in results:
            stem = names.stem(result.trial_id)
            (out / f"{stem}.txt").write_bytes(as_stored(result.text or "").encode())
            annotations = as_stored(annotation(result))
            (out / f"{stem}.ann").write_text(annotations, encoding="utf-8", newline="\n")
            stream.write(contract_line(result) + "\n")
            account(ledger, result, graphs.HELD)


def as_stored(text: str) -> str:
    """Return the text that a file of brat can hold: with a question mark for a lone surrogate."""
    return shown(text).encode("utf-8", "replace").decode("utf-8")


def annotation(result: TrialCriteria) -> str:
    """Return the ``.ann`` file of a result."""
    text, graph = shown(result.text or ""), graphs.graph(result)
    lines = []
    for node in graph.nodes.values():
        pieces = list(fragments(text, node.start, node.end)) or [node.span]
        where = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(text[start:end] for start, end in pieces)
        lines.append(f"{node.id}\t{node.label} {where}\t{words}")
    for number, (name, head, tail) in enumerate(graph.arrows, start=1):
        lines.append(f"R{number}\t{name} Arg1:{head} Arg2:{tail}")
    negated = [node.id for node in graph.nodes.values() if node.negated]
    lines += [f"A{number}\t{NEGATED} {key}" for number, key in enumerate(negated, start=1)]
    notes = [f"{node.id}\t{key} {note}" for node in graph.nodes.values() for key, note in node.notes.items()]
    lines += [f"#{number}\t{NOTE} {each}" for number, each in enumerate(notes, start=1)]
    return "".join(f"{each}\n" for each in lines)


def fragments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the part of a span on each line, without the blanks at line breaks.

    >>> list(fragments("heart\\n   failure", 0, 16))
    [(0, 5), (9, 16)]
    """
    position = start
    for line in text[start:end].splitlines(keepends=True):
        solid = line.strip()
        if solid:
            first = position + line.index(solid[0])
            yield first, first + len(solid)
        position += len(line)


def _configuration() -> str:
    labels = "".join(f"{label}\n" for label in graphs.NODE_LABELS)
    arrows = "".join(f"{arrow}\tArg1:<ENTITY>, Arg2:<ENTITY>\n" for arrow in graphs.ARROWS)
    overlap = "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>\n"
    return (
        f"[entities]\n{labels}\n[relations]\n{arrows}{overlap}\n[events]\n\n"
        f"[attributes]\n{NEGATED}\tArg:<ENTITY>\n"
    )
