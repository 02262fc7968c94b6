"""How the words between two mentions join them.

Decides whether a gap coordinates ("A, B or C"), narrows ("A with B"), gives examples of the left side ("A
such as B", "A: B") or separates ("A; B").  Which mentions are members of one list is decided by
:mod:`eligex.binding.tree`; the words are in ``lexicon/data/connectors.toml``.

In Chia (folds other than the development fold) two neighbouring domain entities of one criterion with only
"or", "," or "/" between them are one OR group in nine of ten cases, and so they are in exclusion criteria
with "and" between them (93 of 121); in inclusion criteria "and" is split evenly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from eligex.lexicon.loader import DATA, read_words
from eligex.lexicon.patterns import any_of, keys_of

ConnectorKind = Literal["and", "or", "comma", "semicolon", "covers", "narrow"]
COORDINATES: frozenset[ConnectorKind] = frozenset({"and", "or", "comma"})
"""The kinds that join the members of a list."""


@dataclass(frozen=True, slots=True)
class Connector:
    """How the right side joins the left one; ``tight`` if the connector is all that lies between."""

    kind: ConnectorKind
    tight: bool


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``connectors.toml``; the file explains each."""

    conjunctions: frozenset[str]
    disjunctions: frozenset[str]
    next_member: frozenset[str]
    covers: frozenset[str]
    fillers: frozenset[str]
    hangs_on: frozenset[str]
    alternative_leads: frozenset[str]
    takes_list: frozenset[str]
    shared_by_list: frozenset[str]
    introduces: frozenset[str]
    introduces_at_end: frozenset[str]
    negates: frozenset[str]
    negated_lead: frozenset[str]
    populations: frozenset[str]
    family_history: frozenset[str]
    own_history: frozenset[str]
    gives_examples: frozenset[str]
    goes_on: frozenset[str]
    such_as: frozenset[str]
    others: frozenset[str]
    has_some: frozenset[str]
    some: frozenset[str]
    the_following: frozenset[str]
    before_or: frozenset[str]
    after_or: frozenset[str]
    opens_item: frozenset[str]
    exclusive: frozenset[str]
    belongs: frozenset[str]
    known_by: frozenset[str]
    begins_another: frozenset[str]
    because_of: frozenset[str]
    kinds_of_cause: frozenset[str]
    kinds_of_treatment: frozenset[str]
    defining: frozenset[str]
    before_defined: frozenset[str]
    good_states: frozenset[str]
    excepts: frozenset[str]
    in_any_sentence: frozenset[str]


_W = read_words(DATA / "connectors.toml", _Words)
_COMMAS = ",、，"
_WORD = re.compile(r"and/or|[^\W\d_]+(?:['’\-][^\W\d_]+)*|[,;:/()&+.、；，]|\d+(?:[.,]\d+)*", re.UNICODE)
_SENTENCE_END = re.compile(r"[.!?。]\s+\W{0,3}[A-Z]")
_COVERS = re.compile(
    rf"\b{any_of(_W.covers)}\b | :\s*$ | ^\s*\(\s*$", re.VERBOSE | re.IGNORECASE
)  # "autoimmune disease such as lupus", "any of: lupus", "bleeding tendency (haemophilia"

# Between two limits of one thing: "> 30 or < 18".
EITHER = re.compile(rf"\b{any_of(_W.disjunctions)}\b|/", re.IGNORECASE)
# What makes a criterion the introduction of a list: "One of the following:".
INTRODUCES = re.compile(
    rf":\s*$|\b{any_of(_W.introduces)}\b|\b{any_of(_W.introduces_at_end)}\W*$", re.IGNORECASE
)
# An introduction that negates its list: "No history of any of the following:", "Must not have:".
NEGATED_LEAD = re.compile(
    rf"""\b{any_of(_W.negates)}\b (?: \s+ {any_of(_W.negated_lead)} ){{0,12}}
    \s* (?: : | (?<=following) | (?<=below) ) [^.;]{{0,40}} $""",
    re.IGNORECASE | re.VERBOSE,
)
# An introduction whose items are examples: "no treatment, [including:]".
_DEFINING = {"defined as", "defined by"}
# From a thing to its examples: "drugs [such as] aspirin", not "[i.e.] aspirin".
EXAMPLES_FOLLOW = re.compile(rf"\b{any_of(_W.such_as)}\b", re.IGNORECASE)
_EXAMPLES = _W.covers - {"other than"} - _DEFINING
COVERS_ITEMS = re.compile(rf"\b{any_of(_EXAMPLES)}\W*$", re.IGNORECASE)
# From a thing to what it is asked to be: "anemia[, defined as] iron deficiency".
DEFINES = re.compile(rf"^[\s,(]*{any_of(_DEFINING)}\b", re.IGNORECASE)
# From a thing to a feature of it, or to what it is of: "cancer[ with active ]metastases", "signs[ of ]gout",
# not "gout[ with or without ]tophi".
_THING = rf"(?: (?! {any_of(_W.begins_another)} (?! \w ) ) [\w'\-]+ \s+ ){{0,5}}"
BELONGS = re.compile(rf"(?: \s* , )? \s+ {any_of(_W.belongs)} \s+ {_THING}", re.IGNORECASE | re.VERBOSE)
# From a thing to that by which one knows it: "renal failure[ (defined as ]creatinine > 3"
KNOWN_BY = re.compile(
    rf"[\s,(]* (?: (?: which | that ) \s+ )? (?: (?: is | are ) \s+ )? {any_of(_W.known_by)} [\s:]+ {_THING}",
    re.IGNORECASE | re.VERBOSE,
)
# "relapse[, or who have ]refused surgery"; "and/or" asks for both, and "or recurrent and not" for the last
ALTERNATIVE = re.compile(rf"(?<![/\w])or\s+(?:{any_of(_W.alternative_leads)}\s+){{0,5}}$", re.IGNORECASE)
# From a negated thing to its complement: "allergy to", "treated with any".
HANGS_ON = re.compile(rf"\s*{any_of(_W.hangs_on)}\s+(?:[a-z\-]+\s+){{0,3}}", re.IGNORECASE)
# A "history" that becomes a modifier of its complements: "family history", "past medical history".
HISTORY = re.compile(
    rf"(?:(?:a|any)\s+)?(?:(?P<family>{any_of(_W.family_history)})|{any_of(_W.own_history)})?"
    r"(?:\s*(?:medical|clinical))?\s*histor(?:y|ies)",
    re.IGNORECASE,
)
# A group of people among others: "men", "healthy volunteers".
POPULATION = re.compile(rf"(?:.*[\s-])?{any_of(_W.populations)}", re.IGNORECASE | re.DOTALL)
# A connector that narrows by the whole list after it: "diabetes with nephropathy or retinopathy".
TAKES_LIST = re.compile(rf"\s*{any_of(_W.takes_list)}\b", re.IGNORECASE)
# The beginning of a sentence of examples: ". [Examples of live vaccines include] measles".
GIVES_EXAMPLES = re.compile(
    rf"[\s\-*•(]{{0,9}}(?:[a-z\-]{{1,30}}\s+){{0,5}}{any_of(_W.gives_examples)}\b", re.IGNORECASE
)
# The end of a sentence before another one: "(urine test). The".
FULL_STOP = re.compile(r"[.!?。][)\]\"']{0,3}\s+\W{0,3}[A-Z0-9]|。")
# A sentence that adds an alternative to the one before, or explains it: "Cysts can [also] be enrolled".
GOES_ON = re.compile(rf"\b{any_of(_W.goes_on)}\b", re.IGNORECASE)
# After a member of an exclusion, other people or any other thing: "gout [and those with] asthma",
# "pregnant [women and] nursing mothers".
_OTHERS = any_of(_W.others)
OTHERS = re.compile(rf"[^,;:.]{{0,60}}\b(?:and|&)\s+{_OTHERS}\b|\s+{_OTHERS}\s+(?:and|&)\s", re.IGNORECASE)
# From a thing to a list of which it has some: "frailty [by meeting two of the following:] weakness, falls".
SOME_OF = re.compile(
    rf"""
    [^,;:.]{{0,40}} \b (?<! limited \s ) {any_of(_W.has_some)} \s
    (?: (?: at \s least \s )? (?: {any_of(_W.some)} | ≥?\s?\d ) (?: \s or \s more )?
        (?: \s of \s (?: {any_of(_W.some)} | \d ) )? \s of \s )?
    {any_of(_W.the_following)} \b [^;.]{{0,60}}? : [^;.]{{0,40}} $
    """,
    re.IGNORECASE | re.VERBOSE,
)
# From a thing to its alternative: "progressed [during or has] relapsed".
IS_OR = re.compile(
    rf"(?:\s+{any_of(_W.before_or)})?,?\s+or(?:\s+{any_of(_W.after_or)}){{0,3}}\s+", re.IGNORECASE
)
# Before the name of a list, and from it to the list: "[any of the following] drugs[:] aspirin, warfarin".
NAMES_LIST = re.compile(rf"\b{any_of(_W.the_following)}(?:\s+[a-z\-]+){{0,2}}\s+$", re.IGNORECASE)
LIST_OF_NAMED = re.compile(r"[^;.:]{0,80}:\s[^;.:]{0,30}$")
# From a thing to examples of what causes it: "edema[ due to another condition (e.g. ]gout", "edema[ caused by
# drugs, such as ]aspirin".
CAUSE_EXAMPLES = re.compile(
    rf"""
    (?P<before> [^,;.:]{{0,60}} ) \b {any_of(_W.because_of)} \s
    (?! any \s (?: cause | reason | etiology | aetiology )s? \b ) (?: [\w\-/]{{1,30}} \s ){{0,6}}?
    (?: {any_of(_W.kinds_of_cause)} | (?P<given> {any_of(_W.kinds_of_treatment)} ) ) (?: \(s\) )?
    (?: \s other \s than (?: \s [\w\-/]{{1,30}} ){{1,4}} )?
    [\s,(\[]{{1,4}} {any_of(_W.such_as)} \b [^;]{{0,40}} $
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What may be before a list that is the whole item: "[- Patients with ]rash, itching and swelling".
OPENS_ITEM = re.compile(rf"[\s\-*•]{{0,9}}(?:{any_of(_W.opens_item)}\s+)?", re.IGNORECASE)
# A disease of which a patient has one or another: "lung cancer, melanoma and sarcoma".
EXCLUSIVE = re.compile(rf"\b{any_of(_W.exclusive)}\b", re.IGNORECASE)
# A sentence that says what a word means: "[Note: Severe is defined as] tophi".
DEFINES_KEYS = keys_of(_W.defining)
DEFINITION = re.compile(
    rf"""
    \W{{0,9}} (?: {any_of(_W.before_defined)} [:,]? \s+ ){{0,2}} (?: (?: an? | the ) \s+ )?
    (?P<subject> [^.;:,\s] [^.;:,]{{0,60}}? ) \s+
    (?: (?: here | {any_of(_W.before_defined)} ) \s+ )?
    (?: is | are | was | were | will \s be ) \s+ {any_of(_W.defining)} \b
    """,
    re.IGNORECASE | re.VERBOSE,
)
GOOD_STATE = re.compile(rf"\b(?<!un)(?<!non-){any_of(_W.good_states)}\b", re.IGNORECASE)
EXCEPTS = _W.excepts
IN_ANY_SENTENCE = _W.in_any_sentence
# What opens the next member of a list: ", or", "; ", ") and".
NEXT_MEMBER = re.compile(rf"\s*+(?:[)\]]\s*+)?(?:[{_COMMAS};；]|\b{any_of(_W.next_member)}\b)", re.IGNORECASE)
# The list before one of these shares what follows it: "allergy or intolerance to A".
SHARED_BY_LIST = re.compile(rf"\s*{any_of(_W.shared_by_list)}\b", re.IGNORECASE)


@lru_cache(maxsize=16384)
def connector(gap: str) -> Connector:
    """Classify the text between two mentions.

    Examples
    --------
    >>> connector(", or ")
    Connector(kind='or', tight=True)
    >>> connector(" with active ")
    Connector(kind='narrow', tight=False)
    """
    words = _WORD.findall(gap.lower())
    if not words:
        return Connector("narrow", True)
    if ";" in words or "；" in words or _SENTENCE_END.search(gap):
        return Connector("semicolon", False)
    rest = [word for word in words if word not in _W.fillers]
    if _COVERS.search(gap):
        return Connector("covers", len(rest) <= 3)
    tight = all(w in _W.conjunctions or w in _W.disjunctions or w in _COMMAS or w in "/()" for w in rest)
    if any(word in _W.disjunctions for word in rest):
        return Connector("or", tight)
    if any(word in _W.conjunctions for word in rest):
        return Connector("and", tight)
    if "/" in rest:
        return Connector("or", tight)
    if any(word in _COMMAS for word in rest):
        return Connector("comma", tight)
    return Connector("narrow", not rest)
