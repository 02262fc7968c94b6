"""What the tests of the quantity grammar share: a text, and in one line what is read from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eligex.quantities.find import canonical, find_quantities

Said = Callable[[str], str]


@pytest.fixture(scope="session")
def said() -> Said:
    """Return a function: "Age ≥ 18, ECOG 0-1" → "age: >= 18 a; scale: [0,1] {score}"."""

    def say(text: str) -> str:
        return "; ".join(f"{each.kind}: {canonical(each)}" for each in find_quantities(text))

    return say
