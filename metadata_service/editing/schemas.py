"""Which photos to change, how, and what came of it."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from metadata_service.photos.schemas import Id, PhotoChange
from metadata_service.visibility import VisibilityName

_MOST: Final = 10_000
_Hothash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Chosen(BaseModel):
    """Which photos of yours."""

    model_config = ConfigDict(extra="forbid")

    ids: list[Id] = Field(default=[], max_length=_MOST)
    hothashes: list[_Hothash] = Field(default=[], max_length=_MOST)

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not (self.ids or self.hothashes):
            raise ValueError("ids or hothashes must name at least one photo")
        return self

    @property
    def asked(self) -> int:
        """How many different names were given."""
        return len(set(self.ids)) + len(set(self.hothashes))


class BulkChange(Chosen):
    """What to change of them all."""

    change: PhotoChange
    tell_before: bool = Field(default=False, description="Tell what the photos had, for the way back.")


class Widening(Chosen):
    """How photos would be shared: at another level, or in a space."""

    visibility: VisibilityName | None = None
    space_id: Id | None = Field(default=None, description="A space that you belong to, to put them into.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.visibility is None) == (self.space_id is None):
            raise ValueError("give either visibility or space_id")
        return self


class Audience(BaseModel):
    """Who would see photos that they do not see now."""

    who: Literal["space", "signed_in", "anyone"]
    photos: int
    space_id: int | None = None
    space_name: str | None = None
    people: int | None = Field(default=None, description="How many belong to the space besides you.")


class WideningTold(BaseModel):
    """What would come of it."""

    photos: int
    skipped: int = Field(description="Names of no photo of yours.")
    narrowed: int = Field(description="Photos that fewer people would see than do now.")
    newly_seen_by: list[Audience]


class BulkDelete(Chosen):
    """How to delete them all."""

    purge: bool = Field(default=False, description="For good, without the trash; also what lies there already.")


class Had(BaseModel):
    """Photos that had the same in the fields that were changed."""

    ids: list[int]
    change: dict[str, Any] = Field(description="What they had: sent as `change`, it is the way back.")


class BulkChanged(BaseModel):
    """What was changed."""

    changed: int
    skipped: int = Field(description="Names of no photo of yours.")
    before: list[Had] = Field(default=[], description="What the photos had, where `tell_before` asked for it.")


class BulkRestored(BaseModel):
    """What was taken out of the trash."""

    restored: int
    skipped: int = Field(description="Names of no photo in your trash.")


class BulkDeleted(BaseModel):
    """What was deleted."""

    deleted: int
    skipped: int = Field(description="Names of no photo of yours.")
