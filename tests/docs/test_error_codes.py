"""Every error has a code of its own, and docs/errors.md says what to do about it."""

from __future__ import annotations

import re
from pathlib import Path

from eligex import errors
from eligex.errors import DEFECT, EligexError

PAGE = Path(__file__).parents[2] / "docs" / "errors.md"


def kinds() -> list[type[EligexError]]:
    found = [
        each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, EligexError)
    ]
    return sorted(found, key=lambda kind: kind.code)


def test_codes_are_distinct() -> None:
    codes = [kind.code for kind in kinds()] + [DEFECT]
    assert len(set(codes)) == len(codes)


def test_the_page_lists_every_error() -> None:
    rows = re.findall(r"^\| `(E\d+)` \| (?:`(\w+)`|any other exception) \|", PAGE.read_text("utf-8"), re.M)
    assert rows == [(kind.code, kind.__name__) for kind in kinds()] + [(DEFECT, "")]
