"""eligex's own corpus criterion by criterion, in the form of the criteria of real trials.

A document is one criterion with all that hangs below it, as a line of its own under a heading, like those of
:mod:`.structured`.  So the same figures can be read on both, and say which of the two is harder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from eligex.schema import Criterion, TrialCriteria

from ..documents import Document, Gold
from ..statements import result_statements
from ..truth import expanded, is_below, without_when


def read(results: Iterable[TrialCriteria]) -> list[Document]:
    """Return the criteria of annotated sections as documents; those that state nothing are left out."""
    return [document for result in results for document in _documents(result)]


def _documents(result: TrialCriteria) -> Iterator[Document]:
    text = result.text or ""
    by_id = {criterion.id: criterion for criterion in result.criteria}
    stated = result_statements(result, (0, len(text)))
    for root in result.criteria:
        if root.parent in by_id:
            continue
        members = [c for c in result.criteria if c is root or is_below(c, root, by_id)]
        names = {predicate.id for member in members for predicate in member.predicates}
        heading = f"{root.type.capitalize()} Criteria:\n"
        start, end = root.start, max(member.end for member in members)
        own = [
            replace(
                each, spans=tuple((s - start + len(heading), e - start + len(heading)) for s, e in each.spans)
            )
            for each in stated
            if each.key in names
        ]
        if own:
            gold = Gold(stated=tuple(own), logic=_logic(root, by_id))
            yield Document(
                f"{result.trial_id}:{root.id}", f"{heading}{text[start:end]}\n", "corpus-criteria", gold=gold
            )


def _logic(root: Criterion, by_id: dict[str, Criterion]) -> object:
    """Return the expression of a criterion over its predicates, in a form that knows no ``when``."""
    return without_when(expanded(root, by_id))
