"""The stage that reads recoveries that did not come: "not recovered to grade ≤ 1", "not recovered from gout".

A limit that was not reached is negated with its thing: "toxicity not resolved to grade ≤ 1" excludes those
above it.  Without a limit the thing is there, and "not recovered from" describes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from eligex.binding.bound import Bound, denials_in, modifier
from eligex.binding.heads import Head
from eligex.binding.tree import Span, Tree
from eligex.binding.words import NOT_RECOVERED, NOT_RECOVERED_FROM, RECOVERIES
from eligex.schema import Modifier, Quantity

_REACHED, _TOO_HIGH = frozenset({"<", "<=", "=", "in", "between"}), frozenset({">", ">="})


def recoveries(tree: Tree, bound: Bound) -> Bound:
    """Return ``bound`` with limits that were not reached negated, and things not recovered from not.

    Examples
    --------
    "Toxicity not resolved to [grade ≤ 1]" → negated; "Not recovered from [surgery]", "Not recovered from
    [toxicity > grade 1]" → not negated.
    """
    if not tree.has(RECOVERIES):
        return bound
    negated, modifiers = set(bound.negated), dict(bound.modifiers)
    for head in bound.heads:
        quantities = [limit.quantity for limit in bound.limits.get(head, ())]
        if any(each.denied is not None for each in quantities):
            continue
        compared = {each.comparator for each in quantities}
        cue = _cue(tree, head, quantities)
        if cue is None:
            continue
        if head not in negated and compared and compared <= _REACHED:
            negated.add(head)
            modifiers[head] = (*modifiers.get(head, ()), modifier(tree.text, cue, "negation"))
        elif head in negated and compared <= _TOO_HIGH and cue[1] <= head.start:
            given = modifiers.get(head, ())
            if all(cue[0] <= each.start for each in denials_in(given)):
                negated.remove(head)
                modifiers[head] = tuple(_described(given))
    if negated == bound.negated:
        return bound
    return bound._replace(negated=frozenset(negated), modifiers=modifiers)


def _cue(tree: Tree, head: Head, quantities: Sequence[Quantity]) -> Span | None:
    """Return the words that say that a thing did not go: "[not recovered] from toxicity"."""
    low, high = tree.statement(head.start)
    before = NOT_RECOVERED_FROM.search(tree.text[low : head.start])
    if before is not None:
        return low + before.start("cue"), low + before.end("cue")
    first = quantities[0].start if quantities else high
    after = NOT_RECOVERED.search(tree.text, head.end, first) if first < high else None
    return after.span("cue") if after else None


def _described(given: Iterable[Modifier]) -> Iterator[Modifier]:
    return (replace(each, type="qualifier") if each.type == "negation" else each for each in given)
