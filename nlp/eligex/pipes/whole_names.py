"""Names that the recogniser ended too early: "participation in | a trial", "interleukin [IL-2 | ]".

Decides where a name ends that ends in a function word or inside of brackets: behind the thing that the word
leads to where the name says nothing without it, else before the word; behind the closing bracket if that is
next, else before the opening one.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
import re
from collections.abc import Sequence

from spacy.tokens import Doc, Span

from eligex.language.phrases import phrase_after
from eligex.lexicon.entity_rules import entity_words
from eligex.lexicon.patterns import any_of
from eligex.pipes.doc import lower_words, text_of
from eligex.schema import DOMAIN_LABELS

_WORDS = entity_words()
_LEADING = _WORDS.hanging_leads
_HANGING = _WORDS.hanging | _LEADING
_ARTICLES = _WORDS.hanging_articles
_MAY_HANG = _HANGING | _ARTICLES | _WORDS.never_last
_GOES_ON = re.compile(any_of(_WORDS.goes_on))
_ASIDE = _WORDS.hanging_aside
_LIKE_RESULTS = [name.split() for name in sorted(_WORDS.like_results, key=lambda n: (-len(n), n))]
_FIRST_LIKE_RESULTS = frozenset(name[0] for name in _LIKE_RESULTS)
_BEFORE = max(map(len, _LIKE_RESULTS)) - 1
"""Tokens before an entity in which such a name may begin."""
_MOST_WORDS = 5
"""Words of a name that follow a function word."""
_NEXT = 4
"""Entities that follow a name and are looked at, and one."""
_FAR = 60
"""Tokens from an opening bracket to its closing one."""
_BRACKETS = {"(": ")", "[": "]"}
_SIGNS = frozenset("()[]")


def whole_names(doc: Doc, found: Sequence[Span]) -> list[Span]:
    """Return the entities with whole names; one that goes on with the next one takes it in.

    "[placement of a] [stent]" → "[placement of a stent]"; "[agents that are] new" → "[agents] that are new"
    """
    kept: list[Span] = []
    waiting = sorted(found, key=lambda each: each.start, reverse=True)
    while waiting:
        each = waiting.pop()
        if each.label_ in DOMAIN_LABELS:
            last = kept[-1] if kept and kept[-1].label_ in DOMAIN_LABELS else None
            start, end = _in_brackets(doc, each, last, waiting[-1].start if waiting else len(doc))
            if each.label_ == "Measurement":
                start = _like_result(doc, start, end)
            while kept and start < kept[-1].end:
                start = min(start, kept.pop().start)
            if start >= end:
                continue
            end = _without_hanging(doc, start, end, waiting[:-_NEXT:-1])
            while waiting and waiting[-1].start < end:
                waiting.pop()
            if (start, end) != (each.start, each.end):
                each = Span(doc, start, end, label=each.label)
        kept.append(each)
    return kept


def _like_result(doc: Doc, start: int, end: int) -> int:
    """Return where a name begins of which the recogniser took the front for a result: "[low] density"."""
    low = lower_words(doc)
    if _FIRST_LIKE_RESULTS.isdisjoint(low[max(start - _BEFORE, 0) : start]):
        return start
    for name in _LIKE_RESULTS:
        for first in range(max(start - len(name) + 1, 0), start):
            if low[first : first + len(name)] == name and first + len(name) <= end:
                return first
    return start


def _in_brackets(doc: Doc, entity: Span, last: Span | None, limit: int) -> tuple[int, int]:
    """Return where a name with closed brackets begins and ends; ``limit`` is where the next one begins."""
    start, end = entity.start, entity.end
    if _SIGNS.isdisjoint(lower_words(doc)[start:end]):
        return start, end
    opened: list[int] = []
    for place in range(entity.start, end):
        sign = doc[place].text
        if sign in _BRACKETS:
            opened.append(place)
        elif opened and sign == _BRACKETS[doc[opened[-1]].text]:
            opened.pop()
        elif sign in _BRACKETS.values() and not opened and start == entity.start:
            start = _opened_before(doc, entity, last)
    while opened and end < limit and doc[end].text == _BRACKETS[doc[opened[-1]].text]:
        if doc[end].is_sent_start:
            break
        opened.pop()
        end += 1
    if not opened or not _closes(doc, opened[0]):
        return start, end
    return (start, opened[0]) if opened[0] > start else (start + 1, end)


def _closes(doc: Doc, opening: int) -> bool:
    """Whether a bracket is closed in its sentence."""
    depth = 0
    for place in range(opening, min(opening + _FAR, len(doc))):
        if place > opening and doc[place].is_sent_start:
            break
        depth += (doc[place].text in _BRACKETS) - (doc[place].text in _BRACKETS.values())
        if not depth:
            return True
    return False


def _opened_before(doc: Doc, entity: Span, last: Span | None) -> int:
    """Return where a name begins that closes a bracket opened right before it: "(PD-L1) inhibitor"."""
    before = entity.start - 1
    if before < 0 or doc[before].text not in _BRACKETS or doc[entity.start].is_sent_start:
        return entity.start
    beside = last is not None and all(each.is_space for each in doc[last.end : before])
    if last is not None and beside and last.label_ == entity.label_:
        return last.start  # "[heart block] ([AV] block)" → "[heart block (AV) block]"
    return before if last is None or last.end <= before else entity.start


def _without_hanging(doc: Doc, start: int, end: int, following: Sequence[Span]) -> int:
    """Return where a name ends that ends in function words; ``following`` are the next entities."""
    low = lower_words(doc)
    last = end
    while last - start > 1 and _hangs(doc, low, last - 1):
        last -= 1
    if _LEADING.isdisjoint(low[last:end]) or _GOES_ON.fullmatch(low[last - 1]) is None:
        return last
    first = end
    while first < len(doc) and (low[first] in _ASIDE or doc[first].is_space) and not doc[first].is_sent_start:
        first += 1
    return _named(doc, first, following) or _told(doc, low, first, following) or last


def _named(doc: Doc, first: int, following: Sequence[Span]) -> int | None:
    """Return where the entity ends that begins at a place, perhaps with its description; None without one."""
    for each in following:
        if each.start != first or doc[first].is_sent_start:
            break
        if each.label_ in DOMAIN_LABELS:
            return each.end
        first = each.end if each.label_ == "Qualifier" and each.end < len(doc) else -1
    return None


def _hangs(doc: Doc, low: Sequence[str], place: int) -> bool:
    """Whether a word leads on to another: "in", not that of "drop-in"; "a" behind one, not "vitamin a"."""
    if low[place] not in _MAY_HANG:
        return low[place].isspace()
    word = doc[place]
    if word.text != low[place] or doc[place - 1].text == "-":
        return False
    if word.text in _ARTICLES:
        return low[place - 1] in _HANGING or low[place - 1] in _WORDS.never_last
    return word.text in _HANGING or word.text in _WORDS.never_last


def _told(doc: Doc, low: Sequence[str], first: int, following: Sequence[Span]) -> int | None:
    """Return where a thing that no entity names ends; None without one."""
    limit = following[0].start if following else len(doc)
    stop = next((place for place in range(first, limit) if doc[place].is_sent_start), limit)
    if first >= stop:
        return None
    tail = doc[stop - 1]
    found = phrase_after(text_of(doc), doc[first].idx, tail.idx + len(tail), longest=_MOST_WORDS)
    span = None if found is None else doc.char_span(*found)
    if span is None or span.start != first:
        return None
    end = next((place for place in range(first, span.end) if low[place] in _WORDS.goes_not_on), span.end)
    return end if end > first else None
