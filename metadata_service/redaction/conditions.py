"""What is told of a photo as SQL: what is not told must not be found by it, nor by the order of a list."""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from metadata_service.derived.days import bucket
from metadata_service.redaction.policy import DEFAULTS, LINK, Place
from metadata_service.redaction.times import Time
from metadata_service.tables import DAY_MS, Disclosure, Photo, PhotoDisclosure
from metadata_service.visibility import LEVEL, Viewer, Visibility, id_of

_DAY_MS: Final = literal_column(str(DAY_MS), BigInteger)
# A literal, spelled like the partial indexes of both tables.
_EXACT: Final[ColumnElement[int]] = literal_column(str(Time.EXACT.value), BigInteger)
_SAID_LESS: Final = Disclosure.time < _EXACT
_SAID_LESS_OF_ONE: Final = PhotoDisclosure.time < _EXACT


def tells_camera(viewer: Viewer) -> ColumnElement[bool]:
    """Whether the viewer is told with what a photo was taken."""
    return or_(_is_own(viewer), _told(viewer, "camera", true()))


def tells_place(viewer: Viewer) -> ColumnElement[bool]:
    """Whether the viewer is told, to about ten kilometres or better, where a photo was taken."""
    unsaid = DEFAULTS[LINK if _by_link(viewer) else Visibility.PUBLIC].place
    return or_(_is_own(viewer), _told(viewer, "place", int(unsaid)) >= int(Place.NEAR))


def hides_time(viewer: Viewer) -> ColumnElement[bool]:
    """Whether the viewer is told no more than the day or the month of a photo whose time is known."""
    return and_(Photo.taken_at.is_not(None), ~_is_own(viewer), _time(viewer) < _EXACT)


def told_ts(viewer: Viewer) -> ColumnElement[int]:
    """Of a photo that hides its time: `sort_ts` of the first moment of the day or the month that is told."""
    day = bucket(DAY_MS, Photo.sort_ts)
    first = case((_time(viewer) == Time.MONTH.value, day - _DayOfMonth(day) + 1), else_=day)
    return first * _DAY_MS


def may_hide_time(viewer: Viewer) -> ColumnElement[bool]:
    """Whether a photo belongs to the few among which those are that hide their time: to begin a search with."""
    level: Any = LINK if _by_link(viewer) else LEVEL
    said = and_(Disclosure.owner_id == Photo.owner_id, Disclosure.level == level)
    by_level = select(Photo.id).join(Disclosure, said).where(_SAID_LESS, Photo.deleted_at.is_(None)).correlate(None)
    return Photo.id.in_(union_all(by_level, select(PhotoDisclosure.photo_id).where(_SAID_LESS_OF_ONE)))


def somebody_hides_times(viewer: Viewer) -> ColumnElement[bool]:
    """Whether anybody but the viewer tells less than the time; if not, every list is in the order that indexes have."""
    level = exists().where(_SAID_LESS)
    if viewer.eyes is not None:
        level = level.where(Disclosure.owner_id == viewer.eyes.owner_id)
    elif viewer.user_id is not None:
        level = level.where(Disclosure.owner_id != id_of(viewer))
    return or_(level.correlate(None), exists().where(_SAID_LESS_OF_ONE).correlate(None))


async def are_times_hidden(session: AsyncSession, viewer: Viewer) -> bool:
    """Ask it."""
    return bool(await session.scalar(select(somebody_hides_times(viewer))))


def _by_link(viewer: Viewer) -> bool:
    return viewer.eyes is not None and viewer.eyes.of == "link"


def _is_own(viewer: Viewer) -> ColumnElement[bool]:
    return Photo.owner_id == (viewer.user_id or 0)


def _time(viewer: Viewer) -> ColumnElement[int]:
    return _told(viewer, "time", _EXACT)


def _told(viewer: Viewer, name: str, unsaid: Any) -> ColumnElement[Any]:
    """What is said of the photo, else of its level, else what goes without saying."""
    level: Any = LINK if _by_link(viewer) else LEVEL
    of_one = select(getattr(PhotoDisclosure, name)).where(PhotoDisclosure.photo_id == Photo.id)
    of_level = select(getattr(Disclosure, name)).where(Disclosure.owner_id == Photo.owner_id, Disclosure.level == level)
    return func.coalesce(
        of_one.correlate_except(PhotoDisclosure).scalar_subquery(),
        of_level.correlate_except(Disclosure).scalar_subquery(),
        unsaid,
    )


class _DayOfMonth(GenericFunction[int]):
    """Which day of its month, from 1, a day is that is counted since 1970."""

    type = BigInteger()
    inherit_cache = True


@compiles(_DayOfMonth, "sqlite")
def _on_sqlite(element: _DayOfMonth, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(strftime('%d', ({compiler.process(element.clauses, **options)}) * 86400, 'unixepoch') AS INTEGER)"


@compiles(_DayOfMonth, "postgresql")
def _on_postgresql(element: _DayOfMonth, compiler: SQLCompiler, **options: Any) -> str:
    day = compiler.process(element.clauses, **options)
    return f"CAST(EXTRACT(DAY FROM DATE '1970-01-01' + CAST({day} AS INTEGER)) AS BIGINT)"
