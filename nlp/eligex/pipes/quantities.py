"""Pipe: quantities of every sentence → ``doc._.eligex_quantities``.

Decides nothing itself.  It runs the grammar on each sentence, so that no value expression crosses a
criterion, and moves the offsets into the document.  A sentence that a label introduces ("Age:" over
"18 to 65") is read after the label, which says what its numbers are.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from eligex.pipes.base import Component
from eligex.pipes.doc import text_of
from eligex.quantities.find import find_quantities
from eligex.schema import Quantity
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
