"""The formats of registries, in small invented files: ids, texts, types, structured fields."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eligex.errors import InputError
from eligex.readers import read
from eligex.schema import SourceField, Structured, Trial, TrialCriteria

Write = Callable[[str, str | bytes], Path]
Trials = Callable[..., list[Trial]]
Errors = Callable[..., dict[str, str]]
Criteria = Callable[[Trial], list[tuple[str, str]]]

SECTION = "Inclusion Criteria:\n\n- Age 18 years or older\n\nExclusion Criteria:\n\n- Pregnancy\n"


def zipped(**files: str | bytes) -> bytes:
    """Return an archive; "__" in a name stands for a point, "_0_" for a slash."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_0_", "/").replace("__", "."), content)
    return packed.getvalue()


def test_api_2_in_an_archive(write: Write, trials: Trials) -> None:
    studies = {
        f"NCT0000000{n}__json": json.dumps(
            {
                "protocolSection": {
                    "identificationModule": {"nctId": f"NCT0000000{n}"},
                    "conditionsModule": {"conditions": ["Gout", "Pain"]},
                    "eligibilityModule": {"eligibilityCriteria": SECTION},
                }
            }
        )
        for n in (2, 1)
    }
    path = write("ctg-studies.json.zip", zipped(**studies, readme__html="<html>"))
    said: list[str] = []
    found = trials(path, notify=said.append)
    assert [trial.trial_id for trial in found] == ["NCT00000002", "NCT00000001"]
    assert found[0].source.path == f"{path}/NCT00000002.json"
    assert found[0].structured is not None
    assert found[0].structured.conditions == ("Gout", "Pain")
    assert "1 of 3 files (readme.html, …) are left out" in said[0]
    assert [trial.trial_id for trial in trials(io.BytesIO(path.read_bytes()))] == [t.trial_id for t in found]


def api_1(number: str) -> dict[str, Any]:
    return {
        "Rank": 1,
        "Study": {
            "ProtocolSection": {
                "IdentificationModule": {"NCTId": number},
                "ConditionsModule": {"ConditionList": {"Condition": ["Gout"]}},
                "EligibilityModule": {
                    "EligibilityCriteria": SECTION,
                    "HealthyVolunteers": "Accepts Healthy Volunteers",
                    "Gender": "All",
                    "MinimumAge": "18 Years",
                    "StdAgeList": {"StdAge": ["Adult"]},
                },
            }
        },
    }


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            {"FullStudiesResponse": {"NStudiesFound": 2, "FullStudies": [api_1("NCT1"), api_1("NCT2")]}},
            id="response",
        ),
        pytest.param([{"FullStudy": api_1("NCT1")}, api_1("NCT2")["Study"]], id="array"),
        pytest.param({"FullStudies": [api_1("NCT1"), api_1("NCT2")]}, id="studies"),
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_api_1(write: Write, trials: Trials, criteria: Criteria, content: Any, indent: int | None) -> None:
    found = trials(write("a.json", json.dumps(content, indent=indent)))
    assert [(trial.trial_id, trial.source.format) for trial in found] == [
        ("NCT1", "ctgov-v1"),
        ("NCT2", "ctgov-v1"),
    ]
    assert found[0].structured == Structured("18 Years", None, "All", True, ("Adult",), ("Gout",))
    assert criteria(found[0]) == [("inc", "Age 18 years or older"), ("exc", "Pregnancy")]


CLASSIC = """<?xml version="1.0" encoding="UTF-8"?>
<clinical_study rank="1">
  <!-- a comment -->
  <id_info><org_study_id>X-1</org_study_id><nct_id>{number}</nct_id></id_info>
  <condition>Gout</condition>
  <condition>Pain</condition>
  <eligibility>
    <study_pop><textblock>Everybody</textblock></study_pop>
    <criteria>
      <textblock>
        Inclusion Criteria:

          -  Age &gt;= 18 years

        Exclusion Criteria:

          -  Pregnancy
      </textblock>
    </criteria>
    <gender>All</gender>
    <minimum_age>18 Years</minimum_age>
    <maximum_age>N/A</maximum_age>
    <healthy_volunteers>Accepts Healthy Volunteers</healthy_volunteers>
  </eligibility>
</clinical_study>
"""


def test_classic_xml(write: Write, trials: Trials, criteria: Criteria) -> None:
    (trial,) = trials(write("NCT1.xml", CLASSIC.format(number="NCT1")))
    assert (trial.trial_id, trial.source.format) == ("NCT1", "ctgov-xml")
    assert trial.source.field == "eligibility/criteria/textblock"
    assert trial.text.startswith("\n        Inclusion Criteria:\n\n          -  Age >= 18 years")
    assert trial.structured == Structured("18 Years", "N/A", "All", True, (), ("Gout", "Pain"))
    assert criteria(trial) == [("inc", "Age >= 18 years"), ("exc", "Pregnancy")]


def test_all_public_xml(write: Write, trials: Trials) -> None:
    files = {f"NCT0000xxxx_0_NCT{n}__xml": CLASSIC.format(number=f"NCT{n}") for n in range(3)}
    found = trials(write("AllPublicXML.zip", zipped(Contents__txt="", **files)), format="ctgov-xml")
    assert [trial.trial_id for trial in found] == ["NCT0", "NCT1", "NCT2"]


def test_classic_xml_without_criteria(write: Write, errors: Errors) -> None:
    text = "<clinical_study><id_info><nct_id>NCT1</nct_id></id_info></clinical_study>"
    assert "no eligibility/criteria/textblock" in errors(write("a.xml", text))["NCT1"]


AACT = (
    "id|nct_id|sampling_method|gender|minimum_age|maximum_age|healthy_volunteers|population|criteria"
    "|gender_description|gender_based|adult|child|older_adult\n"
    "1|NCT00000001||ALL|18 Years|N/A|t||"
    '"Inclusion Criteria:~~* Adults who say yes | no~* Gout~~Exclusion Criteria:~~* Pregnancy"|||t|f|t\n'
    "2|NCT00000002||FEMALE|N/A|65 Years|f||Inclusion Criteria:~~* Women|||f|f|f\n"
    "3|NCT00000003||ALL||||||||t|f|f\n"
)


def test_aact(write: Write, trials: Trials, criteria: Criteria, errors: Errors) -> None:
    path = write("eligibilities.txt", AACT)
    assert errors(path)["NCT00000003"].endswith("line 4: criteria is empty")
    first, second = trials(write("two.txt", "\n".join(AACT.split("\n")[:3])))
    assert (first.trial_id, first.source.format, first.source.field) == ("NCT00000001", "aact", "criteria")
    assert first.text.startswith("Inclusion Criteria:~~* Adults who say yes | no~* Gout~~")
    assert criteria(first) == [
        ("inc", "Adults who say yes | no"),
        ("inc", "Gout"),
        ("exc", "Pregnancy"),
    ]
    assert first.structured == Structured("18 Years", "N/A", "ALL", True, ("ADULT", "OLDER_ADULT"))
    assert second.structured == Structured("N/A", "65 Years", "FEMALE", False)


def test_aact_archive_is_read_for_its_criteria_alone(write: Write, trials: Trials) -> None:
    content = AACT.split("3|NCT")[0]
    said: list[str] = []
    path = write("export.zip", zipped(studies__txt="nct_id|title\n", eligibilities__txt=content))
    assert [trial.trial_id for trial in trials(path, notify=said.append)] == ["NCT00000001", "NCT00000002"]
    assert "since only eligibilities.txt is read" in said[0]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("nct_id|criteria\nNCT00000001|Adults~Gout\n", id="two-columns"),
        pytest.param("criteria|nct_id\nAdults~Gout|NCT00000001\n", id="other-order"),
        pytest.param("NCT00000001|Adults~Gout\n", id="no-names"),
        pytest.param("1|NCT00000001|Adults~Gout\n", id="no-names-and-a-number"),
        pytest.param("1|NCT00000001|||||||Adults~Gout|||t|f|f\n", id="no-names-all-columns"),
        pytest.param("\ufeffnct_id|criteria\r\nNCT00000001|Adults~Gout\r\n", id="mark-and-crlf"),
        pytest.param('nct_id,criteria\nNCT00000001,"Adults~Gout"\n', id="commas"),
        pytest.param("nct_id\tcriteria\nNCT00000001\tAdults~Gout\n", id="tabs"),
    ],
)
def test_lines_with_bars(write: Write, trials: Trials, content: str) -> None:
    (trial,) = trials(write("list.txt", content))
    assert (trial.trial_id, trial.text, trial.source.format) == ("NCT00000001", "Adults~Gout", "aact")


def test_bars_with_line_breaks_in_quotes(write: Write, trials: Trials) -> None:
    text = 'nct_id|criteria\nNCT00000001|"Adults\nwith ""gout""\n"\nNCT00000002|Pain\n'
    assert [trial.text for trial in trials(write("a.txt", text))] == ['Adults\nwith "gout"\n', "Pain"]


def test_quote_that_is_not_closed_costs_one_row(write: Write, errors: Errors) -> None:
    rows = ['1|NCT00000001|"Adults', *(f"{n}|NCT0000000{n}|Adults" for n in range(2, 8))]
    found = errors(write("a.txt", "\n".join(["id|nct_id|criteria|x", *(f"{row}|" for row in rows)])))
    assert list(found) == [f"NCT0000000{n}" for n in range(1, 8)]
    assert "a row of 3 cells in a table of 4 columns" in found["NCT00000001"]
    assert [message for message in found.values() if message] == [found["NCT00000001"]]


def test_sites_csv(write: Write, trials: Trials, errors: Errors) -> None:
    head = "NCT Number,Study Title,Conditions,Sex,Age"
    with pytest.raises(InputError, match="without a column of eligibility criteria"):
        errors(write("ctg-studies.csv", f"{head}\nNCT1,A study,Gout|Pain,ALL,ADULT\n"))
    rows = f'{head},Eligibility Criteria\nNCT1,"A, b",Gout|Pain,ALL,"ADULT, OLDER_ADULT","Adults\nGout"\n'
    (trial,) = trials(write("b.csv", rows))
    assert (trial.trial_id, trial.text, trial.source.format) == ("NCT1", "Adults\nGout", "ctgov-csv")
    assert trial.structured == Structured(
        sex="ALL", standard_ages=("ADULT", "OLDER_ADULT"), conditions=("Gout", "Pain")
    )


ICTRP = {
    "TrialID": "ACTRN1",
    "Inclusion agemin": "18 Years",
    "Inclusion agemax": "No limit",
    "Inclusion gender": "<br>Female: yes<br>Male: no<br>",
    "Inclusion Criteria": "Inclusion criteria: 1. Adults<br>2. Gout",
    "Exclusion Criteria": "Exclusion criteria: Pregnancy",
    "Condition": "Gout<br>Pain;Other",
}
BOTH = (
    "\r<br>   Inclusion Criteria:\r<br>\r<br>  -  Adults\r<br>\r<br>  Exclusion Criteria:\r<br>\r<br> - Gout"
)


def ictrp_xml(**fields: str) -> str:
    cells = "".join(
        f"<{name}>{value.replace('&', '&amp;').replace('<', '&lt;')}</{name}>"
        for name, value in fields.items()
    )
    return f"<Trials_downloaded_from_ICTRP><Trial>{cells}</Trial></Trials_downloaded_from_ICTRP>"


def csv_of(rows: list[list[str]]) -> str:
    return "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.xml", ictrp_xml(**{k.replace(" ", "_"): v for k, v in ICTRP.items()}), id="xml"),
        pytest.param("a.csv", csv_of([list(ICTRP), list(ICTRP.values())]), id="csv"),
        pytest.param("a.csv", "\ufeff" + csv_of([list(ICTRP), list(ICTRP.values())]), id="csv-with-mark"),
        pytest.param(
            "a.csv",
            csv_of([list(ICTRP), list(ICTRP.values())]).replace('","', '";"'),
            id="csv-with-semicolons",
        ),
        pytest.param(
            "a.csv.gz", gzip.compress(csv_of([list(ICTRP), list(ICTRP.values())]).encode()), id="gzip"
        ),
        pytest.param("a.csv", csv_of([list(ICTRP), list(ICTRP.values())]).encode("utf-16"), id="utf-16"),
    ],
)
def test_ictrp(write: Write, trials: Trials, criteria: Criteria, name: str, content: str | bytes) -> None:
    (trial,) = trials(write(name, content))
    assert (trial.trial_id, trial.source.format) == ("ACTRN1", "ictrp")
    assert [(field.type, trial.text[field.start : field.end]) for field in trial.source.fields] == [
        ("inclusion", ICTRP["Inclusion Criteria"]),
        ("exclusion", ICTRP["Exclusion Criteria"]),
    ]
    assert criteria(trial) == [("inc", "Adults"), ("inc", "Gout"), ("exc", "Pregnancy")]
    assert trial.structured == Structured(
        "18 Years", "No limit", "FEMALE", conditions=("Gout", "Pain", "Other")
    )


def test_ictrp_with_both_types_in_one_field(write: Write, trials: Trials, criteria: Criteria) -> None:
    row = ICTRP | {"Inclusion Criteria": BOTH, "Exclusion Criteria": ""}
    (trial,) = trials(write("a.csv", csv_of([list(row), list(row.values())])))
    assert trial.text == BOTH
    assert trial.source.fields == (SourceField("Inclusion Criteria", 0, len(BOTH), None),)
    assert criteria(trial) == [("inc", "Adults"), ("exc", "Gout")]


def test_ictrp_with_exclusion_alone(write: Write, trials: Trials, criteria: Criteria) -> None:
    row = ICTRP | {"Inclusion Criteria": " "}
    (trial,) = trials(write("a.csv", csv_of([list(row), list(row.values())])))
    assert criteria(trial) == [("exc", "Pregnancy")]


@pytest.mark.parametrize("breaks", ["&#x0D;", "_x000D_\n", "\r\n", "<br/>"])
def test_line_breaks_of_ictrp(write: Write, trials: Trials, criteria: Criteria, breaks: str) -> None:
    row = ICTRP | {"Inclusion Criteria": f"- Adults{breaks}- Gout{breaks}"}
    (trial,) = trials(write("a.csv", csv_of([list(row), list(row.values())])))
    assert criteria(trial)[:2] == [("inc", "Adults"), ("inc", "Gout")]


def full_export(**values: str) -> list[str]:
    """Return a row of the WHO's full export, which has no line of names."""
    row = [f"c{n}" for n in range(63)]
    places = {"id": 0, "url": 5, "conditions": 29, "min": 31, "max": 32, "sex": 33, "inc": 34, "exc": 35}
    for name, value in values.items():
        row[places[name]] = value
    return row


def test_ictrp_without_names(write: Write, trials: Trials, criteria: Criteria) -> None:
    row = full_export(
        id="EUCTR2020-000000-00-DE",
        url="https://www.example.org/1",
        conditions="Gout",
        min="18Y",
        max="",
        sex="Both",
        inc="Adults",
        exc="Gout",
    )
    said: list[str] = []
    (trial,) = trials(write("ICTRPFullExport.csv", csv_of([row])), notify=said.append)
    assert trial.trial_id == "EUCTR2020-000000-00-DE"
    assert criteria(trial) == [("inc", "Adults"), ("exc", "Gout")]
    assert trial.structured == Structured("18Y", None, "Both", conditions=("Gout",))
    assert "no names of columns; it is read as one of ictrp" in said[0]


def workbook(rows: list[list[str]], *, shared: bool) -> bytes:
    """Return a minimal workbook with its strings shared or in its cells."""
    strings = [cell for row in rows for cell in row]
    numbers = iter(range(len(strings)))

    def escaped(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\r", "_x000D_")

    def cell(text: str, place: str) -> str:
        number = next(numbers)
        if shared:
            return f'<c r="{place}" t="s"><v>{number}</v></c>'
        return f'<c r="{place}" t="inlineStr"><is><t>{escaped(text)}</t></is></c>'

    lines = "".join(
        f'<row r="{n}">{"".join(cell(text, f"{chr(65 + at)}{n}") for at, text in enumerate(row))}</row>'
        for n, row in enumerate(rows, start=1)
    )
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    items = "".join(
        f"<si><r><t>{escaped(each[:1])}</t></r><r><t>{escaped(each[1:])}</t></r></si>" for each in strings
    )
    return zipped(
        xl_0_workbook__xml=f"<workbook {space}/>",
        xl_0_worksheets_0_sheet1__xml=f"<worksheet {space}><sheetData>{lines}</sheetData></worksheet>",
        **({"xl_0_sharedStrings__xml": f"<sst {space}>{items}</sst>"} if shared else {}),
    )


@pytest.mark.parametrize("shared", [True, False])
def test_ictrp_workbook(write: Write, trials: Trials, criteria: Criteria, shared: bool) -> None:
    row = ICTRP | {"Inclusion Criteria": "- Adults\r\n- Gout & <b>pain</b>"}
    (trial,) = trials(write("ictrp.xlsx", workbook([list(row), list(row.values())], shared=shared)))
    assert trial.text.startswith("- Adults_x000D_\n- Gout & <b>pain</b>\n\n")
    assert criteria(trial) == [("inc", "Adults"), ("inc", "Gout & pain"), ("exc", "Pregnancy")]


def test_workbook_of_something_else(write: Write) -> None:
    with pytest.raises(InputError, match="its first row is: a, b"):
        list(read(write("a.xlsx", workbook([["a", "b"], ["1", "2"]], shared=True))))


ISRCTN = """<?xml version="1.0" encoding="UTF-8"?>
<allTrials xmlns="http://www.67bricks.com/isrctn" totalCount="2">
  <fullTrial><trial lastUpdated="2026-01-01"><isrctn dateAssigned="2026-01-01">12345678</isrctn>
    <participants>
      <healthyVolunteersAllowed>false</healthyVolunteersAllowed>
      <inclusion>Adults with gout &amp;
      pain &lt; 3</inclusion>
      <ageRange>Adult</ageRange>
      <lowerAgeLimit unit="years" value="18.0">18 Years</lowerAgeLimit>
      <upperAgeLimit unit="years" value="65.0">65 Years</upperAgeLimit>
      <gender>Female</gender>
      <exclusion>Inclusion in another trial</exclusion>
    </participants>
    <conditions><condition><description>Gout</description></condition></conditions>
  </trial></fullTrial>
  <fullTrial><trial><isrctn>87654321</isrctn><participants><inclusion/><exclusion/></participants></trial></fullTrial>
</allTrials>
"""


def test_isrctn(write: Write, criteria: Criteria) -> None:
    trial, empty = read(write("a.xml", ISRCTN))
    assert isinstance(trial, Trial)
    assert (trial.trial_id, trial.source.format) == ("ISRCTN12345678", "isrctn")
    assert trial.text == "Adults with gout &\n      pain < 3\n\nInclusion in another trial"
    assert [kind for kind, _ in criteria(trial)][-1] == "exc"
    assert trial.structured == Structured("18 Years", "65 Years", "Female", False, ("Adult",), ("Gout",))
    assert isinstance(empty, TrialCriteria)
    assert empty.error is not None
    assert (empty.trial_id, empty.source.format, empty.error.code) == ("ISRCTN87654321", "isrctn", "E201")


EUCTR = """This file contains full details on each clinical trial selected for download.

Summary
EudraCT Number: 2020-000001-10
National Competent Authority: Spain - AEMPS
Link: https://www.clinicaltrialsregister.eu/ctr-search/trial/2020-000001-10/ES/

E.1.1 Medical condition(s) being investigated: Gout
E.1.1 Medical condition(s) being investigated (es): Gota
E.2.3 Trial contains a sub-study: No
E.3 Principal inclusion criteria: 1. Adults
2. Gout
E.3 Principal inclusion criteria (es): 1. Adultos
2. Gota
E.4 Principal exclusion criteria: Patients with:
A.1 stage: any
E.4 Principal exclusion criteria (es): Pacientes con la fase A
E.5 End points
E.5.1 Primary end point(s): Pain
F.1.1 Trial has subjects under 18: No
F.1.1.5 Children (2-11years): No
F.1.2 Adults (18-64 years): Yes
F.1.3 Elderly (>=65 years): Yes
F.2.1 Female: Yes
F.2.2 Male: No
F.3.1 Healthy volunteers: Yes

Summary
EudraCT Number: 2020-000001-10
Link: https://www.clinicaltrialsregister.eu/ctr-search/trial/2020-000001-10/PT/
E.3 Principal inclusion criteria (pt): Adultos com gota
E.4 Principal exclusion criteria (pt): Gravidez
E.5 End points

EudraCT Number: 2020-000002-20
Link: https://www.clinicaltrialsregister.eu/ctr-search/trial/2020-000002-20/3RD/
E.3 Principal inclusion criteria: Pacientes mayores de 18 años con gota que puedan andar
E.4 Principal exclusion criteria: Mujeres que estén embarazadas
E.5 End points

EudraCT Number: 2020-000003-30
E.3 Principal inclusion criteria:
E.5 End points
"""


def test_euctr(write: Write, errors: Errors, criteria: Criteria) -> None:
    path = write("trials.txt", EUCTR)
    found = errors(path)
    assert list(found) == ["2020-000001-10-ES", "2020-000001-10-PT", "2020-000002-20-3RD", "2020-000003-30"]
    assert "the text is in Portuguese" in found["2020-000001-10-PT"]
    assert "the text is in Spanish" in found["2020-000002-20-3RD"]
    assert "Principal exclusion criteria is empty" in found["2020-000003-30"]
    said: list[str] = []
    trial = next(iter(read(path, notify=said.append)))
    assert isinstance(trial, Trial)
    assert [(each.language, trial.text[each.start : each.end]) for each in trial.source.fields] == [
        (None, "1. Adults\n2. Gout"),
        ("es", "1. Adultos\n2. Gota"),
        (None, "Patients with:\nA.1 stage: any"),
        ("es", "Pacientes con la fase A"),
    ]
    assert {kind for kind, _ in criteria(trial)} == {"inc", "exc"}
    assert ("inc", "Gout") in criteria(trial)
    assert not any("Gota" in text for _, text in criteria(trial))
    assert trial.structured == Structured(
        sex="FEMALE",
        healthy_volunteers=True,
        standard_ages=("Adults (18-64 years)", "Elderly (>=65 years)"),
        conditions=("Gout",),
    )
    assert said == [f"{path}, record 1: only English is read; the text in Spanish is left out"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_euctr_newlines_and_encodings(write: Write, errors: Errors, newline: str, encoding: str) -> None:
    path = write("trials.txt", EUCTR.replace("\n", newline).encode(encoding))
    assert [bool(message) for message in errors(path).values()] == [False, True, True, True]


def ctis(*, inclusion: list[Any], exclusion: list[Any]) -> dict[str, Any]:
    def listed(name: str, items: list[Any]) -> list[dict[str, Any]]:
        return [
            {"id": n, "number": number, name: text, f"{name}Translations": translations}
            for n, (number, text, translations) in enumerate(items)
        ]

    return {
        "trialDetails": {
            "trialInformation": {
                "eligibilityCriteria": {
                    "principalInclusionCriteria": listed("principalInclusionCriteria", inclusion),
                    "principalExclusionCriteria": listed("principalExclusionCriteria", exclusion),
                },
                "medicalCondition": {"partIMedicalConditions": [{"medicalCondition": "Gout"}]},
                "populationOfTrialSubjects": {
                    "isFemaleSubjects": True,
                    "isMaleSubjects": True,
                    "clinicalTrialGroups": [{"name": "Healthy volunteers"}],
                },
            }
        }
    }


ENGLISH = ctis(
    inclusion=[(1, "Adults. They must have gout.", []), (10, "Able to walk", []), (2, "Weight > 50 kg", [])],
    exclusion=[(1, "Pregnancy", [])],
)


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(
            {
                "ctNumber": "2022-1",
                "authorizedApplication": {"authorizedPartI": ENGLISH},
                "ageGroup": "65+ years",
            },
            id="current",
        ),
        pytest.param({"ctNumber": "2022-1", "authorizedPartI": ENGLISH, "ageGroup": "65+ years"}, id="older"),
        pytest.param(
            {"id": 7, "ctNumber": "2022-1", "applications": [{"partI": ENGLISH}], "ageGroup": "65+ years"},
            id="applications",
        ),
    ],
)
def test_ctis(write: Write, trials: Trials, criteria: Criteria, record: dict[str, Any]) -> None:
    (trial,) = trials(write("249.json", json.dumps(record)))
    assert (trial.trial_id, trial.source.format) == ("2022-1", "ctis")
    assert criteria(trial) == [
        ("inc", "Adults. They must have gout."),
        ("inc", "Weight > 50 kg"),
        ("inc", "Able to walk"),
        ("exc", "Pregnancy"),
    ]
    assert trial.structured == Structured(
        sex="ALL", healthy_volunteers=True, standard_ages=("65+ years",), conditions=("Gout",)
    )


def test_ctis_in_another_language(write: Write, trials: Trials, errors: Errors) -> None:
    spanish = "Pacientes mayores de 18 años con gota que puedan andar"
    translated = {"attributeTranslation": "Adults with gout", "languageDescription": "English"}
    part = ctis(inclusion=[(1, spanish, [translated])], exclusion=[])
    (trial,) = trials(write("a.json", json.dumps({"ctNumber": "1", "authorizedPartI": part})))
    assert trial.text == "Adults with gout"
    part = ctis(inclusion=[(1, spanish, [])], exclusion=[])
    found = errors(write("b.json", json.dumps({"ctNumber": "2", "authorizedPartI": part})))
    assert "the text is in Spanish" in found["2"]


def usdm() -> dict[str, Any]:
    def criterion(number: int, code: str, following: str | None) -> dict[str, Any]:
        return {
            "id": f"EC_{number}",
            "category": {"code": code, "decode": "a criterion"},
            "criterionItemId": f"ECI_{number}",
            "nextId": following,
        }

    version = {
        "id": "V1",
        "studyIdentifiers": [{"text": "SP-1"}, {"text": "NCT00000001"}],
        "eligibilityCriterionItems": [
            {
                "id": "ECI_1",
                "dictionaryId": "D1",
                "text": '<p>Age &ge; <usdm:tag name="min_age"/>. Both sexes.</p>',
            },
            {"id": "ECI_2", "dictionaryId": None, "text": "<ul><li>Pregnancy</li></ul>"},
            {
                "id": "ECI_3",
                "dictionaryId": "D1",
                "text": "<p><usdm:ref klass='Activity' id='A1' attribute='label'></usdm:ref> below "
                '<usdm:tag name="limit"/> or <usdm:tag name="unknown"/></p>',
            },
        ],
        "dictionaries": [
            {
                "id": "D1",
                "parameterMaps": [
                    {"tag": "min_age", "reference": '<usdm:ref klass="Range" id="R1" attribute="minValue"/>'},
                    {"tag": "limit", "reference": "24"},
                ],
            }
        ],
        "activities": [{"id": "A1", "label": "MMSE"}],
        "studyDesigns": [
            {
                "id": "SD1",
                "indications": [{"id": "I1", "description": "Gout"}],
                "population": {
                    "includesHealthySubjects": False,
                    "plannedSex": [{"decode": "Both"}],
                    "plannedAge": {
                        "id": "R1",
                        "minValue": {"value": 50.0, "unit": {"standardCode": {"decode": "Year"}}},
                    },
                },
                "eligibilityCriteria": [
                    criterion(2, "C25370", None),
                    criterion(3, "C25532", None),
                    criterion(1, "C25532", "EC_3"),
                ],
            }
        ],
    }
    return {"usdmVersion": "4.0", "study": {"id": "S1", "name": "Zinc", "versions": [version]}}


def test_usdm(write: Write, trials: Trials, criteria: Criteria) -> None:
    (trial,) = trials(write("a.json", json.dumps(usdm(), indent=1)))
    assert (trial.trial_id, trial.source.format) == ("NCT00000001", "usdm")
    assert criteria(trial) == [
        ("inc", "Age ≥ 50 Year. Both sexes."),
        ("inc", 'MMSE below 24 or <usdm:tag name="unknown"/>'),
        ("exc", "Pregnancy"),
    ]
    assert trial.structured == Structured("50 Year", None, "ALL", False, (), ("Gout",))


def test_named_format_that_it_is_not(write: Write, errors: Errors) -> None:
    path = write("a.xml", ISRCTN)
    assert "not a record of ctgov-xml" in errors(path, format="ctgov-xml")["a"]
    with pytest.raises(InputError, match="its content is not a table with its columns, and so not aact"):
        list(read(path, format="aact"))
    with pytest.raises(InputError, match="not a download of the EU register, and so not euctr"):
        list(read(write("a.txt", SECTION), format="euctr"))


def test_folder_of_all_formats(write: Write, tmp_path: Path, errors: Errors) -> None:
    write("a.xml", CLASSIC.format(number="NCT1"))
    write("b.txt", AACT)
    write("c.csv", csv_of([list(ICTRP), list(ICTRP.values())]))
    write("d.zip", zipped(NCT9__xml=CLASSIC.format(number="NCT9")))
    write("e.json", json.dumps(usdm()))
    assert list(errors(tmp_path)) == [
        "NCT1",
        "NCT00000001",
        "NCT00000002",
        "NCT00000003",
        "ACTRN1",
        "NCT9",
    ]


def test_broken_element_among_xml_records(write: Write, errors: Errors) -> None:
    content = ISRCTN.replace("<isrctn>87654321</isrctn>", "<isrctn>8765")
    found = errors(write("a.xml", content))
    assert list(found) == ["ISRCTN12345678", "a-2"]
    assert "broken XML: mismatched tag at line 16" in found["a-2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Inclusion: Adults~Exclusion Criteria: Gout", [("inc", "Adults"), ("exc", "Gout")], id="one"
        ),
        pytest.param("Adults~Gout", [("inc", "Adults"), ("inc", "Gout")], id="no-heading"),
        pytest.param(
            "* Pain &amp; gout~* Age &gt; 18~", [("inc", "Pain & gout"), ("inc", "Age > 18")], id="html"
        ),
    ],
)
def test_tilde_of_aact_is_a_line_break(
    write: Write, trials: Trials, criteria: Criteria, text: str, expected: list[tuple[str, str]]
) -> None:
    (trial,) = trials(write("a.txt", f"nct_id|criteria\nNCT00000001|{text}\n"))
    assert trial.text == text
    assert criteria(trial) == expected


def test_registries_own_export_for_the_who(write: Write, trials: Trials, criteria: Criteria) -> None:
    text = """<trials><trial><main><trial_id>DRKS1</trial_id><hc_freetext>Gout; Pain</hc_freetext></main>
    <criteria>
   <inclusion_criteria>Adults</inclusion_criteria><agemin>18 Years</agemin><agemax/><gender>M</gender>
    <exclusion_criteria>Gout</exclusion_criteria></criteria></trial></trials>"""
    (trial,) = trials(write("a.xml", text))
    assert (trial.trial_id, trial.source.format) == ("DRKS1", "ictrp")
    assert criteria(trial) == [("inc", "Adults"), ("exc", "Gout")]
    assert trial.structured == Structured("18 Years", None, "M", conditions=("Gout", "Pain"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
def test_encodings_of_xml(write: Write, trials: Trials, encoding: str) -> None:
    text = CLASSIC.format(number="NCT1").replace("Pregnancy", "Ménière").replace("UTF-8", encoding)
    (trial,) = trials(write("a.xml", text.encode(encoding)))
    assert "Ménière" in trial.text
