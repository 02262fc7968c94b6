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
from eligex.binding.words import PERFORMANCE, PERFORMANCE_SCALE
from eligex.lexicon.aliases import read_aliases
from eligex.schema import DOMAIN_LABELS

Cues = dict[Span, tuple[Cue, ...]]
# "AST[ (]SGOT[)]", "AST[/]SGOT"
_OPENS = re.compile(r"\s{0,3}[(\[（［]\s{0,2}")
_CLOSES = re.compile(r"\s{0,2}[)\]）］]")
# "performance status[: ]ECOG"; a label in a line of its own is a criterion
_LABELS = re.compile(r"[^\S\n]{0,2}(?:[:,–—-]|[(\[])?[^\S\n]{0,2}")
_BESIDE = re.compile(r"\s{0,2}(?:/|=|\bor\b)\s{0,2}")
_WIDEST_GAP = 6
"""The most characters between two names of one thing that these patterns match."""


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
    for mention in mentions:
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
    same = _BESIDE.fullmatch(text, first.end, second.start) and _known(text[slice(*_span(first))])
    return second.end if same and same == _known(text[slice(*_span(second))]) else 0


def _known(name: str) -> int:
    """Return the number of the group of synonyms that a name belongs to, from 1 on; 0 for none."""
    return _groups().get(name.lower(), -1) + 1


@cache
def _groups() -> Mapping[str, int]:
    return read_aliases()
