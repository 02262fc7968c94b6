"""What kind of input this is, from its content.

Decides between plain text and JSON, and names the kinds that are not read, with what to do instead.
What a JSON record is, each record says itself (:mod:`eligex.readers.records`).  The choice is written
into ``source.format`` of every result.
"""

from __future__ import annotations

import re
from typing import Literal

from eligex.errors import InputError
from eligex.readers.files import OpenInput

Format = Literal["text", "ctgov-v2", "jsonl"]
Kind = Literal["text", "json"]

_JSON = re.compile(r"""\s{0,1000} (?: \{ \s{0,1000} ["}] | \[ \s{0,1000} [{\]] )""", re.VERBOSE)
"""``{"a"`` or ``[{``, as no sentence begins."""
_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
_PAGE = re.compile(r"\s{0,1000} < (?: !doctype\s+html | html | head | body ) \b", re.VERBOSE | re.IGNORECASE)
_XML = re.compile(
    r"\s{0,1000} < (?: \?xml | !doctype | [a-z_] [\w.-]{4,60} [\s/>] )", re.VERBOSE | re.IGNORECASE
)
"""``<clinical_study rank="1">``; the longest inline tag, ``<strong>``, is excepted below."""
_INLINE = re.compile(r"\s{0,1000} < (?: strong | table | tbody ) \b", re.VERBOSE | re.IGNORECASE)
_TABLES = (".csv", ".tsv", ".psv")


def looks_like_json(head: str, suffix: str) -> bool:
    """Say whether a text that begins with ``head`` can be JSON; a bracket is enough if its name says so."""
    head = head.removeprefix("\ufeff")
    return bool(_JSON.match(head)) or (suffix in _JSON_SUFFIXES and head.lstrip().startswith(("[", "{")))


def sniff(opened: OpenInput, head: str) -> Kind:
    """Return whether the input is text or JSON.

    Parameters
    ----------
    opened
        The input; its suffix decides only whether content that is not JSON may be text.
    head
        The beginning of its text.

    Raises
    ------
    InputError
        For an HTML page, XML, a table, or a ``.json`` file that holds no JSON.
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
    if _PAGE.match(head):
        raise InputError(
            "an HTML page", where=where, remedy="Save the page as text (or copy its text into a .txt file)."
        )
    if _XML.match(head) and not _INLINE.match(head):
        raise InputError(
            "an XML file, which eligex does not read",
            where=where,
            remedy="From ClinicalTrials.gov, download JSON (API v2); else save the eligibility text as .txt.",
        )
    if opened.suffix in _TABLES:
        raise InputError(
            f"unknown format: a {opened.suffix} table",
            where=where,
            remedy='Write one JSON object a line, {"trial_id": …, "text": …}, into a .jsonl file.',
        )
    return "text"
