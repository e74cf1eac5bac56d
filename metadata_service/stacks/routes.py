"""`/photo-stacks`: the caller's stacks; and the stack of one photo."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, status

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.paging import MAX_LIMIT, MAX_OFFSET, Page, offset_meta
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError
from metadata_service.photos.paths import PathRef, RowId
from metadata_service.photos.service import look_at_own
from metadata_service.stacks import repository, service
from metadata_service.stacks.errors import NotInStackError, StackNotFoundError
from metadata_service.stacks.schemas import Member, NewStack, StackChange, StackDetail, StackDone, StackOut
from service_kit.problems import answers
from shared_schemas.hothash import Sha256Hex

router = APIRouter(tags=["stacks"])

_SIGNED_IN = answers(NotSignedInError, InvalidTokenError)
_READ = answers(NotSignedInError, InvalidTokenError, StackNotFoundError)
_WRITE = answers(
    NotSignedInError,
    InvalidTokenError,
    CrossSiteRequestError,
    StackNotFoundError,
    PhotoNotFoundError,
    NotYourPhotoError,
    NotInStackError,
    DatabaseBusyError,
)


@router.get(
    "/photo-stacks", summary="Your stacks, newest first", responses=answers(NotSignedInError, InvalidTokenError)
)
async def list_stacks(
    owner_id: SignedIn,
    session: ReadSession,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
) -> Page[StackOut]:
    rows = await repository.page(session, owner_id, limit=limit, offset=offset)
    total = await repository.count(session, owner_id)
    shown = [service.present(stack, number, cover) for stack, number, cover in rows]
    return Page(data=shown, meta=offset_meta(total=total, offset=offset, limit=limit, next_cursor=None))


@router.post("/photo-stacks", status_code=status.HTTP_201_CREATED, summary="Make a stack", responses=_WRITE)
async def create(new: NewStack, owner_id: SignedIn, session: WriteSession) -> StackDone:
    return StackDone(message="The stack was made.", stack=await service.create(session, owner_id, new))


@router.get("/photo-stacks/{stack_id:int}", summary="A stack of yours with its photos", responses=_READ)
async def get_stack(stack_id: RowId, owner_id: SignedIn, session: ReadSession) -> StackDetail:
    return await service.detail(session, await service.get(session, owner_id, stack_id))


@router.put("/photo-stacks/{stack_id:int}", summary="Change a stack", responses=_WRITE)
async def change(stack_id: RowId, wanted: StackChange, owner_id: SignedIn, session: WriteSession) -> StackDone:
    stack = await service.change(session, owner_id, stack_id, wanted)
    return StackDone(message="The stack was changed.", stack=stack)


@router.delete("/photo-stacks/{stack_id:int}", summary="Dissolve a stack; its photos stay", responses=_WRITE)
async def delete(stack_id: RowId, owner_id: SignedIn, session: WriteSession) -> StackDone:
    await service.delete(session, owner_id, stack_id)
    return StackDone(message="The stack was dissolved.")


@router.post("/photo-stacks/{stack_id:int}/photo", summary="Put a photo into a stack", responses=_WRITE)
async def add_photo(stack_id: RowId, member: Member, owner_id: SignedIn, session: WriteSession) -> StackDone:
    stack = await service.get(session, owner_id, stack_id)
    await service.add(session, owner_id, stack, member.photo_hothash)
    return StackDone(message="The photo was put into the stack.", stack=await service.detail(session, stack))


@router.delete("/photo-stacks/{stack_id:int}/photo/{hothash}", summary="Take a photo out of a stack", responses=_WRITE)
async def remove_photo(
    stack_id: RowId, hothash: Annotated[Sha256Hex, Path()], owner_id: SignedIn, session: WriteSession
) -> StackDone:
    stack = await service.get(session, owner_id, stack_id)
    await service.remove(session, owner_id, stack, hothash)
    return StackDone(message="The photo was taken out of the stack.", stack=await service.detail(session, stack))


@router.get(
    "/photos/{ref}/stack",
    summary="The stack that a photo of yours is in, or null",
    responses={**_READ, **answers(PhotoNotFoundError, NotYourPhotoError)},
)
async def stack_of_photo(ref: PathRef, owner_id: SignedIn, session: ReadSession) -> StackDetail | None:
    photo = await look_at_own(session, owner_id, ref)
    if photo.stack_id is None:
        return None
    return await service.detail(session, await service.get(session, owner_id, photo.stack_id))
