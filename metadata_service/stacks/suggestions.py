"""Suggests stacks, makes those that are accepted, and remembers those that are not wanted."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, delete
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.turns import take_turn
from metadata_service.db.upsert import insert_new
from metadata_service.paging import Cursor
from metadata_service.stacks import frames, service
from metadata_service.stacks.errors import SuggestionGoneError
from metadata_service.stacks.evidence import SWEEP, Suggestion, suggested
from metadata_service.stacks.schemas import NewStack, StackDetail
from metadata_service.stacks.suggestion_schemas import (
    Accept,
    Dismiss,
    DismissedOut,
    SuggestedPhoto,
    SuggestionOut,
    Suggestions,
    SuggestionsMeta,
)
from metadata_service.tables import DismissedStack

_ORDER: Final = 66  # of the cursors of suggestions: no other list has it
_AT_ONCE: Final = 1_000
_MOST: Final = 5_000
_GAP_MS: Final = int(SWEEP.total_seconds() * 1000)


async def suggestions(session: AsyncSession, owner_id: int, *, limit: int, cursor: str | None) -> Suggestions:
    """Look at photos from the newest on, until so many stacks are found or so many photos were looked at."""
    keys = Cursor.parse(cursor, order=_ORDER, keys=2).keys if cursor else None
    before = (keys[0], keys[1]) if keys else None
    found: list[SuggestionOut] = []
    looked_at = 0
    while len(found) < limit and looked_at < _MOST:
        rows = await frames.loose(session, owner_id, before=before, limit=_AT_ONCE)
        is_last = len(rows) < _AT_ONCE
        scenes = _scenes(rows if is_last else _whole(rows))
        scenes = scenes[: _enough(scenes, limit - len(found))]
        shown = [row for scene in scenes for row in scene]
        looked_at += len(shown)
        found += await _told(session, owner_id, scenes)
        if is_last and len(shown) == len(rows):
            before = None
            break
        before = (shown[-1].sort_ts, shown[-1].id)
    next_cursor = str(Cursor(_ORDER, before)) if before is not None else None
    return Suggestions(data=found, meta=SuggestionsMeta(limit=limit, next_cursor=next_cursor, looked_at=looked_at))


def _scenes(rows: Sequence[Row[Any]]) -> list[list[Row[Any]]]:
    """Cut where nothing that lies apart can belong together."""
    found: list[list[Row[Any]]] = []
    for row in rows:
        if found and found[-1][-1].sort_ts - row.sort_ts <= _GAP_MS:
            found[-1].append(row)
        else:
            found.append([row])
    return found


def _whole(rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """Without the last scene, which may go on; one that never ends is cut all the same."""
    scenes = _scenes(rows)
    return rows if len(scenes) == 1 else rows[: -len(scenes[-1])]


def _enough(scenes: Sequence[Sequence[Row[Any]]], wanted: int) -> int:
    """How many scenes to look at: as many as may hold so many stacks, were there one in each of several photos."""
    several = 0
    for number, scene in enumerate(scenes, start=1):
        several += len(scene) > 1
        if several >= wanted:
            return number
    return len(scenes)


async def _told(session: AsyncSession, owner_id: int, scenes: Sequence[Sequence[Row[Any]]]) -> list[SuggestionOut]:
    rows = {row.id: row for scene in scenes if len(scene) > 1 for row in scene}
    if not rows:
        return []
    evidence = {frame.id: frame for frame in await frames.frames(session, list(rows.values()))}
    found = [
        suggestion
        for scene in scenes
        if len(scene) > 1
        for suggestion in reversed(suggested([evidence[row.id] for row in reversed(scene)]))
    ]
    unwanted = await frames.dismissed(session, owner_id, [suggestion.key for suggestion in found])
    return [_shown(suggestion, rows) for suggestion in found if suggestion.key not in unwanted]


def _shown(suggestion: Suggestion, rows: Mapping[int, Row[Any]]) -> SuggestionOut:
    return SuggestionOut(
        key=suggestion.key,
        stack_type=suggestion.kind,
        reasons=list(suggestion.reasons),
        cover_photo_hothash=rows[suggestion.cover.id].hothash,
        photos=[_photo(rows[frame.id]) for frame in suggestion.frames],
    )


def _photo(row: Row[Any]) -> SuggestedPhoto:
    url = f"/api/v1/photos/{row.id}/hotpreview" if row.hotpreview_width else None
    return SuggestedPhoto(id=row.id, hothash=row.hothash, taken_at=row.taken_at, hotpreview_url=url)


async def accept(session: AsyncSession, owner_id: int, wanted: Accept) -> StackDetail:
    """Make the stack, if the evidence still says the same; to take it back, dissolve the stack."""
    await take_turn(session, owner_id)
    rows = await frames.by_ids(session, owner_id, wanted.photo_ids)
    names = {row.id: row.hothash for row in rows}
    for suggestion in suggested(await frames.frames(session, rows)) if rows else ():
        if suggestion.key == wanted.key:
            new = NewStack(
                stack_type=suggestion.kind,
                title=wanted.title,
                cover_photo_hothash=names[suggestion.cover.id],
                photo_hothashes=[names[frame.id] for frame in suggestion.frames],
            )
            return await service.create(session, owner_id, new)
    raise SuggestionGoneError


async def dismiss(session: AsyncSession, owner_id: int, wanted: Dismiss) -> DismissedOut:
    """Remember that a suggestion is not wanted, or forget that."""
    if wanted.is_dismissed:
        row = {"owner_id": owner_id, "key": wanted.key}
        await session.execute(insert_new(session, DismissedStack), [row])
    else:
        this = (DismissedStack.owner_id == owner_id, DismissedStack.key == wanted.key)
        await session.execute(delete(DismissedStack).where(*this))
    return DismissedOut(key=wanted.key, is_dismissed=wanted.is_dismissed)
