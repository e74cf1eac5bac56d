"""Which stories a viewer reads."""

from sqlalchemy import ColumnElement, and_, false, literal_column, or_

from metadata_service.tables import Story
from metadata_service.visibility.levels import Visibility
from metadata_service.visibility.viewer import Eyes, Viewer


def stories_visible_to(viewer: Viewer, level: Visibility | None = None) -> ColumnElement[bool]:
    """Which stories a viewer reads: their own, and what others published far enough; or those of one level only."""
    if viewer.eyes is not None:
        return _stories_through(viewer.eyes, level)
    least = Visibility.PUBLIC if viewer.user_id is None else Visibility.AUTHENTICATED
    shared = and_(Story.is_published, Story.visibility >= literal_column(str(least.value)))
    seen = shared if viewer.user_id is None else or_(Story.owner_id == viewer.user_id, shared)
    return seen if level is None else and_(seen, Story.visibility == level.value)


def _stories_through(eyes: Eyes, level: Visibility | None) -> ColumnElement[bool]:
    if eyes.of == "link":
        return false()
    least = Visibility.PUBLIC if eyes.of == "anonymous" else Visibility.AUTHENTICATED
    seen = and_(
        Story.owner_id == eyes.owner_id, Story.is_published, Story.visibility >= literal_column(str(least.value))
    )
    return seen if level is None else and_(seen, Story.visibility == level.value)
