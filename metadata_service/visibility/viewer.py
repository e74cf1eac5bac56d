"""Who is looking, through whose eyes, and at which part of what they see."""

from dataclasses import dataclass
from typing import Final, Literal

from metadata_service.visibility.levels import Visibility

EyesOf = Literal["anonymous", "user", "space", "link"]


@dataclass(frozen=True, slots=True)
class Eyes:
    """Whose eyes look at what one owner has: anyone's, a user's, those of a space's member, or of who has a link.

    They see no more than whoever they belong to would, and of that only what is `owner_id`'s.
    """

    owner_id: int
    of: EyesOf
    key: int = 0


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: a signed-in user, or anyone; who looks through other eyes is nobody besides."""

    user_id: int | None
    eyes: Eyes | None = None

    def owns(self, owner_id: int) -> bool:
        """Tell whether what belongs to `owner_id` is the viewer's own."""
        return self.user_id is not None and self.user_id == owner_id


ANYONE: Final = Viewer(None)


@dataclass(frozen=True, slots=True)
class Look:
    """What a viewer asks to look at: all that they see, or only their own, or only one level of it."""

    viewer: Viewer
    mine: bool = False
    level: Visibility | None = None
