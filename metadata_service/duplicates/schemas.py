"""Photos that look alike, on the wire. All of them are the caller's own."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from metadata_service.derived.likeness import FARTHEST
from metadata_service.photos.schemas import Id
from shared_schemas.hothash import Sha256Hex
from shared_schemas.photoegg import WallClock

Distance = Annotated[int, Field(ge=0, le=FARTHEST)]
_Id = Annotated[Id, Field(strict=True)]
Name = Annotated[_Id | Sha256Hex, Field(description="An id or a hothash.")]


class LikePhoto(BaseModel):
    """A photo with what helps to choose between two."""

    id: int
    hothash: str
    hotpreview_url: str | None
    title: str | None
    rating: int
    taken_at: WallClock | None
    camera_make: str | None
    camera_model: str | None
    width: int | None
    height: int | None
    image_format: str | None
    file_size_bytes: int | None
    primary_filename: str | None
    stack_id: int | None


class Evidence(BaseModel):
    """Why two photos are held to be alike. Null: unknown of one of them."""

    distance: int = Field(
        description="In how many of 64 bits their perceptual hashes differ; 0 to 3 is the same picture."
    )
    same_camera: bool | None
    seconds_apart: int | None = Field(description="By the cameras' clocks.")
    same_file: bool = Field(description="Both have a file of the very same bytes.")


class Similar(BaseModel):
    """A photo that is like the one that was asked about."""

    photo: LikePhoto
    evidence: Evidence


class SimilarMeta(BaseModel):
    """What was searched."""

    distance: int
    has_hash: bool = Field(description="False: the photo has no perceptual hash, so that nothing can be like it.")
    is_cut: bool = Field(description="True: there are more than `limit`.")


class SimilarPhotos(BaseModel):
    """The nearest first."""

    data: list[Similar]
    meta: SimilarMeta


class GroupMember(BaseModel):
    """A photo of a group; the evidence compares it with the group's first."""

    photo: LikePhoto
    evidence: Evidence


class Group(BaseModel):
    """Photos that are alike, each to another of the group."""

    photos: list[GroupMember] = Field(description="The oldest arrival first.")
    suggested_keep_id: int = Field(description="The best rated, then the largest picture, then the largest file.")
    is_cut: bool = Field(description="True: the group has more photos than are shown.")


class GroupsMeta(BaseModel):
    """Where the page lies."""

    limit: int
    distance: int
    next_cursor: str | None
    photos_to_compare: int = Field(description="So many of your photos were not compared with the others yet.")


class Groups(BaseModel):
    """One page of groups."""

    data: list[Group]
    meta: GroupsMeta


class MergeIn(BaseModel):
    """Which photo stays, and which are united into it and go to the trash."""

    model_config = ConfigDict(extra="forbid")

    keep: Name
    merge: list[Name] = Field(min_length=1, max_length=100)


class Difference(BaseModel):
    """Both photos had a word for this; the kept photo's counts, the other's stays with the photo in the trash."""

    field: str
    kept: Any
    merged: Any


class MergeOut(BaseModel):
    """One photo was united into another."""

    id: int
    kept_id: int | None
    merged_id: int | None = Field(description="Null: the photo was removed for good since.")
    created_at: datetime
    undone_at: datetime | None
    changed_fields: list[str]
    differences: list[Difference]
    tags_added: int
    files_moved: int
    names_moved: int
    collection_items_moved: int


class Merges(BaseModel):
    """What was done: each merge can be undone by its id."""

    data: list[MergeOut]


class DismissIn(BaseModel):
    """Photos that are not duplicates of each other."""

    model_config = ConfigDict(extra="forbid")

    photos: list[_Id] = Field(min_length=2, max_length=100)
    is_dismissed: bool = Field(default=True, strict=True, description="False: let them be suggested again.")


class Dismissed(BaseModel):
    """How many pairs that concerned."""

    pairs: int
