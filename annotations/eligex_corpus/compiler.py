"""From an annotation source to the contract's object, strictly.

``@p ENTITY … `` makes one predicate for each entity key before the first other word (``@p C1,C2,-C3 T1``);
``-`` in front of a key says that it is negated.  The words after it are keys of marks: a value or multiplier
with an ``@v`` line is the value, a temporal mark with a ``@t`` line a window, any other mark a modifier of
its label's type; ``TYPE:KEY`` or ``TYPE:"words"`` gives another type of modifier (``historical:T1``,
``family:O1``, ``planned:U1``), ``if:…`` is the condition.  ``^`` in front of a key looks it up in the parent;
``V1/2`` is a second meaning of the mark V1 (the diastolic limit in "140/90 mmHg").
``allow`` marks what an exception exempts or what is permitted; ``exc:2,3`` lists the exempting predicates by
their number.  ``require`` and ``exclude`` give the effect where the words alone would give the other one:
"Must not have gout" among exclusions is ``@p -C1 N1 exclude``.

``@i CONDITION ENTITY …`` is what a condition states, written like ``@p``; CONDITION is the reference that
``if:`` has (``@i C1 C1``, ``@i "women under 55 years" P1 V1``).  Every predicate with that condition has it.

``@l`` is the logic over the numbers of the predicates and ``kids``: ``and``, ``or(1,and(2,3),kids)``,
``min2(kids)``, ``not(…)``; ``when(2,1)`` is predicate 2 where its condition holds, else 1.  It may be left
out for a single predicate without children, and for none.
"""

from __future__ import annotations

from eligex.schema import Criterion, Entity, Source, TrialCriteria
from eligex_corpus.errors import SourceError
from eligex_corpus.expressions import logic_of
from eligex_corpus.layout import SourceFile
from eligex_corpus.predicates import Builder, Said, label_of
from eligex_corpus.segments import Layout, Part, lay_out


def compile_source(source: SourceFile) -> TrialCriteria:
    """Compile one source file.

    Raises
    ------
    SourceError
        With file and line, for anything that does not fit.
    """
    layout = lay_out(source)
    _verify_abbreviations(source, layout.text)
    builder = Builder(layout, source.abbreviations)
    criteria = [_criterion(part, builder) for part in layout.parts]
    for part in layout.parts:
        _verify_use(part, builder.said[part.id])
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
        exempted = {name for owned in criterion.predicates for name in owned.exceptions}
        for owned in criterion.predicates:
            for predicate in (owned, *owned.condition_predicates):
                place = predicate.entity.start, predicate.entity.end
                said = predicate.negated or predicate.id in exempted
                negated[place] = negated.get(place, True) and said
    marks = [mark for part in layout.parts for mark in part.marks.values() if not mark.nested]
    return [
        Entity(
            m.start, m.end, layout.text[m.start : m.end], label_of(m), negated.get((m.start, m.end), False)
        )
        for m in sorted(marks, key=lambda m: m.start)
    ]


def _criterion(part: Part, builder: Builder) -> Criterion:
    predicates = builder.predicates(part)
    if predicates != sorted(predicates, key=lambda p: p.entity.start):
        raise SourceError("the predicates are not in the order of the text", where=part.block.opener.where)
    return Criterion(
        part.id,
        part.type,
        builder.layout.text[part.start : part.end],
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


def _verify_use(part: Part, said: Said) -> None:
    """What was described has to be used, by the criterion or one below it."""
    unused = sorted(said.described - said.used)
    if unused:
        raise SourceError(f"described but not used: {', '.join(unused)}", where=part.block.opener.where)
