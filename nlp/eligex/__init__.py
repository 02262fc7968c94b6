"""eligex: structured criteria from the free-text eligibility sections of clinical trials.

>>> import eligex
>>> result = eligex.extract("Inclusion Criteria:\\n- Age ≥ 18 years")
>>> result.criteria[0].predicates[0].threshold
18
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from eligex.batch.run import run
    from eligex.pipeline import criteria, extract, load
    from eligex.readers import read
    from eligex.writers import write

_HOMES = {
    "criteria": "eligex.pipeline",
    "extract": "eligex.pipeline",
    "load": "eligex.pipeline",
    "read": "eligex.readers",
    "run": "eligex.batch",
    "write": "eligex.writers",
}
__all__ = ["__version__", "criteria", "extract", "load", "read", "run", "write"]


def __getattr__(name: str) -> Any:
    """Import spaCy and the pipeline only when they are asked for."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'eligex' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
