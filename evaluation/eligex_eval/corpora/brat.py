"""Read brat standoff annotation; decide nothing about what it means.

Offsets that disagree with the quoted text are repaired where the quoted text is within the span (a
span that runs over a line end, as in Chia), and otherwise kept and reported.  Lines that are not brat
annotation are dropped and reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from ..documents import Event, Fragment, Group, Note, Relation, SourceEntity, SourceView
from ..errors import CorpusError

_TRAILING_NUMBER = re.compile(r"\d{1,3}$")


@dataclass(slots=True)
class _Lines:
    doc_id: str
    text: str
    entities: list[SourceEntity] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    events: list[tuple[str, str, str, tuple[tuple[str, str], ...]]] = field(default_factory=list)
    attributes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def note(self, kind: str, detail: str) -> None:
        self.notes.append(Note(self.doc_id, kind, detail))


def read_text(path: Path) -> str:
    """Read a text with its line ends as they are; offsets count CRLF as two characters."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"not UTF-8 at byte {error.start}", where=str(path), remedy="Convert the file to UTF-8."
        ) from error


def parse(ann: str, text: str, doc_id: str) -> tuple[SourceView, tuple[Note, ...]]:
    """Parse the lines of one ``.ann`` file.

    >>> view, notes = parse("T1\\tDrug 0 7\\taspirin", "aspirin daily", "d")
    >>> view.entities[0].fragments, notes
    (((0, 7),), ())
    """
    lines = _Lines(doc_id, text)
    for raw in ann.split("\n"):
        line = raw.rstrip("\r")
        if line.strip():
            _parse_line(line, lines)
    known = {entity.id for entity in lines.entities} | {event[0] for event in lines.events}
    attributes = {key: tuple(values) for key, values in lines.attributes.items()}
    view = SourceView(
        entities=tuple(
            SourceEntity(e.id, e.label, e.fragments, e.text, attributes.get(e.id, ())) for e in lines.entities
        ),
        relations=tuple(r for r in lines.relations if _known(lines, known, (r.head, r.tail), r.type)),
        groups=tuple(g for g in lines.groups if _known(lines, known, g.members, g.type)),
        events=tuple(
            Event(i, t, trigger, arguments, attributes.get(i, ()))
            for i, t, trigger, arguments in lines.events
            if _known(lines, known, (trigger, *(target for _, target in arguments)), t)
        ),
    )
    return view, tuple(lines.notes)


def _known(lines: _Lines, known: set[str], ids: tuple[str, ...], kind: str) -> bool:
    missing = [key for key in ids if key not in known]
    if missing:
        lines.note("dropped: refers to an unknown annotation", f"{kind} {' '.join(missing)}")
    return not missing


def _parse_line(line: str, lines: _Lines) -> None:
    try:
        parsers = {"T": _entity, "R": _relation, "E": _event, "A": _attribute, "M": _attribute, "*": _group}
        parser = parsers.get(line[0])
        if parser is None or "\t" not in line:
            kind = "ignored: annotator note" if line[0] == "#" else "dropped: line is not an annotation"
            lines.note(kind, line[:80])
        else:
            parser(line, lines)
    except (ValueError, IndexError):
        lines.note("dropped: malformed line", line[:80])


def _entity(line: str, lines: _Lines) -> None:
    key, middle, quoted = line.split("\t", 2)
    label, spans = middle.split(" ", 1)
    pairs = (span.split() for span in spans.split(";"))
    written = tuple((int(start), int(end)) for start, end in pairs)
    fragments = tuple(sorted(written))
    repaired = _repair(fragments, quoted, lines.text)
    if repaired is None:
        lines.note("dropped: span outside the text", line[:120])
        return
    if repaired != fragments:
        lines.note("repaired: span shrunk to its quoted text", line[:120])
    if _words(_quote(lines.text, written)) != _words(quoted) != _words(_quote(lines.text, repaired)):
        lines.note("kept: quoted text differs from the text at its offsets", line[:120])
    lines.entities.append(SourceEntity(key, label, repaired, _quote(lines.text, repaired)))


def _words(text: str) -> list[str]:
    return text.split()


def _quote(text: str, fragments: tuple[Fragment, ...]) -> str:
    return " ".join(text[start:end] for start, end in fragments)


def _repair(fragments: tuple[Fragment, ...], quoted: str, text: str) -> tuple[Fragment, ...] | None:
    """Cut blanks off the fragments; shrink a single fragment to the quoted text it starts with."""
    result = []
    for start, end in fragments:
        if not 0 <= start < end <= len(text):
            return None
        inner = text[start:end]
        if len(fragments) == 1 and len(quoted.strip()) < len(inner) and inner.startswith(quoted.strip()):
            inner = quoted.strip()
        left = start + len(inner) - len(inner.lstrip())
        right = left + len(inner.strip())
        if left < right:
            result.append((left, right))
    return tuple(result) or None


def _relation(line: str, lines: _Lines) -> None:
    key, body = line.split("\t")[:2]
    kind, head, tail = body.split()
    lines.relations.append(Relation(key, kind, head.split(":", 1)[1], tail.split(":", 1)[1]))


def _group(line: str, lines: _Lines) -> None:
    kind, *members = line.split("\t")[1].split()
    lines.groups.append(Group(kind, tuple(members)))


def _event(line: str, lines: _Lines) -> None:
    key, body = line.split("\t")[:2]
    (kind, trigger), *arguments = [part.split(":", 1) for part in body.split()]
    named = tuple((_TRAILING_NUMBER.sub("", role), target) for role, target in arguments)
    lines.events.append((key, kind, trigger, named))


def _attribute(line: str, lines: _Lines) -> None:
    name, target, *value = line.split("\t")[1].split()
    lines.attributes.setdefault(target, []).append((name, value[0] if value else ""))
