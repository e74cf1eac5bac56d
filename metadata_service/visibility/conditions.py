"""The predicate itself: what a viewer sees, as disjoint arms and as one condition."""

from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, exists, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from metadata_service.tables import CollectionItem, Photo, PhotoSpace, ShareLink, ShareLinkPhoto, SpaceMember
from metadata_service.visibility.levels import AT_LEVEL, IS_IN_A_SPACE, LIVE, PUBLIC, SHARED, UNSHARED, Visibility
from metadata_service.visibility.viewer import Eyes, Look, Viewer


def arms(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Split what `viewer` sees into disjoint conditions, each served newest first by one index of `photos`.

    A list takes its page from each arm and merges them: an OR over all photos costs a thousand times more.
    """
    return look_arms(Look(viewer))


def look_arms(look: Look, *, faceted: bool = False, in_order: bool = True) -> tuple[ColumnElement[bool], ...]:
    """The same for part of what a viewer sees.

    What spaces show is one of the arms, and served by no index of `photos`: a list takes it from `photo_spaces`
    (`fast_arms`, `by_spaces`). The indexes that serve a filter are split at shared or not, and not by level: `faceted`
    names that split too. Where few photos are chosen by other means, walking an index in the order of the list would
    be the long way: without `in_order` the owner is a sum, for which there is no index.
    """
    found = fast_arms(look, faceted=faceted, in_order=in_order)
    return (*found, _space_arm(look.viewer)) if sees_by_spaces(look) else found


def fast_arms(look: Look, *, faceted: bool = False, in_order: bool = True) -> tuple[ColumnElement[bool], ...]:
    """The arms that an index of `photos` serves: all but what spaces show."""
    viewer, level = look.viewer, look.level
    if viewer.eyes is not None:
        return _through(viewer.eyes, look)
    if viewer.user_id is None:
        if look.mine or level not in {None, Visibility.PUBLIC}:
            return ()
        return (and_(SHARED, PUBLIC),) if faceted else (PUBLIC,)
    mine = (Photo.owner_id if in_order else Photo.owner_id + 0) == id_of(viewer)
    if level is not None:
        one = AT_LEVEL[level] if not faceted else and_(_group(level), AT_LEVEL[level])
        return (one if _group(level) is SHARED and not look.mine else and_(mine, one),)
    if not look.mine:
        return (and_(mine, UNSHARED), SHARED)
    return (and_(mine, UNSHARED), and_(mine, SHARED)) if faceted else (and_(mine, LIVE),)


def sees_by_spaces(look: Look) -> bool:
    """Whether what spaces show belongs to a look."""
    return look.viewer.user_id is not None and not look.mine and look.level in {None, Visibility.SPACE}


def _space_arm(viewer: Viewer) -> ColumnElement[bool]:
    """What spaces show of others' photos, asked of each photo by itself."""
    return and_(AT_LEVEL[Visibility.SPACE], Photo.owner_id != id_of(viewer), _in_spaces_of(id_of(viewer)))


def by_spaces(viewer: Viewer) -> ColumnElement[bool]:
    """The same asked of `photo_spaces` joined to `photos`, where each photo counts once, and not bound to one space.

    To be joined to `belongs`, which says which spaces.
    """
    other, member = aliased(PhotoSpace), aliased(SpaceMember)
    first = select(func.min(other.space_id)).join(member, member.space_id == other.space_id)
    first = first.where(other.photo_id == PhotoSpace.photo_id, member.user_id == id_of(viewer))
    is_first = or_(literal_column("photo_spaces.is_only"), PhotoSpace.space_id == first.scalar_subquery())
    return and_(IS_IN_A_SPACE, AT_LEVEL[Visibility.SPACE], PhotoSpace.owner_id != id_of(viewer), is_first)


def belongs(viewer: Viewer) -> ColumnElement[bool]:
    """Whether a row of `space_members` is the viewer's."""
    return SpaceMember.user_id == id_of(viewer)


def in_space(viewer: Viewer, space_id: int) -> ColumnElement[bool]:
    """Which rows of `photo_spaces` are of a space that the viewer belongs to; what of it they see is asked besides."""
    member = exists().where(SpaceMember.space_id == space_id, SpaceMember.user_id == (viewer.user_id or 0))
    return and_(PhotoSpace.space_id == space_id, member.correlate(None))


# Named, so that the photo is always that of the statement around: a statement without one fails, and shows nothing.
_HELD: Final = (PhotoSpace, SpaceMember)


def _in_spaces_of(user_id: Any) -> ColumnElement[bool]:
    member = SpaceMember.space_id == PhotoSpace.space_id
    return (
        exists().where(PhotoSpace.photo_id == Photo.id, member, SpaceMember.user_id == user_id).correlate_except(*_HELD)
    )


def _through(eyes: Eyes, look: Look) -> tuple[ColumnElement[bool], ...]:
    """What one owner shows to somebody. Their own are not the eyes' own: those have none."""
    if look.mine:
        return ()
    level = () if look.level is None else (AT_LEVEL[look.level],)
    return (and_(Photo.owner_id == eyes.owner_id, LIVE, _shown_to(eyes), *level),)


def _shown_to(eyes: Eyes) -> ColumnElement[bool]:
    if eyes.of == "anonymous":
        return PUBLIC
    if eyes.of == "link":
        return linked(eyes.key)
    return or_(SHARED, shown_by_spaces(eyes))


def shown_by_spaces(eyes: Eyes) -> ColumnElement[bool]:
    one = exists().where(PhotoSpace.photo_id == Photo.id, PhotoSpace.space_id == eyes.key).correlate_except(*_HELD)
    return and_(AT_LEVEL[Visibility.SPACE], one if eyes.of == "space" else _in_spaces_of(eyes.key))


def linked(link_id: int) -> ColumnElement[bool]:
    """What a link to a set of photos or to an album names, of whatever level: its owner chose them one by one."""
    chosen = exists().where(ShareLinkPhoto.link_id == link_id, ShareLinkPhoto.photo_id == Photo.id)
    album = exists().where(
        *(ShareLink.id == link_id, ShareLink.collection_id == CollectionItem.collection_id),
        *(CollectionItem.photo_id == Photo.id, CollectionItem.visible),
    )
    return or_(chosen.correlate_except(ShareLinkPhoto), album.correlate_except(ShareLink, CollectionItem))


def id_of(viewer: Viewer) -> ColumnElement[int]:
    """The viewer as a parameter of that name, so that a prepared statement can be asked as somebody else."""
    return bindparam("viewer_id", viewer.user_id, BigInteger)


def _group(level: Visibility) -> ColumnElement[bool]:
    return SHARED if level >= Visibility.AUTHENTICATED else UNSHARED


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """What a viewer sees as one condition, to ask about single photos."""
    return or_(*arms(viewer))


def own(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """What belongs to `viewer`, as arms; nothing for anyone."""
    return look_arms(Look(viewer, mine=True))


def trash(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """What `viewer` threw away, as arms."""
    return () if viewer.user_id is None else (and_(Photo.owner_id == viewer.user_id, Photo.deleted_at.is_not(None)),)


def pictured_to(viewer: Viewer) -> ColumnElement[bool]:
    """Whose small picture `viewer` is shown: what they see, and what lies in their own trash."""
    return or_(visible_to(viewer), *trash(viewer))
