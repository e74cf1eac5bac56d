"""Cuts a picture into tiles and puts together what was seen in them."""

from collections import Counter
from collections.abc import Iterable, Sequence

from metadata_service.analysis.port import Box, Detection

Tile = tuple[int, int, int, int]
"""Left, top, width, height, in pixels."""


def tiles_of(width: int, height: int, side: int, overlap: int) -> list[Tile]:
    """Cover a picture with squares that overlap; a small picture is one tile."""
    return [
        (left, top, min(side, width), min(side, height))
        for top in _starts(height, side, overlap)
        for left in _starts(width, side, overlap)
    ]


def _starts(length: int, side: int, overlap: int) -> list[int]:
    if length <= side:
        return [0]
    step = max(side - overlap, 1)
    return [*range(0, length - side, step), length - side]


def merged(detections: Iterable[Detection], overlap: float) -> list[Detection]:
    """Of boxes of one kind that overlap keep the surest (non-maximum suppression), the surest first."""
    kept: list[Detection] = []
    for found in sorted(detections, key=lambda one: (-one.confidence, one.label, one.box)):
        rivals = (one for one in kept if one.label == found.label)
        if all(_shared(one.box, found.box) < overlap for one in rivals):
            kept.append(found)
    return kept


def _shared(one: Box, other: Box) -> float:
    """How much of the smaller box both share: a thing cut by the edge of a tile lies wholly in the whole one."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    smaller = min(_area(one), _area(other))
    return width * height / smaller if smaller else 0.0


def _area(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def counted(detections: Sequence[Detection]) -> dict[str, int]:
    """How many of each kind."""
    return dict(Counter(found.label for found in detections))


def mean_confidence(detections: Sequence[Detection]) -> float | None:
    """How sure the model was on the whole."""
    return round(sum(found.confidence for found in detections) / len(detections), 4) if detections else None
