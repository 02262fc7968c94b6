"""To which of the entities in its scope a cue applies: the nearest one, and those in one list with it.

ConText applies a cue to everything in its scope, but "no relapse of a leukemia" does not negate the leukemia.
Decides what separates a cue from an entity, and which members of a list go with the nearest one.
"""

# No postponed annotations here: spaCy needs the annotations of a factory evaluated.
import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span

from eligex.binding.inabilities import Thing, denies_all, denies_next, is_inability
from eligex.binding.tree import coordinated
from eligex.binding.word_lists import LISTS
from eligex.binding.words import AFFIRMING, INFECTION, NEGATING
from eligex.language.connectors import connector
from eligex.language.phrase_sets import Phrases, written_out
from eligex.language.regions import Region, Regions
from eligex.lexicon.context_rules import ContextWords
from eligex.lexicon.patterns import any_of
from eligex.pipes.doc import lower_words, text_of, token_starts

_REACH = 8  # most words between a cue and its nearest entity; a farther cue applies to something else
_TO_ABILITY = 4  # the same after "unable to", whose verb may lie between
_VERBS = re.compile(r"[^\W\d]+(?:\s*[,/]\s*[^\W\d]+)*")  # "unable to [read, write], or understand Danish"
_ADJECTIVES = 3  # "no significant, uncontrolled hypertension"
_TESTS, _TESTED = {"negative for", "seronegative for"}, {"Condition", "Drug", "Measurement"}
"""Cues after which what is tested for and the test are members of one list: "cocaine and opioids"."""
# "[planning to] become pregnant or nursing", "[likely] to become pregnant, or nursing"
_PLANS_TO = re.compile(r"\b(?:to|likely|of|on)$", re.IGNORECASE)
_BECOMES = re.compile(rf"(?:to\s)?{any_of(LISTS.becomes)}\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()\n]{1,80}\)")  # "HIV[ (by PCR)], syphilis"


class Tokens:
    """The places and words of the tokens of a document, which are asked for much faster than Tokens."""

    def __init__(self, doc: Doc) -> None:
        starts = token_starts(doc)
        self._text = text_of(doc)
        self.low = lower_words(doc)
        self.starts: list[int] = starts.tolist()
        self.ends: list[int] = (starts[:-1] + doc.to_array("LENGTH").astype(int)).tolist()

    def text(self, first: int, last: int) -> str:
        """Return the text of the tokens ``first`` to ``last``, without the blank after it."""
        return self._text[self.starts[first] : self.ends[last - 1]] if first < last else ""


class Between:
    """The words that separate a cue from an entity, or an entity from a list."""

    def __init__(self, words: ContextWords) -> None:
        self.own_head = _phrases(words.own_head)
        self.new_phrase = _phrases(words.new_phrase)
        self.same_phrase = _phrases(words.same_phrase)


def _phrases(patterns: tuple[str, ...]) -> Phrases[None]:
    where = "{!r} of own_head, new_phrase or same_phrase".format
    return Phrases((words, None) for words in written_out(patterns, {}, where))


def borne_on(
    tokens: Tokens, regions: Regions, cue: tuple[int, int], targets: Sequence[Span], words: Between
) -> Iterator[Span]:
    """Yield those of the targets to which a cue applies.

    Parameters
    ----------
    tokens
        The tokens of the document.
    regions
        The regions of the sentence.
    cue
        The tokens of the cue.
    targets
        The entities in its scope, in text order.
    words
        What separates.
    """
    first, last = cue
    bracket = regions.bracket(tokens.starts[first])
    opens = bracket is not None and regions.opens(tokens.starts[first])
    before = [target for target in targets if target.end <= first][::-1]
    for chain in (before, [target for target in targets if target.start >= last]):
        nearer: Span | None = None
        aside: Region | None = None
        for target in chain:
            if aside is not None and aside.holds(target.start_char):
                continue
            outside = bracket is not None and not bracket.holds(target.start_char)
            if outside and not (opens and target.end <= first):  # "gout (excluded by serology)"
                break
            if not (
                _near(tokens, cue, target, words)
                if nearer is None
                else _listed(tokens, cue, nearer, target, words)
                and _of_one_inability(tokens, cue, chain[0], nearer, target)
            ):
                aside = _aside(tokens, regions, cue, nearer, target)
                if aside is None:
                    break
                continue
            yield target
            nearer = target


def _tests(tokens: Tokens, cue: tuple[int, int]) -> bool:
    return tokens.text(*cue).lower() in _TESTS


def _aside(
    tokens: Tokens, regions: Regions, cue: tuple[int, int], nearer: Span | None, target: Span
) -> Region | None:
    """Return the bracket of a target that says how another was tested: "negative for HBV (*DNA*), flu"."""
    if nearer is None or nearer.start < cue[1] or not _tests(tokens, cue):
        return None
    bracket = regions.bracket(target.start_char)
    return None if bracket is None or bracket.holds(nearer.start_char) else bracket


def _near(tokens: Tokens, cue: tuple[int, int], target: Span, words: Between) -> bool:
    """Whether a cue is close enough to a target, with no phrase between that separates them."""
    start, end = (cue[1], target.start) if target.start >= cue[1] else (target.end, cue[0])
    if words.own_head.among(tokens.low[start:end]):
        return False
    gap = tokens.text(start, end)
    count = len(gap.split())
    far = count > _TO_ABILITY or connector(gap).kind == "covers"
    if far and is_inability(tokens.text(*cue)):  # "would preclude surgery, including *angina*"
        return False
    if target.start >= cue[1] and not denies_next(tokens.text(*cue), target.label_, gap):
        return False
    return count <= _REACH and ("," not in gap or count <= _ADJECTIVES)


def _of_one_inability(tokens: Tokens, cue: tuple[int, int], nearest: Span, one: Span, other: Span) -> bool:
    """Whether a list that an inability denies goes on to a target that is farther off than its second.

    It does with verbs ("unable to [walk], [sit], or [stand]") and with things of one kind ("unable to
    undergo [biopsy], [MRI], or [endoscopy]"); "unable to give consent or walk, smoking" ends.
    """
    if not is_inability(tokens.text(*cue)) or (other.start < cue[1] + _TO_ABILITY and one is nearest):
        return True
    gap = connector(tokens.text(one.end, other.start))
    closed = one is not nearest and connector(tokens.text(nearest.end, one.start)).kind != "comma"
    verbs = nearest.label_ != "Observation" or _VERBS.fullmatch(nearest.text) is not None
    return gap.tight and not closed and verbs and one.label_ == other.label_


def _listed(tokens: Tokens, cue: tuple[int, int], one: Span, other: Span, words: Between) -> bool:
    """Whether two targets are members of one list to which a cue applies."""
    left, right = sorted((one, other), key=lambda target: target.start)
    gap, said, tests = tokens.text(left.end, right.start), tokens.text(*cue), _tests(tokens, cue)
    if not gap.strip():
        return True
    if right.text.lower() in LISTS.nursing_states and _PLANS_TO.search(said) and left.start >= cue[1]:
        planned = f"{tokens.text(cue[1], left.start)} {left.text}".strip()  # "[become pregnant] or nursing"
        if _BECOMES.match(planned):
            return False
    if not denies_all(said, Thing(left.label_, left.text), Thing(right.label_, right.text), gap):
        return False
    between = tokens.low[left.end : right.start]
    if words.new_phrase.among(between) and not words.same_phrase.among(between):
        return False
    alike = INFECTION.fullmatch(other.text) is not None
    if tests:
        gap, alike = _ASIDE.sub(" ", gap), True
        if not _is_sought(gap):
            return False
    alike = alike and {left.label_, right.label_} <= _TESTED
    return coordinated(gap, left.label_, left.label_ if alike else right.label_, "cue")


def _is_sought(gap: str) -> bool:
    """Whether what follows the words is sought by the same test: not "negative for HIV and *normal* ECG"."""
    told = {*gap.lower().split()}
    return AFFIRMING.isdisjoint(told) and NEGATING.isdisjoint(told)
