"""Recognise the kind of an input by its content.

Decides between plain text and JSON, and names the kinds that are not read, with a remedy.  The format of a
JSON record is recognised in :mod:`eligex.readers.records`.  The result is in ``source.format`` of every
trial.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from eligex.errors import InputError
from eligex.readers.files import OpenInput

Format = Literal["text", "ctgov-v2", "jsonl"]
Kind = Literal["text", "json"]

_JSON = re.compile(r"""\A \s{0,1000} (?: \{ \s{0,1000} ["}] | \[ \s{0,1000} [{\]] )""", re.VERBOSE)
"""``{"a"`` or ``[{``: no sentence begins so."""
_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
_TABLES = (".csv", ".tsv", ".psv")
_AS_TEXT = "Save its eligibility text as .txt"
_AS_JSON_LINES = 'Write one JSON object a line, {"trial_id": …, "text": …}, into a .jsonl file.'


@dataclass(frozen=True, slots=True)
class Foreign:
    """A kind of file that is not read: its beginning, the message, an example and a counter-example."""

    name: str
    pattern: re.Pattern[str]
    remedy: str
    example: str
    counter: str


FOREIGN = (
    Foreign(
        "an HTML page",
        re.compile(r"\A \s{0,1000} < (?: !doctype\s{1,9}html | html | head | body ) \b", re.VERBOSE | re.I),
        "Save the page as text (or copy its text into a .txt file).",
        example="<html><body>Inclusion Criteria:",
        counter="<Headache> for two days",
    ),
    Foreign(
        "an XML file, which eligex does not read",
        re.compile(
            r"""
            \A \s{0,1000} < (?: \?xml | !doctype
              | (?! (?:strong|table|tbody)\b ) (?P<tag> [a-z_][\w.:-]{4,60} )
                (?: \s{1,9} [\w.:-]{1,40} \s{0,9} = \s{0,9} ["']    # <study rank="1"
                  | \s{0,9} /?> \s{0,1000} <                        # <study> <id>
                  | \s{0,9} > [^<]{0,10000} </ (?P=tag)             # <study>NCT1</study>
                  | \s{0,9} /> ) )                                  # <study/>
            """,
            re.VERBOSE | re.I,
        ),
        f"{_AS_TEXT}; records of ClinicalTrials.gov are read as JSON of its API v2.",
        example="<clinical_study>\n  <id_info>",
        counter="<Inclusion Criteria>\n- Adults",
    ),
    Foreign(
        "a table with columns between | signs",
        re.compile(r"\A \s{0,1000} \w{1,40} (?: \| \w{1,40} ){2,60} [ \t]{0,9} (?: [\r\n]|$ )", re.VERBOSE),
        _AS_JSON_LINES,
        example="id|nct_id|criteria\n1|NCT00000000|Adults",
        counter="AST | ALT | bilirubin within normal limits",
    ),
    Foreign(
        "a download of the EU Clinical Trials Register with many trials",
        re.compile(r"\A (?: [^\n]{0,200}\n ){0,20}? EudraCT\ Number: [^\n]{0,200} (?: \n | $ )", re.VERBOSE),
        f"{_AS_TEXT}, one file a trial.",
        example="Summary\nEudraCT Number:   2020-000000-00\nE.3 Principal inclusion criteria: 1. Adults",
        counter="Patients of the trial with the EudraCT number 2020-000000-00",
    ),
)
"""Tried in order on the beginning of a text."""


def looks_like_json(head: str, suffix: str) -> bool:
    """Whether a text that begins with ``head`` can be JSON; with a JSON suffix, a bracket is enough."""
    head = head.removeprefix("\ufeff")
    return bool(_JSON.match(head)) or (suffix in _JSON_SUFFIXES and head.lstrip().startswith(("[", "{")))


def sniff(opened: OpenInput, head: str) -> Kind:
    """Return whether the input is text or JSON.

    Parameters
    ----------
    opened
        The input; its suffix only decides whether content other than JSON may be text.
    head
        The beginning of its text.

    Raises
    ------
    InputError
        For a kind of :data:`FOREIGN`, a table, or a ``.json`` file that holds no JSON.
    """
    where = opened.name
    head = head.removeprefix("\ufeff")
    if looks_like_json(head, opened.suffix):
        return "json"
    if opened.suffix in _JSON_SUFFIXES:
        raise InputError(
            f"named {opened.suffix} but its content is not JSON: it begins {head.strip()[:20]!r}",
            where=where,
            remedy="Repair the file, or read it as text with --input-format text.",
        )
    if found := foreign_kind(head):
        raise InputError(found.name, where=where, remedy=found.remedy)
    if opened.suffix in _TABLES:
        raise InputError(f"unknown format: a {opened.suffix} table", where=where, remedy=_AS_JSON_LINES)
    return "text"


def foreign_kind(head: str) -> Foreign | None:
    """Return the kind of file that ``head`` begins, if it is a kind that is not read.

    Examples
    --------
    >>> foreign_kind("<html><body>").name
    'an HTML page'
    >>> foreign_kind("<Inclusion Criteria>") is None
    True
    """
    return next((kind for kind in FOREIGN if kind.pattern.match(head)), None)
