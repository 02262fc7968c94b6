"""``eligex demo``, ``schema`` and ``info``."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from eligex import __version__
from eligex.cli.reporting import SOME_FAILED
from eligex.schema import SCHEMA_VERSION, Trial, TrialCriteria


def demo_cli(
    format: Annotated[
        str, typer.Option("--format", "-f", metavar="[jsonl|csv|parquet|table]", help="Output format.")
    ] = "table",
    model: Annotated[str | None, typer.Option(help="Name or folder of the model.")] = None,
    text: Annotated[bool, typer.Option("--text", help="Print the text of the example instead.")] = False,
) -> None:
    """Extract the criteria of an example that comes with eligex (invented, not a real trial)."""
    from eligex.cli.extract import write
    from eligex.writers import check_format

    if text:
        sys.stdout.write(example().text)
        return
    check_format(format)
    results = demo(model)
    write(results, None, format)
    if any(result.error for result in results):
        raise typer.Exit(SOME_FAILED)


def example() -> Trial:
    """Return the bundled example."""
    from importlib.resources import files

    from eligex.readers.text import read_string

    text = (files("eligex") / "data" / "example.txt").read_text(encoding="utf-8")
    return read_string(text, trial_id="example")


def demo(model: str | None = None) -> list[TrialCriteria]:
    """Return the criteria of the bundled example."""
    from eligex import batch

    return list(batch.run([example()], model=model))


def schema_cli() -> None:
    """Print the JSON Schema of one line of JSON Lines output."""
    from eligex.schema import json_schema

    sys.stdout.write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")


def info_cli() -> None:
    """Print versions and the installed models, as JSON."""
    sys.stdout.write(json.dumps(info(), indent=2, ensure_ascii=False) + "\n")


def info() -> dict[str, Any]:
    """Return versions, formats and installed models."""
    from importlib import metadata

    from eligex import pipeline, readers, writers

    return {
        "eligex": __version__,
        "schema_version": SCHEMA_VERSION,
        "python": ".".join(map(str, sys.version_info[:3])),
        **{name: metadata.version(name) for name in ("spacy", "medspacy", "scispacy")},
        "models": sorted(pipeline.installed_models()),
        "default_model": pipeline.DEFAULT_MODEL,
        "input_formats": list(readers.FORMATS),
        "output_formats": list(writers.FORMATS),
    }
