"""The one place where positions on the map are blurred.

Where photos of others were taken is told to about ten kilometres (SHARED_DEPTH): their clusters are made of cells of
that depth and never of finer ones, and no position of a single photo of theirs leaves the database.
"""

from metadata_service.map.grid import Window, counted_depth
from metadata_service.tables import SHARED_DEPTH


def blurred(window: Window) -> tuple[Window, int]:
    """The cells to show photos of others in, and the depth of the counts to make them of."""
    coarsest = SHARED_DEPTH - 1
    if window.depth <= coarsest:
        return window, counted_depth(window.depth)
    return window.coarser(coarsest), SHARED_DEPTH
