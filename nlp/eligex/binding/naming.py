"""Two names of one thing: one head, however often the recogniser marked it.

Decides that a name alone in brackets right after another is one more name of the same thing ("hepatitis C
virus [HCV]", "varicella (chicken pox)"), and so is a known synonym after a slash ("AST/SGOT"), and the scale
of what a label names ("performance status: ECOG").  The entities of the document stay as they are; the
predicate has both names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from eligex.binding.tree import Cue, Mention, Span
from eligex.binding.word_lists import LISTS
from eligex.binding.words import PERFORMANCE, PERFORMANCE_SCALE
from eligex.lexicon.aliases import read_aliases
from eligex.lexicon.patterns import any_of
from eligex.schema import DOMAIN_LABELS

Cues = dict[Span, tuple[Cue, ...]]
# "AST[ (]SGOT[)]", "AST[/]SGOT"
_OPENS = re.compile(r"\s{0,3}[(\[（［]\s{0,2}")
_CLOSES = re.compile(r"\s{0,2}[)\]）］]")
# "performance status[: ]ECOG"; a label in a line of its own is a criterion
_LABELS = re.compile(r"[^\S\n]{0,2}(?:[:,–—-]|[(\[])?[^\S\n]{0,2}")
_BESIDE = re.compile(r"\s{0,9}(?:[/=,&]|\b(?:or|and)\b)?\s{0,9}")
# "alanine transaminase [(ALT)]", "glutamic pyruvic transaminase [(ALT/SGPT)]"
_IN_BRACKET = re.compile(r"\s?[(\[]\s?(?P<name>[A-Za-z]{2,6})(?:\s?/\s?[A-Za-z]{2,6})?\s?[)\]]$")
_WIDEST_GAP = 16
"""The most characters between two names of one thing that these patterns match."""
_RESULTS = LISTS.results | LISTS.marker_results
# "progesterone receptor[ negative (]PR-)", "progesterone receptor[- (]PR-) negative"
_TO_SHORT = re.compile(rf"(?P<told>[\s\-–]{{1,3}}{any_of(_RESULTS)})?[\s\-–]{{0,3}}[(\[]\s?", re.IGNORECASE)
# "progesterone receptor negative (PR[-)]", "(PR[ negative)]"
_RESULT_AGAIN = re.compile(rf"\s?(?:[+\-–−]{{1,2}}(?:ve)?|[\s\-–]?{any_of(_RESULTS)})\s?[)\]]", re.IGNORECASE)
# "progesterone receptor (PR-)[ negative]"
_TOLD_BEHIND = re.compile(rf"[\s\-–]{{1,3}}{any_of(_RESULTS)}\b", re.IGNORECASE)
_WIDEST_RESULT = 20
_LONGEST_SHORT = 10


def cues_by_entity(context: Sequence[Mapping[str, Any]]) -> dict[Span, tuple[Cue, ...]]:
    """Index context cues by the entity that they apply to."""
    table: dict[Span, list[Cue]] = {}
    for item in context:
        key = (item["entity"][0], item["entity"][1])
        table.setdefault(key, []).append(Cue(item["category"], item["cue"][0], item["cue"][1]))
    return {key: tuple(cues) for key, cues in table.items()}


def with_names(text: str, mentions: Iterable[Mention], cues: Cues) -> tuple[list[Mention], Cues]:
    """Return the mentions with the other names of the same thing taken into them, and their cues.

    Parameters
    ----------
    text
        The text of the document.
    mentions
        Its entities, in text order.
    cues
        The context cues of each entity, by its place.

    Examples
    --------
    >>> found = [Mention(0, 3, "Measurement"), Mention(5, 9, "Measurement")]
    >>> with_names("AST (SGOT) > 40", found, {})[0]
    [Mention(start=0, end=10, label='Measurement')]
    """
    kept: list[Mention] = []
    parts: list[list[Span]] = []
    told = 0
    for mention in mentions:
        if mention.start < told:
            continue  # "HBsAg positive (… *positive*)"
        if (long := _long_form(text, kept, mention)) is not None:
            told = _closed(text, mention)
            between = text[kept[long].end : mention.start]
            if not between.strip(" -–(["):  # "progesterone receptor- (PR-) negative"
                kept[long] = kept[long]._replace(end=told)
                parts[long].append(_span(mention))
            continue
        kept.append(mention)
        parts.append([_span(mention)])
        while len(kept) > 1 and (end := _other_name(text, *kept[-2:])):
            kept[-2:] = [kept[-2]._replace(end=end)]
            parts[-2:] = [parts[-2] + parts[-1]]
    found = dict(cues)
    for name, spans in zip(kept, parts, strict=True):
        if len(spans) > 1 and (said := dict.fromkeys(chain.from_iterable(cues.get(s, ()) for s in spans))):
            found[_span(name)] = tuple(said)
    return kept, found


def _span(mention: Mention) -> Span:
    return mention.start, mention.end


def _other_name(text: str, first: Mention, second: Mention) -> int:
    """Return where the second name of a thing ends, with its bracket; 0 if it is another thing."""
    if second.start - first.end > _WIDEST_GAP:
        return 0
    if first.label not in DOMAIN_LABELS or second.label not in DOMAIN_LABELS:
        return 0
    if _OPENS.fullmatch(text, first.end, second.start):
        closing = _CLOSES.match(text, second.end)
        return closing.end() if closing else 0
    scale = _LABELS.fullmatch(text, first.end, second.start)
    if scale and PERFORMANCE.fullmatch(text, *_span(first)) and PERFORMANCE_SCALE.match(text, *_span(second)):
        return second.end
    if _BESIDE.fullmatch(text, first.end, second.start) is None:
        return 0
    one, other = (text[slice(*_span(each))] for each in (first, second))
    same = one.lower() != other.lower() and _known(one)  # "ALT and ALT" is a slip of the pen
    return second.end if same and same == _known(other) else 0


def _long_form(text: str, before: Sequence[Mention], mention: Mention) -> int | None:
    """Return the place of what a mention is the short form of, if its result is told again: "(PR-)"."""
    if mention.label not in DOMAIN_LABELS or mention.end - mention.start > _LONGEST_SHORT:
        return None
    if not _closed(text, mention):
        return None
    near = (place for place in range(len(before) - 1, -1, -1) if before[place].label in DOMAIN_LABELS)
    place = next(near, None)
    if place is None or not 0 < mention.start - before[place].end <= _WIDEST_RESULT:
        return None
    long = before[place]
    to_short = _TO_SHORT.fullmatch(text, long.end, mention.start)
    if to_short is None or not (to_short["told"] or _TOLD_BEHIND.match(text, _closed(text, mention))):
        return None  # "progesterone receptor (*PR+*)" tells the result once
    return place if _abbreviates(text[slice(*_span(mention))], text[slice(*_span(long))]) else None


def _closed(text: str, mention: Mention) -> int:
    """Return the end of the bracket that holds a short form and its result; 0 if it holds more."""
    found = _RESULT_AGAIN.match(text, mention.end)
    return found.end() if found else 0


def _abbreviates(short: str, long: str) -> bool:
    """Whether a short form begins as the long one and has no letters but its, in their order.

    >>> _abbreviates("HBsAg", "Hepatitis B surface antigen"), _abbreviates("ER", "progesterone receptor")
    (True, False)
    """
    written = short.lower().removeprefix("anti-")
    letters, rest = [each for each in written if each.isalnum()], iter(long.lower())
    return bool(letters) and letters[0] == long[:1].lower() and all(each in rest for each in letters)


def _known(name: str) -> int:
    """Return the number of the group of synonyms that a name belongs to, from 1 on; 0 for none."""
    groups, short = _groups(), _IN_BRACKET.search(name)
    names = [name] if short is None else [short["name"], name[: short.start()]]
    found = (
        groups.get(" ".join(each.lower().replace("-", " ").split()).removeprefix("serum ")) for each in names
    )
    return next((group + 1 for group in found if group is not None), 0)


@cache
def _groups() -> Mapping[str, int]:
    groups = read_aliases()
    long = (("ast", LISTS.ast_names), ("alt", LISTS.alt_names))
    return groups | {name: groups[short] for short, names in long for name in names}
