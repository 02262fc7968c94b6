"""From an annotation source to the contract's object, strictly.

``@p ENTITY … `` makes one predicate for each entity key before the first other word (``@p C1,C2,-C3 T1``);
``-`` in front of a key says that it is negated.  The words behind are keys of marks: a value or multiplier
with an ``@v`` line is the value, a temporal mark with a ``@t`` line the window, any other mark a modifier of
its label's type; ``TYPE:KEY`` or ``TYPE:"words"`` gives another type of modifier (``historical:T1``,
``family:O1``, ``planned:U1``), ``if:…`` is the condition.  ``^`` in front of a key looks it up in the parent;
``V1/2`` is a second meaning of the mark V1 (the diastolic limit in "140/90 mmHg").
``allow`` marks what an exception exempts; ``exc:2,3`` lists the exempting predicates by their number.

``@l`` is the logic over the numbers of the predicates and ``kids``: ``and``, ``or(1,and(2,3),kids)``,
``min2(kids)``.  It may be left out for a single predicate without children, and for none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, get_args

from eligex.schema import (
    DOMAIN_LABELS,
    Criterion,
    Effect,
    Entity,
    Modifier,
    ModifierType,
    Predicate,
    PredicateEntity,
    Source,
    TrialCriteria,
    Window,
)
from eligex_corpus.errors import SourceError
from eligex_corpus.expressions import logic_of
from eligex_corpus.layout import SourceFile, Statement
from eligex_corpus.markup import Mark
from eligex_corpus.segments import Layout, Part, lay_out
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


@dataclass(slots=True)
class Said:
    """The values and windows that the statements of a criterion describe, by key."""

    values: dict[str, ValueStatement]
    windows: dict[str, WindowStatement]


def compile_source(source: SourceFile) -> TrialCriteria:
    """Compile one source file.

    Raises
    ------
    SourceError
        With file and line, for anything that does not fit.
    """
    layout = lay_out(source)
    _verify_abbreviations(source, layout.text)
    said = {part.id: _said(part) for part in layout.parts}
    criteria = [_criterion(part, layout, said, source.abbreviations) for part in layout.parts]
    entities = _entities(layout, criteria)
    return TrialCriteria(
        source.header["id"],
        Source("text", None, None, layout.start, layout.end),
        tuple(layout.headings),
        tuple(entities),
        tuple(criteria),
        tuple(layout.unparsed),
        text=layout.text,
    )


def _verify_abbreviations(source: SourceFile, text: str) -> None:
    """A name is only given where the text itself defines the abbreviation."""
    words = " ".join(text.split()).lower()
    for short, long in source.abbreviations.items():
        if f"{long} ({short})".lower() not in words:
            raise SourceError(f"the text does not define {short} as {long}", where=f"{source.name}:1")


def _entities(layout: Layout, criteria: list[Criterion]) -> list[Entity]:
    negated: dict[tuple[int, int], bool] = {}
    for criterion in criteria:
        for predicate in criterion.predicates:
            place = predicate.entity.start, predicate.entity.end
            said = predicate.negated or predicate.effect == "allow"
            negated[place] = negated.get(place, True) and said
    marks = [mark for part in layout.parts for mark in part.marks.values() if not mark.nested]
    return [
        Entity(m.start, m.end, layout.text[m.start : m.end], _label(m), negated.get((m.start, m.end), False))
        for m in sorted(marks, key=lambda m: m.start)
    ]


def _label(mark: Mark) -> Any:
    return mark.label


def _said(part: Part) -> Said:
    said = Said({}, {})
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
    return said


def _criterion(part: Part, layout: Layout, said: dict[str, Said], names: dict[str, str]) -> Criterion:
    predicates: list[Predicate] = []
    used: set[str] = set()
    for statement in part.block.statements:
        if statement.name == "p":
            predicates.extend(_predicates(statement, part, layout, said, len(predicates), used, names))
    _verify_use(part, said[part.id], used)
    if predicates != sorted(predicates, key=lambda p: p.entity.start):
        raise SourceError("the predicates are not in the order of the text", where=part.block.opener.where)
    return Criterion(
        part.id,
        part.type,
        layout.text[part.start : part.end],
        part.start,
        part.end,
        part.marker,
        part.marker_start,
        part.parent.id if part.parent else None,
        part.type_basis,
        part.cohort,
        tuple(predicates),
        logic_of(part, predicates),
    )


def _verify_use(part: Part, said: Said, used: set[str]) -> None:
    """What was described has to be used, here or by a child."""
    keys = {*said.values, *said.windows}
    below = " ".join(s.rest for child in _below(part) for s in child.block.statements if s.name == "p")
    unused = sorted(key for key in keys - used if f"^{key}" not in below)
    if unused:
        raise SourceError(f"described but not used: {', '.join(unused)}", where=part.block.opener.where)


def _below(part: Part) -> list[Part]:
    return [found for child in part.children for found in (child, *_below(child))]


class _Reader:
    """Looks keys and quoted words up for one ``@p`` line."""

    def __init__(self, statement: Statement, part: Part, layout: Layout) -> None:
        self.where, self.part, self.text = statement.where, part, layout.text

    def owner(self, reference: str) -> tuple[Part, str]:
        part, rest = self.part, reference
        while rest.startswith("^"):
            if part.parent is None:
                raise SourceError(f"{reference}: there is no parent", where=self.where)
            part, rest = part.parent, rest[1:]
        return part, rest

    def span(self, reference: str) -> tuple[int, int, Mark | None]:
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


def _predicates(
    statement: Statement,
    part: Part,
    layout: Layout,
    said: dict[str, Said],
    before: int,
    used: set[str],
    names: dict[str, str],
) -> list[Predicate]:
    tokens = statement.tokens
    if not tokens:
        raise SourceError("@p without an entity", where=statement.where)
    reader = _Reader(statement, part, layout)
    made = []
    for number, key in enumerate(tokens[0].split(","), start=before + 1):
        negated = key.startswith("-")
        start, end, mark = reader.span(key.removeprefix("-"))
        if mark is None or mark.label not in DOMAIN_LABELS:
            raise SourceError(f"{key} cannot carry a predicate", where=statement.where)
        words = layout.text[start:end]
        entity = PredicateEntity(words, start, end, _label(mark), _long_name(words, names))
        effect: Effect = "exclude" if (part.type == "exclusion") != negated else "require"
        predicate = Predicate(f"{part.id}.{number}", entity, negated=negated, effect=effect)
        for token in tokens[1:]:
            predicate = _add(predicate, token, reader, said, used)
        if negated != any(m.type == "negation" for m in predicate.modifiers):
            raise SourceError(f"{key}: a negation and its cue go together", where=statement.where)
        made.append(replace(predicate, modifiers=tuple(sorted(predicate.modifiers, key=lambda m: m.start))))
    return made


def _long_name(words: str, names: dict[str, str]) -> str | None:
    for short, long in names.items():
        before, bracket, after = words.partition(f"({short})")
        if words == short or (bracket and " ".join(before.split()).lower() == long.lower()):
            return long + after
    return None


def _add(
    predicate: Predicate, token: str, reader: _Reader, said: dict[str, Said], used: set[str]
) -> Predicate:
    if token == "allow":  # noqa: S105 - a word of the source, no secret
        return replace(predicate, effect="allow")
    name, colon, reference = token.partition(":")
    if not colon or name not in ("if", "exc", *get_args(ModifierType)):
        return _add_plain(predicate, token, reader, said, used)
    if name == "exc":
        criterion = predicate.id.rpartition(".")[0]
        return replace(predicate, exceptions=tuple(f"{criterion}.{n}" for n in reference.split(",")))
    start, end, _ = reader.span(reference)
    if name == "if":
        words = reader.text[start:end]
        return replace(predicate, condition=words, condition_start=start, condition_end=end)
    return _modified(predicate, reader.text, start, end, name)


def _modified(predicate: Predicate, text: str, start: int, end: int, kind: Any) -> Predicate:
    modifier = Modifier(text[start:end], start, end, kind)
    return replace(predicate, modifiers=(*predicate.modifiers, modifier))


def _add_plain(
    predicate: Predicate, token: str, reader: _Reader, said: dict[str, Said], used: set[str]
) -> Predicate:
    start, end, mark = reader.span(token)
    owner, key = reader.owner(token)
    words = said[owner.id]
    if mark is None:
        raise SourceError(f"say what {token} is (TYPE:…)", where=reader.where)
    if owner is reader.part:
        used.add(key)
    if key in words.values:
        if predicate.value_text is not None:
            raise SourceError("a second value", where=reader.where)
        return _valued(predicate, words.values[key], start, end, reader)
    if key in words.windows:
        if predicate.temporal is not None:
            return _modified(predicate, reader.text, start, end, "temporal")
        return replace(predicate, temporal=_window(words.windows[key], start, end, reader, owner))
    if mark.label not in _BY_LABEL:
        raise SourceError(f"say what {token} is (TYPE:{token}), or describe it", where=reader.where)
    return _modified(predicate, reader.text, start, end, _BY_LABEL[mark.label])


def _valued(predicate: Predicate, value: ValueStatement, start: int, end: int, reader: _Reader) -> Predicate:
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


def _window(said: WindowStatement, start: int, end: int, reader: _Reader, owner: Part) -> Window:
    text = reader.text[start:end]
    anchor = None
    if said.anchor is not None:
        match = _QUOTED.fullmatch(said.anchor)
        if match is None:
            raise SourceError(f"quote the anchor {said.anchor}", where=reader.where)
        anchor = match["words"]
        if anchor not in reader.text[owner.start : owner.end]:
            raise SourceError(f"the anchor {anchor!r} is not in {owner.id}", where=reader.where)
    return Window(
        text,
        start,
        end,
        said.direction,
        said.low,
        said.high,
        anchor,
        alternatives=said.alternatives,
        whichever=said.whichever,
    )
