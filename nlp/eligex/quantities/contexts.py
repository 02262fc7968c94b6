"""The words around a number that say what it is: an age, a measurement, a label, the count of a noun.

Decides from the neighbouring words alone; which of the answers counts is left to ``rules`` and ``ages``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from eligex.language.tokens import NUM, WORD, Tokens
from eligex.lexicon.loader import DATA, read_words
from eligex.quantities.unit_names import unit_words
from eligex.quantities.units import parse_unit, per_time

Span = tuple[int, int]
Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Contexts:
    """The word lists of ``contexts.toml``; the file says what each is for."""

    anchors: Words
    fillers: Words
    extremes: Words
    inclusive: Words
    range_joints: Words
    between_joints: Words
    list_joints: Words
    turned_names: Words
    minus_leads: Words
    sight: Words
    no_sight: Words
    pressures: Words
    pressure_stems: tuple[str, ...]
    pressure_kinds: Words
    bound_joints: Words
    alternative_joints: Words
    unit_sharers: Words
    unit_closers: Words
    pair_joints: Words
    pair_closers: Words
    age_sharers: Words
    measures: Words
    measure_fillers: Words
    descending: Words
    cells: Words
    cell_fillers: Words
    labels: Words
    months: Words
    test_followers: Words
    test_leads: Words
    unit_joints: Words
    score_joints: Words
    score_followers: Words
    score_words: Words
    score_verbs: Words
    instrument_leads: Words
    value_refusers: Words
    dimensions: Words
    references: Words
    referred: Words
    recoveries: Words
    grade_sources: Words
    to_causes: Words
    named_classes: Words
    class_followers: tuple[str, ...]
    letter_stages: tuple[str, ...]
    worded_units: Words
    ages: Words
    age_fillers: Words
    age_wordings: Words
    other_ages: Words
    age_notes: Words
    directions: Words
    age_openers: Words
    age_closers: Words
    people: Words
    sexes: Words
    young: Words
    people_fillers: Words
    after_duration: Words
    between_times: Words
    noun_stops: Words
    ends_noun: Words
    adjectives: Words
    nouns: Words
    counted_alone: Words
    no_count_leads: Words
    at_least: Words
    may: Words
    allowed: Words
    uncounted: Words
    number_links: Words
    numbered_names: Words
    scale_nouns: Words
    no_scores: Words
    score_labels: Words
    only: Words
    plurals: Words
    irregular: dict[str, str]
    sides_of_age: dict[str, str]
    sides_of_limit: dict[str, str]
    no_plurals: tuple[str, ...]
    no_nouns: tuple[str, ...]
    adjective_endings: tuple[str, ...]


@cache
def contexts() -> Contexts:
    """Return the lists, read once."""
    return read_words(DATA / "contexts.toml", Contexts)


def before(tokens: Tokens, i: int, words: Words, fillers: Words, reach: int) -> int | None:
    """Return the token before ``i`` that is one of the words, with fillers alone between, or None."""
    low = tokens.low
    for k in range(i - 1, max(-1, i - 1 - reach), -1):
        if low[k] in words:
            return k
        if low[k] not in fillers:
            return None
    return None


def age_word(tokens: Tokens, i: int, last: int) -> Span | None:
    """Return the span of the age word before token ``i``, or within ("under the age of 18")."""
    words = contexts()
    k = before(tokens, i, words.ages, words.age_fillers, 9)
    if k is None:
        k = next((k for k in range(i, last) if tokens.low[k] in words.ages), None)
    return None if k is None else (tokens.start[k], tokens.end[k])


def measured(tokens: Tokens, i: int) -> bool:
    """Whether a measurement's name is right before token ``i`` ("BMI of", "eGFR =", "score (")."""
    words = contexts()
    return before(tokens, i, words.measures, words.measure_fillers, 6) is not None


def labelled(tokens: Tokens, i: int) -> bool:
    """Whether the number at token ``i`` is a label, a date or a part of a name ("Part 1", "IL-6")."""
    words = contexts()
    lead = tokens.low[i - 1] if i else ""
    if lead in ("-", "#", ".", "_") and tokens.glued(i) and i > 1 and tokens.glued(i - 1):
        return tokens.kind[i - 2] == WORD
    if lead == "." and i > 1:
        lead = tokens.low[i - 2]
    return lead in words.labels or lead in words.months


def people_before(tokens: Tokens, i: int) -> bool:
    """Whether the expression at token ``i`` opens its sentence or follows a word for people."""
    words, low = contexts(), tokens.low
    for k in range(i - 1, max(-1, i - 6), -1):
        if low[k] in words.people:
            return True
        if tokens.kind[k] == NUM or low[k] not in words.people_fillers:
            return False
    return i <= 5


def test_name(tokens: Tokens, i: int, j: int) -> bool:
    """Whether the duration ``[i, j)`` names a test: "24-hour urine", "6 minute walk", "FEV in 1 second"."""
    words = contexts()
    if tokens.low[j] in words.test_followers:
        return True
    return tokens.low[i - 1] == "in" and i > 1 and tokens.low[i - 2] in words.test_leads


def pressure_before(tokens: Tokens, i: int, reach: int = 120) -> bool:
    """Whether a blood pressure is named at most ``reach`` characters before token ``i``."""
    words, low = contexts(), tokens.low
    for k in range(i - 1, -1, -1):
        if tokens.start[i] - tokens.start[k] > reach:
            return False
        if low[k] in words.pressures or low[k].startswith(words.pressure_stems):
            return True
        if low[k] in ("pressure", "pressures") and low[k - 1] in words.pressure_kinds:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted noun phrase over the tokens ``[i, j)``, and its noun as a unit ("{lines}", "{doses}/wk")."""

    unit: str
    i: int
    j: int
    listed: bool

    @property
    def rate(self) -> bool:
        """Whether the noun is counted per time."""
        return not self.unit.endswith("}")


def counted(tokens: Tokens, j: int, plural: bool) -> Counted | None:
    """Read the noun phrase of counted things at token ``j``."""
    words = contexts()
    low, kind = tokens.low, tokens.kind
    phrase: list[int] = []
    k = j
    while k < j + 9 and len(phrase) < 6 and kind[k] == WORD:
        compound = low[k - 1] == "-" and k > j  # "platinum-based regimen"
        if _joins_adjectives(tokens, k, phrase):  # "2 highly effective and reliable methods"
            phrase.clear()
            k += 1
            continue
        stops = (low[k] in words.noun_stops and not compound) or low[k] in words.ends_noun
        if stops or _on_new_line(tokens, k):
            break
        phrase.append(k)
        k += 1
        if low[k] in ("-", "/") and tokens.glued(k) and tokens.glued(k + 1) and kind[k + 1] == WORD:
            if low[k] == "/" and (is_plural(low[k - 1]) or not any(map(is_plural, low[k + 2 : k + 5]))):
                break  # "5 cells/field"
            phrase.pop()
            k += 1
    while phrase and low[phrase[-1]] in words.adjectives:
        phrase.pop()
    head = _head(tokens, phrase, plural)
    if head is None or any(low[x] in words.uncounted for x in range(j, head + 1)):
        return None
    noun, end = "{" + many(low[head]) + "}", head + 1
    rate = parse_unit(tokens, end) if low[end] in ("/", "per") else None
    if rate is not None:
        return Counted(noun + rate.code, j, rate.j, low[head] in words.nouns)
    each = per_time(tokens, end) if low[end] in unit_words().each else None  # "2 attacks each month"
    if each is not None and low[each[1]] not in words.between_times:
        return Counted(f"{noun}/{each[0]}", j, each[1], low[head] in words.nouns)
    return Counted(noun, j, end, low[head] in words.nouns)


def counts(name: str) -> str | None:
    """Return the unit of a name whose last word is the plural of a counted noun, or None.

    >>> counts("prior chemotherapy regimens"), counts("platelets")
    ('{regimens}', None)
    """
    noun = name.lower().partition(" of ")[0].split()[-1:]  # "lines of therapy"
    return f"{{{noun[0]}}}" if noun and noun[0] in contexts().nouns and is_plural(noun[0]) else None


def _joins_adjectives(tokens: Tokens, k: int, phrase: Sequence[int]) -> bool:
    """Whether token ``k`` joins two adjectives before a counted noun."""
    low, adjective = tokens.low, contexts().adjective_endings
    return (
        low[k] in ("and", "or")
        and bool(phrase)
        and low[phrase[-1]].endswith(adjective)
        and not any(is_plural(low[x]) or many(low[x]) in contexts().counted_alone for x in phrase)
        and low[k + 1].endswith(adjective)
    )


def counted_alone(tokens: Tokens, j: int, plural: bool) -> Counted | None:
    """Read the noun phrase at token ``j`` if a number counts it without a comparator: "two methods"."""
    noun = counted(tokens, j, plural)
    known = noun is not None and noun.unit.strip("{}") in contexts().counted_alone
    if noun is None or not known or (not plural and is_plural(tokens.low[noun.j - 1])):
        return None
    return noun


def _on_new_line(tokens: Tokens, k: int) -> bool:
    """Whether token ``k`` begins a line, and not in lower case, as the next item of a list may."""
    return tokens.broken(k) and not tokens.raw(k)[0].islower()


def _head(tokens: Tokens, phrase: list[int], plural: bool) -> int | None:
    """Choose the counted noun of a phrase: its first plural, else the last noun of the list, else its end."""
    low, words = tokens.low, contexts()
    if plural:
        for k in phrase:
            if is_plural(low[k]):
                return k
    listed = [k for k in phrase if low[k] in words.nouns]
    if listed:
        return listed[-1]
    if plural or not phrase or low[phrase[-1]].endswith(words.no_nouns):
        return None
    return phrase[-1]


def many(noun: str) -> str:
    """Return the plural of a counted noun, as its unit has it.

    >>> many("lesion"), many("therapy"), many("biopsy"), many("children"), many("child"), many("falls")
    ('lesions', 'therapies', 'biopsies', 'children', 'children', 'falls')
    """
    if is_plural(noun):
        return noun
    irregular = contexts().irregular.get(noun)
    if irregular is not None:
        return irregular
    if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou"):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def is_plural(word: str) -> bool:
    """Whether a noun is a plural: "lesions", "children", not "pus"."""
    words = contexts()
    return word in words.plurals or (
        len(word) > 3 and word.endswith("s") and not word.endswith(words.no_plurals)
    )
