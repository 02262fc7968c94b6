"""What the writers of several targets share: lines of JSON, tokens, and accounting for whole trials."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eligex.exports.graph import unsure
from eligex.exports.loss import EVERYTHING, Ledger
from eligex.schema import Criterion, Predicate, TrialCriteria

_TOKEN = re.compile(r"\w+|[^\w\s]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_LABELLING = frozenset({"text", "entities"})
_WHOSE = "other predicates are about the same words: the arrow does not say whose it is"


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it is."""

    text: str
    start: int
    end: int


def write_lines(lines: Iterable[Any], out: Path) -> None:
    """Write values as lines of JSON, pure ASCII: no program takes a character for the end of a line."""
    with out.open("w", encoding="ascii", newline="\n") as stream:
        stream.writelines(json.dumps(each, allow_nan=False) + "\n" for each in lines)


def shown(text: str) -> str:
    """Return a text as annotation tools show it: of the same length, with one kind of line break.

    brat and Label Studio count CR LF as one character, so that all offsets behind it would be wrong.

    >>> shown("gout\\r\\nor asthma")
    'gout \\nor asthma'
    """
    return text.replace("\r\n", " \n").replace("\r", "\n")


def without_surrogates(value: Any) -> Any:
    """Return a text, or JSON with texts in it, with the sign for half a character, which is no UTF-8.

    The sign is as long, so that offsets stay.

    >>> without_surrogates({"text": "a\\ud83d b"})
    {'text': 'a\ufffd b'}
    """
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: without_surrogates(each) for key, each in value.items()}
    return [without_surrogates(each) for each in value] if isinstance(value, list) else value


def tokens(text: str, cuts: Iterable[int]) -> list[Token]:
    """Return words and punctuation, cut also where a span begins or ends, so that every span is whole tokens.

    >>> [token.text for token in tokens("ALT<=3xULN", [6, 7])]
    ['ALT', '<', '=', '3', 'x', 'ULN']
    """
    at = sorted(set(cuts))
    found: list[Token] = []
    index = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        while index < len(at) and at[index] <= start:
            index += 1
        while index < len(at) and at[index] < end:
            found.append(Token(text[start : at[index]], start, at[index]))
            start = at[index]
            index += 1
        found.append(Token(text[start:end], start, end))
    return found


def predicates(result: TrialCriteria) -> Iterator[tuple[Criterion, Predicate]]:
    """Yield each predicate with its criterion."""
    for criterion in result.criteria:
        for predicate in criterion.predicates:
            yield criterion, predicate


def with_conditions(predicate: Predicate) -> Iterator[Predicate]:
    """Yield a predicate and those that its condition states."""
    yield predicate
    for each in predicate.condition_predicates:
        yield from with_conditions(each)


def units_of(predicate: Predicate) -> Iterator[str]:
    """Yield the units that the limit of a predicate is known in."""
    units = [predicate.unit, predicate.canonical_unit, *(each.unit for each in predicate.alternatives)]
    yield from (unit for unit in units if unit)


def account(
    ledger: Ledger,
    result: TrialCriteria,
    held: Iterable[str],
    criterion: Iterable[str] = (),
    *,
    lost: Mapping[str, Mapping[str, str]] = {},
) -> None:
    """Account for a trial whose predicates are all held alike, in a target that holds text and entities.

    ``lost`` has, by the ids of predicates, further parts that are lost, and why.
    """
    held, labels = frozenset(held), _shown_labels(result)
    whose = {} if held >= EVERYTHING else unsure(result)
    ledger.trial(result, _LABELLING)
    for each in result.criteria:
        ledger.criterion(result.trial_id, each, criterion)
        for predicate in each.predicates:
            gone = dict.fromkeys(whose.get(predicate.id, set()) & held, _WHOSE)
            if not held >= EVERYTHING:
                gone |= _other_labels(labels, predicate)
            gone |= lost.get(predicate.id, {})
            ledger.predicate(result.trial_id, each.id, predicate, held, lost=gone)


def labels_of(result: TrialCriteria) -> dict[tuple[int, int], str]:
    """Return the labels of the entities of a text by their places."""
    return {(each.start, each.end): each.label for each in result.entities}


def _shown_labels(result: TrialCriteria) -> dict[tuple[int, int], str]:
    """Return the label of each place: that of its entity, else that of the first predicate about it."""
    labels = labels_of(result)
    for criterion in result.criteria:
        for predicate in criterion.predicates:
            for each in (predicate, *predicate.condition_predicates):
                labels.setdefault((each.entity.start, each.entity.end), each.entity.label)
    return labels


def _other_labels(labels: Mapping[tuple[int, int], str], predicate: Predicate) -> dict[str, str]:
    """Return why the label of a predicate, or of one that its condition states, is lost."""
    found = other_label(labels, predicate)
    for stated in predicate.condition_predicates:
        for why in other_label(labels, stated).values():
            found["condition_predicates"] = f"{stated.entity.text!r}: {why}"
    return found


def other_label(labels: Mapping[tuple[int, int], str], predicate: Predicate) -> dict[str, str]:
    """Return why the label of a predicate is lost: its words are an entity with another label.

    >>> from eligex.schema import PredicateEntity
    >>> sodium = PredicateEntity("Sodium", 0, 6, "Measurement")
    >>> other_label({(0, 6): "Drug"}, Predicate("inc-1.1", sodium))
    {'entity.label': 'its words are labelled Drug'}
    """
    label = labels.get((predicate.entity.start, predicate.entity.end))
    if label in (None, predicate.entity.label):
        return {}
    return {"entity.label": f"its words are labelled {label}"}
