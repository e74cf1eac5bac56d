"""Stories on the wire, in the shapes of existing clients."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from metadata_service.paging import MAX_LIMIT, MAX_OFFSET
from metadata_service.tables import Story
from metadata_service.visibility import Visibility, VisibilityName
from shared_schemas.json_safe import JsonObject, LongText, ShortText

DocumentType = Literal["general", "album", "slideshow"]
Title = Annotated[ShortText, Field(min_length=1)]
VERSION = "1.0"


class CoverImage(BaseModel):
    """The picture that stands for a story: a photo's hothash, and what it shows in words."""

    model_config = ConfigDict(extra="forbid")

    hash: ShortText
    alt: ShortText


class StoryChange(BaseModel):
    """What to change; fields that are left out stay as they are.

    Null takes the abstract and the cover image away; of what a story cannot be without, it changes nothing.
    """

    model_config = ConfigDict(extra="forbid")

    title: Title | None = None
    document_type: DocumentType | None = None
    content: JsonObject | None = Field(default=None, description="Blocks of text and photos, which the client reads.")
    abstract: LongText | None = None
    cover_image: CoverImage | None = None
    is_published: Annotated[bool, Field(strict=True)] | None = None
    visibility: VisibilityName | None = Field(default=None, description="Who may read it, once it is published.")

    def columns(self) -> dict[str, Any]:
        """The columns to set, by name."""
        given = self.model_dump(exclude_unset=True, exclude={"cover_image", "visibility"})
        columns = {name: value for name, value in given.items() if value is not None or name == "abstract"}
        if "cover_image" in self.model_fields_set:
            columns["cover_image_hash"] = self.cover_image.hash if self.cover_image else None
            columns["cover_image_alt"] = self.cover_image.alt if self.cover_image else None
        if self.visibility is not None:
            columns["visibility"] = Visibility[self.visibility.upper()].value
        return columns


class NewStory(StoryChange):
    """A story; unless it says otherwise, a private draft."""

    title: Title
    document_type: DocumentType
    content: JsonObject


class Wanted(BaseModel):
    """Which stories, in which order."""

    model_config = ConfigDict(extra="forbid")

    document_type: DocumentType | None = None
    is_published: bool | None = None
    visibility: VisibilityName | None = None
    sort_by: Literal["created_at", "updated_at", "title"] = "created_at"
    sort_order: Literal["asc", "desc"] = "desc"
    limit: int = Field(default=20, ge=1, le=MAX_LIMIT)
    offset: int = Field(default=0, ge=0, le=MAX_OFFSET)

    @property
    def level(self) -> Visibility | None:
        """The level of visibility, if one was named."""
        return None if self.visibility is None else Visibility[self.visibility.upper()]


class StorySummary(BaseModel):
    """A story in a list."""

    id: int
    user_id: int
    title: str
    document_type: DocumentType
    abstract: str | None
    cover_image: CoverImage | None
    cover_image_hash: str | None
    cover_image_alt: str | None
    is_published: bool
    published_at: datetime | None
    visibility: VisibilityName
    version: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, story: Story) -> Self:
        """Show a story."""
        stored = {name: getattr(story, name) for name in cls.model_fields if hasattr(Story, name)}
        cover = (story.cover_image_hash, story.cover_image_alt)
        told = {
            "user_id": story.owner_id,
            "cover_image": None if None in cover else {"hash": cover[0], "alt": cover[1]},
            "visibility": Visibility(story.visibility).word,
            "version": VERSION,
        }
        return cls(**(stored | told))


class StoryOut(StorySummary):
    """A story with all its blocks."""

    content: dict[str, Any]


class StoryList(BaseModel):
    """One page of stories."""

    documents: list[StorySummary]
    total: int
    limit: int
    offset: int
