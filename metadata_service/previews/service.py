"""Gives and takes previews."""

import hashlib
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts.quota import check_quota
from metadata_service.core_client import CoreClient, CoreRefusedError, CoreUnavailableError
from metadata_service.photos import coldpreview
from metadata_service.photos.errors import PhotoNotFoundError, PreviewRefusedError
from metadata_service.photos.ref import PhotoRef
from metadata_service.photos.service import get_own
from metadata_service.previews import repository
from metadata_service.previews.errors import NoColdpreviewError
from metadata_service.storage import BlobMissingError, BlobStore
from metadata_service.tables import Photo
from metadata_service.visibility import Viewer
from shared_schemas.preview import COLDPREVIEW_LIMITS, Preview, UnacceptablePreviewError, check_preview

LARGEST_SIDE: Final = 8192
"""In pixels; no coldpreview is larger."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG and what a cache must know of it; no bytes when the caller has them."""

    jpeg: bytes | None
    digest: str
    is_public: bool


class Box(NamedTuple):
    """What a picture shall fit into, in pixels; a side that is None does not matter."""

    width: int | None = None
    height: int | None = None

    def holds(self, width: int | None, height: int | None) -> bool:
        """Whether a picture of that size fits as it is; what is unknown does."""
        pairs = ((self.width, width), (self.height, height))
        return all(most is None or side is None or side <= most for most, side in pairs)


WHOLE: Final = Box()
"""Any size will do."""


async def hotpreview(session: AsyncSession, viewer: Viewer, ref: PhotoRef, known: frozenset[str]) -> Picture:
    """Give the hotpreview of a photo that `viewer` sees."""
    row = await repository.hotpreview(session, viewer, ref, known)
    if row is None:
        raise PhotoNotFoundError
    return Picture(row.jpeg, row.hothash, row.is_public)


async def hotpreviews_tag(session: AsyncSession, viewer: Viewer, ids: Sequence[int]) -> str:
    """The tag of the answer to `hotpreviews`, without its bytes."""
    hothashes = await repository.hothashes(session, viewer, ids)
    return _tag(hothashes.get(photo_id, "") for photo_id in ids)


async def hotpreviews(session: AsyncSession, viewer: Viewer, ids: Sequence[int]) -> tuple[bytes, str]:
    """Pack the hotpreviews of many photos into one answer: their lengths, then the JPEGs; and give its tag."""
    found = await repository.hotpreviews(session, viewer, ids)
    pictures = [found[photo_id].hotpreview if photo_id in found else b"" for photo_id in ids]
    lengths = struct.pack(f"<{len(pictures)}I", *map(len, pictures))
    return b"".join((lengths, *pictures)), _tag(
        found[photo_id].hothash if photo_id in found else "" for photo_id in ids
    )


def _tag(hothashes: Iterable[str]) -> str:
    return hashlib.sha256(",".join(hothashes).encode()).hexdigest()


async def coldpreview_of(
    session: AsyncSession, blobs: BlobStore, viewer: Viewer, ref: PhotoRef, known: frozenset[str], *, box: Box = WHOLE
) -> tuple[Picture, Box | None]:
    """Give the coldpreview of a photo that `viewer` sees, if it has one; and the box, if it must be made to fit."""
    row = await repository.coldpreview(session, viewer, ref)
    if row is None:
        raise PhotoNotFoundError
    if row.coldpreview_key is None:
        raise NoColdpreviewError
    too_large = None if box.holds(row.coldpreview_width, row.coldpreview_height) else box
    digest = coldpreview.digest_of(row.coldpreview_key)
    if (tag := digest if too_large is None else _fitted(digest, box)) in known:
        return Picture(None, tag, row.is_public), None
    try:
        return Picture(await blobs.get(row.coldpreview_key), digest, row.is_public), too_large
    except BlobMissingError as error:
        raise NoColdpreviewError("The coldpreview was replaced or removed a moment ago.") from error


def _fitted(digest: str, box: Box) -> str:
    return f"{digest}-{box.width or ''}x{box.height or ''}"


async def fit(core: CoreClient, picture: Picture, box: Box) -> Picture:
    """Have core_service make the picture fit. When it cannot be asked, the whole picture must do, under its own tag."""
    try:
        jpeg = await core.resize(picture.jpeg or b"", box.width or LARGEST_SIDE, box.height or LARGEST_SIDE)
    except (CoreUnavailableError, CoreRefusedError):
        return picture
    return Picture(jpeg, _fitted(picture.digest, box), picture.is_public)


def checked(jpeg: bytes) -> Preview:
    """Accept bytes as a coldpreview, or raise `PreviewRefusedError`."""
    try:
        return check_preview(jpeg, COLDPREVIEW_LIMITS)
    except UnacceptablePreviewError as error:
        raise PreviewRefusedError(f"The coldpreview is refused: {error}.") from error


async def replace_coldpreview(
    session: AsyncSession, blobs: BlobStore, owner_id: int, ref: PhotoRef, preview: Preview
) -> tuple[Photo, str | None]:
    """Give the owner's photo a new coldpreview; also give the key that this leaves unused."""
    async with coldpreview.stored(blobs, preview) as columns:
        photo = await get_own(session, owner_id, ref)
        unused = coldpreview.attach(photo, columns)
        await session.flush()
        await check_quota(session, owner_id)
    return photo, unused


async def remove_coldpreview(session: AsyncSession, owner_id: int, ref: PhotoRef) -> tuple[Photo, str]:
    """Take the coldpreview from the owner's photo; give the key that this leaves unused."""
    photo = await get_own(session, owner_id, ref)
    unused = coldpreview.attach(photo, None)
    if unused is None:
        raise NoColdpreviewError
    await session.flush()
    return photo, unused
