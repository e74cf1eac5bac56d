"""Looks at one's own photos through other eyes, to see what they see: anyone's, a user's, a member's, a link's."""

from typing import Annotated, Final

from fastapi import Header
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts import repository
from metadata_service.tables import ShareLink, SpaceMember
from metadata_service.visibility import Eyes, EyesOf
from service_kit.errors import InvalidRequestError
from shared_schemas.problem import FieldError

ViewAs = Annotated[
    str | None,
    Header(
        alias="X-View-As",
        pattern=r"^(anonymous|user:.{1,320}|(space|link):[1-9][0-9]{0,17})$",
        description="Show of your own photos what others are shown: `anonymous`, `user:NAME`, `space:ID` (a member of "
        "a space that you belong to) or `link:ID` (a visitor of a link of yours to photos or an album).",
    ),
]

_NOBODY: Final = 0


async def eyes_of(session: AsyncSession, owner_id: int, named: str) -> Eyes:
    """Read whose eyes to look through; what is not the owner's to know is refused.

    A name that nobody has looks like one of somebody who belongs to no space, so that it tells nothing.
    """
    kind, _, name = named.partition(":")
    if kind == "anonymous":
        return Eyes(owner_id, "anonymous")
    if kind == "user":
        person = await repository.by_name(session, name.lower())
        return Eyes(owner_id, "user", person.id if person else _NOBODY)
    number = int(name)
    if kind == "space":
        is_known = exists().where(SpaceMember.space_id == number, SpaceMember.user_id == owner_id)
    else:
        is_known = exists().where(ShareLink.id == number, ShareLink.owner_id == owner_id, ShareLink.kind != "filter")
    if not await session.scalar(select(is_known)):
        raise refused(f"there is no such {kind} of yours.")
    of: EyesOf = "space" if kind == "space" else "link"
    return Eyes(owner_id, of, number)


def refused(reason: str) -> InvalidRequestError:
    """The header cannot be followed."""
    error = FieldError(loc=["header", "X-View-As"], msg=reason)
    return InvalidRequestError(f"X-View-As: {reason}", errors=[error])
