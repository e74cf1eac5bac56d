"""The tables of originals come and go with a library in them; triggers name the objects of rows that go."""

from sqlalchemy import delete, func, select, text

from metadata_service import migrations
from metadata_service.tables import AbandonedBlob, Photo, Upload, UploadJob, UploadSession
from tests.support.metadata import MetadataService, Person
from tests.support.uploads import fill_uploads


async def test_down_and_up_again_with_uploads_in_it(service: MetadataService, kari: Person) -> None:
    await kari.keep(1)
    await fill_uploads(service.database, kari.user["id"], 2, 30)
    url = service.database.url.render_as_string(hide_password=False)
    await migrations.downgrade(url, "0007")
    async with service.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Photo)) == 1
    await migrations.upgrade(url)
    await fill_uploads(service.database, kari.user["id"], 1, 10)
    async with service.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Upload)) == 10


async def test_a_row_that_goes_by_whatever_way_names_its_objects(service: MetadataService, kari: Person) -> None:
    await fill_uploads(service.database, kari.user["id"], 1, 12)
    async with service.database.writing() as session:
        keys = set(await session.scalars(select(Upload.original_key)))
        await session.execute(delete(UploadSession))  # a foreign key takes the uploads along, and these their jobs
    async with service.database.reading() as session:
        named = set(await session.scalars(select(AbandonedBlob.key)))
        assert keys < named
        assert len(named) == 24
        for table in (Upload, UploadJob):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
    async with service.database.writing() as session:  # nobody's test leaves anything behind
        await session.execute(text("DELETE FROM abandoned_blobs"))
