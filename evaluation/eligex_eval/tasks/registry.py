"""All tasks by name."""

from __future__ import annotations

from collections.abc import Callable

from .accounting import Accounting
from .base import Task
from .entities import Entities, NestedEntities
from .exemptions import Exemptions
from .lists import Lists
from .logic import Logic
from .modifiers import Modifiers
from .negation import Negation
from .numeric import Numeric
from .predicates import Predicates
from .scopes import Scopes
from .sections import SectionType
from .segmentation import Segmentation
from .structured import Structured
from .windows import Windows

TASKS: dict[str, Callable[[], Task]] = {
    factory.name: factory
    for factory in (
        Segmentation,
        SectionType,
        Entities,
        NestedEntities,
        Negation,
        Numeric,
        Predicates,
        Structured,
        Modifiers,
        Scopes,
        Windows,
        Exemptions,
        Logic,
        Lists,
        Accounting,
    )
}


def all_tasks() -> list[Task]:
    """Return one of each, in the order of reports."""
    return [factory() for factory in TASKS.values()]
