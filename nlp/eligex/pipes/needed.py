"""What a disease needed at some time, where the recogniser took it for a description: "infection [requiring
therapy] within 2 years".

Decides that the thing behind the words for a need is an entity if the last word of its name says what it is
and a time follows, which a description would lose; and how far the description reaches then.  What is not
needed ("not requiring therapy") stays as it is.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span

from eligex.binding.needs import needs_in, things_needed
from eligex.binding.words import OF_ANOTHER
from eligex.layout.chars import trim
from eligex.lexicon.entity_rules import entity_words
from eligex.lexicon.patterns import any_of
from eligex.pipes.doc import sentence_bounds, text_of
from eligex.schema import DOMAIN_LABELS

_WORDS = entity_words()
_BEFORE = 20
"""Characters before the words for a need in which they are denied."""


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_DRUG = _compiled(rf"\b{any_of(_WORDS.needed_drugs)}(?!\w)")
_STAY = _compiled(rf"\b{any_of(_WORDS.needed_stays)}$")
_NAME = _compiled(rf"\b{any_of(_WORDS.needed_drugs | _WORDS.needed_stays | _WORDS.needed_acts)}$")
_HOW = _compiled(rf"{any_of(_WORDS.needed_how)}\s+")
_TIMED = _compiled(rf"[^.;,]{{0,40}}?\b{any_of(_WORDS.needed_times)}\b")
_DENIED = _compiled(rf"\b{any_of(_WORDS.needed_not)}\s+$")


def with_needs(doc: Doc, found: Sequence[Span]) -> list[Span]:
    """Return the entities with what is needed, instead of the descriptions that hold it.

    "Infection [requiring ongoing therapy] within 2 years" → "[ongoing] [therapy]".
    """
    kept = list(found)
    for cue, name in _names(doc):
        over = [each for each in kept if each.start_char < name[1] and cue[0] < each.end_char]
        firm = [each for each in over if each.label_ in DOMAIN_LABELS or each.label_ == "Value"]
        if any(name[0] < each.end_char for each in firm):
            continue
        over = [each for each in over if each not in firm]
        if any(each.start_char < cue[0] for each in over):  # "[progressive requiring treatment]"
            continue
        named = list(_described(doc, *name))
        if any(each is None for each in named):
            continue
        kept = [each for each in kept if each not in over]
        kept += [each for each in named if each is not None]
    return sorted(kept, key=lambda each: each.start)


def _names(doc: Doc) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the words for a need with the place of the name of what is needed, for each thing of a list that
    a time follows.
    """
    text, bounds = text_of(doc), None
    for cue in needs_in(text, 0, len(text)):
        if _DENIED.search(text, max(0, cue[0] - _BEFORE), cue[0]):
            continue
        bounds = bounds or [doc[place].idx for place in sentence_bounds(doc)[1:-1]]
        end = next((place for place in bounds if place > cue[0]), len(text))
        things = list(things_needed(text, cue[1], end))
        if not things or not _TIMED.match(text, things[-1][1], end):
            continue
        for start, stop in things:
            if _NAME.search(text, start, _head_end(text, start, stop)):
                yield cue, (start, stop)


def _described(doc: Doc, start: int, end: int) -> Iterator[Span | None]:
    """Yield the description in front of a name and the name, None where no word ends there."""
    text = text_of(doc)
    while how := _HOW.match(text, start, end):
        if len(how[0].split()[0]) > 3:
            yield doc.char_span(*trim(text, start, how.end()), label="Qualifier")
        start = how.end()
    last = _head_end(text, start, end)
    drug = _DRUG.search(text, start, last)
    label = "Drug" if drug else "Visit" if _STAY.search(text, start, last) else "Procedure"
    yield doc.char_span(start, end, label=label)


def _head_end(text: str, start: int, end: int) -> int:
    """Return where the main word of a name ends: "[cessation] of treatment"."""
    of = OF_ANOTHER.search(text, start, end)
    return of.start() if of else end
