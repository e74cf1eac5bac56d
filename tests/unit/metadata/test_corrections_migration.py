"""Back before corrections were known, photos say again what their cameras say: nobody could undo them there."""

from datetime import UTC, datetime

from sqlalchemy import bindparam, text

from metadata_service import migrations
from metadata_service.db.engine import Database
from metadata_service.db.types import UtcDateTime
from metadata_service.settings import Settings
from metadata_service.tables import DAY_MS
from tests.support.metadata import running_metadata

_OLD = "SELECT id, taken_at, taken_at_offset, gps_latitude, gps_altitude, sort_ts FROM photos ORDER BY id"
_CREATE = text("UPDATE photos SET created_at = :at, sort_ts = :ms WHERE id = 2").bindparams(
    bindparam("at", type_=UtcDateTime())
)


async def test_a_library_with_corrections_goes_back_to_what_its_cameras_said_and_forward_again(
    settings: Settings, database_url: str
) -> None:
    async with running_metadata(settings) as service:
        kari = await service.user("kari")
        await kari.keep(1, metadata={"taken_at": "2024-04-02T14:55:20.420000", "gps_altitude": 12.5})
        await kari.keep(2, metadata={"taken_at": None})
        await kari.keep(3)
        database = Database(database_url, busy_seconds=5)
        async with database.writing() as session:  # a millisecond is cut, not rounded: .0196 is 19 of them
            created = {"at": datetime(2026, 11, 20, 10, 10, 10, 19_600, UTC)}
            await session.execute(_CREATE, {**created, "ms": 1795169410019})
        async with database.reading() as session:
            said = [tuple(row) for row in await session.execute(text(_OLD))]
        body = {"taken_at": "1985-07-01T00:00:00", "gps_latitude": 1, "gps_longitude": 2}
        for photo_id in (1, 2):
            answer = await kari.patch(f"photos/{photo_id}/timeloc-correction", json=body)
            assert answer.status_code == 200, answer.text
        async with database.reading() as session:
            assert [tuple(row) for row in await session.execute(text(_OLD))] != said
        await database.close()
    await migrations.downgrade(database_url, "0005")
    database = Database(database_url, busy_seconds=5)
    async with database.reading() as session:
        assert [tuple(row) for row in await session.execute(text(_OLD))] == said
        days = {row.day: row.private for row in await session.execute(text("SELECT day, private FROM photo_days"))}
    assert sum(days.values()) == 3
    assert all(day < 0 or day * DAY_MS <= said[0][-1] + 2 * DAY_MS for day in days), "no day of a correction is left"
    await database.close()
    await migrations.upgrade(database_url)
    async with running_metadata(settings) as service:
        ola = await service.user("ola")
        assert (await ola.get("photos")).status_code == 200
