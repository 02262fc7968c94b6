"""Entities that state nothing: methods, and who acts for the patient."""

from __future__ import annotations

import re

import pytest

from eligex.binding.tree import Mention
from eligex.binding.unstated import stating

_LABELS = {
    "C": "Condition",
    "D": "Drug",
    "P": "Procedure",
    "M": "Measurement",
    "Q": "Qualifier",
    "O": "Observation",
    "N": "Person",
}


def read(marked: str) -> tuple[str, list[Mention], list[tuple[int, int]]]:
    """Return a text with its entities and limits, marked up as "{C:gout} {L:> 3}"."""
    text, mentions, limits = "", [], []
    for part in re.split(r"(\{\w:[^}]+\})", marked):
        start = len(text)
        text += part[3:-1] if part.startswith("{") else part
        if part.startswith("{L"):
            limits.append((start, len(text)))
        elif part.startswith("{"):
            mentions.append(Mention(start, len(text), _LABELS[part[1]]))
    return text, mentions, limits


@pytest.mark.parametrize(
    ("marked", "qualifiers"),
    [
        ("{C:Gout} seen on {P:CT}, {P:MRI}, or {P:ultrasound}", ["CT", "MRI", "ultrasound"]),
        ("{C:Gout} as judged on CT, or {P:ultrasound}", ["ultrasound"]),
        ("{C:Gout} ({Q:confirmed} by {M:blood test})", ["confirmed", "blood test"]),
        ("{M:BSA} of 10 % (per {M:EASI})", ["EASI"]),
        ("{C:Gout} confirmed by {P:CT}, {P:surgery}", ["CT"]),
        ("{C:Gout} documented by touch (TO), looks/smell, or {P:CT scanning}", ["CT scanning"]),
        ("{C:Gout} as determined by touch, looks, or {P:ophthalmoscopy}", ["ophthalmoscopy"]),
        ("{C:Gout} confirmed by {P:CT}, {C:stroke} and {P:MRI}", ["CT"]),
        ("{C:Gout} documented within the past month by {P:CT} or {P:MRI}", ["CT", "MRI"]),
        ("{C:Gout} proven via {P:CT}", ["CT"]),
        ("{C:Gout} confirmed by one of the following: {P:CT}, {P:MRI}", ["CT", "MRI"]),
        (
            "{C:Gout} confirmed by {M:smear} or {M:a stain} by a method other than {O:ELISA}",
            ["smear", "a stain", "ELISA"],
        ),
        ("{C:Gout} confirmed by {O:complaints}", []),
        ("{C:Gout} diagnosed with {P:surgery}", []),
        ("{C:Gout} confirmed by {M:urate} {L:> 9}", []),
        ("{C:Gout} confirmed by {M:urate} obtained {L:within 7 days}", []),
        ("{C:Gout} confirmed by {Q:high} {M:urate}", ["high"]),
        ("{C:Gout} documented by a positive {M:urate}", []),
        ("{C:Gout}. Seen on {P:CT}", []),
        ("{C:Gout} and {P:CT}", []),
        ("Confirmed by {P:CT}", []),
    ],
)
def test_methods_are_qualifiers(marked: str, qualifiers: list[str]) -> None:
    text, mentions, limits = read(marked)
    found = [text[m.start : m.end] for m in stating(text, mentions, limits) if m.label == "Qualifier"]
    assert found == qualifiers


@pytest.mark.parametrize(
    ("marked", "stated"),
    [
        ("{N:Parent} or {O:legal guardian} willing to {O:consent}", ["consent"]),
        ("Ability of {O:parent} or {O:legal guardian} to {O:consent}", ["consent"]),
        ("{N:Parent(s)} of the child is able to {O:attend}", ["attend"]),
        ("{O:Consent of parent} or {O:guardian}", ["Consent of parent"]),
        ("{N:Caregiver} with {C:gout}", ["Caregiver", "gout"]),
        ("{N:Parent} is willing. No {C:gout}", ["Parent", "gout"]),
        ("{N:Children} able to {O:walk}", ["walk"]),
        ("{N:Women} able to {O:walk}", ["Women", "walk"]),
        ("{N:Self-identifies} as {N:Inuit}", ["Inuit"]),
        ("{O:self-identification} as {O:smoker}", ["smoker"]),
        ("{N:Identified} as {N:Inuit}", ["Identified", "Inuit"]),
        ("{Q:Self-identified} {N:Inuit}", ["Self-identified", "Inuit"]),
    ],
)
def test_who_acts_is_no_predicate_beside_the_act(marked: str, stated: list[str]) -> None:
    text, mentions, limits = read(marked)
    assert [text[m.start : m.end] for m in stating(text, mentions, limits)] == stated


@pytest.mark.parametrize(
    ("marked", "stated"),
    [
        (
            "By the doctor, according to the College of Gout ({M:CG}) classification criteria, {C:gout}",
            ["gout"],
        ),
        ("According to the College of Gout ({M:CG}), {C:gout} by other criteria", ["CG", "gout"]),
        ("{M:Creatinine ratio} ({M:ACR}) that meets the criteria", ["Creatinine ratio", "ACR"]),
    ],
)
def test_who_wrote_the_criteria_is_no_predicate(marked: str, stated: list[str]) -> None:
    text, mentions, limits = read(marked)
    assert [text[each.start : each.end] for each in stating(text, mentions, limits)] == stated


@pytest.mark.parametrize(
    ("marked", "stated"),
    [
        ("{P:Surgery}: see {D:Chemotherapy} No {P:bypass}", ["Surgery", "bypass"]),
        ("{O:See Disease Characteristics} No {P:bypass}", ["bypass"]),
        ("Can see {C:chemotherapy wounds}", ["chemotherapy wounds"]),
    ],
)
def test_another_part_of_the_record_is_no_predicate(marked: str, stated: list[str]) -> None:
    text, mentions, limits = read(marked)
    assert [text[each.start : each.end] for each in stating(text, mentions, limits)] == stated


@pytest.mark.parametrize(
    ("marked", "label"),
    [
        ("{Q:Healthy} {N:young} {N:men}", "Observation"),
        ("{Q:Otherwise healthy} {N:women}", "Observation"),
        ("{Q:Healthy} {C:skin}", "Qualifier"),
        ("{Q:Healthy}, or {N:men}", "Qualifier"),
        ("{Q:Tall} {N:young} {N:men}", "Qualifier"),
    ],
)
def test_people_are_asked_to_be_healthy(marked: str, label: str) -> None:
    assert stating(*read(marked))[0].label == label
