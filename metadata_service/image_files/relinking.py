"""Finds files again after folders were moved: by their bytes, shown before it is done."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.turns import take_turn
from metadata_service.db.types import utc_now
from metadata_service.image_files import repository
from metadata_service.image_files.schemas import FoundFile, LocationIn, Relinked, RelinkIn, RelinkOut
from metadata_service.image_files.service import location_row
from metadata_service.ingest import repository as arrivals
from metadata_service.tables import FileLocation, ImageFile, Photo


async def relink(session: AsyncSession, owner_id: int, wanted: RelinkIn) -> RelinkOut:
    """Compare what was found with what is known; do it, if that is wanted."""
    if wanted.apply:
        await take_turn(session, owner_id)
    digests = sorted({found.sha256 for found in wanted.found})
    files = await repository.files_of_bytes(session, owner_id, digests)
    places = await repository.locations(session, [file.id for some in files.values() for file in some])
    paths = defaultdict(set)
    for found in wanted.found:
        paths[found.sha256].add(found.path)
    plan: list[Relinked] = []
    gone: set[int] = set()
    for found in wanted.found:
        for file in files.get(found.sha256, [None]):  # None: nobody has it
            line, given_up = _judge(found, file, places.get(file.id, []) if file else [], wanted, paths[found.sha256])
            plan.append(line)
            gone |= given_up
    if wanted.apply:
        await _apply(session, wanted, plan, gone)
    changed = {line.photo_id for line in plan if line.state in {"moved", "added"}}
    counts = dict(Counter(line.state for line in plan))
    return RelinkOut(data=plan, counts=counts, photos=len(changed), applied=wanted.apply)


def _judge(
    found: FoundFile, file: ImageFile | None, places: Sequence[FileLocation], wanted: RelinkIn, paths: set[str]
) -> tuple[Relinked, set[int]]:
    """What becomes of one file that was found, and which of its places are given up for that."""
    line = Relinked(path=found.path, sha256=found.sha256, state="unknown")
    if file is None:
        return line, set()
    line.image_file_id, line.photo_id, line.filename = file.id, file.photo_id, file.filename
    if None not in {found.size, file.file_size} and found.size != file.file_size:
        line.state = "size_differs"
        return line, set()
    here = [place for place in places if (place.machine, place.volume) == (wanted.machine, wanted.volume)]
    old = [place for place in here if place.relative_path not in paths and _is_below(place, wanted.moved_from)]
    line.given_up = [place.relative_path for place in old]
    if any(place.relative_path == found.path for place in here):
        line.state = "moved" if old else "unchanged"
    else:
        line.state = "moved" if old else "added"
    return line, {place.id for place in old}


def _is_below(place: FileLocation, folder: str | None) -> bool:
    return folder is not None and place.relative_path.startswith(folder.rstrip("/") + "/")


async def _apply(session: AsyncSession, wanted: RelinkIn, plan: Iterable[Relinked], gone: set[int]) -> None:
    """Write the new places down, then give up the old ones."""
    rows, photos = {}, set()
    for line in plan:
        if line.image_file_id is None or line.state == "size_differs":
            continue
        place = LocationIn(machine=wanted.machine, volume=wanted.volume, relative_path=line.path)
        rows[line.image_file_id, line.path] = location_row(line.image_file_id, place)
        if line.state != "unchanged":
            photos.add(line.photo_id)
    await arrivals.seen_at(session, [rows[key] for key in sorted(rows)])
    if gone:
        await session.execute(delete(FileLocation).where(FileLocation.id.in_(gone)))
    if photos:
        await session.execute(update(Photo).where(Photo.id.in_(photos)).values(updated_at=utc_now()))
