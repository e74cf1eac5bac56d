"""What happened to an account, written down for its owner."""

from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts.client import Client
from metadata_service.tables import SecurityEvent


class Happened(StrEnum):
    """The kinds of things that are written down."""

    REGISTERED = "registered"
    SIGNED_IN = "signed-in"
    SIGN_IN_FAILED = "sign-in-failed"
    SIGNED_OUT = "signed-out"
    SIGNED_OUT_EVERYWHERE = "signed-out-everywhere"
    SESSION_ENDED = "session-ended"
    REFRESH_TOKEN_REUSED = "refresh-token-reused"  # noqa: S105  # the name of an event, not a secret
    PASSWORD_CHANGED = "password-changed"  # noqa: S105
    PASSWORD_RESET = "password-reset"  # noqa: S105
    EMAIL_CHANGED = "email-changed"
    KEY_MADE = "key-made"
    KEY_REVOKED = "key-revoked"
    PROVIDER_LINKED = "provider-linked"
    PROVIDER_UNLINKED = "provider-unlinked"
    DISABLED = "disabled"
    ENABLED = "enabled"
    QUOTA_CHANGED = "quota-changed"
    ADMIN_CHANGED = "admin-changed"


def record(session: AsyncSession, user_id: int, kind: Happened, client: Client | None, **detail: Any) -> None:
    """Add an event to the transaction of what happened: both stay, or neither."""
    where = {} if client is None else {"ip": client.ip, "user_agent": client.user_agent}
    session.add(SecurityEvent(user_id=user_id, kind=kind.value, detail=detail, **where))
