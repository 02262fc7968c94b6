"""Which language a text is in; the sentences are invented."""

from __future__ import annotations

import pytest

from eligex.language.identify import foreign_parts, other_language

OTHER = {
    "Spanish": "Pacientes mayores de 18 años con diabetes.\nMujeres embarazadas o en período de lactancia.",
    "French": "Patients âgés de plus de 18 ans.\nFemmes enceintes ou qui allaitent pendant l'essai.",
    "German": "Patienten im Alter von mindestens 18 Jahren.\nSchwangere und stillende Frauen.",
    "Portuguese": "Pacientes com idade maior que 18 anos.\nMulheres grávidas não podem entrar no estudo.",
    "Italian": "Pazienti di età maggiore di 18 anni con gotta.\nDonne in gravidanza o che allattano.",
    "Dutch": "Patiënten met een leeftijd van 18 jaar of ouder.\nVrouwen die zwanger zijn.",
    "Polish": "Pacjenci w wieku powyżej 18 lat.\nKobiety, które są w ciąży lub nie wyrażają zgody.",
    "Turkish": "18 yaşından büyük ve gut tanısı olan hastalar.\nGebe veya emziren kadınlar.",
    "Swedish": "Patienter som är över 18 år och har gikt.\nKvinnor som är gravida eller inte kan gå.",
    "Danish": "Patienter der er over 18 år og har gigt.\nKvinder som er gravide eller ikke kan gå.",
    "Czech": "Pacienti ve věku 18 let nebo více.\nŽeny, které jsou těhotné nebo kojící.",
    "Hungarian": "18 éves vagy idősebb betegek, akik járni tudnak.\nTerhes és szoptató nők.",
    "Romanian": "Pacienți cu vârsta de peste 18 ani care pot merge.\nFemei însărcinate sau care nu vor.",
    "Chinese": "年龄在18岁以上的痛风患者；\n妊娠期或哺乳期妇女。",
    "Japanese": "18歳以上の痛風の患者であること。\n妊娠している女性を除く。",
    "Korean": "18세 이상의 통풍 환자로서 걸을 수 있는 사람.\n임신한 여성은 제외한다.",
    "Russian": "Пациенты старше 18 лет с подагрой.\nБеременные женщины.",
    "Arabic": "المرضى فوق سن 18 عاما المصابون بالنقرس.\nالنساء الحوامل.",
    "Hebrew": "מטופלים מעל גיל 18 עם שיגדון.\nנשים בהריון.",
    "Greek": "Ασθενείς άνω των 18 ετών με ουρική αρθρίτιδα.\nΈγκυες γυναίκες.",
    "Thai": "ผู้ป่วยอายุมากกว่าสิบแปดปีที่เป็นโรคเกาต์\nสตรีมีครรภ์",
    "Hindi": "18 वर्ष से अधिक आयु के गठिया के रोगी।\nगर्भवती महिलाएं।",
}


@pytest.mark.parametrize("name", OTHER)
def test_other_language(name: str) -> None:
    assert other_language(OTHER[name]) == name


@pytest.mark.parametrize("name", OTHER)
def test_english_headings_do_not_hide_it(name: str) -> None:
    assert other_language(f"Inclusion Criteria:\n{OTHER[name]}\nExclusion Criteria:\n") == name


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("ECOG 0-1\nHbA1c < 8 %\nINR 2-3", id="no words"),
        pytest.param("Gout\nStroke\nEpilepsy\nHepatitis B", id="telegraphic"),
        pytest.param("Patients of the Hospital de la Santa Cruz de los Ríos with gout", id="a name"),
        pytest.param("de novo AML, del(5q) or del(17p), FISH", id="de novo and del"),
        pytest.param("non-small cell, non-squamous, non-healing", id="non"),
        pytest.param("β-thalassaemia, α-fetoprotein ≥ 5 µg/L, Δ F508", id="greek letters"),
        pytest.param("Diabetes mellitus (糖尿病) for a year", id="a term in another script"),
        pytest.param("Embarazo", id="too little to be sure"),
    ],
)
def test_english_or_undecided(text: str) -> None:
    assert other_language(text) is None


@pytest.mark.parametrize("name", OTHER)
def test_both_languages(name: str) -> None:
    english = "Patients with gout who are able to walk and have no other disease of the joints"
    lines = [english, *OTHER[name].split("\n"), "ECOG 0-1"]
    spans, at = [], 0
    for line in lines:
        spans.append((at, at + len(line)))
        at += len(line) + 1
    assert other_language("\n".join(lines)) is None
    assert foreign_parts("\n".join(lines), spans) == {1: name, 2: name, 3: name}


def test_what_is_undecided_between_two_languages_stays() -> None:
    lines = ["Pacientes mayores de 18 años con gota", "ECOG 0-1", "Adults who are able to walk"]
    assert foreign_parts("\n".join(lines), [(0, 37), (38, 46), (47, 74)]) == {0: "Spanish"}


def test_a_few_foreign_words_decide_nothing() -> None:
    few = "Adults who are able to walk\nGota en la rodilla"
    assert foreign_parts(few, [(0, 27), (28, 46)]) == {}
    assert foreign_parts(f"{few} izquierda", [(0, 27), (28, 56)]) == {1: "Spanish"}
