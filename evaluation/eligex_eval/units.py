"""Canonical forms of units for comparison.

The normaliser is ``eligex.quantities.units.normalise``; a unit it does not know compares by its folded text,
so that an unknown unit is never equal to a different one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from eligex.quantities.units import normalise


@lru_cache(maxsize=4096)
def canonical(text: str) -> str:
    """Return the UCUM code of a unit as written, else ``text:`` and its folded, singular words."""
    try:
        code = normalise(text)
    except ValueError:
        code = None
    return code if code else folded(text)


def folded(text: str) -> str:
    """Fold a unit that has no code.

    >>> folded("Cigarettes/day") == folded("cigarette / day")
    True
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip(" .")
    return "text:" + re.sub(r"\s*/\s*", "/", re.sub(r"(?<=[a-z]{3})s\b", "", plain))


def gold_units(units: Iterable[str], per: Iterable[str], joined: str | None = None) -> tuple[str, ...]:
    """Return every canonical form that an annotated unit may take.

    A comparison may carry a unit twice ("kilograms (kg)") or in parts ("mL", "min", "1.73 m2"): each single
    unit with each single denominator, with all denominators, and the whole stretch as written all count.

    >>> gold_units([], [])
    ()
    """
    tops, bottoms = list(units), list(per)
    if not tops and not bottoms:
        return ()
    texts = [*tops] if not bottoms else []
    for top in tops or [""]:
        texts += [f"{top}/{bottom}" for bottom in bottoms]
        if len(bottoms) > 1:
            texts.append("/".join([top, *bottoms]))
    if len(tops) > 1:
        texts.append(" ".join(tops))
    if joined is not None and (len(tops) > 1 or len(bottoms) > 1):
        texts.append(joined)
    return tuple(dict.fromkeys(canonical(text) for text in texts))
