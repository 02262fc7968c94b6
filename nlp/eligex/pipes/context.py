"""Pipe: what is negated, excepted, conditional, past, planned or somebody else's → ``doc._.eligex_context``.

Runs medspaCy's ConText (its rules, modifiers and graph) over the domain entities with rules of our
own, one small graph a sentence, because ConText compares every cue of a document with every other.  The
clauses of :mod:`eligex.clauses.find` enter the graphs as modifiers whose scope is the clause's content.
Nothing of medspaCy stays on the Doc: edges and clauses are written as plain dicts.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import Any

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span

from eligex.clauses.find import Clause, find_clauses
from eligex.language.connectors import connector
from eligex.lexicon.context_rules import ContextRule, context_rules
from eligex.pipes.doc import register_extensions, text_of
from eligex.schema import DOMAIN_LABELS

with warnings.catch_warnings():  # medspaCy silences all warnings of the process on import
    from medspacy.common.util import prune_overlapping_matches
    from medspacy.context import ConTextGraph, ConTextModifier, ConTextRule

_TARGETS = frozenset(DOMAIN_LABELS)
_KIND = {
    "Condition": 1,
    "Observation": 1,
    "Drug": 2,
    "Procedure": 2,
    "Device": 2,
    "Measurement": 3,
    "Person": 4,
    "Visit": 5,
}
_REACH = 8  # words between a cue and its nearest entity; farther ones hang on something else
_LONGEST = 1000  # tokens of a sentence read as one; ConText compares all its cues and entities
_ADJECTIVES = 3  # "no significant, uncontrolled hypertension"
_NEW_PHRASE = re.compile(r"\b(?:with|has|have|having|is|are|who)\b", re.IGNORECASE)  # "without A, and with B"
_OWN_HEAD = re.compile(
    r"""\b(?:contraindicat\w{0,4}|allerg\w{0,3}|hypersensitivit\w{0,3}|sensitivity|intoleran\w{0,3}|respon\w{0,5}|reactions?
    |relapses?|recurrences?|progression|completion|plan|contact|interest|due|owing|caused|controlled|normali[sz]ed
    |resistan\w{0,2}|damage|injur\w{0,3})\s(?:of|for|to|with|on|by|at|in|from)\b""",
    re.VERBOSE | re.IGNORECASE,
)  # what "no response to X" negates is the response, an entity or not
_ENDED_BY_CLAUSES = {"EXCEPTION", "CONDITION"}


class ContextReader:
    """Runs ConText with the rules of ``lexicon/data/context_rules.toml``."""

    def __init__(self, nlp: Language, name: str = "eligex_context") -> None:
        self.name = name
        register_extensions()
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._rules: dict[int, Any] = {}
        for number, rule in enumerate(context_rules()):
            key = f"{rule.category}_{number}"
            self._matcher.add(key, [nlp.tokenizer(rule.phrase)])
            self._rules[nlp.vocab.strings[key]] = _rule(rule)
        self._clause_rules = {
            kind: ConTextRule(kind, kind, direction="FORWARD")
            for kind in ("condition", "exception", "permission")
        }

    def __call__(self, doc: Doc) -> Doc:
        """Read the context of the entities of ``doc`` and leave it on it."""
        edges, clauses = self.find(doc)
        self.set_annotations(doc, edges, clauses)
        return doc

    def find(self, doc: Doc) -> tuple[list[dict[str, Any]], list[Clause]]:
        """Return the edges from entities to cues, and the clauses, offsets counting in ``doc.text``."""
        text = text_of(doc)
        bounds = _sentences(doc)
        starts = [start for start, _ in bounds]
        targets: dict[int, list[Span]] = {}
        for entity in doc.ents:
            if entity.label_ in _TARGETS:
                targets.setdefault(bisect_right(starts, entity.start) - 1, []).append(entity)
        matches: dict[int, list[tuple[Any, int, int]]] = {}
        windows = [(w["start"], w["end"]) for w in doc._.eligex_windows or ()]
        for match_id, start, end in prune_overlapping_matches(self._matcher(doc)):
            if self._rules[match_id].category == "HISTORICAL" and _covered(doc[start].idx, windows):
                continue  # "past" of "in the past year" says when, not that it is over
            sentence = bisect_right(starts, start) - 1
            if sentence in targets:
                matches.setdefault(sentence, []).append((match_id, start, end))
        inclusion = _inclusion(doc)
        openings = sorted(c["start"] for c in (doc._.eligex_segments or {}).get("criteria", ()))
        edges: list[dict[str, Any]] = []
        clauses: list[Clause] = []
        for index, (first, last) in enumerate(bounds):
            found = _clauses(doc, text, first, last, openings)
            clauses.extend(found)
            if index in targets and (found or index in matches):
                apart = [m for m in matches.get(index, []) if not _inside(m, targets[index])]
                modifiers = list(self._modifiers(doc, (first, last), apart, found))
                refused = inclusion(doc[first].idx, doc[last - 1].idx)
                edges.extend(_edges(doc, text, targets[index], modifiers, refusal_negates=refused))
        return edges, clauses

    def set_annotations(self, doc: Doc, edges: list[dict[str, Any]], clauses: list[Clause]) -> None:
        """Write edges and clauses as plain dicts."""
        doc._.eligex_context = edges
        doc._.eligex_clauses = [plain(clause) for clause in clauses]

    def _modifiers(
        self,
        doc: Doc,
        sentence: tuple[int, int],
        matches: list[tuple[Any, int, int]],
        clauses: list[Clause],
    ) -> Iterator[Any]:
        for match_id, start, end in matches:
            rule = self._rules[match_id]
            if end <= sentence[1]:
                low, high = _scope(rule, start, end, sentence)
                yield ConTextModifier(rule, start, end, doc, low, high)
        for clause in clauses:
            cue = doc.char_span(clause.cue_start, clause.cue_end, alignment_mode="expand")
            content = doc.char_span(clause.content_start, clause.content_end, alignment_mode="expand")
            if cue is not None and content is not None:
                rule = self._clause_rules["permission" if clause.permits else clause.type]
                yield ConTextModifier(rule, cue.start, cue.end, doc, content.start, content.end)


@Language.factory(
    "eligex_context",
    requires=["doc.ents", "token.is_sent_start"],
    assigns=["doc._.eligex_context", "doc._.eligex_clauses"],
)
def make_context(nlp: Language, name: str) -> ContextReader:
    """Create the pipe."""
    return ContextReader(nlp, name)


def _rule(rule: ContextRule) -> Any:
    return ConTextRule(
        rule.phrase,
        rule.category,
        direction=rule.direction,
        max_scope=rule.max_scope,
        max_targets=rule.max_targets,
        allowed_types=rule.allowed,
        terminated_by=_ENDED_BY_CLAUSES,
    )


def _scope(rule: Any, start: int, end: int, sentence: tuple[int, int]) -> tuple[int, int]:
    """Return the scope that ConText gives a modifier, without asking spaCy for the sentence again."""
    low, high = sentence
    if rule.direction == "FORWARD":
        low = end
    elif rule.direction == "BACKWARD":
        high = start
    if rule.max_scope is not None:
        low, high = max(low, start - rule.max_scope), min(high, end + rule.max_scope)
    return low, high


def _sentences(doc: Doc) -> list[tuple[int, int]]:
    whole = [(0, len(doc))]
    if doc.has_annotation("SENT_START"):
        whole = [(sentence.start, sentence.end) for sentence in doc.sents]
    return [
        (start, min(start + _LONGEST, last))
        for first, last in whole
        for start in range(first, last, _LONGEST)
    ]


def _clauses(doc: Doc, text: str, first: int, last: int, openings: list[int]) -> list[Clause]:
    offset = doc[first].idx
    end = doc[last].idx if last < len(doc) else len(text)
    leading = not openings or bisect_left(openings, offset) < bisect_left(openings, end)
    return [_moved(clause, offset) for clause in find_clauses(text[offset:end], leading=leading)]


def _moved(clause: Clause, by: int) -> Clause:
    return Clause(
        clause.type,
        clause.start + by,
        clause.end + by,
        clause.cue_start + by,
        clause.cue_end + by,
        clause.content_start + by,
        clause.content_end + by,
        clause.governs,
    )


def _covered(position: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)


def _inside(match: tuple[Any, int, int], targets: list[Span]) -> bool:
    """Whether a cue is part of an entity, as "non" of "non-healing wound": then it bears on nothing else."""
    return any(match[1] < target.end and target.start < match[2] for target in targets)


def _inclusion(doc: Doc) -> Callable[[int, int], bool]:
    """Return a test of whether a stretch of text lies in an inclusion criterion."""
    criteria = (doc._.eligex_segments or {}).get("criteria", [])
    spans = [(c["start"], c["end"]) for c in criteria if c["type"] == "inclusion"]

    def test(start: int, end: int) -> bool:
        return any(low <= end and start < high for low, high in spans)

    return test


def _edges(
    doc: Doc, text: str, targets: list[Span], modifiers: list[Any], *, refusal_negates: bool
) -> Iterator[dict[str, Any]]:
    graph = ConTextGraph(targets=targets, modifiers=modifiers)
    graph.update_scopes()
    graph.apply_modifiers()
    for entity, modifier in _chained(doc, text, graph.modifiers):
        category = modifier.category.lower()
        if category == "refusal":
            if not refusal_negates:
                continue
            category = "negation"
        start, end = modifier.modifier_span
        low, high = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
        yield {
            "entity": [entity.start_char, entity.end_char],
            "category": category,
            "cue": [low, high],
            "cue_text": text[low:high],
        }


def _chained(doc: Doc, text: str, modifiers: list[Any]) -> Iterator[tuple[Span, Any]]:
    """Yield the targets of every cue that hang on it: the nearest, and those coordinated with that one.

    ConText gives a cue everything in its scope; but in "no relapse of a leukemia" the leukemia is there.
    """
    for modifier in modifiers:
        first, last = modifier.modifier_span
        targets = sorted(modifier._targets, key=lambda t: t.start)
        if modifier.category == "CONDITION":
            yield from ((target, modifier) for target in targets)
            continue
        cue = (doc[first].idx, doc[last - 1].idx + len(doc[last - 1]))
        before = [t for t in targets if t.end <= first]
        after = [t for t in targets if t.start >= last]
        for chain in (before[::-1], after):
            nearer: Span | None = None
            for target in chain:
                if _leaves_bracket(text, cue, target) or not _hangs(text, cue, nearer, target):
                    break
                yield target, modifier
                nearer = target


def _leaves_bracket(text: str, cue: tuple[int, int], target: Span) -> bool:
    """Whether a bracket around the cue does not hold the target."""
    if target.start_char >= cue[1]:
        gap, opening, closing = text[cue[1] : target.start_char], "([", ")]"
    else:
        gap, opening, closing = text[target.end_char : cue[0]], ")]", "(["
    return any(gap.count(c) > gap.count(o) for o, c in zip(opening, closing, strict=True))


def _hangs(text: str, cue: tuple[int, int], nearer: Span | None, target: Span) -> bool:
    """Whether ``target`` is next to the cue (no ``nearer`` one) or coordinated with ``nearer``."""
    if nearer is None:
        low, high = sorted((cue, (target.start_char, target.end_char)))
        gap = text[low[1] : high[0]]
        if _OWN_HEAD.search(gap):
            return False
        return len(gap.split()) <= _REACH and ("," not in gap or len(gap.split()) <= _ADJECTIVES)
    left, right = sorted((nearer, target), key=lambda t: t.start)
    gap = text[left.end_char : right.start_char]
    if not gap.strip():
        return True
    if _KIND[target.label_] != _KIND[nearer.label_] or _NEW_PHRASE.search(gap):
        return False
    return connector(gap).kind in ("and", "or", "comma")


def plain(clause: Clause) -> dict[str, Any]:
    """Return the clause as JSON values."""
    return {
        "type": clause.type,
        "start": clause.start,
        "end": clause.end,
        "cue": [clause.cue_start, clause.cue_end],
        "content": [clause.content_start, clause.content_end],
        "governs": clause.governs,
    }
