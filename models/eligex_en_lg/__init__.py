"""eligex's accurate English model: a small transformer encoder with two recognisers and a tagger on it.

The pipeline lies in ``pipeline/`` beside this file, as spaCy writes it; ``README.md`` is its model card.  It
needs the extra ``lg`` (``pip install "eligex[lg]"``).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.util import load_model_from_path

PATH = Path(__file__).parent / "pipeline"
"""The folder that ``spacy.load`` and ``eligex.load`` take."""

__version__: str = json.loads((PATH / "meta.json").read_text(encoding="utf-8"))["version"]


def load(**overrides: Any) -> Language:
    """Load the pipeline; ``overrides`` are those of :func:`spacy.load`."""
    return load_model_from_path(PATH, **overrides)
