"""Keeps an owner's authors."""

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.authors import repository
from metadata_service.authors.errors import AuthorNotFoundError
from metadata_service.authors.schemas import AuthorChange, AuthorOut, NewAuthor
from metadata_service.tables import Author


async def get(session: AsyncSession, owner_id: int, author_id: int) -> AuthorOut:
    """Show an author of the owner or raise `AuthorNotFoundError`."""
    found = await repository.counted(session, owner_id, author_id)
    if found is None:
        raise AuthorNotFoundError
    return present(*found)


async def create(session: AsyncSession, owner_id: int, new: NewAuthor) -> AuthorOut:
    """Add an author."""
    author = Author(owner_id=owner_id, **new.model_dump())
    session.add(author)
    await session.flush()
    return present(author, 0)


async def change(session: AsyncSession, owner_id: int, author_id: int, wanted: AuthorChange) -> AuthorOut:
    """Set the fields that were given."""
    author = await _own(session, owner_id, author_id)
    for name, value in wanted.model_dump(exclude_unset=True).items():
        setattr(author, name, value)
    await session.flush()
    return await get(session, owner_id, author_id)


async def delete(session: AsyncSession, owner_id: int, author_id: int) -> None:
    """Remove an author; the photos stay, without one."""
    author = await _own(session, owner_id, author_id)
    await repository.leave_photos(session, author_id)
    await session.delete(author)
    await session.flush()


async def _own(session: AsyncSession, owner_id: int, author_id: int) -> Author:
    author = await repository.find(session, owner_id, author_id)
    if author is None:
        raise AuthorNotFoundError
    return author


def present(author: Author, image_count: int) -> AuthorOut:
    """Show an author."""
    return AuthorOut(
        id=author.id,
        name=author.name,
        email=author.email,
        bio=author.bio,
        created_at=author.created_at,
        updated_at=author.updated_at,
        image_count=image_count,
    )
