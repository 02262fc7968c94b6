"""Tables of rules: what a row is, and how a table decides.

A row proves itself: its example is read otherwise without it, and its counter-example is read the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Of = TypeVar("Of")
When = TypeVar("When")
Then = TypeVar("Then")


@dataclass(frozen=True, slots=True)
class Rule(Generic[When, Then]):
    """A row of a table: where ``when`` matches, ``then`` is the decision.

    ``when`` asks and changes nothing.  How the example and the counter-example are written is the table's.
    """

    name: str
    when: When
    then: Then
    example: str
    counter: str


def decide(table: Iterable[Rule[Callable[[Of], bool], Then]], of: Of) -> Then | None:
    """Return what the first row that matches says.

    >>> signs = (Rule("minus", str.isspace, -1, " ", "1"), Rule("plus", str.isdigit, 1, "1", " "))
    >>> decide(signs, "3"), decide(signs, "x")
    (1, None)
    """
    for rule in table:  # a loop: rules are asked so often that a generator would show in the run time
        if rule.when(of):
            return rule.then
    return None
