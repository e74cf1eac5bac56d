"""Who polls and who looks at the gallery asks little, by the index made for it, at ten thousand jobs too."""

from typing import Any

import pytest
from sqlalchemy import event, select, text, update

from metadata_service.db.types import utc_now
from metadata_service.tables import Photo, Upload
from tests.support.library import fill, photos
from tests.support.metadata import MetadataService, Person
from tests.support.uploads import fill_uploads


async def _asked(service: MetadataService, person: Person, path: str, **params: Any) -> tuple[Any, int, str]:
    """The answer, how many statements it took, and how the database runs them."""
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        said.append((statement, parameters))

    engine = service.database.reader.sync_engine
    await person.get(path, params=params)  # what is remembered for a few seconds is, from here on
    event.listen(engine, "before_cursor_execute", note)
    answer = await person.get(path, params=params)
    event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200, answer.text
    plan: list[str] = []
    async with service.database.reader.connect() as connection:
        if not service.database.is_sqlite:
            for better_here in ("seqscan", "bitmapscan"):
                await connection.exec_driver_sql(f"SET enable_{better_here} = off")
        explain = "EXPLAIN QUERY PLAN " if service.database.is_sqlite else "EXPLAIN "
        for statement, parameters in said:
            plan += [str(row) for row in await connection.exec_driver_sql(explain + statement, tuple(parameters))]
        if not service.database.is_sqlite:
            await connection.exec_driver_sql("RESET ALL")
    return answer.json(), len(said), "\n".join(plan)


@pytest.mark.parametrize("params", [{}, {"since": "2020-01-01T00:00:00Z"}])
async def test_polling_asks_little_at_ten_thousand_jobs(
    service: MetadataService, kari: Person, params: dict[str, str]
) -> None:
    await fill_uploads(service.database, kari.user["id"], 20, 1_000)
    (session_id,) = await fill_uploads(service.database, kari.user["id"], 1, 10_000)
    asked = {"upload_session_id": str(session_id), **params}
    told, statements, plan = await _asked(service, kari, "photos/jobs/status", **asked)
    assert (told["summary"]["total_jobs"], len(told["jobs"])) == (10_000, 100)
    assert told["summary"]["overall_progress_percent"] == pytest.approx(66.7, abs=0.1)
    assert statements == 1, "counted and listed at one moment"
    # One session's jobs are nearly all of them here, so PostgreSQL may walk over the index of all ids as well.
    assert "ix_upload_jobs_session" in plan or "pk_upload_jobs" in plan
    counting = (
        "COVERING INDEX ix_upload_jobs_counts" if service.database.is_sqlite else "Index Only Scan using ix_upload"
    )
    assert counting in plan, "without a look at the jobs themselves"
    assert "Seq Scan" not in plan
    assert "SCAN upload_jobs'" not in plan, "a walk over an index says which one"
    assert "SCAN uploads" not in plan


async def test_a_session_without_jobs_is_told_of_and_anothers_is_not(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    (empty,) = await fill_uploads(service.database, kari.user["id"], 1, 0)
    asked = {"upload_session_id": str(empty)}
    told = (await kari.get("photos/jobs/status", params=asked)).json()
    assert (told["jobs"], told["summary"]["total_jobs"], told["next_cursor"]) == ([], 0, None)
    assert told["summary"]["overall_progress_percent"] == 100
    answer = await ola.get("photos/jobs/status", params=asked)
    assert (answer.status_code, answer.json()["type"]) == (404, "upload-session-not-found")


async def _make_photos(service: MetadataService, person: Person, in_trash: int) -> None:
    """Give each upload a photo, and throw away those of the last ones."""
    async with service.database.writing() as session:
        uploads = list(await session.scalars(select(Upload).order_by(Upload.id)))
        ids = await fill(session, list(photos(person.user["id"], len(uploads))))
        for upload, photo_id in zip(uploads, ids, strict=True):
            upload.photo_id = photo_id
        await session.flush()
        await session.execute(update(Photo).where(Photo.id.in_(ids[-in_trash:])).values(deleted_at=utc_now()))
        await session.execute(text("ANALYZE"))


@pytest.mark.parametrize(
    ("params", "index"),
    [
        ({"page": 3}, "ix_uploads_owner"),
        ({"status": "failed"}, "ix_uploads_owner_status"),
        ({"cursor": "ffffffff-ffff-7fff-bfff-ffffffffffff"}, "ix_uploads_owner"),
    ],
)
async def test_the_gallery_walks_an_index(
    service: MetadataService, kari: Person, params: dict[str, Any], index: str
) -> None:
    await fill_uploads(service.database, kari.user["id"], 3, 500)
    await _make_photos(service, kari, in_trash=20)
    shown, statements, plan = await _asked(service, kari, "photos/gallery", **params)
    assert len(shown["photos"]) == (10 if params.get("status") else 50)
    if "page" in params:
        assert shown["pagination"]["total_items"] == 480
    assert statements <= 4
    # One person's uploads are all of them here, so the index of all ids serves as well.
    assert index in plan or "pk_uploads" in plan
    assert "SCAN uploads" not in plan
