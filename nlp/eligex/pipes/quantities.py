"""Pipe: quantities of every sentence → ``doc._.eligex_quantities``.

Decides nothing itself: the grammar does.  It only runs it sentence by sentence, so that no value
expression crosses a criterion, and moves the offsets into the document.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from eligex.pipes.doc import register_extensions, text_of
from eligex.quantities.find import find_quantities
from eligex.schema import Alternative, Quantity


def sentences(doc: Doc) -> Iterator[tuple[int, int]]:
    """Yield the spans of all sentences inside criteria, as the segmenter left them."""
    for criterion in (doc._.eligex_segments or {}).get("criteria", ()):
        yield from criterion["sentences"]


def shift(quantity: Quantity, by: int) -> Quantity:
    """Return the quantity with all its offsets moved by ``by`` characters."""
    return replace(
        quantity,
        start=quantity.start + by,
        end=quantity.end + by,
        about=None if quantity.about is None else (quantity.about[0] + by, quantity.about[1] + by),
        alternatives=tuple(
            Alternative(a.threshold, a.unit, a.start + by, a.end + by) for a in quantity.alternatives
        ),
    )


class QuantityFinder:
    """Finds value expressions with :func:`eligex.quantities.find.find_quantities`."""

    def __init__(self, name: str) -> None:
        self.name = name
        register_extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Find the quantities of ``doc`` and leave them on it."""
        self.set_annotations(doc, self.find(doc))
        return doc

    def find(self, doc: Doc) -> list[Quantity]:
        """Return the quantities of all criteria, offsets counting in ``doc.text``."""
        text = text_of(doc)
        return [
            shift(quantity, start)
            for start, end in sentences(doc)
            for quantity in find_quantities(text[start:end])
        ]

    def set_annotations(self, doc: Doc, quantities: list[Quantity]) -> None:
        """Write the quantities as plain dicts."""
        doc._.eligex_quantities = [plain(quantity) for quantity in quantities]


@Language.factory("eligex_quantities", assigns=["doc._.eligex_quantities"])
def make_quantities(nlp: Language, name: str) -> QuantityFinder:
    """Create the pipe."""
    return QuantityFinder(name)


_FIELDS = tuple(field.name for field in fields(Quantity))


def plain(quantity: Quantity) -> dict[str, Any]:
    """Return the quantity as JSON values."""
    data = {name: getattr(quantity, name) for name in _FIELDS}
    data["alternatives"] = [
        {"threshold": a.threshold, "unit": a.unit, "start": a.start, "end": a.end}
        for a in quantity.alternatives
    ]
    for key in ("threshold_set", "about"):
        if data[key] is not None:
            data[key] = list(data[key])
    return data


def from_plain(data: dict[str, Any]) -> Quantity:
    """Return the quantity that ``plain`` wrote."""
    return Quantity(
        **{
            **data,
            "threshold_set": None if data["threshold_set"] is None else tuple(data["threshold_set"]),
            "about": None if data["about"] is None else tuple(data["about"]),
            "alternatives": tuple(Alternative(**a) for a in data["alternatives"]),
        }
    )
