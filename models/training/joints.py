"""Train how neighbours of a criterion are joined, on criteria annotated by reading.

Runs the pipelines in MODELS over the annotated criteria that they have not seen and describes every link
between neighbours, as :mod:`eligex.binding` does; the annotated logic says whether the two are joined by
*and* or *or*, and which of two links is the looser one: that of the outer expression.  TARGET is the table of
the package.  Prints how many operators, orders of two links and whole expressions are right (five-fold
cross-validation over trials), and writes the table.

    python models/training/joints.py MODELS $ELIGEX_DATA nlp/eligex/lexicon/data/joints.tsv
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count, pairwise
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

from bearers import golds, named, read_items, texts_of
from folds import by_fold
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from spacy.language import Language
from spacy.tokens import Doc
from tables import head_of, written

from eligex.binding.across import share
from eligex.binding.bound import Limit
from eligex.binding.criteria import Statement, Writer, read
from eligex.binding.heads import Head
from eligex.binding.joining import QUESTIONS, Question, agreed
from eligex.binding.links import Described, Operator, Side, describe, with_operator
from eligex.binding.tree import Link, Tree
from eligex.pipes.assemble import Pieces

STRENGTHS: dict[Question, float] = {"or": 0.5, "loose": 0.1}
RAREST = 10
"""How often a feature must occur."""
SMALLEST = 0.03
"""Weights below it change hardly any decision and only fill the table."""
FOLDS = 5
_REACH = 8
"""Links after one that it is compared with."""
_OTHER: dict[Operator, Operator] = {"and": "or", "or": "and"}
Around = tuple[tuple[int, Operator], ...]
"""The expressions around something, outer first: the number and the operator of each."""


class Answer(NamedTuple):
    """What the annotation says of a link: its operator, and the expressions around both sides."""

    operator: Operator
    around: tuple[int, ...]


class Example(NamedTuple):
    """The links of one statement, with the answers that are known."""

    trial: str
    sides: Sequence[Side]
    links: Sequence[Link]
    features: list[Described]
    answers: list[Answer | None]


class Case(NamedTuple):
    """A question with its answer; ``features`` are counted, for "loose" those of one link less another's."""

    features: Mapping[str, int]
    yes: bool
    weight: float = 1.0


class Leaf(NamedTuple):
    """A predicate in the annotated logic: the expressions around it, and whether it says what is absent."""

    around: Around
    absent: bool


def leaves(
    node: Any, numbers: Iterator[int], around: Around = (), *, denied: bool = False
) -> Iterator[tuple[int, Leaf]]:
    """Yield the predicates of an expression; a ``not`` turns the operators inside it round.

    >>> dict(leaves({"not": {"or": [1, 2]}}, count()))[2]
    Leaf(around=((0, 'and'),), absent=True)
    """
    if node is None:
        return
    if not isinstance(node, Mapping):
        yield node, Leaf(around, denied)
    elif "not" in node:
        yield from leaves(node["not"], numbers, around, denied=not denied)
    else:
        operator: Operator = "or" if "or" in node else "and"
        inner = (*around, (next(numbers), _OTHER[operator] if denied else operator))
        for child in node[operator]:
            yield from leaves(child, numbers, inner, denied=denied)


def answer(left: Leaf, right: Leaf, *, turned: bool) -> Answer | None:
    """Return what joins two predicates: the innermost expression around both."""
    common = [one for one, other in zip(left.around, right.around, strict=False) if one == other]
    if left.around == right.around == () or not common:
        return None
    operator = common[-1][1]
    return Answer(_OTHER[operator] if turned else operator, tuple(number for number, _ in common))


class Annotated:
    """The annotation of one criterion."""

    def __init__(self, item: Mapping[str, Any]) -> None:
        self.golds = golds(item)
        found = dict(leaves(item["logic"], count()))
        self.leaves: dict[int, Leaf] = {}
        for gold, predicate in zip(self.golds, item["predicates"], strict=True):
            leaf = found.get(predicate["n"])
            if leaf is not None:
                self.leaves[id(gold)] = leaf._replace(absent=leaf.absent != predicate["negated"])

    def of(self, writer: Writer, head: Head, *, last: bool) -> Leaf | None:
        """Return the predicate of the first or last limit of a head, if both say the same of it."""
        limits: Sequence[Limit | None] = writer.bound.limits.get(head) or (None,)
        limit = limits[-1 if last else 0]
        found = [self.leaves[id(gold)] for gold in named(self.golds, head, limit) if id(gold) in self.leaves]
        absent = writer.negated(head, limit) != writer.demands(head)
        return next((leaf for leaf in found if leaf.absent == absent), None)


def examples(item: Mapping[str, Any], doc: Doc) -> Iterator[Example]:
    """Yield the statements of a criterion that was read by a pipeline."""
    annotated, units = Annotated(item), Pieces(doc).units(doc._.eligex_segments["criteria"])
    for home in share(read(units)):
        tree = home.tree
        writer = Writer(tree, home.bound, home.unit.section, {}, {})
        for said in writer.statements():
            if len(said.heads) > 1:
                yield _example(item["nct_id"], annotated, tree, writer, said)


def _example(trial: str, annotated: Annotated, tree: Tree, writer: Writer, said: Statement) -> Example:
    sides = [writer.side(head) for head in said.heads]
    links = [tree.link(left, right) for left, right in pairwise(sides)]
    answers = []
    for (left, right), (one, other) in zip(pairwise(said.heads), pairwise(sides), strict=True):
        before, after = annotated.of(writer, left, last=True), annotated.of(writer, right, last=False)
        shared = one.negation is not None and one.negation == other.negation
        known = before is not None and after is not None and before is not after
        turned = said.demanded != shared
        answers.append(answer(before, after, turned=turned) if known and before and after else None)
    return Example(trial, sides, links, list(describe(tree, sides, links, said.section)), answers)


def operators(found: Iterable[Example]) -> Iterator[Case]:
    """Yield the question "or?" of every link with an answer."""
    for example in found:
        for each, said in zip(example.features, example.answers, strict=True):
            if said is not None:
                yield Case(dict.fromkeys((*each.plain, *each.more), 1), said.operator == "or")


def nested(example: Example) -> list[tuple[int, int]]:
    """Return the pairs of links of which the first is in an expression around that of the second."""
    known, found = [(n, said) for n, said in enumerate(example.answers) if said is not None], []
    for place, (one, first) in enumerate(known):
        for other, second in known[place + 1 : place + 1 + _REACH]:
            if first.operator == second.operator or first.around == second.around:
                continue
            if second.around[: len(first.around)] == first.around:
                found.append((one, other))
            elif first.around[: len(second.around)] == second.around:
                found.append((other, one))
    return found


def orders(found: Iterable[Example]) -> Iterator[Case]:
    """Yield the question "is the first the looser one?" of nested links, both ways round."""
    for example in found:
        pairs = nested(example)
        for one, other in pairs:
            difference = Counter(_loose(example, one))
            difference.subtract(_loose(example, other))
            weight = 1 / sqrt(len(pairs))
            yield Case(difference, yes=True, weight=weight)
            yield Case({name: -number for name, number in difference.items()}, yes=False, weight=weight)


def _loose(example: Example, place: int) -> list[str]:
    said = example.answers[place]
    return with_operator(example.features[place], said.operator) if said is not None else []


CASES: dict[Question, Callable[[Iterable[Example]], Iterator[Case]]] = {"or": operators, "loose": orders}


def fit(cases: Sequence[Case], question: Question) -> dict[str, float]:
    """Return the weights of a logistic regression; an order has no bias."""
    counts = Counter(name for case in cases for name, number in case.features.items() if number)
    kept = {name for name, number in counts.items() if number >= RAREST and name.isprintable()}
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(
        {name: number for name, number in case.features.items() if number and name in kept} for case in cases
    )
    model = LogisticRegression(C=STRENGTHS[question], max_iter=3000, fit_intercept=question == "or")
    model.fit(matrix, [case.yes for case in cases], sample_weight=[case.weight for case in cases])
    weights = zip(vectorizer.feature_names_, model.coef_[0].tolist(), strict=True)
    found = {name: round(weight, 3) for name, weight in weights if abs(weight) >= SMALLEST}
    bias = {"bias": round(float(model.intercept_[0]), 3)} if question == "or" else {}
    return bias | found


def score(weights: Mapping[str, float], features: Mapping[str, int]) -> float:
    """Return the sum of the weights of features."""
    total = sum(weights.get(name, 0.0) * number for name, number in features.items())
    return weights.get("bias", 0.0) + total


def trained(found: Sequence[Example]) -> dict[Question, dict[str, float]]:
    """Return the weights of both questions."""
    return {question: fit(list(CASES[question](found)), question) for question in QUESTIONS}


def compared(found: Sequence[Example]) -> str:
    """Return how many answers are right, each by weights from other trials."""
    trials = sorted({example.trial for example in found})
    fold = {trial: number % FOLDS for number, trial in enumerate(trials)}
    right: Counter[str] = Counter()
    for number in range(FOLDS):
        tables = trained([example for example in found if fold[example.trial] != number])
        for example in (each for each in found if fold[each.trial] == number):
            rows = [dict.fromkeys((*each.plain, *each.more), 1) for each in example.features]
            scores = agreed(example.sides, example.links, [score(tables["or"], row) for row in rows])
            for chance, said in zip(scores, example.answers, strict=True):
                if said is not None:
                    right.update({"operators": 1, "operators right": (chance > 0) == (said.operator == "or")})
            for case in orders([example]):
                right.update(
                    {"orders": 1, "orders right": (score(tables["loose"], case.features) > 0) == case.yes}
                )
    return ", ".join(f"{name}: {right[f'{name} right']}/{right[name]}" for name in ("operators", "orders"))


def read_examples(nlp: Language, items: Sequence[Mapping[str, Any]]) -> list[Example]:
    """Return the statements of all items."""
    found: list[Example] = []
    with nlp.select_pipes(disable=["eligex_assemble"]):
        for item, doc in zip(items, nlp.pipe(texts_of(items)), strict=True):
            found += examples(item, doc)
    return found


def main() -> None:
    """Read the arguments, train both questions and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("models", "data", "target"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    head = head_of(options.target)
    pipelines = by_fold(options.models, read_items(options.data))
    found = [example for nlp, items in pipelines for example in read_examples(nlp, items)]
    sys.stderr.write(f"{len(found)} statements; {compared(found)}\n")
    options.target.write_text(written(head, trained(found)), "utf-8")


if __name__ == "__main__":
    main()
