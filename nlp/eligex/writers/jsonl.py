"""JSON Lines: the contract itself, one line for each trial."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import BinaryIO

from eligex.schema import Failure, TrialCriteria

_UNSAFE = re.compile("[\u0085\u2028\u2029\ud800-\udfff]")


def line(result: TrialCriteria) -> str:
    """Return one trial as a line of JSON, without the newline.

    Characters that JSON allows but that some programs treat as line breaks (U+2028, U+0085 …) are escaped,
    and so are lone surrogates, which UTF-8 cannot encode.  A result with a number that JSON cannot express
    (infinity) becomes a record with ``error``.
    """
    try:
        text = json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        failure = Failure("OutputError", f"the result cannot be written as JSON: {error}")
        return line(
            TrialCriteria(result.trial_id, result.source, structured=result.structured, error=failure)
        )
    return text if text.isascii() else _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def write(results: Iterable[TrialCriteria], stream: BinaryIO) -> None:
    """Write the results one by one."""
    for result in results:
        stream.write(line(result).encode() + b"\n")
