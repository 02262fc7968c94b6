"""Words of the quantity lexicons: every unit, number words, words that compare and words that measure."""

from __future__ import annotations

import pytest

from eligex.quantities.find import canonical, find_quantities

UNITS = """
a: year, Y; mo: month, mth; wk: week, wks; d: day, calendar day; h: hour, h; min: minute, min; s: second,
sec; ms: ms, msecs; us: μsec, microsecond; a: year old, years age; mo: months of life, month - old; wk:
weeks of life, weeks - old; d: d of life, day - old; h: h of life, hours old; wk: weeks gestation,
gestational weeks; d: days gestation, days of gestation; {half-life}: half - lives, halflife; {cycles}:
menstrual cycles, menstrual cycle; kg: kg, kilo; g: g, grams; mg: mg, milligrams; ug: μg, microgramme; ng:
ng, nanograms; pg: pg, picograms; fg: fg, femtogram; [lb_av]: lb, pound; [oz_av]: oz, ounce; [stone_av]:
stone; L: L, liters; dL: dl, decilitre; cL: cl, centiliter; mL: ml, millilitre; uL: μl, microliter; nL: nl,
nanoliter; fL: fl, femtoliter; m3: m3, cubic meter; cm3: cm3, cubic centimeters; mm3: mm3, cubic
millimetres; km: km, kilometers; m: m, metre; cm: cm, centimeters; mm: mm, millimeters; um: μm, micrometer;
nm: nm, nanometer; [in_i]: inch, inches; [ft_i]: foot, feet; [yd_i]: yard, yards; [mi_i]: mile, miles; m2:
m2, meter squared; cm2: cm2, square centimeter; mm2: mm2, square millimeter; {1.73_m2}: 1.73 m2, 1.73 sq m;
g/dL: gm %, gms %; mg/dL: mg %; kg/m2: kg . m2, kg . m - 2; mol: mol, mole; mmol: mmol, millimoles; umol:
μmol, μmoles; nmol: nmol, nanomoles; pmol: pmol, picomoles; fmol: fmol; mmol/L: mM, millimolar; umol/L: μM,
uM; nmol/L: nM, nanomolar; eq: Eq; meq: meq, milliequivalent; mosm: mosm, milliosmoles; U: U, units; mU: mU,
milliunits; kU: kU, KU; uU: μU, uU; [IU]: iu, international units; m[IU]: miu, milli international units;
u[IU]: μiu, mciu; k[IU]: kiu; {EU}: EU, endotoxin units; [arb'U]: AU, arbitrary units; {RU}: RU; {BAU}: BAU;
[MPL'U]: MPL, MPL units; [GPL'U]: GPL, GPL units; {kUA}: kUA, kAU; [CFU]: cfu, colony forming units; [PFU]:
pfu, plaque forming units; {copies}: copies, viral particles; {vg}: vg, vector genomes; {cells}: cells, t
cells; {HPF}: hpf, high power fields; mm[Hg]: mmhg, millimeter of mercury; cm[H2O]: cmh2o, cm h20; kPa: kpa,
kilopascal; hPa: hpa; Pa: Pa; L/min: lpm; [wood'U]: wood units, WU; dyn.s/cm5: dyn · s / cm5, dynes · sec ·
cm - 5; [psi]: psi; Cel: ° c, ° celsius; [degF]: ° f, degree fahrenheit; deg: °, degree; /min: bpm, breath
per minute; {beats}: beats; Hz: hz, hertz; kHz: khz, kilohertz; kcal: kcal, kilocalorie; cal: cal, calories;
J: J, joule; kJ: kJ; W: watts, watt; [MET]: met, metabolic equivalent; T: tesla, teslas; mV: mV, millivolt;
uV: μV, microvolt; mA: mA, milliamp; Ohm: ohm, ohms; Gy: Gy, grays; cGy: cgy, centigray; Sv: Sv, sievert;
mSv: msv, millisievert; MBq: mbq; mCi: mci, millicurie; dB: db, decibels; dB{HL}: db hl, decibels hearing
level; dB{A}: dba, db ( a ); [diop]: D, dioptres; [p'diop]: prism diopters, prism dioptres; {letters}:
letters, etdrs letter; {logMAR}: logmar, log mar; %: %, pct; [ppm]: ppm, parts per million; [ppb]: ppb,
parts per billion; {percentile}: percentile, th percentiles; {SD}: sd, standard deviation; {z-score}: z -
score, z - scores; {kappa}: kappa; [hnsf'U]: hu, hounsfield units; [drp]: drops, drop; {score}: point, total
score; {class}: class, categories; {grade}: grade, grades; {stage}: stage, stages; {pack-years}: pack -
years, pack / year; {packs}: packs, packets; {cigarettes}: cigarettes, cigs; {cigars}: cigars; {drinks}:
drinks, alcoholic drink; {glasses}: glasses, glass; {cups}: cups, cup; {servings}: servings, serving;
{units}: alcohol units, alcoholic units; {times}: times, time; {fold}: fold, folds; {tablets}: tablets,
capsules; {puffs}: puffs, inhalations; {steps}: steps; {vials}: vials, vial; [ULN]: uln, upper limit of
normality; [LLN]: lln, lower limit normal; {baseline}: baseline, baseline values
"""
NUMBERS = """
zero 0 one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10 eleven 11 twelve 12 thirteen 13
fourteen 14 fifteen 15 sixteen 16 seventeen 17 eighteen 18 nineteen 19 twenty 20 thirty 30 forty 40 fourty 40
fifty 50 sixty 60 seventy 70 eighty 80 ninety 90 forty-two 42
"""


def said(text: str) -> list[str]:
    """Return the quantities of a text without their kinds, but for ages."""
    kinds = {"age": "age: "}
    return [kinds.get(found.kind, "") + canonical(found) for found in find_quantities(text)]


def units() -> list[tuple[str, str]]:
    entries = [entry.split(":", 1) for entry in " ".join(UNITS.split()).split("; ")]
    return [(code, name.strip()) for code, names in entries for name in names.split(",")]


@pytest.mark.parametrize(("code", "name"), units())
def test_unit(code: str, name: str) -> None:
    age = "age: " if name.endswith((" age", " old", " life")) else ""
    assert said(f"level > 5 {name}") == [f"{age}> 5 {code}"]


def test_other_words_are_no_units() -> None:
    assert said("level > 5 barns") == ["> 5"]


@pytest.mark.parametrize(
    ("word", "number"), list(zip(NUMBERS.split()[::2], NUMBERS.split()[1::2], strict=True))
)
def test_number_word(word: str, number: str) -> None:
    assert said(f"more than {word} points") == [f"> {number} {{score}}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("more than half of ULN", "> 0.5 [ULN]"),
        ("at least one and a half points", ">= 1.5 {score}"),
        ("twice the upper limit of normal", "= 2 [ULN]"),
        ("double the ULN", "= 2 [ULN]"),
        ("thrice the ULN", "= 3 [ULN]"),
        ("triple ULN", "= 3 [ULN]"),
        ("more than three hundred points", "> 300 {score}"),
        ("more than two thousand points", "> 2000 {score}"),
        ("more than five million points", "> 5000000 {score}"),
        ("more than 5 millions cells", "> 5000000 {cells}"),
        ("more than two billion cells", "> 2000000000 {cells}"),
    ],
)
def test_number_of_words(text: str, expected: str) -> None:
    assert said(text) == [expected]
