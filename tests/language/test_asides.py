"""What a text says besides its criteria."""

from __future__ import annotations

import pytest

from eligex.language.asides import asides


def found(text: str, *, leading: bool = True) -> list[str]:
    return [text[low:high] for low, high in asides(text, 0, len(text), leading=leading)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gout because pain may limit walking", ["because pain may limit walking"]),
        ("Gout (because it may limit walking) or asthma", ["because it may limit walking"]),
        ("Antacids, as these limit the uptake", ["as these limit the uptake"]),
        ("Because zoledrol may harm a child, women must be sterile", ["Because zoledrol may harm a child"]),
        (
            "Children, because gout is rare in them, and patients on dialysis",
            ["because gout is rare in them"],
        ),
        ("Gout because of obesity", []),
        (
            "No children, because of the potential for harm to the lungs",
            ["because of the potential for harm to the lungs"],
        ),
        ("Surgery, due to the risk of gout, but no asthma", ["due to the risk of gout"]),
        ("Unable to walk due to the risk of a fall", []),
        ("Excluded because they have a pacemaker that may fail", []),
        ("Unable to walk because gout may flare", []),
        ("No gout since surgery", []),
        ("Because gout may flare", []),
        ("Stable as long as they may walk", []),
    ],
)
def test_reasons(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gout (see the appendix for asthma), stroke", ["(see the appendix for asthma)"]),
        ("Gout (seen by a doctor)", []),
        (
            "ETDRS score of 60 (approximate Snellen equivalent of 20/63)",
            ["(approximate Snellen equivalent of 20/63)"],
        ),
        ("Visual acuity (Snellen 20/63)", []),
        pytest.param(f"Gout (see {'the appendix, ' * 40})", [], id="a long bracket says more"),
        pytest.param("Itch > 2 (0 = none)", ["(0 = none)"], id="legend"),
        pytest.param(
            "ECOG 0 (fully active [Karnofsky 100])", ["(fully active [Karnofsky 100])"], id="legend in words"
        ),
        pytest.param("ECOG 0-1 (Karnofsky 70-100)", [], id="another scale"),
        pytest.param("Metastases (asymptomatic)", [], id="words of no scale"),
        pytest.param("ECOG 2 (ambulatory if over 70)", [], id="a case"),
        pytest.param("Level 0 (0 - less than 5 mg)", [], id="a dash of no scale"),
        ("Sepsis (will be assessed after admission)", ["(will be assessed after admission)"]),
        ("Sepsis (will be assessed and must be severe)", []),
        ("Inadequate contraception (adequate methods are condoms)", ["(adequate methods are condoms)"]),
        ("Effective contraception (effective methods are condoms)", []),
        ("ECOG 0 (fully active) or 1 (restricted in work)", ["(fully active)", "(restricted in work)"]),
        ("Karnofsky of 70 or more (cares for self), no gout", ["(cares for self)"]),
        ("Performance status 0-1 (0 = asymptomatic; 1 = weak)", ["(0 = asymptomatic; 1 = weak)"]),
        ("ECOG 2 (in patients over 60)", []),
        ("ECOG 2; 3 metastases (asymptomatic)", []),
        ("Gout 2 (symptomatic)", []),
        (
            "ECOG 2; those who cannot walk will be considered ambulatory for the score; no flu",
            ["those who cannot walk will be considered ambulatory for the score"],
        ),
        ("Patients with gout who are ambulatory", []),
    ],
)
def test_brackets(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("We will measure serum IgE.", True),
        ("The sorest joint should be identified as the target.", True),
        ("If hemoglobin is > 18 g/dL, treatment should be stopped.", True),
        ("If platelets are checked weekly and are < 20, dosing must be postponed.", True),
        ("Treatment should be stopped 4 weeks ago.", False),
        ("A pregnancy test will be performed and must be negative.", False),
        ("A tumour that will be monitored.", False),
        ("The score will be recorded if ≥ 4.", False),
    ],
)
def test_plans_of_the_study_are_asides_behind_a_criterion(text: str, aside: bool) -> None:
    assert found(text, leading=False) == [text] * aside
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ECOG 0-1 (use Karnofsky for adults over 20)", ["use Karnofsky for adults over 20"]),
        ("Use of Karnofsky forms", []),
        (
            "Gout (no testing for urate is required unless mandated by law)",
            ["no testing for urate is required unless mandated by law"],
        ),
        ("No asthma test within a week is required", ["No asthma test within a week is required"]),
        ("No gout for which surgery is required", []),
        ("More than 10 drinks (one drink is 10 g of alcohol)", ["one drink is 10 g of alcohol"]),
        ("One unit of plasma", []),
    ],
)
def test_notes(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_danger_of_others() -> None:
    text = "These patients are at increased risk of sepsis when treated with prednisone"
    assert found(text, leading=False) == [text]
    assert found(text) == []
    assert found("Patients are at increased risk of sepsis", leading=False) == []
