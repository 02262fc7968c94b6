"""Which predicates list an exception: "statins (e.g. simvastatin), except pravastatin" → both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from eligex.binding.tree import Tagged


def listing(marked: Any, text: str) -> dict[str, list[str]]:
    """Return the effects of what a criterion excludes and exempts, and what each lists."""
    (criterion,) = marked.criteria(text, "exclusion")
    names = {p["id"]: p["entity"]["text"] for p in criterion["predicates"]}
    return {
        p["entity"]["text"]: [p["effect"], *(names[each] for each in p["exceptions"])]
        for p in criterion["predicates"]
    }


@pytest.mark.parametrize(
    ("said", "effect"),
    [pytest.param("may", "exclude", id="may not"), pytest.param("may or may", "allow", id="may or may not")],
)
def test_what_people_may_not_have_is_not_permitted(marked: Any, said: str, effect: str) -> None:
    text = f"Patients {said} {{not}} have [gout|Condition|negation]; [mild gout|Condition] is allowed"
    start = marked.unmark(text).text.index("gout")
    piece = replace(marked.piece(text), tags=(Tagged(start, start + 4, "exception", 0.99),))
    found = {p.entity.text: (p.effect, p.negated) for p in marked.bound(piece).predicates}
    assert found == {"gout": (effect, True), "mild gout": ("allow", False)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[statins|Drug] (e.g. [simvastatin|Drug]), except [pravastatin|Drug]",
            {
                "statins": ["exclude", "pravastatin"],
                "simvastatin": ["exclude", "pravastatin"],
                "pravastatin": ["allow"],
            },
            id="examples in brackets",
        ),
        pytest.param(
            "[cancer|Condition] including [melanoma|Condition], unless [in remission|Condition]",
            {
                "cancer": ["exclude", "in remission"],
                "melanoma": ["exclude", "in remission"],
                "in remission": ["allow"],
            },
            id="examples without brackets",
        ),
        pytest.param(
            "[any therapy|Procedure] (i.e. [aspirin|Drug], [surgery|Procedure]), except [rest|Drug]",
            {
                "any therapy": ["exclude", "rest"],
                "aspirin": ["exclude"],
                "surgery": ["exclude", "rest"],
                "rest": ["allow"],
            },
            id="unlike examples",
        ),
        pytest.param(
            "[gout|Condition] requiring [statins|Drug] (e.g. [simvastatin|Drug]), except [tophi|Condition]",
            {
                "gout": ["exclude", "tophi"],
                "statins": ["exclude"],
                "simvastatin": ["exclude", "tophi"],
                "tophi": ["allow"],
            },
            id="what a disease requires",
        ),
        pytest.param(
            "[steroids|Drug] for [gout|Condition] such as [cortisone|Drug], except [dexamethasone|Drug]",
            {
                "steroids": ["exclude", "dexamethasone"],
                "gout": ["exclude"],
                "cortisone": ["exclude", "dexamethasone"],
                "dexamethasone": ["allow"],
            },
            id="what a treatment is for",
        ),
        pytest.param(
            "[gout|Condition] or [clots|Condition] (e.g. [embolism|Condition], except [phlebitis|Condition])",
            {
                "gout": ["exclude"],
                "clots": ["exclude", "phlebitis"],
                "embolism": ["exclude", "phlebitis"],
                "phlebitis": ["allow"],
            },
            id="inside the brackets of examples",
        ),
        pytest.param(
            "[statins|Drug], [opioids|Drug] (except [codeine|Drug]), or [steroids|Drug]",
            {
                "statins": ["exclude"],
                "opioids": ["exclude", "codeine"],
                "codeine": ["allow"],
                "steroids": ["exclude"],
            },
            id="inside a list",
        ),
        pytest.param(
            "[asthma|Condition], [renal|Condition] or [hepatic disease|Condition] (except [NAFLD|Condition])"
            " and [gout|Condition]",
            {
                "asthma": ["exclude"],
                "renal": ["exclude", "NAFLD"],
                "hepatic disease": ["exclude", "NAFLD"],
                "NAFLD": ["allow"],
                "gout": ["exclude"],
            },
            id="inside a list, of a shared word",
        ),
        pytest.param(
            "[statins|Drug] or [opioids|Drug] (except [codeine|Drug]), which must be stopped",
            {
                "statins": ["exclude", "codeine"],
                "opioids": ["exclude", "codeine"],
                "codeine": ["allow"],
            },
            id="behind a list",
        ),
        pytest.param(
            "[cancer|Condition], except [melanoma|Condition] (not [ocular melanoma|Condition])"
            " and [basalioma|Condition]",
            {
                "cancer": ["exclude", "melanoma", "ocular melanoma", "basalioma"],
                "melanoma": ["allow"],
                "ocular melanoma": ["allow"],
                "basalioma": ["allow"],
            },
            id="inside a list of what is exempt",
        ),
    ],
)
def test_what_lists_an_exception(marked: Any, text: str, expected: dict[str, list[str]]) -> None:
    assert listing(marked, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[gout|Condition], except this criterion", [], id="a rule of the study"),
        pytest.param("[gout|Condition], except those listed in the protocol", [], id="said elsewhere"),
        pytest.param("[gout|Condition], unless mandated by law", [], id="who decides"),
        pytest.param("[gout|Condition], except the following cases", [], id="what follows"),
        pytest.param(
            "[gout|Condition]. If the test is repeated, the patient may be enrolled", [], id="people"
        ),
        pytest.param("[gout|Condition], except tophi", ["tophi"], id="a thing"),
        pytest.param("[gout|Condition], except gout following surgery", ["gout"], id="after"),
    ],
)
def test_words_that_name_nothing_exempt_nothing(marked: Any, text: str, expected: list[str]) -> None:
    found = [p for c in marked.criteria(text, "exclusion") for p in c["predicates"]]
    assert [p["entity"]["text"] for p in found if p["effect"] == "allow"] == expected
