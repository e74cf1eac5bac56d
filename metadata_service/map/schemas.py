"""What a map is asked, and what it tells."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from metadata_service.photos.criteria import Box, BoxText, box_of
from metadata_service.visibility import Look, Viewer, Visibility, VisibilityName


class MapQuery(BaseModel):
    """Which part of the earth, how near, and whose photos."""

    model_config = ConfigDict(extra="forbid")

    bbox: BoxText = Field(
        description="`west,south,east,north` in degrees; one whose west lies east of its east crosses the antimeridian."
    )
    zoom: Annotated[float, Field(ge=0, le=24)] = Field(
        description="As MapLibre counts: at 0 the world is 512 pixels wide, and twice as wide with each step."
    )
    owner: Literal["anyone", "me"] = Field(default="anyone", description="`me`: only your own.")
    visibility: VisibilityName | None = Field(default=None, description="Shared exactly so far.")

    @property
    def box(self) -> Box:
        """The part of the earth."""
        return box_of(self.bbox)

    def look(self, viewer: Viewer) -> Look:
        """What of all photos comes into question."""
        level = None if self.visibility is None else Visibility[self.visibility.upper()]
        return Look(viewer, mine=self.owner == "me", level=level)


class ClusterPhoto(BaseModel):
    """The photo that stands for a cluster: the one that came last."""

    id: int
    hothash: str
    is_mine: bool
    hotpreview_url: str | None


class Cluster(BaseModel):
    """Photos that lie near each other."""

    count: int
    latitude: float = Field(description="The middle of the photos; of a single photo of yours, its very place.")
    longitude: float
    bounds: list[float] = Field(
        min_length=4,
        max_length=4,
        description="`[west, south, east, north]`, where the photos lie; `GET /photos?bbox=` lists those of yours.",
    )
    is_blurred: bool = Field(
        description="Photos of others are among them: their places are told to about ten kilometres."
    )
    photo: ClusterPhoto | None = Field(description="Null if it went away this very moment.")


class MapMeta(BaseModel):
    """What the clusters add up to."""

    total_photos: int = Field(description="In all cells that the box touches, those at its edges whole.")
    depth: int = Field(description="The earth is cut into 2^depth columns and as many rows of equal degrees.")


class Clusters(BaseModel):
    """The clusters of a part of the earth, in no particular order."""

    data: list[Cluster]
    meta: MapMeta
