"""Organs whose function is asked for, where the recogniser missed one: "adequate organ and marrow function".

Decides that every organ of a list is an entity if one is, "organ" and "marrow function", and that the word in
front describes them all.  A list of which nothing was recognised only introduces limits, and is left alone.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from collections.abc import Iterator, Sequence
from itertools import pairwise

from spacy.tokens import Doc, Span

from eligex.binding.words import ORGAN, ORGANS_FUNCTION, SPELLED_OUT, SPELLED_OUT_KEYS
from eligex.pipes.doc import sentence_bounds, text_of
from eligex.schema import DOMAIN_LABELS


def with_functions(doc: Doc, found: Sequence[Span]) -> list[Span]:
    """Return the entities with every organ of a list of functions, and what is asked of them.

    "[Adequate] organ and [marrow function]" → "[Adequate] [organ] and [marrow function]"
    """
    text = text_of(doc)
    low = text.lower()
    if not any(key in low for key in SPELLED_OUT_KEYS):
        return list(found)
    kept = list(found)
    for how, organs in _lists(doc, text):
        start, end = how.start, organs[-1].end
        over = [each for each in kept if each.start < end and start < each.end]
        labels = [each.label_ for each in over if each.label_ in DOMAIN_LABELS]
        if not labels or any(each.start < start or end < each.end for each in over):
            continue
        kept = [each for each in kept if each not in over]
        known = any(each.start == how.start and each.label_ == how.label_ for each in over)
        if known or not SPELLED_OUT.match(text, how.start_char):  # else the limits would have it
            kept.append(how)
        kept += [Span(doc, each.start, each.end, label=labels[-1]) for each in organs]
    return sorted(kept, key=lambda each: each.start)


def _lists(doc: Doc, text: str) -> Iterator[tuple[Span, list[Span]]]:
    """Yield what is asked of the organs of a list, and the organs, the last with the word "function"."""
    bounds: list[int] | None = None
    for found in ORGANS_FUNCTION.finditer(text):
        bounds = bounds or [doc[place].idx for place in sentence_bounds(doc)[1:-1]]
        if any(found.start() < bound < found.end() for bound in bounds):
            continue
        places = [organ.span() for organ in ORGAN.finditer(text, *found.span("organs"))]
        places[-1] = places[-1][0], found.end()
        how = doc.char_span(*found.span("how"), label="Qualifier")
        organs = [doc.char_span(*place) for place in places]
        named = [each for each in organs if each is not None]
        if how is not None and len(named) == len(organs) and _apart(named):
            yield how, named


def _apart(organs: Sequence[Span]) -> bool:
    return all(left.end < right.start for left, right in pairwise(organs))
