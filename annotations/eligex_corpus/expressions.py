"""The ``@l`` statement: the boolean expression of a criterion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from eligex.schema import Predicate
from eligex_corpus.errors import SourceError
from eligex_corpus.segments import Part

_TOKEN = re.compile(
    r"(?P<call>and|or|not|when|min(?P<least>\d))\(|(?P<close>\))|(?P<comma>,)|(?P<number>\d+)|(?P<kids>kids)"
)  # "or(1,and(2,3),kids)"  "when(2,1)"


def logic_of(part: Part, predicates: Sequence[Predicate]) -> dict[str, Any]:
    """Return the contract's ``logic`` of a criterion.

    Raises
    ------
    SourceError
        For a missing statement where one is needed, or an expression that does not parse.
    """
    lines = [statement for statement in part.block.statements if statement.name == "l"]
    own = [predicate for predicate in predicates if predicate.effect != "allow"]
    where = part.block.opener.where
    if len(lines) > 1:
        raise SourceError("a second @l", where=lines[1].where)
    if not lines:
        if len(own) > 1 or part.children:
            raise SourceError("several predicates or children: say @l", where=where)
        return {"and": [predicate.id for predicate in own]}
    words = lines[0].rest.replace(" ", "")
    if words in ("and", "or"):
        listed = [str(n) for n, p in enumerate(predicates, start=1) if p.effect != "allow"]
        words = f"{words}({','.join([*listed, *(['kids'] if part.children else [])])})"
    expression, rest = _read(words, part, predicates, lines[0].where)
    if rest:
        raise SourceError(f"what is {rest!r}?", where=lines[0].where)
    flat = expression[0]
    return flat if isinstance(flat, dict) else {"and": [flat]}


def _read(words: str, part: Part, predicates: Sequence[Predicate], where: str) -> tuple[list[Any], str]:
    """Read one operand; ``kids`` is as many operands as there are children."""
    match = _TOKEN.match(words)
    if match is None or match["close"] or match["comma"]:
        raise SourceError(f"not an expression: {words!r}", where=where)
    rest = words[match.end() :]
    if match["number"]:
        number = int(match["number"])
        if not 1 <= number <= len(predicates):
            raise SourceError(f"there is no predicate {number}", where=where)
        return [predicates[number - 1].id], rest
    if match["kids"]:
        return [child.id for child in part.children], rest
    operands: list[Any] = []
    while not rest.startswith(")"):
        found, rest = _read(rest, part, predicates, where)
        operands.extend(found)
        rest = rest.removeprefix(",")
    return _applied(match["call"], match["least"], operands, where), rest[1:]


def _applied(call: str, least: str | None, operands: list[Any], where: str) -> list[Any]:
    """Return the expression of an operator over its operands; ``and`` and ``or`` of one are that one."""
    if least:
        return [{"or": operands, "minimum": int(least)}]
    if call == "not":
        if len(operands) != 1:
            raise SourceError(f"not of {len(operands)}", where=where)
        return [{"not": operands[0]}]
    if call == "when":
        if len(operands) != 2 or not isinstance(operands[0], str):
            raise SourceError("write when(NUMBER,OTHERWISE)", where=where)
        return [{"when": operands[0], "else": operands[1]}]
    return operands if len(operands) == 1 else [{call: operands}]
