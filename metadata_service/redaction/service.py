"""Keeps what owners want to be told of their photos."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.upsert import upsert
from metadata_service.redaction.policy import AUDIENCES, DEFAULTS, AudienceName, Place, Policy
from metadata_service.redaction.schemas import PhotoPolicy, PoliciesOut, PolicyOut
from metadata_service.redaction.times import Time
from metadata_service.tables import Disclosure, PhotoDisclosure

_SAID = ("place", "camera", "filename", "exif", "time")


async def of_owner(session: AsyncSession, owner_id: int) -> PoliciesOut:
    """What the owner tells by default, of each level."""
    rows = await session.scalars(select(Disclosure).where(Disclosure.owner_id == owner_id))
    said = {row.level: _kept(row) for row in rows}
    return PoliciesOut(**{audience: present(said.get(level, DEFAULTS[level])) for audience, level in AUDIENCES.items()})


def present(policy: Policy) -> PolicyOut:
    """Show a policy."""
    return PolicyOut(
        place=policy.place.word,
        time=policy.time.word,
        camera=policy.camera,
        filename=policy.filename,
        exif=policy.exif,
    )


def _kept(row: Disclosure) -> Policy:
    return Policy(Place(row.place), row.camera, row.filename, row.exif, Time(row.time))


async def set_default(session: AsyncSession, owner_id: int, audience: AudienceName, wanted: PolicyOut) -> None:
    """Set what the owner tells by default of one level."""
    row = wanted.model_dump() | _numbers(wanted) | {"owner_id": owner_id, "level": AUDIENCES[audience]}
    await session.execute(upsert(session, Disclosure, ("owner_id", "level"), _SAID).values(row))


async def of_photo(session: AsyncSession, photo_id: int) -> PhotoPolicy:
    """What was said of one photo alone."""
    row = await session.get(PhotoDisclosure, photo_id)
    if row is None:
        return PhotoPolicy()
    place = None if row.place is None else Place(row.place).word
    time = None if row.time is None else Time(row.time).word
    return PhotoPolicy(place=place, time=time, camera=row.camera, filename=row.filename, exif=row.exif)


async def set_of_photo(session: AsyncSession, photo_id: int, wanted: PhotoPolicy) -> None:
    """Set what is told of one photo; where all of it follows the level, nothing is kept."""
    said = wanted.model_dump()
    if all(value is None for value in said.values()):
        await session.execute(delete(PhotoDisclosure).where(PhotoDisclosure.photo_id == photo_id))
        return
    row = said | _numbers(wanted) | {"photo_id": photo_id}
    await session.execute(upsert(session, PhotoDisclosure, ("photo_id",), _SAID).values(row))


def _numbers(wanted: PolicyOut | PhotoPolicy) -> dict[str, int | None]:
    """What is kept as a number."""
    return {
        "place": None if wanted.place is None else Place[wanted.place.upper()].value,
        "time": None if wanted.time is None else Time[wanted.time.upper()].value,
    }
