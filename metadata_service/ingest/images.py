"""Adds single files to photos that are there already."""

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.ingest import repository
from metadata_service.ingest.additions import add_files
from metadata_service.ingest.arrival import Arrival
from metadata_service.ingest.errors import ImageNotFoundError
from metadata_service.ingest.old_shapes import OldFile, arriving_file
from metadata_service.ingest.references import refuse_unknown
from metadata_service.photos.errors import PhotoNotFoundError
from metadata_service.tables import IdentityKind, ImageFile


async def add(session: AsyncSession, owner_id: int, name: str, file: OldFile) -> ImageFile:
    """Add a file to the owner's photo of that name; a file that is there already is given back as it is."""
    arrival = Arrival(
        label=file.filename,
        hothash=name,
        identities=[(IdentityKind.HOTHASH, name), (IdentityKind.CLIENT_HASH, name)],
        hotpreview=None,
        coldpreview=None,
        columns={"import_session_id": file.import_session_id},
        exif_dict={},
        warnings=[],
        files=[arriving_file(file)],
    )
    for refusal in (await refuse_unknown(session, owner_id, [arrival])).values():
        raise refusal
    ids = await repository.known_ids(session, owner_id, arrival.identities)
    if not ids:
        raise PhotoNotFoundError
    photo_id = min(ids.values())
    photo = (await repository.photos(session, [photo_id]))[photo_id]
    await add_files(session, [(photo, arrival)])
    await session.flush()
    files = await repository.files_of(session, [photo_id])
    image_id = next(found for found, _, filename, sha256 in files if (filename, sha256) == (file.filename, None))
    return await get(session, owner_id, image_id)


async def get(session: AsyncSession, owner_id: int, image_id: int) -> ImageFile:
    """Find a file of one of the owner's photos."""
    found = await repository.own_file(session, owner_id, image_id)
    if found is None:
        raise ImageNotFoundError
    return found
