"""Derived data stays true, whoever changes photos and however; and what is not true is found and made again."""

import asyncio
import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from metadata_service.db.engine import Database
from metadata_service.db.types import utc_now
from metadata_service.derived import search
from metadata_service.doctor import examine
from metadata_service.photos.sort_key import sort_ts
from metadata_service.tables import UNDATED, Photo, PhotoDay, PhotoTag, SharedDay, Tag, User
from tests.support.library import fill, photos
from tests.support.metadata import MetadataService, Person


async def _change(session: Any, chance: random.Random, owners: list[int], step: int) -> None:
    """One of all the ways in which rows of `photos` come, change and go."""
    ids = list(await session.scalars(select(Photo.id).order_by(Photo.id)))
    some = Photo.id.in_(chance.sample(ids, min(len(ids), chance.choice([1, 3, 20]))))
    moment = datetime(1969, 12, 30, 23, 59, 59) + timedelta(hours=chance.randrange(100))  # noqa: DTZ001  # wall clock
    taken_at = chance.choice([None, moment])
    match chance.choice(["insert", "insert", "delete", "move", "share", "trash", "restore", "rate"]):
        case "insert":
            rows = photos(chance.choice(owners), chance.choice([1, 40]), seed=step)
            await search.index(session, await fill(session, list(rows)))
        case "delete":
            await session.execute(delete(Photo).where(some))
        case "move":
            values = {"taken_at": taken_at, "sort_ts": sort_ts(taken_at, utc_now())}
            await session.execute(update(Photo).where(some).values(values))
        case "share":
            await session.execute(update(Photo).where(some).values(visibility=chance.randrange(4)))
        case "trash":
            await session.execute(update(Photo).where(some).values(deleted_at=utc_now()))
        case "restore":
            await session.execute(update(Photo).where(some).values(deleted_at=None))
        case "rate":
            await session.execute(update(Photo).where(some).values(rating=chance.randrange(6)))


async def _counted(database: Database) -> tuple[Counter[Any], Counter[Any]]:
    """Count in Python what the database should have."""
    async with database.reading() as session:
        live = list(await session.scalars(select(Photo).where(Photo.deleted_at.is_(None))))
    epoch = datetime(1970, 1, 1).date()  # noqa: DTZ001  # wall clock
    days = {photo.id: UNDATED if photo.taken_at is None else (photo.taken_at.date() - epoch).days for photo in live}
    return (
        Counter((photo.owner_id, days[photo.id], photo.visibility) for photo in live),
        Counter((days[photo.id], photo.visibility) for photo in live if photo.visibility >= 2),
    )


async def _kept(database: Database) -> tuple[dict[Any, int], dict[Any, int]]:
    levels = ("private", "space", "authenticated", "public")
    async with database.reading() as session:
        own = {
            (row.owner_id, row.day, level): getattr(row, name)
            for row in await session.scalars(select(PhotoDay))
            for level, name in enumerate(levels)
        }
        shared = {
            (row.day, level): getattr(row, levels[level])
            for row in await session.scalars(select(SharedDay))
            for level in (2, 3)
        }
    assert all(any(own[owner, day, level] for level in range(4)) for owner, day, _ in own), "empty days go"
    return {key: count for key, count in own.items() if count}, {key: count for key, count in shared.items() if count}


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_days_are_counted_right_after_every_kind_of_change(
    service: MetadataService, kari: Person, ola: Person, seed: int
) -> None:
    chance = random.Random(seed)
    owners = [kari.user["id"], ola.user["id"]]
    for step in range(40):
        async with service.database.writing() as session:
            for part in range(chance.choice([1, 1, 3])):
                await _change(session, chance, owners, seed * 10_000 + step * 10 + part)
        own, shared = await _counted(service.database)
        assert await _kept(service.database) == (own, shared), step
    async with service.database.writing() as session:
        await session.execute(delete(User).where(User.id == owners[0]))
    own, shared = await _counted(service.database)
    assert {owner for owner, _, _ in own} <= {owners[1]}
    assert await _kept(service.database) == (own, shared), "a user's photos go with the user"


async def test_what_is_undone_was_never_counted(service: MetadataService, kari: Person) -> None:
    async def fail() -> None:
        async with service.database.writing() as session:
            await fill(session, list(photos(kari.user["id"], 30)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await _kept(service.database) == ({}, {})


async def test_many_writers_of_shared_days_neither_fail_nor_miscount(
    service: MetadataService, kari: Person, ola: Person
) -> None:
    async def write(person: Person, seed: int) -> None:
        async with service.database.writing() as session:
            await fill(session, list(photos(person.user["id"], 60, seed=seed, sharing="everybody")))

    await asyncio.gather(*(write(person, seed) for seed in range(1, 7) for person in (kari, ola)))
    assert sum((await _kept(service.database))[1].values()) == 720
    assert await examine(service.database, repair=False) != [], "the words were not written down"
    assert not [said for said in await examine(service.database, repair=False) if "days" in said]


async def test_a_tag_keeps_the_place_of_its_photo_in_time(service: MetadataService, kari: Person) -> None:
    async with service.database.writing() as session:
        (photo_id,) = await fill(session, list(photos(kari.user["id"], 1)))
        tag = Tag(owner_id=kari.user["id"], name="x", name_key="x")
        session.add(tag)
        await session.flush()
        await session.execute(insert(PhotoTag).values(tag_id=tag.id, photo_id=photo_id, sort_ts=1))
        await session.execute(update(Photo).where(Photo.id == photo_id).values(sort_ts=777))
        assert await session.scalar(select(PhotoTag.sort_ts)) == 777


async def test_the_doctor_finds_what_is_wrong_and_mends_it(service: MetadataService, kari: Person) -> None:
    ids = [(await kari.keep(seed, visibility="public", title="Fjord"))["id"] for seed in range(1, 6)]
    assert await examine(service.database, repair=False) == []
    async with service.database.writing() as session:
        await session.execute(update(PhotoDay).values(public=PhotoDay.public + 1))
        await session.execute(
            delete(SharedDay).where(SharedDay.day == select(SharedDay.day).limit(1).scalar_subquery())
        )
        key = search.dialect_of(session).key
        await session.execute(text(f"DELETE FROM photo_search WHERE {key} = {ids[0]}"))
        await session.execute(update(Photo).where(Photo.id == ids[1]).values(title="Fjell"))
    found = " ".join(await examine(service.database, repair=False))
    assert all(name in found for name in ("photo_days has", "photo_days lacks", "shared_days lacks"))
    assert all(f"other words of photo {photo_id} " in found for photo_id in ids[:2])
    assert f"photo {ids[2]} " not in found
    assert (await kari.post("photos/search", json={"query": "fjell"})).json()["data"] == []
    await examine(service.database, repair=True)
    assert await examine(service.database, repair=False) == []
    assert (await kari.post("photos/search", json={"query": "fjell"})).json()["meta"]["total"] == 1


async def test_words_of_photos_that_are_gone_are_gone(service: MetadataService, kari: Person) -> None:
    photo = await kari.keep(1, title="Fjord")
    await kari.delete(f"photos/{photo['id']}?purge=true")
    async with service.database.reading() as session:
        assert await session.scalar(text("SELECT count(*) FROM photo_search")) == 0
