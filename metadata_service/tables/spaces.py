"""Spaces: named groups of people, and how one comes to belong to them."""

from datetime import datetime
from enum import IntEnum
from typing import Final, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from metadata_service.db.base import NEVER_REUSE_IDS, BigId, Table
from metadata_service.db.types import utc_now

RoleName = Literal["viewer", "editor", "owner"]


class Role(IntEnum):
    """What a member may do; each may do what those before it may."""

    VIEWER = 0
    EDITOR = 1
    OWNER = 2

    @property
    def word(self) -> RoleName:
        """The name on the wire."""
        return _WORDS[self]


_WORDS: Final[dict[Role, RoleName]] = {Role.VIEWER: "viewer", Role.EDITOR: "editor", Role.OWNER: "owner"}


class Space(Table):
    """A group of people who show each other photos. Its owner is a member too, with that role."""

    __tablename__ = "spaces"
    __table_args__ = (Index("ix_spaces_owner_id", "owner_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class SpaceMember(Table):
    """Somebody who belongs to a space. Whoever is gone from here sees nothing by it from then on."""

    __tablename__ = "space_members"
    __table_args__ = (
        CheckConstraint("role BETWEEN 0 AND 2", name="role"),
        Index("ix_space_members_user_id", "user_id", "space_id"),
    )

    space_id: Mapped[int] = mapped_column(BigId, ForeignKey("spaces.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[int] = mapped_column(SmallInteger)
    joined_at: Mapped[datetime] = mapped_column(default=utc_now)


class SpaceInvite(Table):
    """An invitation: to one person, or to whoever has a link, of which only the hash is kept.

    One that was sent to a name that nobody has lies here like any other, and reaches nobody.
    """

    __tablename__ = "space_invites"
    __table_args__ = (
        CheckConstraint("role BETWEEN 0 AND 1", name="role"),
        CheckConstraint("(sent_to IS NULL) = (token_hash IS NOT NULL)", name="person_or_link"),
        UniqueConstraint("token_hash"),
        Index("ix_space_invites_space_id", "space_id"),
        Index("ix_space_invites_user_id", "user_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    space_id: Mapped[int] = mapped_column(BigId, ForeignKey("spaces.id", ondelete="CASCADE"))
    sent_to: Mapped[str | None] = mapped_column(String(320))
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[str | None] = mapped_column(String(64))
    uses_left: Mapped[int]
    role: Mapped[int] = mapped_column(SmallInteger)
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
