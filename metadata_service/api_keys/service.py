"""Makes, lists and revokes keys."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts import repository as accounts
from metadata_service.accounts.audit import Happened, record
from metadata_service.accounts.client import Client
from metadata_service.accounts.digests import digest, new_secret
from metadata_service.accounts.scopes import KEY_PREFIX
from metadata_service.api_keys import repository
from metadata_service.api_keys.errors import ApiKeyNotFoundError, TooManyApiKeysError
from metadata_service.api_keys.schemas import ApiKeyMade, ApiKeyOut, NewApiKey
from metadata_service.tables import ApiKey

MOST: Final = 100
_SHOWN: Final = 12


async def make(session: AsyncSession, user_id: int, wanted: NewApiKey, client: Client) -> ApiKeyMade:
    """Make a key; its text leaves with the answer and is not kept."""
    await accounts.locked(session, user_id)  # several at once would each count the keys without the others'
    if await repository.count(session, user_id) >= MOST:
        raise TooManyApiKeysError(f"You have {MOST} API keys. Revoke one that you do not use.")
    key = KEY_PREFIX + new_secret()
    made = ApiKey(
        user_id=user_id,
        name=wanted.name,
        prefix=key[:_SHOWN],
        secret_hash=digest(key),
        scopes=sorted(set(wanted.scopes)),
        expires_at=wanted.expires_at,
    )
    session.add(made)
    record(session, user_id, Happened.KEY_MADE, client, name=made.name, prefix=made.prefix, scopes=made.scopes)
    await session.flush()
    return ApiKeyMade(**ApiKeyOut.model_validate(made).model_dump(), key=key)


async def listed(session: AsyncSession, user_id: int) -> list[ApiKeyOut]:
    """A user's keys."""
    return [ApiKeyOut.model_validate(key) for key in await repository.of_user(session, user_id)]


async def revoke(session: AsyncSession, user_id: int, key_id: int, client: Client) -> None:
    """End a key, or raise `ApiKeyNotFoundError`."""
    name = await repository.remove(session, user_id, key_id)
    if name is None:
        raise ApiKeyNotFoundError
    record(session, user_id, Happened.KEY_REVOKED, client, name=name)
