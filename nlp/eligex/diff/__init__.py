"""What has changed between two results: criteria and predicates added, removed and changed."""

from __future__ import annotations

from eligex.diff.compare import Change, PredicateChange, TrialDiff, compare
from eligex.diff.inputs import diff

__all__ = ["Change", "PredicateChange", "TrialDiff", "compare", "diff"]
