"""Lists without marks that the recogniser took for one entity: "[Diabetes mellitus Neurologic disease]".

Old records are one line of text in which each name begins with a capital letter.  Decides that an entity
is cut behind a word that ends the name of a disease or treatment, before a word with a capital letter; not
in a name all in capital letters ("Graft Versus Host Disease"), nor before what goes on with it ("Stage II").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span

from eligex.lexicon.entity_rules import entity_words
from eligex.lexicon.patterns import any_of
from eligex.pipes.doc import text_of
from eligex.schema import DOMAIN_LABELS

_WORDS = entity_words()
_ENDS_IN = re.compile(rf"\w*{any_of(_WORDS.names_end_in)}", re.IGNORECASE)
_ENDS_NAME = re.compile(rf"{any_of(_WORDS.names_end)}|{_ENDS_IN.pattern}", re.IGNORECASE)
_MAY = re.compile(r"[a-z]\s{1,40}[A-Z][a-z]{3}")
"""What an entity must hold to be cut: looked for first, since few do."""
_SHORTEST = 4
"""Letters of the shortest word that begins a name; "II" and "B" do not."""


def cut_run_on(doc: Doc, found: Sequence[Span]) -> list[Span]:
    """Return the entities, a list without marks as its members.

    "[Malignancy Diabetes mellitus Neurologic disease]" → "Malignancy", "Diabetes mellitus",
    "Neurologic disease"
    """
    kept: list[Span] = []
    text = text_of(doc)
    for entity in found:
        may = entity.label_ in DOMAIN_LABELS and _MAY.search(text, entity.start_char, entity.end_char)
        cuts = [*_cuts(doc, entity)] if may else []
        if not cuts:
            kept.append(entity)
            continue
        for start, end in zip([entity.start, *cuts], [*cuts, entity.end], strict=True):
            while doc[end - 1].is_space:
                end -= 1
            kept.append(Span(doc, start, end, label=entity.label))
    return kept


def _cuts(doc: Doc, entity: Span) -> Iterator[int]:
    """Yield the tokens before which an entity is cut."""
    first = entity.start
    for place in range(entity.start + 1, entity.end):
        word = doc[place]
        if not _begins_name(word.text) or (place + 1 < entity.end and doc[place + 1].text.istitle()):
            continue
        before = next(i for i in range(place - 1, first - 2, -1) if not doc[i].is_space)
        if before < first or not doc[first].text[:1].isupper():
            continue
        if _ends_alone(doc, place, entity.end) if before == first else _ends(doc, before):
            yield place
            first = place


def _ends(doc: Doc, place: int) -> bool:
    """Whether a word in small letters ends a name of several words: "Renal [failure]"."""
    return doc[place].is_lower and _ENDS_NAME.fullmatch(doc[place].text) is not None


def _ends_alone(doc: Doc, place: int, end: int) -> bool:
    """Whether the word before is a name of its own, and so is what follows: "[Sarcoma] Renal failure"; not
    "[Polycythemia] Vera".
    """
    before = next(i for i in range(place - 1, -1, -1) if not doc[i].is_space)
    if _ENDS_IN.fullmatch(doc[before].text) is None:
        return False
    goes_on = place + 1 < end and doc[place + 1].is_lower
    return goes_on or _ENDS_IN.fullmatch(doc[place].text) is not None


def _begins_name(text: str) -> bool:
    """Whether a word may begin the name of another disease or treatment: "Neurologic", not "II", "Stage"."""
    return (
        len(text) >= _SHORTEST
        and text[0].isupper()
        and text[1:].islower()
        and text.lower() not in _WORDS.name_goes_on
    )
