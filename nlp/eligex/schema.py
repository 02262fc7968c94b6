"""The data model: trials in, criteria and predicates out.

Frozen dataclasses without behaviour beyond ``to_dict``; the JSON Schema and ``from_dict`` come from the
same classes, so that the contract is defined once.  Offsets are half-open character offsets into the text
as the source gave it.  This module defines names and types only; nothing here reads text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, get_args

SCHEMA_VERSION = "2.0"

Label = Literal[
    "Condition",
    "Drug",
    "Procedure",
    "Measurement",
    "Observation",
    "Person",
    "Device",
    "Visit",
    "Value",
    "Temporal",
    "Qualifier",
    "Negation",
    "Multiplier",
    "Mood",
    "Reference_point",
]
"""The 15 entity types of Chia (Kury et al. 2020, doi:10.1038/s41597-020-00620-0)."""
LABELS: tuple[str, ...] = get_args(Label)
DOMAIN_LABELS: tuple[str, ...] = LABELS[:8]
"""The labels that name something about a patient, and so may carry a predicate."""
TREATMENT_LABELS: frozenset[str] = frozenset({"Drug", "Procedure", "Device"})
"""The labels of what is given to a patient or done to them."""
LIMIT_FIELDS = (
    "comparator",
    "threshold",
    "threshold_high",
    "threshold_inclusive",
    "threshold_high_inclusive",
    "threshold_set",
    "threshold_text",
    "unit",
)
"""What a limit means, by the names that quantities and predicates share."""

CriterionType = Literal["inclusion", "exclusion"]
TypeBasis = Literal["heading", "cue", "given", "default", "field"]
Comparator = Literal["<", "<=", "=", "!=", ">=", ">", "between", "in"]
Effect = Literal["require", "exclude", "allow"]
Direction = Literal["before", "after", "during", "for", "within"]
Threshold = int | float
ConceptMatch = Literal["alias", "exact", "rule", "fuzzy", "broader"]
WarningKind = Literal["implausible", "mismatch"]
ModifierType = Literal[
    "qualifier",
    "multiplier",
    "mood",
    "reference",
    "temporal",
    "negation",
    "historical",
    "family",
    "hypothetical",
    "planned",
    "value",
]


@dataclass(frozen=True, slots=True)
class Structured:
    """What the registry keeps in separate fields, outside the free text, as written."""

    minimum_age: str | None = None
    maximum_age: str | None = None
    sex: str | None = None
    healthy_volunteers: bool | None = None
    standard_ages: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceField:
    """A field of a registry's record: ``text[start:end]`` is its value, exactly as the registry gives it.

    ``type`` is the type of its criteria, null where it holds both types; ``language`` is an ISO 639-1 code
    where the registry names the language of the field.  ``item`` means that the field is one criterion of a
    list, however many sentences it has.
    """

    name: str
    start: int
    end: int
    type: CriterionType | None = None
    language: str | None = None
    item: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text came from; ``start``/``end`` bound the eligibility section inside it.

    ``fields`` is set where the registry keeps the section in several fields; the text then is their values,
    with blank lines between them.
    """

    format: str
    path: str | None
    field: str | None
    start: int
    end: int
    fields: tuple[SourceField, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """One registry record: an id, the text that offsets count in, and where the section lies in it.

    ``type`` is the type of criteria under no heading that gives one, if the caller knows it.
    """

    trial_id: str
    text: str
    source: Source
    structured: Structured | None = None
    type: CriterionType | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A parsed value expression, ``text[start:end]``.

    ``low`` and ``high`` of a range are ``threshold`` and ``threshold_high``.  ``about`` is the span of the
    scale, analyte or counted noun that the expression itself names ("grade 3" of what: nothing; "ECOG 0-1":
    ECOG; "two prior lines": prior lines), if any; ``denied`` that of the word that denies it ("not ≥ 9").
    """

    start: int
    end: int
    text: str
    comparator: Comparator
    threshold: Threshold
    threshold_high: Threshold | None = None
    threshold_inclusive: bool = True
    threshold_high_inclusive: bool | None = None
    threshold_set: tuple[Threshold, ...] | None = None
    threshold_text: str | tuple[str, ...] | None = None
    unit: str | None = None
    unit_text: str | None = None
    alternatives: tuple[Alternative, ...] = ()
    kind: str = "number"
    scale: str | None = None
    part: str | None = None
    about: tuple[int, int] | None = None
    denied: tuple[int, int] | None = None

    def __hash__(self) -> int:
        return hash((self.start, self.end, self.part))  # tells the quantities of a text apart


@dataclass(frozen=True, slots=True)
class Alternative:
    """The same limit in another unit."""

    threshold: Threshold
    unit: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Count:
    """A length that is not a calendar duration, such as 5 half-lives."""

    value: Threshold
    unit: str


Length = str | Count
"""An ISO-8601 duration ("P6M"), or a :class:`Count`."""


@dataclass(frozen=True, slots=True)
class Window:
    """A time window.  "Within 6 months before screening" is before, high P6M, anchor screening.

    "Within 72 hours of surgery", on either side, is ``within`` with high PT72H.  ``strict`` means that the
    bound itself is outside the window ("more than 6 weeks").
    """

    text: str
    start: int
    end: int
    direction: Direction
    low: Length | None = None
    high: Length | None = None
    anchor: str | None = None
    strict: bool = False
    alternatives: tuple[Length, ...] = ()
    whichever: Literal["longer", "shorter"] | None = None

    def __hash__(self) -> int:
        return hash((self.start, self.end))  # tells the windows of a text apart, and is a key of many tables


@dataclass(frozen=True, slots=True)
class Modifier:
    """A span that narrows a predicate and is neither its value nor its window."""

    text: str
    start: int
    end: int
    type: ModifierType


@dataclass(frozen=True, slots=True)
class Concept:
    """A code in an open vocabulary, how it was found, and how alike the names are (0 to 1).

    ``system`` is the prefix of the vocabulary ("DOID", "MESH", "LOINC"), ``name`` the preferred name there.
    A ``broader`` concept is above the entity: "prostate cancer" for a kind of it that has no code.
    """

    system: str
    code: str
    name: str
    match: ConceptMatch = "exact"
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Warned:
    """What is doubtful in a limit that was read as it is written; ``unit`` is what may be meant."""

    kind: WarningKind
    message: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class PredicateEntity:
    """The entity a predicate is about.  ``name`` is its full name where the text defined an abbreviation.

    ``xrefs`` are the ids that the vocabulary of the concept publishes for it ("UMLS:C0018801").
    """

    text: str
    start: int
    end: int
    label: Label
    name: str | None = None
    concept: Concept | None = None
    xrefs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Predicate:
    """One atomic statement about a patient.

    ``threshold_text`` is what the text has if that is not a number: a letter or sub-stage of a scale ("B",
    "IIIB"), a visual acuity, a titre; for a set or a range it is a list.  ``windows`` lists all windows if
    there are several; ``temporal`` is the first.  ``condition_predicates`` is what the condition itself
    states, as predicates with a null ``effect``.  ``canonical_threshold`` is the limit in the one unit that
    its analyte is compared in, where the analyte is known and the unit can be converted.
    """

    id: str
    entity: PredicateEntity
    comparator: Comparator | None = None
    threshold: Threshold | None = None
    threshold_high: Threshold | None = None
    threshold_inclusive: bool | None = None
    threshold_high_inclusive: bool | None = None
    threshold_set: tuple[Threshold, ...] | None = None
    threshold_text: str | tuple[str, ...] | None = None
    unit: str | None = None
    unit_text: str | None = None
    alternatives: tuple[Alternative, ...] = ()
    canonical_threshold: Threshold | None = None
    canonical_threshold_high: Threshold | None = None
    canonical_unit: str | None = None
    warnings: tuple[Warned, ...] = ()
    value_text: str | None = None
    value_start: int | None = None
    value_end: int | None = None
    negated: bool = False
    effect: Effect | None = "require"
    temporal: Window | None = None
    windows: tuple[Window, ...] = ()
    modifiers: tuple[Modifier, ...] = ()
    condition: str | None = None
    condition_start: int | None = None
    condition_end: int | None = None
    condition_predicates: tuple[Predicate, ...] = ()
    exceptions: tuple[str, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Heading:
    """A line or phrase that opens a section; ``type`` is null for headings of neither type ("Part B:")."""

    start: int
    end: int
    text: str
    type: CriterionType | None


@dataclass(frozen=True, slots=True)
class Entity:
    """A flat text span with one of the 15 labels."""

    start: int
    end: int
    text: str
    label: Label
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """One inclusion or exclusion item as the protocol writes it.

    ``marker`` is its bullet or number as written, inside ``text[marker_start:start]``;
    ``logic`` is a boolean expression over ids of its own predicates and of its children.
    ``type_basis`` says how the type was decided; ``cohort`` names the group it is limited to.
    ``confidence`` (0 to 1) is the probability that its predicates are all right and none is missing.
    """

    id: str
    type: CriterionType
    text: str
    start: int
    end: int
    marker: str | None = None
    marker_start: int | None = None
    parent: str | None = None
    type_basis: TypeBasis = "heading"
    cohort: str | None = None
    predicates: tuple[Predicate, ...] = ()
    logic: dict[str, Any] = field(default_factory=lambda: {"and": []})
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A fragment of the section that belongs to no criterion, and why."""

    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a record has no result; ``code`` is one of those in ``docs/errors.md``."""

    type: str
    message: str
    code: str = "E900"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What produced a result."""

    eligex: str
    model: str | None
    model_version: str | None
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrialCriteria:
    """Everything extracted from one trial; the object of one line of JSONL."""

    trial_id: str
    source: Source
    headings: tuple[Heading, ...] = ()
    entities: tuple[Entity, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    unparsed: tuple[Unparsed, ...] = ()
    structured: Structured | None = None
    provenance: Provenance | None = None
    error: Failure | None = None
    schema_version: str = SCHEMA_VERSION
    text: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values in the order of the contract; ``text`` only if it was requested."""
        plain: dict[str, Any] = adapter(TrialCriteria).dump_python(self, warnings=False)
        data = {"schema_version": self.schema_version} | plain
        if self.text is None:
            del data["text"]
        return data

    def to_pandas(self) -> Any:
        """Return a pandas data frame with a row for each predicate, and the columns of CSV.

        Raises
        ------
        EligexError
            If pandas is not installed.
        """
        from eligex.writers.frame import to_pandas

        return to_pandas(self)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: a compact table of the predicates."""
        from eligex.view.notebook import compact

        return compact(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> TrialCriteria:
        """Build from the output of ``to_dict`` or one line of JSONL.

        Raises
        ------
        pydantic.ValidationError
            For a missing, unknown or ill-typed field; the message names it.
        """
        return adapter(TrialCriteria).validate_python(data)  # type: ignore[no-any-return]


@cache
def adapter(kind: Any) -> Any:
    """Return what checks and builds values of a type, such as ``tuple[Criterion, ...]``, from plain data.

    It is pydantic's ``TypeAdapter``; a field that a dataclass of this module does not have is an error.
    """
    from pydantic import ConfigDict, TypeAdapter

    for item in list(globals().values()):
        if isinstance(item, type) and hasattr(item, "__dataclass_fields__"):
            item.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]
    return TypeAdapter(kind)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one line of JSONL output."""
    schema = adapter(TrialCriteria).json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
