"""What an operator does at the keyboard: invite the first person, make somebody an administrator.

Where registration is closed or by invitation, nobody could begin otherwise.
"""

from metadata_service.accounts import repository as users
from metadata_service.accounts.audit import Happened, record
from metadata_service.accounts.names import key_of
from metadata_service.db.engine import Database
from metadata_service.sign_up.invites import invite


class NoSuchUserError(LookupError):
    """Nobody has that name or address."""


async def make_admin(database: Database, name: str) -> str:
    """Let an account administer the others; give its username, or raise `NoSuchUserError`."""
    async with database.writing() as session:
        user = await users.by_name(session, key_of(name))
        if user is None:
            raise NoSuchUserError(name)
        user.is_admin = True
        record(session, user.id, Happened.ADMIN_CHANGED, None, by="operator", is_admin=True)
        return user.username


async def invite_somebody(database: Database, note: str | None) -> str:
    """Give a code with which one person can register within two weeks."""
    async with database.writing() as session:
        _, code = await invite(session, note=note, days=14)
        return code
