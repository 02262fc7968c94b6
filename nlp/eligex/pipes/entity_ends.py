"""Where entities of a recogniser begin and end: without the marks and function words at their ends.

"Body mass index (" loses its parenthesis, "at Visit 2 (baseline" is extended to the closing one, and what
names nothing by itself is no entity.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
from collections.abc import Sequence

from spacy.tokens import Doc, Span

from eligex.lexicon.entity_rules import entity_words
from eligex.pipes.doc import lower_words
from eligex.schema import DOMAIN_LABELS

_WORDS = entity_words()
_DENIED: dict[str, list[list[str]]] = {}
"""The words that deny, at the beginning of an entity, by their first: "incapable of [walking]"."""
for _cue in sorted(_WORDS.denied_first):
    _DENIED.setdefault(_cue.split()[0], []).append(_cue.split())
_OF_SOMEBODY = frozenset({"'s", "’s", "'", "’"})
_LEADS = frozenset({"for", "of"})


def tidied(doc: Doc, found: Sequence[Span]) -> list[Span]:
    """Return entities without marks and function words at their ends and with balanced parentheses.

    What names nothing by itself ("[obtained] within 14 days") is left out.
    """
    low = lower_words(doc)
    entities: list[Span] = []
    for entity in found:
        start, end = _trimmed(low, entity.start, entity.end)
        if end - start == 1 and _names_nothing(low, start, entity.label_):
            continue
        if start < len(low) and low[start] in _WORDS.species and (genus := _genus(doc, start)) < start:
            start = genus
            if entities and entities[-1].end > start:
                entities.pop()
        if end - start == 1 and low[start] in _WORDS.named_after:
            start = _namesake(doc, start, entities[-1].end if entities else 0)
        depth = low[start:end].count("(") - low[start:end].count(")")
        if depth == -1 and start and low[start - 1] == "(" and low[end - 1] != ")":
            last = entities[-1] if entities else None
            if last is not None and last.end == start - 1 and not doc[start].is_sent_start:
                start = entities.pop().start  # "[radiation] ([RT) boost]" → "[radiation (RT) boost]"
                depth = 0
        if depth:
            end = _balanced(doc, start, end, depth, entity.label_)
        if start < end:
            same = (start, end) == (entity.start, entity.end)
            entities.append(entity if same else Span(doc, start, end, label=entity.label))
    return entities


def _trimmed(low: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Return where an entity begins and ends without blanks, function words and words that deny."""
    while start < end and (low[end - 1] in _WORDS.never_last or low[end - 1].isspace()):
        end -= 1
    how = start + int(low[start] in _WORDS.denied_how)  # "mentally incapable of [walking]"
    if how < end:
        cues = _DENIED.get(low[how], ())
        start = next(
            (how + len(cue) for cue in cues if low[how : min(how + len(cue), end - 1)] == cue), start
        )
    while start < end and (low[start] in _WORDS.never_first or low[start].isspace()):
        start += 1
    return start, end


def _names_nothing(low: Sequence[str], place: int, label: str) -> bool:
    """Whether a word is no entity by itself, or not before "for" and "of"."""
    if low[place] in _WORDS.never_alone and label in DOMAIN_LABELS:
        return True
    return low[place] in _WORDS.cut_cues and place + 1 < len(low) and low[place + 1] in _LEADS


def _genus(doc: Doc, species: int) -> int:
    """Return where the abbreviated genus before a species begins: "[H.] pylori"; the species without one."""
    before = doc[max(species - 2, 0) : species].text
    return species - 2 if len(before) == 2 and before[0].isupper() and before[1] == "." else species


def _namesake(doc: Doc, place: int, low: int) -> int:
    """Return where the name begins that a disease has of somebody: "with [Gilbert's] syndrome".

    That is a word with a capital letter in the middle of a sentence, behind the last entity.
    """
    first = place - 1
    of = first > low and doc[first].lower_ in _OF_SOMEBODY
    first -= of
    if first < max(low, 1) or doc[place].is_sent_start or (doc[place].text.istitle() and not of):
        return place
    return first if _is_name(doc, first) else place


def _is_name(doc: Doc, place: int) -> bool:
    """Whether a word is a name by its letters, between two words of a sentence."""
    word, before = doc[place], doc[place - 1]
    between = not word.is_sent_start and before.text.isalpha() and before.text.islower()
    return between and len(word) > 2 and word.text.istitle() and word.text.isalpha()


def _balanced(doc: Doc, start: int, end: int, depth: int, label: str) -> int:
    """Return the end that includes a missing ")" or excludes one without "("."""
    if depth == 1 and end < len(doc) and doc[end].text == ")" and not doc[end].ent_type:
        return end if doc[end].is_sent_start else end + 1
    if depth == -1 and doc[end - 1].text == ")" and end - 1 > start:
        return end - 1
    if depth == -1 and label == "Measurement" and start and doc[start - 1].text == "(":  # "(HAM-D 17) score"
        return next(place for place in range(start, end) if doc[place].text == ")")
    return end
