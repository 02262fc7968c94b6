"""Entities that the recogniser missed and the words around them give away.

Decides that an abbreviation beside another one in a list is a thing of the same kind ("HIV, HBV or HCV"),
that what a test is negative for is a disease, and that a gene belongs to its change ("NTRK1/2/3 fusion").
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from collections.abc import Iterator, Sequence
from itertools import pairwise

from spacy.tokens import Doc, Span, Token

from eligex.language.phrase_sets import Phrases, written_out
from eligex.language.phrases import phrase_after
from eligex.lexicon.entity_rules import entity_words
from eligex.pipes.doc import lower_words
from eligex.schema import DOMAIN_LABELS

_WORDS = entity_words()
_TOLD_OF = Phrases((words, None) for words in written_out(_WORDS.told_of, {}, "{!r} of told_of".format))
_JOINS = frozenset({",", "/", "or", "and", "and/or"})
_LISTED = frozenset({"Condition", "Drug", "Procedure"})
_FEW = 4
"""Most words of what a test is negative for."""
_GENE_WORDS = 8
"""Most tokens between a gene and its change."""


def told_of(doc: Doc, taken: Sequence[bool]) -> Iterator[Span]:
    """Yield the first thing after words such as "negative for", where there is no entity.

    "Negative for HBV/HCV" → "HBV"; :func:`list_members` finds its neighbour.
    """
    low = lower_words(doc)
    if _TOLD_OF.first_words.isdisjoint(low):
        return
    for cue, word in enumerate(low[:-1]):
        if word not in _TOLD_OF.first_words:
            continue
        length = _TOLD_OF.length(low[cue : cue + _FEW])
        if not length or cue + length >= len(low):
            continue
        start = cue + length
        stop = next((i for i in range(start, len(low)) if doc[i].is_sent_start), len(low))
        last = doc[stop - 1]
        place = phrase_after(doc.text, doc[start].idx, last.idx + len(last), longest=_FEW)
        span = doc.char_span(*place, alignment_mode="expand") if place else None
        if span is not None:
            end = next((token.i for token in span if token.text == "/"), span.end)
            if span.start < end and not any(taken[span.start : end]):
                yield Span(doc, span.start, end, label="Condition")


def as_diseases(doc: Doc, found: Sequence[Span]) -> list[Span]:
    """Return the entities with the label of their neighbour where a test is negative for both.

    "Negative for hepatitis B/hepatitis C", where hepatitis B is a Measurement, the other one a Condition.
    """
    kept, low = list(found), lower_words(doc)
    for place, (entity, other) in enumerate(pairwise(found)):
        if entity.label_ != "Measurement" or other.label_ != "Condition":
            continue
        before = low[max(entity.start - _FEW, 0) : entity.start]
        told = any(_TOLD_OF.length(before[i:]) == len(before) - i for i in range(len(before)))
        if told and _JOINS.issuperset(low[entity.end : other.start]):
            kept[place] = Span(doc, entity.start, entity.end, label="Condition")
    return kept


def list_members(doc: Doc, found: Sequence[Span], taken: Sequence[bool]) -> Iterator[Span]:
    """Yield the abbreviations that are in one list with an abbreviation that is an entity.

    "HIV, HBV or HCV", where HIV is a Condition → HBV, HCV.
    """
    free = list(taken)
    for entity in found:
        if entity.label_ not in _LISTED or not _is_short(doc, entity.end - 1):
            continue
        for step in (1, -1):
            place = entity.end if step > 0 else entity.start - 1
            while (member := _next_member(doc, place, step, free)) is not None:
                free[member] = True
                yield Span(doc, member, member + 1, label=entity.label)
                place = member + step


def _next_member(doc: Doc, place: int, step: int, taken: Sequence[bool]) -> int | None:
    """Return the abbreviation after the connectors at ``place``, if no entity takes it."""
    joined = 0
    while 0 <= place < len(doc) and doc[place].lower_ in _JOINS and joined < 2:
        place, joined = place + step, joined + 1
    if not joined or not 0 <= place < len(doc) or taken[place] or not _is_short(doc, place):
        return None
    return None if doc[max(place, place - step)].is_sent_start else place


def _is_short(doc: Doc, place: int) -> bool:
    """Whether a token is an abbreviation in a text that is not all upper case."""
    text = doc[place].text
    capitals = sum(map(str.isupper, text))
    if capitals < 2 or not text[0].isalpha() or doc[place].lower_ in _WORDS.no_members:
        return False
    around = doc[max(place - _GENE_WORDS, 0) : place + _GENE_WORDS]
    return any(token.is_lower for token in around) or len(around) <= _FEW


def with_genes(doc: Doc, found: Sequence[Span]) -> list[Span]:
    """Return the entities with the genes before a change of genes taken into it.

    "NTRK1/2/3 [gene fusion]" → "NTRK1/2/3 gene fusion"; "1p/19q codeletion" becomes an entity.
    """
    low = lower_words(doc)
    if _WORDS.variants.isdisjoint(low):
        return list(found)
    changes = [place for place, word in enumerate(low) if word in _WORDS.variants]
    owner: dict[int, Span] = {i: entity for entity in found for i in range(entity.start, entity.end)}
    gone: set[int] = set()
    new: list[Span] = []
    for place in changes:
        start = _gene_start(doc, place, owner)
        if start is None or (new and start < new[-1].end):  # "mutation variants" is one change
            continue
        held = owner.get(place)
        inside = {owner[i].start for i in range(start, place + 1) if i in owner}
        end = max(held.end if held else 0, place + 1)
        label = held.label_ if held is not None and held.label_ in DOMAIN_LABELS else "Measurement"
        gone |= inside
        new.append(Span(doc, start, end, label=label))
    return sorted([e for e in found if e.start not in gone] + new, key=lambda e: e.start)


def _gene_start(doc: Doc, end: int, owner: dict[int, Span]) -> int | None:
    """Return where the genes before a change begin; None if there are none, or another entity has them."""
    held = owner.get(end)
    first = held.start if held is not None and held.label_ in DOMAIN_LABELS else end
    start, named = first, False
    for i in range(first - 1, max(first - 1 - _GENE_WORDS, -1), -1):
        other, word = owner.get(i), doc[i].lower_
        if doc[i + 1].is_sent_start or word in _WORDS.no_members:
            break
        if other is not None and other.label_ in DOMAIN_LABELS:
            if other.label_ == "Measurement" and all(map(_is_gene, other)):
                return other.start  # "[EGFR] exon 19 deletion"
            break
        gene = _is_gene(doc[i])
        if gene or word in _WORDS.of_variants:
            letters = any(map(str.isalpha, word)) and (gene or len(word) == 1)  # "NTRK1", the "p" of "1p"
            start, named = i, named or letters
        elif word not in ("/", "-"):
            break
    return start if named else None


def _is_gene(token: Token) -> bool:
    text = token.text
    follows = token.i > 0 and token.nbor(-1).text == "/"  # the "B" of "CDKN2A/B"
    return any(map(str.isdigit, text)) or (text.isupper() and (len(text) > 1 or follows))
