"""`/shared/{token}`: what whoever has a link is shown, without an account; no shared cache may keep it."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from metadata_service.accounts.asked_from import AskedFrom
from metadata_service.accounts.client import Client
from metadata_service.accounts.digests import digest
from metadata_service.answers import JsonResponse, KnownTags
from metadata_service.db.engine import Database
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, database
from metadata_service.paging import MAX_LIMIT, InvalidCursorError, Page, PageMeta
from metadata_service.photos.coldpreview import digest_of
from metadata_service.photos.errors import PhotoNotFoundError
from metadata_service.photos.paths import RowId
from metadata_service.photos.schemas import PhotoOut
from metadata_service.previews.caching import jpeg_response
from metadata_service.previews.errors import NoColdpreviewError
from metadata_service.rate_limit import Limit, Throttle, TooManyAttemptsError
from metadata_service.sharing import repository, service
from metadata_service.sharing.errors import LinkNotFoundError, LinkNotOpenedError, WrongLinkPasswordError
from metadata_service.sharing.schemas import Opened, SharedOut, Visit
from metadata_service.storage import BlobMissingError
from metadata_service.storage.access import Blobs
from metadata_service.tables import ShareLink
from service_kit.errors import MalformedRequestError
from service_kit.problems import answers

router = APIRouter(prefix="/shared/{token}", tags=["sharing"])

_GUESSES: Final = Limit("shared link", 30, 60)
_PASSWORDS: Final = Limit("shared link password", 10, 600)
_WRONG_PASSWORDS: Final = Limit("wrong passwords of a shared link", 100, 3_600)
_COOKIE: Final = "imalink_link"
_HEADERS: Final = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
_SECONDS: Final = int(service.OPEN_FOR.total_seconds())
_Token = Annotated[str, Path(min_length=1, max_length=128)]
_JPEG: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}, "description": "The JPEG."},
    304: {"description": "The caller has it."},
}
_ASKED = answers(LinkNotFoundError, LinkNotOpenedError, TooManyAttemptsError)


async def _open_link(
    request: Request,
    token: _Token,
    session: ReadSession,
    *,
    throttle: Throttle,
    client: AskedFrom,
    x_link_access: Annotated[str | None, Header(max_length=256, description="`access` of opening the link.")] = None,
) -> ShareLink:
    access = x_link_access or request.cookies.get(_COOKIE)
    try:
        return await service.opened(session, request.app.state.tokens.secret, token, access)
    except LinkNotFoundError:
        await throttle.spend(_GUESSES, client.network)
        raise


OpenLink = Annotated[ShareLink, Depends(_open_link, scope="function")]


@router.get(
    "", summary="What a link is, before it is opened", responses=answers(LinkNotFoundError, TooManyAttemptsError)
)
async def get_shared(
    token: _Token, session: ReadSession, throttle: Throttle, client: AskedFrom, response: Response
) -> SharedOut:
    response.headers.update(_HEADERS)
    link = await _known(session, token, throttle, client)
    has_password = link.password_hash is not None
    return SharedOut.model_validate(
        {"title": link.title, "kind": link.kind, "has_password": has_password, "expires_at": link.expires_at}
    )


async def _known(session: ReadSession, token: str, throttle: Throttle, client: Client) -> ShareLink:
    """Find a link; who asks for links that are not there is counted."""
    try:
        return await service.of_token(session, token)
    except LinkNotFoundError:
        await throttle.spend(_GUESSES, client.network)
        raise


@router.post(
    "/open",
    summary="Open a link: counts as a view, and lets the visitor look for half a day",
    responses=answers(
        LinkNotFoundError,
        WrongLinkPasswordError,
        TooManyAttemptsError,
        MalformedRequestError,
        DatabaseBusyError,
    ),
)
async def open_shared(
    token: _Token,
    visit: Visit,
    request: Request,
    response: Response,
    *,
    kept: Annotated[Database, Depends(database)],
    throttle: Throttle,
    client: AskedFrom,
) -> Opened:
    response.headers.update(_HEADERS)
    # Before the password is looked at: after too many wrong ones the right one opens nothing either.
    # Wrong ones are counted of all networks together besides: somebody may have thousands of them.
    guesser = (digest(token), client.network)
    await throttle.check(_WRONG_PASSWORDS, digest(token))
    await throttle.spend(_PASSWORDS, *guesser)
    try:
        link, access = await service.open_link(kept, request.app.state.tokens.secret, token, visit.password)
    except LinkNotFoundError:
        await throttle.spend(_GUESSES, client.network)
        raise
    except WrongLinkPasswordError:
        await throttle.spend(_WRONG_PASSWORDS, digest(token))
        raise
    await throttle.forgive(_PASSWORDS, *guesser)
    response.set_cookie(
        *(_COOKIE, access, _SECONDS),
        path=f"/api/v1/shared/{token}",
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.environment == "production" or request.url.scheme == "https",
    )
    return Opened.model_validate({"title": link.title, "kind": link.kind, "access": access, "expires_in": _SECONDS})


@router.get(
    "/photos",
    summary="The photos of an open link",
    response_class=JsonResponse,
    responses={200: {"model": Page[PhotoOut], "description": "One page."}, **_ASKED, **answers(InvalidCursorError)},
)
async def list_photos(
    token: _Token,
    link: OpenLink,
    session: ReadSession,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    shown, more = await service.page(session, link, limit=limit, cursor=cursor, path=_path(token))
    meta = PageMeta(limit=limit, next_cursor=more).model_dump()
    return JsonResponse({"data": shown, "meta": meta}, headers=_HEADERS)


@router.get(
    "/photos/{photo_id}",
    summary="One photo of an open link",
    response_class=JsonResponse,
    responses={200: {"model": PhotoOut, "description": "The photo."}, **_ASKED, **answers(PhotoNotFoundError)},
)
async def get_photo(token: _Token, photo_id: RowId, link: OpenLink, session: ReadSession) -> Response:
    return JsonResponse(await service.photo(session, link, photo_id, _path(token)), headers=_HEADERS)


@router.get(
    "/photos/{photo_id}/hotpreview",
    summary="Its small preview",
    response_class=Response,
    responses={**_JPEG, **_ASKED, **answers(PhotoNotFoundError)},
)
async def get_hotpreview(photo_id: RowId, link: OpenLink, session: ReadSession, known: KnownTags) -> Response:
    row = await service.row(session, link, photo_id)
    jpeg = None if row.hothash in known else await repository.hotpreview(session, photo_id)
    return _private(jpeg, row.hothash)


@router.get(
    "/photos/{photo_id}/coldpreview",
    summary="Its large preview, if it has one",
    response_class=Response,
    responses={**_JPEG, **_ASKED, **answers(PhotoNotFoundError, NoColdpreviewError)},
)
async def get_coldpreview(
    photo_id: RowId, link: OpenLink, session: ReadSession, blobs: Blobs, known: KnownTags
) -> Response:
    row = await service.row(session, link, photo_id)
    if row.coldpreview_key is None:
        raise NoColdpreviewError
    tag = digest_of(row.coldpreview_key)
    try:
        return _private(None if tag in known else await blobs.get(row.coldpreview_key), tag)
    except BlobMissingError as error:
        raise NoColdpreviewError("The coldpreview was replaced or removed a moment ago.") from error


def _private(jpeg: bytes | None, tag: str) -> Response:
    """Not immutable: a link can be closed, and its visitor's browser shall ask each time."""
    answer = jpeg_response(jpeg, tag, is_public=False, immutable=False)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _path(token: str) -> str:
    return f"/api/v1/shared/{token}"
