"""Looks at a request for where it comes from."""

from typing import Annotated, Final

from fastapi import Depends, Request

from metadata_service.accounts.client import Asker, Client
from metadata_service.accounts.viewer import Caller

_MOST: Final = 255


async def client_of(request: Request) -> Client:
    """Look at a request; uvicorn has put a trusted proxy's word in place of the proxy's own address."""
    agent = "".join(c for c in request.headers.get("user-agent", "") if c.isprintable())[:_MOST]
    return Client((request.client.host if request.client else "unknown")[:45], agent or None)


AskedFrom = Annotated[Client, Depends(client_of)]


async def asker_of(who: Caller, client: AskedFrom) -> Asker:
    """Name who asks to change their account."""
    return Asker(who.user_id, who.session_id, client)


Asking = Annotated[Asker, Depends(asker_of)]
