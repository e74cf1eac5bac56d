"""Segments: a million photos as a few thousand pieces that a page fetches as it scrolls.

A segment is a range of wall-clock time, so that at every moment each photo lies in exactly one, whatever is imported
or deleted meanwhile. Its answer ends after a thousand photos and says where to go on, if more have come than were
counted. Its ETag counts photos and changes, so that "nothing is new" costs no rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.paging import Cursor
from metadata_service.photos import filters, listing
from metadata_service.photos.criteria import Criteria
from metadata_service.photos.filters import PHOTOS, Arm
from metadata_service.photos.order import Order
from metadata_service.photos.presenter import VIEW_HINTS
from metadata_service.tables import DAY_MS
from metadata_service.timeline import repository
from metadata_service.timeline.periods import Period, packed
from metadata_service.timeline.schemas import PeriodCriteria
from metadata_service.timeline.service import days_of
from metadata_service.visibility import IS_SHARED, Viewer

MOST: Final = 1_000
_MINUTE_MS: Final = 60_000
_NEWEST_FIRST: Final = Order()
_COLUMNS: Final = (
    PHOTOS.c.id,
    listing.CHANGED,
    PHOTOS.c.sort_ts,
    PHOTOS.c.placeholder,
    PHOTOS.c.width,
    PHOTOS.c.height,
    PHOTOS.c.hotpreview_width,
    PHOTOS.c.hotpreview_height,
    PHOTOS.c.owner_id,
    PHOTOS.c.rating,
    PHOTOS.c.has_raw,
    IS_SHARED,
    PHOTOS.c.gps_latitude.is_not(None).label("is_located"),
    PHOTOS.c.coldpreview_key.is_not(None).label("is_large"),
    PHOTOS.c.view_correction,
)
_MINE, _SHARED, _LOCATED, _WITH_RAW, _RATING, _LARGE = 1, 2, 4, 8, 16, 128


async def layout(session: AsyncSession, viewer: Viewer, asked: PeriodCriteria) -> dict[str, Any]:
    """Tell which segments there are; one day by itself is cut at minutes, all else at midnights."""
    undated = None
    if asked.day is None:
        days, undated = await days_of(session, viewer, asked)
        width = DAY_MS
    else:
        arms = await filters.arms(session, viewer, asked.criteria(), _NEWEST_FIRST)
        days, width = await repository.counted(session, arms, _MINUTE_MS, asked.within), _MINUTE_MS
    segments = list(packed(days, MOST, width))
    return {
        "data": {
            "first": [segment.first for segment in segments],
            "end": [segment.end for segment in segments],
            "count": [segment.count for segment in segments],
        },
        "meta": {
            "total_photos": sum(segment.count for segment in segments),
            "undated_photos": undated,
            "photos_per_segment": MOST,
        },
    }


@dataclass(frozen=True, slots=True)
class Part:
    """One segment as a viewer sees it, and where in it an answer begins."""

    arms: Sequence[Arm]
    after: Cursor | None
    viewer: Viewer


async def part(
    session: AsyncSession, viewer: Viewer, criteria: Criteria, within: Period | None, cursor: str | None
) -> Part:
    """Prepare a segment: of a range of time, or of the undated photos where there is none."""
    after = _NEWEST_FIRST.read(cursor)
    asked = criteria.model_copy(update={"undated": within is None})
    arms = await filters.arms(session, viewer, asked, _NEWEST_FIRST)
    if within is not None:
        arms = tuple(arm.narrowed(arm.key("sort_ts") >= within.first, arm.key("sort_ts") < within.end) for arm in arms)
    return Part(arms, after, viewer)


async def etag(session: AsyncSession, part: Part) -> str:
    """The tag of a segment without its photos: how many there are, which, and when one last changed."""
    return _tag(
        part.viewer, *await listing.fingerprint(session, part.arms, _NEWEST_FIRST, limit=MOST + 1, after=part.after)
    )


async def photos(session: AsyncSession, part: Part) -> tuple[dict[str, Any], str]:
    """Give the photos of a segment as columns, with their tag."""
    found = await listing.page(session, part.arms, _NEWEST_FIRST, limit=MOST + 1, after=part.after, columns=_COLUMNS)
    next_cursor = str(_NEWEST_FIRST.cursor(found[MOST - 1])) if len(found) > MOST else None
    ids, changes, times, placeholders, *sizes, owners, ratings, raws, shared, located, large, views = _columns(found)
    columns = {
        "id": ids[:MOST],
        "ratio": list(map(_ratio, *sizes))[:MOST],
        "time": times[:MOST],
        "placeholder": placeholders[:MOST],
        "flags": [
            rating * _RATING
            + is_shared * _SHARED
            + is_large * _LARGE
            + part.viewer.owns(owner) * (_MINE + is_located * _LOCATED + has_raw * _WITH_RAW)
            for owner, rating, has_raw, is_shared, is_located, is_large in zip(
                owners, ratings, raws, shared, located, large, strict=True
            )
        ][:MOST],
        "corrected": {
            str(photo_id): {name: view[name] for name in VIEW_HINTS if name in view}
            for photo_id, view in zip(ids[:MOST], views[:MOST], strict=True)
            if view
        },
    }
    return {"data": columns, "meta": {"next_cursor": next_cursor}}, _tag(
        part.viewer, len(found), sum(ids), max(changes, default=None)
    )


def _columns(rows: Sequence[Row[Any]]) -> Sequence[Sequence[Any]]:
    return list(zip(*rows, strict=True)) or [()] * len(_COLUMNS)


def _tag(viewer: Viewer, count: int, ids: int, changed: object) -> str:
    return f"{viewer.user_id or 0}-{count}-{ids}-{changed or 0}".replace(" ", "T")


def _ratio(width: int | None, height: int | None, preview_width: int | None, preview_height: int | None) -> float:
    """Width by height; of a photo whose size nobody told, that of its preview, else a square."""
    if not width or not height:
        width, height = preview_width, preview_height
    return round(width / height, 3) if width and height else 1.0
