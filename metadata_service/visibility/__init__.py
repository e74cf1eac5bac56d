"""Who sees what: one SQL predicate made for a viewer, and nothing else.

private < space < authenticated < public. The owner always sees their own; anyone sees what is public; who is signed
in also sees what is shared with the authenticated, and what others put into the spaces that they belong to, where its
level is `space`. What is in the trash is seen by nobody, except by its owner there.

Who belongs to which space is asked inside every statement and remembered nowhere: who leaves sees nothing from then on.
"""

from metadata_service.visibility.cells import besides_cells, counted_in_cells, others_cells, own_cells
from metadata_service.visibility.conditions import (
    arms,
    belongs,
    by_spaces,
    fast_arms,
    id_of,
    in_space,
    linked,
    look_arms,
    own,
    pictured_to,
    sees_by_spaces,
    trash,
    visible_to,
)
from metadata_service.visibility.days import (
    counted_by_level,
    counted_shared,
    day_counts,
    kept_day_counts,
    space_day_counts,
)
from metadata_service.visibility.levels import (
    IS_IN_A_SPACE,
    IS_PRIVATE,
    IS_PUBLIC,
    IS_SHARED,
    IS_SHOWN_BY_SPACES,
    LEVEL,
    Visibility,
    VisibilityName,
    level_of,
)
from metadata_service.visibility.stories import stories_visible_to
from metadata_service.visibility.viewer import ANYONE, Eyes, EyesOf, Look, Viewer

__all__ = [
    "ANYONE",
    "IS_IN_A_SPACE",
    "IS_PRIVATE",
    "IS_PUBLIC",
    "IS_SHARED",
    "IS_SHOWN_BY_SPACES",
    "LEVEL",
    "Eyes",
    "EyesOf",
    "Look",
    "Viewer",
    "Visibility",
    "VisibilityName",
    "arms",
    "belongs",
    "besides_cells",
    "by_spaces",
    "counted_by_level",
    "counted_in_cells",
    "counted_shared",
    "day_counts",
    "fast_arms",
    "id_of",
    "in_space",
    "kept_day_counts",
    "level_of",
    "linked",
    "look_arms",
    "others_cells",
    "own",
    "own_cells",
    "pictured_to",
    "sees_by_spaces",
    "space_day_counts",
    "stories_visible_to",
    "trash",
    "visible_to",
]
