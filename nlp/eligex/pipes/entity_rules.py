"""Pipe: clean the ends of entities, and add members of closed classes that the recogniser missed.

Decides that a scale, a common measurement or a demographic word inside a criterion is an entity even if the
recogniser missed it, and how far it reaches (specimen words before it, "level" or "score" after it).  An
entity of the recogniser is kept, except for marks at its ends ("Body mass index (" loses its parenthesis, "at
Visit 2 (baseline" is extended to the closing one) and for the digits of its name ("CA" of "CA 15-3").
Headings and markers contain no entities.

The matching is medspaCy's ``TargetMatcher``; its rules come from eligex's lexicon, and no rule object stays
on the Doc, where it would break ``DocBin`` and ``n_process``.
"""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from eligex.lexicon.entity_rules import entity_words, read_entity_rules, with_forms
from eligex.pipes.base import Component
from eligex.pipes.candidates import settled
from eligex.pipes.doc import sentence_bounds, token_starts
from eligex.pipes.entity_ends import tidied
from eligex.pipes.functions import with_functions
from eligex.pipes.held import Held
from eligex.pipes.lasting import with_durations
from eligex.pipes.listed_routes import with_routes
from eligex.pipes.members import as_diseases, list_members, told_of, with_genes
from eligex.pipes.needed import with_needs
from eligex.pipes.ratios import with_ratios
from eligex.pipes.relatives import without_relatives
from eligex.pipes.run_on import cut_run_on
from eligex.pipes.whole_items import whole_items
from eligex.pipes.whole_names import whole_names

with warnings.catch_warnings():  # medspaCy silences all warnings of the process when it is imported
    from medspacy.target_matcher import TargetMatcher, TargetRule

Array = np.ndarray[Any, Any]

_RULE_KEY = "target_rule"
_VALUE_BEFORE = 6
_VALUE_AFTER = 10
"""Largest distance, in tokens, of a value from a name that is a measurement only beside one."""
_WORDS = entity_words()


class Bounds:
    """The bounds of entities: one criterion, if a segmenter has run, and one sentence."""

    def __init__(self, doc: Doc) -> None:
        bounds = np.array(sentence_bounds(doc))
        limits = np.repeat(bounds[1:], np.diff(bounds))
        criteria = _criteria(doc)
        if criteria is not None:
            starts = token_starts(doc)[:-1]
            limits = np.minimum(limits, _ends_of_criteria(starts, starts + doc.to_array("LENGTH"), criteria))
        self._limits: list[int] = limits.tolist()
        """For every token, the most that an entity that begins there can reach; 0 where none can."""

    def hold(self, span: Span) -> bool:
        """Whether a span lies in one criterion and one sentence."""
        return bool(span.end <= self._limits[span.start])


def _ends_of_criteria(starts: Array, ends: Array, criteria: Sequence[tuple[int, int]]) -> Array:
    """Return for every token how many tokens end within its criterion; 0 for one in none."""
    firsts, lasts = (np.array([criterion[side] for criterion in criteria], dtype=int) for side in (0, 1))
    within = np.append(0, np.searchsorted(ends, lasts, side="right"))
    found: Array = within[np.searchsorted(firsts, starts, side="right")]
    return found


class EntityRules(Component[list[Span]]):
    """Adds the entities of the lexicon that the recogniser did not find."""

    def __init__(self, nlp: Language, name: str, *, rules: str | None = None) -> None:
        super().__init__(name)
        self.judges = True
        """Whether doubtful entities are judged; if not, all that the recogniser has count, and no hint."""
        forms = read_entity_rules()
        if rules is not None:
            forms = with_forms(forms, read_entity_rules(Path(rules)))
        self._matchers = []
        for match, attribute in (("any", "LOWER"), ("exact", "ORTH")):
            matcher = TargetMatcher(nlp, phrase_matcher_attr=attribute, result_type=None, prune=False)
            matcher.add(
                [TargetRule(f.text, f.label, metadata={"when": f.when}) for f in forms if f.match == match]
            )
            self._matchers.append(matcher)

    def find(self, doc: Doc) -> list[Span]:
        """Return the entities of ``doc``, cleaned, and those to add: inside criteria and without overlap."""
        bounds = Bounds(doc)
        found = recognised(doc, bounds)
        kept, hinted = found, []
        if self.judges:
            kept, hinted = without_relatives(doc, *settled(doc, found))
            kept = cut_run_on(doc, whole_names(doc, kept))
        kept = with_durations(doc, kept)
        held = Held(doc, with_ratios(doc, kept, bounds.hold))
        self._add_lexicon(doc, held, bounds)
        for span in filter(bounds.hold, tidied(doc, hinted)):  # after the lexicon, which knows what it names
            if held.is_free(span):
                held.add(span)
        found = with_functions(doc, as_diseases(doc, with_routes(doc, with_genes(doc, held.in_order()))))
        held = Held(doc, with_needs(doc, found))
        held.extend(filter(bounds.hold, list(told_of(doc, taken=held.taken))))
        held.extend(filter(bounds.hold, list(list_members(doc, found=held.in_order(), taken=held.taken))))
        held.extend(filter(bounds.hold, list(whole_items(doc, taken=held.taken))))
        return list(filter(bounds.hold, held.in_order()))

    def _add_lexicon(self, doc: Doc, held: Held, bounds: Bounds) -> None:
        """Add what the lexicon names, the longest names first."""
        for span, when in sorted(self._matches(doc), key=lambda m: (m[0].start - m[0].end, m[0].start)):
            if not held.is_free(span) and span.label_ == "Measurement":
                held.free(span)
            if not held.is_free(span):  # nor does a part of it count beside the entity
                held.close(span)
                continue
            if not bounds.hold(span) or (when == "value" and not _has_value(span)):
                continue
            held.add(_grow(doc, span, held.taken) if span.label_ == "Measurement" else span)

    def set_annotations(self, doc: Doc, found: list[Span]) -> None:
        """Replace the entities."""
        doc.set_ents(found)

    def _matches(self, doc: Doc) -> list[tuple[Span, str]]:
        with warnings.catch_warnings():  # spaCy warns at each call that the rules have no token patterns
            warnings.filterwarnings("ignore", message=r"\[W036\]")
            matches = [span for matcher in self._matchers for span in matcher(doc)]
        found = [(span, span._.target_rule.metadata["when"]) for span in matches]
        user_data: dict[Any, Any] = doc.user_data
        for key in [key for key in user_data if key[:2] == ("._.", _RULE_KEY)]:
            del user_data[key]
        return found


def recognised(doc: Doc, bounds: Bounds) -> list[Span]:
    """Return the entities of the recogniser that lie in one criterion and sentence, with clean ends."""
    return [entity for entity in tidied(doc, doc.ents) if bounds.hold(entity)]


def _criteria(doc: Doc) -> list[tuple[int, int]] | None:
    """Return the character spans of the criteria, or None if no segmenter has run."""
    segments = doc._.eligex_segments
    if segments is None:
        return None
    return sorted((criterion["start"], criterion["end"]) for criterion in segments["criteria"])


def _has_value(span: Span) -> bool:
    """Whether a number, a comparator or a grade is near ``span`` in its sentence."""
    doc = span.doc
    for token in doc[span.end : span.end + _VALUE_AFTER]:
        if token.is_sent_start:
            break
        if token.is_digit or token.like_num or token.lower_ in _WORDS.signs:
            return True
    for place in range(span.start - 1, max(span.start - 1 - _VALUE_BEFORE, -1), -1):
        if doc[place + 1].is_sent_start:
            break
        if doc[place].is_digit or doc[place].like_num or doc[place].lower_ in _WORDS.signs:
            return True
    return False


def _grow(doc: Doc, span: Span, taken: list[bool]) -> Span:
    """Extend the name of a measurement by the words before and after that belong to it."""
    start, end = span.start, span.end
    while start > 0 and not taken[start - 1] and not doc[start].is_sent_start:
        if doc[start - 1].lower_ not in _WORDS.before:
            break
        start -= 1
    if end < len(doc) and not taken[end] and not doc[end].is_sent_start and doc[end].lower_ in _WORDS.after:
        end += 1
    return Span(doc, start, end, label=span.label)


@Language.factory(
    "eligex_entity_rules",
    requires=["token.is_sent_start", "doc._.eligex_segments"],
    assigns=["doc.ents"],
    default_config={"rules": None},
)
def make_entity_rules(nlp: Language, name: str, *, rules: str | None) -> EntityRules:
    """Create the pipe.

    Parameters
    ----------
    rules
        Path of a file with more forms, in the format of ``lexicon/data/entity_rules.tsv``.
    """
    return EntityRules(nlp, name, rules=rules)
