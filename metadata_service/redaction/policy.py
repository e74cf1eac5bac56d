"""Policies: how much of a photo is told, and the one place where its fields are made less."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, Literal

from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.redaction.times import Time, told_at
from metadata_service.tables import Disclosure, PhotoDisclosure
from metadata_service.visibility import Viewer, Visibility

PlaceName = Literal["none", "country", "near", "exact"]
AudienceName = Literal["space", "authenticated", "public", "link"]


class Place(IntEnum):
    """How exactly it is told where a photo was taken."""

    NONE = 0
    COUNTRY = 1
    NEAR = 2
    EXACT = 3

    @property
    def word(self) -> PlaceName:
        """The name on the wire."""
        return _PLACES[self]


_PLACES: Final[dict[Place, PlaceName]] = {
    Place.NONE: "none",
    Place.COUNTRY: "country",
    Place.NEAR: "near",
    Place.EXACT: "exact",
}

LINK: Final = 4
"""Stands for share links, beside the levels of visibility."""
AUDIENCES: Final[dict[AudienceName, int]] = {
    "space": Visibility.SPACE.value,
    "authenticated": Visibility.AUTHENTICATED.value,
    "public": Visibility.PUBLIC.value,
    "link": LINK,
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What is told of a photo to those who see it and do not own it."""

    place: Place
    camera: bool
    filename: bool
    exif: bool
    time: Time = Time.EXACT


DEFAULTS: Final[Mapping[int, Policy]] = {
    **dict.fromkeys(Visibility, Policy(Place.NEAR, camera=True, filename=False, exif=False)),
    LINK: Policy(Place.NONE, camera=True, filename=False, exif=False),
}
"""Where an owner said nothing. A link may show photos that are private, to people who are not known."""

_NEAR_DIGITS: Final = 1  # of degrees: a grid of about eleven kilometres
_EXACTLY: Final = ("gps_latitude", "gps_longitude", "gps_altitude", "city")
_CAMERA: Final = ("camera_make", "camera_model", "lens_model", "focal_length", "f_number", "iso", "exposure_time")
# Of all that a file says, what names its place, its owner or one very device; whatever group it stands in.
_TELLTALE: Final = (
    *("gps", "location", "city", "serial", "uniqueid", "makernote", "xmp", "iptc"),
    *("owner", "artist", "creator", "author", "copyright", "filename"),
)


def redact(fields: dict[str, Any], policy: Policy) -> None:
    """Make a photo's fields less, in place: `PhotoOut` as others may know it."""
    _redact_place(fields, policy.place)
    if not policy.camera:
        fields.update(dict.fromkeys(_CAMERA))
    if not policy.filename:
        fields["primary_filename"] = None
    if fields["taken_at"] is not None and policy.time is not Time.EXACT:
        fields["taken_at"], fields["taken_at_offset"] = told_at(fields["taken_at"], policy.time), None
        fields["taken_at_precision"] = policy.time.word


def _redact_place(fields: dict[str, Any], place: Place) -> None:
    if place is Place.EXACT:
        return
    latitude, longitude = fields["gps_latitude"], fields["gps_longitude"]
    fields.update(dict.fromkeys(_EXACTLY))
    if place is Place.NEAR and latitude is not None and longitude is not None:
        fields["gps_latitude"], fields["gps_longitude"] = round(latitude, _NEAR_DIGITS), round(longitude, _NEAR_DIGITS)
    if place < Place.NEAR:
        fields["region"] = None
    if place < Place.COUNTRY:
        fields.update(country=None, country_code=None)


def exif_told(exif: Mapping[str, Any], policy: Policy) -> dict[str, Any] | None:
    """What of a file's own words is told: nothing, unless it is allowed, and even then nothing that names somebody."""
    if not (policy.exif and policy.camera and policy.filename and policy.time is Time.EXACT):
        return None
    return {
        name: exif_told(value, policy) if isinstance(value, dict) else value
        for name, value in exif.items()
        if not any(word in name.lower().replace(" ", "") for word in _TELLTALE)
    }


async def policies(session: AsyncSession, viewer: Viewer, photos: Iterable[Any]) -> dict[int, Policy]:
    """The policies of photos given as (id, owner_id, level), as `viewer` meets them; of the viewer's own, none."""
    theirs = [(photo_id, owner_id, level) for photo_id, owner_id, level in photos if not viewer.owns(owner_id)]
    if not theirs:
        return {}
    found: dict[tuple[int | None, int], Any] = {}
    for row in await session.execute(_said([row[0] for row in theirs], sorted({row[1] for row in theirs}))):
        found[row.level, row.key] = row
    is_link = viewer.eyes is not None and viewer.eyes.of == "link"
    told = {}
    for photo_id, owner_id, level in theirs:
        audience = LINK if is_link else level
        told[photo_id] = _over(found.get((None, photo_id)), _over(found.get((audience, owner_id)), DEFAULTS[audience]))
    return told


def _said(photo_ids: list[int], owner_ids: list[int]) -> Any:
    """What owners said, of their levels and of single photos, in one statement."""

    def columns(table: type[Disclosure] | type[PhotoDisclosure]) -> tuple[Any, ...]:
        return table.place, table.camera, table.filename, table.exif, table.time

    levels: Select[Any] = select(Disclosure.level, Disclosure.owner_id.label("key"), *columns(Disclosure))
    none = select(literal(None, Disclosure.level.type), PhotoDisclosure.photo_id, *columns(PhotoDisclosure))
    return union_all(
        levels.where(Disclosure.owner_id.in_(owner_ids)), none.where(PhotoDisclosure.photo_id.in_(photo_ids))
    )


def _over(said: Any | None, below: Policy) -> Policy:
    """What was said, where something was said."""
    if said is None:
        return below
    return Policy(
        place=below.place if said.place is None else Place(said.place),
        camera=below.camera if said.camera is None else bool(said.camera),
        filename=below.filename if said.filename is None else bool(said.filename),
        exif=below.exif if said.exif is None else bool(said.exif),
        time=below.time if said.time is None else Time(said.time),
    )
