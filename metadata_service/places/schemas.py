"""Places on the wire."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from metadata_service.places.geometry import MAX_POINTS, NotAnAreaError, ring
from shared_schemas.json_safe import ShortText
from shared_schemas.photoegg import MAX_INT64

Kind = Literal["site", "area", "spot"]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]


def _checked(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    try:
        ring(points)
    except NotAnAreaError as error:
        raise ValueError(str(error)) from error
    return points


Polygon = Annotated[
    list[tuple[Longitude, Latitude]], Field(min_length=3, max_length=MAX_POINTS), AfterValidator(_checked)
]


class PlaceAnalysis(BaseModel):
    """What is looked for in photos of a place, and of those that lie in it."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field(min_length=1, max_length=100, pattern="^[a-z0-9_-]+$", examples=["plants"])
    min_confidence: float = Field(default=0.5, ge=0, le=1)


class NewPlace(BaseModel):
    """A named area: a polygon of `[longitude, latitude]`, or a circle around a point."""

    model_config = ConfigDict(extra="forbid")

    name: ShortText = Field(min_length=1, max_length=255, examples=["North greenhouse"])
    kind: Kind = Field(description="A site holds areas, an area holds spots.")
    parent_id: Annotated[int, Field(ge=1, le=MAX_INT64)] | None = None
    polygon: Polygon | None = Field(default=None, examples=[[[10.75, 59.91], [10.76, 59.91], [10.76, 59.92]]])
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    radius_m: Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)] | None = None
    analysis: PlaceAnalysis | None = None

    @model_validator(mode="after")
    def _has_one_shape(self) -> Self:
        circle = (self.latitude, self.longitude, self.radius_m)
        if self.polygon is not None and any(part is not None for part in circle):
            raise ValueError("give a polygon or a circle, not both")
        if self.polygon is None and any(part is None for part in circle):
            raise ValueError("give a polygon, or latitude, longitude and radius_m of a circle")
        return self


class PlaceOut(BaseModel):
    """A place; `path` names what it lies in, the largest first."""

    id: int
    parent_id: int | None
    kind: Kind
    name: str
    path: str = Field(examples=["Farm - North greenhouse - Table 2"])
    polygon: list[tuple[float, float]] | None
    latitude: float = Field(description="Of the middle.")
    longitude: float
    radius_m: float | None
    area_m2: float
    analysis: PlaceAnalysis | None
    created_at: datetime
    updated_at: datetime


class PlaceList(BaseModel):
    """All of the owner's places, each after the one that it lies in."""

    data: list[PlaceOut]


class PlaceEventOut(BaseModel):
    """An upload came to the place or left it."""

    timestamp: datetime
    event: Literal["matched", "assigned", "removed"]
    image_id: UUID
    filename: str
    photo_id: int | None


class PlaceHistory(BaseModel):
    """What happened at a place, the last first."""

    data: list[PlaceEventOut]
    next_cursor: str | None


class PlaceDeleted(BaseModel):
    """The place is gone; its photos stay, without one."""

    id: int
    photos_left: int
