"""An egg with its owner's wishes, and the answer to it."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from metadata_service.photos.schemas import Wishes
from metadata_service.tables import Photo
from metadata_service.visibility import Visibility, VisibilityName
from shared_schemas.photoegg import PhotoEgg


class NewPhoto(PhotoEgg, Wishes):
    """A PhotoEgg exactly as core_service laid it, with the owner's wishes beside its fields.

    The egg may also be nested: `{"photo_egg": {…}, "rating": 4}`.
    """

    model_config = ConfigDict(title="NewPhoto")

    @model_validator(mode="before")
    @classmethod
    def _unwrap(cls, body: Any) -> Any:
        if isinstance(body, dict) and isinstance(body.get("photo_egg"), dict):
            wishes = {name: value for name, value in body.items() if name != "photo_egg"}
            return {**body["photo_egg"], **wishes}
        return body


class Created(BaseModel):
    """The photo, new or found."""

    id: int
    hothash: str = Field(description="Of the photo that is kept; another than the egg's when the file was known.")
    width: int
    height: int
    rating: int
    visibility: VisibilityName
    taken_at: datetime | None
    created_at: datetime
    user_id: int
    is_duplicate: bool

    @classmethod
    def of(cls, photo: Photo, *, is_duplicate: bool) -> Self:
        """Tell the owner about their photo."""
        return cls(
            id=photo.id,
            hothash=photo.hothash,
            width=photo.width,
            height=photo.height,
            rating=photo.rating,
            visibility=Visibility(photo.visibility).word,
            taken_at=photo.taken_at,
            created_at=photo.created_at,
            user_id=photo.owner_id,
            is_duplicate=is_duplicate,
        )
