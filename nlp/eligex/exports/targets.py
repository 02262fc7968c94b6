"""The targets that results can be exported to, as a table."""

from __future__ import annotations

from dataclasses import dataclass

from eligex.errors import OutputError


@dataclass(frozen=True, slots=True)
class Target:
    """A format of another program.

    ``module`` of :mod:`eligex.exports` writes it; ``folder`` means a folder, with a file for each trial;
    ``text`` means that it cannot do without the text that offsets count in; ``omop`` that it asks an OMOP
    common data model, whose concepts it needs; ``dated`` that it has a day on which patients are looked at.
    """

    name: str
    about: str
    module: str
    text: bool = False
    folder: bool = False
    omop: bool = False
    dated: bool = False


TARGETS: tuple[Target, ...] = (
    Target("brat", "brat standoff", "brat", text=True, folder=True),
    Target("label-studio", "tasks of Label Studio, with predictions", "label_studio", text=True, folder=True),
    Target("doccano", "JSON Lines of doccano, with relations", "doccano", text=True),
    Target("prodigy", "JSON Lines of Prodigy's relations interface", "prodigy", text=True),
    Target("docbin", "a spaCy DocBin", "docbin", text=True),
    Target("conll", "tokens with BIO tags", "conll", text=True),
    Target("bigbio", "the kb schema of BigBIO, JSON Lines", "bigbio", text=True),
    Target("fhir-r5", "a FHIR R5 Group for each trial, NDJSON", "fhir_r5"),
    Target("fhir-r4", "a FHIR R4 Group for each trial, NDJSON", "fhir_r4"),
    Target("circe", "a cohort expression of OMOP Circe for each trial", "circe", folder=True, omop=True),
    Target(
        "sql-duckdb",
        "a query over OMOP for each trial, for DuckDB",
        "sql_duckdb",
        folder=True,
        omop=True,
        dated=True,
    ),
    Target(
        "sql-postgres",
        "the same for PostgreSQL",
        "sql_postgres",
        folder=True,
        omop=True,
        dated=True,
    ),
    Target("usdm", "a study of CDISC USDM 4 for each trial", "usdm", folder=True),
    Target("sdtm-ti", "rows of SDTM's TI domain, CSV", "sdtm"),
)
NAMES = tuple(target.name for target in TARGETS)


def target_of(name: str) -> Target:
    """Return the target of a name.

    Raises
    ------
    OutputError
        If there is none.
    """
    for target in TARGETS:
        if target.name == name:
            return target
    raise OutputError(f"unknown target {name!r}", remedy=f"Choose one of {', '.join(NAMES)}.")
