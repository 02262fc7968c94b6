"""Which tokens the entities of a document take while more are added, and how they give way to a name.

Decides that an entity which cuts the name of a measurement gives its part of it up: "[CA] [15-3 > 30]" →
"CA 15-3 [> 30]".
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from collections.abc import Iterable, Sequence

from spacy.tokens import Doc, Span


class Held:
    """The entities found so far, which do not overlap, and the tokens that are taken.

    Parameters
    ----------
    doc
        The document.
    found
        Its entities.
    """

    def __init__(self, doc: Doc, found: Iterable[Span]) -> None:
        self.found: list[Span] = []
        self.taken = [False] * len(doc)
        self._owners: list[Span | None] = [None] * len(doc)
        self.extend(found)

    def in_order(self) -> list[Span]:
        """Return the entities in text order."""
        return sorted(self.found, key=lambda span: span.start)

    def is_free(self, span: Span) -> bool:
        """Whether no token of a span is taken."""
        return True not in self.taken[span.start : span.end]

    def close(self, span: Span) -> None:
        """Take the tokens of a span, which becomes no entity."""
        self.taken[span.start : span.end] = [True] * len(span)

    def add(self, span: Span) -> None:
        """Make a span an entity."""
        self.close(span)
        self._owners[span.start : span.end] = [span] * len(span)
        self.found.append(span)

    def extend(self, spans: Iterable[Span]) -> None:
        """Make spans entities."""
        for span in spans:
            self.add(span)

    def free(self, name: Span) -> None:
        """Free the tokens of a measurement's name that entities cut, unless something of them stays in it.

        "[CA] [15-3 > 30]" → "CA 15-3 [> 30]"; "[≥ 120 bpm HR]" → "[≥ 120 bpm] HR"
        """
        inside = self._owners[name.start : name.end]
        over = {owner.start: owner for owner in inside if owner is not None}.values()
        rest = [span for entity in over for span in _without(entity, name)]
        if any(span.start < name.end and name.start < span.end for span in rest):
            return
        for entity in over:
            low, high = max(entity.start, name.start), min(entity.end, name.end)
            self.taken[low:high] = [False] * (high - low)
            self._owners[entity.start : entity.end] = [None] * len(entity)
        gone = {id(entity) for entity in over}
        self.found = [entity for entity in self.found if id(entity) not in gone]
        self.extend(rest)


def _without(entity: Span, name: Span) -> Sequence[Span]:
    """Return what is left of an entity that cuts a name, or the entity where it does not."""
    numbered = len(name) > 1 and name[-1].like_num
    if entity.label_ == name.label_:
        return [] if numbered and entity.start == name.start and entity.end < name.end else [entity]
    if entity.label_ != "Value":
        return [entity]
    if numbered and name.start < entity.start:
        return [Span(entity.doc, name.end, entity.end, label="Value")] if name.end < entity.end else []
    if entity.start < name.start and entity.end == name.end:
        return [Span(entity.doc, entity.start, name.start, label="Value")]
    return [entity]
