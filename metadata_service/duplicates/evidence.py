"""Why two photos are held to be alike: pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from metadata_service.derived.likeness import distance
from metadata_service.duplicates.schemas import Evidence, LikePhoto


def shown(photo: Any) -> LikePhoto:
    """Give a row of the repository as the wire has it."""
    fields = {name: getattr(photo, name) for name in LikePhoto.model_fields if name != "hotpreview_url"}
    url = f"/api/v1/photos/{photo.id}/hotpreview" if photo.hotpreview_width else None
    return LikePhoto(**fields, hotpreview_url=url)


def compared(one: Any, other: Any, digests: Mapping[int, set[str]]) -> Evidence:
    """Say what two photos have in common."""
    apart = None if one.taken_at is None or other.taken_at is None else abs(one.taken_at - other.taken_at)
    return Evidence(
        distance=distance(one.perceptual_hash or 0, other.perceptual_hash or 0),
        same_camera=_same_camera(one, other),
        seconds_apart=None if apart is None else int(apart.total_seconds()),
        same_file=bool(digests.get(one.id, set()) & digests.get(other.id, set())),
    )


def _same_camera(one: Any, other: Any) -> bool | None:
    if one.camera_model is None or other.camera_model is None:
        return None
    return bool(one.camera_model.strip().casefold() == other.camera_model.strip().casefold())


def best(photos: Iterable[Any]) -> Any:
    """Which of several to keep: the best rated, the largest picture, the largest file, the one that was there first."""
    return max(
        photos,
        key=lambda photo: (
            photo.rating,
            (photo.width or 0) * (photo.height or 0),
            photo.file_size_bytes or 0,
            -photo.id,
        ),
    )
