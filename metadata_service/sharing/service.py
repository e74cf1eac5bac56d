"""Keeps links, opens them, and shows by them what their owner chose."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts.digests import derived, digest, new_secret
from metadata_service.accounts.passwords import hash_password, verify_password
from metadata_service.db.engine import Database
from metadata_service.db.types import utc_now
from metadata_service.photos.companions import told_rows
from metadata_service.photos.errors import PhotoNotFoundError
from metadata_service.sharing import repository
from metadata_service.sharing.errors import LinkNotFoundError, LinkNotOpenedError, WrongLinkPasswordError
from metadata_service.sharing.schemas import LinkChange, LinkOut, NewLink, NewLinkOut
from metadata_service.tables import ShareLink
from service_kit.errors import InvalidRequestError
from shared_schemas.problem import FieldError

OPEN_FOR: Final = timedelta(hours=12)


async def get(session: AsyncSession, owner_id: int, link_id: int) -> ShareLink:
    """Find a link of the owner or raise `LinkNotFoundError`."""
    link = await repository.find(session, owner_id, link_id)
    if link is None:
        raise LinkNotFoundError
    return link


def present(link: ShareLink) -> dict[str, Any]:
    """Show a link to its owner, as fields of `LinkOut`."""
    names = LinkOut.model_fields.keys() - {"has_password"}
    return {name: getattr(link, name) for name in names} | {"has_password": link.password_hash is not None}


async def create(session: AsyncSession, owner_id: int, new: NewLink) -> NewLinkOut:
    """Make a link; a collection, or a set of photos of which none is the owner's, is refused."""
    ids = await repository.own_photos(session, owner_id, new.photo_ids or [], new.hothashes or [])
    if new.kind == "photos" and not ids:
        raise _refused("photo_ids", "must name at least one of your photos.")
    if new.collection_id and not await repository.has_collection(session, owner_id, new.collection_id):
        raise _refused("collection_id", "must be one of your collections.")
    token = new_secret()
    link = ShareLink(
        owner_id=owner_id,
        title=new.title,
        kind=new.kind,
        collection_id=new.collection_id,
        criteria=new.criteria.model_dump(mode="json", exclude_none=True) if new.criteria else None,
        token_hash=digest(token),
        password_hash=await hash_password(new.password) if new.password else None,
        expires_at=utc_now() + timedelta(days=new.days),
        max_views=new.max_views,
    )
    session.add(link)
    await session.flush()
    if ids:
        await repository.choose(session, link.id, ids)
    asked = len(set(new.photo_ids or [])) + len(set(new.hothashes or []))
    path = f"/api/v1/shared/{token}"
    return NewLinkOut(**present(link), token=token, path=path, skipped=max(0, asked - len(ids)))


def _refused(field: str, reason: str) -> InvalidRequestError:
    return InvalidRequestError(f"{field}: {reason}", errors=[FieldError(loc=["body", field], msg=reason)])


async def change(session: AsyncSession, owner_id: int, link_id: int, wanted: LinkChange) -> LinkOut:
    """Set the fields that were given."""
    link = await get(session, owner_id, link_id)
    given = wanted.model_dump(exclude_unset=True)
    if (days := given.pop("days", None)) is not None:
        link.expires_at = utc_now() + timedelta(days=days)
    if "password" in given:
        password = given.pop("password")
        link.password_hash = await hash_password(password) if password else None
    for name, value in given.items():
        setattr(link, name, value)
    await session.flush()
    return LinkOut(**present(link))


async def revoke(session: AsyncSession, owner_id: int, link_id: int) -> LinkOut:
    """Close a link for good, at once."""
    link = await get(session, owner_id, link_id)
    link.revoked_at = link.revoked_at or utc_now()
    await session.flush()
    return LinkOut(**present(link))


async def of_token(session: AsyncSession, token: str) -> ShareLink:
    """Find the link that a visitor has, or raise `LinkNotFoundError`."""
    link = await repository.alive(session, digest(token), utc_now())
    if link is None:
        raise LinkNotFoundError
    return link


async def open_link(database: Database, secret: str, token: str, password: str | None) -> tuple[ShareLink, str]:
    """Open a link: count the view, and give what shows for a while that this visitor opened it.

    The password is checked between two transactions: it takes its time.
    """
    async with database.reading() as session:
        link = await of_token(session, token)
    if link.password_hash is not None:
        fits, _ = await verify_password(password or "", link.password_hash)
        if not fits:
            raise WrongLinkPasswordError
    async with database.writing() as session:
        if not await repository.count_view(session, link.id, utc_now()):
            raise LinkNotFoundError
    return link, _access(secret, link, int((utc_now() + OPEN_FOR).timestamp()))


def _access(secret: str, link: ShareLink, until: int) -> str:
    """Bound to the link and its password: another one closes what the one before opened."""
    return f"{until}.{derived(secret, 'link', str(link.id), str(until), link.password_hash or '')}"


async def opened(session: AsyncSession, secret: str, token: str, access: str | None) -> ShareLink:
    """Find the link of a visitor who opened it, or raise `LinkNotOpenedError`."""
    link = await of_token(session, token)
    until = (access or "").partition(".")[0]
    is_known = until.isascii() and until.isdigit() and len(until) < 16
    if not is_known or not hmac.compare_digest(_access(secret, link, int(until)), access or ""):
        raise LinkNotOpenedError
    if datetime.fromtimestamp(int(until), UTC) < utc_now():
        raise LinkNotOpenedError("What opening the link gave is too old. Open it again.")
    return link


async def page(
    session: AsyncSession, link: ShareLink, *, limit: int, cursor: str | None, path: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Show a page of a link's photos, with addresses below `path`; for the owner, the usual ones."""
    found, more = await repository.photos(session, link, limit=limit, cursor=cursor)
    shown = await told_rows(session, found, repository.visitor(link))
    return [_addressed(photo, path) for photo in shown], more


async def photo(session: AsyncSession, link: ShareLink, photo_id: int, path: str) -> dict[str, Any]:
    """Show one of them, or raise `PhotoNotFoundError`."""
    shown = await told_rows(session, [await row(session, link, photo_id)], repository.visitor(link))
    return _addressed(shown[0], path)


async def row(session: AsyncSession, link: ShareLink, photo_id: int) -> Any:
    """The presenter's columns of a photo that the link shows, or raise `PhotoNotFoundError`."""
    found = await repository.one(session, link, photo_id)
    if found is None:
        raise PhotoNotFoundError
    return found


def _addressed(photo: dict[str, Any], path: str | None) -> dict[str, Any]:
    """Let pictures be fetched where the visitor may."""
    if path is None:
        return photo
    for name in ("hotpreview", "coldpreview"):
        there = photo[f"{name}_url"] is not None
        photo[f"{name}_url"] = f"{path}/photos/{photo['id']}/{name}" if there else None
    photo["coldpreview_path"] = photo["coldpreview_url"]
    return photo
