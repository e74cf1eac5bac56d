"""An export as a folder. Its manifest is written last and replaced in one step: until then the old export is valid.

A file that is to change is written beside the old one, under its name and `.next`, and takes its place only when the
manifest says so. Whoever finds both knows from the checksum which one counts.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from metadata_service.db.types import utc_now
from metadata_service.exports.contents import Contents
from metadata_service.exports.errors import NotAnExportError
from metadata_service.exports.layout import CHECKSUMS, FOLDERS, MANIFEST, Entry, checksum_line, manifest, read_manifest
from metadata_service.exports.ledger import Ledger

NEXT: Final = ".next"
_OURS: Final = {*FOLDERS, f"{CHECKSUMS}{NEXT}", f".{MANIFEST}.part"}
"""What an export that was killed may have left before there was a manifest."""


@dataclass(frozen=True, slots=True)
class Written:
    """What an export came to."""

    files: int
    written: int
    removed: int
    counts: dict[str, int]
    missing: list[str]


class Folder:
    """A folder that holds an export or will."""

    def __init__(self, root: Path) -> None:
        """Take the folder as it is; raise `NotAnExportError` when it holds something else."""
        self.root = root
        self.is_new = not (root / MANIFEST).exists()
        if not self.is_new:
            read_manifest((root / MANIFEST).read_bytes())
        elif root.exists() and any(path.name not in _OURS for path in root.iterdir()):
            raise NotAnExportError(f"{root} holds something that is no export; choose an empty folder.")

    def has(self, path: str) -> bool:
        """Whether a file is there that is named by its hash: it was written whole or not at all."""
        return (self.root / path).is_file()

    def put(self, found: Entry) -> bool:
        """Write a file unless it is there already, beside the one that it will replace; tell if it was written."""
        target = self.root / found.path
        if found.data is None:
            return False
        if not target.exists():
            _write(target, found.data)
            return True
        _beside(target).unlink(missing_ok=True)
        if target.stat().st_size == found.size and target.read_bytes() == found.data:
            return False
        _write(_beside(target), found.data)
        return True

    def checksums(self) -> BinaryIO:
        """Begin the list of checksums."""
        self.root.mkdir(parents=True, exist_ok=True)
        return _beside(self.root / CHECKSUMS).open("wb")

    def settle(self) -> None:
        """Let what was written beside take its place; to be called when the manifest says so."""
        for path in self._below(NEXT):
            path.replace(path.with_name(path.name.removesuffix(NEXT)))

    def sweep(self, listed: Ledger) -> int:
        """Remove what is not listed any more; tell how many files."""
        removed = 0
        for path in self._below(""):
            if listed.get(path.relative_to(self.root).as_posix()) is None:
                path.unlink()
                removed += 1
        return removed

    def _below(self, ending: str) -> Iterator[Path]:
        """Files of the export below its folder; folders that are empty go."""
        for name in FOLDERS:
            for folder, _, files in os.walk(self.root / name, topdown=False):
                yield from (Path(folder, file) for file in files if file.endswith(ending))
                if not any(Path(folder).iterdir()):
                    Path(folder).rmdir()
        top = self.root / f"{CHECKSUMS}{NEXT}"
        if ending == NEXT and top.exists():
            yield top


async def write(root: Path, contents: Contents) -> Written:
    """Bring a folder up to date with a library; only what changed is written, and what is gone is removed."""
    folder = Folder(root)
    if not folder.is_new:
        finish(folder)
    user = await contents.user()
    listed = Ledger()
    written = 0
    sums = hashlib.sha256()
    with folder.checksums() as checksums:
        async for found in contents.entries():
            if not listed.add(found.path, found.sha256):
                continue  # two photos may share a preview
            written += folder.put(found)
            line = checksum_line(found)
            checksums.write(line)
            sums.update(line)
    os.sync()  # all bytes before the manifest that names them
    counts = dict(contents.counts)
    at = utc_now().isoformat(timespec="seconds")
    _write(root / MANIFEST, manifest(user, counts, sums.hexdigest(), at))
    folder.settle()
    removed = folder.sweep(listed)
    files = len(listed)
    listed.close()
    return Written(files, written, removed, counts, contents.missing)


def finish(folder: Folder) -> None:
    """Finish what an export that was killed left: the manifest tells on which side of it that was."""
    sums = _beside(folder.root / CHECKSUMS)
    wanted = read_manifest((folder.root / MANIFEST).read_bytes())["checksums"]["sha256"]
    if sums.exists() and digest(sums) == wanted:
        folder.settle()


def current(root: Path, path: str, sha256: str) -> Path | None:
    """Where the file lies that the manifest means: under its name, or beside it; None when neither is right."""
    target = root / path
    for candidate in (target, _beside(target)):
        if candidate.is_file() and digest(candidate) == sha256:
            return candidate
    return None


def digest(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}{NEXT}")


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. It outlives a crash of this program; a power cut may need a new export."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name[:100]}.part")
    part.write_bytes(data)
    part.replace(path)
