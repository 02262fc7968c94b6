"""A result in which every field of the contract is filled somewhere."""

from __future__ import annotations

import pytest

from eligex.schema import (
    Alternative,
    Concept,
    Count,
    Criterion,
    Entity,
    Failure,
    Heading,
    Modifier,
    Predicate,
    PredicateEntity,
    Provenance,
    Source,
    Structured,
    TrialCriteria,
    Unparsed,
    Warned,
    Window,
)

TEXT = (
    "Inclusion Criteria:\n- Creatinine (Cr) > 2 and <= 3.5 mg/dL (177 µmol/L) "
    "within 6 months before screening if male\n"
    '- Child-Pugh A or B\n- Willing, "able"\u2028and [bold]consenting[/bold]; =1+1\n'
    "Exclusion Criteria:\n- Cancer except skin cancer for 5 half-lives\n~~~"
)


def _span(piece: str) -> tuple[int, int]:
    start = TEXT.index(piece)
    return start, start + len(piece)


def _entity(piece: str, label: str = "Condition") -> PredicateEntity:
    return PredicateEntity(piece, *_span(piece), label)  # type: ignore[arg-type]


def _renal() -> Criterion:
    text = TEXT.split("\n")[1][2:]
    predicate = Predicate(
        "inc-1.1",
        PredicateEntity(
            "Cr",
            TEXT.index("Cr)"),
            TEXT.index("Cr)") + 2,
            "Measurement",
            name="Creatinine",
            concept=Concept("LOINC", "2160-0", "Creatinine", "alias", 0.9),
            xrefs=("MESH:D003404",),
        ),
        comparator="between",
        threshold=2,
        threshold_high=3.5,
        threshold_inclusive=False,
        threshold_high_inclusive=True,
        unit="mg/dL",
        unit_text="mg/dL",
        alternatives=(Alternative(177, "umol/L", *_span("177 µmol/L")),),
        canonical_threshold=176.803,
        canonical_threshold_high=309.406,
        canonical_unit="umol/L",
        warnings=(Warned("mismatch", "one limit, two values", "mg/dL"),),
        value_text="> 2 and <= 3.5 mg/dL",
        value_start=_span("> 2")[0],
        value_end=_span("mg/dL")[1],
        temporal=Window(
            "within 6 months before screening",
            *_span("within 6 months before screening"),
            direction="before",
            high="P6M",
            anchor="screening",
            alternatives=("P30D", Count(5, "{half-life}")),
            whichever="longer",
        ),
        modifiers=(Modifier("male", *_span("male"), "qualifier"),),
        condition="male",
        condition_start=_span("male")[0],
        condition_end=_span("male")[1],
        condition_predicates=(Predicate("inc-1.1?1", _entity("male", "Person"), effect=None),),
        confidence=0.5,
    )
    return Criterion(
        "inc-1",
        "inclusion",
        text,
        *_span(text),
        marker="-",
        marker_start=TEXT.index("- "),
        cohort="Part B",
        predicates=(predicate,),
        logic={"and": ["inc-1.1"]},
    )


def _letters() -> Criterion:
    predicate = Predicate(
        "inc-2.1",
        _entity("Child-Pugh", "Measurement"),
        comparator="in",
        threshold=1,
        threshold_inclusive=True,
        threshold_set=(1, 2),
        threshold_text=("A", "B"),
        unit="{score}",
    )
    single = Predicate(
        "inc-2.2",
        _entity("Child-Pugh", "Measurement"),
        comparator="=",
        threshold=2,
        threshold_inclusive=True,
        threshold_text="B",
    )
    return Criterion(
        "inc-2", "inclusion", "Child-Pugh A or B", *_span("Child-Pugh A or B"), predicates=(predicate, single)
    )


def _cancer() -> Criterion:
    text = "Cancer except skin cancer for 5 half-lives"
    window = Window(
        "for 5 half-lives",
        *_span("for 5 half-lives"),
        direction="for",
        low=Count(5, "{half-life}"),
        strict=True,
    )
    second = Window("5 half-lives", *_span("5 half-lives"), direction="within", high="P6W", anchor="surgery")
    predicates = (
        Predicate(
            "exc-1.1",
            _entity("Cancer"),
            negated=True,
            effect="exclude",
            exceptions=("exc-1.2",),
            temporal=window,
            windows=(window, second),
        ),
        Predicate("exc-1.2", _entity("skin cancer"), effect="allow"),
    )
    return Criterion(
        "exc-1", "exclusion", text, *_span(text), parent="exc-0", type_basis="cue", predicates=predicates
    )


@pytest.fixture
def full() -> TrialCriteria:
    consent = TEXT.split("\n")[3][2:]
    return TrialCriteria(
        "NCT00000001",
        Source("text", "a.txt", None, 0, len(TEXT)),
        headings=(Heading(*_span("Inclusion Criteria:"), "Inclusion Criteria:", "inclusion"),),
        entities=(Entity(*_span("Cancer"), "Cancer", "Condition", negated=True),),
        criteria=(_renal(), _letters(), Criterion("inc-3", "inclusion", consent, *_span(consent)), _cancer()),
        unparsed=(Unparsed(*_span("~~~"), "~~~", "no words"),),
        structured=Structured("18 Years", None, "ALL", True, ("ADULT",)),
        provenance=Provenance("0.1.0", "eligex_en_sm", "0.1.0", {"pipeline": ["ner"]}),
        text=TEXT,
    )


@pytest.fixture
def failing() -> TrialCriteria:
    return TrialCriteria(
        "bad", Source("jsonl", None, "text", 0, 0), error=Failure("InputError", 'broken, "badly"')
    )


@pytest.fixture
def without_criteria() -> TrialCriteria:
    return TrialCriteria("none", Source("text", "b.txt", None, 0, 5))


@pytest.fixture
def results(
    full: TrialCriteria, failing: TrialCriteria, without_criteria: TrialCriteria
) -> list[TrialCriteria]:
    return [full, failing, without_criteria]
