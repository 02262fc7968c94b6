"""The base class of pipes: a pure ``find``, a ``set_annotations`` that writes, and a call of both."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from spacy.tokens import Doc

from eligex.pipes.doc import register_extensions

Found = TypeVar("Found")


class Component(ABC, Generic[Found]):
    """A spaCy component that finds something in a Doc and stores it there as plain data.

    Parameters
    ----------
    name
        The name of the component in the pipeline.
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
        """Return what was found in ``doc``; changes nothing."""

    @abstractmethod
    def set_annotations(self, doc: Doc, found: Found) -> None:
        """Write the result of ``find``."""
