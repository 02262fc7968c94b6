"""What every pipe of eligex is: a pure ``find``, a ``set_annotations`` that writes, and both in turn."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from spacy.tokens import Doc

from eligex.pipes.doc import register_extensions

Found = TypeVar("Found")


class Component(ABC, Generic[Found]):
    """A spaCy component that finds something in a Doc and leaves it there as plain data.

    Parameters
    ----------
    name
        The name under which the pipeline knows it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        register_extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Find, write, and return ``doc``."""
        self.set_annotations(doc, self.find(doc))
        return doc

    @abstractmethod
    def find(self, doc: Doc) -> Found:
        """Return what there is in ``doc``; changes nothing."""

    @abstractmethod
    def set_annotations(self, doc: Doc, found: Found) -> None:
        """Write what ``find`` returned."""
