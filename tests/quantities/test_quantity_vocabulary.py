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


def test_other_words_are_not_units() -> None:
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
        ("more than ¾ of ULN", "> 0.75 [ULN]"),
        ("more than ½ of ULN", "> 0.5 [ULN]"),
        ("more than ¼ of ULN", "> 0.25 [ULN]"),
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


# A text with a place for a word; what it says with each of the words, where @ is the word itself; and what it
# says with a word that no lexicon has.
WORDS = [
    ("≥ {} 18", "age: >= 18 a", "", "aged"),
    ("≥ {} 18", ">= 18", "", "approximately | values | equal | class"),
    ("{} score of 5", "<= 5", "= 5 {score}", "maximal"),
    ("18 {} 75 points", "[18,75] {score}", "= 75 {score}", "thru | to"),
    ("between 18 {} 75", "[18,75]", "", "& | or | an"),
    ("ECOG 0 {} 1", "in {0,1} {score}", "= 0 {score}", "versus | or | &"),
    ("{} 140/90", "= 140 mm[Hg] systolic; = 90 mm[Hg] diastolic", "", "systolic"),
    ("{}on 140/90", "= 140 mm[Hg] systolic; = 90 mm[Hg] diastolic", "", "hyptensi"),
    ("{} pressure 140/90", "= 140 mm[Hg] systolic; = 90 mm[Hg] diastolic", "= 140", "arterial"),
    ("score ≥ 18 {} ≤ 75", "[18,75] {score}", ">= 18 {score}; <= 75", "& | are | , | than | inclusive"),
    ("score ≥ 18 {} ≤ 75", "age: [18,75] a", ">= 18 {score}; <= 75", "ages | who"),
    ("2.0 mg/dL {} 177 µmol/L", "= 2 mg/dL | 177 umol/L", "= 2 mg/dL; = 177 umol/L", "( | or | ,"),
    ("2.0 mg/dL {} 177 µmol/L", "= 177 umol/L", "= 2 mg/dL; = 177 umol/L", "="),
    (
        "< 50 {} > 100 bpm",
        "< 50 /min; > 100 /min",
        "< 50; > 100 /min",
        "to | & | / | - | ; | in | ( | but | sbp | :",
    ),
    ("< 50 {} > 100 bpm", "< 50 {@}; > 100 /min", "< 50; > 100 /min", "females"),
    ("< 18 years {} > 80", "age: < 18 a; age: > 80 a", "age: < 18 a; > 80", "to | and | / | but | ("),
    ("{} of 30", "= 30 {@}", "", "score | t-score"),
    (
        "{} of 30",
        "= 30",
        "",
        (
            "inr | ph | hematocrit | creatinine | cd4 | glucose | potassium | dbp | titre | "
            "fraction | homa | "
            "concentration | pressure | rdi | factor | ki67 | vo2max | bcva | scale | reading | equivalent | "
            "rank"
        ),
    ),
    ("{} of 30", "= 30 {score}", "", "scores"),
    ("BMI {} 30", "= 30", "", "a | to | must | range | ( | ) | at | - | has | had"),
    ("BMI {} 30", ">= 30", "", "from"),
    (
        "{} 1-3 prior lines",
        "",
        "[1,3] {lines}",
        (
            "weeks | visit | month | group | groups | v. | ver | v | number | chapter | dsm | stratum | "
            "period | il | vitamin | factor | task | aim | zone | segment | page | trimester | region | "
            "regions | point | june | july | jun | jul | dec"
        ),
    ),
    ("24-hour {}", "", "= 24 h", "holter | recall | mwt | mwd | glucose | creatinine | proteinuria | ph"),
    ("{} in 1 second", "", "= 1 s", "expiratory"),
    ("Age (years) {} 18", "age: = 18 a", "", "of | - | is | between | range"),
    ("Age (years) {} 18", "age: >= 18 a", "", "from"),
    ("score {} 2", "= 2 {score}", "", ": | be | was | = | must"),
    ("a 10 point {}", "", "= 10 {score}", "scale | likert | -"),
    ("score 10 {}", "", "= 10 {score}", "item | - | ="),
    ("score 10 {}", "= 10 h", "= 10 {score}", "hour"),
    (
        "at least 2 {} events",
        ">= 2",
        ">= 2 {events}",
        (
            "the | following | either | an | within | at | are | if | from | be | and | i.e | have | been | "
            "was | had | since | as | any | can | these | including | may | no | their | requiring | through "
            "| apart | between | under | except | below | younger | less | documented | each | leading | "
            "resulting | weekly | up | did"
        ),
    ),
    ("at least 2 {} criteria", ">= 2", ">= 2 {criteria}", "following | above"),
    ("{} class II", "", "= 2 {class}", "drug"),
    ("class II {}agents", "", "= 2 {class}", "arrhythm"),
    ("{} 18", "age: = 18 a", "", "aged | ageing"),
    (
        "age {} 18",
        "age: = 18 a",
        "",
        (
            "the | to | must | ranging | time | between | = | women | screening | consent | included | study "
            "| ( | has | limit | y | - | group | signing | criteria | , | visit | and | females | those | "
            "patients | eligible | male"
        ),
    ),
    ("{} ≥ 18 years", "age: >= 18 a", ">= 18 a", "aged | older"),
    ("{} age 30 weeks", "= 30 wk", "age: = 30 wk", "conceptional | gestation"),
    ("18 years {}", "age: = 18 a", "= 18 a", "age | old"),
    ("men {} 50", "age: < 50 a", "", "under | below"),
    ("men {} 50 years", "age: < 50 a", "= 50 a", "under | below | less"),
    ("men {} 50 years", "age: = 50 a", "= 50 a", "between"),
    ("men {} 50 years", "age: <= 50 a", "= 50 a", "≤"),
    (
        "{} over 50",
        "age: > 50 a",
        "> 50",
        (
            "patients | participant | adults | men | adult | females | female | child | youth | people | "
            "veterans | smokers | caregiver | residents | those | who | youths"
        ),
    ),
    ("{} > 34 years", "age: > 34 a", "> 34 a", "female | females | women | man | woman | gender | sexes"),
    ("{} 3-6 months", "age: [3,6] mo", "[3,6] mo", "infants | newborns | children"),
    ("18-75 years {}", "[18,75] a", "age: [18,75] a", "of | ago"),
    (
        "at least 2 {}",
        ">= 2 {@}",
        ">= 2",
        (
            "cycles | class | regimens | medications | births | falls | doses | joints | children | "
            "embryos | flares | tests | readings | teeth | men | people | metastases | criteria | ova"
        ),
    ),
    ("at least 2 {}", ">= 2 {@s}", ">= 2", "measurement | dose | lesion | infection | episode | drug"),
    ("at least 2 surger{0} or biops{0}", ">= 2 {surgeries}", ">= 2", "y"),
    ("at least 2 {} falls", ">= 2", ">= 2 {falls}", "investigators | following | parents | parent | group"),
    ("3 {} ULN", "= 3 [ULN]", "", "time | fold"),
    (
        "3 x {} ULN",
        "= 3 [ULN]",
        "",
        "institutional | institution's | - | ' | assay",
    ),
    ("3 x {} ULN", "> 3 [ULN]", "", "above | over | greater | higher | more"),
    ("3 x {} ULN", "< 3 [ULN]", "", "less | lower"),
    ("{} 30 weeks of gestation", "< 30 wk", "= 30 wk", "before | prior to"),
    ("{} 30 weeks of gestation", "> 30 wk", "= 30 wk", "after | beyond"),
    ("{} 12 weeks of gestation", "<= 12 wk", "= 12 wk", "the first"),
    ("asthma for 3 {} days", "= 3 d", "", "continuous | total | further | more"),
    ("12 mg {} day", "= 12 mg/d", "= 12 mg", "an | every"),
    ("12 mg {} daily", "= 12 mg/d", "= 12 mg/d", "total"),
    ("12 mg {}", "= 12 mg/d", "= 12 mg", "daily | nightly"),
    ("12 mg {}", "= 12 mg/wk", "= 12 mg", "weekly"),
    ("12 mg {}", "= 12 mg/mo", "= 12 mg", "monthly"),
    ("12 mg {}", "= 12 mg/a", "= 12 mg", "yearly | annually"),
    ("12 mg {}", "= 12 mg/h", "= 12 mg", "hourly"),
    ("100 {}/µL", "= 100 10*3/uL", "", "k | thou | thousands"),
    ("100 {}/µL", "= 100000 /uL", "", "thousand"),
    ("100 {}/µL", "= 100 10*9/uL", "", "giga"),
    ("100 {}/µL", "= 100000000 /uL", "", "million"),
    (
        "{} 5 points",
        "> 5 {score}",
        "= 5 {score}",
        "superior | exceeding | superior to | upwards of | morethan | > than | greater that",
    ),
    (
        "{} 5 points",
        "< 5 {score}",
        "= 5 {score}",
        "inferior | underneath | before age | prior to the age | lower | < than",
    ),
    (
        "{} 5 points",
        ">= 5 {score}",
        "= 5 {score}",
        (
            "not below | not inferior to | a minimum of | at a minimum | minimal age | starting at "
            "| meets or "
            "exceeds | have attained | on or after | as least | greater then or equal to | greater than , or "
            "equal to , | greater than or the same as | greater and equal to | greater or = to | equal to or "
            "greater to | equal or greater than | equal to and greater | on or greater"
        ),
    ),
    (
        "5 points {}",
        "<= 5 {score}",
        "= 5 {score}",
        "/ younger | / less | , and younger | or sooner | maximum | (maximum)",
    ),
    (
        "5 points {}",
        ">= 5 {score}",
        "= 5 {score}",
        (
            "older | , or in excess of | or up | at least | at a minimum | upwards | (inclusive) and older | "
            "or a greater | (or greater) | (and greater) | or greater age"
        ),
    ),
    (
        "{} 5 points",
        "<= 5 {score}",
        "= 5 {score}",
        (
            "a maximum of | maximum age of | cannot exceed | must not exceed | upto | not in excess of | not "
            "greater than | not to be greater than"
        ),
    ),
    ("{} 18", "= 18", "", "equal"),
    ("{} 5 points", "!= 5 {score}", "= 5 {score}", "not equal"),
    ("{} 18", ">= 18", "", "from | range from | in a range of | in the range between"),
    ("{} 5 and 18 points", "[5,18] {score}", "in {5,18} {score}", "between | beteween | bewteen"),
    ("{} than 5 points", "> 5 {score}", "= 5 {score}", "older | longer | taller | elder | further"),
    ("{} than 5 points", "< 5 {score}", "= 5 {score}", "shorter | inferior | lighter"),
    (
        "{} 2",
        "= 2 {score}",
        "",
        (
            "ecog | ecog/who | eastern co-operative oncology group | eastern collaborative oncology group | "
            "who ps | gog | performance status | zps | ps | karnofsky | karnofsky performance status | lps | "
            "kps/lps | karnovsky | mrs | modified rankin score | premorbid mrs | mmse | mini mental state "
            "examination | mini mental | folstein | gleason | gleason sum | cdr | clinical dementia rating | "
            "ihc | her-2 | urine protein | nihss | BODE | ham-d | hamd | bdi-ii | phq-9 | vas | "
            "nprs | scorad "
            "| dlqi | koos | vas score | epworth | epworth sleepiness scale | cha₂ds₂-vasc | charlson | "
            "oswestry | odi | mna | CAPS | pcl-5 | asrs | adhd-rs | rtnss | itnss | r-ipi | flipi | apri | "
            "bishop | mfis | fiqr | ases | Constant | dn4 | lanss | bilag | mg-adl | hestia | STS | sdq | "
            "cbcl | y-bocs"
        ),
    ),
    (
        "{} 2",
        "= 2 {class}",
        "",
        (
            "nyha | new york heart association (nyha) | who functional | asa | american society of "
            "anaesthesiologists | american society of anaesthesiology | american society of anesthesiologist "
            "| asa-ps | american society anesthesiologists | classes | functional class | gold | global "
            "initiative for chronic obstructive lung disease | fitzpatrick | skin phototypes | phototypes | "
            "skin types | mallampati | cormack-lehane | pi-rads | pauwels | Wagner | bristol | hunt-hess | "
            "gross motor function classification system | icdas ii"
        ),
    ),
    ("{} 2", "= 2 {@}", "", "grade | stage"),
    ("{} 2", "= 2 {grade}", "", "grades | gr | kellgren and lawrence | k & l"),
    (
        "{} 2",
        "= 2 {stage}",
        "",
        "stages | ann arbor | modified hoehn and yahr | international staging system | rutherford",
    ),
    (
        "ECOG {} 2",
        "= 2 {score}",
        "",
        (
            "performance | ps | rating | index | grading | criteria | level | with | be | in | range | "
            "assessment | sum | subscale | result | failure | new | symptoms | state | motor | gross | steps"
        ),
    ),
    ("ECOG {} 2", "= 2 {class}", "", "phototype"),
]


@pytest.mark.parametrize(
    ("text", "expected", "word"),
    [(text, expected, word) for text, expected, _, words in WORDS for word in words.split(" | ")],
)
def test_word(text: str, expected: str, word: str) -> None:
    assert said(text.format(word)) == [part for part in expected.replace("@", word).split("; ") if part]


@pytest.mark.parametrize(("text", "expected"), list(dict.fromkeys((row[0], row[2]) for row in WORDS)))
def test_unknown_word(text: str, expected: str) -> None:
    assert said(text.format("zork")) == [part for part in expected.split("; ") if part]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("weight > 100 kg (220 lb)", "> 100 kg | 220 [lb_av]"),
        ("waist > 100 cm (39 inches)", "> 100 cm | 39 [in_i]"),
        ("jump > 10 m (33 ft)", "> 10 m | 33 [ft_i]"),
        ("walk > 10 km (6.2 miles)", "> 10 km | 6.2 [mi_i]"),
        ("pressure > 160 mmHg (21 kPa)", "> 160 mm[Hg] | 21 kPa"),
        ("asthma for > 2 years (24 months)", "> 2 a | 24 mo"),
        ("asthma for > 2 years (104 weeks)", "> 2 a | 104 wk"),
        ("asthma for > 2 years (730 days)", "> 2 a | 730 d"),
        ("asthma for > 3 months (13 weeks)", "> 3 mo | 13 wk"),
        ("asthma for > 3 months (90 days)", "> 3 mo | 90 d"),
        ("asthma for > 2 weeks (14 days)", "> 2 wk | 14 d"),
        ("fast for > 2 days (48 hours)", "> 2 d | 48 h"),
        ("fast for > 2 hours (120 minutes)", "> 2 h | 120 min"),
        ("hold for > 2 minutes (120 seconds)", "> 2 min | 120 s"),
        ("lesion > 2 cm (20 mm)", "> 2 cm | 20 mm"),
        ("walk > 3 m (300 cm)", "> 3 m | 300 cm"),
        ("drink > 2 L (2000 mL)", "> 2 L | 2000 mL"),
        ("dose > 2 g (2000 mg)", "> 2 g | 2000 mg"),
        ("dose > 2 mg (2000 ug)", "> 2 mg | 2000 ug"),
    ],
)
def test_same_limit_in_another_unit(text: str, expected: str) -> None:
    assert said(text) == [expected]


def test_another_limit_is_not_an_alternative() -> None:
    assert said("hold for > 2 minutes (999 seconds)") == ["> 2 min", "= 999 s"]
