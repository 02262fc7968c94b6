"""The predicates of a source: ``@p`` lines, and ``@i`` lines for what a condition states.

The language is described in :mod:`eligex_corpus.compiler`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from eligex.schema import DOMAIN_LABELS, Effect, Modifier, ModifierType, Predicate, PredicateEntity, Window
from eligex_corpus.errors import SourceError
from eligex_corpus.layout import Statement
from eligex_corpus.markup import Mark
from eligex_corpus.segments import Layout, Part
from eligex_corpus.statements import ValueStatement, WindowStatement, alternative, read_value, read_window

_BY_LABEL: dict[str, ModifierType] = {
    "Qualifier": "qualifier",
    "Negation": "negation",
    "Multiplier": "multiplier",
    "Mood": "mood",
    "Reference_point": "reference",
    "Value": "value",
}
_QUOTED = re.compile(r'"(?P<words>[^"]+)"(?:#(?P<nth>\d+))?')
_EFFECTS: dict[str, Effect] = {effect: effect for effect in get_args(Effect)}
_OWN_ALONE = (*_EFFECTS, "exc", "if")
"""What only a criterion's own predicates can have, not those that a condition states."""


@dataclass(slots=True)
class Said:
    """What the statements of a criterion describe: values, windows and conditions, and which were used."""

    values: dict[str, ValueStatement] = field(default_factory=dict)
    windows: dict[str, WindowStatement] = field(default_factory=dict)
    conditions: dict[tuple[int, int], list[Predicate]] = field(default_factory=dict)
    described: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)


def label_of(mark: Mark) -> Any:
    """Return the label of a mark as the schema's type."""
    return mark.label


class Builder:
    """Makes the predicates of each criterion of a source."""

    def __init__(self, layout: Layout, names: dict[str, str]) -> None:
        self.layout, self.names = layout, names
        self.said = {part.id: _described(part) for part in layout.parts}
        for part in layout.parts:
            for statement in part.block.statements:
                if statement.name == "i":
                    self._condition(statement, part)

    def predicates(self, part: Part) -> list[Predicate]:
        """Return the predicates of a criterion, numbered."""
        made: list[Predicate] = []
        for statement in part.block.statements:
            if statement.name == "p":
                made.extend(self._read(statement, part, statement.tokens, f"{part.id}.", len(made)))
        return made

    def _condition(self, statement: Statement, part: Part) -> None:
        """Keep what a condition states until a predicate has that condition."""
        if len(statement.tokens) < 2:
            raise SourceError("write @i CONDITION ENTITY", where=statement.where)
        condition, *tokens = statement.tokens
        for token in tokens:
            if token.partition(":")[0] in _OWN_ALONE:
                raise SourceError(f"{token} in a condition", where=statement.where)
        start, end, _ = Reader(statement, part, self.layout).span(condition)
        said = self.said[part.id]
        stated = said.conditions.setdefault((start, end), [])
        for predicate in self._read(statement, part, tokens, "?", len(stated)):
            stated.append(replace(predicate, effect=None))
        said.described.add(self.layout.text[start:end])

    def _read(
        self, statement: Statement, part: Part, tokens: list[str], prefix: str, before: int
    ) -> list[Predicate]:
        if not tokens:
            raise SourceError("@p without an entity", where=statement.where)
        reader = Reader(statement, part, self.layout)
        made = []
        for number, key in enumerate(tokens[0].split(","), start=before + 1):
            negated = key.startswith("-")
            start, end, mark = reader.span(key.removeprefix("-"))
            if mark is None or mark.label not in DOMAIN_LABELS:
                raise SourceError(f"{key} cannot carry a predicate", where=statement.where)
            words = self.layout.text[start:end]
            entity = PredicateEntity(words, start, end, label_of(mark), _long_name(words, self.names))
            effect: Effect = "exclude" if (part.type == "exclusion") != negated else "require"
            predicate = Predicate(f"{prefix}{number}", entity, negated=negated, effect=effect)
            for token in tokens[1:]:
                predicate = self._add(predicate, token, reader)
            if negated != any(m.type == "negation" for m in predicate.modifiers):
                raise SourceError(f"{key}: a negation and its cue go together", where=statement.where)
            made.append(_in_order(predicate))
        return made

    def _add(self, predicate: Predicate, token: str, reader: Reader) -> Predicate:
        if token in _EFFECTS:
            return replace(predicate, effect=_EFFECTS[token])
        name, colon, reference = token.partition(":")
        if not colon or name not in ("if", "exc", *get_args(ModifierType)):
            return self._add_mark(predicate, token, reader)
        if name == "exc":
            criterion = predicate.id.rpartition(".")[0]
            return replace(predicate, exceptions=tuple(f"{criterion}.{n}" for n in reference.split(",")))
        start, end, _ = reader.span(reference)
        if name == "if":
            return self._conditional(predicate, start, end, reader.owner(reference)[0])
        return _modified(predicate, reader.text, start, end, name)

    def _conditional(self, predicate: Predicate, start: int, end: int, owner: Part) -> Predicate:
        said = self.said[owner.id]
        said.used.add(self.layout.text[start:end])
        stated = said.conditions.get((start, end), [])
        return replace(
            predicate,
            condition=self.layout.text[start:end],
            condition_start=start,
            condition_end=end,
            condition_predicates=tuple(replace(each, id=f"{predicate.id}{each.id}") for each in stated),
        )

    def _add_mark(self, predicate: Predicate, token: str, reader: Reader) -> Predicate:
        start, end, mark = reader.span(token)
        owner, key = reader.owner(token)
        said = self.said[owner.id]
        if mark is None:
            raise SourceError(f"say what {token} is (TYPE:…)", where=reader.where)
        said.used.add(key)
        if key in said.values:
            if predicate.value_text is not None:
                raise SourceError("a second value", where=reader.where)
            return _valued(predicate, said.values[key], start, end, reader)
        if key in said.windows:
            window = _window(said.windows[key], start, end, reader, owner)
            return replace(predicate, windows=(*predicate.windows, window))
        if mark.label not in _BY_LABEL:
            raise SourceError(f"say what {token} is (TYPE:{token}), or describe it", where=reader.where)
        return _modified(predicate, reader.text, start, end, _BY_LABEL[mark.label])


class Reader:
    """Looks keys and quoted words up for one line."""

    def __init__(self, statement: Statement, part: Part, layout: Layout) -> None:
        self.where, self.part, self.text = statement.where, part, layout.text

    def owner(self, reference: str) -> tuple[Part, str]:
        """Return the criterion that a reference looks into, and the reference without its ``^``."""
        part, rest = self.part, reference
        while rest.startswith("^"):
            if part.parent is None:
                raise SourceError(f"{reference}: there is no parent", where=self.where)
            part, rest = part.parent, rest[1:]
        return part, rest

    def span(self, reference: str) -> tuple[int, int, Mark | None]:
        """Return where the words of a reference are, and the mark if it names one."""
        part, rest = self.owner(reference)
        match = _QUOTED.fullmatch(rest)
        if match is None:
            mark = part.marks.get(rest.partition("/")[0])
            if mark is None:
                raise SourceError(f"no mark has the key {rest}", where=self.where)
            return mark.start, mark.end, mark
        return (*find(self.text, part, match["words"], match["nth"], self.where), None)


def find(text: str, part: Part, words: str, nth: str | None, where: str) -> tuple[int, int]:
    """Return the span of ``words`` in the criterion; ``nth`` is needed where they occur more than once."""
    starts = [m.start() for m in re.finditer(f"(?={re.escape(words)})", text[part.start : part.end])]
    if not starts or (nth is None and len(starts) > 1) or (nth is not None and int(nth) > len(starts)):
        raise SourceError(f"{words!r} occurs {len(starts)} times in {part.id}", where=where)
    start = part.start + starts[int(nth or 1) - 1]
    return start, start + len(words)


def _described(part: Part) -> Said:
    said = Said()
    for statement in part.block.statements:
        if statement.name == "v":
            key, value = read_value(statement)
            said.values[key] = value
        elif statement.name == "t":
            key, window = read_window(statement)
            said.windows[key] = window
        else:
            continue
        if key.partition("/")[0] not in part.marks:
            raise SourceError(f"no mark has the key {key}", where=statement.where)
        said.described.add(key)
    return said


def _in_order(predicate: Predicate) -> Predicate:
    """Put modifiers and windows in the order of the text, windows with a length first; the first window is
    ``temporal``.
    """
    windows = tuple(sorted(predicate.windows, key=lambda w: (w.low is None and w.high is None, w.start)))
    return replace(
        predicate,
        modifiers=tuple(sorted(predicate.modifiers, key=lambda modifier: modifier.start)),
        temporal=windows[0] if windows else None,
        windows=windows if len(windows) > 1 else (),
    )


def _long_name(words: str, names: dict[str, str]) -> str | None:
    for short, long in names.items():
        before, bracket, after = words.partition(f"({short})")
        if words == short or (bracket and " ".join(before.split()).lower() == long.lower()):
            return long + after
    return None


def _modified(predicate: Predicate, text: str, start: int, end: int, kind: Any) -> Predicate:
    modifier = Modifier(text[start:end], start, end, kind)
    return replace(predicate, modifiers=(*predicate.modifiers, modifier))


def _valued(predicate: Predicate, value: ValueStatement, start: int, end: int, reader: Reader) -> Predicate:
    whole = reader.text[reader.part.start : reader.part.end]
    if value.unit_text is not None and value.unit_text not in whole:
        raise SourceError(f"the unit {value.unit_text!r} is not in {reader.part.id}", where=reader.where)
    alternatives = tuple(
        alternative(threshold, unit, reader.span(quoted)[:2])
        for threshold, unit, quoted in value.alternatives
    )
    return replace(
        predicate,
        **value.fields,
        unit_text=value.unit_text,
        alternatives=alternatives,
        value_text=reader.text[start:end],
        value_start=start,
        value_end=end,
    )


def _window(said: WindowStatement, start: int, end: int, reader: Reader, owner: Part) -> Window:
    anchor = None
    if said.anchor is not None:
        match = _QUOTED.fullmatch(said.anchor)
        if match is None:
            raise SourceError(f"quote the anchor {said.anchor}", where=reader.where)
        anchor = match["words"]
        if anchor not in reader.text[owner.start : owner.end]:
            raise SourceError(f"the anchor {anchor!r} is not in {owner.id}", where=reader.where)
    return Window(
        reader.text[start:end],
        start,
        end,
        said.direction,
        said.low,
        said.high,
        anchor,
        said.strict,
        said.alternatives,
        said.whichever,
    )
