"""Bare numbers beside what they limit or count, which only an entity recogniser can tell.

The grammar knows names by its lexicons: "ECOG 0-1" is a limit, "Deauville 4-5" two numbers.  Where the
recogniser found a value that the grammar left alone, and an entity beside it, this module decides whether the
number is a limit of the entity or counts it, or a part of a name ("HPV 16 or 18").  Which words are values
and entities was decided before.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from eligex.language.rules import Rule, decide
from eligex.language.tokens import NUM, WORD, Tokens, tokens_of
from eligex.quantities import scales
from eligex.quantities.contexts import contexts, counted, is_plural, labelled, many
from eligex.quantities.find import find_quantities
from eligex.schema import Quantity
from eligex.spans import shifted

Span = tuple[int, int]

VALUES = frozenset({"Value", "Multiplier"})
"""Labels of what may be a bare number."""
COUNTED = frozenset({"Condition", "Drug", "Procedure", "Observation", "Measurement", "Device", "Visit"})
"""Labels of what a number may count; how many people there are is no limit of a patient."""
_LEAD = "index "
"""A measure that lends a number the words that make it a limit: what the number then says is read."""
_LONGEST_LINK = 6
"""Tokens between a name and its value, at most."""
_MOST_COUNTED = 100
"""The largest number that counts things; a larger one is rather a part of a name."""
_EXTENTS = frozenset({10, 100})
"""Where a scale ends that begins at zero or one: "a 0-10 scale"."""
_BRACKETS = (["("],)
_OPENS = frozenset("([:=#")
_OF = (["of"], ["is"])
_CLOSES = frozenset(")],;.:")
_WORDS = re.compile(r"[^\W\d_]+")


class Thing(NamedTuple):
    """An entity of a sentence."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Case:
    """A bare number, over the tokens ``[i, j)``, among the entities of its sentence.

    ``whole`` tells whether it is the whole value ("4-5", not "2 consecutive").
    """

    tokens: Tokens
    i: int
    j: int
    number: Quantity
    whole: bool
    things: Sequence[Thing]

    @cached_property
    def left(self) -> Thing | None:
        """The entity before the number."""
        start = self.tokens.start[self.i]
        return next((each for each in reversed(self.things) if each.end <= start), None)

    @cached_property
    def right(self) -> Thing | None:
        """The entity behind the number."""
        end = self.tokens.end[self.j - 1]
        return next((each for each in self.things if each.start >= end), None)

    @property
    def before(self) -> str:
        """The word before the number."""
        return self.tokens.low[self.i - 1] if self.i else ""

    @property
    def single(self) -> bool:
        """Whether it is one number without a comparator."""
        return self.number.comparator == "="

    @property
    def extent(self) -> bool:
        """Whether it says how far a scale reaches, rather than where on it a patient is."""
        low, high, words = self.number.threshold, self.number.threshold_high, self.tokens.low
        k = self.i - 1 - (self.before == ":")
        told = k > 0 and words[k] == "range" and words[k - 1] in ("(", "[", ";", ",")
        return told or (low <= 1 and high in _EXTENTS)

    @cached_property
    def link(self) -> list[str] | None:
        """The words between the entity before it and the number, if there are none but linking words."""
        known = contexts().number_links
        return None if self.left is None else self._gap(known, self.left.end, self.tokens.start[self.i])

    @cached_property
    def lead(self) -> list[str] | None:
        """The words between the number and the scale behind it, if they lead from a score to its scale."""
        known = contexts().instrument_leads
        scale = self.scale
        return None if scale is None else self._gap(known, self.tokens.end[self.j - 1], scale.start)

    @cached_property
    def scale(self) -> Thing | None:
        """The entity behind the number, or the scale to which words lead: "4 or 5 on the C-SSRS"."""
        tokens, k = self.tokens, self.j
        while tokens.low[k] in contexts().instrument_leads:
            k += 1
        end = _scale_end(tokens, k) if k > self.j else None
        if end is None or (self.right is not None and self.right.start < tokens.end[end - 1]):
            return self.right
        return Thing(tokens.start[k], tokens.end[end - 1], "Measurement")

    def _gap(self, links: frozenset[str], start: int, end: int) -> list[str] | None:
        tokens = self.tokens
        first, last = bisect_left(tokens.start, start), bisect_left(tokens.start, end)
        gap = list(tokens.low[first:last])
        if gap[:1] in _BRACKETS and ")" in gap[:-1]:  # "(Oken 1982) of"
            gap = gap[gap.index(")") + 1 :]
        return gap if len(gap) <= _LONGEST_LINK and links.issuperset(gap) else None

    def words(self, thing: Thing) -> list[str]:
        """Return the words of an entity, in lower case."""
        return [word.lower() for word in _WORDS.findall(self.tokens.shadow, thing.start, thing.end)]


def find_beside(text: str, values: Iterable[Span], things: Sequence[Thing]) -> list[Quantity]:
    """Find the quantities among the values of a sentence in which the grammar read none.

    Parameters
    ----------
    text
        The sentence; offsets count in it.
    values
        The spans that the recogniser marked as values and the grammar left.
    things
        The entities of the sentence, in order.

    Returns
    -------
    list of Quantity
        Each is about the entity or the counted noun beside it.

    Examples
    --------
    >>> from eligex.quantities.find import canonical
    >>> found = find_beside("Deauville 4-5; 6 warts", [(10, 13), (15, 16)],
    ...     [Thing(0, 9, "Measurement"), Thing(17, 22, "Condition")])
    >>> [canonical(quantity) for quantity in found]
    ['[4,5]', '= 6 {warts}']
    """
    tokens, found = tokens_of(text), []
    for start, end in values:
        case = _case(tokens, start, end, things)
        quantity = None if case is None or _goes_on(case) else _linked(case)
        if quantity is not None:
            found.append(quantity)
    return found


def _linked(case: Case) -> Quantity | None:
    """Return what the first row that matches makes of a number."""
    then = decide(LINKS, case)
    return None if then is None else then(case)


def _case(tokens: Tokens, start: int, end: int, things: Sequence[Thing]) -> Case | None:
    i, j = bisect_left(tokens.start, start), bisect_left(tokens.start, end, hi=tokens.n)
    if i < j and tokens.low[i] in contexts().only:
        i += 1
    for stop in _ends(tokens, i, j):
        if stop > i and (number := _number(tokens, i, stop)) is not None:
            return Case(tokens, i, stop, number, stop >= j, things)
    return None


def _ends(tokens: Tokens, i: int, j: int) -> list[int]:
    """Return where a number in the value ``[i, j)`` may end: "[2] consecutive", "4-5[,] 6 warts"."""
    last = next((k + 1 for k in range(j - 1, i - 1, -1) if tokens.kind[k] == NUM), i)
    if last < j:
        return [j, last]
    rest = _with_rest(tokens, j)
    return [rest, j] if tokens.low[j] == "," else [rest]


def _with_rest(tokens: Tokens, j: int) -> int:
    """Return the end of a list or range of which a part was marked: "[47, 53], or 61", "[60]- 100"."""
    joints = contexts().list_joints | contexts().range_joints
    while tokens.low[j] in joints:
        k = j + 1 + (tokens.low[j + 1] in joints)
        if tokens.kind[k] != NUM:
            break
        j = k + 1
    return j


def _number(tokens: Tokens, i: int, j: int) -> Quantity | None:
    """Read the tokens ``[i, j)`` as a limit without a unit."""
    start, end = tokens.start[i], tokens.end[j - 1]
    read = find_quantities(_LEAD + tokens.text[start:end])
    whole = len(read) == 1 and (read[0].start, read[0].end) == (len(_LEAD), len(_LEAD) + end - start)
    return shifted(read[0], start - len(_LEAD)) if whole and read[0].unit is None else None


def _goes_on(case: Case) -> bool:
    """Whether the number is a part of something longer: "3TC", "exon 19 or [21]"."""
    tokens, i, j = case.tokens, case.i, case.j
    joints = contexts().list_joints | contexts().range_joints
    if (j < tokens.n and tokens.glued(j) and tokens.low[j] not in _CLOSES) or tokens.kind[j] == NUM:
        return True
    if tokens.glued(i) and (case.before not in _OPENS or tokens.kind[i - 2] == NUM):  # "PD-[1]", "3:[1]"
        return True
    return i > 1 and case.before in joints and tokens.kind[i - 2] == NUM


# --- what is measured


def _scale_end(tokens: Tokens, k: int) -> int | None:
    """Return the end of a scale of the lexicon at token ``k``, or of one of so many points."""
    named = scales.scales().at(tokens, k)
    if named is not None and scales.is_scale(tokens.text[tokens.start[k] : tokens.end[named[1] - 1]]):
        return named[1]
    if tokens.kind[k] != NUM or tokens.low[k + 1] != "-" or not tokens.low[k + 2].startswith("point"):
        return None
    return next((end + 1 for end in range(k + 3, k + 7) if tokens.low[end] == "scale"), None)


def _is_name(case: Case, thing: Thing) -> bool:
    """Whether numbers behind an entity are a part of its name: "genotype 1-3", "HPV 16 or 18"."""
    words, known = case.words(thing), contexts()
    return not words or words[-1] in known.labels or words[-1] in known.numbered_names


def _follows_name(case: Case) -> bool:
    left = case.left
    if left is None or case.link is None or not case.whole or case.extent:
        return False
    if left.label != "Measurement" and (left.label != "Condition" or case.link[:1] not in _OF):
        return False  # "pain of 4 to 9"
    low, j = case.tokens.low, case.j
    if "(" in case.link and low[j] not in (")", ","):
        return False  # "triploidy (60-78 chromosomes)"
    if low[j] == "of" and low[j + 1] in contexts().references:
        return False  # "a course of 1 or more of the following"
    if case.single and not case.link:
        return False  # "trisomy 8"
    return not _is_name(case, left)


def _precedes_scale(case: Case) -> bool:
    scale = case.scale
    if scale is None or scale.label != "Measurement" or case.lead is None or not case.whole or case.extent:
        return False
    known = contexts()
    if case.before in known.no_scores if not case.lead else case.before in known.labels - known.score_labels:
        return False
    if case.single and not case.lead:
        return False
    words = case.words(scale)
    instrument = scales.is_scale(case.tokens.text[scale.start : scale.end])
    return instrument or not known.scale_nouns.isdisjoint(words[-1:] if not case.lead else words)


def _limit(case: Case, thing: Thing | None) -> Quantity | None:
    if thing is None:
        return None
    unit, text = _unit(case, thing)
    return replace(case.number, unit=unit, unit_text=text, about=thing[:2])


def _unit(case: Case, thing: Thing) -> tuple[str | None, str | None]:
    """Return the unit that the words of a scale name: "{grade}" and "grade", "{score}" of a status."""
    words, units = case.words(thing), scales.words().units
    said = next((word for word in reversed(words) if word in units), None)
    if said is not None:
        return units[said], said
    nouns = contexts().scale_nouns - {"index"}  # "body mass index"
    return (None if nouns.isdisjoint(words) else "{score}"), None


# --- what is counted


def _noun(case: Case) -> Quantity | None:
    """Return the count of the noun behind the number, if an entity is there: "2-8 migraine headaches"."""
    tokens, number, known = case.tokens, case.number, contexts()
    values = number.threshold_set or (number.threshold, number.threshold_high or number.threshold)
    if not all(isinstance(value, int) and 0 <= value <= _MOST_COUNTED for value in values):
        return None
    if case.before in known.no_count_leads or labelled(tokens, case.i):
        return None
    if case.left is not None and not tokens.text[case.left.end : tokens.start[case.i]].strip():
        return None  # "SGLT 2 inhibitors"
    several = values[-1] != 1 or tokens.low[case.j - 1] == "more"
    noun, right = counted(tokens, case.j, several), case.right
    if right is None or right.label not in COUNTED:
        return None
    if noun is None:
        return _noun_of_entity(case, right, several)
    start, end = tokens.start[noun.i], tokens.end[noun.j - 1]
    if right.start >= end:
        return None
    unit, text = noun.unit, tokens.text[start:end]
    if not noun.rate and not is_plural(tokens.low[noun.j - 1]) and (last := _last_noun(case, right, noun.j)):
        unit, end = "{" + many(last) + "}", right.end
    return replace(number, unit=unit, unit_text=text, about=(start, end), kind="count")


def _noun_of_entity(case: Case, right: Thing, several: bool) -> Quantity | None:
    """Return the count of an entity behind two adjectives, or with a bracket in its name: "2 reliable and
    effective methods", "10 paraffin-embedded (FFPE) slides".
    """
    tokens, known = case.tokens, contexts()
    first, end = (bisect_left(tokens.start, place) for place in (right.start, right.end))
    between = tokens.low[case.j : first]
    if len(between) > _LONGEST_LINK or any(
        is_plural(word) or word in known.noun_stops - {"and", "or"} or not (word.isalpha() or word in "(-)")
        for word in between
    ):
        return None
    last = next((k for k in range(first + 1, end) if tokens.low[k] in known.noun_stops), end)
    nouns = [k for k in range(first, last) if tokens.kind[k] == WORD and tokens.low[k] not in known.uncounted]
    k = next((k for k in nouns if is_plural(tokens.low[k])), None) if several else None
    if k is None and not several and nouns and tokens.low[nouns[-1]] in known.nouns:
        k = nouns[-1]
    if k is None:
        return None
    text = tokens.text[right.start : tokens.end[k]]
    unit = "{" + many(tokens.low[k]) + "}"
    return replace(case.number, unit=unit, unit_text=text, about=right[:2], kind="count")


def _last_noun(case: Case, right: Thing, j: int) -> str | None:
    """Return the last word of the entity behind, if it is not the noun that ends at token ``j``: "1 PD-1
    [inhibitor]", "1 functional [eye] even if".
    """
    tokens, known = case.tokens, contexts()
    if any(each.end == tokens.end[j - 1] for each in case.things):
        return None
    inside = tokens.start[j] < right.end
    if inside and (tokens.low[j] == "(" or (tokens.low[j] in known.noun_stops and tokens.low[j] != "based")):
        return None
    k = bisect_left(tokens.start, right.end) - 1
    return None if tokens.kind[k] != WORD or tokens.low[k].endswith(known.no_nouns) else tokens.low[k]


# fmt: off
LINKS: tuple[Rule[Callable[[Case], bool], Callable[[Case], Quantity | None]], ...] = (
    Rule("name before", _follows_name, lambda case: _limit(case, case.left),
        "<M>Deauville</M> <V>4-5</V> => [4,5]", "<M>HPV</M> <V>16 or 18</V> => "),
    Rule("scale behind", _precedes_scale, lambda case: _limit(case, case.scale),
        "<V>0 or 1</V> on the <M>GOG scale</M> => in {0,1} {score}", "a <V>0-10</V> <M>rating scale</M> => "),
    Rule("counted thing", lambda case: _noun(case) is not None, _noun,
        "<V>2-8</V> severe <C>migraine headaches</C> => [2,8] {headaches}",
        "exon <V>19</V> <C>mutations</C> => "),
)
# fmt: on
"""What makes a bare number a quantity, in the order in which it is tried; examples mark entities."""
