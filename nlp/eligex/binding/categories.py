"""Categories of the TNM classification as entities: the "T" of "T2-3", whatever the recogniser marked there.

Decides that the letter with its prefix is the entity of its values ("N0-1M0", which is marked as one, is two
things), and that a mark that reaches further keeps the words around them ("T4 tumors" → "tumors").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Protocol

from eligex.binding.naming import Cues
from eligex.binding.tree import Mention
from eligex.binding.words import SCALE_TO
from eligex.language.connectors import EITHER
from eligex.language.phrases import content_words
from eligex.quantities.tnm import SCALE, adds_nothing, says_how
from eligex.schema import DOMAIN_LABELS, Quantity

_LABEL = "Measurement"
_ORDER = "TNM"
_WIDEST_GAP = 40
"""Characters between neighbours of one group, or of two."""
_ANY_REACH = 8
_LETTER = re.compile(r"(?:yp|yc|[cpryu])?[TNM]")
# "T2, [NX]", of which nothing is known
_UNKNOWN = re.compile(r"(?P<name>(?:yp|yc|[cpryu])?[TNM])[xX]")
# "T4, [any N]", "[T any], N1": a letter of which nothing is asked
_ANY = re.compile(r"(?P<any>any\s{0,3})?(?:yp|yc|[cpryu])?[TNM](?P<then>\s{0,3}any)?", re.IGNORECASE)
_ANY_BEFORE, _ANY_AFTER = (
    re.compile(r"\bany\s{1,3}$", re.IGNORECASE),
    re.compile(r"\s{1,3}any\b", re.IGNORECASE),
)
_HANGS = re.compile(r"(?:of|in|with|by|on|at)\b", re.IGNORECASE)
# "(T4 [tumors]"
_WORDS = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)


def with_categories(
    text: str,
    mentions: Sequence[Mention],
    quantities: Iterable[Quantity],
    cues: Cues,
) -> tuple[list[Mention], Cues]:
    """Return the mentions with the letters of categories as entities, and their cues.

    Parameters
    ----------
    text
        The text of the document.
    mentions
        Its entities, in text order.
    quantities
        Its values, in text order.
    cues
        The context cues of each entity, by its place; a letter has those of what was marked in its place.
    """
    found = [each for each in quantities if each.scale == SCALE]
    if not found:
        return list(mentions), cues
    kept: list[Mention] = []
    said = dict(cues)
    for mention in mentions:
        rest = _rest(text, mention, [each for each in found if _overlap(mention, each)])
        if rest is not None and not _is_any(text, rest):
            kept.append(_as_qualifier(text, rest, found))
            if rest != mention and (told := cues.get((mention.start, mention.end))):
                said[rest.start, rest.end] = told
    for each in found:
        if each.about is not None and is_of_letter(text, each):
            kept.append(Mention(*each.about, _LABEL))
            marked = (cues.get((m.start, m.end), ()) for m in mentions if _overlap(m, each))
            if told := tuple(dict.fromkeys(chain.from_iterable(marked))):
                said[each.about] = told
    return sorted(kept), said


class Valued(Protocol):
    """What has a place and values."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def limits(self) -> Sequence[Quantity]:
        """Its values."""


def groups_of(text: str, sides: Sequence[Valued]) -> Iterator[tuple[int, int, set[int]]]:
    """Yield the first and the last of neighbours that are categories, and where further groups begin.

    A group begins where a letter is there again: "[T3 N0] or [T1-2 N1]".
    """
    names = [_letter(text, side) for side in sides]
    runs: list[list[int]] = []
    for place, name in enumerate(names):
        if name and place and names[place - 1] and _is_near(text, sides[place - 1], sides[place]):
            runs[-1].append(place)
        elif name:
            runs.append([place])
    for run in runs:
        begins, seen, last = set[int](), dict[str, str](), ""
        for place in run:
            prefix, letter = (names[place] or "")[:-1], (names[place] or "")[-1:]
            if letter in seen and "" not in (prefix, seen[letter]) and prefix != seen[letter]:
                break  # "cT2 N0, pT1 N0" says two things
            back = last and _ORDER.index(letter) < _ORDER.index(last)  # "T3, any N or any T, N2"
            if letter in seen or (back and EITHER.search(gap_between(text, sides[place - 1], sides[place]))):
                begins.add(place)
                seen = {}
            seen[letter], last = prefix, letter
        else:
            if len(run) > len(begins) + 1:
                yield run[0], run[-1], begins


def _letter(text: str, side: Valued) -> str | None:
    """Return the letter of a category with its prefix, or None for another thing."""
    if not side.limits:
        unknown = _UNKNOWN.fullmatch(text, side.start, side.end)
        return unknown["name"] if unknown else None
    named = side.limits[0].scale == SCALE and _LETTER.fullmatch(text, side.start, side.end)
    return named[0] if named else None


def gap_between(text: str, left: Valued, right: Valued) -> str:
    """Return the words between the values of two categories."""
    start = left.limits[0].end if left.limits else left.end
    return text[start : right.limits[0].start if right.limits else right.start]


def _is_near(text: str, left: Valued, right: Valued) -> bool:
    gap = gap_between(text, left, right)
    return len(gap) <= _WIDEST_GAP and "." not in gap


def is_of_letter(text: str, quantity: Quantity) -> bool:
    """Whether a value is that of a category's letter, and not of a stage or disease beside it."""
    of = quantity.about
    return quantity.scale == SCALE and of is not None and _LETTER.fullmatch(text, *of) is not None


def _overlap(mention: Mention, quantity: Quantity) -> bool:
    return quantity.start < mention.end and mention.start < quantity.end


def _rest(text: str, mention: Mention, over: Sequence[Quantity]) -> Mention | None:
    """Return what a mark says beside categories, or None if it says nothing: "N2 disease"."""
    if not over:
        return mention
    lettered = all(is_of_letter(text, each) for each in over)
    bounds = [mention.start, *(place for each in over for place in (each.start, each.end)), mention.end]
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        words = _WORDS.search(text, start, end) if start < end else None
        if words and content_words(words[0]) and not (lettered and adds_nothing(words[0])):
            label = "Qualifier" if _HANGS.match(words[0]) else mention.label  # "pTis [of the cervix]"
            return Mention(words.start(), words.end(), label)
    return None


def _is_any(text: str, mention: Mention) -> bool:
    """Whether a mark is of a letter of which any value will do."""
    match = _ANY.fullmatch(text, mention.start, mention.end)
    if match is None:
        return False
    before = _ANY_BEFORE.search(text, max(0, mention.start - _ANY_REACH), mention.start)
    return bool(match["any"] or match["then"] or before or _ANY_AFTER.match(text, mention.end))


def _as_qualifier(text: str, mention: Mention, found: Sequence[Quantity]) -> Mention:
    """Return the word for a stage right before letters as what narrows them: "[Clinical stage] T2 N0"."""
    after = next((each for each in found if each.start >= mention.end), None)
    if after is None or not is_of_letter(text, after) or mention.label not in DOMAIN_LABELS:
        return mention
    beside = says_how(text[mention.start : mention.end]) and SCALE_TO.fullmatch(
        text, mention.end, after.start
    )
    return mention._replace(label="Qualifier") if beside else mention
