"""Recognise the kind of an input by its content.

Decides between plain text, JSON, XML, tables and the downloads of the EU register, and names the kinds that
are not read, with a remedy.  The format of a record is recognised in :mod:`eligex.readers.records`, that of a
table in :mod:`eligex.readers.tables`.  The result is in ``source.format`` of every trial.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from eligex.errors import InputError
from eligex.readers import euctr, tables
from eligex.readers.files import OpenInput

Format = Literal[
    "text",
    "ctgov-v2",
    "ctgov-v1",
    "ctgov-xml",
    "ctgov-csv",
    "aact",
    "ictrp",
    "isrctn",
    "euctr",
    "ctis",
    "usdm",
    "jsonl",
    "table",
]
Kind = Literal["text", "json", "xml", "table", "euctr"]
KINDS: dict[str, tuple[Kind, ...]] = {
    "text": ("text",),
    "ctgov-v2": ("json",),
    "ctgov-v1": ("json",),
    "ctgov-xml": ("xml",),
    "ctgov-csv": ("table",),
    "aact": ("table",),
    "ictrp": ("xml", "table"),
    "isrctn": ("xml",),
    "euctr": ("euctr",),
    "ctis": ("json",),
    "usdm": ("json",),
    "jsonl": ("json",),
    "table": ("table",),
}
"""The kinds of files in which each format is kept."""
_SHOWN: dict[Kind, str] = {
    "json": "JSON",
    "xml": "XML",
    "table": "a table with its columns",
    "euctr": "a download of the EU register",
}

_JSON = re.compile(r"""\A \s{0,1000} (?: \{ \s{0,1000} ["}] | \[ \s{0,1000} [{\]] )""", re.VERBOSE)
"""``{"a"`` or ``[{``: no sentence begins so."""
_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
_AS_TEXT = "Save its eligibility text as .txt"
_AS_JSON_LINES = 'Write one JSON object a line, {"trial_id": …, "text": …}, into a .jsonl file.'


@dataclass(frozen=True, slots=True)
class Foreign:
    """A kind of file that is no text: its beginning, the message, an example and a counter-example.

    ``read_as`` is set if eligex reads the kind.
    """

    name: str
    pattern: re.Pattern[str]
    remedy: str
    example: str
    counter: str
    read_as: Kind | None = None


FOREIGN = (
    Foreign(
        "an HTML page",
        re.compile(r"\A \s{0,1000} < (?: !doctype\s{1,9}html | html | head | body ) \b", re.VERBOSE | re.I),
        "Save the page as text (or copy its text into a .txt file).",
        example="<html><body>Inclusion Criteria:",
        counter="<Headache> for two days",
    ),
    Foreign(
        "an XML file",
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
        f"{_AS_TEXT}.",
        example="<clinical_study>\n  <id_info>",
        counter="<Inclusion Criteria>\n- Adults",
        read_as="xml",
    ),
    Foreign(
        "a table with columns between | signs",
        re.compile(r"\A \s{0,1000} \w{1,40} (?: \| \w{1,40} ){2,60} [ \t]{0,9} (?: [\r\n]|$ )", re.VERBOSE),
        _AS_JSON_LINES,
        example="id|nct_id|criteria\n1|NCT00000000|Adults",
        counter="AST | ALT | bilirubin within normal limits",
    ),
)
"""Tried in order on the beginning of a text."""


def looks_like_json(head: str, suffix: str) -> bool:
    """Whether a text that begins with ``head`` can be JSON; with a JSON suffix, a bracket is enough."""
    head = head.removeprefix("\ufeff")
    return bool(_JSON.match(head)) or (suffix in _JSON_SUFFIXES and head.lstrip().startswith(("[", "{")))


def sniff(opened: OpenInput, head: str) -> Kind:
    """Return the kind of the input.

    Parameters
    ----------
    opened
        The input; its suffix only decides whether content of no other kind may be text.
    head
        The beginning of its text.

    Raises
    ------
    InputError
        For a kind of :data:`FOREIGN`, or a ``.json`` file that holds no JSON.
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
    if euctr.begins(head):
        return "euctr"
    if (table := tables.table_of(head)) is not None:
        if not table.has_text:
            raise _without_text(where)
        return "table"
    if opened.suffix == ".xml":
        return "xml"
    found = foreign_kind(head)
    if found is not None and found.read_as is not None:
        return found.read_as
    if found is not None:
        raise InputError(found.name, where=where, remedy=found.remedy)
    return "text"


def kind_of_format(format: str, opened: OpenInput, head: str) -> Kind:
    """Return the kind of an input whose format the caller names.

    Raises
    ------
    InputError
        If its content cannot be of that format.
    """
    head = head.removeprefix("\ufeff")
    kinds = KINDS[format]
    if "text" in kinds:
        return "text"
    if "json" in kinds and looks_like_json(head, ".json"):
        return "json"
    if "xml" in kinds and head.lstrip().startswith("<"):
        return "xml"
    if "euctr" in kinds and euctr.begins(head):
        return "euctr"
    table = tables.table_of(head) if "table" in kinds else None
    if table is not None and table.format == format:
        if not table.has_text:
            raise _without_text(opened.name)
        return "table"
    shown = " or ".join(_SHOWN[kind] for kind in kinds)
    raise InputError(
        f"its content is not {shown}, and so not {format}: it begins {head.strip()[:20]!r}",
        where=opened.name,
        remedy="Leave out --input-format to have it recognised.",
    )


def _without_text(where: str) -> InputError:
    return InputError(
        "a table of ClinicalTrials.gov without a column of eligibility criteria",
        where=where,
        remedy="The site's CSV never has them: choose JSON in its download, which has.",
    )


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
