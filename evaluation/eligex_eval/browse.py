"""Show errors on the terminal: what was annotated, what was predicted, and the text around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.text import Text

from .tasks.base import ErrorItem

CONTEXT = 90


def pick(
    errors: Iterable[ErrorItem],
    *,
    kind: str | None = None,
    label: str | None = None,
    skip: int = 0,
    limit: int = 50,
) -> list[ErrorItem]:
    """Choose errors by kind (a part of it) and by a word in either side."""
    chosen = [
        error
        for error in errors
        if (kind is None or kind in error.kind)
        and (label is None or label in (error.gold or "") or label in (error.predicted or ""))
    ]
    return chosen[skip : skip + limit]


def render(errors: Iterable[ErrorItem], texts: Mapping[str, str], context: int = CONTEXT) -> Iterator[Text]:
    """Yield each error as lines for a terminal."""
    for number, error in enumerate(errors, start=1):
        text = texts[error.doc_id]
        left, right = max(0, error.start - context), min(len(text), error.end + context)
        line = Text(f"{number:4} {error.doc_id} {error.start}-{error.end}  ", style="dim")
        line.append(error.kind, style="bold red")
        line.append("\n     …")
        line.append(_flat(text[left : error.start]))
        line.append(_flat(text[error.start : error.end]), style="bold reverse")
        line.append(_flat(text[error.end : right]))
        line.append("…\n     gold: ", style="dim")
        line.append(error.gold or "–", style="green")
        line.append("\n     pred: ", style="dim")
        line.append(error.predicted or "–", style="yellow")
        yield line


def _flat(text: str) -> str:
    return text.replace("\r", "").replace("\n", " ⏎ ").replace("\t", " ")
