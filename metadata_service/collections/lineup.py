"""Items of a collection in order: what a new order of those that are shown makes of all."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple


class Slot(NamedTuple):
    """An item and its place. It is not shown while its photo lies in the trash."""

    id: int
    position: int
    photo_id: int | None
    hothash: str | None
    caption: str | None
    visible: bool
    is_shown: bool


def moved(ids: Sequence[int], start: int, count: int, to: int) -> list[int]:
    """Take `count` neighbours out, and put them where the first of them is at `to`."""
    taken = ids[start : start + count]
    rest = [*ids[:start], *ids[start + count :]]
    return [*rest[:to], *taken, *rest[to:]]


def with_photos_in_order(shown: Sequence[Slot], photo_ids: Sequence[int]) -> tuple[list[int], int]:
    """Let photos take each other's places as listed, the unlisted last; cards keep theirs. Also count the listed."""
    unlisted = {slot.photo_id: slot.id for slot in shown if slot.photo_id is not None}
    listed = [unlisted.pop(photo_id) for photo_id in dict.fromkeys(photo_ids) if photo_id in unlisted]
    photos = iter([*listed, *unlisted.values()])
    return [slot.id if slot.photo_id is None else next(photos) for slot in shown], len(listed)


def with_hidden(ids: Sequence[int], before: Sequence[Slot]) -> list[int]:
    """Add what is not shown: it stays behind the item that it was behind, or behind the nearest that is left."""
    left = set(ids)
    behind: defaultdict[int | None, list[int]] = defaultdict(list)
    anchor = None
    for slot in before:
        if slot.id in left:
            anchor = slot.id
        elif not slot.is_shown:
            behind[anchor].append(slot.id)
    return [*behind[None], *(each for item_id in ids for each in (item_id, *behind[item_id]))]
