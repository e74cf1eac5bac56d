"""Keeps an owner's stacks. A photo is in one stack at most, because its own row says in which."""

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.photos.ref import PhotoRef
from metadata_service.photos.service import get_own
from metadata_service.stacks import repository
from metadata_service.stacks.errors import NotInStackError, StackNotFoundError
from metadata_service.stacks.schemas import NewStack, StackChange, StackDetail, StackOut
from metadata_service.tables import PhotoStack


async def get(session: AsyncSession, owner_id: int, stack_id: int) -> PhotoStack:
    """Find a stack of the owner or raise `StackNotFoundError`."""
    stack = await repository.find(session, owner_id, stack_id)
    if stack is None:
        raise StackNotFoundError
    return stack


def present(stack: PhotoStack, count: int, cover: str | None) -> StackOut:
    """Show a stack in a list; `cover` is the hothash of its cover."""
    return StackOut(
        id=stack.id,
        stack_type=stack.stack_type,
        title=stack.title,
        cover_photo_hothash=cover,
        photo_count=count,
        created_at=stack.created_at,
        updated_at=stack.updated_at,
    )


async def detail(session: AsyncSession, stack: PhotoStack) -> StackDetail:
    """Show a stack with its photos."""
    members = await repository.members(session, stack.id)
    shown = present(stack, len(members), dict(iter(members)).get(stack.cover_photo_id or 0))
    return StackDetail(**shown.model_dump(), photo_hothashes=[hothash for _, hothash in members])


async def create(session: AsyncSession, owner_id: int, new: NewStack) -> StackDetail:
    """Make a stack and put its photos in; one that the owner does not have is `PhotoNotFoundError`."""
    stack = PhotoStack(owner_id=owner_id, stack_type=new.stack_type, title=new.title)
    session.add(stack)
    await session.flush()
    wanted = dict.fromkeys([*new.photo_hothashes, *([new.cover_photo_hothash] if new.cover_photo_hothash else [])])
    for hothash in wanted:
        await add(session, owner_id, stack, hothash)
    await _cover(session, stack, new.cover_photo_hothash)
    return await detail(session, stack)


async def change(session: AsyncSession, owner_id: int, stack_id: int, wanted: StackChange) -> StackDetail:
    """Set the fields that were given."""
    stack = await get(session, owner_id, stack_id)
    given = wanted.model_dump(exclude_unset=True)
    if "cover_photo_hothash" in given:
        await _cover(session, stack, given.pop("cover_photo_hothash"))
    for name, value in given.items():
        setattr(stack, name, value)
    await session.flush()
    return await detail(session, stack)


async def delete(session: AsyncSession, owner_id: int, stack_id: int) -> None:
    """Dissolve a stack; its photos stay."""
    stack = await get(session, owner_id, stack_id)
    await repository.leave_photos(session, stack_id)
    await session.delete(stack)
    await session.flush()


async def add(session: AsyncSession, owner_id: int, stack: PhotoStack, hothash: str) -> None:
    """Put a photo of the owner's in; it leaves the stack that it is in."""
    photo = await get_own(session, owner_id, PhotoRef(hothash=hothash))
    photo.stack_id = stack.id
    await session.flush()


async def remove(session: AsyncSession, owner_id: int, stack: PhotoStack, hothash: str) -> None:
    """Take a photo out; the cover goes with it."""
    photo = await get_own(session, owner_id, PhotoRef(hothash=hothash))
    if photo.stack_id != stack.id:
        raise NotInStackError
    photo.stack_id = None
    if stack.cover_photo_id == photo.id:
        stack.cover_photo_id = None
    await session.flush()


async def _cover(session: AsyncSession, stack: PhotoStack, hothash: str | None) -> None:
    members = {name: photo_id for photo_id, name in await repository.members(session, stack.id)}
    if hothash is not None and hothash not in members:
        raise NotInStackError("Put the photo into the stack before it becomes its cover.")
    stack.cover_photo_id = members[hothash] if hothash else None
    await session.flush()
