"""Anchors of time windows: which words after "prior to", "of" or "during" name the point in time.

An anchor is the noun phrase that follows, read without a parser: words up to a stop word or punctuation,
with the short complements that such phrases take ("entry into the study", "first dose of study drug").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from eligex.lexicon.windows import window_words

_WORDS = window_words()
_STUDY = frozenset(_WORDS.anchors["study"])
_KNOWN = _STUDY | frozenset(_WORDS.anchors["event"])
_OPENING = frozenset(_WORDS.anchors["opening"])
_POINT = frozenset(_WORDS.anchors["point"])
_PAST = frozenset(_WORDS.anchors["past"])
_LONGEST = 9

_TOKEN = re.compile(
    r"(?P<blank>\s{0,3})(?P<word>[-–−+]?[0-9]+(?:[.,/-][0-9]+)*|[^\W_][\w'’®™]*(?:[-/][^\W_][\w'’®™]*){0,4}|\()"
)
_NUMBERED = frozenset({"day", "visit", "week", "month", "cycle", "part", "period", "phase", "dose", "v"})
_ASIDE = re.compile(
    r"\s?\((?:visits?|v|days?|weeks?|baseline|screening|c1d1|d|t|period|randomi[sz]ation|icf|pci)\b[^()]{0,24}\)",
    re.IGNORECASE,
)  # Visit 2 (Baseline), screening (Day -1)
_INTO = frozenset(
    [
        "entry",
        "enrollment",
        "enrolment",
        "admission",
        "inclusion",
        "recruitment",
        "participation",
        "participating",
        "enrolled",
        "enrolling",
        "entering",
        "randomization",
        "randomisation",
        "screening",
        "referral",
        "transfer",
        "presentation",
        "exposure",
        "registration",
        "visit",
        "arrival",
        "return",
        "assignment",
        "randomized",
        "randomised",
        "included",
        "being",
        "start",
    ]
)
_TARGETS = re.compile(
    r"\s{1,3}(?:to|into|in|on|for|at)\s{1,3}(?:the|this|a|an|our|present|current|study|trial|hospital|icu|treatment|any)\b",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"\s{0,2}(?:and/or|or|and|/)\s{1,2}(?:the\s|at\s|prior\sto\s|before\s)?"
    r"(?:screening|baseline|randomi[sz]ation|enrol?lment|inclusion|registration|day\s-?[0-9]{1,2}|visit\s[0-9]{1,2}|first\sdose)"
    r"(?=\s{0,2}(?:[.,;)\n]|$)|\svisit\b)",
    re.IGNORECASE,
)  # "screening or baseline."
_MOMENT = re.compile(
    r"(?:time|date|day|moment|point)s?\s(?:point\s)?of\s(?:the\s|their\s|this\s)?(?=\w)", re.IGNORECASE
)
_RECEIVED = re.compile(
    r"(?:the\s)?(?:research\s)?(?:subjects?|participants?|patients?|they)\s(?:has\s|have\s)?"
    r"(?:received|receives?|signed|signs?|completed|completes?)\s(?:the\s|his/her\s|their\s|his\sor\sher\s)?(?=\w)",
    re.IGNORECASE,
)  # "2 weeks after [the subject received the] last dose"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The anchor phrase ``text[start:end]``, and what kinds of anchor words it holds."""

    start: int
    end: int
    words: tuple[str, ...]

    @property
    def is_study(self) -> bool:
        """Whether it names something of the study itself."""
        return any(w in _STUDY for w in self.words)

    @property
    def is_known(self) -> bool:
        """Whether it names anything that the lexicon knows as a point or stretch in time."""
        return any(w in _KNOWN or w.removesuffix("s") in _KNOWN for w in self.words)

    @property
    def is_point(self) -> bool:
        """Whether it names a moment."""
        return any(w in _POINT for w in self.words)

    @property
    def is_past(self) -> bool:
        """Whether it names an event that lies behind the patient."""
        return any(w in _PAST for w in self.words)

    @property
    def is_dated(self) -> bool:
        """Whether a length "of" it can only be a distance to it: "within 28 days of enrollment"."""
        return self.is_known or self.is_past

    @property
    def opens(self) -> bool:
        """Whether its first word alone says that it is an anchor."""
        return bool(self.words) and self.words[0] in _OPENING


def read_anchor(text: str, pos: int) -> Anchor | None:
    """Read the anchor that starts at ``pos``; None if there is none."""
    start = end = -1
    words: list[str] = []
    while len(words) < _LONGEST:
        match = _TOKEN.match(text, pos)
        if match is None or match["word"] == "(":
            break
        word = match["word"].lower()
        if not words and word in _WORDS.openers:
            pos = match.end()
            continue
        if not _continues(word, words):
            break
        start = match.start("word") if not words else start
        pos = end = match.end()
        words.extend(
            part for part in re.split(r"[-/]", word) if part
        ) if word not in _STUDY else words.append(word)
        end = pos = _complement(text, pos, word)
    if not words or words == ["of"]:
        return None
    return _finish(text, start, end, words)


def _continues(word: str, words: list[str]) -> bool:
    if word in _WORDS.stops:
        return False
    if word[0].isdigit() or word[0] in "-–−+":
        return bool(words) and words[-1] in _NUMBERED | {"of"}
    return True


def _complement(text: str, pos: int, word: str) -> int:
    """Step over "into the" of "entry into the study"."""
    if word in _INTO and (match := _TARGETS.match(text, pos)):
        return match.end() if _TOKEN.match(text, match.end()) else pos
    return pos


def _finish(text: str, start: int, end: int, words: list[str]) -> Anchor:
    while words and words[-1] in ("of", "the"):  # "start of" with nothing after it
        words.pop()
        end = start + len(text[start:end].rstrip().rsplit(None, 1)[0])
    if aside := _ASIDE.match(text, end):
        end = aside.end()
    if joined := _JOINED.match(text, end):
        end = joined.end()
    for preamble in (_MOMENT, _RECEIVED):
        if match := preamble.match(text, start, end):
            start = match.end()
    return Anchor(start, end, tuple(words))
