"""Which photos to change, how, and what came of it."""

from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from metadata_service.photos.schemas import Id, PhotoChange

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


class BulkDelete(Chosen):
    """How to delete them all."""

    purge: bool = Field(default=False, description="For good, without the trash; also what lies there already.")


class BulkChanged(BaseModel):
    """What was changed."""

    changed: int
    skipped: int = Field(description="Names of no photo of yours.")


class BulkDeleted(BaseModel):
    """What was deleted."""

    deleted: int
    skipped: int = Field(description="Names of no photo of yours.")
