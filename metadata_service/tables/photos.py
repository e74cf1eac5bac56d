"""The photo: a thin row. Preview bytes, EXIF and identities have their own tables, so that lists never touch them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now


def _index(name: str, *columns: str, where: str) -> Index:
    """A partial index, which both databases use for queries that repeat its condition to the letter."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


_MAYBE_JSON = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
_UNSHARED = "visibility < 2 AND deleted_at IS NULL"
_SHARED = "visibility >= 2 AND deleted_at IS NULL"
_LOCATED = "gps_latitude IS NOT NULL AND deleted_at IS NULL"


def _found_by(column: str, *more: str) -> tuple[Index, Index]:
    """Serve "this value, newest first" in both arms that a signed-in viewer sees; a photo is in one of the two."""
    return (
        _index(f"ix_photos_own_{column}", "owner_id", column, "sort_ts", "id", *more, where=_UNSHARED),
        _index(f"ix_photos_shared_{column}", column, "sort_ts", "id", *more, where=_SHARED),
    )


def _own_where(name: str, condition: str) -> Index:
    """Serve the few of an owner's photos that fulfil `condition`, newest first."""
    return _index(f"ix_photos_{name}", "owner_id", "sort_ts", "id", where=f"{condition} AND deleted_at IS NULL")


class Photo(Table):
    """One photo of one owner.

    `taken_at` is wall-clock time as the camera showed it, without a zone. `sort_ts` orders every list: milliseconds
    of `taken_at` (of `created_at` where that is unknown) counted as if the wall clock ran in UTC. `visibility` is a
    number of `metadata_service.visibility.Visibility`. Time and place are those that count: what the camera said of a
    corrected photo is in `camera_values`, and what was done to it in `corrections`, of which `timeloc_correction` and
    `view_correction` are the sum. A photo with `deleted_at` is in its owner's trash.
    """

    __tablename__ = "photos"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    hothash: Mapped[str] = mapped_column(String(64))
    sort_ts: Mapped[int]
    visibility: Mapped[int] = mapped_column(SmallInteger)
    rating: Mapped[int] = mapped_column(SmallInteger, default=0)
    title: Mapped[str | None] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(String(100))
    author_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("authors.id", ondelete="SET NULL"))
    import_session_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("import_sessions.id", ondelete="SET NULL"))
    stack_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("photo_stacks.id", ondelete="SET NULL"))
    event_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("events.id", ondelete="SET NULL"))
    deleted_at: Mapped[datetime | None]

    width: Mapped[int | None]
    height: Mapped[int | None]
    taken_at: Mapped[datetime | None] = mapped_column(DateTime)
    taken_at_offset: Mapped[str | None] = mapped_column(String(6))
    taken_at_source: Mapped[str | None] = mapped_column(String(255))
    camera_make: Mapped[str | None] = mapped_column(String(255))
    camera_model: Mapped[str | None] = mapped_column(String(255))
    lens_model: Mapped[str | None] = mapped_column(String(255))
    focal_length: Mapped[float | None]
    f_number: Mapped[float | None]
    iso: Mapped[int | None]
    exposure_time: Mapped[str | None] = mapped_column(String(255))
    gps_latitude: Mapped[float | None]
    gps_longitude: Mapped[float | None]
    gps_altitude: Mapped[float | None]
    city: Mapped[str | None] = mapped_column(String(255))
    region: Mapped[str | None] = mapped_column(String(255))
    country: Mapped[str | None] = mapped_column(String(255))
    country_code: Mapped[str | None] = mapped_column(String(2))
    timeloc_correction: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    view_correction: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)

    image_format: Mapped[str | None] = mapped_column(String(255))
    file_size_bytes: Mapped[int | None]
    primary_filename: Mapped[str | None] = mapped_column(String(255))
    has_raw: Mapped[bool] = mapped_column(default=False)
    perceptual_hash: Mapped[int | None]
    placeholder: Mapped[str | None] = mapped_column(String(64))
    recipe: Mapped[str | None] = mapped_column(String(255))
    hotpreview_width: Mapped[int | None]
    hotpreview_height: Mapped[int | None]
    coldpreview_key: Mapped[str | None] = mapped_column(String(255))
    coldpreview_width: Mapped[int | None]
    coldpreview_height: Mapped[int | None]
    coldpreview_size: Mapped[int | None]

    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

    __table_args__ = (
        UniqueConstraint("owner_id", "hothash"),
        CheckConstraint("visibility BETWEEN 0 AND 3", name="visibility"),
        CheckConstraint("rating BETWEEN 0 AND 5", name="rating"),
        # The arms of metadata_service.visibility, each with the index that serves it newest first; the timeline, which
        # leaves the undated out, reads there too which those are.
        _index("ix_photos_own", "owner_id", "sort_ts", "id", "taken_at", where="deleted_at IS NULL"),
        _index("ix_photos_own_unshared", "owner_id", "sort_ts", "id", "taken_at", where=_UNSHARED),
        _index("ix_photos_shared", "sort_ts", "id", "taken_at", where=_SHARED),
        _index("ix_photos_public", "sort_ts", "id", "taken_at", where="visibility = 3 AND deleted_at IS NULL"),
        _index("ix_photos_trash", "owner_id", "deleted_at", "id", where="deleted_at IS NOT NULL"),
        _index("ix_photos_author_id", "author_id", "sort_ts", "id", where="author_id IS NOT NULL"),
        _index(
            "ix_photos_import_session_id", "import_session_id", "sort_ts", "id", where="import_session_id IS NOT NULL"
        ),
        _index("ix_photos_stack_id", "stack_id", where="stack_id IS NOT NULL"),
        _index("ix_photos_event_id", "event_id", "sort_ts", "id", where="event_id IS NOT NULL"),
        Index("ix_photos_hothash", "hothash"),
        # The same arms by what a list is filtered by or sorted by.
        *_found_by("rating", "taken_at"),
        *_found_by("camera_make"),
        *_found_by("camera_model"),
        *_found_by("lens_model"),
        *_found_by("image_format"),
        _index("ix_photos_own_arrival", "owner_id", "id", where=_UNSHARED),
        _index("ix_photos_shared_arrival", "id", where=_SHARED),
        _index("ix_photos_authenticated", "sort_ts", "id", where="visibility = 2 AND deleted_at IS NULL"),
        # What only an owner can ask.
        _own_where("space", "visibility = 1"),
        _own_where("undated", "taken_at IS NULL"),
        _own_where("located", "gps_latitude IS NOT NULL"),
        _own_where("unlocated", "gps_latitude IS NULL"),
        _own_where("with_raw", "has_raw"),
        _index("ix_photos_category", "owner_id", "category", "sort_ts", "id", where="category IS NOT NULL"),
        # All that statistics read, and a condition that only they repeat: no other query is tempted by this index.
        _index(
            "ix_photos_statistics",
            *("owner_id", "camera_make", "camera_model", "lens_model", "rating", "image_format"),
            *("file_size_bytes", "coldpreview_size", "deleted_at"),
            where="deleted_at IS NULL AND id > 0",
        ),
        _index("ix_photos_city", "owner_id", "city", "sort_ts", "id", where="city IS NOT NULL"),
        _index("ix_photos_country", "owner_id", "country", "sort_ts", "id", where="country IS NOT NULL"),
        _index("ix_photos_place", "owner_id", "gps_latitude", "gps_longitude", where=_LOCATED),
        NEVER_REUSE_IDS,
    )
