from __future__ import annotations

import pytest

import eligex_corpus
from eligex.schema import (
    Concept,
    Count,
    Criterion,
    Entity,
    Modifier,
    Predicate,
    PredicateEntity,
    Source,
    TrialCriteria,
    Window,
)

TEXT = "Inclusion Criteria:\n- HbA1c of <b>7 to 9 %</b> within 3 months, or type 2\n  diabetes\n"


@pytest.fixture(scope="session")
def corpus() -> list[TrialCriteria]:
    return eligex_corpus.read_split()[
        :20
    ]  # EC-0001 to EC-0020, which hold all kinds; the others only take time


@pytest.fixture
def hostile() -> TrialCriteria:
    """A result with tags and paths in its id and text; a span crosses a line break and ends with one."""
    analyte = PredicateEntity("HbA1c", 22, 27, "Measurement", concept=Concept("LOINC", "4548-4", "HbA1c"))
    disease = PredicateEntity("type 2\n  diabetes\n", 67, 85, "Condition", xrefs=("MINE:1", "UMLS:C0011860"))
    window = Window("within 3 months", 47, 62, "before", high="P3M", alternatives=(Count(5, "{half-life}"),))
    predicates = (
        Predicate(
            "inc-1.1",
            analyte,
            comparator="between",
            threshold=7,
            threshold_high=9,
            threshold_inclusive=True,
            threshold_high_inclusive=False,
            unit="%",
            unit_text="%",
            value_text="7 to 9 %",
            value_start=34,
            value_end=42,
            temporal=window,
            modifiers=(Modifier("<b>", 31, 34, "qualifier"),),
        ),
        Predicate("inc-1.2", disease),
    )
    criterion = Criterion(
        "inc-1",
        "inclusion",
        TEXT[22:85],
        22,
        85,
        predicates=predicates,
        logic={"or": ["inc-1.1", "inc-1.2"]},
    )
    entities = [Entity(22, 27, "HbA1c", "Measurement"), Entity(67, 85, "type 2\n  diabetes\n", "Condition")]
    return TrialCriteria(
        "../=<script>alert(1)</script>",
        Source("text", None, None, 0, len(TEXT)),
        entities=tuple(entities),
        criteria=(criterion,),
        text=TEXT,
    )
