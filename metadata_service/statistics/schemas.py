"""Numbers on the wire."""

from pydantic import BaseModel, Field

from shared_schemas.photoegg import WallClock


class YearCount(BaseModel):
    """Photos of one year of the wall clock."""

    year: int
    photos: int


class CameraCount(BaseModel):
    """Photos of one camera; nulls: of photos that do not say."""

    camera_make: str | None
    camera_model: str | None
    photos: int


class NamedCount(BaseModel):
    """Photos by one name; null: of photos that have none."""

    name: str | None
    photos: int


class RatingCount(BaseModel):
    """Photos by rating."""

    rating: int
    photos: int


class LevelCounts(BaseModel):
    """Photos by how far they are shared."""

    private: int
    space: int
    authenticated: int
    public: int


class Storage(BaseModel):
    """Bytes: of the originals as they were when they came, and of what the server keeps."""

    originals_bytes: int = Field(description="On your disks; photos that did not say count nothing.")
    coldpreviews: int
    coldpreviews_bytes: int


class Statistics(BaseModel):
    """All of your photos outside the trash, counted; the most numerous first."""

    photos: int
    undated: int
    located: int
    in_trash: int
    first_taken: WallClock | None = Field(description="The day of the first photo that has a date.")
    last_taken: WallClock | None
    by_year: list[YearCount]
    by_visibility: LevelCounts
    by_camera: list[CameraCount]
    by_lens: list[NamedCount]
    by_rating: list[RatingCount]
    by_format: list[NamedCount]
    storage: Storage


class TableStats(BaseModel):
    """Rows of yours. Sizes are the server's own affair: 0."""

    name: str
    record_count: int
    size_bytes: int = 0
    size_mb: float = 0


class ColdStorage(BaseModel):
    """Your coldpreviews; where they lie is the server's own affair."""

    path: str = ""
    total_files: int
    total_size_bytes: int
    total_size_mb: float
    total_size_gb: float


class DatabaseStats(BaseModel):
    """The shape that existing clients read, with your own numbers in it."""

    tables: dict[str, TableStats]
    coldstorage: ColdStorage
    database_file: str = ""
    database_size_bytes: int = 0
    database_size_mb: float = 0
