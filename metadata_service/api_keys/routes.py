"""`/users/me/api-keys`: keys with which programs act for you."""

from typing import Annotated

from fastapi import APIRouter, Path, status

from metadata_service.accounts.asked_from import AskedFrom
from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.api_keys import service
from metadata_service.api_keys.errors import ApiKeyNotFoundError, TooManyApiKeysError
from metadata_service.api_keys.schemas import ApiKeyList, ApiKeyMade, ApiKeyRevoked, NewApiKey
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from service_kit.problems import answers

router = APIRouter(prefix="/users/me/api-keys", tags=["accounts"])

_WRITE = (NotSignedInError, InvalidTokenError, CrossSiteRequestError, DatabaseBusyError)


@router.get("", summary="Your API keys", responses=answers(NotSignedInError, InvalidTokenError))
async def listed(user_id: SignedIn, session: ReadSession) -> ApiKeyList:
    return ApiKeyList(data=await service.listed(session, user_id))


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Make an API key: its text is shown this once",
    responses=answers(*_WRITE, TooManyApiKeysError),
)
async def make(wanted: NewApiKey, user_id: SignedIn, client: AskedFrom, session: WriteSession) -> ApiKeyMade:
    return await service.make(session, user_id, wanted, client)


@router.delete("/{key_id}", summary="Revoke an API key", responses=answers(*_WRITE, ApiKeyNotFoundError))
async def revoke(
    key_id: Annotated[int, Path(ge=1, lt=2**63)], user_id: SignedIn, client: AskedFrom, session: WriteSession
) -> ApiKeyRevoked:
    await service.revoke(session, user_id, key_id, client)
    return ApiKeyRevoked()
