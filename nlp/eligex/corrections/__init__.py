"""The way back: annotations that people corrected in brat or Label Studio, as results of the contract.

A result that was not corrected comes back as it was exported, to the last field.  What was corrected is
compared with what had been exported (:mod:`eligex.exports.graph`), and the difference is applied to the
result (:mod:`eligex.corrections.apply`).  Nothing is guessed: what cannot be applied is refused, all of it
at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

from eligex.corrections.apply import apply
from eligex.corrections.corrected import Corrected, Problems
from eligex.errors import InputError
from eligex.exports.graph import ARROWS, NODE_LABELS
from eligex.schema import TrialCriteria

SOURCES = {"brat": "brat", "label-studio": "label_studio"}
"""The tools whose corrections are read, and the modules that read them."""

__all__ = ["SOURCES", "read_corrected", "renames"]


def renames(pairs: list[str]) -> dict[str, str]:
    """Return the labels to rename.

    >>> renames(["Disease=Condition"])
    {'Disease': 'Condition'}

    Raises
    ------
    InputError
        If a pair is not ``old=new``, or ``new`` is no label or arrow of eligex.
    """
    found = {}
    for pair in pairs:
        old, sign, new = pair.partition("=")
        if not (old and sign):
            raise InputError(f"{pair!r} renames nothing", remedy="Write --map OLD=NEW.")
        if new not in (*NODE_LABELS, *ARROWS):
            raise InputError(
                f"--map {pair}: {new!r} is no label of eligex",
                remedy=f"The labels are {', '.join(NODE_LABELS)}; the arrows {', '.join(ARROWS)}.",
            )
        found[old] = new
    return found


def read_corrected(
    path: str | Path,
    source: str,
    *,
    rename: Mapping[str, str] | None = None,
    notify: Callable[[str], None] = lambda _: None,
) -> Iterator[TrialCriteria]:
    """Yield the results with the corrections in them, after all of them are checked.

    Parameters
    ----------
    path
        The folder that ``--to brat`` wrote, or the JSON that Label Studio exports.
    source
        One of :data:`SOURCES`.
    rename
        Labels and arrows of the tool's project → those of eligex.
    notify
        Called with what is remarkable and is no error.

    Raises
    ------
    InputError
        If the source is unknown, or anything cannot be read or applied; the message lists all of it.
    """
    if source not in SOURCES:
        raise InputError(f"corrections are not read from {source!r}", remedy=f"Use {', '.join(SOURCES)}.")
    module, problems = import_module(f"eligex.corrections.{SOURCES[source]}"), Problems()
    corrected: list[Corrected] = list(module.read(Path(path), problems, notify))
    for each in corrected:
        _rename(each, rename or {}, problems)
    problems.refuse_labels()
    results = [apply(each, problems) if each.graph else each.result for each in corrected]
    problems.refuse()
    return iter(results)


def _rename(each: Corrected, rename: Mapping[str, str], problems: Problems) -> None:
    if each.graph is None:
        return
    for node in each.graph.nodes.values():
        node.label = rename.get(node.label, node.label)
        if node.label not in NODE_LABELS:
            problems.labels.setdefault(node.label, f"{each.where}, {node.id}")
    arrows = [(rename.get(name, name), head, tail) for name, head, tail in each.graph.arrows]
    for name, head, tail in arrows:
        if name not in ARROWS:
            problems.labels.setdefault(name, f"{each.where}, {head} to {tail}")
    each.graph.arrows = dict.fromkeys(arrows)
