"""The tables of originals come and go with a library in them; triggers name the objects of rows that go."""

from sqlalchemy import delete, func, select, text

from metadata_service import migrations
from metadata_service.tables import AbandonedBlob, Photo, Upload, UploadJob, UploadSession
from metadata_service.upload_jobs.stages import QUEUES, Stage
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


async def test_jobs_that_waited_before_there_were_queues_lie_in_the_right_one(
    service: MetadataService, kari: Person
) -> None:
    await fill_uploads(service.database, kari.user["id"], 1, 30)
    stages = [None, "thumbnail", "analysis", "summary"]
    async with service.database.writing() as session:
        jobs = list(await session.scalars(select(UploadJob).where(UploadJob.due_at.is_not(None))))
        for number, job in enumerate(jobs):
            job.stage = stages[number % 4]
    url = service.database.url.render_as_string(hide_password=False)
    await migrations.downgrade(url, "0009")
    await migrations.upgrade(url)
    async with service.database.reading() as session:
        query = select(UploadJob.stage, UploadJob.queue).where(UploadJob.due_at.is_not(None)).distinct()
        found = {Stage(stage or "library"): queue for stage, queue in await session.execute(query)}
    assert found == {stage: QUEUES[stage] for stage in found}
    assert len(found) == 4


async def test_parts_go_with_their_job(service: MetadataService, kari: Person) -> None:
    await fill_uploads(service.database, kari.user["id"], 1, 3)
    async with service.database.writing() as session:
        parent, part, other = list(await session.scalars(select(UploadJob).order_by(UploadJob.id)))
        part.parent_id, part.part = parent.id, 0
        await session.flush()
        await session.execute(delete(UploadJob).where(UploadJob.id == parent.id))
        assert list(await session.scalars(select(UploadJob.id))) == [other.id]


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
