"""What the words between two mentions say about how they belong together.

Decides whether a gap coordinates ("A, B or C"), narrows ("A with B"), enumerates what the left side
covers ("A such as B", "A: B") or separates ("A; B").  Which mentions a connector finally joins is for
the assembly.

In Chia (folds other than the development fold) two neighbouring domain entities of one criterion with only
"or", "," or "/" between them are one OR group in nine of ten cases, and so they are in exclusion criteria
with "and" between them (93 of 121); in inclusion criteria "and" is split evenly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

ConnectorKind = Literal["and", "or", "comma", "semicolon", "covers", "narrow"]


@dataclass(frozen=True, slots=True)
class Connector:
    """How the right side joins the left one; ``tight`` if nothing but the connector lies between."""

    kind: ConnectorKind
    tight: bool


_WORD = re.compile(r"and/or|[^\W\d_]+(?:['’\-][^\W\d_]+)*|[,;:/()&+.、；，]|\d+(?:[.,]\d+)*", re.UNICODE)
_SENTENCE_END = re.compile(r"[.!?。]\s+\W{0,3}[A-Z]")
_COVERS = re.compile(
    r"\b(?:such \s as|including|include[sd]?|e\.?g\.?|i\.?e\.?|for \s example|namely|defined \s (?:as|by)|"
    r"like|particularly|especially|other \s than)\b | :\s*$ | ^\s*\(\s*$",
    re.VERBOSE | re.IGNORECASE,
)  # "autoimmune disease such as lupus", "bleeding tendency (haemophilia"

# Between two limits of one thing: "> 30 or < 18".
EITHER = re.compile(r"\bor\b|/", re.IGNORECASE)
# What makes a criterion the introduction of a list: "One of the following:".
INTRODUCES = re.compile(r":\s*$|\bfollowing\b|\blisted below\b", re.IGNORECASE)
# An introduction that negates its list: "No history of any of the following:", "Must not have:".
NEGATED_LEAD = re.compile(
    r"""\b(?:no|none|not|without|absence|free|never|neither|lack)\b
    (?:\s+(?:of|any|an?|the|have|had|has|been|be|history|evidence|known|prior|previous|current|active|meet|meeting
      |signs?|one|or|and|more|clinically|significant|presence|from|following|conditions?|criteria|below|with|to
      |experienced|received|use|diagnosed|documented|these)){0,12}
    \s*(?::|(?<=following)|(?<=below))[^.;]{0,40}$""",
    re.IGNORECASE | re.VERBOSE,
)
# From a negated thing to what hangs on it: "allergy to", "treated with any".
HANGS_ON = re.compile(
    r"\s*(?:to|of|with|for|from|by|due\s+to|against|requiring|caused\s+by)\s+(?:[a-z\-]+\s+){0,3}",
    re.IGNORECASE,
)
# A history that stands for the things it is of: "family history", "personal history".
HISTORY = re.compile(
    r"(?:a\s+|any\s+)?(?:(?P<family>family|familial)|personal|past|prior|previous|medical|known|documented)?"
    r"(?:\s*(?:medical|clinical))?\s*(?:history|histories)",
    re.IGNORECASE,
)
# A narrowing that takes the whole list behind it: "diabetes with nephropathy or retinopathy".
TAKES_LIST = re.compile(r"\s*(?:with|requiring|due\s+to|caused\s+by|secondary\s+to)\b", re.IGNORECASE)
# What opens the next member of a list: ", or", "; ", ") and".
NEXT_MEMBER = re.compile(r"\s*[)\]]?\s*(?:[,;，；、]|\b(?:or|and|and/or|but|plus)\b)", re.IGNORECASE)
# What follows one of these is shared by the list before it: "allergy or intolerance to A".
SHARED_BY_LIST = re.compile(r"\s*(?:to|of|for|against|caused\s+by|due\s+to|related\s+to)\b", re.IGNORECASE)

_AND = frozenset({"and", "&", "plus", "+", "nor"})
_OR = frozenset({"or", "and/or"})
# Words that may stand beside a connector without breaking a coordination: "A and/or any other active B".
_FILLERS = frozenset(
    "a an the any other another some both either his her their of these this that those"
    " active acute chronic severe moderate mild known prior previous current recent recurrent symptomatic"
    " uncontrolled unstable significant clinically serious major minor new suspected confirmed documented"
    " history as well".split()
)


@lru_cache(maxsize=16384)
def connector(gap: str) -> Connector:
    """Classify the text between two mentions.

    Examples
    --------
    >>> connector(", or ")
    Connector(kind='or', tight=True)
    >>> connector(" with active ")
    Connector(kind='narrow', tight=False)
    """
    words = _WORD.findall(gap.lower())
    if not words:
        return Connector("narrow", True)
    if ";" in words or "；" in words or _SENTENCE_END.search(gap):
        return Connector("semicolon", False)
    rest = [w for w in words if w not in _FILLERS]
    if _COVERS.search(gap):
        return Connector("covers", len(rest) <= 3)
    tight = all(w in _AND or w in _OR or w in ",/、，()" for w in rest)
    if any(w in _OR for w in rest):
        return Connector("or", tight)
    if any(w in _AND for w in rest):
        return Connector("and", tight)
    if "/" in rest:
        return Connector("or", tight)
    if any(w in ",、，" for w in rest):
        return Connector("comma", tight)
    return Connector("narrow", not rest)
