"""Which of several limits belongs to which member of a list."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "[ALT|Measurement] and [AST|Measurement] ≤ 3 and 5 × ULN, respectively",
            ["ALT <= 3 [ULN]", "AST <= 5 [ULN]"],
            id="one comparator and one unit",
        ),
        pytest.param(
            "[ALT|Measurement], [AST|Measurement] and [ALP|Measurement] below 3, 4 and 5 × ULN respectively",
            ["ALT < 3 [ULN]", "AST < 4 [ULN]", "ALP < 5 [ULN]"],
            id="three",
        ),
        pytest.param(
            "[SBP|Measurement] or [DBP|Measurement] > 180 mmHg (sitting) or > 95 mmHg (both), respectively",
            ["SBP > 180 mm[Hg]", "DBP > 95 mm[Hg]"],
            id="brackets behind the limits",
        ),
        pytest.param(
            "[ALT|Measurement] and [AST|Measurement] ≤ 3 and 5 × ULN (respectively)",
            ["ALT <= 3 [ULN]", "AST <= 5 [ULN]"],
            id="the word in a bracket",
        ),
        pytest.param(
            r"[SBP|Measurement] and [DBP|Measurement] \< 170 and \< 100 mmHg, respectively",
            ["SBP < 170 mm[Hg]", "DBP < 100 mm[Hg]"],
            id="escaped signs",
        ),
        pytest.param(
            "[IgA|Measurement] and [IgG|Measurement] respectively > 3 and > 16 g/L",
            ["IgA > 3 g/L", "IgG > 16 g/L"],
            id="the word before the limits",
        ),
        pytest.param(
            "≥ 9 g/dL and ≥ 50 × 10^9/L for [Hb|Measurement] and [platelets|Measurement], respectively",
            ["Hb >= 9 g/dL", "platelets >= 50 10*9/L"],
            id="limits before the list",
        ),
        pytest.param(
            "[FEV1|Measurement] and [FVC|Measurement] of ≥ 50% and ≥ 60% predicted, respectively",
            ["FEV1 >= 50 %", "FVC >= 60 %"],
            id="a word between",
        ),
        pytest.param(
            "[SBP|Measurement]/[DBP|Measurement] 90-139/50-89 mmHg",
            ["SBP between 90 139 mm[Hg]", "DBP between 50 89 mm[Hg]"],
            id="slashes",
        ),
        pytest.param(
            "[SBP|Measurement]/[DBP|Measurement] > 180/110 mmHg",
            ["SBP > 180 mm[Hg]", "DBP > 110 mm[Hg]"],
            id="a pressure",
        ),
        pytest.param(
            "[ALT|Measurement] and [AST|Measurement] ≤ 3 × ULN",
            ["ALT <= 3 [ULN]", "AST <= 3 [ULN]"],
            id="one limit is each one's",
        ),
        pytest.param(
            "[ALT|Measurement] and [AST|Measurement] > 3 or < 1 × ULN",
            ["ALT > 3 [ULN]", "ALT < 1 [ULN]", "AST > 3 [ULN]", "AST < 1 [ULN]"],
            id="without the word each limit is each one's",
        ),
        pytest.param(
            "[ALT|Measurement] and [AST|Measurement] ≤ 2, 3 and 5 × ULN, respectively",
            [f"{name} <= {limit} [ULN]" for name in ("ALT", "AST") for limit in (2, 3, 5)],
            id="another number of members",
        ),
    ],
)
def test_limits_find_their_members(marked: Any, text: str, expected: list[str]) -> None:
    assert marked.predicates(text) == expected
