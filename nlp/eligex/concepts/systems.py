"""The code systems of concepts: their prefixes, versions, licences, and names in FHIR."""

from __future__ import annotations

from typing import Any

from eligex.concepts.sources import sources

XREF_URIS = {
    "UMLS": "http://www.nlm.nih.gov/research/umls",
    "SNOMEDCT": "http://snomed.info/sct",
    "ICD10CM": "http://hl7.org/fhir/sid/icd-10-cm",
    "RXNORM": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "CIVIC.GID": "https://civicdb.org/genes",
}
"""Systems of cross references, of users' own vocabularies, and of genes that HGNC's file lacks."""


def fhir_uri(system: str) -> str | None:
    """Return how FHIR names a system, if it does.

    >>> fhir_uri("LOINC"), fhir_uri("MINE")
    ('http://loinc.org', None)
    """
    return {source.system: source.uri for source in sources()}.get(system) or XREF_URIS.get(system)


def systems() -> list[dict[str, Any]]:
    """Return what is known of each vocabulary that comes with eligex."""
    return [
        {
            "system": source.system,
            "title": source.title,
            "version": source.version,
            "licence": source.licence,
            "fhir": source.uri,
        }
        for source in sources()
    ]
