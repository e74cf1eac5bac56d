"""Policies on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from metadata_service.redaction.policy import PlaceName
from metadata_service.redaction.times import TimeName

_Place = Annotated[
    PlaceName, Field(description="`near`: to about ten kilometres, with the region; `country`: its name alone.")
]
_Time = Annotated[
    TimeName, Field(description="Of when it was taken, in every answer and every order: all, the day, or the month.")
]
_Camera = Annotated[bool, Field(strict=True, description="Camera, lens and exposure; if not, nor is it found by them.")]
_Filename = Annotated[bool, Field(strict=True, description="The name of the photo's first file.")]
_Exif = Annotated[
    bool, Field(strict=True, description="`exif_dict`, without places, serial numbers and names of people.")
]


class PolicyOut(BaseModel):
    """What is told to those who see a photo and do not own it."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    place: _Place
    time: _Time
    camera: _Camera
    filename: _Filename
    exif: _Exif


class PoliciesOut(BaseModel):
    """What an owner tells by default of photos of each level, and by share links."""

    space: PolicyOut
    authenticated: PolicyOut
    public: PolicyOut
    link: PolicyOut


class PhotoPolicy(BaseModel):
    """What is told of one photo, whoever looks; what is null follows its level."""

    model_config = ConfigDict(extra="forbid")

    place: _Place | None = None
    time: _Time | None = None
    camera: _Camera | None = None
    filename: _Filename | None = None
    exif: _Exif | None = None
