"""The word lists of the layout: ``headings.toml``, ``sentences.toml`` and ``pages.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from eligex.lexicon.loader import DATA, read_table, read_words

MOST_PARTS = 8
"""The largest number in an introduction that can say how many of its parts must hold."""


@dataclass(frozen=True, slots=True)
class HeadingWords:
    """The keys of ``headings.toml``; the file explains each."""

    qualifiers: frozenset[str]
    sentence_words: frozenset[str]
    group_nouns: frozenset[str]
    people: frozenset[str]
    everybody: frozenset[str]
    topics: frozenset[str]
    labels: frozenset[str]
    starters: frozenset[str]
    registry_fields: frozenset[str]
    subjects: frozenset[str]
    subject_lead: frozenset[str]
    stems: frozenset[str]
    core_stems: frozenset[str]
    participles: frozenset[str]
    opening_words: frozenset[str]
    exclusion_words: frozenset[str]
    inclusion_words: frozenset[str]
    neutral_words: frozenset[str]
    either_words: frozenset[str]
    criteria_nouns: frozenset[str]
    reason_nouns: frozenset[str]
    reason_links: frozenset[str]
    reason_of: frozenset[str]
    reason_exclusion: frozenset[str]
    reason_inclusion: frozenset[str]
    tail_words: frozenset[str]
    introducing_modals: frozenset[str]
    introducing_verbs: frozenset[str]
    introducing_rest: frozenset[str]
    only_introducing: frozenset[str]
    doubtful: frozenset[str]
    must_be_met: frozenset[str]
    not_running_on: frozenset[str]
    being: frozenset[str]
    being_adverbs: frozenset[str]
    excluded: frozenset[str]
    not_being: frozenset[str]
    modals: frozenset[str]
    not_admitted: frozenset[str]
    cannot: frozenset[str]
    having_modals: frozenset[str]
    having: frozenset[str]
    excluding_modals: frozenset[str]
    excluding_objects: frozenset[str]
    excluding_stems: frozenset[str]
    excluding_phrases: frozenset[str]
    excluded_links: frozenset[str]
    not_excluded: frozenset[str]
    included_being: frozenset[str]
    included_adverbs: frozenset[str]
    included: frozenset[str]
    eligible_links: frozenset[str]
    joining_modals: frozenset[str]
    joining: frozenset[str]
    joining_nouns: frozenset[str]
    joining_of: frozenset[str]
    including_verbs: frozenset[str]
    requiring: frozenset[str]
    requiring_verbs: frozenset[str]
    requiring_following: frozenset[str]
    choice_numbers: frozenset[str]
    choice_phrases: frozenset[str]
    no_section: frozenset[str]
    asides: frozenset[str]
    details: frozenset[str]
    times: frozenset[str]
    section_leads: frozenset[str]
    line_leads: frozenset[str]
    inline_lead: frozenset[str]
    inline_shouted_lead: frozenset[str]
    inline_words: frozenset[str]
    inline_nouns: frozenset[str]
    inline_links: frozenset[str]
    inline_alone: frozenset[str]
    inline_shouted_alone: frozenset[str]
    inline_topics: frozenset[str]
    inside_sentence: frozenset[str]
    registry_notes: frozenset[str]
    group_members: frozenset[str]
    named_groups: frozenset[str]
    numbered_groups: frozenset[str]
    people_lead: frozenset[str]
    people_links: frozenset[str]
    members: frozenset[str]
    member_links: frozenset[str]
    no_hints: frozenset[str]
    group_introduces: frozenset[str]
    group_verbs: frozenset[str]
    group_ends: frozenset[str]
    everyone: frozenset[str]
    group_names: frozenset[str]
    group_parts: frozenset[str]
    nobody: frozenset[str]
    empty_words: frozenset[str]
    introducing_ends: frozenset[str]
    no_titles: frozenset[str]
    own_groups: frozenset[str]
    bracketed_groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """The keys of ``sentences.toml``; the file explains each."""

    abbreviations: frozenset[str]
    named_by_letter: frozenset[str]
    before_value: frozenset[str]
    openers: frozenset[str]
    sure_openers: frozenset[str]
    ending_abbreviations: frozenset[str]
    before_opener: frozenset[str]
    function_words: frozenset[str]
    cannot_end: frozenset[str]
    awaits_number: frozenset[str]
    opens_limit: frozenset[str]
    rests_of_limit: frozenset[str]
    counts: frozenset[str]
    goes_on_with_limit: frozenset[str]
    joining: frozenset[str]
    choosing: frozenset[str]
    list_leads: frozenset[str]
    limit_leads: frozenset[str]
    cases: frozenset[str]
    excludes: frozenset[str]
    excluding_modals: frozenset[str]
    excluding_verbs: frozenset[str]
    excludes_not: frozenset[str]
    excludes_stems: frozenset[str]
    announced_counts: frozenset[str]
    announced_pairs: frozenset[str]
    no_title: frozenset[str]
    no_title_end: frozenset[str]
    open_modals: frozenset[str]
    open_links: frozenset[str]
    announces: frozenset[str]
    no_parallel: frozenset[str]
    no_parallel_alone: frozenset[str]
    announces_at_end: frozenset[str]
    choices: frozenset[str]
    limits: frozenset[str]
    new_topics: frozenset[str]
    nothing_said: frozenset[str]
    nothing_asked: frozenset[str]
    refers: frozenset[str]
    parts: frozenset[str]
    at_least: frozenset[str]
    choice: frozenset[str]
    choice_anywhere: frozenset[str]
    every: frozenset[str]
    examples: frozenset[str]
    counted: frozenset[str]
    counted_among: frozenset[str]
    times: frozenset[str]
    not_examples: frozenset[str]


@dataclass(frozen=True, slots=True)
class PageWords:
    """The keys of ``pages.toml``."""

    before: frozenset[str]
    after: frozenset[str]
    before_name: frozenset[str]
    titles: frozenset[str]
    title_lead: frozenset[str]
    title_nouns: frozenset[str]


@cache
def heading_words() -> HeadingWords:
    """Return the vocabulary of section headings."""
    return read_words(DATA / "headings.toml", HeadingWords)


@cache
def sentence_words() -> SentenceWords:
    """Return the words that decide where a sentence ends."""
    return read_words(DATA / "sentences.toml", SentenceWords)


@cache
def page_words() -> PageWords:
    """Return the lines that a page shows around an eligibility section."""
    return read_words(DATA / "pages.toml", PageWords)


@cache
def small_numbers() -> dict[str, int]:
    """Return the numbers from one to eight as words and digits: how many parts of a list must hold."""
    rows = read_table(DATA / "number_words.tsv", ("word", "value", "role"), key="word")
    words = {row.cells[0]: int(row.cells[1]) for row in rows if row.cells[2] == "unit"}
    found = {word: value for word, value in words.items() if 1 <= value <= MOST_PARTS}
    return found | {str(value): value for value in found.values()}
