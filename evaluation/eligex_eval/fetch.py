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
    """Where a corpus comes from; ``checksum`` is ``md5:…`` or ``sha256:…``, empty where none is published."""

    name: str
    url: str
    checksum: str
    licence: str
    folder: str


_CHIA = "CC BY 4.0; Kury et al. 2020, doi:10.6084/m9.figshare.11855817"
SOURCES: dict[str, tuple[Source, ...]] = {
    "chia": (
        Source(
            "chia_without_scope.zip",
            "https://ndownloader.figshare.com/files/21728853",
            "md5:e5b4578b11139b80d64aeca0cc4a76b8",
            _CHIA,
            "chia/without_scope",
        ),
        Source(
            "chia_with_scope.zip",
            "https://ndownloader.figshare.com/files/21728850",
            "md5:54b33164da88da88e47b2a009e150a82",
            _CHIA,
            "chia/with_scope",
        ),
    ),
    "lct": (
        Source(
            "lct.zip",
            "https://github.com/uw-bionlp/clinical-trials-gov-data/archive/refs/heads/master.zip",
            "",
            "text CC BY 4.0, repository MIT; Dobbins et al. 2022, doi:10.6084/m9.figshare.17209610",
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
    expected = source.checksum or _seen_before(folder)
    with tempfile.TemporaryDirectory() as temporary:
        archive = Path(temporary) / source.name
        _download(source.url, archive, timeout)
        found = _checksum(archive, expected.partition(":")[0] or "sha256")
        if expected and found != expected:
            raise CorpusError(
                f"checksum is {found}, but should be {expected}",
                where=source.url,
                remedy="The file has changed; read the publisher's notes before using it.",
            )
        unpacked = Path(temporary) / "unpacked"
        count = _unpack(archive, unpacked, source.url)
        info = {"url": source.url, "checksum": found, "licence": source.licence, "files": str(count)}
        (unpacked / "SOURCE.json").write_text(json.dumps(info, indent=2) + "\n", "utf-8")
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(unpacked, folder, dirs_exist_ok=True)
    return info


def _seen_before(folder: Path) -> str:
    try:
        return str(json.loads((folder / "SOURCE.json").read_text("utf-8"))["checksum"])
    except (OSError, ValueError, KeyError):
        return ""


def _download(url: str, path: Path, timeout: float) -> None:
    """Write the file."""
    if not url.startswith(("https://", "http://")):
        raise CorpusError("not an http address", where=url)
    size = 0
    try:
        with urllib.request.urlopen(url, timeout=timeout) as response, path.open("wb") as out:  # noqa: S310
            while block := response.read(BLOCK):
                size += len(block)
                if size > MAX_BYTES:
                    raise CorpusError(f"more than {MAX_BYTES:,} bytes", where=url)
                out.write(block)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise CorpusError(f"cannot be fetched: {reason}", where=url) from error


def _checksum(path: Path, kind: str) -> str:
    """Return the checksum with its kind; MD5 is what the publisher gives, not a defence."""
    digest = hashlib.new(kind, usedforsecurity=False)
    digest.update(path.read_bytes())
    return f"{kind}:{digest.hexdigest()}"


def _unpack(archive: Path, folder: Path, url: str) -> int:
    """Unpack ``.ann`` files with their ``.txt`` by their base names; paths in the archive are not trusted."""
    folder.mkdir()
    try:
        with zipfile.ZipFile(archive) as opened:
            items = {PurePosixPath(i.filename).name: i for i in opened.infolist() if not i.is_dir()}
            names = [n for n in items if n.endswith(".ann") and not n.startswith(".")]
            for name in names:
                for wanted in (name, f"{name[:-4]}.txt"):
                    if wanted in items:
                        (folder / wanted).write_bytes(opened.read(items[wanted]))
    except zipfile.BadZipFile as error:
        raise CorpusError("not a zip archive", where=url) from error
    if not names:
        raise CorpusError("no .ann files in the archive", where=url)
    return len(names)


def from_server(source: Source, base: str) -> Source:
    """Return the source with another address, such as a mirror."""
    return replace(source, url=f"{base.rstrip('/')}/{source.name}")
