"""Labels of other tools: each is named as one of the 15 types or left out on purpose, never in silence.

``problem=Condition`` says what a foreign label is, ``problem=-`` that it is left out.  What predictions have
beside these and the 15 types is an error that names the label, or, leniently, a wrong prediction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from eligex.schema import LABELS

from ..errors import PredictionError

LEFT_OUT = "-"


class LabelMap:
    """What foreign labels are called here.

    >>> names = LabelMap({"problem": "Condition", "junk": "-"})
    >>> names("problem"), names("Drug"), names("junk"), names("dose")
    ('Condition', 'Drug', '-', None)
    """

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self.names = dict(names or {})
        for foreign, label in self.names.items():
            if label != LEFT_OUT and label not in LABELS:
                raise PredictionError(
                    f"{foreign!r} is mapped to {label!r}, which is none of the types",
                    remedy=f"There are: {', '.join(LABELS)}, and - to leave it out.",
                )

    def __call__(self, label: str) -> str | None:
        """Return one of the 15 types, ``-`` for a label that is left out, None for an unknown one."""
        return self.names.get(label, label if label in LABELS else None)


def read_pairs(given: Iterable[str]) -> dict[str, str]:
    """Read ``LABEL=TYPE`` pairs, or files with one such pair a line.

    >>> read_pairs(["problem=Condition", "test = Measurement"])
    {'problem': 'Condition', 'test': 'Measurement'}
    """
    found: dict[str, str] = {}
    for item in given:
        if "=" in item:
            _add(found, item, item)
        elif not Path(item).is_file():
            raise PredictionError(
                f"neither LABEL=TYPE nor a file: {item!r}", remedy="Write --map problem=Condition."
            )
        else:
            for number, line in enumerate(Path(item).read_text("utf-8").splitlines(), start=1):
                if line.strip() and not line.startswith("#"):
                    _add(found, line, f"{item}:{number}")
    return found


def _add(found: dict[str, str], pair: str, where: str) -> None:
    label, sign, name = (part.strip() for part in pair.partition("="))
    if not sign or not label or not name:
        raise PredictionError("not LABEL=TYPE", where=where, remedy="Write problem=Condition, a line each.")
    if found.get(label, name) != name:
        raise PredictionError(f"{label!r} is mapped twice", where=where)
    found[label] = name
