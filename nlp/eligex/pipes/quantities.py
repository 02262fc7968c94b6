"""Pipe: quantities of every sentence → ``doc._.eligex_quantities``.

Decides nothing itself.  It runs the grammar on each sentence, so that no value expression crosses a
criterion, and moves the offsets into the document.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from eligex.pipes.base import Component
from eligex.pipes.doc import text_of
from eligex.quantities.find import find_quantities
from eligex.schema import Quantity
from eligex.spans import plain, shifted


def sentences(doc: Doc) -> Iterator[tuple[int, int]]:
    """Yield the spans of all sentences inside criteria, as the segmenter found them."""
    for criterion in (doc._.eligex_segments or {}).get("criteria", ()):
        yield from criterion["sentences"]


class QuantityFinder(Component[list[Quantity]]):
    """Finds value expressions with :func:`eligex.quantities.find.find_quantities`."""

    def find(self, doc: Doc) -> list[Quantity]:
        """Return the quantities of all criteria, with offsets into ``doc.text``."""
        text = text_of(doc)
        return [
            shifted(quantity, start)
            for start, end in sentences(doc)
            for quantity in find_quantities(text[start:end])
        ]

    def set_annotations(self, doc: Doc, found: list[Quantity]) -> None:
        """Write the quantities as plain dicts."""
        doc._.eligex_quantities = plain(found)


@Language.factory(
    "eligex_quantities", requires=["doc._.eligex_segments"], assigns=["doc._.eligex_quantities"]
)
def make_quantities(nlp: Language, name: str) -> QuantityFinder:
    """Create the pipe."""
    return QuantityFinder(name)
