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
    from eligex.batch.frames import extract_table
    from eligex.batch.run import run
    from eligex.pipeline import criteria, extract, load
    from eligex.readers import read
    from eligex.writers import write

_HOMES = {
    "criteria": "eligex.pipeline",
    "extract": "eligex.pipeline",
    "extract_table": "eligex.batch.frames",
    "load": "eligex.pipeline",
    "read": "eligex.readers",
    "run": "eligex.batch",
    "write": "eligex.writers",
}
__all__ = ["__version__", "criteria", "extract", "extract_table", "load", "read", "run", "write"]


def __getattr__(name: str) -> Any:
    """Import spaCy and the pipeline only when they are asked for."""
    if name in _HOMES:
        try:
            return getattr(import_module(_HOMES[name]), name)
        except (ImportError, ValueError) as error:
            from eligex.errors import unfit_packages

            if unfit := unfit_packages(error):
                raise unfit from error
            raise
    raise AttributeError(f"module 'eligex' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
