"""CDISC USDM 4: for each trial a study whose design has its criteria, and whose version has their texts.

The text of a criterion is HTML, as USDM wants it: everything in it is escaped.  The structured part of a
criterion, whole, is an extension attribute: JSON, as in the contract.  Criteria that are parts of another one
are criteria of their own.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from eligex.exports.loss import CRITERION_PARTS, PREDICATE_PARTS, Ledger
from eligex.exports.names import Names
from eligex.schema import SCHEMA_VERSION, Criterion, TrialCriteria
from eligex.spans import plain

Json = dict[str, Any]
EXTENSION = f"urn:eligex:criterion:{SCHEMA_VERSION}"
"""Names the extension attribute that holds a criterion of the contract."""
_CDISC, _TERMINOLOGY = "http://www.cdisc.org", "2024-09-27"
_TYPES = {"inclusion": ("C25532", "Inclusion Criteria"), "exclusion": ("C25370", "Exclusion Criteria")}


def write(results: Iterable[TrialCriteria], out: Path, ledger: Ledger) -> None:
    """Write a folder with a JSON file for each trial."""
    names = Names()
    for result in results:
        file = out / f"{names.stem(result.trial_id)}.json"
        file.write_text(json.dumps(study(result), indent=1) + "\n", encoding="ascii", newline="\n")
        ledger.trial(result)
        for criterion in result.criteria:
            ledger.criterion(result.trial_id, criterion, CRITERION_PARTS)
            for predicate in criterion.predicates:
                ledger.predicate(result.trial_id, criterion.id, predicate, PREDICATE_PARTS)


def study(result: TrialCriteria) -> Json:
    """Return the study of a trial."""
    criteria = list(_criteria(result.criteria))
    items = [
        {
            "id": f"EligibilityCriterionItem_{number}",
            "extensionAttributes": [],
            "name": f"IE{number}",
            "text": html.escape(criterion.text, quote=False),
            "notes": [],
            "instanceType": "EligibilityCriterionItem",
        }
        for number, criterion in enumerate(result.criteria, start=1)
    ]
    population = {
        "id": "StudyDesignPopulation_1",
        "name": "POPULATION",
        "criterionIds": [each["id"] for each in criteria],
        "instanceType": "StudyDesignPopulation",
    }
    design = {
        "id": "InterventionalStudyDesign_1",
        "name": "DESIGN",
        "eligibilityCriteria": criteria,
        "population": population,
        "instanceType": "InterventionalStudyDesign",
    }
    identifier = {"id": "StudyIdentifier_1", "text": result.trial_id, "instanceType": "StudyIdentifier"}
    version = {
        "id": "StudyVersion_1",
        "versionIdentifier": "1",
        "studyIdentifiers": [identifier],
        "studyDesigns": [design],
        "eligibilityCriterionItems": items,
        "instanceType": "StudyVersion",
    }
    found = {"id": None, "name": result.trial_id, "versions": [version], "instanceType": "Study"}
    return {"study": found, "usdmVersion": "4.0.0", "systemName": "eligex"}


def _criteria(criteria: tuple[Criterion, ...]) -> Iterator[Json]:
    for number, criterion in enumerate(criteria, start=1):
        code, decode = _TYPES[criterion.type]
        category = {
            "id": f"Code_{number}",
            "code": code,
            "codeSystem": _CDISC,
            "codeSystemVersion": _TERMINOLOGY,
            "decode": decode,
            "instanceType": "Code",
        }
        attribute = {
            "id": f"ExtensionAttribute_{number}",
            "url": EXTENSION,
            "valueString": json.dumps(plain(criterion), ensure_ascii=False),
            "extensionAttributes": [],
            "instanceType": "ExtensionAttribute",
        }
        yield {
            "id": f"EligibilityCriterion_{number}",
            "extensionAttributes": [attribute],
            "name": criterion.id,
            "category": category,
            "identifier": criterion.id,
            "criterionItemId": f"EligibilityCriterionItem_{number}",
            "previousId": f"EligibilityCriterion_{number - 1}" if number > 1 else None,
            "nextId": f"EligibilityCriterion_{number + 1}" if number < len(criteria) else None,
            "instanceType": "EligibilityCriterion",
        }
