"""How much an account may hold, and that it does not hold more."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts.errors import QuotaExceededError
from metadata_service.tables import Photo, Upload, User

_MIB = 1024 * 1024


async def check_quota(session: AsyncSession, owner_id: int) -> None:
    """Raise `QuotaExceededError`, undoing what was just added, if the owner now holds more than they may.

    To be called with the owner's turn taken, after the photos or previews were written. What lies in the trash
    counts: it takes room. Only who has a quota is counted.
    """
    row = (await session.execute(select(User.quota_photos, User.quota_bytes).where(User.id == owner_id))).one_or_none()
    if row is None or (row.quota_photos is None and row.quota_bytes is None):
        return
    photos, size = await held(session, owner_id)
    if row.quota_photos is not None and photos > row.quota_photos:
        raise QuotaExceededError(
            f"Your account may hold {row.quota_photos} photos. Remove some for good, or ask for a larger quota."
        )
    if row.quota_bytes is not None and size > row.quota_bytes:
        raise QuotaExceededError(
            f"Your account may hold {row.quota_bytes / _MIB:.1f} MiB of previews and originals. "
            "Remove some photos for good, or ask for a larger quota."
        )


async def held(session: AsyncSession, owner_id: int) -> tuple[int, int]:
    """How many photos an account holds, and how many bytes in the blob store: coldpreviews and originals."""
    previews = select(func.count(), func.sum(Photo.coldpreview_size)).where(Photo.owner_id == owner_id)
    photos, previews_size = (await session.execute(previews)).one()
    originals_size = await session.scalar(select(func.sum(Upload.file_size)).where(Upload.owner_id == owner_id))
    return photos, int(previews_size or 0) + int(originals_size or 0)
