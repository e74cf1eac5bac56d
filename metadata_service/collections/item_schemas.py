"""Items of a collection on the wire, in the shapes of existing clients."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared_schemas.json_safe import LongText, ShortText

MAX_ITEMS: Final = 10_000

Hothash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Hothashes = Annotated[list[Hothash], Field(max_length=MAX_ITEMS)]
Truth = Annotated[bool, Field(strict=True)]
Position = Annotated[
    int, Field(strict=True, ge=0, le=MAX_ITEMS, description="Counted from 0, among the items that are shown.")
]


class TextCard(BaseModel):
    """A card with words on it."""

    model_config = ConfigDict(extra="forbid")

    title: ShortText
    body: LongText


class PhotoItem(BaseModel):
    """A photo of yours. What clients send back besides, as they got it, is left out of account."""

    type: Literal["photo"]
    photo_hothash: Hothash
    caption: LongText | None = None
    visible: Truth = Field(default=True, description="Whether a slideshow shows it.")


class TextItem(BaseModel):
    """A text card."""

    type: Literal["text"]
    text_card: TextCard
    visible: Truth = True


Item = Annotated[PhotoItem | TextItem, Field(discriminator="type")]


class Items(BaseModel):
    """Items to add, or all items in their new order."""

    model_config = ConfigDict(extra="forbid")

    items: list[Item] = Field(max_length=MAX_ITEMS)


class Insertion(Items):
    """Items to put before the one at `position`."""

    position: Position


class Move(BaseModel):
    """Neighbours to move; the first of them will be at `to_position`."""

    model_config = ConfigDict(extra="forbid")

    from_position: Position
    count: int = Field(default=1, strict=True, ge=1, le=MAX_ITEMS)
    to_position: Position


class Positions(BaseModel):
    """Items to take out."""

    model_config = ConfigDict(extra="forbid")

    positions: list[Position] = Field(min_length=1, max_length=MAX_ITEMS)


class Caption(BaseModel):
    """What is said of a photo in this collection."""

    model_config = ConfigDict(extra="forbid")

    caption: LongText | None


class Visible(BaseModel):
    """Whether a slideshow shows the item."""

    model_config = ConfigDict(extra="forbid")

    visible: Truth


class CardChange(BaseModel):
    """What to change of a text card; fields that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    title: ShortText = ""
    body: LongText = ""


class Photos(BaseModel):
    """Photos of yours, by hothash."""

    model_config = ConfigDict(extra="forbid")

    hothashes: Hothashes


class Managed(BaseModel):
    """What became of the items."""

    collection_id: int
    item_count: int
    photo_count: int
    affected_count: int
    skipped_count: int = Field(default=0, description="Photos that are not yours, or were there already.")
    cover_photo_hothash: str | None


class CleanedUp(BaseModel):
    """Photos in the trash lost their places."""

    collection_id: int
    removed_count: int
    photo_count: int
