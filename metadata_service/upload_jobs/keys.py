"""What the objects of an upload are called: a name depends on the upload alone, so writing it again changes nothing."""

import re
from typing import Final
from uuid import UUID

from metadata_service.db.ids import made_at

ORIGINALS: Final = "originals"
THUMBNAILS: Final = "thumbnails"
ANNOTATED: Final = "annotated"
TILES: Final = "tiles"
PIECES: Final = "temp_uploads"
_EXTENSION: Final = re.compile(r"[a-z0-9]{1,8}")


def original_key(upload_id: UUID, filename: str) -> str:
    """`originals/2026/11/20/<id>.jpg`."""
    extension = filename.rpartition(".")[2].lower()
    return _dated(ORIGINALS, upload_id, extension if _EXTENSION.fullmatch(extension) else "bin")


def thumbnail_key(upload_id: UUID) -> str:
    """`thumbnails/2026/11/20/<id>.jpg`."""
    return _dated(THUMBNAILS, upload_id, "jpg")


def annotated_key(upload_id: UUID, analysis_id: UUID) -> str:
    """`annotated/2026/11/20/<id>-<analysis>.jpg`."""
    return _dated(ANNOTATED, upload_id, "jpg").removesuffix(".jpg") + f"-{analysis_id}.jpg"


def tile_key(analysis_id: UUID, number: int) -> str:
    """`tiles/2026/11/20/<analysis>-<number>.bmp`."""
    return _dated(TILES, analysis_id, "bmp").removesuffix(".bmp") + f"-{number}.bmp"


def piece_key(partial_id: UUID, offset: int, attempt: str) -> str:
    """`temp_uploads/<id>/<offset>-<attempt>.part`."""
    return f"{PIECES}/{partial_id}/{offset:015}-{attempt}.part"


def _dated(folder: str, upload_id: UUID, extension: str) -> str:
    return f"{folder}/{made_at(upload_id):%Y/%m/%d}/{upload_id}.{extension}"
