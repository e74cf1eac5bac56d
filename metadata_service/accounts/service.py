"""Registration and login."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts import repository
from metadata_service.accounts.errors import EmailTakenError, UsernameTakenError, WrongCredentialsError
from metadata_service.accounts.passwords import hash_password, verify_password
from metadata_service.accounts.schemas import Login, Registration
from metadata_service.db.engine import Database
from metadata_service.tables import User


async def register(session: AsyncSession, wanted: Registration) -> User:
    """Create an account; raise when its username or e-mail address is taken."""
    user = User(
        username=wanted.username,
        username_key=wanted.username.lower(),
        email=wanted.email,
        email_key=wanted.email.lower(),
        display_name=wanted.display_name,
        password_hash=await hash_password(wanted.password),
    )
    session.add(user)
    try:
        await session.flush()
    except IntegrityError as error:
        # The constraint decides, because two registrations may race; its name says which one it was.
        taken = UsernameTakenError if "username_key" in str(error.orig) else EmailTakenError
        raise taken from error
    return user


async def login(database: Database, given: Login) -> User:
    """Find the account that the credentials fit; every failure costs the same time and says the same.

    Hashing takes a while, so no connection is held meanwhile.
    """
    async with database.reading() as session:
        user = await repository.by_name(session, given.name)
    fits, better = await verify_password(given.password, user.password_hash if user else None)
    if user is None or not fits or not user.is_active:
        raise WrongCredentialsError
    if better is not None:
        async with database.writing() as session:
            await repository.set_password_hash(session, user.id, better)
    return user
