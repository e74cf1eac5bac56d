"""Evidence on the wire."""

from typing import Any

from pydantic import BaseModel, Field


class Evidence(BaseModel):
    """One thing that says something; those that come first are believed first."""

    source: str = Field(description="A tag as group and name, `correction`, `client`, `picture`, `atlas`, `arrival`.")
    raw: Any = Field(description="As it stands there.")
    value: Any = Field(description="As it was understood; null: not at all.")
    used: bool
    why: str


class Provenance(BaseModel):
    """All evidence there is, by what it is evidence for, the strongest first."""

    photo_id: int
    hothash: str
    time: list[Evidence]
    offset: list[Evidence]
    place: list[Evidence]
    camera: list[Evidence]
    size: list[Evidence]
