"""How far a photo is shared, as words, and as conditions spelled like the partial indexes of `photos`."""

from enum import IntEnum
from typing import Final, Literal, get_args

from sqlalchemy import ColumnElement, and_, literal_column

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

# Literals, spelled like the partial indexes of `photos`: neither database matches a bound parameter to an index.
LIVE: Final = Photo.deleted_at.is_(None)
SHARED: Final = and_(Photo.visibility >= literal_column("2"), LIVE)
UNSHARED: Final = and_(Photo.visibility < literal_column("2"), LIVE)
AT_LEVEL: Final = {level: and_(Photo.visibility == literal_column(str(level.value)), LIVE) for level in Visibility}
PUBLIC: Final = AT_LEVEL[Visibility.PUBLIC]

IS_IN_A_SPACE: Final[ColumnElement[bool]] = literal_column("photo_spaces.is_shown")
"""Whether a row of `photo_spaces` shows its photo, spelled like that table's partial indexes."""

LEVEL: Final[ColumnElement[int]] = Photo.visibility.expression
"""The level itself, for what is told of a photo besides whether it is seen."""

IS_PRIVATE: Final = AT_LEVEL[Visibility.PRIVATE]
"""Which photos nobody but their owner sees; what widens them asks."""

IS_SHOWN_BY_SPACES: Final = AT_LEVEL[Visibility.SPACE].label("is_shown")
"""What `photo_spaces` repeats as `is_shown`: whether a space that holds the photo shows it."""

IS_PUBLIC: Final = PUBLIC.label("is_public")
"""A column for queries that must know whether everybody may keep the answer."""

IS_SHARED: Final = SHARED.label("is_shared")
"""A column for the search index: whether others than the owner may find the photo by it."""


def level_of(photo: Photo) -> int:
    """The level of a photo that was read."""
    return photo.visibility
