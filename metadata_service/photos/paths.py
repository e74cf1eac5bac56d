"""What paths hold: a photo's name, a row's id."""

from typing import Annotated

from fastapi import Depends, Path

from metadata_service.photos.ref import PhotoRef


async def _from_path(
    ref: Annotated[str, Path(description="The photo's id (digits) or hothash (64 hexadecimal digits).")],
) -> PhotoRef:
    return PhotoRef.parse(ref)


PathRef = Annotated[PhotoRef, Depends(_from_path)]
"""The photo that the path names."""

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
"""A row's id in a path."""
