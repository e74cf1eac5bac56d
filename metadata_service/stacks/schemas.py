"""Stacks on the wire, in the shapes of existing clients."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared_schemas.hothash import Sha256Hex
from shared_schemas.json_safe import ShortText, safe_text

StackType = Annotated[str, StringConstraints(min_length=1, max_length=32), AfterValidator(safe_text)]


class StackChange(BaseModel):
    """What to say of a stack; fields that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    stack_type: StackType | None = Field(default=None, examples=["burst", "hdr", "panorama", "raw_jpeg"])
    title: ShortText | None = None
    cover_photo_hothash: Sha256Hex | None = Field(default=None, description="One of the stack's photos.")


class NewStack(StackChange):
    """A stack; the photos may be put in at once."""

    photo_hothashes: list[Sha256Hex] = Field(default_factory=list, max_length=1000)


class Member(BaseModel):
    """A photo to put into the stack; it leaves the one that it is in."""

    model_config = ConfigDict(extra="forbid")

    photo_hothash: Sha256Hex


class StackOut(BaseModel):
    """A stack in a list; photos in the trash are not counted."""

    id: int
    stack_type: str | None
    title: str | None
    cover_photo_hothash: str | None
    photo_count: int
    created_at: datetime
    updated_at: datetime


class StackDetail(StackOut):
    """A stack with its photos, newest first."""

    photo_hothashes: list[str]


class StackDone(BaseModel):
    """What was done."""

    success: bool = True
    message: str
    stack: StackDetail | None = None
