"""What keeps requests fast stays so: trips to the driver's thread, questions about accounts, reading a query string."""

from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from metadata_service.accounts.alive import Alive
from metadata_service.db.engine import Database
from metadata_service.gallery.schemas import Listing
from metadata_service.paging import Page
from metadata_service.photos.schemas import PhotoOut
from metadata_service.tables import Photo, User
from metadata_service.timeline.schemas import Segment, Segments, Timeline
from tests.support.library import fill, photos
from tests.support.metadata import MetadataService, Person


async def _trips(service: MetadataService, work: Any) -> int:
    """How often a session changes to the thread of SQLite's driver while it does `work`."""
    trips = 0
    async with service.database.reading() as session:
        connection: Any = await (await session.connection()).get_raw_connection()
        driver: Any = connection.driver_connection
        execute = driver._execute

        async def counted(*arguments: Any) -> Any:
            nonlocal trips
            trips += 1
            return await execute(*arguments)

        driver._execute = counted
        await work(session)
        driver._execute = execute
    return trips


async def test_a_statement_of_sqlite_changes_threads_once(service: MetadataService, kari: Person) -> None:
    if not service.database.is_sqlite:
        return
    async with service.database.writing() as session:
        await fill(session, list(photos(kari.user["id"], 20)))

    async def work(session: Any) -> None:
        assert len(list(await session.scalars(select(Photo.id)))) == 20
        assert (await session.execute(select(Photo.id, Photo.title).limit(3))).first()
        assert await session.scalar(text("SELECT 1")) == 1

    assert await _trips(service, work) == 3


async def test_the_driver_in_one_step_tells_what_the_driver_tells(service: MetadataService, kari: Person) -> None:
    """Rows that change, numbers that are given, errors by their own names."""
    async with service.database.writing() as session:
        await fill(session, list(photos(kari.user["id"], 5)))
        changed: Any = await session.execute(update(Photo).values(rating=3))
        assert changed.rowcount == 5
        await session.execute(update(Photo).where(Photo.id == -1).values(rating=3))
        returned = await session.execute(update(Photo).values(rating=4).returning(Photo.id))
        assert len(returned.all()) == 5
    with pytest.raises(IntegrityError):
        async with service.database.writing() as session:
            await session.execute(insert(User), [_named("same"), _named("same")])


def _named(name: str) -> dict[str, str]:
    fields = ("username", "username_key", "email", "email_key", "password_hash")
    return dict.fromkeys(fields, name)


async def test_whether_an_account_is_alive_is_asked_once_in_a_while(
    service: MetadataService, kari: Person, statements: list[str]
) -> None:
    await kari.get("photos")
    statements.clear()
    for _ in range(5):
        assert (await kari.get("photos")).status_code == 200
    assert [statement for statement in statements if "FROM users" in statement] == []


async def test_an_account_that_another_process_disables_is_out_within_moments(
    service: MetadataService, kari: Person
) -> None:
    alive = Alive(service.database, seconds=600)
    claims = service.app.state.tokens.read(kari.headers["Authorization"].removeprefix("Bearer "))
    assert await alive.is_signed_in(claims)
    other = Database(service.database.url.render_as_string(hide_password=False), busy_seconds=5)
    async with other.writing() as session:
        await session.execute(update(User).values(is_active=False))
    await other.close()
    assert await alive.is_signed_in(claims), "remembered for a moment"
    alive = Alive(service.database, seconds=0)
    assert not await alive.is_signed_in(claims), "asked again"


async def test_what_is_written_without_validation_is_what_the_document_promises(
    service: MetadataService, kari: Person, anyone: Person
) -> None:
    async with service.database.writing() as session:
        await fill(session, list(photos(kari.user["id"], 60)))
    layout = (await kari.get("timeline/segments")).json()["data"]
    segment = f"timeline/segments/{layout['first'][0]}/{layout['end'][0]}"
    for person in (kari, anyone):
        for path, model in (
            ("photos?limit=100&offset=0", Page[PhotoOut]),
            ("photos?rating_min=1&offset=0&sort_by=rating", Page[PhotoOut]),
            ("timeline", Timeline),
            ("timeline?granularity=hour&year=2010&month=5&day=17", Timeline),
            ("timeline/segments", Segments),
            ("timeline/segments/undated", Segment),
            (segment, Segment),
        ):
            answer = await person.get(path)
            assert answer.status_code == 200, answer.text
            promised = model.model_validate_json(answer.content, strict=False)
            assert promised.model_dump(mode="json", exclude_unset=True) == answer.json(), path


async def test_every_word_that_a_list_understands_is_documented(anyone: Person) -> None:
    document = (await anyone.get("http://testserver/openapi.json")).json()
    named = {parameter["name"] for parameter in document["paths"]["/api/v1/photos"]["get"]["parameters"]}
    assert named >= set(Listing.model_fields)
