"""The forms of headings, as patterns; ``headings`` decides what a match means.

The words are in ``headings.toml``; this module defines their order.  All repeats are bounded, so that time
is linear in the length of a piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from eligex.lexicon.layout import heading_words
from eligex.lexicon.patterns import any_of

_WORDS = heading_words()
_I = re.IGNORECASE
_X = re.VERBOSE | re.IGNORECASE

_B = r"\s{1,40}"
_NON = r"(?:non[-\s]?)?"
_SUBJECT = any_of(_WORDS.subjects)

STEMS = tuple(_WORDS.stems)
"""Every typed heading contains one of these: a cheap test before the patterns."""
CORE_STEMS = tuple(_WORDS.core_stems)
PARTICIPLES = _WORDS.participles

# "Exclusion criteria include …": the only typed form that may open a long line without a colon
OPENS = re.compile(rf"\W{{0,6}}(?:{any_of(_WORDS.opening_words)}{_B})?{_NON}(?:in|ex)clusi", _I)
# "**Inclusion", "## Inclusion", "[Inclusion"
DECORATION = re.compile(r"(?:\*\*|__|\#{1,6}(?=\s)|--(?=\w)|<b>|\[|【|={1,9}|\"|“|_)\s{0,40}")
_FRAME = r"(?:\*\*|__|--|</b>|\]|】|={1,9}|\"|”|_)?"
# "Criteria**:", "Criteria:**", "Criteria."
CLOSING = re.compile(rf"\s{{0,4}}{_FRAME}\s{{0,4}}(?:[:：;]|\.(?=\s{{0,40}}$))?\s{{0,4}}{_FRAME}:?")
# "1.1 INCLUSION CRITERIA"
CHAPTER = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}\.?\s{1,4}(?=[A-Za-z])")

# "inclusion criteria", "Exclusions", "non-inclusion criteria", "Inclusion/Exclusion Criteria", "Eligibility"
CORE = re.compile(
    rf"""
    \b (?:
        (?P<both> {any_of(_WORDS.either_words)} \s? (?:/|&|and|or) \s? {_NON} (?:in|ex)clusion )
      | (?P<exc> {any_of(_WORDS.exclusion_words)} )
      | (?P<inc> {any_of(_WORDS.inclusion_words)} )
      | (?P<neutral> {any_of(_WORDS.neutral_words)} )
    ) \b
    (?: {_B} (?P<noun> {any_of(_WORDS.criteria_nouns)} \b ) )?
    """,
    _X,
)
# "Criteria for exclusion", "Reasons for exclusion"
REVERSED = re.compile(
    rf"""
    (?P<noun> {any_of(_WORDS.reason_nouns)} ) {_B} {any_of(_WORDS.reason_links)} {_B}
    (?: {any_of(_WORDS.reason_of)} {_B} )?
    (?: (?P<exc> {any_of(_WORDS.reason_exclusion)} ) | (?P<inc> {any_of(_WORDS.reason_inclusion)} ) ) \b
    """,
    _X,
)
# "Criteria:"
BARE_CRITERIA = re.compile(r"criteria\s{0,3}(?:[:：]|$)", _I)
# what may follow "inclusion criteria": "for Part A", "(all must be met)", "- Step 1"
TAIL = re.compile(
    rf"""
    \s{{0,40}} $ | \s{{0,40}} [(\[/,–—-]
  | {_B} (?: {any_of(_WORDS.tail_words)} \b | [IVX]{{1,4}}\b | \d | [A-Z]\b )
    """,
    _X,
)
# "… are as follows", "… include but are not limited to the following"
_INTRODUCES = rf"""
    {_B} (?: {any_of(_WORDS.introducing_modals)} {_B} )? {any_of(_WORDS.introducing_verbs)} \b
    (?: {_B} {any_of(_WORDS.introducing_rest)} ){{0,3}}
"""
INTRODUCES = re.compile(_INTRODUCES, _X)
# "… for both patients and caregivers are"
FOR_INTRODUCES = re.compile(rf"(?: {_B} (?:for|in) {_B} [^.;:()]{{3,60}}? )? {_INTRODUCES}", _X)
# the rest of a line that only introduces: "includes presence of all the following:"
ONLY_INTRO = re.compile(
    rf"""
    [(\[]? (?: [\w/'’-]{{1,40}} {_B} ){{0,14}}? {any_of(_WORDS.only_introducing)} \b
    [^:.;]{{0,40}} [:.)\]]{{0,3}} $
    """,
    _X,
)
DOUBTFUL = re.compile(rf"\b{any_of(_WORDS.doubtful)}\b", _I)
MUST_BE_MET = re.compile(any_of(_WORDS.must_be_met), _I)
DASH = re.compile(r"\s{1,3}[-–—]{1,2}\s")
# "Inclusion Criteria 1. Age", "INCLUSION CRITERIA Patients with" on one line, but not "… Criteria Must Be …"
RUNS_ON = re.compile(
    rf"{_B}(?:\(?1[.)]|\(?[aA][.)]\s|[-–•*·]\s"
    rf"|(?!{any_of(map(str.capitalize, _WORDS.not_running_on))}\b)[A-Z][a-z])"
)

# "Patients will be excluded if", "Subjects must not have any of", "None of the following"
SENTENCE_EXCLUDES = re.compile(
    rf"""
    \b {any_of(_WORDS.being)} {_B} (?: {any_of(_WORDS.being_adverbs)} {_B} )?
       (?: {any_of(_WORDS.excluded)} | not {_B} (?:be{_B})? {any_of(_WORDS.not_being)} )
  | \b {any_of(_WORDS.modals)} \s{{0,40}} n[o']t {_B} (?:be{_B})? (?:considered{_B})?
       {any_of(_WORDS.not_admitted)}
  | \b can\s?not {_B} {any_of(_WORDS.cannot)}
  | \b {any_of(_WORDS.having_modals)} \s? not {_B} {any_of(_WORDS.having)} \b
  | \b {any_of(_WORDS.excluding_modals)} {_B} exclude \b
  | \b excludes? {_B} (?: {_SUBJECT} | {any_of(_WORDS.excluding_objects)} ) \b
  | \b {any_of(_WORDS.excluding_stems)} | \b exclusions? \b | \b {any_of(_WORDS.excluding_phrases)}
  | ^ excluded \b | ^ not {_B} eligible | ^ ineligible
  | \b excluded {_B} {any_of(_WORDS.excluded_links)} \b
    """,
    _X,
)
NOT_EXCLUDED = re.compile(rf"\b{any_of(_WORDS.not_excluded)}", _I)
# "Subjects are eligible if", "To be included in this study", "Patients may participate"
SENTENCE_INCLUDES = re.compile(
    rf"""
    \b {any_of(_WORDS.included_being)} {_B} (?: {any_of(_WORDS.included_adverbs)} {_B} )?
       {any_of(_WORDS.included)}
  | \b eligible {_B} (?: {_SUBJECT} | {any_of(_WORDS.eligible_links)} ) \b | ^ eligible \b | ^ included \b
  | \b {any_of(_WORDS.joining_modals)} {_B} (?:be{_B})? {any_of(_WORDS.joining)}
  | \b for {_B} (?: {any_of(_WORDS.joining_of)} {_B} )? {any_of(_WORDS.joining_nouns)} \b
  | \b inclusion \b | \b eligibility \b | \b {any_of(_WORDS.including_verbs)} {_B} {_SUBJECT}
    """,
    _X,
)
# weaker, so only if no exclusion section is open: "Patients must have", "meeting all of the following"
SENTENCE_REQUIRES = re.compile(
    rf"""
    ^ (?: {any_of(_WORDS.subject_lead)} {_B} ){{0,3}} {_SUBJECT} {_B} (?: \w{{1,40}} {_B} ){{0,4}}?
      {any_of(_WORDS.requiring)} \b
  | \b must {_B} {any_of(_WORDS.requiring_verbs)} \b
  | \b {any_of(_WORDS.requiring_following)} {_B} (?:all{_B})? (?:of{_B})? the {_B} following \b
  | ^ (?:all|each) {_B} (?:of{_B})? (?:the{_B})? (?:following|criteria) \b
    """,
    _X,
)
# "one of the following", "at least two": such a line is the parent of a choice
CHOOSES = re.compile(
    rf"\b{any_of(_WORDS.choice_numbers)}\b(?:{_B}or{_B}more|{_B}\(\w{{1,40}}\))?{_B}(?:of|or)\b"
    rf"|\b{any_of(_WORDS.choice_phrases)}\b",
    _I,
)
NOT_A_SECTION = re.compile(rf"\b{any_of(_WORDS.no_section)}\b", _I)
ASIDE = re.compile(rf"{any_of(_WORDS.asides)}\b", _I)
# words with a statement about patients: "Excluded within 2 weeks of study entry:"
DETAIL = re.compile(rf"\d|\b{any_of(_WORDS.details)}\b", _I)
TIMED = re.compile(rf"\b{any_of(_WORDS.times)}\b", _I)
SECTION_LEAD = re.compile(rf"\b{any_of(_WORDS.section_leads)}\W{{0,40}}$", _I)
# a line without a colon that still introduces a list: "Subjects are eligible if"
LEADS_IN_LINE = re.compile(rf"\b{any_of(_WORDS.line_leads)}\W{{0,40}}$", _I)
STOPPED = re.compile(rf"(?<!e\.g)(?<!i\.e)\.\s|;{_B}[A-Z]")

TOPIC = re.compile(rf"(?:--)?(?P<name>{any_of(_WORDS.topics)})(?:--|\s{{0,2}}[:：])", _I)
# "--Disease Characteristics--"
DASHED_TITLE = re.compile(r"--\s?[\w /(),-]{2,70}?--(?=\s|$)")
REGISTRY_FIELD = re.compile(rf"{any_of(_WORDS.registry_fields)}\s{{0,3}}:", _I)
NOTE = re.compile(rf"\W?{any_of(_WORDS.registry_notes)}", _I)


def _cases(words: Iterable[str]) -> list[str]:
    """Return words with a capital, with a capital at each part, and all in capitals."""
    words = list(words)
    return [*map(str.capitalize, words), *map(str.title, words), *map(str.upper, words)]


_LEAD = any_of([*map(str.capitalize, _WORDS.inline_lead), *map(str.upper, _WORDS.inline_shouted_lead)])
_ALONE = any_of([*map(str.capitalize, _WORDS.inline_alone), *map(str.upper, _WORDS.inline_shouted_alone)])
_WORD = any_of({*_cases(_WORDS.inline_words), "inclusion", "exclusion"})
_NOUN = any_of({*_cases(_WORDS.inline_nouns), *_WORDS.inline_nouns})
# headings in the middle of a paragraph; the words before decide whether it is one
INLINE = re.compile(
    rf"""
    (?P<before> ^ | [.;:)\]}}!?•\w%,"”*] ) [\s*_]{{1,12}} (?: [-–•*] \s{{1,3}} )? \W{{0,2}}
    (?P<heading>
      (?: {_LEAD} {_B} ){{0,3}}
      (?:
        {_WORD} {_B} {_NOUN}
        (?: {_B} {any_of(_WORDS.inline_links)} \b [^:.;\n]{{0,60}} | \s? \( [^()\n]{{1,60}} \) )?
        (?: \s? [:：] -? | \s [-–—] (?=\s) | (?= {_B} (?: 1[.)] | \(1\) | [-–•*]\s ) ) )
      | {_ALONE} \s? [:：]
      )
    )
    """,
    re.VERBOSE,
)
INLINE_HINT = re.compile(r"[nxNX][Cc][Ll][Uu]")
INLINE_TOPIC = re.compile(rf"(?<=\s){any_of(map(str.upper, _WORDS.inline_topics))}:")
# words before "inclusion criteria:" that make it part of a sentence
INSIDE_SENTENCE = re.compile(rf"(?: \b {any_of(_WORDS.inside_sentence)} | [(,/] ) $", _X)
