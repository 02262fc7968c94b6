"""Time windows, as (sentence, canonical windows) pairs."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eligex.schema import Count, Length, Quantity, Window
from eligex.windows.find import find_windows
from eligex.windows.lengths import iso
from eligex.windows.words import WORDS


def show(window: Window) -> str:
    """Canonical form: ``before <= P6M @ screening``, ``<`` for strict bounds, ``low..high`` for ranges."""
    parts = [window.direction]
    low, high = map(_length, (window.low, window.high))
    if low and high:
        parts.append(f"{low}..{high}")
    elif low or high:
        sign = ">" if low else "<"
        parts.append(f"{sign}{'' if window.strict else '='} {low or high}")
    parts.extend(f"or {_length(other)}" for other in window.alternatives)
    if window.whichever:
        parts.append(window.whichever)
    if window.anchor:
        parts.append(f"@ {window.anchor}")
    return " ".join(parts)


def _length(value: Length | None) -> str:
    return f"{value.value:g} {value.unit}" if isinstance(value, Count) else value or ""


CASES = [
    # "with" for "within", before what starts
    ("radiotherapy with 3 weeks of study entry", "within <= P3W @ study entry"),
    ("biopsy with 10 days of first dose", "within <= P10D @ first dose"),
    # a bracket between a length and "washout"
    ("after stopping, a 3-week (21 day) washout", "before >= P3W"),
    ("a washout period of either 3 weeks or 5 half-lives", "before >= P3W or 5 {half-life}"),
    # an anchor ends where another length begins
    ("5 weeks since the last statin and/or less than 8 weeks", "before >= P5W @ last statin"),
    ("seen after surgery and/or chemotherapy", "after @ surgery and/or chemotherapy"),
    ("BMI at a first visit (week -5) or baseline visit", "during @ first visit (week -5) or baseline visit"),
    # a disease progresses after so many treatments
    ("progression on or after at least one prior systemic therapy", "after @ systemic therapy"),
    ("progressed after three or more lines of therapy", "after @ lines of therapy"),
    ("disease progression following no more than 2 chemotherapy regimens", "after @ chemotherapy regimens"),
    # the time in which something changes or is repeated
    ("weight loss of 5% over 4 months", "for <= P4M"),
    ("three visits over 2 weeks", "for <= P2W"),
    ("decline in lung function over at least 1 year", "for >= P1Y"),
    ("weight loss for over 4 months", "for > P4M"),
    # what has half-lives is no anchor
    ("no statin within 5 half-lives of the drug before screening", "before <= 5 {half-life} @ screening"),
    ("no statin within 5 half-lives of the drug", "before <= 5 {half-life}"),
    ("none within 5 half-lives of the drug (if known), before dosing", "before <= 5 {half-life} @ dosing"),
    ("none within 5 half-lives of the first dose of drug", "within <= 5 {half-life} @ first dose of drug"),
    # an anchor goes on behind "of" and "starting"
    ("at least 2 weeks since the end of prior chemotherapy", "before >= P2W @ end of prior chemotherapy"),
    ("3 weeks after the last dose of a vaccine", "after >= P3W @ last dose of a vaccine"),
    ("within 3 weeks of starting other statins", "within <= P3W @ starting other statins"),
    ("seen 2 weeks after the end of a", "after >= P2W @ end"),
    ("seen during the removal of a very large tumor", "during @ removal of a very large tumor"),
    # a name that begins with a number
    ("fasting 6 hours before the 18F-FDG PET", "before <= PT6H @ 18F-FDG PET"),
    ("seen within 3 weeks prior to the 1st dose of insulin", "before <= P3W @ 1st dose of insulin"),
    ("dark room for 24 hours after 5-ALA intake", "after <= PT24H @ 5-ALA intake"),
    ("rash 20 minutes after 5 mg of morphine", "after >= PT20M"),
    # what is counted from something earlier
    ("relapse after prior chemotherapy", "after @ chemotherapy"),
    ("relapse after previous chemotherapy", "after @ previous chemotherapy"),
    ("seen before registration even without a scan", "before @ registration"),
    # how long a history is
    ("a documented 3-month history of cough", "for >= P3M"),
    ("at least 6 months history of cough", "for >= P6M"),
    # in a bracket after the word that it explains
    ("chronic (at least 3 months) hives", "for >= P3M"),
    ("long-term (i.e., > 2 weeks) steroids", "for > P2W"),
    ("statins for a short time (less than 8 weeks)", "for < P8W"),
    ("remote (> 5 years) stroke", "before > P5Y"),
    ("history (6 months) of gout", "before <= P6M"),
    # "long" and "time" of other things than the length
    ("as long as they began at least 4 weeks before entry", "before >= P4W @ entry"),
    ("this time must have elapsed: 4 weeks from surgery", "before >= P4W @ surgery"),
    # what happens while something else does
    ("rash during prior therapy", "during @ therapy"),
    ("syncope while using the pacemaker", "during @ pacemaker"),
    ("HCV at transplant", "during @ transplant"),
    ("stopped ≥ 2 weeks, or after 4 half-lives, before entry", "before >= P2W or 4 {half-life} @ entry"),
    # washouts, and states that lasted
    ("statins need a washout of 3 weeks", "before >= P3W"),
    ("a 2-week washout window is required for statins", "before >= P2W"),
    ("at least 6 weeks of wash-out for statins", "before >= P6W"),
    ("after a 2 week washout", "after >= P2W"),
    (">= 12 continuous months of amenorrhea", "for >= P12M"),
    # length before an anchor
    ("surgery within 6 months before screening", "before <= P6M @ screening"),
    ("vaccine within 6 weeks before first dose of study drug", "before <= P6W @ first dose of study drug"),
    ("last transfusion at least 4 weeks prior to enrollment", "before >= P4W @ enrollment"),
    ("arthritis diagnosed ≥3 months prior to screening", "before >= P3M @ screening"),
    ("onset < 3 hours prior to randomisation", "before < PT3H @ randomisation"),
    ("fever in the two weeks prior to Visit 2 (Baseline)", "before <= P2W @ Visit 2 (Baseline)"),
    ("any opioid in the 24 hours before cesarean delivery", "before <= PT24H @ cesarean delivery"),
    ("steroids in the 12 months preceding the screening visit", "before <= P12M @ screening visit"),
    ("between 2 and 6 weeks before surgery", "before P2W..P6W @ surgery"),
    # from far to near
    ("ventilated within 2 weeks to 24 hours before enrolment", "before PT24H..P2W @ enrolment"),
    ("stroke between 12 weeks and 2 weeks before baseline", "before P2W..P12W @ baseline"),
    ("a fracture 5 to 2 years ago", "before P2Y..P5Y"),
    ("at least 6 weeks and no more than 3 weeks before surgery", "before <= P3W @ surgery"),
    ("biopsy 2-4 weeks before randomization", "before P2W..P4W @ randomization"),
    ("ocular surgery 3 months before the protocol inclusion", "before <= P3M @ protocol inclusion"),
    ("within 28 days of entry into the study", "within <= P28D @ entry into the study"),
    ("within six (6) months of randomization", "within <= P6M @ randomization"),
    ("infarction within 12 months (365 days) prior to study entry", "before <= P12M @ study entry"),
    ("in the last 5 years from the inclusion", "before <= P5Y @ inclusion"),
    ("bleeding within the 24-hour period prior to dosing", "before <= PT24H @ dosing"),
    ("trauma ≤28 days of beginning treatment", "within <= P28D @ beginning treatment"),
    ("consent at least 24 hours before any procedure", "before >= PT24H @ procedure"),
    ("no dose within 10 days prior to Day 1", "before <= P10D @ Day 1"),
    ("within 14 days prior to Day -1", "before <= P14D @ Day -1"),
    # length before now
    ("infarction in the past 5 years", "before <= P5Y"),
    ("fracture during the last 30 days", "before <= P30D"),
    ("seizures over the past 3 months", "before <= P3M"),
    ("surgery within the previous year", "before <= P1Y"),
    ("in the preceding six months", "before <= P6M"),
    ("within the past 12-month period", "before <= P12M"),
    ("within the 6 previous months", "before <= P6M"),
    ("last 6 months", "before <= P6M"),
    ("quit smoking 3 months ago", "before <= P3M"),
    ("hospitalised more than 3 days ago", "before > P3D"),
    ("stroke less than 6 weeks ago", "before < P6W"),
    ("antibiotics within 24 hours", "before <= PT24H"),
    ("recent surgery (< 3 months)", "before < P3M"),
    ("binge drinking in the past month", "before <= P1M"),
    ("falls in the last few months before screening", "before @ screening"),
    ("6 or more weeks after withdrawal", "after >= P6W @ withdrawal"),
    ("in the last 6 month(s)", "before <= P6M"),
    ("within the first year of therapy", "after <= P1Y @ therapy"),
    ("past half-year", "before <= P0.5Y"),
    ("2 weeks after the subject received the last dose", "after >= P2W @ last dose"),
    ("within 7 days prior to the first dose, whichever comes first", "before <= P7D shorter @ first dose"),
    ("within 72 hours (or 96 hours for cUTI) prior to dosing", "before <= PT72H or PT96H @ dosing"),
    # on either side of an anchor
    ("surgery within 72 hours of admission", "within <= PT72H @ admission"),
    ("toxicity within 2 weeks from leukapheresis", "within <= P2W @ leukapheresis"),
    ("infection less than 28 days from the first dose", "within < P28D @ first dose"),
    ("stroke within < 6 months of consent", "within < P6M @ consent"),
    # elapsed since an anchor
    ("4 weeks since the last dose", "before >= P4W @ last dose"),
    ("3 weeks from surgery", "before >= P3W @ surgery"),
    ("within 4 to 14 weeks from surgery", "before P4W..P14W @ surgery"),
    ("more than 6 weeks since major surgery", "before > P6W @ major surgery"),
    ("at least 3 weeks but no more than 12 weeks since surgery", "before P3W..P12W @ surgery"),
    # strict bounds
    ("> 3 months before screening", "before > P3M @ screening"),
    ("no more than 3 months before screening", "before <= P3M @ screening"),
    ("stable for longer than a year", "for > P1Y"),
    ("fever for 5 days plus 4 of the symptoms", "for >= P5D"),
    ("stable for 5+ months", "for >= P5M"),
    ("relapse in the last 3 months +/- 10 days", "before <= P3M"),
    # after
    ("within 30 days after surgery", "after <= P30D @ surgery"),
    ("less than 2 weeks since last chemotherapy", "before < P2W @ last chemotherapy"),
    ("within 24 hours of admission", "within <= PT24H @ admission"),
    ("within 4.5 hours of symptom onset", "within <= PT4H30M @ symptom onset"),
    ("in the first 12 hours from the onset of symptoms", "after <= PT12H @ onset of symptoms"),
    ("at least 28 days must have elapsed since the last vaccine", "before >= P28D @ last vaccine"),
    ("two weeks must have elapsed between the last vaccine and dosing", "before >= P2W @ last vaccine"),
    ("4 weeks should have passed if statins were taken", "before >= P4W"),
    ("recent (3 months) fracture", "before <= P3M"),
    ("pregnancy up to 6 months after last study dose", "after <= P6M @ last study dose"),
    ("planning a pregnancy within six months", "after <= P6M"),
    ("surgery planned within the next 2 months", "after <= P2M"),
    ("no growth at least one week later", "after >= P1W"),
    # for
    ("stable dose for at least 3 months", "for >= P3M"),
    ("stable for ≥ 4 weeks prior to baseline", "for >= P4W @ baseline"),
    ("euthyroid for 6 months", "for >= P6M"),
    ("treated for less than 2 weeks", "for < P2W"),
    ("pain of more than 6 months' duration", "for > P6M"),
    ("symptoms of at least 3 months duration", "for >= P3M"),
    ("pain for a duration of at least 6 months", "for >= P6M"),
    ("fissure lasting more than 6 weeks", "for > P6W"),
    ("stable for 3 months or longer", "for >= P3M"),
    ("on warfarin for the past 6 months", "before <= P6M"),
    ("stable for 3 months prior to screening", "before <= P3M @ screening"),
    ("condoms for 4 months after the last dose", "after <= P4M @ last dose"),
    # what goes on after a period
    ("condoms for 3-6 months after the last dose", "after P3M..P6M @ last dose"),
    ("in remission and 6 months after surgery", "after >= P6M @ surgery"),
    # alternatives
    ("4 weeks or 5 half-lives, whichever is longer", "for >= P4W or 5 {half-life} longer"),
    (
        "within 4 weeks or 5 half-lives of the drug (whichever is longer) prior to the first dose",
        "before <= P4W or 5 {half-life} longer @ first dose",
    ),
    (
        "within 30 days or 5 half-lives prior to screening, whichever is shorter",
        "before <= P30D or 5 {half-life} shorter @ screening",
    ),
    (
        "within 45 days of screening or 6 half-lives of the compound, whichever is longer",
        "within <= P45D or 6 {half-life} longer @ screening",
    ),
    (
        "within 4 weeks (or 5 half-lives of the drug, whichever is longer) of screening",
        "within <= P4W or 5 {half-life} longer @ screening",
    ),
    (
        "within 14 days or 5 plasma half-lives (if known), whichever is shorter, before dosing",
        "before <= P14D or 5 {half-life} shorter @ dosing",
    ),
    ("within 5 times the elimination half-life of dosing", "within <= 5 {half-life} @ dosing"),
    ("within 5 half-lives of enrollment", "within <= 5 {half-life} @ enrollment"),
    # no length
    ("contraception during the study", "during @ study"),
    ("fever at the time of enrollment", "during @ enrollment"),
    ("BMI > 30 at screening", "during @ screening"),
    ("blind since birth", "after @ birth"),
    ("untreated prior to Day 1", "before @ Day 1"),
    ("weaned before randomization", "before @ randomization"),
    ("bed rest for the duration of the study", "during @ study"),
    ("no alcohol until the end of the study", "during @ end of the study"),
    ("pneumonia on admission", "during @ admission"),
    # a unit alone
    ("steroids in the year prior to enrollment", "before <= P1Y @ enrollment"),
    ("insulin during the month preceding surgery", "before <= P1M @ surgery"),
    ("relapse in the week after discharge", "after <= P1W @ discharge"),
    ("the day before surgery", "before @ surgery"),
    # a tolerance
    ("biopsy 28 ± 3 days after surgery", "after P25D..P31D @ surgery"),
    ("biopsy 1 year ± 6 weeks after surgery", "after >= P1Y @ surgery"),
    ("within 3 months +/- 1 week of the exit visit", "within <= P3M @ exit visit"),
    ("scan 2 ± 3 weeks before dosing", "before P0W..P5W @ dosing"),
    # up to a time before
    ("aspirin until 48 hours before surgery", "before >= PT48H @ surgery"),
    ("therapy before 6 months prior to dosing", "before >= P6M @ dosing"),
    # a stretch of time
    ("weight loss over a 4 month period", "for <= P4M"),
    ("weight loss over a period of 4 months", "for <= P4M"),
    ("no transfusion in 2 weeks", "before <= P2W"),
    ("fatigue for at least the past 3 months", "for >= P3M"),
    ("no aspirin within at least the past 2 weeks", "before <= P2W"),
    ("headache lasting from 4 to 72 hours", "for PT4H..PT72H"),
    ("treated for between 2 and 3 years", "for P2Y..P3Y"),
    # a course of treatment
    ("more than 6 weeks of prior statin therapy", "for > P6W"),
    ("failure of 4 weeks of conservative treatment", "for >= P4W"),
    ("not less than 3 months on hemodialysis", "for >= P3M"),
    ("stroke (< 6 months)", "before < P6M"),
    # at any time
    ("splenectomy at any time before screening", "before @ screening"),
    ("aspirin at any time during the study", "during @ study"),
    ("relapse at any time since diagnosis", "after @ diagnosis"),
    ("within the longer of 30 days or five half-lives", "before <= P30D or 5 {half-life} longer"),
    # the calendar
    ("admitted between May 2015 and June 2016", "during @ May 2015 and June 2016"),
    ("admitted between May and June 2016", "during @ May and June 2016"),
    ("operated between 1998 and 2013", "during @ 1998 and 2013"),
    ("screened in 2019-2023", "during @ 2019-2023"),
    ("seen from 1st July 2021 to the 30th of June, 2022", "during @ 1st July 2021 to the 30th of June, 2022"),
    ("resection from 5/1/2021 until 11/1/2024", "during @ 5/1/2021 until 11/1/2024"),
    ("visit on 2020-03-01", "during @ 2020-03-01"),
    ("diagnosed since October 1, 2017", "after @ October 1, 2017"),
    ("medication from March 2020", "after @ March 2020"),
    ("transfusion prior to 1992", "before @ 1992"),
]  # fmt: skip


def test_years_of_a_quantity_are_no_dates() -> None:
    text = "caloric intake between 1900 and 2000 kcal"
    intake = Quantity(15, 41, text[15:], "between", 1900, 2000, unit="kcal")
    assert find_windows(text, [intake]) == ([], [intake])


@pytest.mark.parametrize(("text", "expected"), [pytest.param(t, e, id=t[:48]) for t, e in CASES])
def test_window(text: str, expected: str) -> None:
    windows, _ = find_windows(text, [])
    assert [show(w) for w in windows] == [expected]


SEVERAL = [
    # a long bracket of cases, behind which the anchor is said
    (
        "at least 3 weeks (at least 5 weeks for mitomycin and lomustine; 2 months for antibodies with a very "
        "long half-life) before study entry",
        "before >= P3W @ study entry; before >= P5W; before >= P2M",
    ),
    # an anchor that two windows share
    (
        "vaccine within 30 days before or 7 days after surgery",
        "before <= P30D @ surgery; after <= P7D @ surgery",
    ),
    ("vaccine at least 2 days before or 1 day after it", "before >= P2D @ it; after >= P1D @ it"),
    (
        "no naproxen 2 days before (5 days for piroxicam), the day of, and 2 days after dosing",
        "before <= P2D @ dosing; before <= P5D; after <= P2D @ dosing",
    ),
    ("condoms for 4 weeks prior to, and during treatment", "before <= P4W @ treatment; during @ treatment"),
    (
        "surgery 4 weeks before. Stroke within 6 weeks of screening",
        "before <= P4W; within <= P6W @ screening",
    ),
    (
        "surgery 4 weeks before, stroke within 6 weeks of screening",
        "before <= P4W; within <= P6W @ screening",
    ),
    ("condoms during the study and for 60 days after.", "during @ study; after <= P60D @ study"),
    ("condoms during the study. Pill for 60 days after.", "during @ study; after <= P60D"),
    ("bleeding before, during, or after surgery", "before @ surgery; during @ surgery; after @ surgery"),
    ("relapse during or within 6 weeks of surgery", "during @ surgery; within <= P6W @ surgery"),
    ("relapse during or within 6 weeks after the last dose", "after <= P6W @ last dose"),
    ("scan before or within 6 weeks after the last dose", "before @ last dose; after <= P6W @ last dose"),
    (
        "chemotherapy within 4 weeks (6 weeks for mitomycin; 2 weeks in patients on statins)",
        "before <= P4W; before <= P6W; before <= P2W",
    ),
    ("less than 3 weeks from surgery, and 1 week for biopsies", "within < P3W @ surgery; within <= P1W"),
    ("no aspirin for a 5-day period (8-day period for naproxen)", "for >= P5D; for >= P8D"),
    ("condoms during the study and 4 months after the last dose", "during @ study; after <= P4M @ last dose"),
    ("condoms throughout treatment, and 30 days thereafter", "during @ treatment; after <= P30D"),
    (
        "condoms during treatment and for an additional 4 weeks after it",
        "during @ treatment; after <= P4W @ it",
    ),
    ("condoms during treatment and for another 4 weeks", "during @ treatment; for >= P4W"),
    ("no alcohol before and after surgery", "before @ surgery; after @ surgery"),
    ("condoms prior to and during the study", "before @ study; during @ study"),
    ("stable before or at screening", "before @ screening; during @ screening"),
    ("weaned before and then admitted", ""),
    ("within and during the study", "during @ study"),
    ("relapse during treatment or 6 months after surgery", "during @ treatment; after >= P6M @ surgery"),
    (
        "relapse during treatment or remission and 6 months after surgery",
        "during @ treatment; after >= P6M @ surgery",
    ),
    ("condoms during the study. Seen and 6 months after surgery", "during @ study; after >= P6M @ surgery"),
    ("fever during the study and at least 3 days after it", "during @ study; after >= P3D @ it"),
]


@pytest.mark.parametrize(("text", "expected"), SEVERAL)
def test_several_windows(text: str, expected: str) -> None:
    windows, _ = find_windows(text, [])
    assert "; ".join(map(show, windows)) == expected


NO_WINDOW = [
    "criteria published in 2012 and the 2016 revision",
    "recommendations of March 2015",
    "weight after 2000.5 g",
    "4 cycles of chemotherapy",
    "less than 2 cycles of platinum-based therapy",
    "sales since 2000%",
    "may be enrolled",
    "the year of surgery",
    "cough over 4 months",
    "proteinuria of 2 g in patients over 18 years",
    "proteinuria in 24 hours",
    "at least 3 weeks on the waiting list",
    "at least 12 weeks of gestation",
    "backache (< 6 months)",
    "embolism at any time",
    "patients with 6 months of follow-up",
    "improved after at least one systemic therapy",
    "falls in the last few months",  # neither a length nor an anchor
    "nausea in subsequent days",
    "relapse in the following years",
    "life expectancy ≥ 12 weeks",
    "life expectancy of at least 3 months",
    "expected survival > 12 weeks",
    "age 18 years",
    "aged 6 months to 5 years",
    "QTc > 450 ms",
    "gestational age ≥ 37 weeks",
    "cesarean at less than 37 weeks of gestation",
    "symptom duration > 2 weeks",
    "time since diagnosis > 1 year",
    "visits every 3 months",
    "caring for the 13-week protocol",
    "diuresis of 250 mL in a 24 hour period",
    "expected to last 2 hours",
    "bedtime for 17-18 year olds",
    "treated at the study site",
    "meets the following criteria",
    "at a dose of 20 mg",
    "platelets of 100 or more",
    "a score above 3 on any of the 10 items",
    "",
]


@pytest.mark.parametrize("text", NO_WINDOW)
def test_no_window(text: str) -> None:
    assert find_windows(text, [])[0] == []


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        pytest.param(
            "throughout the trial and for 90 days after the last dose",
            ["throughout the trial", "for 90 days after the last dose"],
            id="two windows",
        ),
        pytest.param("no steroids within the last 4 weeks.", ["within the last 4 weeks"], id="cue to unit"),
        pytest.param(
            "angina, or stroke ≥ 3 months prior to screening; ECOG 0",
            ["≥ 3 months prior to screening"],
            id="comparator to anchor",
        ),
        pytest.param(
            "angina within 3 months, stroke within 6 months of screening",
            ["within 3 months", "within 6 months of screening"],
            id="each its own",
        ),
    ],
)
def test_spans(text: str, spans: list[str]) -> None:
    windows, _ = find_windows(text, [])
    assert [w.text for w in windows] == spans
    assert all(text[w.start : w.end] == w.text for w in windows)


def test_reads_through_line_breaks() -> None:
    text = "low testosterone at least 3\n          months\n     prior to\n   the first\n  dose"
    (window,), left = find_windows(
        text, [quantity(text, "at least 3\n          months", threshold=3, unit="mo")]
    )
    assert text[window.start : window.end] == window.text == text[17:]
    assert window.anchor == "first dose"
    assert left == []


def test_text_is_as_written() -> None:
    (window,), _ = find_windows("within 6\nmonths of\nscreening", [])
    assert (window.text, window.anchor) == ("within 6\nmonths of\nscreening", "screening")


def test_quantity_that_holds_the_cue_across_a_line_break() -> None:
    text = "no surgery within\n     the last\n     6 months"
    part = text[text.index("within") :]
    windows, left = find_windows(text, [quantity(text, part, comparator="<=", threshold=6, unit="mo")])
    assert [(show(w), w.text) for w in windows] == [("before <= P6M", part)]
    assert left == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("non-past 6 months", [], id="part of a word"),
        pytest.param(
            f"12 months ({'or about as long as that ' * 4}) prior to surgery",
            ["before @ surgery"],
            id="long bracket",
        ),
        pytest.param("stable for at least 3 weeks, and 4 days of rest", ["for >= P3W"], id="second no limit"),
        pytest.param("stable for 3 weeks and at most 6 weeks", ["for >= P3W"], id="first no limit"),
        pytest.param("CrCl 60 mL/min 3 days before surgery", ["before <= P3D @ surgery"], id="per minute"),
        pytest.param(
            "interval of the most recently administered drug 3 months before surgery",
            ["before <= P3M @ surgery"],
            id="value far away",
        ),
        pytest.param(
            "planning with her family, when it suits all of them equally well, a pregnancy within 6 months",
            ["before <= P6M"],
            id="plan far away",
        ),
        pytest.param(
            "recent and severe heart failure that needed an operation or a drug (< 3 months)",
            [],
            id="recent far away",
        ),
        pytest.param("surgery 6- months before dosing", ["before <= P6M @ dosing"], id="hanging hyphen"),
        pytest.param("must not smoke last 6 months", ["before <= P6M"], id="verb far away"),
        pytest.param("symptoms 6 months or older before surgery", ["before @ surgery"], id="age"),
    ],
)
def test_reach(text: str, expected: list[str]) -> None:
    assert [show(window) for window in find_windows(text, [])[0]] == expected


@pytest.mark.parametrize("phrase", ["throughout", "for the length of", "over the period of", "while on"])
def test_phrases_that_open_a_period(phrase: str) -> None:
    (window,), _ = find_windows(f"no alcohol {phrase} the study", [])
    assert (window.direction, window.text) == ("during", f"{phrase} the study")


@pytest.mark.parametrize("phrase", WORDS.points["during"])
def test_words_for_during(phrase: str) -> None:
    (window,), _ = find_windows(f"asthma {phrase} the study", [])
    assert (window.direction, window.text) == ("during", f"{phrase} the study")


@pytest.mark.parametrize("phrase", WORDS.around["planned"])
def test_words_for_plans(phrase: str) -> None:
    (window,), _ = find_windows(f"{phrase} a pregnancy within 6 months", [])
    assert window.direction == "after"


@pytest.mark.parametrize("phrase", WORDS.lengths["cycle"])
def test_words_for_cycles(phrase: str) -> None:
    (window,), _ = find_windows(f"within 2 {phrase} before surgery", [])
    assert (window.direction, window.high) == ("before", Count(2, "{cycle}"))


def quantity(text: str, part: str, **values: object) -> Quantity:
    start = text.index(part)
    fields = {"comparator": "=", "kind": "duration", **values}
    return Quantity(start=start, end=start + len(part), text=part, **fields)  # type: ignore[arg-type]


def test_claims_durations_and_leaves_the_rest() -> None:
    text = "life expectancy > 12 weeks; no surgery within 6 months before Day 1; ANC > 1500"
    expectancy = quantity(text, "> 12 weeks", comparator=">", threshold=12, unit="wk")
    months = quantity(text, "6 months", threshold=6, unit="mo")
    day = quantity(text, "1", threshold=1, kind="number")
    count = quantity(text, "> 1500", comparator=">", threshold=1500, kind="number")
    day = Quantity(**{**_fields(day), "start": text.index("Day 1") + 4, "end": text.index("Day 1") + 5})
    windows, left = find_windows(text, [expectancy, months, day, count])
    assert [show(w) for w in windows] == ["before <= P6M @ Day 1"]
    assert left == [expectancy, count]


def _fields(item: Quantity) -> dict[str, object]:
    return {name: getattr(item, name) for name in item.__slots__}


@pytest.mark.parametrize(
    ("text", "part", "values", "expected"),
    [
        pytest.param(
            "for three months", "three months", {"threshold": 3, "unit": "mo"}, "for >= P3M", id="word"
        ),
        pytest.param(
            "≥ 4 weeks prior to dosing",
            "≥ 4 weeks",
            {"comparator": ">=", "threshold": 4, "unit": "wk"},
            "before >= P4W @ dosing",
            id="comparator",
        ),
        pytest.param(
            "within 6 months of screening",
            "within 6 months",
            {"comparator": "<=", "threshold": 6, "unit": "mo"},
            "within <= P6M @ screening",
            id="within read by the quantity",
        ),
        pytest.param(
            "2 to 6 weeks before surgery",
            "2 to 6 weeks",
            {"comparator": "between", "threshold": 2, "threshold_high": 6, "unit": "wk"},
            "before P2W..P6W @ surgery",
            id="range",
        ),
        pytest.param(
            "3 or 6 months before surgery",
            "3 or 6 months",
            {"comparator": "in", "threshold": 3, "threshold_set": (3, 6), "unit": "mo"},
            "before P3M..P6M @ surgery",
            id="set",
        ),
    ],
)
def test_claims_the_durations_of_windows(
    text: str, part: str, values: dict[str, object], expected: str
) -> None:
    windows, left = find_windows(text, [quantity(text, part, **values)])
    assert [show(w) for w in windows] == [expected]
    assert windows[0].start == 0
    assert left == []


@example(["6", "half-lives", "before", "past", "6", "half-lives"])
@given(
    st.lists(
        st.sampled_from(
            " within,6,months,before,the,past,or,5,half-lives,(,),screening,.,for,at least,≥,days,\n".split(
                ","
            )
        )
    )
)
def test_offsets_hold_for_any_word_salad(words: list[str]) -> None:
    text = " ".join(words)
    windows, _ = find_windows(text, [])
    assert all(text[w.start : w.end] == w.text for w in windows)
    assert all(a.end <= b.start for a, b in pairwise(windows))


@pytest.mark.parametrize(
    ("value", "designator", "expected"),
    [
        (0.000001, "D", "P0.000001D"),
        (1_500_000, "TH", "PT1500000H"),
        (100, "W", "P100W"),
        (0.5, "TH", "PT30M"),
    ],
)
def test_durations_have_no_exponents(value: float, designator: str, expected: str) -> None:
    assert iso(value, designator) == expected


def calls(text: str) -> int:
    """Count the function calls that finding windows takes: a clock that nothing else on the machine moves."""
    count = 0

    def tick(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(tick)
    try:
        find_windows(text, [])
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "line",
    [
        "within 6 months of surgery, ",
        "cancer within ",
        "at least 3 weeks and ",
        "4 weeks or 5 half-lives of the ",
        "6 months (",
        "at any ",
        "visit-",
        "(",
        "    ",
        "1",
    ],
)
def test_time_grows_with_the_length_of_a_line(line: str) -> None:
    find_windows(line, [])
    short, long = (calls(line * (size // len(line))) for size in (2_000, 8_000))
    assert long <= 4**1.2 * short


def test_any_number_of_cases_follows_a_window() -> None:
    windows, _ = find_windows("no surgery within 4 weeks" + " (6 weeks for biopsies)" * 1500, [])
    assert [show(window) for window in windows] == ["before <= P4W"] + ["before <= P6W"] * 1500


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "at least 4 weeks since surgery (6 weeks for biopsies)",
            ["before >= P4W @ surgery", "before >= P6W"],
        ),
        ("none within 4 weeks (6 weeks for biopsies) of entry", ["within <= P4W @ entry", "within <= P6W"]),
        ("within 5 half-lives or 4 weeks", ["before <= P4W or 5 {half-life}"]),
        ("within 5 half-lives (if known) or 14 days", ["before <= P14D or 5 {half-life}"]),
    ],
)
def test_lengths_beside_each_other(text: str, expected: list[str]) -> None:
    assert [show(window) for window in find_windows(text, [])[0]] == expected


@pytest.mark.parametrize(
    ("text", "strict"),
    [
        ("seen > 3 months and < 5 years before surgery", True),
        ("cough for more than 3 weeks but less than 8 weeks", True),
        ("cough for at least 3 weeks but less than 8 weeks", False),
        ("cough for 3 to 8 weeks", False),
    ],
)
def test_range_is_strict_if_both_ends_are(text: str, strict: bool) -> None:
    (window,), _ = find_windows(text, [])
    assert window.low
    assert window.high
    assert window.strict is strict
