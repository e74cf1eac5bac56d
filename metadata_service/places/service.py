"""What may be done with places."""

import json
import math
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.places import repository
from metadata_service.places.errors import PlaceHasPartsError, PlaceNotFoundError, PlaceRefusedError
from metadata_service.places.geometry import area_m2, centre, ring
from metadata_service.places.schemas import NewPlace, PlaceOut
from metadata_service.tables import Place
from shared_schemas.problem import FieldError

MAX_PLACES: Final = 2000
_HOLDER: Final = {"area": "site", "spot": "area"}


async def get(session: AsyncSession, owner_id: int, place_id: int, *, to_change: bool = False) -> Place:
    """Find an owner's place or raise `PlaceNotFoundError`."""
    place = await repository.find(session, owner_id, place_id, to_change=to_change)
    if place is None:
        raise PlaceNotFoundError
    return place


async def names(session: AsyncSession, owner_id: int) -> dict[int, str]:
    """What the owner's places are called, with all that they lie in: `Farm - North greenhouse - Table 2`."""
    places = await repository.all_of(session, owner_id)
    return {place.id: " - ".join(part.name for part in lineage(places, place)) for place in places}


def lineage(places: Sequence[Place], place: Place) -> list[Place]:
    """A place after all that it lies in, the largest first."""
    by_id = {one.id: one for one in places}
    line = [place]
    while (parent := by_id.get(line[0].parent_id or 0)) is not None:
        line.insert(0, parent)
    return line


def within(places: Sequence[Place], place_id: int) -> set[int]:
    """A place and all that lie in it."""
    by_id = {one.id: one for one in places}
    return {one.id for one in places if place_id in {part.id for part in lineage(places, by_id[one.id])}}


async def show_all(session: AsyncSession, owner_id: int) -> list[PlaceOut]:
    """All places, each after the one that it lies in."""
    places = await repository.all_of(session, owner_id)
    return sorted((_told(places, place) for place in places), key=lambda place: (place.path.casefold(), place.id))


async def show(session: AsyncSession, owner_id: int, place_id: int) -> PlaceOut:
    """One place."""
    return _told(await repository.all_of(session, owner_id), await get(session, owner_id, place_id))


async def create(session: AsyncSession, owner_id: int, wanted: NewPlace) -> PlaceOut:
    """Draw a new place."""
    places = await repository.all_of(session, owner_id)
    if len(places) >= MAX_PLACES:
        raise PlaceRefusedError(f"You have {MAX_PLACES} places already, which is as many as there can be.")
    await _check_parent(session, owner_id, wanted)
    place = Place(owner_id=owner_id, **_columns(wanted))
    session.add(place)
    await session.flush()
    return await show(session, owner_id, place.id)


async def change(session: AsyncSession, owner_id: int, place_id: int, wanted: NewPlace) -> PlaceOut:
    """Draw a place anew; photos that were matched before stay until they are processed again."""
    place = await get(session, owner_id, place_id, to_change=True)
    if place.kind != wanted.kind and await repository.has_parts(session, owner_id, place_id):
        raise PlaceHasPartsError("What lies in this place would fit no more. Move it first.")
    await _check_parent(session, owner_id, wanted)
    for name, value in _columns(wanted).items():
        setattr(place, name, value)
    await session.flush()
    return await show(session, owner_id, place_id)


async def delete(session: AsyncSession, owner_id: int, place_id: int) -> int:
    """Remove a place; say how many uploads were there."""
    place = await get(session, owner_id, place_id, to_change=True)
    if await repository.has_parts(session, owner_id, place_id):
        raise PlaceHasPartsError("Remove the places that lie in this one first.")
    left = await repository.count_uploads(session, place_id)
    await session.delete(place)
    await session.flush()
    return left


async def _check_parent(session: AsyncSession, owner_id: int, wanted: NewPlace) -> None:
    holder = _HOLDER.get(wanted.kind)
    if wanted.parent_id is None:
        if holder is not None:
            raise _misplaced(f"{wanted.kind} lies in {holder}: say in which.")
        return
    parent = await repository.find(session, owner_id, wanted.parent_id, to_change=True)
    if parent is None:
        raise _misplaced("You have no such place.")
    if parent.kind != holder:
        raise _misplaced(f"A place of the kind {wanted.kind} cannot lie in one of the kind {parent.kind}.")


def _misplaced(said: str) -> PlaceRefusedError:
    return PlaceRefusedError(said, errors=[FieldError(loc=["body", "parent_id"], msg=said)])


def _columns(wanted: NewPlace) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "name": wanted.name,
        "kind": wanted.kind,
        "parent_id": wanted.parent_id,
        "radius_m": wanted.radius_m,
    }
    columns["analysis"] = wanted.analysis.model_dump() if wanted.analysis else None
    if wanted.polygon is None:
        size = math.pi * (wanted.radius_m or 0) ** 2
        return {**columns, "polygon": None, "latitude": wanted.latitude, "longitude": wanted.longitude, "area_m2": size}
    corners = ring(wanted.polygon)
    longitude, latitude = centre(corners)
    drawn = {"polygon": json.dumps(wanted.polygon), "latitude": latitude, "longitude": longitude}
    return {**columns, **drawn, "area_m2": area_m2(corners)}


def _told(places: Sequence[Place], place: Place) -> PlaceOut:
    shown = {name: getattr(place, name) for name in PlaceOut.model_fields if name not in {"path", "polygon"}}
    path = " - ".join(part.name for part in lineage(places, place))
    return PlaceOut(**shown, path=path, polygon=json.loads(place.polygon) if place.polygon else None)
