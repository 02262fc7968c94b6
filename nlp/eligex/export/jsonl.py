"""JSON Lines: one trial a line, the contract itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import BinaryIO

from eligex.schema import TrialCriteria

_UNSAFE = re.compile("[\u0085\u2028\u2029\ud800-\udfff]")


def line(result: TrialCriteria) -> str:
    """Return one trial as a line of JSON, without the newline.

    Characters that JSON allows but line readers break at (U+2028, U+0085 …) are escaped, and so are
    lone surrogates, which UTF-8 cannot carry.
    """
    text = json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False)
    return text if text.isascii() else _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def write(results: Iterable[TrialCriteria], stream: BinaryIO) -> None:
    """Write each result as it comes."""
    for result in results:
        stream.write(line(result).encode() + b"\n")
