"""What a text says besides its criteria: reasons, references, what the study will do.

Decides which stretches of a sentence state nothing about the patient, so that nothing named in them is asked
for: "no antacids, [because they limit the uptake]", "propranolol [(see the label for metoprolol)]".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from eligex.lexicon.loader import DATA, read_words
from eligex.lexicon.patterns import any_of, keys_of


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of ``asides.toml``; the file explains each."""

    reasons: frozenset[str]
    risks: frozenset[str]
    turns: frozenset[str]
    generalities: frozenset[str]
    own: frozenset[str]
    befell: frozenset[str]
    resumes: frozenset[str]
    refers: frozenset[str]
    tasks: frozenset[str]
    plans: frozenset[str]
    deeds: frozenset[str]
    doses: frozenset[str]
    halts: frozenset[str]
    asks: frozenset[str]
    accepted: frozenset[str]
    denied: frozenset[str]
    scales: frozenset[str]
    legends: frozenset[str]
    legend_not: frozenset[str]
    noted: frozenset[str]
    noted_people: frozenset[str]
    used: frozenset[str]
    untested: frozenset[str]
    unasked: frozenset[str]
    in_danger: frozenset[str]
    measures: frozenset[str]
    acuity_again: frozenset[str]
    acuity_told: frozenset[str]


_W = read_words(DATA / "asides.toml", _Words)
_FLAGS = re.IGNORECASE | re.VERBOSE
_REASON = re.compile(
    rf"""
    (?<! \blong \s ) (?<! \bsoon \s )                      # "as long as they"
    \b (?: {any_of(_W.reasons)} (?! \s{{1,40}} {any_of(_W.own)} \b )
         | (?P<risk> {any_of(_W.risks)} )
         | (?P<turn> {any_of(_W.turns)} ) ) \b
    """,
    _FLAGS,
)
_GENERAL = re.compile(rf"\b {any_of(_W.generalities)} \b", _FLAGS)
_BEFELL = re.compile(rf"\b {any_of(_W.befell)} \b", _FLAGS)
# "because it is rare in children[, and] patients on dialysis"
_RESUMES = re.compile(
    rf"[;:] | , \s{{0,40}} {any_of(_W.resumes)} \b | \b (?: but | unless | except ) \b", _FLAGS
)
# "Because it may harm a child, [women] must use contraception"
_MAIN = re.compile(r",\s")
_BRACKET = re.compile(r"[(\[（［]\s?")
_REFERENCE = re.compile(rf"{any_of(_W.refers)} (?! \w )", _FLAGS)
# "platelets [should be checked] weekly", "serum IgE [will be measured]", "[we will measure] IgE"
_DONE = re.compile(
    rf"""
    (?<! \bthat \s ) (?<! \bwhich \s ) (?<! \bwho \s )
    \b (?: (?: will | should | is \s to | are \s to ) \s be \s (?: also \s )? {any_of(_W.tasks)}
         | will \s be \s (?: also \s )? {any_of(_W.plans)}
         | we \s will \s (?: also \s )? {any_of(_W.deeds)}
         | (?P<halts> {any_of(_W.doses)} \s (?: should | will | must ) \s be \s {any_of(_W.halts)} ) ) \b
    """,
    _FLAGS,
)
_ASKS = re.compile(rf"\b {any_of(_W.asks)} \b | [<>≤≥=]", _FLAGS)
_IF = re.compile(r"\b (?: if | in \s case ) \b", _FLAGS)
_DENIED = re.compile(rf"\b {any_of(_W.denied)} \b", _FLAGS)
# "[adequate birth control includes] condoms"
_ACCEPTED = re.compile(
    rf"""
    {any_of(_W.accepted)} (?: \s \w{{1,20}} ){{1,4}} \s? (?: includ\w{{1,3}} | are | is | means | : ) (?= \s )
    """,
    _FLAGS,
)
# "ECOG 1 ([restricted but] ambulatory)", "pain > 3 ([0 = n]one)"
_LEGEND = re.compile(
    rf"(?P<words> {any_of(_W.legends)} \b | 0 \s? [-–] \s? [a-z]{{2}} ) | 0 \s? [=:] \s? ['‘“\"]? [a-z]{{2}}",
    _FLAGS,
)
_SCALE = re.compile(rf"\b {any_of(_W.scales)} \b [^;]{{0,80}} $", _FLAGS)
# "[patients who cannot walk, but use a wheelchair, will be considered ambulatory for the score]"
_NOTE = re.compile(
    rf"\b {any_of(_W.noted_people)} \b [^.;]{{0,200}} \b {any_of(_W.noted)} \b [^.;]{{0,120}}", _FLAGS
)
# "ECOG 0-1; [use Karnofsky in patients over 16]"
_USE = re.compile(
    rf"\b {any_of(_W.used)} \s (?: the \s )? {any_of(_W.scales)} \s (?: for | in | if ) \s [^.;()]{{1,160}}",
    _FLAGS,
)
# "[no test for gout is required unless mandated by law]"
_NO_TEST = re.compile(
    rf"""
    \b no \s (?: [\w/\-]+ \s ){{0,6}}? {any_of(_W.untested)} \b [^.;:()]{{0,90}}
    \s (?: is | are | will \s be ) \s {any_of(_W.unasked)} \b (?: ,? \s unless \s [^.;:()]{{1,90}} )?
    """,
    _FLAGS,
)
# "> 14 drinks; [one drink is 10 g of alcohol]"
_MEASURE = re.compile(
    rf"\b one \s {any_of(_W.measures)} s? \s? (?: is | are | equals | = ) (?! \w ) [^;)]{{1,200}}", _FLAGS
)
_NOTES = (
    (_NOTE, (keys_of(_W.noted),)),
    (_USE, (keys_of(_W.scales), {"use ", "using "})),
    (_NO_TEST, (keys_of(_W.untested), keys_of(_W.unasked), {"no "})),
    (_MEASURE, (keys_of(_W.measures), {"one "})),
)
"""Patterns of notes, each with sets of words: a text that has no word of one of the sets has no such note."""
# "[these patients are at increased risk of infections]"
_IN_DANGER = re.compile(
    rf"[^.;:]{{0,40}} \b (?: these | those | such | this ) \s (?: \w+ \s ){{0,2}}? {any_of(_W.noted_people)}"
    rf" \s (?: may \s be | are | is ) \s {any_of(_W.in_danger)} \b",
    _FLAGS,
)
_DANGER_KEYS = keys_of(_W.in_danger)
# "70 letters ([approximate Snellen equivalent of] 20/40)"
_ACUITY = re.compile(rf"(?: an? \s | the \s )? {any_of(_W.acuity_again)} \b", _FLAGS)
_ACUITY_TOLD = re.compile(rf"\b {any_of(_W.acuity_told)} \b", _FLAGS)
_NO_LEGEND = re.compile(rf"\b {any_of(_W.legend_not)} \b", _FLAGS)
_KEYS = keys_of(_W.reasons | _W.risks | _W.turns)
_LEAD = 80
"""Characters before a reason that are searched for what befell the patient."""
_FAR = 150
"""Characters before a bracket in which the chart of a visual acuity is named."""
_SOON = 70
"""Characters after a turn ("as they") in which a word of generalities is looked for."""
_LONGEST = 400
"""Characters of a reason or a bracket; a longer one says more."""
_OPENING = "([（［"
_EITHER_BRACKET = re.compile(r"[(\[（［)\]）］]")
_PLAN_KEYS, _TO_BE = ("will", "should", "must"), re.compile(r"to\s+be")
"""What a text in lower case must have one of to say what the study will do."""
_BLANK = re.compile(r"[\s*•\-–—\d.()]*")


def asides(text: str, start: int, end: int, *, leading: bool = True) -> list[tuple[int, int]]:
    """Return the stretches of a sentence that state nothing about the patient.

    Parameters
    ----------
    leading
        Whether it opens its criterion; what one that follows another says the study will do is an aside.

    Examples
    --------
    >>> text = "Antacids, as they limit the uptake; no gout because of obesity (see section 5)"
    >>> [text[low:high] for low, high in asides(text, 0, len(text))]
    ['as they limit the uptake', '(see section 5)']
    """
    low = text[start:end].lower()
    found = [*_reasons(text, start, end)] if any(key in low for key in _KEYS) else []
    plans = any(key in low for key in _PLAN_KEYS) or _TO_BE.search(low) is not None
    found += _brackets(text, start, end, plans=plans)
    for pattern, told in _NOTES:
        if all(any(key in low for key in keys) for keys in told):
            found += [note.span() for note in pattern.finditer(text, start, end)]
    in_danger = any(key in low for key in _DANGER_KEYS) and _IN_DANGER.match(text, start, end) is not None
    if not leading and (in_danger or (plans and _is_plan(text, start, end))):
        found.append((start, end))
    return sorted(found)


def _reasons(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for cue in _REASON.finditer(text, start, end):
        opens = cue.start() - start <= _LEAD and _BLANK.fullmatch(text, start, cue.start()) is not None
        last = min(end, cue.end() + _LONGEST)
        high = _end_of_main(text, cue.end(), last) if opens else _end(text, cue.end(), last)
        told = high if cue["turn"] is None else min(high, cue.end() + _SOON)
        if high <= cue.end() or (cue["risk"] is None and _GENERAL.search(text, cue.end(), told) is None):
            continue
        if opens or _BEFELL.search(text, max(start, cue.start() - _LEAD), cue.start()) is None:
            yield cue.start(), high


def _end_of_main(text: str, start: int, end: int) -> int:
    """Return where a reason ends that opens a sentence: at the last comma that a statement follows."""
    found = [comma.start() for comma in _MAIN.finditer(text, start, end)]
    resumed = [place for place in found if _RESUMES.match(text, place, end)]
    return (resumed or found or [start])[0]


def _end(text: str, start: int, end: int) -> int:
    """Return where a reason inside a sentence ends: with its bracket, or where the statement goes on."""
    closed = _closing(text, start, end)
    found = _RESUMES.search(text, start, closed)
    return found.start() if found else closed


def _closing(text: str, start: int, end: int) -> int:
    """Return where the bracket around a place is closed; the end, if it is in none."""
    depth = 0
    for bracket in _EITHER_BRACKET.finditer(text, start, end):
        if bracket[0] in _OPENING:
            depth += 1
        elif not depth:
            return bracket.start()
        else:
            depth -= 1
    return end


def _brackets(text: str, start: int, end: int, *, plans: bool) -> Iterator[tuple[int, int]]:
    """Yield the brackets that refer elsewhere, say what the study will do or what the values of a scale mean.

    Or what is accepted instead of something denied: "no contraception (adequate methods include condoms)".
    ``plans`` if the text has a word that says what the study will do.
    """
    for opening in _BRACKET.finditer(text, start, end):
        low = opening.end()
        high = _closing(text, low, min(end, low + _LONGEST))
        if high == low + _LONGEST:
            continue
        instead = _ACCEPTED.match(text, low, high) and _DENIED.search(text, max(start, low - _LEAD), low)
        told = _is_legend(text, start, low, high) or _is_acuity_again(text, start, low, high)
        if instead or told or _REFERENCE.match(text, low, high) or (plans and _is_plan(text, low, high)):
            yield opening.start(), min(high + 1, end)


def _is_legend(text: str, start: int, low: int, high: int) -> bool:
    """Whether a bracket says in words what the values of a scale mean: "ECOG 0-1 (0 = fully active)"."""
    found = _LEGEND.match(text, low, high)
    if found is None or _NO_LEGEND.search(text, low, high):
        return False
    return found["words"] is None or _SCALE.search(text, max(start, low - _LEAD), low) is not None


def _is_acuity_again(text: str, start: int, low: int, high: int) -> bool:
    """Whether a bracket says a number of letters again on another chart: "70 letters (Snellen 20/40)"."""
    if _ACUITY.match(text, low, high) is None:
        return False
    return _ACUITY_TOLD.search(text, max(start, low - _FAR), low) is not None


def _is_plan(text: str, start: int, end: int) -> bool:
    """Whether a sentence or a bracket says no more than what the study will do: "IgE will be measured"."""
    found = list(_DONE.finditer(text, start, end))
    if any(each["halts"] for each in found) and _IF.search(text, start, end):
        return True
    return any(not each["halts"] for each in found) and _ASKS.search(text, start, end) is None
