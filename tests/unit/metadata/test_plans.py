"""Every way to look uses the index that was made for it, and asks no more often than it must, on both databases."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event, insert

from metadata_service.tables import PhotoTag, Tag
from tests.support.library import fill, photos
from tests.support.metadata import MetadataService, Person

Ask = Callable[[], Awaitable[Any]]


@pytest.fixture
async def tag(service: MetadataService, kari: Person) -> int:
    """A library in which one tag is borne by some photos."""
    async with service.database.writing() as session:
        ids = await fill(session, list(photos(kari.user["id"], 120)))
        new = await session.scalars(
            insert(Tag).values(owner_id=kari.user["id"], name="x", name_key="x").returning(Tag.id)
        )
        number = new.one()
        links = [{"tag_id": number, "photo_id": photo_id, "sort_ts": photo_id} for photo_id in ids[::10]]
        await session.execute(insert(PhotoTag), links)
    return number


async def _plans(service: MetadataService, ask: Ask) -> tuple[int, str]:
    """How many statements a request sends, and how the database would run them."""
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        said.append((statement, parameters))

    engine = service.database.reader.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    answer = await ask()
    event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200, answer.text
    plan: list[str] = []
    async with service.database.reader.connect() as connection:
        if not service.database.is_sqlite:
            # A small table is read whole whatever its indexes; the question is which of them could serve.
            for better_here in ("seqscan", "sort", "bitmapscan"):
                await connection.exec_driver_sql(f"SET enable_{better_here} = off")
        for statement, parameters in said:
            explain = "EXPLAIN QUERY PLAN " if service.database.is_sqlite else "EXPLAIN "
            plan += [str(row) for row in await connection.exec_driver_sql(explain + statement, tuple(parameters))]
        if not service.database.is_sqlite:
            await connection.exec_driver_sql("RESET ALL")
    return len(said), "\n".join(plan)


_MINE = ("ix_photos_own_{}", "ix_photos_shared_{}")
_LISTS: dict[str, tuple[str, tuple[str, ...], int]] = {
    "": ("owner", ("ix_photos_own_unshared", "ix_photos_shared"), 1),
    "owner=me": ("owner", ("ix_photos_own",), 1),
    "sort_by=rating": ("owner", tuple(name.format("rating") for name in _MINE), 1),
    "sort_by=created": ("owner", tuple(name.format("arrival") for name in _MINE), 1),
    "rating_min=5": ("owner", tuple(name.format("rating") for name in _MINE), 2),
    "camera_make=Kodak": ("owner", tuple(name.format("camera_make") for name in _MINE), 2),
    "camera_model=DC210": ("owner", tuple(name.format("camera_model") for name in _MINE), 2),
    "lens_model=x": ("owner", tuple(name.format("lens_model") for name in _MINE), 2),
    "format=cr3": ("owner", tuple(name.format("image_format") for name in _MINE), 2),
    "visibility=space": ("owner", ("ix_photos_space",), 1),
    "visibility=authenticated": ("owner", ("ix_photos_authenticated",), 1),
    "visibility=public": ("owner", ("ix_photos_public",), 1),
    "tag_ids={tag}": ("owner", ("ix_photo_tags_newest",), 2),
    "bbox=0,0,1,1": ("owner", ("ix_photos_place",), 2),
    "bbox=170,0,-170,1": ("owner", ("ix_photos_place",), 2),
    "offset=0": ("owner", ("ix_photos_own_unshared", "ix_photos_shared"), 2),
    "&": ("other", ("ix_photos_own_unshared", "ix_photos_shared"), 1),
    "&&": ("anyone", ("ix_photos_public",), 1),
}


@pytest.mark.parametrize("query", _LISTS)
async def test_a_list_is_served_by_its_index(
    service: MetadataService, kari: Person, ola: Person, anyone: Person, *, tag: int, query: str
) -> None:
    who, indexes, most = _LISTS[query]
    person = {"owner": kari, "other": ola, "anyone": anyone}[who]
    await person.get("photos")  # from now on the account is known
    asked = query.format(tag=tag)
    statements, plan = await _plans(service, lambda: person.get(f"photos?{asked}&limit=20"))
    # A filter first asks whether anybody hides a time: that would be another order.
    # One more: of the viewer's own photos for author, files and tags, of others' for what their owners tell of them.
    assert statements <= most + 1
    for index in indexes:
        assert re.search(rf"\b{index}\b", plan), plan


async def test_what_stands_beside_photos_is_found_by_their_ids(
    service: MetadataService, kari: Person, tag: int
) -> None:
    await kari.get("photos")
    _, plan = await _plans(service, lambda: kari.get("photos?owner=me"))
    assert tag
    for index in ("ix_image_files_photo_id", "ix_photo_tags_photo_id"):
        assert index in plan, plan


@pytest.mark.parametrize(("query", "index"), [("undated=true", "undated"), ("has_gps=true", "located")])
async def test_what_only_an_owner_can_ask_has_an_index_of_the_few(
    service: MetadataService, kari: Person, tag: int, query: str, index: str
) -> None:
    _, plan = await _plans(service, lambda: kari.get(f"photos?{query}&owner=me&limit=20"))
    assert tag
    assert f"ix_photos_{index}" in plan, plan


@pytest.mark.parametrize("granularity", ["year", "month", "day"])
async def test_a_timeline_counts_days_and_seeks_pictures(
    service: MetadataService, kari: Person, tag: int, granularity: str
) -> None:
    await kari.get("photos")
    statements, plan = await _plans(service, lambda: kari.get(f"timeline?granularity={granularity}"))
    assert tag
    assert statements <= 4, "however many periods there are; one asks whether anybody hides a time"
    wanted = ("ix_photos_own_unshared", "ix_photos_shared", "ix_photos_own_rating", "ix_photos_shared_rating")
    for index in wanted:
        assert index in plan, plan
    assert "SCAN photos" not in plan
    assert "Seq Scan on photos " not in plan


async def test_segments_and_previews_cost_few_statements_each(
    service: MetadataService, kari: Person, statements: list[str], tag: int
) -> None:
    layout = (await kari.get("timeline/segments")).json()["data"]
    ids = ",".join(str(photo_id) for photo_id in await kari.ids(limit=50))
    assert tag
    path = f"timeline/segments/{layout['first'][0]}/{layout['end'][0]}"
    for address, most in (
        (path, 2),  # one asks whether anybody hides a time
        ("timeline/segments", 2),
        (f"photos/hotpreviews?ids={ids}", 1),
        ("photos/trash", 3),
    ):
        statements.clear()
        assert (await kari.get(address)).status_code == 200
        assert len(statements) <= most, (address, statements)


async def test_a_query_that_is_asked_often_stays_as_fast(service: MetadataService, kari: Person, tag: int) -> None:
    """PostgreSQL would replace a plan made for its parameters by a general one after five times."""
    if service.database.is_sqlite:
        return
    async with service.database.reader.connect() as connection:
        assert (await connection.exec_driver_sql("SHOW plan_cache_mode")).scalar() == "force_custom_plan"
    for _ in range(12):
        assert (await kari.get(f"photos?tag_ids={tag}")).status_code == 200


_NEAR_AND_ALIKE: dict[str, tuple[tuple[str, ...], int]] = {
    "photos/map/clusters?bbox=0,0,20,20&zoom=5": (("ix_photo_cells_shared", "ix_photo_disclosures_place"), 3),
    "photos/{photo}/similar": (("photo_bands", "photo_bands USING PRIMARY KEY (owner_id=? AND band=?)"), 4),
    "duplicates/groups": (("photo_pairs", "ix_photo_pairs_other_id"), 6),
    "image-files/one-copy": (("ix_photos_own", "ix_image_files_photo_id"), 2),
    "photo-stacks/suggestions": (("ix_photos_own",), 5),
}


@pytest.mark.parametrize("path", _NEAR_AND_ALIKE)
async def test_what_is_near_or_alike_is_found_by_its_index(
    service: MetadataService, kari: Person, tag: int, path: str
) -> None:
    assert tag
    indexes, most = _NEAR_AND_ALIKE[path]
    egg = await kari.keep(1, perceptual_hash="f0e1d2c3b4a59687")
    statements, plan = await _plans(service, lambda: kari.get(path.format(photo=egg["id"])))
    assert statements <= most
    for index in indexes if service.database.is_sqlite else indexes[:1]:  # PostgreSQL knows how small tables are
        assert index in plan, plan
    assert not re.search(r"SCAN (photos|photo_cells|photo_bands|photo_pairs|image_files)\b", plan), plan
    assert not re.search(r"Seq Scan on (photos|photo_cells|photo_bands|photo_pairs|image_files)\b", plan), plan
