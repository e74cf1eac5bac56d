"""`GET /users/me/export`: all that is yours, as one archive."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import StreamingResponse

from metadata_service.accounts.errors import InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.engine import Database
from metadata_service.db.session import database
from metadata_service.db.types import utc_now
from metadata_service.exports.archive import stream
from metadata_service.exports.contents import Contents
from metadata_service.exports.errors import ExportsBusyError
from metadata_service.exports.sidecars import clean_name
from metadata_service.storage.access import Blobs
from service_kit.problems import answers

router = APIRouter(prefix="/users/me/export", tags=["accounts"])

MOST_AT_ONCE: Final = 2
"""Archives that are sent at the same time; each reads as fast as its receiver takes."""

_ZIP: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        "description": "A ZIP archive in the layout of docs/export.md; its manifest comes last.",
    },
    **answers(NotSignedInError, InvalidTokenError, ExportsBusyError),
}


class Sending:
    """How many archives are being sent."""

    def __init__(self) -> None:
        """None yet."""
        self.now = 0

    async def counted(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same pieces, counted while they are sent."""
        self.now += 1
        try:
            async for piece in pieces:
                yield piece
        finally:
            self.now -= 1


async def _sending(request: Request) -> Sending:
    if not hasattr(request.app.state, "sending"):
        request.app.state.sending = Sending()
    found: Sending = request.app.state.sending
    return found


@router.get("", summary="Take your library along: a ZIP archive", response_class=StreamingResponse, responses=_ZIP)
async def export(
    owner_id: SignedIn,
    database: Annotated[Database, Depends(database)],
    blobs: Blobs,
    sending: Annotated[Sending, Depends(_sending)],
) -> StreamingResponse:
    if sending.now >= MOST_AT_ONCE:
        raise ExportsBusyError("Others are taking an export now; try again in a minute.", headers={"Retry-After": "60"})
    contents = Contents(database.reading, blobs, owner_id, lambda _: False)
    user = await contents.user()
    name = clean_name(user["username"]).encode("ascii", "replace").decode().replace("?", "_")
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="imalink-{name}-{utc_now():%Y-%m-%d}.zip"',
    }
    return StreamingResponse(sending.counted(stream(contents, user)), media_type="application/zip", headers=headers)
