"""Patterns of the words around a time window, built from ``lexicon/data/binding.toml``.

Each pattern reads the text beside a window; what the window is of is decided in
:mod:`eligex.binding.windows` and the modules that it asks.
"""

from __future__ import annotations

import re

from eligex.binding.word_lists import LISTS as _W
from eligex.lexicon.patterns import any_of, compiled, keys_of

OF_ALL = _W.of_all
# "stroke[ (]< 1 year)"
IN_BRACKET = re.compile(r"\s*[(\[]\s*")
# "asthma[, recent (]< 6 weeks) stroke", "asthma or [recent (]within 6 weeks) stroke"
LATELY = compiled(
    rf"(?: [,;:] | \b (?: or | and | and/or | including ) ) \s* {any_of(_W.lately)} \s* [(\[] \s* $"
)
# "recent (< 6 weeks[) acute ]stroke"
LATELY_CLOSED = compiled(r"\s* [)\]] \s* (?: [^\W\d][\w-]* \s+ ){0,3}")
# "stroke[ or ]bleeding"
JOINED = re.compile(r"\s*(?:or|and|and/or|/)\s*", re.IGNORECASE)
# "ALT < 90 ([performed ]within 7 days)", "ALT < 90 ([to be obtained ]within 7 days)"
ONLY_WINDOW = compiled(r"(?: [^\W\d]+ \s+ ){0,4}")
_OTHERWISE = rf"(?: \s*+ ,? \s*+ {any_of(_W.otherwise)} )?"
# "ALT < 90 (within 7 days[).]", "ALT < 90 (within 7 days[ unless otherwise stated)]"
ENDS_ALL = compiled(rf"{_OTHERWISE} \s* [)\]] \W*")
_NOTED = (
    rf"(?: {any_of(_W.noted_things)} [\s:,]+ ){{0,8}}"
    rf" {any_of(_W.noted_must)} \s+ be \s+ {any_of(_W.noted_done)} \s+"
)
# "[These tests must be obtained ]within 7 days"
NOTED = compiled(rf"\W* {_NOTED}")
# "normal organ function[, all labs must be obtained ]within 7 days"
ALSO_NOTED = compiled(rf"[,;] \s* {_NOTED} $")
# "FEV1 > 1 L * [Note:] to be performed within 7 days": of the criterion before it
OPENS_NOTE = compiled(r"\W* notes? \W")
# "These tests must be obtained within 7 days[ unless otherwise stated.]"
ENDS_NOTE = compiled(rf"{_OTHERWISE} \W*")
NOTED_KEYS = keys_of(_W.noted_done)
# "any of the [following] in the past month: falls"
ANNOUNCES = compiled(rf"\b {any_of(_W.announces)} \b")
# "any of the following in the past month[ (see appendix):] falls"; "except:" introduces something else
TO_LIST = compiled(rf"(?! [^:;.]{{0,60}} \b {any_of(_W.exempting_items)} \b ) [^:;.]{{0,60}} :")
# "at least 4 weeks since surgery and [recovered]"
RECOVERED = compiled(any_of(_W.recovered))
# "28 days[ since ]surgery", "14 days[ out from ]the last dose"
COUNTS_FROM = compiled(rf"(?<! \s ) \s+ {any_of(_W.counts_from)} \s+ (?: {any_of(_W.articles)} \s+ )?")
# "gout[ or a history of ]stroke", "history of gout[, or of ]stroke"
BEGINS_ANEW = compiled(
    rf"(?: , | \b (?: and | or | and/or ) \s ) \s* (?: (?! other \b ) [\w\-]+ \s+ ){{0,3}}"
    rf"{any_of(_W.begins_anew)} \b"
    r"| \b (?: and | or ) \s+ of \b"
)
# "antibiotics [for the treatment of severe ]pneumonia"
TREATED = compiled(rf"\b {any_of(_W.treated_for)} \s+ (?: [\w\-/]+ \s+ ){{0,7}} \Z")
# "[current] gout"; "[current or previous] gout", "current gout[ or use of ]aspirin"
NOW = compiled(rf"\b {any_of(_W.now)} \b")
NOW_KEYS = keys_of(_W.now)
# "current gout [or use] of aspirin", "current gout [or who have] had a stroke"
ACT_ANEW = compiled(
    rf"\b (?: or | and/or ) \s+ (?: (?: {any_of(_W.act_openers)} \s+ ){{0,3}} {any_of(_W.act_anew)}"
    rf"| (?: those \s+ )? (?: who \s+ )? {any_of(_W.auxiliaries)} ) \b"
)
NOT_NOW = compiled(rf"\b {any_of(_W.not_now)} \b | [(),\[\]:] | {ACT_ANEW.pattern}")
# "6 months[ after the ]transplant", "6 months[ post-]transplant"
COUNTS_AFTER = compiled(rf"(?<! \s ) \s+ {any_of(_W.counts_after)} [\s\-]+ (?: {any_of(_W.articles)} \s+ )?")
# "[Surgery: patients must be ]at least 28 days since …"
STATES_WINDOW = compiled(
    rf"(?: [^:;.]{{1,60}} : )? [\s\W]{{0,9}} (?: {any_of(_W.states_window)} [\s,:]+ ){{0,7}}"
)
# "recovered[, and it must be ]at least 28 days since …"
BEGINS_SPELL = compiled(
    rf"(?: ^ | [,;:.()] | \b {any_of(_W.list_joints)} \b )"
    rf" \s* (?: {any_of(_W.states_window)} [\s,:]+ ){{0,7}} $"
)
# "4 weeks since[ any other prior ]chemotherapy"
REACHES = re.compile(r"\s+(?:[a-z\-]+\s+){0,5}", re.IGNORECASE)
