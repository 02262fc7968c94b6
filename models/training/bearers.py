"""Train which heads bear a limit, window or condition, or are exempt, on criteria annotated by reading.

Runs the pipelines in MODELS over the annotated criteria that they have not seen and describes every limit,
window and condition that it finds with every head near it, as :mod:`eligex.binding` does; the annotation says
which bear it. The same for every head of a criterion that excepts or permits something, and for the limits
that Leaf Clinical Trials annotates outside LCT_DEV. TARGET is the table of the package. Prints precision,
recall and F1 of the pairs, of the rules and of the trained table (five-fold cross-validation over trials),
and writes the table.

    python models/training/bearers.py MODELS $ELIGEX_DATA LCT_DEV nlp/eligex/lexicon/data/bearers.tsv
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from criteria import HEADINGS, attached_items, structured_items
from folds import FOLDS as FOLDS_OF_TRIALS
from folds import by_fold
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from spacy.language import Language
from tables import head_of, written

from eligex.binding import across, cases, conditions, denials, exemptions, owners, windows
from eligex.binding.across import Home, Unit
from eligex.binding.bearing import BEARINGS, LEAST, PLAIN, Bearing, load_weights
from eligex.binding.bound import Bound, Inherited, Limit
from eligex.binding.criteria import read
from eligex.binding.features import Features
from eligex.binding.heads import Head
from eligex.binding.limits import bind_limits
from eligex.binding.stages import ORDER, Stage, settle
from eligex.binding.tree import Span, Tree
from eligex.pipes.assemble import Pieces
from eligex_eval.corpora import lct
from eligex_eval.documents import Document

STRENGTH = 0.1
RAREST = 20
"""How often a feature must occur, if :data:`RARE` does not say otherwise."""
RARE: dict[Bearing, int] = {"negated": 10, "exempt": 10}
SMALLEST = 0.03
"""Weights below it change hardly any decision and only fill the table."""
FOLDS = 5
LEASTS: dict[Bearing, float] = {
    "limit": 0.4,
    "window": 0.4,
    "condition": 0.35,
    "negated": 0.7,
    "exempt": 0.45,
    "shared_window": 0.5,
    "plain_limit": 0.4,
    "plain_window": 0.45,
    "plain_condition": 0.35,
}
"""The probability from which a head bears one, or is exempt.

F1 is flat between 0.3 and 0.5.
"""


class Case(NamedTuple):
    """One pair of a window or condition and a head, whether the head bears it, and what the rules say."""

    trial: str
    features: list[str]
    bears: bool
    by_rule: bool


class Gold(NamedTuple):
    """What the annotation says of one predicate, in characters of the text that the pipeline reads."""

    names: tuple[Span, ...]
    value: Span | None
    bears: dict[Bearing, Span | None]
    exempt: bool
    negated: bool | None = None
    """None where nobody read whether it is."""


BORNE: dict[Bearing, Callable[[Gold], Span | None]] = {
    "limit": lambda gold: gold.value,
    "window": lambda gold: gold.bears["window"],
    "condition": lambda gold: gold.bears["condition"],
}
"""What a predicate bears, by relation."""


def read_items(data: Path) -> list[dict[str, Any]]:
    """Return the criteria for training: those of ``structured`` and of ``annotations/standoff``."""
    return structured_items(data, "train") + attached_items(data)


def golds(item: Mapping[str, Any]) -> list[Gold]:
    """Return the predicates of a criterion that is read below a heading."""
    shift = len(HEADINGS[item["type"]])

    def place(piece: Mapping[str, Any] | None) -> Span | None:
        return None if piece is None else (piece["start"] + shift, piece["end"] + shift)

    was_read = all(predicate["effect"] is not None for predicate in item["predicates"])
    found = []
    for predicate in item["predicates"]:
        pieces = (predicate["entity"], *predicate["aliases"])
        names = (place(piece) for piece in pieces if piece["start"] is not None)
        bears: dict[Bearing, Span | None] = {
            "window": place(predicate["temporal"]),
            "condition": place(predicate["condition"]),
        }
        exempt, value = predicate["effect"] == "allow", place(predicate["value"])
        negated = predicate["negated"] if was_read else None
        found.append(Gold(tuple(filter(None, names)), value, bears, exempt, negated))
    return found


def overlap(one: Span | None, other: Span | None) -> bool:
    """Whether two stretches of text share a character."""
    return one is not None and other is not None and one[0] < other[1] and other[0] < one[1]


def named(annotated: Iterable[Gold], head: Head, limit: Limit | None = None) -> list[Gold]:
    """Return the predicates of a head; of one with several limits, those with the value of ``limit``."""
    found = [gold for gold in annotated if any(overlap(name, (head.start, head.end)) for name in gold.names)]
    if limit is None:
        return found
    valued = [gold for gold in found if overlap(gold.value, (limit.quantity.start, limit.quantity.end))]
    return valued or found


class Pair(NamedTuple):
    """What may be borne, a head near it, how the two are described, and whether the head bears it by the
    annotation and by the rules; ``features`` are None where the rules are certain.
    """

    borne: Span
    head: Head
    features: Features | None
    bears: bool
    by_rule: bool


def limit_pairs(annotated: Sequence[Gold], tree: Tree, bound: Bound) -> Iterator[Pair]:
    """Yield the pairs of the limits of a criterion; those inside conditions are not annotated."""
    stated = [gold.bears["condition"] for gold in annotated]
    for pair in owners.pairs(tree, bound):
        place = (pair.limit.quantity.start, pair.limit.quantity.end)
        if any(overlap(each, place) for each in stated):
            continue
        bears = any(overlap(gold.value, place) for gold in named(annotated, pair.head))
        yield Pair(place, pair.head, pair.features, bears, pair.by_rule)


def window_pairs(annotated: Sequence[Gold], tree: Tree, bound: Bound) -> Iterator[Pair]:
    """Yield the pairs of the windows of a criterion."""
    row = windows.without_bodies(tree, bound)
    proposed = windows.propose(tree, row)
    for window, head, by_rule, features in windows.pairs(tree, bound, row, proposed):
        place = window.start, window.end
        bears = any(overlap(gold.bears["window"], place) for gold in named(annotated, head))
        yield Pair(place, head, features, bears, by_rule)


def condition_pairs(annotated: Sequence[Gold], tree: Tree, bound: Bound) -> Iterator[Pair]:
    """Yield the pairs of the conditions of a criterion.

    By the rules, a tagged condition restricts nothing.
    """
    bound = bound._replace(heads=tuple(windows.without_bodies(tree, bound).heads))
    for pair in conditions.pairs(tree, bound, conditions.Said.of(tree, bound)):
        limit, head = pair.place
        content = conditions.content_of(pair.clause)
        bears = any(overlap(gold.bears["condition"], content) for gold in named(annotated, head, limit))
        yield Pair(content, head, pair.features, bears, pair.by_rule and pair.clause.cued)


PAIRS: dict[Bearing, Callable[[Sequence[Gold], Tree, Bound], Iterator[Pair]]] = {
    "limit": limit_pairs,
    "window": window_pairs,
    "condition": condition_pairs,
}


def pair_cases(
    relation: Bearing, trial: str, annotated: Sequence[Gold], tree: Tree, bound: Bound
) -> Iterator[Case]:
    """Yield the pairs of a relation that are open."""
    for pair in PAIRS[relation](annotated, tree, bound):
        if pair.features is not None:
            yield Case(trial, pair.features, pair.bears, pair.by_rule)


def exempt_cases(trial: str, annotated: Sequence[Gold], tree: Tree, bound: Bound) -> Iterator[Case]:
    """Yield the heads of a criterion that excepts or permits something and that the annotation has."""
    for head, features in exemptions.described(tree, bound):
        found = named(annotated, head)
        if found:
            yield Case(trial, features, any(gold.exempt for gold in found), head in bound.exempt)


def negated_cases(trial: str, annotated: Sequence[Gold], tree: Tree, bound: Bound) -> Iterator[Case]:
    """Yield the heads that no rule negates, where the annotation is of one mind."""
    for head, features in denials.described(tree, bound):
        said = {gold.negated for gold in named(annotated, head)} - {None}
        if len(said) == 1:
            yield Case(trial, features, said == {True}, by_rule=False)


def shared_cases(trial: str, annotated: Sequence[Gold], homes: Sequence[Home]) -> Iterator[Case]:
    """Yield the windows of criteria with heads of other criteria; no rule shares any."""
    for pair in across.window_pairs(homes):
        place = (pair.window.start, pair.window.end)
        bears = any(overlap(gold.bears["window"], place) for gold in named(annotated, pair.head))
        yield Case(trial, pair.features, bears, by_rule=False)


CASES: dict[Bearing, Callable[[str, Sequence[Gold], Tree, Bound], Iterator[Case]]] = {
    **{relation: partial(pair_cases, relation) for relation in PAIRS},
    "negated": negated_cases,
    "exempt": exempt_cases,
}


LATE: dict[Bearing, Stage] = {"negated": denials.denials, "exempt": exemptions.exemptions}
"""The relations that are asked once a criterion is bound, and their stages."""


def seen(unit: Unit, relation: Bearing) -> tuple[Tree, Bound]:
    """Return a criterion as the stage of a relation sees it; for windows and conditions, the first time."""
    if relation in LATE:
        order = ORDER[: ORDER.index(LATE[relation])]
        return settle(unit.piece, Inherited(), order, section=unit.section)
    tree = Tree(conditions.without_timings(cases.with_suspected(unit.piece)))
    bound = bind_limits(tree, Bound())
    return tree, bound if relation == "limit" else owners.owners(tree, bound)


def texts_of(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the texts of ``items`` as a pipeline reads them."""
    return [f"{HEADINGS[item['type']]}{item['text']}\n" for item in items]


def read_units(nlp: Language, texts: Iterable[str]) -> list[list[Unit]]:
    """Return, for each text, the criteria that the pipeline makes of it."""
    with nlp.select_pipes(disable=["eligex_assemble"]):
        return [Pieces(doc).units(doc._.eligex_segments["criteria"]) for doc in nlp.pipe(texts)]


def read_cases(
    relation: Bearing, items: Iterable[Mapping[str, Any]], criteria: Iterable[Sequence[Unit]]
) -> list[Case]:
    """Return the cases of a relation in ``items``, of which ``criteria`` are the criteria."""
    found: list[Case] = []
    for item, units in zip(items, criteria, strict=True):
        annotated = golds(item)
        if relation == "shared_window":
            found += shared_cases(item["nct_id"], annotated, read(units))
            continue
        for unit in units:
            found += CASES[relation](item["nct_id"], annotated, *seen(unit, relation))
    return found


def elsewhere(document: Document, units: Iterable[Unit]) -> Iterator[Case]:
    """Yield the pairs of the limits that Leaf Clinical Trials annotates in a document."""
    atoms = document.gold.atoms or ()
    for unit in units:
        for pair in owners.pairs(*seen(unit, "limit")):
            quantity, head = pair.limit.quantity, pair.head
            own = [atom for atom in atoms if overlap((atom.start, atom.end), (quantity.start, quantity.end))]
            if any(atom.entities for atom in own):
                bears = any(overlap(name, (head.start, head.end)) for atom in own for name in atom.entities)
                yield Case(document.id, pair.features, bears, pair.by_rule)


def read_elsewhere(data: Path, leave_out: Container[str]) -> list[Document]:
    """Return the documents of Leaf Clinical Trials that are not in ``leave_out``."""
    ids = [path.stem for path in (data / "lct").glob("NCT*.ann") if path.stem not in leave_out]
    return lct.read(data / "lct", ids=ids)


def fit(cases: Sequence[Case], *, strength: float = STRENGTH, rarest: int = RAREST) -> dict[str, float]:
    """Return the weights of a logistic regression over the features that occur ``rarest`` times or more."""
    counts = Counter(name for case in cases for name in case.features)
    kept = {name for name, count in counts.items() if count >= rarest and name.isprintable()}
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(dict.fromkeys(kept.intersection(case.features), 1) for case in cases)
    model = LogisticRegression(C=strength, max_iter=3000).fit(matrix, [case.bears for case in cases])
    weights = zip(vectorizer.feature_names_, model.coef_[0].tolist(), strict=True)
    found = {name: round(weight, 3) for name, weight in weights if abs(weight) >= SMALLEST}
    return {"bias": round(float(model.intercept_[0]), 3)} | found


def scores(cases: Iterable[Case], weights: Mapping[str, float]) -> list[float]:
    """Return the probability of every case."""
    sums = [weights["bias"] + sum(weights.get(name, 0.0) for name in case.features) for case in cases]
    return [float(1 / (1 + np.exp(-total))) for total in sums]


def cross_validated(
    cases: Sequence[Case], *, strength: float = STRENGTH, rarest: int = RAREST
) -> list[float]:
    """Return the probability of every case by weights from other trials; the options are those of ``fit``."""
    trials = sorted({case.trial for case in cases})
    fold = {trial: number % FOLDS for number, trial in enumerate(trials)}
    found = [0.0] * len(cases)
    for number in range(FOLDS):
        held = [place for place, case in enumerate(cases) if fold[case.trial] == number]
        others = [case for case in cases if fold[case.trial] != number]
        weights = fit(others, strength=strength, rarest=rarest)
        for place, chance in zip(held, scores([cases[p] for p in held], weights), strict=True):
            found[place] = chance
    return found


def unread(case: Case) -> Case:
    """Return a case as it is described where no model has read the text: without its arcs and tags."""
    names = (name for name in case.features if not name.startswith("arc=") and "tagged=" not in name)
    return case._replace(features=list(names))


def figures(cases: Sequence[Case], decided: Sequence[bool]) -> tuple[int, int, int]:
    """Return how many pairs are right, found and annotated."""
    right = sum(case.bears and found for case, found in zip(cases, decided, strict=True))
    return right, sum(decided), sum(case.bears for case in cases)


def f1(counts: tuple[int, int, int]) -> float:
    """Return F1."""
    return 2 * counts[0] / (counts[1] + counts[2]) if counts[1] + counts[2] else 0.0


def compared(cases: Sequence[Case], least: float, rarest: int = RAREST) -> str:
    """Return a line that compares the rules with the trained table, each pair decided by other trials."""
    decided = {
        "rules": [case.by_rule for case in cases],
        f"table from {least}": [chance >= least for chance in cross_validated(cases, rarest=rarest)],
    }
    shown = []
    for name, each in decided.items():
        right, found, all_ = figures(cases, each)
        shown.append(f"{name}: P {right}/{found}, R {right}/{all_}, F1 {f1((right, found, all_)):.3f}")
    return "; ".join(shown)


def main() -> None:
    """Read the arguments, train the relations one after the other and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("models", "data", "lct_dev", "target"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    head = head_of(options.target)
    documents = read_elsewhere(options.data, options.lct_dev.read_text("utf-8").split())
    both, others = [], []
    for number, (nlp, items) in enumerate(by_fold(options.models, read_items(options.data))):
        both += zip(items, read_units(nlp, texts_of(items)), strict=True)
        some = documents[number::FOLDS_OF_TRIALS]
        others += zip(some, read_units(nlp, (each.text for each in some)), strict=True)
    tables = {relation: dict(load_weights()[relation]) for relation in BEARINGS}
    for relation in (
        each for each in BEARINGS if each not in PLAIN.values()
    ):  # in this order: what is exempt is asked once the others are decided
        wholly = relation == "limit"  # limits gain nothing from the other criteria
        read_by = [pair for pair in both if not wholly or pair[0]["split"] == "train"]
        cases, rarest = read_cases(relation, *zip(*read_by, strict=True)), RARE.get(relation, RAREST)
        if relation == "limit":
            cases += (case for pair in others for case in elsewhere(*pair))
        tables[relation] = {LEAST: LEASTS[relation], **fit(cases, rarest=rarest)}
        if plain := PLAIN.get(relation):
            tables[plain] = {LEAST: LEASTS[plain], **fit([unread(case) for case in cases])}
        sys.stderr.write(f"{relation}: {len(cases)} pairs; {compared(cases, LEASTS[relation], rarest)}\n")
        options.target.write_text(written(head, tables), "utf-8")
        load_weights.cache_clear()


if __name__ == "__main__":
    main()
