"""What a user may do with their own account."""

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts import repository
from metadata_service.accounts.errors import EmailTakenError, InvalidTokenError, WrongPasswordError
from metadata_service.accounts.passwords import hash_password, verify_password
from metadata_service.accounts.schemas import NewPasswordIn, Profile, ProfileChange, UserOut
from metadata_service.db.engine import Database
from metadata_service.db.turns import take_turn
from metadata_service.tables import Author, ImportSession, Photo, User


async def get(session: AsyncSession, user_id: int) -> User:
    """Find the account, or raise `InvalidTokenError`: its token outlived it."""
    user = await repository.by_id(session, user_id)
    if user is None:
        raise InvalidTokenError("The account of this access token is gone.")
    return user


async def show(session: AsyncSession, user_id: int) -> Profile:
    """Show the account and how much it holds; what is in the trash is not counted."""
    user = await get(session, user_id)
    counts = {
        "photos_count": select(func.count()).where(Photo.owner_id == user_id, Photo.deleted_at.is_(None)),
        "import_sessions_count": select(func.count()).where(ImportSession.owner_id == user_id),
        "authors_count": select(func.count()).where(Author.owner_id == user_id),
    }
    row = (await session.execute(select(*(query.scalar_subquery() for query in counts.values())))).one()
    return Profile(**UserOut.model_validate(user).model_dump(), **dict(zip(counts, row, strict=True)))


async def change(session: AsyncSession, user_id: int, wanted: ProfileChange) -> Profile:
    """Set the fields that were given."""
    user = await get(session, user_id)
    for name, value in wanted.model_dump(exclude_unset=True).items():
        setattr(user, name, value)
    user.email_key = user.email.lower()
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as error:
        raise EmailTakenError from error
    return await show(session, user_id)


async def change_password(database: Database, user_id: int, wanted: NewPasswordIn) -> None:
    """Set a new password, for who knows the current one. Hashing takes a while, so no connection is held meanwhile."""
    async with database.reading() as session:
        user = await get(session, user_id)
    fits, _ = await verify_password(wanted.current_password, user.password_hash)
    if not fits:
        raise WrongPasswordError
    better = await hash_password(wanted.new_password)
    async with database.writing() as session:
        await repository.set_password_hash(session, user_id, better)


async def delete(session: AsyncSession, user_id: int) -> list[str]:
    """Remove the account and all that is its own; give the keys of the blobs that this leaves unused."""
    await take_turn(session, user_id)
    user = await get(session, user_id)
    mine = select(Photo.coldpreview_key).where(Photo.owner_id == user_id, Photo.coldpreview_key.is_not(None))
    keys = [key for key in await session.scalars(mine) if key is not None]
    await session.delete(user)
    await session.flush()
    return keys
