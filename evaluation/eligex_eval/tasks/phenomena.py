"""Numeric recall by phenomenon: what kinds of number are found, and what kinds are not.

Every gold atom carries tags that follow from the annotation alone; for each tag, how many atoms there are
and how many are right at the tuple level.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..atoms import result_atoms
from ..counts import Share
from ..documents import Atom
from ..predictions import Pair
from .numeric import SCALE, Numeric


def tags(atom: Atom, text: str) -> Iterator[str]:
    """Name the phenomena of a gold atom.

    >>> list(tags(Atom(0, 3, 18.0, ">=", True, ("a",), ((4, 7),)), "18+ age"))
    ['comparator: end of a range', 'unit: age or time', 'number: other spelling', 'entity after the value']
    """
    yield "comparator: end of a range" if atom.range_end else f"comparator: {atom.comparator}"
    yield f"unit: {_unit_kind(atom)}"
    written = text[atom.start : atom.end]
    if isinstance(atom.value, str):
        yield "number: letter or stage"
    elif written.replace(".", "", 1).isdigit():
        yield "number: decimal" if "." in written else "number: integer"
    elif written.isalpha():
        yield "number: word or roman"
    else:
        yield "number: other spelling"
    if all(start >= atom.end for start, _ in atom.entities):
        yield "entity after the value"
    elif any(atom.start - end > 40 for _, end in atom.entities):
        yield "entity far before the value"


def _unit_kind(atom: Atom) -> str:
    units = set(atom.units)
    if not units:
        return "none"
    if units & {"a", "mo", "wk", "d", "h", "min"}:
        return "age or time"
    if units & {"[ULN]", "[LLN]", "{baseline}"}:
        return "relative"
    if "%" in units:
        return "%"
    return "no code" if all(u.startswith("text:") for u in units) else "UCUM"


def by_phenomenon(pairs: Iterable[Pair]) -> dict[str, Share]:
    """Return the share of gold atoms right at the tuple level, by tag."""
    table: dict[str, Share] = {}
    for pair in pairs:
        gold = list(pair.document.gold.atoms or ())
        predicted = [a for a in result_atoms(pair.result) if not Numeric.left_out(a, pair.document)]
        right = {i for i, _ in SCALE.whole(gold, predicted)}
        for index, atom in enumerate(gold):
            for tag in tags(atom, pair.document.text):
                table[tag] = table.get(tag, Share()) + Share(int(index in right), 1)
    return dict(sorted(table.items()))
