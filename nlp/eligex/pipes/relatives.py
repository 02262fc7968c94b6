"""Relatives that the recogniser took for entities: "[Mother] with [gout]", "[Father with gout]".

Decides that the words of a cue for somebody else are no entity of their own, and that an entity which begins
in such a cue begins behind it: what the relative has is the entity, and the cue says whose it is.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
import re
from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Span

from eligex.lexicon.context_rules import context_words
from eligex.lexicon.patterns import any_of
from eligex.pipes.doc import text_of

_PHRASES = [rule.phrase for rule in context_words().rules if rule.category == "family"]
_FORWARD = [phrase for phrase in _PHRASES if phrase.endswith((" with", " has", " have", " having", " by"))]
_BACKWARD = [phrase for phrase in _PHRASES if phrase.startswith("in ")]
_NONE = [
    rule.phrase
    for rule in context_words().rules
    if rule.category == "pseudo" and any(cue in rule.phrase for cue in _FORWARD)
]
"""Words that hold a cue and are none: "patients [and family members with] gout"."""
_CUE = re.compile(
    rf"\b(?:{any_of(_NONE)}|(?P<forward>{any_of(_FORWARD)})|(?P<backward>{any_of(_BACKWARD)}))(?!\w)",
    re.IGNORECASE,
)
_WHO = frozenset({"Person", "Observation", "Qualifier", "Reference_point", "Visit", "Multiplier"})
"""Labels of entities that are only words of a cue."""
_WHAT = frozenset({"Person", "Observation"})
"""Labels of entities over a relative and a disease, of which the disease is left."""


def without_relatives(doc: Doc, *lists: Iterable[Span]) -> list[list[Span]]:
    """Return lists of entities without those that are words of a cue for somebody else.

    "[Mother] with [gout]" → "Mother with [gout]"; "[Father with gout]" → "Father with [gout]"
    """
    kept = [list(found) for found in lists]
    for cue in _CUE.finditer(text_of(doc)):
        if cue.lastgroup is None:
            continue
        forward = cue.lastgroup == "forward"
        kept = [
            [each for whole in found for each in _apart(doc, whole, cue.span(), forward=forward)]
            for found in kept
        ]
    return kept


def _apart(doc: Doc, entity: Span, cue: tuple[int, int], *, forward: bool) -> Iterator[Span]:
    """Yield what is left of an entity beside a cue."""
    start, end = cue
    if entity.end_char <= start or end <= entity.start_char:
        yield entity
    elif entity.end_char <= end and entity.label_ in _WHO:
        return  # "[First-degree relative] with", "[in a sibling]"
    elif forward and start <= entity.start_char < end < entity.end_char:
        rest = doc.char_span(end + 1, entity.end_char, alignment_mode="contract")
        if rest is not None:
            label = "Condition" if entity.label_ in _WHAT else entity.label_
            yield Span(doc, rest.start, rest.end, label=label)
    else:
        yield entity
