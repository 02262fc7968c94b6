"""Trials of registries that keep inclusion and exclusion criteria in separate fields.

The text of such a trial is the values of its fields, unchanged, with a blank line between them;
``source.fields`` says where each lies and of which type its criteria are.  So the types come from the
registry, not from headings.  Also decides whether a field that stands alone holds both types, as the WHO's
copies of American records do: then its headings decide.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from eligex.errors import LanguageError, NoEligibilityError
from eligex.layout.chars import is_blank, trim
from eligex.layout.headings import find_inline, read_heading
from eligex.layout.markers import read_marker
from eligex.lexicon.languages import is_english, name_of
from eligex.readers.markup import unescape
from eligex.schema import CriterionType, Source, SourceField, Structured, Trial

SEPARATOR = "\n\n"
_LINE = re.compile(r"[^\r\n~]+")


@dataclass(frozen=True, slots=True)
class Part:
    """The value of a field, the type of its criteria, and its language where the registry names it.

    ``item`` means that the registry keeps each criterion in a field of its own.
    """

    name: str
    text: str
    type: CriterionType
    language: str | None = None
    item: bool = False


def joined(
    trial_id: str,
    parts: Sequence[Part],
    *,
    format: str,
    field: str,
    path: str | None,
    where: str,
    structured: Structured | None = None,
) -> Trial:
    """Return the trial whose criteria are in ``parts``; blank ones are left out.

    Parameters
    ----------
    trial_id
        The id of the record.
    parts
        The fields in the order of the record.
    format, path, field
        For ``source``; ``field`` names all of the fields.
    where
        The file and record, for messages.
    structured
        What the record has in other fields.

    Raises
    ------
    NoEligibilityError
        If all fields are blank.
    LanguageError
        If the registry says that all of them are in other languages.

    Examples
    --------
    >>> parts = [Part("inclusion", "Adults", "inclusion"), Part("exclusion", "Gout", "exclusion")]
    >>> trial = joined("T-1", parts, format="isrctn", path=None, field="participants", where="a.xml")
    >>> trial.text
    'Adults\\n\\nGout'
    >>> [(field.type, trial.text[field.start : field.end]) for field in trial.source.fields]
    [('inclusion', 'Adults'), ('exclusion', 'Gout')]
    """
    kept = [part for part in parts if not is_blank(part.text)]
    if not kept:
        raise NoEligibilityError(
            f"{field} is empty" if parts else f"the record has no {field}",
            where=where,
            remedy="Look at the record in its registry; it may not publish criteria.",
        )
    if not any(map(is_english, kept)):
        names = ", ".join(dict.fromkeys(name_of(str(part.language)) for part in kept))
        raise LanguageError(
            f"the text is in {names}; eligex reads English", where=where, remedy="Translate it first."
        )
    fields: list[SourceField] = []
    at = 0
    alone = {part.type for part in kept} == {"inclusion"}
    numbers = Counter(part.type for part in kept if part.item)  # all of a list may have been put in one item
    for part in kept:
        kind = None if alone and is_english(part) and holds_both(part.text) else part.type
        end, item = at + len(part.text), part.item and numbers[part.type] > 1
        fields.append(SourceField(part.name, at, end, kind, part.language, item))
        at = end + len(SEPARATOR)
    text = SEPARATOR.join(part.text for part in kept)
    return Trial(trial_id, text, Source(format, path, field, 0, len(text), tuple(fields)), structured)


def holds_both(text: str) -> bool:
    """Whether a field of inclusion criteria has a heading of exclusion criteria, too.

    >>> holds_both("Inclusion criteria: adults<br>Exclusion criteria: gout")
    True
    >>> holds_both("Adults who meet no exclusion criterion")
    False
    """
    offsets = unescape(text)
    text = offsets.text if offsets else text
    for match in _LINE.finditer(text):
        start, end = trim(text, *match.span())
        marker = read_marker(text, start, end)
        at = marker.content if marker else start
        if at >= end:
            continue
        heading = read_heading(text, at, end, marked=marker is not None, inside=None)
        found = [*([heading] if heading else []), *find_inline(text, at, end)]
        if any(each.type == "exclusion" and not each.detailed for each in found):
            return True
    return False
