"""Collections on the wire, in the shapes of existing clients."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from metadata_service.collections.item_schemas import Hothashes, TextCard
from metadata_service.photos.schemas import PhotoOut
from shared_schemas.json_safe import LongText, ShortText


class NewCollection(BaseModel):
    """A collection, and photos to begin with."""

    model_config = ConfigDict(extra="forbid")

    name: ShortText = Field(min_length=1, examples=["Grandmother's album"])
    description: LongText | None = None
    hothashes: Hothashes = []


class CollectionChange(BaseModel):
    """What to change; fields that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    name: ShortText = Field(default="", min_length=1)
    description: LongText | None = None


class CollectionOut(BaseModel):
    """A collection. Photos in the trash do not count, and come back to their places when they are restored."""

    id: int
    user_id: int
    name: str
    description: str | None
    hothashes: list[str]
    item_count: int
    photo_count: int
    text_card_count: int
    cover_photo_hothash: str | None = Field(description="The first photo.")
    created_at: datetime
    updated_at: datetime


class ShownItem(BaseModel):
    """An item; a photo has the first three besides, a text card the last."""

    type: Literal["photo", "text"]
    visible: bool
    photo_hothash: str | None = None
    caption: str | None = None
    photo: PhotoOut | None = None
    text_card: TextCard | None = None


class CollectionDetail(CollectionOut):
    """A collection with its items in order."""

    items: list[ShownItem]


class CollectionList(BaseModel):
    """One page of collections."""

    collections: list[CollectionOut]
    total: int
