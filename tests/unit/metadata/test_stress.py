"""Eight writers at once: nothing refused, nothing lost, nothing doubled, and all that is derived still adds up."""

import asyncio
import random
from typing import Any

from sqlalchemy import func, select, update

from metadata_service.doctor import examine
from metadata_service.tables import ImportSession, Photo
from tests.support.eggs import egg
from tests.support.metadata import MetadataService, Person

_WRITERS, _ROUNDS, _EACH = 8, 4, 12


async def test_eight_writers_lose_and_double_nothing(service: MetadataService, kari: Person, ola: Person) -> None:
    imports = {person: (await person.post("import-sessions", json={})).json()["id"] for person in (kari, ola)}

    async def write(number: int) -> list[int]:
        dice = random.Random(number)
        statuses = []
        for _ in range(_ROUNDS):
            person = dice.choice((kari, ola))
            eggs = [_laid(seed, dice) for seed in dice.sample(range(1, 61), _EACH)]
            body = {"import_session_id": imports[person], "eggs": eggs}
            statuses.append((await person.post("photos/batch", json=body)).status_code)
            await _meddle(person, dice)
        return statuses

    answers = await asyncio.gather(*(write(number) for number in range(_WRITERS)))
    assert {status for statuses in answers for status in statuses} == {200}
    async with service.database.reading() as session:
        doubled = select(Photo.owner_id, Photo.hothash).group_by(Photo.owner_id, Photo.hothash).having(func.count() > 1)
        assert (await session.execute(doubled)).all() == []
    assert await examine(service.database, repair=False) == []


def _laid(seed: int, dice: random.Random) -> dict[str, Any]:
    visibility = dice.choice(("private", "authenticated", "public"))
    return egg(seed, visibility=visibility, tags=dice.sample(["sea", "fog", "ice", "sun"], 2), title=f"no {seed}")


async def _meddle(person: Person, dice: random.Random) -> None:
    """Change, throw away and restore photos while others write."""
    ids = await person.ids(owner="me", limit=20)
    for photo_id in dice.sample(ids, min(3, len(ids))):
        change = dice.choice(({"visibility": "public"}, {"visibility": "private"}, {"title": "other words"}))
        assert (await person.patch(f"photos/{photo_id}", json=change)).status_code in {200, 404}
    if ids and dice.random() < 0.5:
        assert (await person.delete(f"photos/{dice.choice(ids)}")).status_code in {200, 404}


async def test_the_doctor_finds_wrong_counts_and_mends_them(service: MetadataService, kari: Person) -> None:
    started = (await kari.post("import-sessions", json={})).json()["id"]
    await kari.keep(1, import_session_id=started)
    async with service.database.writing() as session:
        await session.execute(update(ImportSession).values(images_imported=7, errors_count=2))
    (said,) = await examine(service.database, repair=False)
    assert "(7, 0, 2)" in said
    assert "(1, 0, 0)" in said
    await examine(service.database, repair=True)
    assert await examine(service.database, repair=False) == []
    assert (await kari.get(f"import-sessions/{started}")).json()["images_imported"] == 1
