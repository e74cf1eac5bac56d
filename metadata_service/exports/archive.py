"""An export as a ZIP archive that is written while it is sent: neither memory nor disk ever holds all of it."""

import hashlib
import tempfile
import zipfile
from collections.abc import AsyncIterator
from typing import IO, Any, Final, cast

from anyio import to_thread

from metadata_service.db.types import utc_now
from metadata_service.exports.contents import Contents
from metadata_service.exports.layout import CHECKSUMS, CHUNK, MANIFEST, Entry, checksum_line, manifest
from metadata_service.exports.ledger import Ledger

_PACKED_ALREADY: Final = ("previews/", "originals/", "exif/")
_IN_MEMORY: Final = 8 * 1024 * 1024


class _Sent:
    """What a ZIP writer takes for a file that cannot be sought in, such as a pipe."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


async def stream(contents: Contents, user: dict[str, Any]) -> AsyncIterator[bytes]:
    """Give the bytes of the archive; the manifest comes last, so that one that was cut off has none."""
    sent = _Sent()
    listed = Ledger()
    sums = hashlib.sha256()
    moment = utc_now()
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as lines, zipfile.ZipFile(cast("IO[bytes]", sent), "w") as archive:
        async for found in contents.entries():
            if not listed.add(found.path):
                continue
            lines.write(line := checksum_line(found))
            sums.update(line)
            await to_thread.run_sync(_add, archive, found, moment.timetuple()[:6])
            yield sent.taken()
        lines.seek(0)
        with archive.open(zipfile.ZipInfo(CHECKSUMS, moment.timetuple()[:6]), "w", force_zip64=True) as target:
            while piece := lines.read(CHUNK):
                target.write(piece)
        at = moment.isoformat(timespec="seconds")
        last = manifest(user, dict(contents.counts), sums.hexdigest(), at)
        archive.writestr(zipfile.ZipInfo(MANIFEST, moment.timetuple()[:6]), last)
        archive.close()
        yield sent.taken()
    listed.close()


def _add(archive: zipfile.ZipFile, found: Entry, moment: tuple[int, int, int, int, int, int]) -> None:
    info = zipfile.ZipInfo(found.path, moment)
    info.external_attr = 0o644 << 16
    packed = found.path.startswith(_PACKED_ALREADY)
    archive.writestr(info, found.data or b"", zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED, 1)
