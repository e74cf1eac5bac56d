"""An export as it is read: every byte is checked against the list of checksums, and the list against the manifest."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from metadata_service.exports.errors import NotAnExportError
from metadata_service.exports.folder import NEXT, current
from metadata_service.exports.layout import CHECKSUMS, FOLDERS, MANIFEST, read_manifest
from metadata_service.exports.ledger import Ledger

_LISTED: Final = re.compile(r"(?P<sha256>[0-9a-f]{64})  (?P<path>[^\n]+)\n")
_MOST_BYTES: Final = 1024**3
"""Of a file that is read whole."""


class Source:
    """A folder with an export in it."""

    def __init__(self, root: Path) -> None:
        """Read the manifest and the list; raise `NotAnExportError` when they are not an export's."""
        self.root = root
        try:
            self.manifest = read_manifest((root / MANIFEST).read_bytes())
        except OSError as error:
            raise NotAnExportError(f"{root} holds no {MANIFEST}.") from error
        self.listed = Ledger()
        for path, sha256 in self._list():
            self.listed.add(path, sha256)

    def _list(self) -> Iterator[tuple[str, str]]:
        sums = current(self.root, CHECKSUMS, self.manifest["checksums"]["sha256"])
        if sums is None:
            raise NotAnExportError(f"{CHECKSUMS} is not the one that the manifest means.")
        with sums.open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                match = _LISTED.fullmatch(line)
                if match is None or not _is_inside(match["path"]):
                    raise NotAnExportError(f"{CHECKSUMS} has a line that is none: {line[:200]!r}.")
                yield match["path"], match["sha256"]

    def records(self, kind: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """The records of one kind, file by file."""
        for path, _ in list(self.listed.below(f"library/{kind}/")):
            lines = self.read(path).splitlines()
            try:
                yield path, [orjson.loads(line) for line in lines]
            except orjson.JSONDecodeError as error:
                raise NotAnExportError(f"{path} holds a line that is no JSON.") from error

    def read(self, path: str) -> bytes:
        """The bytes of a file that is listed; raise `NotAnExportError` when they are not as listed."""
        sha256 = self.listed.get(path)
        if sha256 is None:
            raise NotAnExportError(f"{path} is named, but not listed in {CHECKSUMS}.")
        for candidate in (self.root / path, self.root / f"{path}{NEXT}"):
            if candidate.is_file() and candidate.stat().st_size <= _MOST_BYTES:
                data = candidate.read_bytes()
                if hashlib.sha256(data).hexdigest() == sha256:
                    return data
        raise NotAnExportError(f"{path} is missing, or its bytes are not those that were exported.")


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    return parts[0] in FOLDERS and not {"", ".", ".."} & set(parts)


def verify(root: Path) -> Iterator[str]:
    """Say all that is wrong with an export, reading every byte of it and asking nobody."""
    try:
        source = Source(root)
    except NotAnExportError as error:
        yield str(error)
        return
    for path, sha256 in source.listed.all():
        target = root / path
        if not any(found.is_file() for found in (target, target.with_name(f"{target.name}{NEXT}"))):
            yield f"{path} is missing."
        elif current(root, path, sha256) is None:
            yield f"{path} was changed."
    source.listed.close()
