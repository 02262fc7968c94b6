"""Download a corpus from its publisher, check it, and lay it out as the readers expect.

Every source names its licence, which is shown before anything is fetched.  A file whose checksum is known
must have it; where the publisher gives none, the checksum found is printed and kept in ``SOURCE.json``, and
a later fetch must find the same.  Nothing is left behind of a download that failed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from .errors import CorpusError

MAX_BYTES = 500_000_000
BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Source:
    """Where a corpus comes from; ``sha256`` is empty where the publisher gives no checksum."""

    name: str
    url: str
    sha256: str
    licence: str
    folder: str


SOURCES: dict[str, tuple[Source, ...]] = {
    "chia": (
        Source(
            "chia_without_scope.zip",
            "https://ndownloader.figshare.com/files/21728850",
            "",
            "CC BY 4.0, Kury et al. 2020, doi:10.6084/m9.figshare.11855817",
            "chia/without_scope",
        ),
        Source(
            "chia_with_scope.zip",
            "https://ndownloader.figshare.com/files/21728847",
            "",
            "CC BY 4.0, Kury et al. 2020, doi:10.6084/m9.figshare.11855817",
            "chia/with_scope",
        ),
    ),
    "lct": (
        Source(
            "lct.zip",
            "https://github.com/uwbmi/lct_corpus/archive/refs/heads/main.zip",
            "",
            "text CC BY 4.0, repository MIT, Dobbins et al. 2022, doi:10.1038/s41597-022-01521-0",
            "lct",
        ),
    ),
}


def fetch(source: Source, target: Path, *, timeout: float = 60.0) -> dict[str, str]:
    """Download one archive and unpack its ``.ann`` and ``.txt`` files into ``target / source.folder``.

    Returns
    -------
    dict
        What was fetched: address, checksum, licence and number of files.

    Raises
    ------
    CorpusError
        If the address does not answer, the checksum differs, or the archive is none.
    """
    folder = target / source.folder
    expected = source.sha256 or _seen_before(folder)
    with tempfile.TemporaryDirectory() as temporary:
        archive = Path(temporary) / source.name
        found = _download(source.url, archive, timeout)
        if expected and found != expected:
            raise CorpusError(
                f"checksum is {found}, but should be {expected}",
                where=source.url,
                remedy="The file has changed; read the publisher's notes before using it.",
            )
        unpacked = Path(temporary) / "unpacked"
        count = _unpack(archive, unpacked, source.url)
        info = {"url": source.url, "sha256": found, "licence": source.licence, "files": str(count)}
        (unpacked / "SOURCE.json").write_text(json.dumps(info, indent=2) + "\n", "utf-8")
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(unpacked, folder, dirs_exist_ok=True)
    return info


def _seen_before(folder: Path) -> str:
    try:
        return str(json.loads((folder / "SOURCE.json").read_text("utf-8"))["sha256"])
    except (OSError, ValueError, KeyError):
        return ""


def _download(url: str, path: Path, timeout: float) -> str:
    """Write the file and return its checksum."""
    if not url.startswith(("https://", "http://")):
        raise CorpusError("not an http address", where=url)
    digest, size = hashlib.sha256(), 0
    try:
        with urllib.request.urlopen(url, timeout=timeout) as response, path.open("wb") as out:  # noqa: S310
            while block := response.read(BLOCK):
                size += len(block)
                if size > MAX_BYTES:
                    raise CorpusError(f"more than {MAX_BYTES:,} bytes", where=url)
                digest.update(block)
                out.write(block)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise CorpusError(f"cannot be fetched: {reason}", where=url) from error
    return digest.hexdigest()


def _unpack(archive: Path, folder: Path, url: str) -> int:
    """Unpack annotation files by their base names; paths inside the archive are not trusted."""
    folder.mkdir()
    try:
        with zipfile.ZipFile(archive) as opened:
            wanted = [i for i in opened.infolist() if PurePosixPath(i.filename).suffix in (".ann", ".txt")]
            for item in wanted:
                name = PurePosixPath(item.filename).name
                if item.is_dir() or name.startswith("."):
                    continue
                (folder / name).write_bytes(opened.read(item))
    except zipfile.BadZipFile as error:
        raise CorpusError("not a zip archive", where=url) from error
    count = len(list(folder.glob("*.ann")))
    if not count:
        raise CorpusError("no .ann files in the archive", where=url)
    return count


def from_server(source: Source, base: str) -> Source:
    """Return the source with another address, such as a mirror."""
    return replace(source, url=f"{base.rstrip('/')}/{source.name}")
