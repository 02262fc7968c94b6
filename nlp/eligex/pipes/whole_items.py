"""Items of a list that are nothing but a name: "- Isoniazid.".

A recogniser decides by the words around, and there are none.  Decides that such an item is an entity if the
vocabularies know its words as the name of a drug or of a disease, and of nothing else.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span

from eligex.concepts.normal import bag, plain_words
from eligex.concepts.store import own_vocabulary
from eligex.pipes.doc import text_of

_LONGEST = 60
"""Characters of an item that is only a name."""
_MOST_WORDS = 4
_SYSTEMS = {"Drug": {"DRUGBANK"}, "Condition": {"DOID", "MONDO", "HP"}}
"""The vocabularies that hold things of one type alone."""


def whole_items(doc: Doc, taken: Sequence[bool]) -> Iterator[Span]:
    """Yield the items without an entity that are a name."""
    whole = text_of(doc)
    for criterion in (doc._.eligex_segments or {}).get("criteria", ()):
        start, end = criterion["start"], criterion["end"]
        text = whole[start:end].rstrip(" .;,\n") if end - start <= _LONGEST else ""
        if not text or text.endswith(":"):
            continue
        span = doc.char_span(start, start + len(text))
        if span is None or any(taken[span.start : span.end]):
            continue
        if (label := _type_of(text)) is not None:
            yield Span(doc, span.start, span.end, label=label)


def _type_of(text: str) -> str | None:
    """Return what a name is of; None where the vocabularies have no such name, or an abbreviation of it."""
    written = plain_words(text)
    if text.isupper() or not 0 < len(written) <= _MOST_WORDS:
        return None
    store = own_vocabulary()
    names = [name for name in store.names(bag(text)) if plain_words(name.text) == written]
    systems = [store.curie(name.term).partition(":")[0] for name in names]
    return next((label for label, own in _SYSTEMS.items() if not own.isdisjoint(systems)), None)
