"""Runs and differences on the wire."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Difference(BaseModel):
    """What reading again changes of one photo."""

    model_config = ConfigDict(from_attributes=True)

    photo_id: int
    changes: dict[str, Any] = Field(
        description="By field `[what the camera's values are now, what they would be]`; `exif_dict` tells how many of"
        " its tags differ."
    )
    is_applied: bool


class PhotoReparse(Difference):
    """The same of one photo by itself."""

    covered: list[str] = Field(description="Fields of `changes` that a correction covers: what counts stays.")


class RunOut(BaseModel):
    """A run over the library, and how far it has come."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    status: Literal["comparing", "compared", "applying", "completed", "cancelled"]
    total: int = Field(description="Photos whose EXIF was kept.")
    compared: int
    different: int
    unreadable: int
    applied: int
    message: str | None = Field(description="What it waits for.")
    created_at: datetime
    updated_at: datetime


class RunList(BaseModel):
    """Your runs, newest first."""

    data: list[RunOut]


class Report(BaseModel):
    """The differences that a run found, by photo."""

    data: list[Difference]
    next_after: int | None = Field(description="Pass as `after` for the next page; null at the end.")
    fields: dict[str, int] = Field(description="How many photos of this page differ in each field.")
