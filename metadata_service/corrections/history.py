"""A correction as its owner is told of it."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class CorrectionOut(BaseModel):
    """One step of a photo's history."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    photo_id: int
    batch_id: int | None
    kind: Literal["time", "place", "view"]
    value: dict[str, Any] = Field(description="What it does: the name of it as `op`, and its values.")
    reason: str | None
    source: str = Field(description="`person`, or what offered it.")
    created_at: datetime
    undone_at: datetime | None = Field(description="Null: it counts.")


class History(BaseModel):
    """All corrections of a photo, the oldest first; each works on the outcome of those before it."""

    data: list[CorrectionOut]
