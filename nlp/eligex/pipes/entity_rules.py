"""Pipe: clean the ends of entities, and add members of closed classes that the recogniser missed.

Decides that a scale, a common measurement or a demographic word inside a criterion is an entity even if the
recogniser missed it, and how far it reaches (specimen words before it, "level" or "score" after it).  An
entity of the recogniser is kept, except for marks at its ends ("Body mass index (" loses its parenthesis, "at
Visit 2 (baseline" is extended to the closing one) and for the digits of its name ("CA" of "CA 15-3").
Headings and markers contain no entities.

The matching is medspaCy's ``TargetMatcher``; its rules come from eligex's lexicon, and no rule object stays
on the Doc, where it would break ``DocBin`` and ``n_process``.
"""

import sys
import warnings
from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from eligex.lexicon.entity_rules import entity_words, read_entity_rules, with_forms
from eligex.pipes.base import Component
from eligex.pipes.candidates import settled
from eligex.pipes.doc import sentence_bounds
from eligex.pipes.members import as_diseases, list_members, told_of, with_genes
from eligex.pipes.needed import with_needs
from eligex.pipes.ratios import with_ratios
from eligex.pipes.whole_items import whole_items
from eligex.pipes.whole_names import whole_names
from eligex.schema import DOMAIN_LABELS

with warnings.catch_warnings():  # medspaCy silences all warnings of the process when it is imported
    from medspacy.target_matcher import TargetMatcher, TargetRule

_RULE_KEY = "target_rule"
_VALUE_BEFORE = 6
_VALUE_AFTER = 10
"""Largest distance, in tokens, of a value from a name that is a measurement only beside one."""
_WORDS = entity_words()


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
        kept, hinted = settled(doc, found) if self.judges else (found, [])
        kept = whole_names(doc, kept) if self.judges else kept
        found = with_ratios(doc, kept, bounds.hold)
        taken = [False] * len(doc)
        for entity in found:
            taken[entity.start : entity.end] = [True] * len(entity)
        for span, when in sorted(self._matches(doc), key=lambda m: (m[0].start - m[0].end, m[0].start)):
            if any(taken[span.start : span.end]) and span.label_ == "Measurement":
                found = _freed(found, span, taken)
            if any(taken[span.start : span.end]):  # nor does a part of it count beside the entity
                taken[span.start : span.end] = [True] * len(span)
                continue
            if not bounds.hold(span):
                continue
            if when == "value" and not _has_value(span):
                continue
            grown = _grow(doc, span, taken) if span.label_ == "Measurement" else span
            taken[grown.start : grown.end] = [True] * len(grown)
            found.append(grown)
        for span in filter(bounds.hold, tidied(doc, hinted)):  # after the lexicon, which knows what it names
            if not any(taken[span.start : span.end]):
                taken[span.start : span.end] = [True] * len(span)
                found.append(span)
        found = as_diseases(doc, with_genes(doc, sorted(found, key=lambda span: span.start)))
        found = with_needs(doc, found)
        taken = [False] * len(doc)
        for entity in found:
            taken[entity.start : entity.end] = [True] * len(entity)
        for more in (told_of, partial(list_members, found=found), whole_items):
            for span in filter(bounds.hold, list(more(doc, taken=taken))):
                taken[span.start : span.end] = [True] * len(span)
                found.append(span)
        return sorted(filter(bounds.hold, found), key=lambda span: span.start)

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


class Bounds:
    """The bounds of entities: one criterion, if a segmenter has run, and one sentence."""

    def __init__(self, doc: Doc) -> None:
        self._criteria = _criteria(doc)
        self._starts = sentence_bounds(doc)[1:-1]

    def hold(self, span: Span) -> bool:
        """Whether a span lies in one criterion and one sentence."""
        place = bisect_right(self._starts, span.start)
        if place < len(self._starts) and self._starts[place] < span.end:
            return False
        if self._criteria is None:
            return True
        place = bisect_right(self._criteria, (span.start_char, sys.maxsize)) - 1
        return place >= 0 and span.end_char <= self._criteria[place][1]


def recognised(doc: Doc, bounds: Bounds) -> list[Span]:
    """Return the entities of the recogniser that lie in one criterion and sentence, with clean ends."""
    return [entity for entity in tidied(doc, doc.ents) if bounds.hold(entity)]


def tidied(doc: Doc, found: Sequence[Span]) -> list[Span]:
    """Return entities without marks and function words at their ends and with balanced parentheses.

    What names nothing by itself ("[obtained] within 14 days") is left out.
    """
    if not found:
        return []
    strings = doc.vocab.strings
    never_last = {strings[word] for word in _WORDS.never_last}
    never_first = {strings[word] for word in _WORDS.never_first}
    never_alone = {strings[word] for word in _WORDS.never_alone}
    species = {strings[word] for word in _WORDS.species}
    cut = {strings[word] for word in _WORDS.cut_cues}
    leads = {strings["for"], strings["of"]}
    denied_how = {strings[word] for word in _WORDS.denied_how}
    denied: dict[int, list[list[int]]] = {}
    for phrase in _WORDS.denied_first:
        words = [strings[word] for word in phrase.split()]
        denied.setdefault(words[0], []).append(words)
    opening, closing = strings["("], strings[")"]
    orths, lowers, blanks = (doc.to_array(name).tolist() for name in ("ORTH", "LOWER", "IS_SPACE"))
    entities: list[Span] = []
    for entity in found:
        start, end = entity.start, entity.end
        while start < end and (blanks[end - 1] or lowers[end - 1] in never_last):
            end -= 1
        how = start + int(lowers[start] in denied_how)  # "mentally incapable of [walking]"
        listed = denied.get(lowers[how], ()) if how < end else ()
        cues = (cue for cue in listed if lowers[how : min(how + len(cue), end - 1)] == cue)
        start = next((how + len(cue) for cue in cues), start)
        while start < end and (blanks[start] or lowers[start] in never_first):
            start += 1
        if end - start == 1 and lowers[start] in never_alone and entity.label_ in DOMAIN_LABELS:
            continue
        if end - start == 1 and lowers[start] in cut and end < len(doc) and lowers[end] in leads:
            continue
        if lowers[start] in species and (genus := _genus(doc, start)) < start:
            start = genus
            if entities and entities[-1].end > start:
                entities.pop()
        inside = orths[start:end]
        depth = inside.count(opening) - inside.count(closing)
        if depth == -1 and start and orths[start - 1] == opening and orths[end - 1] != closing:
            last = entities[-1] if entities else None
            if last is not None and last.end == start - 1 and not doc[start].is_sent_start:
                start = entities.pop().start  # "[radiation] ([RT) boost]" → "[radiation (RT) boost]"
                depth = 0
        if depth:
            end = _balanced(doc, start, end, depth, entity.label_)
        if start < end:
            same = (start, end) == (entity.start, entity.end)
            entities.append(entity if same else Span(doc, start, end, label=entity.label))
    return entities


def _genus(doc: Doc, species: int) -> int:
    """Return where the abbreviated genus before a species begins: "[H.] pylori"; the species without one."""
    before = doc[max(species - 2, 0) : species].text
    return species - 2 if len(before) == 2 and before[0].isupper() and before[1] == "." else species


def _balanced(doc: Doc, start: int, end: int, depth: int, label: str) -> int:
    """Return the end that includes a missing ")" or excludes one without "("."""
    if depth == 1 and end < len(doc) and doc[end].text == ")" and not doc[end].ent_type:
        return end if doc[end].is_sent_start else end + 1
    if depth == -1 and doc[end - 1].text == ")" and end - 1 > start:
        return end - 1
    if depth == -1 and label == "Measurement" and start and doc[start - 1].text == "(":  # "(HAM-D 17) score"
        return next(place for place in range(start, end) if doc[place].text == ")")
    return end


def _freed(found: list[Span], name: Span, taken: list[bool]) -> list[Span]:
    """Return the entities without what cuts the name of a measurement.

    "[CA] [15-3 > 30]" → "CA 15-3 [> 30]"; "[≥ 120 bpm HR]" → "[≥ 120 bpm] HR"
    """
    over = [entity for entity in found if entity.start < name.end and name.start < entity.end]
    rest = [span for entity in over for span in _without(entity, name)]
    if any(span.start < name.end and name.start < span.end for span in rest):
        return found
    for entity in over:
        taken[max(entity.start, name.start) : min(entity.end, name.end)] = [False] * (
            min(entity.end, name.end) - max(entity.start, name.start)
        )
    return [entity for entity in found if entity not in over] + rest


def _without(entity: Span, name: Span) -> list[Span]:
    """Return what is left of an entity that cuts a name, or the entity where it does not."""
    numbered = len(name) > 1 and name[-1].like_num
    if entity.label_ == name.label_:
        return [] if numbered and entity.start == name.start and entity.end < name.end else [entity]
    if entity.label_ != "Value":
        return [entity]
    if numbered and name.start < entity.start:
        return [Span(entity.doc, name.end, entity.end, label="Value")] if name.end < entity.end else []
    if entity.start < name.start and entity.end == name.end:
        return [Span(entity.doc, entity.start, name.start, label="Value")]
    return [entity]


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
