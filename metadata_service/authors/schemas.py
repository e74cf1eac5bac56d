"""Authors on the wire."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, EmailStr, Field

from shared_schemas.json_safe import LongText, ShortText


class NewAuthor(BaseModel):
    """A photographer."""

    model_config = ConfigDict(extra="forbid")

    name: ShortText = Field(min_length=1, examples=["Kari Nordmann"])
    email: EmailStr | None = None
    bio: LongText | None = None


class AuthorChange(BaseModel):
    """What to change; fields that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    name: ShortText = Field(default="", min_length=1)
    email: EmailStr | None = None
    bio: LongText | None = None


class AuthorOut(BaseModel):
    """An author and how many photos name them; those in the trash are not counted."""

    id: int
    name: str
    email: str | None
    bio: str | None
    created_at: datetime
    updated_at: datetime
    image_count: int


class AuthorDeleted(BaseModel):
    """The author is gone; the photos stay, without an author."""

    id: int
    message: str = "The author was deleted."
