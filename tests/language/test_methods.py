"""Names of methods and sets of criteria."""

from __future__ import annotations

import pytest

from eligex.language.methods import BY_METHOD, METHOD, Methods


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CrCl by the Cockcroft-Gault formula", ["Cockcroft-Gault formula"]),
        ("toxicity (NCI CTCAE v5.0)", ["NCI CTCAE v5.0"]),
        ("measurable disease per RECIST 1.1", ["RECIST 1.1"]),
        ("depression by DSM-IV-TR criteria", ["DSM-IV-TR criteria"]),
        ("by 2010 ACR/EULAR classification criteria", ["ACR/EULAR classification criteria"]),
        ("by the (EULAR/ACR) 2010 criteria", ["EULAR/ACR) 2010 criteria"]),
        (
            "per American College of Rheumatology (ACR)/EULAR [EL]\n    criteria",
            ["American College of Rheumatology (ACR)/EULAR [EL]\n    criteria"],
        ),
        ("negative by ASCO-CAP 2018 testing guidelines", ["ASCO-CAP 2018 testing guidelines"]),
        ("CrCl (CG formula) > 50", ["CG formula"]),
        ("zinc by CG-MS", []),
        ("ACR (see the criteria)", []),
        ("Common Toxicity Criteria version 3.0", ["Common Toxicity Criteria version 3.0"]),
        ("NYHA class II, ECOG 1, Child-Pugh A", []),
        ("patients who meet the criteria", []),
        ("WHO performance status 1", []),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert [found[0] for found in METHOD.finditer(text)] == expected


def test_what_leads_to_a_method_belongs_to_it() -> None:
    assert BY_METHOD.sub("_", "CrCl calculated with the Cockcroft-Gault formula > 60") == "CrCl _ > 60"


def test_places() -> None:
    methods = Methods("QTc by Fridericia, ECOG")
    assert [methods.hold(place) for place in (0, 7, 12, 19)] == [False, True, True, False]
