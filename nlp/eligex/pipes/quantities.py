"""Pipe: quantities of every sentence → ``doc._.eligex_quantities``.

Decides nothing itself.  It runs the grammar on each sentence, so that no value expression crosses a
criterion, and moves the offsets into the document.  A sentence that a label introduces ("Age:" over
"18 to 65") is read after the label, which says what its numbers are; what the recogniser marked as a value
and the grammar left is read beside the entities of its sentence.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from eligex.pipes.base import Component
from eligex.pipes.doc import entities_of, text_of
from eligex.quantities.beside import VALUES, Thing, find_beside
from eligex.quantities.find import find_quantities
from eligex.schema import DOMAIN_LABELS, Quantity
from eligex.spans import move, plain, shifted

_LONGEST_LABEL = 60
"""Characters of a label that are read with what it introduces."""


def sentences(doc: Doc) -> Iterator[tuple[int, int]]:
    """Yield the spans of all sentences inside criteria, as the segmenter found them."""
    for criterion in (doc._.eligex_segments or {}).get("criteria", ()):
        yield from criterion["sentences"]


def _labels(doc: Doc) -> dict[int, tuple[int, int]]:
    """Return the spans of the labels that introduce criteria, by the places where these begin."""
    criteria = (doc._.eligex_segments or {}).get("criteria", ())
    spans = {each["id"]: (each["start"], each["end"]) for each in criteria}
    text, found = text_of(doc), {}
    for each in criteria:
        start, end = spans.get(each["parent"], (0, 0))
        if 0 < end - start <= _LONGEST_LABEL and text[end - 1] in ":：":
            found[each["start"]] = (start, end)
    return found


def _under_label(text: str, label: tuple[int, int], sentence: tuple[int, int]) -> Iterator[Quantity]:
    """Yield the quantities of a sentence, read after its label."""
    (opened, closed), (start, end) = label, sentence
    lead = f"{text[opened:closed]} "

    def placed(low: int, high: int) -> tuple[int, int]:
        offset = opened if high <= len(lead) else start - len(lead)
        return low + offset, high + offset

    for quantity in find_quantities(lead + text[start:end]):
        if quantity.start >= len(lead):
            yield move(quantity, placed)


def _left(text: str, entities: Sequence[tuple[int, int, str]], found: Sequence[Quantity]) -> list[Thing]:
    """Return the values with a digit in which nothing was read; quantities hardly overlap."""
    starts, left = [each.start for each in found], []
    for start, end, label in entities:
        if label in VALUES and any(map(str.isdigit, text[start:end])):
            place = bisect_left(starts, end)
            if not place or found[place - 1].end <= start:
                left.append(Thing(start, end, label))
    return left


def _beside(doc: Doc, text: str, found: Sequence[Quantity]) -> Iterator[Quantity]:
    """Yield the quantities among the values that the grammar left."""
    entities = entities_of(doc)
    left = _left(text, entities, found)
    spans = sorted(sentences(doc)) if left else []
    starts, begins = [start for start, _ in spans], [start for start, _, _ in entities]
    for value in left:
        place = bisect_right(starts, value.start) - 1
        if place < 0 or value.end > spans[place][1]:
            continue
        low, high = spans[place]
        things = [
            Thing(start - low, end - low, label)
            for start, end, label in entities[bisect_left(begins, low) : bisect_left(begins, high)]
            if label in DOMAIN_LABELS
        ]
        for quantity in find_beside(text[low:high], [(value.start - low, value.end - low)], things):
            yield shifted(quantity, low)


class QuantityFinder(Component[list[Quantity]]):
    """Finds value expressions with :func:`eligex.quantities.find.find_quantities`."""

    def find(self, doc: Doc) -> list[Quantity]:
        """Return the quantities of all criteria, with offsets into ``doc.text``."""
        text, labels = text_of(doc), _labels(doc)
        found: list[Quantity] = []
        for start, end in sentences(doc):
            if start in labels:
                found += _under_label(text, labels[start], (start, end))
            else:
                found += (shifted(quantity, start) for quantity in find_quantities(text[start:end]))
        if beside := list(_beside(doc, text, found)):
            found = sorted([*found, *beside], key=lambda each: each.start)
        return found

    def set_annotations(self, doc: Doc, found: list[Quantity]) -> None:
        """Write the quantities as plain dicts."""
        doc._.eligex_quantities = plain(found)


@Language.factory(
    "eligex_quantities", requires=["doc._.eligex_segments"], assigns=["doc._.eligex_quantities"]
)
def make_quantities(nlp: Language, name: str) -> QuantityFinder:
    """Create the pipe."""
    return QuantityFinder(name)
