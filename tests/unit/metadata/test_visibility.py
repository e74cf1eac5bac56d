"""Who sees what: every level, every kind of viewer, every way to look."""

import pytest

from metadata_service.photos.filters import Arm
from metadata_service.photos.listing import page_query
from metadata_service.photos.order import Order
from metadata_service.visibility import ANYONE, Viewer, arms, visible_to
from tests.support.eggs import jpeg
from tests.support.metadata import MetadataService, Person

_SEEN_BY = {
    "private": {"owner"},
    "space": {"owner"},  # and members of its spaces: test_spaces.py
    "authenticated": {"owner", "stranger"},
    "public": {"owner", "stranger", "anyone"},
}


@pytest.mark.parametrize("level", _SEEN_BY)
async def test_each_level_shows_a_photo_to_exactly_those_it_names(
    level: str, kari: Person, ola: Person, anyone: Person
) -> None:
    photo = await kari.keep(1, visibility=level, coldpreview=jpeg(2, size=(600, 400)))
    for name, viewer in {"owner": kari, "stranger": ola, "anyone": anyone}.items():
        sees = name in _SEEN_BY[level]
        for ref in (photo["id"], photo["hothash"]):
            for path in (f"photos/{ref}", f"photos/{ref}/hotpreview", f"photos/{ref}/coldpreview"):
                assert (await viewer.get(path)).status_code == (200 if sees else 404), (name, path)
        assert await viewer.ids() == ([photo["id"]] if sees else []), name


async def test_making_a_photo_public_and_private_again_shows_at_once(kari: Person, anyone: Person) -> None:
    photo = await kari.keep(1)
    assert await anyone.ids() == []
    await kari.patch(f"photos/{photo['id']}", json={"visibility": "public"})
    assert await anyone.ids() == [photo["id"]]
    await kari.patch(f"photos/{photo['id']}", json={"visibility": "private"})
    assert await anyone.ids() == []


async def test_a_hothash_names_the_viewers_own_photo_before_a_shared_one(
    kari: Person, ola: Person, anyone: Person
) -> None:
    theirs = await kari.keep(1, visibility="public")
    mine = await ola.keep(1)
    assert (await ola.get(f"photos/{mine['hothash']}")).json()["id"] == mine["id"]
    assert (await anyone.get(f"photos/{mine['hothash']}")).json()["id"] == theirs["id"]


@pytest.mark.parametrize("viewer", [ANYONE, Viewer(7)], ids=["anyone", "user"])
async def test_each_arm_of_the_predicate_is_served_by_its_own_index(service: MetadataService, viewer: Viewer) -> None:
    """The plans that keep a list of a million photos below a millisecond (docs/visibility.md)."""
    on_sqlite = service.database.is_sqlite
    query = page_query([Arm(arm) for arm in arms(viewer)], Order(), is_after=False, is_sqlite=on_sqlite)
    async with service.database.reader.connect() as connection:
        if not service.database.is_sqlite:
            # An empty table is scanned whatever its indexes; the question is which of them could serve.
            for better_when_small in ("seqscan", "bitmapscan", "sort"):
                await connection.exec_driver_sql(f"SET enable_{better_when_small} = off")
        query = query.params(page_limit=50, page_end=50, page_offset=0)
        sql = str(query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
        explain = "EXPLAIN QUERY PLAN " if service.database.is_sqlite else "EXPLAIN "
        plan = "\n".join(str(row) for row in await connection.exec_driver_sql(explain + sql))
        if not service.database.is_sqlite:
            await connection.exec_driver_sql("RESET ALL")
    expected = {"ix_photos_public"} if viewer is ANYONE else {"ix_photos_own_unshared", "ix_photos_shared"}
    for index in expected:
        assert index in plan, plan


def test_the_predicate_reads_as_documented() -> None:
    def sql(viewer: Viewer) -> str:
        return str(visible_to(viewer).compile(compile_kwargs={"literal_binds": True}))

    live = "photos.deleted_at IS NULL"
    assert sql(ANYONE) == f"photos.visibility = 3 AND {live}"
    mine = f"photos.owner_id = 7 AND photos.visibility < 2 AND {live}"
    in_spaces = f"photos.visibility = 1 AND {live} AND photos.owner_id != 7 AND (EXISTS"
    assert sql(Viewer(7)).startswith(f"{mine} OR photos.visibility >= 2 AND {live} OR {in_spaces}")
