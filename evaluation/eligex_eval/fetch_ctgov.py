"""Join the stand-off criteria with their texts, from ClinicalTrials.gov's interface or one's own copy.

The interface is asked for one field of some trials at a time (``/api/v2/studies?filter.ids=…``).  Its
answers are kept as they come, so that a run that was interrupted goes on where it stopped.  What has changed
since the annotation is counted, and criteria that are no longer there are left out.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import eligex
from eligex.schema import Trial
from eligex_corpus.standoff import STATUSES
from eligex_corpus.whole import join_file, trials_of

from .errors import CorpusError

API = "https://clinicaltrials.gov"
STANDOFF = Path(__file__).parents[2] / "annotations" / "standoff"
FILES = {"criteria.jsonl": "standoff", "structured.jsonl": "structured"}
"""Files of criteria without their texts, and the folder that each is joined into."""
FIELDS = "protocolSection.identificationModule.nctId|protocolSection.eligibilityModule.eligibilityCriteria"
EACH = 100
"""Trials in one request."""
LICENCE = "texts: ClinicalTrials.gov (U.S. National Library of Medicine); annotation: CC BY 4.0"


def fetch_ctgov(
    target: Path,
    *,
    standoff: Path = STANDOFF,
    texts: Path | None = None,
    api: str = API,
    timeout: float = 60.0,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, int]:
    """Write ``standoff/criteria.jsonl`` and ``structured/criteria.jsonl`` into ``target``.

    Parameters
    ----------
    standoff
        The folder of the criteria without their texts.
    texts
        A file or folder of trials, in any form that eligex reads; the interface is asked if not given.
    progress
        Called with the trials asked for so far and all.

    Returns
    -------
    dict
        How many criteria have which status.

    Raises
    ------
    CorpusError
        If the criteria are not there, the interface does not answer as it should, or no criterion is found.
    """
    there = {standoff / name: target / folder for name, folder in FILES.items() if (standoff / name).exists()}
    if not there:
        raise CorpusError(
            "no stand-off criteria", where=str(standoff), remedy="Give their folder: --standoff."
        )
    wanted = sorted({key for path in there for key in trials_of(path)})
    target.mkdir(parents=True, exist_ok=True)
    if texts is None:
        known = dict(_from_api(wanted, target / "ctgov.jsonl", api, timeout, progress))
    else:
        known = dict(_from_copy(texts, set(wanted)))
    counts: Counter[str] = Counter()
    for path, folder in there.items():
        joined, lines = join_file(path, known)
        counts.update(each.status for each in joined)
        if lines:
            _write(folder / "criteria.jsonl", lines)
    if counts.total() == counts["absent"] + counts["changed"]:
        raise CorpusError("no criterion is in these texts", where=str(texts or api))
    return {status: counts[status] for status in STATUSES}


def _write(path: Path, lines: Sequence[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    partial.replace(path)


def _from_copy(texts: Path, wanted: set[str]) -> Iterator[tuple[str, str]]:
    for trial in eligex.read(texts):
        if isinstance(trial, Trial) and trial.trial_id in wanted:
            yield trial.trial_id, trial.text[trial.source.start : trial.source.end]


def _from_api(
    wanted: Sequence[str],
    kept: Path,
    api: str,
    timeout: float,
    progress: Callable[[int, int], None] | None,
) -> Iterator[tuple[str, str]]:
    """Yield trials, those kept from an earlier run first; a trial that the registry lacks has no text."""
    have = _kept(kept)
    yield from have.items()
    left = [key for key in wanted if key not in have]
    with kept.open("a", encoding="utf-8") as out:
        for start in range(0, len(left), EACH):
            asked = left[start : start + EACH]
            answered = dict(_ask(asked, api, timeout))
            for key in asked:
                text = answered.get(key, "")
                out.write(json.dumps({"nct_id": key, "text": text}, ensure_ascii=False) + "\n")
                yield key, text
            out.flush()
            if progress is not None:
                progress(min(start + EACH, len(left)), len(left))


def _kept(path: Path) -> dict[str, str]:
    """Return what an earlier run kept; a last line that was cut off is asked for again."""
    if not path.exists():
        return {}
    found: dict[str, str] = {}
    whole: list[str] = []
    for line in path.read_text("utf-8").split("\n"):
        try:
            row = json.loads(line)
            found[row["nct_id"]] = row["text"]
        except (ValueError, KeyError, TypeError):
            continue
        whole.append(line)
    path.write_text("".join(f"{line}\n" for line in whole), "utf-8")
    return found


def _ask(asked: Iterable[str], api: str, timeout: float) -> Iterator[tuple[str, str]]:
    query = {"filter.ids": "|".join(asked), "fields": FIELDS, "pageSize": str(EACH), "format": "json"}
    url = f"{api.rstrip('/')}/api/v2/studies?{urllib.parse.urlencode(query)}"
    answer = _get(url, timeout)
    try:
        for study in answer["studies"]:
            section = study["protocolSection"]
            text = section.get("eligibilityModule", {}).get("eligibilityCriteria", "")
            yield str(section["identificationModule"]["nctId"]), str(text)
    except (KeyError, TypeError, AttributeError) as error:
        raise CorpusError(f"the answer is not a list of studies: {error!r}", where=url) from error


def _get(url: str, timeout: float, tries: int = 3) -> Any:
    if not url.startswith(("https://", "http://")):
        raise CorpusError("not an http address", where=url)
    for turn in range(1, tries + 1):
        try:
            with urllib.request.urlopen(url, timeout=timeout) as response:  # noqa: S310
                return json.loads(response.read().decode("utf-8"))
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            if turn == tries or getattr(error, "code", 500) < 429:
                raise CorpusError(
                    f"cannot be fetched: {getattr(error, 'reason', error)}",
                    where=url[:120],
                    remedy="Run it again: what has come is kept. Or give your own copy with --texts.",
                ) from error
            time.sleep(2.0**turn)
        except ValueError as error:
            raise CorpusError(f"the answer is not JSON: {error}", where=url[:120]) from error
    raise AssertionError("unreachable")
