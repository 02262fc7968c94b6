"""Pipe: headings, criteria and sentences → ``doc._.eligex_segments`` and ``token.is_sent_start``.

:func:`eligex.layout.segment.segment` reads; this pipe writes plain dicts and lists, and makes every heading,
marker, criterion, sentence and unparsed fragment begin a sentence of the Doc, so that no later pipe (the
entity recogniser, ConText) reads across them.
"""

# No postponed annotations here: spaCy's factories need the annotations of their arguments evaluated.
import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from eligex.layout.segment import Segmentation, segment
from eligex.pipes.base import Component
from eligex.pipes.doc import text_of, token_starts
from eligex.schema import SourceField
from eligex.spans import of_plain, plain


class Segmenter(Component[Segmentation]):
    """Cuts a Doc into criteria with :func:`eligex.layout.segment.segment`."""

    def find(self, doc: Doc) -> Segmentation:
        """Return the segmentation of ``doc.text``, of the type and fields that the Doc's trial gives."""
        fields = [of_plain(SourceField, item) for item in doc._.eligex_fields or ()]
        return segment(text_of(doc), type=doc._.eligex_type, fields=fields)

    def set_annotations(self, doc: Doc, found: Segmentation) -> None:
        """Write the segmentation as plain data, and the sentence starts."""
        doc._.eligex_segments = plain(found)
        if not len(doc):
            return
        offsets = token_starts(doc)[:-1]
        starts = np.fromiter(sorted(sentence_starts(found)), dtype=np.int64)
        flags = np.full(len(doc), -1, dtype=np.int64)
        flags[np.maximum(np.searchsorted(offsets, starts, side="right") - 1, 0)] = 1
        flags[0] = 1
        doc.from_array(["SENT_START"], flags.astype(np.uint64).reshape(-1, 1))  # type: ignore[arg-type]


@Language.factory(
    "eligex_segmenter",
    assigns=["doc._.eligex_segments", "token.is_sent_start", "doc.sents"],
    retokenizes=False,
)
def make_segmenter(nlp: Language, name: str) -> Segmenter:
    """Create the pipe."""
    return Segmenter(name)


def sentence_starts(found: Segmentation) -> set[int]:
    """Return the offsets where a heading, a marker, a sentence or an unparsed fragment begins."""
    starts = {item.start for item in found.headings} | {item.start for item in found.unparsed}
    for criterion in found.criteria:
        starts.add(criterion.marker_start)
        starts.update(start for start, _ in criterion.sentences)
    return starts
