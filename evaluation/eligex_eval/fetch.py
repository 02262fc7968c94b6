"""Download a corpus from its publisher, check it, and lay it out as the readers expect.

Both corpora are published on figshare, whose interface names the files of an article with their addresses
and checksums; that checksum must fit, and a checksum that is pinned here must fit as well.  The licence is
shown before anything is fetched.  A download that fails leaves nothing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from .errors import CorpusError

API = "https://api.figshare.com"
MAX_BYTES = 500_000_000
BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a figshare article; ``md5`` is pinned where it is known, else empty."""

    article: int
    name: str
    licence: str
    folder: str
    md5: str = ""


_CHIA = "CC BY 4.0; Kury et al. 2020, doi:10.6084/m9.figshare.11855817"
_LCT = "CC BY 4.0; Dobbins et al. 2022, doi:10.6084/m9.figshare.17209610"
SOURCES: dict[str, tuple[Source, ...]] = {
    "chia": (
        Source(
            11855817,
            "chia_without_scope.zip",
            _CHIA,
            "chia/without_scope",
            "e5b4578b11139b80d64aeca0cc4a76b8",
        ),
        Source(11855817, "chia_with_scope.zip", _CHIA, "chia/with_scope", "54b33164da88da88e47b2a009e150a82"),
    ),
    "lct": (Source(17209610, "lct_corpus.tar.gz", _LCT, "lct"),),
}


def fetch(source: Source, target: Path, *, api: str = API, timeout: float = 60.0) -> dict[str, str]:
    """Download one archive and unpack its annotated files into ``target / source.folder``.

    Returns
    -------
    dict
        What was fetched: address, checksum, licence and number of files; also kept as ``SOURCE.json``.

    Raises
    ------
    CorpusError
        If the publisher does not answer or has no such file, a checksum differs, or the archive is none.
    """
    url, published = _published(source, api, timeout)
    with tempfile.TemporaryDirectory() as temporary:
        archive = Path(temporary) / PurePosixPath(source.name).name
        _download(url, archive, timeout)
        found = hashlib.md5(archive.read_bytes(), usedforsecurity=False).hexdigest()
        for expected in filter(None, (published, source.md5)):
            if found != expected:
                raise CorpusError(
                    f"checksum is {found}, but should be {expected}",
                    where=url,
                    remedy="The file is damaged or has changed; read the publisher's notes before using it.",
                )
        unpacked = Path(temporary) / "unpacked"
        count = _unpack(archive, unpacked, url)
        info = {"url": url, "md5": found, "licence": source.licence, "files": str(count)}
        (unpacked / "SOURCE.json").write_text(json.dumps(info, indent=2) + "\n", "utf-8")
        folder = target / source.folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(unpacked, folder, dirs_exist_ok=True)
    return info


def _published(source: Source, api: str, timeout: float) -> tuple[str, str]:
    """Ask the publisher for the address and the checksum of the file."""
    address = f"{api.rstrip('/')}/v2/articles/{source.article}/files"
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "files.json"
        _download(address, path, timeout)
        try:
            files: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
            known = {str(item["name"]): item for item in files}
        except (ValueError, KeyError, TypeError) as error:
            raise CorpusError("the answer is not a list of files", where=address) from error
    if source.name not in known:
        raise CorpusError(
            f"no file {source.name}; there are: {', '.join(sorted(known)) or 'none'}", where=address
        )
    item = known[source.name]
    return str(item.get("download_url") or ""), str(
        item.get("computed_md5") or item.get("supplied_md5") or ""
    )


def _download(url: str, path: Path, timeout: float) -> None:
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
        raise CorpusError(f"cannot be fetched: {getattr(error, 'reason', error)}", where=url) from error


def _unpack(archive: Path, folder: Path, url: str) -> int:
    """Unpack each ``.ann`` with the ``.txt`` beside it, by base name: paths in an archive are not trusted."""
    folder.mkdir()
    try:
        contents = dict(_members(archive))
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError) as error:
        raise CorpusError("not an archive", where=url) from error
    count = 0
    for member, data in sorted(contents.items()):
        path = PurePosixPath(member)
        text = contents.get(str(path.with_suffix(".txt")))
        if path.suffix != ".ann" or path.name.startswith(".") or text is None:
            continue
        target = folder / path.name
        if target.exists() and target.read_bytes() != data:
            raise CorpusError(f"{path.name} is twice in the archive, with different content", where=url)
        target.write_bytes(data)
        target.with_suffix(".txt").write_bytes(text)
        count += 1
    if not count:
        raise CorpusError("no .ann files with their texts in the archive", where=url)
    return count


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of every annotation and text of a zip or a tar archive."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as opened:
            for item in opened.infolist():
                if not item.is_dir() and item.filename.endswith((".ann", ".txt")):
                    yield item.filename, opened.read(item)
        return
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.isfile() and member.name.endswith((".ann", ".txt")):
                stream = tar.extractfile(member)
                if stream is not None:
                    yield member.name, stream.read()
