"""Events on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from metadata_service.photos.schemas import Id
from shared_schemas.json_safe import LongText, ShortText

Latitude = Annotated[float, Field(strict=True, ge=-90, le=90)]
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180)]
Order = Annotated[int, Field(strict=True, ge=-(2**31), lt=2**31)]


class NewEvent(BaseModel):
    """An event, and where in the tree it lies."""

    model_config = ConfigDict(extra="forbid")

    name: ShortText = Field(min_length=1, examples=["London 2025"])
    description: LongText | None = None
    parent_event_id: Id | None = Field(default=None, description="Null: at the top.")
    location_name: ShortText | None = None
    gps_latitude: Latitude | None = None
    gps_longitude: Longitude | None = None
    sort_order: Order = Field(default=0, description="Orders events below the same parent; then their names do.")


class EventChange(NewEvent):
    """What to change; fields that are left out stay as they are. Another parent moves the event."""

    name: ShortText = Field(default="", min_length=1)


class Move(BaseModel):
    """Where the event goes, with all that lies below it."""

    model_config = ConfigDict(extra="forbid")

    new_parent_id: Id | None = Field(description="Null: to the top.")


class EventOut(BaseModel):
    """An event and how many photos belong to it itself; those in the trash are not counted."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    user_id: int = Field(validation_alias="owner_id")
    name: str
    description: str | None
    parent_event_id: int | None
    location_name: str | None
    gps_latitude: float | None
    gps_longitude: float | None
    sort_order: int
    photo_count: int = 0
    created_at: datetime
    updated_at: datetime


class EventNode(EventOut):
    """An event with all that lies below it."""

    children: list["EventNode"] = []


class EventTree(BaseModel):
    """All events, or one with all that lies below it."""

    events: list[EventNode]
    total_events: int


class PhotoEvent(BaseModel):
    """The event that a photo belongs to."""

    model_config = ConfigDict(extra="forbid")

    event_id: Id | None
