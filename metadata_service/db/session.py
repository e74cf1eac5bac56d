"""The sessions of a request: a route names `ReadSession` or `WriteSession` and gets one.

Dependencies that wait for nothing are `async` all the same: FastAPI sends a plain function to a thread and back.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.engine import Database


async def database(request: Request) -> Database:
    """Find the application's database."""
    found: Database = request.app.state.database
    return found


async def _reading(database: Annotated[Database, Depends(database)]) -> AsyncIterator[AsyncSession]:
    async with database.reading() as session:
        yield session


async def _writing(database: Annotated[Database, Depends(database)]) -> AsyncIterator[AsyncSession]:
    async with database.writing() as session:
        yield session


# Function scope: the transaction ends before the answer leaves. With the default scope it would end after,
# and a commit that fails would already have been answered 200.
ReadSession = Annotated[AsyncSession, Depends(_reading, scope="function")]
WriteSession = Annotated[AsyncSession, Depends(_writing, scope="function")]
