"""Finds the place in which a photo was taken, and remembers where it was thought to be before."""

import json
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.places import repository
from metadata_service.places.geometry import contains, distance_m, unrolled
from metadata_service.tables import Place, PlaceEvent, Upload

_DEPTH: Final = {"site": 0, "area": 1, "spot": 2}
NO_POSITION: Final = {
    "code": "needs_location",
    "message": "The photo does not say where it was taken. Choose its place by hand.",
}
NO_PLACE: Final = {
    "code": "needs_location",
    "message": "The photo was taken outside of all your places. Choose one by hand, or draw the missing one.",
}


def best(places: Iterable[Place], latitude: float, longitude: float) -> Place | None:
    """Of the places around a point the most particular one: a spot before an area before a site, then the smallest."""
    around = [place for place in places if covers(place, latitude, longitude)]
    return min(around, key=lambda place: (-_DEPTH[place.kind], place.area_m2, place.id), default=None)


def covers(place: Place, latitude: float, longitude: float) -> bool:
    """Tell whether a point lies in a place."""
    if place.radius_m is not None:
        return distance_m((place.longitude, place.latitude), (longitude, latitude)) <= place.radius_m
    return contains(unrolled(json.loads(place.polygon or "[]")), (longitude, latitude))


async def settle(
    session: AsyncSession, upload: Upload, latitude: float | None, longitude: float | None
) -> list[dict[str, Any]]:
    """Give an upload its place and tell what is missing; what a person chose stays. Who has no places misses none."""
    if upload.place_is_manual and upload.place_id is not None:
        return []
    places = await repository.all_of(session, upload.owner_id)
    if not places:
        return []
    if latitude is None or longitude is None:
        move(session, upload, None, "removed")
        return [NO_POSITION]
    place = best(places, latitude, longitude)
    move(session, upload, place.id if place else None, "matched")
    return [] if place else [NO_PLACE]


def assign(session: AsyncSession, upload: Upload, place_id: int | None) -> None:
    """Put an upload where a person says; None leaves it to its position again."""
    move(session, upload, place_id, "assigned")
    upload.place_is_manual = place_id is not None


def move(session: AsyncSession, upload: Upload, place_id: int | None, how: str) -> None:
    """Change the place of an upload and write it down at both."""
    if upload.place_id == place_id:
        return
    if upload.place_id is not None:
        session.add(PlaceEvent(place_id=upload.place_id, upload_id=upload.id, event="removed"))
    if place_id is not None:
        session.add(PlaceEvent(place_id=place_id, upload_id=upload.id, event=how))
    upload.place_id = place_id
