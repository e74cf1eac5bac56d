"""Tags on the wire, in the shapes of existing clients."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from shared_schemas.json_safe import safe_text


def _spaced(name: str) -> str:
    """Keep single spaces, and refuse what is nothing else."""
    if not (spaced := " ".join(safe_text(name).split())):
        raise ValueError("a tag has a name")
    return spaced


TagName = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_spaced)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class TagOut(BaseModel):
    """A tag and how many photos bear it; those in the trash are not counted."""

    id: int
    name: str
    photo_count: int
    created_at: datetime
    updated_at: datetime


class TagList(BaseModel):
    """All tags of the caller."""

    tags: list[TagOut]
    total: int


class Suggestion(BaseModel):
    """A tag that begins with what was typed."""

    id: int
    name: str
    photo_count: int


class Suggestions(BaseModel):
    """The most used first."""

    suggestions: list[Suggestion]


class Rename(BaseModel):
    """The tag's name from now on."""

    model_config = ConfigDict(extra="forbid")

    new_name: TagName


class Renamed(BaseModel):
    """The tag was renamed."""

    id: int
    old_name: str
    new_name: str
    photo_count: int
    updated_at: datetime


class Merge(BaseModel):
    """The tag that takes over."""

    model_config = ConfigDict(extra="forbid")

    into_id: Id


class Merged(BaseModel):
    """One tag remains of two."""

    id: int
    name: str
    photo_count: int
    photos_affected: int


class TagDeleted(BaseModel):
    """The tag is gone; its photos stay."""

    deleted_tag: str
    photos_affected: int
    message: str


class Names(BaseModel):
    """Tags to put on a photo."""

    model_config = ConfigDict(extra="forbid")

    tags: list[TagName] = Field(min_length=1, max_length=200)


class TagBrief(BaseModel):
    """A tag on a photo."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


class Tagged(BaseModel):
    """The photo's tags after adding some."""

    hothash: str
    tags: list[TagBrief]
    added: int
    skipped: int = Field(description="How many it had already.")
    message: str


class Untagged(BaseModel):
    """The photo's tags after removing one."""

    hothash: str
    removed_tag: str
    remaining_tags: list[TagBrief]


class BulkTags(BaseModel):
    """Tags to put on, and to take from, many photos at once."""

    model_config = ConfigDict(extra="forbid")

    photo_ids: list[Id] = Field(min_length=1, max_length=5000)
    add: list[TagName] = Field(default_factory=list, max_length=50)
    remove: list[TagName] = Field(default_factory=list, max_length=50)
    tell_before: bool = Field(default=False, description="Tell which photos had the added tags, for the way back.")

    @model_validator(mode="after")
    def _something_to_do(self) -> Self:
        if not self.add and not self.remove:
            raise ValueError("add or remove something")
        return self


class BulkTagged(BaseModel):
    """How many of the photos are the caller's, and how many tags were put on and taken off."""

    photos: int
    added: int
    removed: int
    had: dict[str, list[int]] = Field(
        default={}, description="Photos that had a tag of `add`, by its name, where `tell_before` asked for it."
    )
