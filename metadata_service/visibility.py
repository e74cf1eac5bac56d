"""Who sees what: one SQL predicate made for a viewer, and nothing else.

private < space < authenticated < public. The owner always sees their own; anyone sees what is public; who is signed
in also sees what is shared with the authenticated. Space members follow with spaces: until then `space` shows to the
owner alone. What is in the trash is seen by nobody, except by its owner there.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal, get_args

from sqlalchemy import ColumnElement, and_, literal_column, or_

from metadata_service.tables import Photo


class Visibility(IntEnum):
    """How far a photo is shared; the order is the meaning."""

    PRIVATE = 0
    SPACE = 1
    AUTHENTICATED = 2
    PUBLIC = 3

    @property
    def word(self) -> "VisibilityName":
        """The name on the wire."""
        return _WORDS[self]


VisibilityName = Literal["private", "space", "authenticated", "public"]
_WORDS: Final[dict[Visibility, VisibilityName]] = dict(zip(Visibility, get_args(VisibilityName), strict=True))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: a signed-in user, or anyone."""

    user_id: int | None

    def owns(self, owner_id: int) -> bool:
        """Tell whether what belongs to `owner_id` is the viewer's own."""
        return self.user_id is not None and self.user_id == owner_id


ANYONE: Final = Viewer(None)

# Literals, spelled like the partial indexes of `photos`: neither database matches a bound parameter to an index.
_LIVE: Final = Photo.deleted_at.is_(None)
_SHARED: Final = and_(Photo.visibility >= literal_column("2"), _LIVE)
_UNSHARED: Final = and_(Photo.visibility < literal_column("2"), _LIVE)
_PUBLIC: Final = and_(Photo.visibility == literal_column("3"), _LIVE)


IS_PUBLIC: Final = (Photo.visibility == literal_column("3")).label("is_public")
"""A column for queries that must know whether everybody may keep the answer."""


def arms(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Split what `viewer` sees into disjoint conditions, each served newest first by one index of `photos`.

    A list takes its page from each arm and merges them: an OR over all photos costs a thousand times more.
    """
    if viewer.user_id is None:
        return (_PUBLIC,)
    return (and_(Photo.owner_id == viewer.user_id, _UNSHARED), _SHARED)


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """The same as one condition, to ask about single photos."""
    return or_(*arms(viewer))


def own(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """What belongs to `viewer`, as arms; nothing for anyone."""
    return () if viewer.user_id is None else (and_(Photo.owner_id == viewer.user_id, _LIVE),)


def trash(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """What `viewer` threw away, as arms."""
    return () if viewer.user_id is None else (and_(Photo.owner_id == viewer.user_id, Photo.deleted_at.is_not(None)),)
