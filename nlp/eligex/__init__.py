"""eligex: structured criteria from the free-text eligibility sections of clinical trials.

>>> import eligex
>>> result = eligex.extract("Inclusion Criteria:\\n- Age ≥ 18 years")
>>> result.criteria[0].predicates[0].threshold
18
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "criteria", "extract", "load"]

if TYPE_CHECKING:
    from eligex.pipeline import criteria, extract, load


def __getattr__(name: str) -> Any:
    """Import spaCy and the pipeline only when they are asked for."""
    if name in ("criteria", "extract", "load"):
        from eligex import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module 'eligex' has no attribute {name!r}")
