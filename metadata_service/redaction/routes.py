"""`/disclosure`: what the caller tells others of photos, level by level."""

from fastapi import APIRouter

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.redaction import service
from metadata_service.redaction.policy import AudienceName
from metadata_service.redaction.schemas import PoliciesOut, PolicyOut
from service_kit.errors import MalformedRequestError
from service_kit.problems import answers

router = APIRouter(prefix="/disclosure", tags=["sharing"])

_SIGNED_IN = (NotSignedInError, InvalidTokenError)


@router.get("", summary="What you tell others of your photos", responses=answers(*_SIGNED_IN))
async def get_policies(owner_id: SignedIn, session: ReadSession) -> PoliciesOut:
    return await service.of_owner(session, owner_id)


@router.put(
    "/{audience}",
    summary="Set what you tell of photos of one level, or by links",
    responses=answers(*_SIGNED_IN, CrossSiteRequestError, MalformedRequestError, DatabaseBusyError),
)
async def set_policy(
    audience: AudienceName, wanted: PolicyOut, owner_id: SignedIn, session: WriteSession
) -> PoliciesOut:
    await service.set_default(session, owner_id, audience, wanted)
    return await service.of_owner(session, owner_id)
