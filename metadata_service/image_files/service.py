"""Changes the files of a photo and the places where they lie."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import utc_now
from metadata_service.db.upsert import insert_new
from metadata_service.derived import search
from metadata_service.image_files import repository
from metadata_service.image_files.errors import FileTakenError, LocationNotFoundError
from metadata_service.image_files.schemas import (
    CopyTotals,
    FileChange,
    FileDetail,
    LocationIn,
    LocationOut,
    OneCopy,
    OneCopyMeta,
    OneCopyPage,
)
from metadata_service.ingest import images
from metadata_service.ingest import repository as arrivals
from metadata_service.ingest.arrival import Location
from metadata_service.ingest.errors import ImageNotFoundError
from metadata_service.paging import Cursor
from metadata_service.photos.errors import PhotoNotFoundError
from metadata_service.photos.ref import PhotoRef
from metadata_service.photos.repository import files as photo_files
from metadata_service.photos.service import get_own, look_at_own
from metadata_service.tables import FileLocation, FileRole, IdentityKind, ImageFile, Photo, PhotoIdentity
from service_kit.errors import InvalidRequestError
from shared_schemas.problem import FieldError

_ORDER = 65  # of the cursors of this report: no other list has it


async def detail(session: AsyncSession, owner_id: int, image_id: int) -> FileDetail:
    """A file of the owner's with its places."""
    return await _shown(session, await images.get(session, owner_id, image_id))


async def files_of_photo(session: AsyncSession, owner_id: int, ref: PhotoRef) -> list[FileDetail]:
    """All files of a photo of the owner's, with their places."""
    photo = await look_at_own(session, owner_id, ref)
    files = await photo_files(session, photo.id)
    places = await repository.locations(session, [file.id for file in files])
    return [_told(file, places.get(file.id, [])) for file in files]


async def _shown(session: AsyncSession, file: ImageFile) -> FileDetail:
    return _told(file, (await repository.locations(session, [file.id])).get(file.id, []))


def _told(file: ImageFile, places: list[FileLocation]) -> FileDetail:
    columns = {name: getattr(file, name) for name in FileDetail.model_fields if name != "locations"}
    return FileDetail(**columns, locations=[LocationOut.model_validate(place) for place in places])


async def _to_change(session: AsyncSession, owner_id: int, image_id: int) -> tuple[ImageFile, Photo]:
    """A file whose photo is the owner's and not in the trash; its photo is changed with it."""
    file = await images.get(session, owner_id, image_id)
    try:
        photo = await get_own(session, owner_id, PhotoRef(id=file.photo_id))
    except PhotoNotFoundError as error:
        raise ImageNotFoundError("The file's photo lies in the trash. Take it out first.") from error
    photo.updated_at = utc_now()
    return file, photo


async def change(session: AsyncSession, owner_id: int, image_id: int, wanted: FileChange) -> FileDetail:
    """Set the fields that were given; what a file's bytes are is said once."""
    file, photo = await _to_change(session, owner_id, image_id)
    given = wanted.model_dump(exclude_unset=True)
    if given.get("sha256") not in {None, file.sha256} and file.sha256 is not None:
        said = "is known already; other bytes are another file."
        raise InvalidRequestError(f"sha256: {said}", errors=[FieldError(loc=["body", "sha256"], msg=said)])
    name, digest = given.get("filename", file.filename), given.get("sha256", file.sha256)
    if await repository.has_other_file(session, file, name, digest):
        raise FileTakenError
    for column, value in given.items():
        setattr(file, column, value)
    await session.flush()
    if digest is not None:
        named = {"owner_id": owner_id, "kind": IdentityKind.FILE_SHA256, "value": digest, "photo_id": photo.id}
        await session.execute(insert_new(session, PhotoIdentity), [named])
    await _settle(session, photo)
    return await _shown(session, file)


async def remove(session: AsyncSession, owner_id: int, image_id: int) -> ImageFile:
    """Forget a file, its places and its EXIF; if it comes again it is not known to be this photo's."""
    file, photo = await _to_change(session, owner_id, image_id)
    await session.delete(file)
    await session.flush()
    if file.sha256 and not await repository.photo_has(session, photo.id, sha256=file.sha256):
        named = (PhotoIdentity.owner_id == owner_id, PhotoIdentity.kind == IdentityKind.FILE_SHA256)
        this = (PhotoIdentity.value == file.sha256, PhotoIdentity.photo_id == photo.id)
        await session.execute(delete(PhotoIdentity).where(*named, *this))
    await _settle(session, photo)
    return file


async def _settle(session: AsyncSession, photo: Photo) -> None:
    """What a photo says of its files."""
    photo.has_raw = await repository.photo_has(session, photo.id, role=FileRole.RAW)
    await session.flush()
    await search.index(session, [photo.id])


async def add_location(session: AsyncSession, owner_id: int, image_id: int, place: LocationIn) -> FileDetail:
    """Say where a file lies; a place that is known was seen again."""
    file, _ = await _to_change(session, owner_id, image_id)
    await session.flush()
    await arrivals.seen_at(session, [location_row(file.id, place)])
    session.expire_all()
    return await detail(session, owner_id, image_id)


def location_row(file_id: int, place: LocationIn) -> dict[str, object]:
    """A place as a row."""
    last_seen = place.last_seen or utc_now()
    location = Location(place.machine, place.volume, place.relative_path, last_seen)
    return {
        "image_file_id": file_id,
        "machine": place.machine,
        "volume": place.volume,
        "relative_path": place.relative_path,
        "stem_key": location.stem_key,
        "last_seen": last_seen,
    }


async def remove_location(session: AsyncSession, owner_id: int, image_id: int, location_id: int) -> FileDetail:
    """Say that a file does not lie there any more."""
    file, _ = await _to_change(session, owner_id, image_id)
    places = (await repository.locations(session, [file.id])).get(file.id, [])
    place = next((place for place in places if place.id == location_id), None)
    if place is None:
        raise LocationNotFoundError
    await session.delete(place)
    await session.flush()
    return await _shown(session, file)


async def one_copy(
    session: AsyncSession, owner_id: int, *, limit: int, cursor: str | None, with_totals: bool
) -> OneCopyPage:
    """Originals that one lost disk takes along, the newest photos first."""
    keys = Cursor.parse(cursor, order=_ORDER, keys=3).keys if cursor else None
    after = (keys[0], keys[1], keys[2]) if keys else None
    rows = await repository.originals_in_one_place(session, owner_id, after=after, limit=limit + 1)
    shown = rows[:limit]
    places = await repository.locations(session, [file.id for file, _, _ in shown])
    next_cursor = None
    if len(rows) > limit:
        file, _, sort_ts = shown[-1]
        next_cursor = str(Cursor(_ORDER, (sort_ts, file.photo_id, file.id)))
    totals = None
    if with_totals:
        count, nowhere, one = await repository.totals(session, owner_id)
        totals = CopyTotals(originals=count, nowhere=nowhere, one_copy=one, more_copies=count - nowhere - one)
    return OneCopyPage(
        data=[
            OneCopy(
                **_told(file, places.get(file.id, [])).model_dump(exclude={"created_at", "file_format"}), hothash=name
            )
            for file, name, _ in shown
        ],
        meta=OneCopyMeta(limit=limit, next_cursor=next_cursor, totals=totals),
    )
