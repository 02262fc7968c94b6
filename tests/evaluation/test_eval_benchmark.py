"""The benchmark: its quick mode end to end, and what it computes from what it measured."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eligex_eval import benchmark as bench
from eligex_eval.cli import app


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param([1.0, 2.0, 4.0], 1.0, id="linear"),
        pytest.param([1.0, 4.0, 16.0], 2.0, id="quadratic"),
        pytest.param([3.0, 3.0, 3.0], 0.0, id="constant"),
    ],
)
def test_exponent(seconds: list[float], expected: float) -> None:
    assert bench.exponent([10, 20, 40], seconds) == pytest.approx(expected)


def test_quick(tmp_path: Path) -> None:
    out = tmp_path / "benchmark.json"
    ran = CliRunner().invoke(app, ["benchmark", "--quick", "--no-medspacy", "--json", str(out)])
    assert ran.exit_code == 0, ran.output
    found = json.loads(out.read_text("utf-8"))
    rates = {rate["name"]: rate for rate in found["rates"]}
    assert found["texts"] == 8
    assert rates[bench.WHOLE]["ratio"] == 1
    assert rates[bench.BLANK]["ratio"] < rates[bench.NUMBERS]["ratio"] < 1
    assert rates[bench.WHOLE]["criteria"] > rates[bench.WHOLE]["sections"]
    assert [use["name"] for use in found["uses"]] == [
        f"{bench.WHOLE}, 1 process",
        f"{bench.NUMBERS}, 1 process",
    ]
    assert all(use["peak_mb"] > 50 and use["seconds"] > 0 for use in found["uses"])
    assert {row["name"] for row in found["growth"]} == {"one line", "many criteria", "many sections"}
    for name in rates:
        assert name in ran.output
