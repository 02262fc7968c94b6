"""Pipe: predicates of ``doc._.criteria`` → their concepts, limits in one unit, and what is doubtful in them.

A thin adaptor of :mod:`eligex.concepts.annotate`.  The vocabulary is opened at the first text.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from functools import cached_property
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from eligex.concepts.annotate import annotate
from eligex.concepts.link import Linker
from eligex.pipes.base import Component
from eligex.pipes.doc import read_criteria, text_of, write_plain_criteria


class ConceptFinder(Component[list[dict[str, Any]]]):
    """Adds concepts and canonical limits to the criteria of a document."""

    def __init__(
        self, name: str = "eligex_concepts", *, vocabularies: tuple[str, ...] = (), shipped: bool = True
    ) -> None:
        super().__init__(name)
        self.vocabularies = vocabularies
        self.shipped = shipped

    @cached_property
    def linker(self) -> Linker:
        """The linker over the vocabularies, opened when it is first needed."""
        return Linker([Path(folder) for folder in self.vocabularies], shipped=self.shipped)

    def find(self, doc: Doc) -> list[dict[str, Any]]:
        """Return the criteria of ``doc`` with concepts."""
        criteria = read_criteria(doc) or []
        annotate(criteria, text_of(doc), self.linker, doc._.eligex_conditions or ())
        return criteria

    def set_annotations(self, doc: Doc, found: list[dict[str, Any]]) -> None:
        """Write the criteria."""
        write_plain_criteria(doc, found)


@Language.factory(
    "eligex_concepts",
    requires=["doc._.eligex_criteria"],
    assigns=["doc._.eligex_criteria"],
    default_config={"vocabularies": [], "shipped": True},
)
def make_concepts(nlp: Language, name: str, *, vocabularies: list[str], shipped: bool) -> ConceptFinder:
    """Create the pipe.

    Parameters
    ----------
    vocabularies
        Folders of the user's own vocabularies, which ``eligex vocab build`` made; they are asked first.
    shipped
        Whether the vocabularies that come with eligex are asked, too.
    """
    return ConceptFinder(name, vocabularies=tuple(vocabularies), shipped=shipped)
