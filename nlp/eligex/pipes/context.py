"""Pipe: entities that are negated, excepted, past, planned, of the family → ``doc._.eligex_context``.

Also sets medspaCy's attributes of entities, such as ``ent._.is_negated``.

Runs medspaCy's ConText (its rules, modifiers and graph) over the domain entities with eligex's rules, in one
small graph for each sentence, because ConText compares every cue of a document with every other.  The clauses
of :mod:`eligex.clauses.find` enter the graphs as modifiers whose scope is the clause's content.  No medspaCy
object stays on the Doc: edges and clauses are written as plain dicts.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import accumulate, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span

from eligex.clauses.find import Clause, find_clauses
from eligex.language.regions import Regions
from eligex.lexicon.context_rules import ContextRule, context_words
from eligex.pipes.base import Component
from eligex.pipes.cue_targets import Between, Tokens, borne_on
from eligex.pipes.doc import SPAN_ATTRIBUTES, sentence_bounds, text_of
from eligex.schema import DOMAIN_LABELS
from eligex.spans import move, plain

with warnings.catch_warnings():  # medspaCy silences all warnings of the process on import
    from medspacy.common.util import prune_overlapping_matches
    from medspacy.context import ConTextGraph, ConTextModifier, ConTextRule

ASSIGNED = tuple(f"span._.{name}" for name in dict.fromkeys(SPAN_ATTRIBUTES.values()))
_TARGETS = frozenset(DOMAIN_LABELS)
_LONGEST = 1000  # most tokens that are read together; ConText compares all cues and entities in them
_DENIES = frozenset({"refusal", "inability"})
_SCOPED_AS = {"uncertain": "hypothetical"}
"""Categories whose cues end the scope of each other, as those of one category do."""
_ENDED_BY_CLAUSES = {"EXCEPTION", "CONDITION"}

Edge = dict[str, Any]
Match = tuple[Any, int, int]


class ContextReader(Component[tuple[list[Edge], list[Clause]]]):
    """Runs ConText with the rules of ``lexicon/data/context_rules.toml`` and those of a user's file."""

    def __init__(
        self,
        nlp: Language,
        name: str = "eligex_context",
        *,
        rules: str | None = None,
        inability_negates: bool = True,
        numbers_only: bool = False,
    ) -> None:
        super().__init__(name)
        self.inability_negates, self.numbers_only = inability_negates, numbers_only
        words = context_words() if rules is None else context_words().extended(context_words(Path(rules)))
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._rules: dict[int, Any] = {}
        for number, rule in enumerate(words.rules):
            key = f"{rule.category}_{number}"
            self._matcher.add(key, [nlp.tokenizer(rule.phrase)])
            self._rules[nlp.vocab.strings[key]] = _rule(rule)
        self._clause_rules = {
            kind: ConTextRule(kind, kind, direction="FORWARD")
            for kind in ("condition", "exception", "permission")
        }
        self._ends = ConTextRule("end", "TERMINATE", direction="TERMINATE")
        self._between = Between(words)

    def find(self, doc: Doc) -> tuple[list[Edge], list[Clause]]:
        """Return the edges from entities to cues, and the clauses, with offsets into ``doc.text``."""
        text = text_of(doc)
        bounds, tokens = _sentences(doc), Tokens(doc)
        targets = _targets(doc, bounds)
        criteria = (doc._.eligex_segments or {}).get("criteria", ())
        matches = self._matches(doc, tokens, bounds, targets, {each["start"] for each in criteria})
        inclusion = _Stretches((c["start"], c["end"]) for c in criteria if c["type"] == "inclusion")
        openings = _openings(text, criteria)
        numbers = _Stretches((each["start"], each["end"]) for each in _numbered(doc))
        edges: list[Edge] = []
        clauses: list[Clause] = []
        for index, (first, last) in enumerate(bounds):
            start, end = tokens.starts[first], tokens.starts[last]
            if self.numbers_only and not numbers.meet(start, end):
                continue
            found = _clauses(text, start, end, openings)
            clauses.extend(found)
            if index in targets and (found or index in matches):
                modifiers = list(self._modifiers(doc, (first, last), matches.get(index, []), found))
                regions = Regions(text, start, end)
                included = inclusion.meet(start, tokens.starts[last - 1])
                edges.extend(
                    self._edges(tokens, regions, targets[index], modifiers, refusal_negates=included)
                )
        return edges, clauses

    def set_annotations(self, doc: Doc, found: tuple[list[Edge], list[Clause]]) -> None:
        """Write edges and clauses as plain dicts, and what the cues say of each entity."""
        doc._.eligex_context = found[0]
        doc._.eligex_clauses = plain(found[1])
        said = {(*edge["entity"], SPAN_ATTRIBUTES.get(edge["category"])) for edge in found[0]}
        for start, end, name in said:
            entity = doc.char_span(start, end) if name else None
            if entity is not None:
                entity._.set(name, True)

    def _matches(
        self,
        doc: Doc,
        tokens: Tokens,
        bounds: list[tuple[int, int]],
        targets: Mapping[int, Sequence[Span]],
        begun: Set[int],
    ) -> dict[int, list[Match]]:
        """Return the cues of every sentence.

        A cue that an entity cuts gives way to a shorter one: "failure to" in "failure to [comply]"; but what
        is no cue there leaves none in it: "absence [seizures]".  So does one in which a criterion begins, as
        at a dash for a bullet: "- [free] of gout", not "[- free]".
        """
        taken = {place for own in targets.values() for each in own for place in range(each.start, each.end)}
        starts = [start for start, _ in bounds]
        windows = _Stretches((w["start"], w["end"]) for w in doc._.eligex_windows or ())
        found: dict[int, list[Match]] = {}
        whole = [
            match
            for match in self._matcher(doc)
            if (taken.isdisjoint(range(match[1], match[2])) or self._rules[match[0]].direction == "PSEUDO")
            and begun.isdisjoint(tokens.starts[match[1] + 1 : match[2]])
        ]
        for match in prune_overlapping_matches(whole):
            start = tokens.starts[match[1]]
            if self._rules[match[0]].category == "HISTORICAL" and windows.meet(start, start):
                continue  # "past" in "in the past year" is part of a window, not a cue of history
            found.setdefault(bisect_right(starts, match[1]) - 1, []).append(match)
        return found

    def _modifiers(
        self,
        doc: Doc,
        sentence: tuple[int, int],
        matches: list[tuple[Any, int, int]],
        clauses: list[Clause],
    ) -> Iterator[Any]:
        contents = [
            (clause, doc.char_span(clause.content_start, clause.content_end, alignment_mode="expand"))
            for clause in clauses
        ]
        cases = [span for clause, span in contents if span is not None and clause.type == "condition"]
        for match_id, start, end in matches:
            rule = self._rules[match_id]
            if end <= sentence[1]:
                low, high = _scope(rule, start, end, sentence)
                if rule.category == "MOOD" and end - start > 1:  # "not planned, [and willing]"
                    yield ConTextModifier(self._ends, start, end, doc, *sentence)
                    start += doc[start].lower_ == "and"
                # "if surgery was [not] done, chemotherapy": what a case denies, is denied in the case
                high = min([high, *(case.end for case in cases if case.start <= start and end <= case.end)])
                yield ConTextModifier(rule, start, end, doc, low, high)
        for clause, content in contents:
            cue = doc.char_span(clause.cue_start, clause.cue_end, alignment_mode="expand")
            if cue is not None and content is not None:
                rule = self._clause_rules["permission" if clause.permits else clause.type]
                yield ConTextModifier(rule, cue.start, cue.end, doc, content.start, content.end)

    def _edges(
        self,
        tokens: Tokens,
        regions: Regions,
        targets: list[Span],
        modifiers: list[Any],
        *,
        refusal_negates: bool,
    ) -> Iterator[Edge]:
        graph = ConTextGraph(targets=targets, modifiers=modifiers)
        graph.update_scopes()
        graph.apply_modifiers()
        for modifier in graph.modifiers:
            category = (modifier.rule.metadata or {}).get("category") or modifier.category.lower()
            if category in _DENIES:
                if not (refusal_negates if category == "refusal" else self.inability_negates):
                    continue
                category = "negation"
            first, last = modifier.modifier_span
            in_scope = sorted(modifier._targets, key=lambda target: target.start)
            if modifier.category != "CONDITION":
                in_scope = list(borne_on(tokens, regions, (first, last), in_scope, self._between))
            cue = [tokens.starts[first], tokens.ends[last - 1]]
            for entity in in_scope:
                yield {
                    "entity": [entity.start_char, entity.end_char],
                    "category": category,
                    "cue": cue.copy(),
                    "cue_text": tokens.text(first, last),
                }


@Language.factory(
    "eligex_context",
    requires=["doc.ents", "token.is_sent_start", "doc._.eligex_segments", "doc._.eligex_windows"],
    assigns=["doc._.eligex_context", "doc._.eligex_clauses", *ASSIGNED],
    default_config={"rules": None, "inability_negates": True, "numbers_only": False},
)
def make_context(
    nlp: Language, name: str, *, rules: str | None, inability_negates: bool, numbers_only: bool
) -> ContextReader:
    """Create the pipe.

    Parameters
    ----------
    rules
        Path of a TOML file with more rules, in the format of ``lexicon/data/context_rules.toml``.
    inability_negates
        Whether what somebody cannot or will not do is negated ("unable to undergo MRI").
    numbers_only
        Whether a sentence without a limit or window is left out.
    """
    return ContextReader(
        nlp, name, rules=rules, inability_negates=inability_negates, numbers_only=numbers_only
    )


def _rule(rule: ContextRule) -> Any:
    return ConTextRule(
        rule.phrase,
        _SCOPED_AS.get(rule.category, rule.category),
        metadata={"category": rule.category},
        direction=rule.direction,
        max_scope=rule.max_scope,
        max_targets=rule.max_targets,
        allowed_types=rule.allowed,
        terminated_by=_ENDED_BY_CLAUSES,
    )


def _scope(rule: Any, start: int, end: int, sentence: tuple[int, int]) -> tuple[int, int]:
    """Return the scope of a modifier as ConText defines it, without another search for the sentence."""
    low, high = sentence
    if rule.direction == "FORWARD":
        low = end
    elif rule.direction == "BACKWARD":
        high = start
    if rule.max_scope is not None:
        low, high = max(low, start - rule.max_scope), min(high, end + rule.max_scope)
    return low, high


def _numbered(doc: Doc) -> Iterator[Mapping[str, Any]]:
    """Yield the limits and windows of a Doc."""
    yield from doc._.eligex_quantities or ()
    yield from doc._.eligex_windows or ()


def _sentences(doc: Doc) -> list[tuple[int, int]]:
    return [
        (start, min(start + _LONGEST, last))
        for first, last in pairwise(sentence_bounds(doc))
        for start in range(first, last, _LONGEST)
    ]


def _targets(doc: Doc, bounds: list[tuple[int, int]]) -> dict[int, list[Span]]:
    """Return, for every sentence, the entities, and what conditions name, to which a cue may apply."""
    starts = [start for start, _ in bounds]
    found: dict[int, list[Span]] = {}
    named = [doc.char_span(start, end, label=label) for start, end, label in doc._.eligex_named or ()]
    entities = list(doc.ents)  # in text order
    if named:
        entities = sorted([*entities, *(each for each in named if each is not None)])
    for entity in entities:
        if entity.label_ in _TARGETS:
            found.setdefault(bisect_right(starts, entity.start) - 1, []).append(entity)
    return found


def _openings(text: str, criteria: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return where criteria begin that are no sentence in the middle of a paragraph."""
    found: list[int] = []
    last = 0
    for criterion in sorted(criteria, key=itemgetter("start")):
        between = text[last : criterion["start"]]
        if not found or between.strip() or not between.isspace() or "\n" in between:
            found.append(criterion["start"])
        last = criterion["end"]
    return found


def _clauses(text: str, offset: int, end: int, openings: list[int]) -> list[Clause]:
    """Return the clauses of the sentence at ``offset``–``end``."""
    leading = not openings or bisect_left(openings, offset) < bisect_left(openings, end)
    found = find_clauses(text[offset:end].rstrip(), leading=leading)
    return [move(clause, lambda start, stop: (start + offset, stop + offset)) for clause in found]


class _Stretches:
    """Spans of text, given in any order; queries take O(log n)."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._ends = list(accumulate((end for _, end in ordered), max))

    def meet(self, start: int, end: int) -> bool:
        """Whether one of the spans overlaps ``start``–``end``."""
        before = bisect_right(self._starts, end)
        return before > 0 and self._ends[before - 1] > start
