"""The terms of vocabularies as one table with their ancestors, to be joined with predicates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from eligex.concepts.store import Store
from eligex.writers.atomic import atomic

_CHUNK = 20_000


def schema() -> Any:
    """Return the Arrow schema of the table."""
    import pyarrow as pa

    about = {
        "system": "vocabulary of the term",
        "code": "its code there",
        "name": "its preferred name",
        "labels": "what it may be",
        "xrefs": "ids in other vocabularies, as SYSTEM:CODE",
        "parents": "the terms right above it, as SYSTEM:CODE",
        "ancestors": "it and all terms above it, as SYSTEM:CODE; also those of its equivalents",
    }
    lists = ("labels", "xrefs", "parents", "ancestors")
    return pa.schema(
        [
            pa.field(name, pa.list_(pa.string()) if name in lists else pa.string(), metadata={"about": words})
            for name, words in about.items()
        ]
    )


def write_table(stores: Sequence[Store], out: Path, used: Iterable[str] | None = None) -> int:
    """Write the terms of all stores; return how many there are.

    Of ``used`` ids ("DOID:6000"), only these terms and all above them are written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    count = 0
    wanted = None if used is None else set(used)
    with atomic(out) as stream, pq.ParquetWriter(stream, schema(), compression="zstd") as writer:
        for store in stores:
            terms = range(store.size) if wanted is None else _closure(store, wanted)
            for first in range(0, len(terms), _CHUNK):
                rows = [_row(store, term) for term in terms[first : first + _CHUNK]]
                writer.write_table(pa.Table.from_pylist(rows, schema=schema()))
                count += len(rows)
    return count


def _closure(store: Store, used: Iterable[str]) -> Sequence[int]:
    """Return the terms with these ids, what is said to be the same, and all above both, in order."""
    found: set[int] = set()
    new = [term for term in map(store.find, used) if term is not None]
    while new:
        found.update(new)
        above = [each for term in new for each in store.ancestors(term)]
        same = [store.find(xref) for term in (*new, *above) for xref in store.xrefs(term)]
        new = [term for term in {*above, *same} if term is not None and term not in found]
    return sorted(found)


def _row(store: Store, term: int) -> dict[str, Any]:
    curie = store.curie(term)
    system, _, code = curie.partition(":")
    return {
        "system": system,
        "code": code,
        "name": store.label(term),
        "labels": sorted(store.kinds(term)),
        "xrefs": list(store.xrefs(term)),
        "parents": [store.curie(above) for above in store.parents(term)],
        "ancestors": list(dict.fromkeys(_above(store, term, curie))),
    }


def _above(store: Store, term: int, curie: str) -> Iterable[str]:
    """Yield the term, what is said to be the same, and everything above them.

    Vocabularies are cut differently: heart failure is MONDO's, and what is below it in DOID has DOID's code.
    """
    yield curie
    for each in (term, *store.ancestors(term)):
        yield store.curie(each)
        yield from (x for x in store.xrefs(each) if store.find(x) is not None)
    for xref in store.xrefs(term):
        same = store.find(xref)
        if same is not None:
            yield from map(store.curie, store.ancestors(same))
