"""An example plug-in for eligex-eval: a system that finds limits of body weight and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from eligex_eval.documents import Input
from eligex_eval.predictions import Prediction
from eligex_eval.systems.labels import LabelMap
from eligex_eval.systems.minimal import complete

LIMIT = re.compile(
    r"(?P<entity>body weight|weight)\s(?:of\s)?(?P<value>(?P<sign>[<>]=?|≥|≤)\s?(?P<number>\d{1,3})\s?kg)",
    re.IGNORECASE,
)
SIGNS = {"≥": ">=", "≤": "<="}


class WeightFinder:
    """Find "weight >= 45 kg".

    Parameters
    ----------
    label
        What an entity is called; an option, as in ``eligex-eval board weights --option label=mass``.
    labels
        What its labels are called by eligex; ``--map`` gives it.
    """

    name = "weights"

    def __init__(self, *, label: str = "Measurement", labels: Mapping[str, str] | None = None) -> None:
        self.label = label
        self.labels = LabelMap(labels)

    def describe(self) -> dict[str, Any]:
        """Return what a row of the leaderboard says of the system."""
        return {"version": "0.1.0", "label": self.label}

    def predict(self, inputs: Iterable[Input]) -> Iterator[Prediction]:
        """Yield a prediction for every text, in any order."""
        for item in inputs:
            record = {"entities": [], "predicates": []}
            for match in LIMIT.finditer(item.text):
                start, end = match.span("entity")
                record["entities"].append({"start": start, "end": end, "label": self.label})
                record["predicates"].append(
                    {
                        "entity": {"start": start, "end": end},
                        "value": {"start": match.start("value"), "end": match.end("value")},
                        "comparator": SIGNS.get(match["sign"], match["sign"]),
                        "threshold": int(match["number"]),
                        "unit": "kg",
                    }
                )
            yield complete(item.id, item.text, record, self.labels, item.id)
