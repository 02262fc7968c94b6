"""Pipe: what the words of a condition name → ``doc._.eligex_named``.

By the convention of eligex nothing in "if liver metastases" is an entity, since nothing is asked of the
patient; still the condition states something.  The recogniser of the other convention, on the same layers,
marks it: it reads the sentences in which the tagger saw a condition.  Men, women and what is said of them
most often, childbearing potential, are known by their words.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from eligex.clauses.words import WORDS
from eligex.lexicon.patterns import any_of
from eligex.pipes.base import Component
from eligex.pipes.chain import Array, ChainRecognizer, Marked
from eligex.pipes.doc import text_of, token_starts
from eligex.pipes.tags import suspected_of
from eligex.schema import DOMAIN_LABELS

Named = tuple[int, int, str]
"""The first character, the end and the label."""
Span = tuple[int, int]
CONDITION = "condition"
_SEXES = any_of({*WORDS.classes["female"].keys(), *WORDS.classes["male"].keys()})
_POTENTIAL = r"(?:child[\s-]?bearing|reproductive)\s{1,9}(?:potential|age|capacity)"
_KNOWN = re.compile(rf"\b(?:(?P<Person>{_SEXES})|(?P<Condition>{_POTENTIAL}))\b", re.IGNORECASE)


class NamedInConditions(Component[list[Named]]):
    """Finds what conditions name.

    Parameters
    ----------
    nlp
        The pipeline, which may have the recogniser.
    name
        The name of the pipe.
    recogniser
        The name of the recogniser.  Where there is none, or it gives the entities of the text itself, nothing
        is found.
    """

    def __init__(self, nlp: Language, name: str = "eligex_named", *, recogniser: str = "ner_chia") -> None:
        super().__init__(name)
        self._nlp, self._recogniser = nlp, recogniser

    def find(self, doc: Doc) -> list[Named]:
        """Return the first character, the end and the label of what conditions name, where no entity is."""
        return self._find([doc])[0]

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Read Docs, a batch at a time."""
        rest = iter(stream)
        while docs := list(islice(rest, batch_size)):
            for doc, found in zip(docs, self._find(docs), strict=True):
                self.set_annotations(doc, found)
            yield from docs

    def _find(self, docs: Sequence[Doc]) -> list[list[Named]]:
        found: list[list[Named]] = [[] for _ in docs]
        conditions = [_conditions(doc) if doc.tensor.size else [] for doc in docs]
        places = [place for place, of in enumerate(conditions) if of]
        recogniser = self._other() if places else None
        if recogniser is None:
            return found
        inside = [_inside(docs[place], conditions[place]) for place in places]
        marked = recogniser.find([docs[place] for place in places], inside)
        for place, of, entities in zip(places, inside, marked, strict=True):
            found[place] = _named(docs[place], conditions[place], of, entities)
        return found

    def set_annotations(self, doc: Doc, found: list[Named]) -> None:
        """Write it."""
        doc._.eligex_named = [list(each) for each in found]  # plain data, as JSON gives it back

    def _other(self) -> ChainRecognizer | None:
        if self._recogniser in self._nlp.pipe_names or self._recogniser not in self._nlp.component_names:
            return None
        found: Any = self._nlp.get_pipe(self._recogniser)
        return found if isinstance(found, ChainRecognizer) else None


def _conditions(doc: Doc) -> list[Span]:
    return [(tag.start, tag.end) for tag in suspected_of(doc) if tag.type == CONDITION]


def _inside(doc: Doc, conditions: list[Span]) -> Array:
    """Return for each token whether it is in a condition."""
    starts = token_starts(doc).tolist()
    inside = np.zeros(len(doc), dtype=bool)
    for start, end in conditions:
        inside[bisect_right(starts, start) - 1 : bisect_right(starts, end - 1)] = True
    return inside


def _named(doc: Doc, conditions: list[Span], inside: Array, entities: list[Marked]) -> list[Named]:
    starts: list[int] = token_starts(doc).tolist()
    taken = np.isin(doc.to_array("ENT_TYPE"), [doc.vocab.strings[label] for label in DOMAIN_LABELS])
    found = [
        (starts[first], starts[end - 1] + len(doc[end - 1]), label)
        for first, end, label in entities
        if label in DOMAIN_LABELS and inside[first:end].all() and not taken[first:end].any()
    ]
    for start, end in conditions:
        found += [each for each in _known(text_of(doc), start, end) if not _overlaps(each, found)]
    return sorted(found)


def _known(text: str, start: int, end: int) -> Iterator[Named]:
    for match in _KNOWN.finditer(text, start, end):
        yield *match.span(), match.lastgroup or CONDITION


def _overlaps(named: Named, others: list[Named]) -> bool:
    return any(named[0] < end and start < named[1] for start, end, _ in others)


@Language.factory(
    "eligex_named",
    requires=["doc.ents", "doc.spans", "doc.tensor"],
    assigns=["doc._.eligex_named"],
    default_config={"recogniser": "ner_chia"},
)
def make_named(nlp: Language, name: str, recogniser: str) -> NamedInConditions:
    """Create the pipe.

    Parameters
    ----------
    recogniser
        The recogniser of the model that marks what conditions name; it is not run as a pipe.
    """
    return NamedInConditions(nlp, name, recogniser=recogniser)
