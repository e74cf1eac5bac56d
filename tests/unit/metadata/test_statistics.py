"""A user's own numbers: right, of nobody else, and read from indexes alone."""

from sqlalchemy import text

from tests.support.eggs import jpeg
from tests.support.metadata import MetadataService, Person


async def test_all_of_ones_own_photos_are_counted_and_nobody_elses(kari: Person, ola: Person) -> None:
    await kari.keep(1, rating=4, visibility="public", coldpreview=jpeg(9, size=(600, 400)))
    await kari.keep(2, metadata={"camera_model": "EOS R6", "lens_model": "RF50mm"}, image_format="CR3")
    await kari.keep(3, metadata={"taken_at": "1999-12-31T23:59:59", "camera_make": None, "camera_model": None})
    await kari.keep(4, metadata={"taken_at": None, "gps_latitude": None, "gps_longitude": None})
    gone = await kari.keep(5)
    await kari.delete(f"photos/{gone['id']}")
    await ola.keep(6, visibility="public")
    told = (await kari.get("statistics")).json()
    assert (told["photos"], told["undated"], told["located"], told["in_trash"]) == (4, 1, 3, 1)
    assert (told["first_taken"], told["last_taken"]) == ("1999-12-31T00:00:00", "2024-04-03T00:00:00")
    assert told["by_year"] == [{"year": 1999, "photos": 1}, {"year": 2024, "photos": 2}]
    assert told["by_visibility"] == {"private": 3, "space": 0, "authenticated": 0, "public": 1}
    assert [(camera["camera_model"], camera["photos"]) for camera in told["by_camera"]] == [
        ("EOS R5", 2),
        (None, 1),
        ("EOS R6", 1),
    ]
    assert told["by_lens"] == [{"name": None, "photos": 3}, {"name": "RF50mm", "photos": 1}]
    assert [count["photos"] for count in told["by_rating"]] == [3, 0, 0, 0, 1, 0]
    assert told["by_format"] == [{"name": "JPEG", "photos": 3}, {"name": "CR3", "photos": 1}]
    assert told["storage"]["originals_bytes"] == 4 * 2_485_760
    assert told["storage"]["coldpreviews"] == 1
    assert 1000 < told["storage"]["coldpreviews_bytes"] < 100_000


async def test_a_correction_moves_a_photo_to_its_year(kari: Person) -> None:
    photo = await kari.keep(1)
    await kari.patch(f"photos/{photo['id']}/timeloc-correction", json={"taken_at": "1985-07-01T00:00:00"})
    assert (await kari.get("statistics")).json()["by_year"] == [{"year": 1985, "photos": 1}]


async def test_who_has_nothing_is_told_so_and_nobody_is_told_nothing(kari: Person, anyone: Person) -> None:
    told = (await kari.get("statistics")).json()
    assert (told["photos"], told["first_taken"], told["by_year"], told["by_camera"]) == (0, None, [], [])
    assert (await kari.get("database-stats")).json()["coldstorage"]["total_files"] == 0
    for path in ("statistics", "database-stats"):
        assert (await anyone.get(path)).status_code == 401


async def test_existing_clients_find_their_shape_with_their_own_numbers(kari: Person, ola: Person) -> None:
    await kari.keep(1, tags=["sea", "sun"], coldpreview=jpeg(9, size=(600, 400)))
    await ola.keep(2, tags=["snow"])
    told = (await kari.get("database-stats")).json()
    assert told["tables"]["photos"] == {"name": "photos", "record_count": 1, "size_bytes": 0, "size_mb": 0}
    assert told["tables"]["tags"]["record_count"] == 2
    assert (told["coldstorage"]["total_files"], told["coldstorage"]["path"]) == (1, "")
    assert (told["database_file"], told["database_size_bytes"]) == ("", 0)


async def test_no_photos_row_is_read_to_count(service: MetadataService, kari: Person, statements: list[str]) -> None:
    await kari.keep(1)
    statements.clear()
    await kari.get("statistics")
    counting = next(statement for statement in statements if "camera_make" in statement)
    assert len(statements) <= 5
    if service.database.is_sqlite:
        async with service.database.reading() as session:
            plan = await session.execute(text(f"EXPLAIN QUERY PLAN {counting.replace('?', '1')}"))
            steps = [row[-1] for row in plan]
        assert steps == ["SEARCH photos USING COVERING INDEX ix_photos_statistics (owner_id=?)"]
