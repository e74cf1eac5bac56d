"""What lies in the trash, on the wire."""

from datetime import datetime

from pydantic import BaseModel, Field

from metadata_service.photos.schemas import PhotoOut


class TrashedPhoto(PhotoOut):
    """A photo that was thrown away; its hotpreview is still shown to its owner."""

    deleted_at: datetime


class Emptied(BaseModel):
    """The trash is empty."""

    purged: int = Field(description="So many photos are gone for good.")
