"""The prompt of a language model, and the alignment of its reply with the text.

The model answers in JSON with quoted spans, never offsets: models cannot count.  A quotation is searched in
the text, in order for repeated ones; what is nowhere in it counts as a wrong prediction.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from eligex.schema import LABELS, Comparator, Entity, Predicate, PredicateEntity

from ..documents import Document, Fragment
from ..numbers import as_threshold
from ..predictions import Prediction
from . import build

COMPARATORS: tuple[str, ...] = get_args(Comparator)
GUIDELINES = f"""\
You read the eligibility section of a clinical trial and list what it says as JSON.

Answer with one JSON object and nothing else:
{{"entities": [{{"text": "...", "label": "...", "negated": false}}],
 "predicates": [{{"entity": "...", "value": "...", "comparator": "...", "threshold": 0,
                 "threshold_high": null, "threshold_set": null, "unit": null, "negated": false}}]}}

Rules
- Quote "text", "entity" and "value" exactly as they are written in the section, character by character.
- List entities in the order of the text; they never overlap. Labels: {", ".join(LABELS)}.
- Condition, Drug, Procedure, Measurement, Observation, Person, Device and Visit name something of a patient.
  Value is what a measurement is compared with; Temporal is a time window; Reference_point is what a window
  counts from; Negation, Multiplier, Mood and Qualifier are the words that change what another span means.
- "negated" is true where the text denies the entity ("no history of", "without", "other than").
- One predicate for each number that an entity is compared with. "value" quotes the whole comparison.
  comparator is one of {", ".join(COMPARATORS)}. A closed range is "between" with threshold and
  threshold_high; listed values are "in" with threshold_set. Units are UCUM codes; years of age are "a",
  multiples of the upper limit of normal are "[ULN]". A letter of a scale, a stage, a visual acuity or a titre
  is a threshold as it is written ("B", "IIIB", "20/40", "1:64"). A time window is not a predicate.
"""


@dataclass(frozen=True, slots=True)
class Placed:
    """A reply laid onto the text."""

    entities: tuple[Entity, ...]
    predicates: tuple[Predicate, ...]
    unplaced: tuple[str, ...] = ()
    unplaced_predicates: int = 0
    problems: tuple[str, ...] = field(default=())

    def prediction(
        self, doc_id: str, text: str, seconds: float | None, cost: float | None, *, effects: bool = True
    ) -> Prediction:
        """Wrap everything as a prediction; ``effects`` as for :func:`.build.result`."""
        result = build.result(doc_id, text, self.entities, self.predicates, effects=effects)
        lost = self.unplaced_predicates + len(self.predicates)
        lost -= sum(len(c.predicates) for c in result.criteria)
        dropped = list(self.unplaced)
        kept = list(result.entities)
        for item in self.entities:
            if item in kept:
                kept.remove(item)
            else:
                dropped.append(item.label)
        return Prediction(result, tuple(dropped), lost, seconds, cost)


def messages(text: str, examples: Sequence[Document] = ()) -> list[dict[str, str]]:
    """Return the conversation: guidelines, worked examples, the text."""
    turns = [{"role": "system", "content": GUIDELINES}]
    for document in examples:
        turns.append({"role": "user", "content": document.text})
        turns.append({"role": "assistant", "content": example_reply(document)})
    return [*turns, {"role": "user", "content": text}]


def example_reply(document: Document) -> str:
    """Write the gold entities of a document as the model should have answered."""
    entities = [
        {"text": e.text, "label": e.label, "negated": e.negated} for e in document.gold.entities or ()
    ]
    predicates = []
    for atom in document.gold.atoms or ():
        start, end = atom.entities[0]
        unit = next((u for u in atom.units if not u.startswith("text:")), None)
        predicates.append(
            {
                "entity": document.text[start:end],
                "value": document.text[atom.start : atom.end],
                "comparator": atom.comparator,
                "threshold": atom.value,
                "unit": unit,
            }
        )
    return json.dumps({"entities": entities, "predicates": predicates}, ensure_ascii=False)


def place(reply: str, text: str) -> Placed:
    """Lay a reply onto the text.

    >>> placed = place('{"entities": [{"text": "asthma", "label": "Condition"}]}', "no asthma")
    >>> [(e.start, e.end) for e in placed.entities], placed.unplaced
    ([(3, 9)], ())
    """
    data = parse_reply(reply)
    if data is None:
        return Placed((), (), problems=("the reply is not a JSON object",))
    finder = Finder(text)
    entities: list[Entity] = []
    unplaced: list[str] = []
    problems: list[str] = []
    for row in _rows(data, "entities", problems):
        label = str(row.get("label"))
        span = finder.next(str(row.get("text") or ""))
        made = None if span is None else build.entity(text, *span, label, row.get("negated") is True)
        if made is not None:
            entities.append(made)
        else:
            unplaced.append(label)
            if label not in LABELS:
                problems.append(f"unknown label {label!r}")
    predicates: list[Predicate] = []
    lost = 0
    for row in _rows(data, "predicates", problems):
        predicate = _predicate(row, text, finder)
        if predicate is None:
            lost += 1
        else:
            predicates.append(predicate)
    return Placed(tuple(entities), tuple(predicates), tuple(unplaced), lost, tuple(problems))


def parse_reply(reply: str) -> dict[str, Any] | None:
    """Read the JSON object of a reply, fenced or with words around it.

    >>> parse_reply("Here you are: ```json {} ```")
    {}
    """
    start, end = reply.find("{"), reply.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        data = json.loads(reply[start : end + 1])
    except json.JSONDecodeError:
        return None
    return data if isinstance(data, dict) else None


def _rows(data: dict[str, Any], key: str, problems: list[str]) -> list[dict[str, Any]]:
    rows = data.get(key) or []
    if not isinstance(rows, list):
        problems.append(f"{key} is not a list")
        return []
    good = [row for row in rows if isinstance(row, dict)]
    if len(good) < len(rows):
        problems.append(f"{len(rows) - len(good)} of {key} are not objects")
    return good


class Finder:
    """Searches quotations in a text; a repeated quotation is found at its next place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.after: dict[str, int] = {}

    def next(self, quoted: str) -> Fragment | None:
        """Return the next place of a quotation, exactly or with other blanks and letter case."""
        words = quoted.split()
        if not words:
            return None
        key = " ".join(words).casefold()
        span = self.find(quoted.strip(), self.after.get(key, 0)) or self.find(quoted.strip(), 0)
        if span is not None:
            self.after[key] = span[1]
        return span

    def find(self, quoted: str, start: int, end: int | None = None) -> Fragment | None:
        """Return the first place of a quotation from ``start``."""
        stop = len(self.text) if end is None else end
        found = self.text.find(quoted, start, stop)
        if found >= 0:
            return found, found + len(quoted)
        pattern = re.compile(r"\s{1,20}".join(map(re.escape, quoted.split())), re.IGNORECASE)
        match = pattern.search(self.text, start, stop)
        return match.span() if match else None

    def pair(self, entity: str, value: str) -> tuple[Fragment, Fragment] | None:
        """Return the places of an entity and of its value nearest to each other."""
        values = self.everywhere(value)
        entities = self.everywhere(entity)
        used = self.after.get(f"pair {entity} {value}", -1)
        choices = [
            (abs(v[0] - e[1]) if v[0] >= e[1] else abs(e[0] - v[1]), v[0], e, v)
            for v in values
            for e in entities
            if v[0] > used
        ]
        if not choices:
            return None
        _, _, best_entity, best_value = min(choices)
        self.after[f"pair {entity} {value}"] = best_value[0]
        return best_entity, best_value

    def everywhere(self, quoted: str) -> list[Fragment]:
        """Return all places of a quotation."""
        if not quoted.strip():
            return []
        found, start = [], 0
        while (span := self.find(quoted.strip(), start)) is not None:
            found.append(span)
            start = span[1]
        return found


def _predicate(row: dict[str, Any], text: str, finder: Finder) -> Predicate | None:
    comparator = row.get("comparator")
    if comparator not in COMPARATORS:
        return None
    spans = finder.pair(str(row.get("entity") or ""), str(row.get("value") or ""))
    said = limits(comparator, row)
    if spans is None or not said:
        return None
    (start, end), value = spans
    named = PredicateEntity(text[start:end], start, end, "Measurement")
    bare = Predicate("", named, negated=row.get("negated") is True)
    return build.limited(bare, text, value, comparator, said, row.get("unit"))


def limits(comparator: str, row: Mapping[str, Any]) -> list[tuple[float, str | None]]:
    """Return the thresholds of a row with their words, sorted for a set; empty if one is missing."""
    low, high, members = (row.get(key) for key in ("threshold", "threshold_high", "threshold_set"))
    if comparator == "in":
        listed = [limit for each in (members if isinstance(members, list) else ()) if (limit := _limit(each))]
        return sorted(listed, key=lambda limit: limit[0])
    found = [_limit(each) for each in ((low, high) if comparator == "between" else (low,))]
    return [limit for limit in found if limit] if all(found) else []


def _limit(value: Any) -> tuple[float, str | None] | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    return as_threshold(value)
