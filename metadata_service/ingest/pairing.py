"""The rule by which a raw file and a JPEG are one photo. Pure: it sees what is given and nothing else.

They are one exposure when all of this holds:

1. exactly one of them is raw;
2. they lie in the same folder of the same volume and machine, under the same name but for the extension;
3. both say when they were taken, by the camera's clock, and agree within two seconds;
4. where both name their camera, it is the same one.

A name alone proves nothing: cameras count from 0001 again, and every folder has its IMG_0001.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# A camera stamps the raw file and the JPEG at different moments of writing, at most a second or two apart.
_CLOCK_TOLERANCE: Final = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Shot:
    """The evidence about one picture. `stem_key` stands for machine, volume, folder and stem."""

    stem_key: str | None
    is_raw: bool
    taken_at: datetime | None
    camera_model: str | None


def are_one_exposure(one: Shot, other: Shot) -> bool:
    """Apply the rule."""
    if one.is_raw == other.is_raw:
        return False
    if one.stem_key is None or one.stem_key != other.stem_key:
        return False
    if one.taken_at is None or other.taken_at is None:
        return False
    return abs(one.taken_at - other.taken_at) <= _CLOCK_TOLERANCE and _same_camera(one, other)


def _same_camera(one: Shot, other: Shot) -> bool:
    if not one.camera_model or not other.camera_model:
        return True
    return one.camera_model.strip().casefold() == other.camera_model.strip().casefold()
